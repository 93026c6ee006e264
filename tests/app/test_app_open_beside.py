"""A file that is opened on the Desk stands beside the plans that are there, and takes the place of none."""

from __future__ import annotations

import pytest

from cisim import verbs
from cisim.app.state.actions import act
from cisim.app.state.history import History, start
from cisim.app.state.limits import Limits

COUNTY = verbs.preset("funder-leaves").replace(name="county", title="County").to_toml()


def upload(text: str = COUNTY, **more: object) -> dict:
    return {"do": "upload", "kind": "scenario", "files": [{"name": "county.toml", "text": text}], **more}


@pytest.fixture
def three() -> History:
    history = start(Limits(plans=4))
    for _ in range(2):
        history, _ = act(history, {"do": "plan-add"})
    return history


def test_a_file_becomes_a_new_plan_beside_the_others_and_can_be_taken_back(three):
    history, notices = act(three, upload(beside=True))
    now = history.present
    assert not notices and now.plans[:3] == three.present.plans
    assert now.plans[3].title == "County" and now.shown == 3 and now.openings[3] == now.plans[3]
    assert history.past[-1].text == "File: county.toml"
    assert act(history, {"do": "undo"})[0].present == three.present


def test_where_there_is_no_room_it_is_said_and_nothing_is_changed(three):
    full, _ = act(three, {"do": "plan-add"})
    history, (refused,) = act(full, upload(beside=True))
    assert history.present is full.present and history.past == full.past
    assert "up to 4" in refused["text"] and "Take one away" in refused["text"]


def test_the_same_file_twice_gives_plans_of_two_names(three):
    history, _ = act(act(start(), upload(beside=True))[0], upload(beside=True))
    assert [plan.name for plan in history.present.plans] == ["collective-impact", "county", "county-2"]


@pytest.mark.parametrize("more", [{"beside": 3}, {"beside": True, "files": []}])
def test_what_cannot_be_opened_changes_nothing(three, more):
    history, (refused,) = act(three, {**upload(), **more})
    assert refused["kind"] == "error" and history.present is three.present


def test_on_the_stage_a_file_is_the_plan_that_is_shown(three):
    now = act(three, upload())[0].present
    assert len(now.plans) == 3 and now.plans[2].title == "County"

"""A tab takes every action in, shows the view at once and the picture that belongs to it, and forgets all when left."""

from __future__ import annotations

import gc
import json
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import cisim
from cisim.app.drawing.sheets import Sheet
from cisim.app.drawing.studio import Studio
from cisim.app.shell import Tab
from cisim.app.state.limits import Limits
from cisim.app.state.session import first_session
from tests.app.shown import Shown
from tests.app.small_study import small_study


@pytest.fixture
def opened(studio: Studio) -> Iterator[Callable[..., tuple[Tab, Shown]]]:
    tabs: list[Tab] = []

    def opener(**told: Any) -> tuple[Tab, Shown]:
        shown = Shown()
        tabs.append(Tab(shown, studio=studio, limits=Limits(replicates=200), **told))
        return tabs[-1], shown

    yield opener
    for tab in tabs:
        tab.leave()


def test_a_new_tab_shows_the_first_plan(opened):
    tab, shown = opened()
    shown.settled(0)
    assert tab.first["live"]["title"] == "Collective impact"
    assert shown.now["picture"]["replicates"] == 50
    assert shown.now["picture"]["network"]["ids"]
    assert shown.now["address"] == {"path": "/", "step": False, "move": 1}


def test_a_slider_gives_the_view_at_once_and_then_its_picture(opened):
    tab, shown = opened()
    shown.settled(0)
    before = shown.now["picture"]
    tab.act({"do": "lever", "name": "agenda", "value": 0.4, "final": False, "serial": 1})
    assert shown.now["live"]["serial"] == 1
    assert shown.now["live"]["plans"][0]["values"]["agenda"] == 0.4
    shown.settled(1)
    assert shown.now["picture"]["outcomes"] != before["outcomes"]
    assert "s=" not in shown.now["address"]["path"]  # a drag that goes on leaves the address alone
    tab.act({"do": "lever", "name": "agenda", "value": 0.4, "final": True, "serial": 2})
    shown.settled(2)
    assert shown.now["address"]["path"].startswith("/?s=1.")
    assert shown.now["address"]["step"]


def test_what_is_not_drawn_sends_no_picture_again(opened):
    tab, shown = opened()
    shown.settled(0)
    sent = shown.times["picture"]
    tab.act({"do": "select", "id": "partner-2", "serial": 1})
    assert shown.now["address"]["path"] != "/"
    shown.settled(1)
    assert shown.times["picture"] == sent
    assert json.loads(shown.texts["picture_answered"]) == {"serial": 1, "settled": True}
    assert not shown.now["address"]["step"]


def test_the_picture_is_the_one_of_cisim_run(opened):
    tab, shown = opened()
    tab.act({"do": "lever", "name": "meetings", "value": 1, "serial": 1})
    shown.settled(1)
    tab.act({"do": "save-scenario", "serial": 2})
    file = shown.now["download"]
    scenario = cisim.Scenario.from_toml(file["text"])
    ensemble = cisim.simulate(scenario, 50, 0, measures=["severity"])
    severity = next(one for one in shown.now["picture"]["outcomes"] if one["name"] == "severity")
    assert severity["band"]["median"] == pytest.approx(ensemble.quantiles("severity", [0.5])[0], abs=5e-4)


def test_back_restores_the_session_of_its_address(opened):
    tab, shown = opened()
    tab.act({"do": "lever", "name": "agenda", "value": 0.4, "serial": 1})
    there = shown.now["address"]["path"]
    tab.act({"do": "story", "name": "funder-leaves", "serial": 2})
    tab.went(there)
    assert shown.now["live"]["title"] == "Collective impact"
    assert shown.now["live"]["plans"][0]["values"]["agenda"] == 0.4
    tab.went("/")
    assert shown.now["live"]["plans"][0]["values"]["agenda"] == 1.0
    tab.act({"do": "undo", "serial": 3})
    assert shown.now["live"]["plans"][0]["values"]["agenda"] == 0.4


def test_the_address_comes_with_the_view_and_before_any_picture(opened):
    tab, shown = opened()
    shown.settled(0)
    posted: list[set[str]] = []
    shown.heard = lambda changes: posted.append(set(changes))
    tab.act({"do": "lever", "name": "agenda", "value": 0.4, "serial": 1})
    shown.settled(1)
    assert posted[0] == {"live", "address"}
    assert shown.now["address"]["path"].startswith("/?") and shown.now["address"]["step"]


def test_a_link_opens_the_same_session_in_another_tab(opened):
    tab, shown = opened()
    for serial, month in enumerate(range(6, 120, 6), start=1):
        event = {"kind": "trust-breach", "month": month, "partner": f"partner-{serial}"}
        tab.act({"do": "event-add", "event": event, "serial": serial})
    assert len(tab.history.present.scenario.event) == 19
    path, _, query = shown.now["address"]["path"].partition("?")
    other, _ = opened(path=path, query=query)
    assert other.history.present == tab.history.present
    assert not other.history.past


@pytest.mark.parametrize(
    "query",
    [
        "s=1.abc.00000000",
        "s=" + "x" * 20_000,
        "story=no-such",
        "agenda=nan",
        "seed=-1",
        "%00%ff",
        "=&=&&",
        "s=1.eJw.0",
    ],
)
def test_a_hostile_link_gives_the_first_plan_and_a_sentence(opened, query):
    tab, shown = opened(query=query)
    assert tab.history.present == tab.history.first
    assert tab.first["live"]["notices"]
    shown.settled(0)


@pytest.mark.parametrize(
    "action",
    [
        None, 3, [], {}, {"do": None}, {"do": "lever"}, {"do": "lever", "name": "agenda", "value": float("nan")},
        {"do": "lever", "name": "agenda", "value": 1e308}, {"do": "focus", "name": []}, {"do": "partner", "id": 7},
        {"do": "partner", "id": "partner-1", "month": -1}, {"do": "bench-point", "key": "x", "replicate": 0},
        {"do": "desk", "drivers": True, "plan": 99}, {"do": "dismiss", "index": 9}, {"do": "page", "name": "cellar"},
        {"do": "bench-open", "folder": "../../etc"}, {"do": "select", "id": {"a": 1}},
    ],
)  # fmt: skip
def test_a_hostile_action_changes_nothing_and_raises_nothing(opened, action):
    tab, shown = opened()
    before = tab.history.present.plans
    tab.act(action)
    assert tab.history.present.plans == before
    shown.settled(0)


def test_a_partner_is_told_after_the_picture(opened):
    tab, shown = opened()
    tab.act({"do": "partner", "id": "partner-3", "month": 60, "serial": 1})
    shown.wait(lambda now: now.get("partner"))
    assert shown.now["partner"]["id"] == "partner-3"


def test_plans_are_compared_on_the_desk_and_the_result_can_be_saved(opened):
    tab, shown = opened(path="/desk")
    tab.act({"do": "plan-add", "serial": 1})
    tab.act({"do": "lever", "name": "measurement", "value": 0.0, "serial": 2})
    shown.wait(lambda now: now.get("desk") and now["desk"]["settled"] and now["desk"]["serial"] == 2)
    assert [row["plan"] for row in shown.now["desk"]["differences"]]
    tab.act({"do": "desk", "drivers": True, "plan": 1, "outcome": "severity", "serial": 3})
    shown.wait(lambda now: now["desk"]["drivers_state"]["state"] == "done")
    assert [row["condition"] for row in shown.now["desk"]["drivers"]] == ["measurement"]
    tab.act({"do": "save-result", "serial": 4})
    shown.wait(lambda now: "download" in now)
    assert shown.now["download"]["text"].lstrip().lower().startswith("<!doctype html>")


def test_a_plan_beside_the_shown_one_is_saved(opened):
    tab, shown = opened(path="/desk")
    tab.act({"do": "plan-add", "serial": 1})
    tab.act({"do": "lever", "name": "measurement", "value": 0.0, "serial": 2})
    tab.act({"do": "save-scenario", "plan": 0, "serial": 3})
    shown.wait(lambda now: "download" in now)
    assert "measurement = 1.0" in shown.now["download"]["text"]


def test_the_bench_without_studies_says_how_to_get_them(opened):
    _, shown = opened(path="/bench")
    shown.wait(lambda now: now.get("bench"))
    assert shown.now["bench"]["studies"] == []


def test_a_study_is_opened_and_a_run_of_it_is_shown_on_the_stage(opened, tmp_path):
    folder = small_study(tmp_path)
    tab, shown = opened(path="/bench", studies=str(tmp_path))
    tab.act({"do": "bench-open", "folder": folder, "serial": 1})
    shown.wait(lambda now: now.get("bench") and now["bench"]["settled"] and now["bench"]["serial"] == 1)
    assert shown.now["bench"]["title"] == "Staff and measurement"
    assert shown.now["bench"]["answers"]
    point = shown.now["bench"]["scatter"]["points"][5]
    tab.act({"do": "bench-point", "key": point[3], "replicate": point[4], "serial": 2})
    shown.settled(2)
    assert shown.now["live"]["page"] == "stage"
    assert shown.now["live"]["seed"] == 3
    assert len(shown.now["picture"]["network"]["ids"]) == 9
    severity = next(one for one in shown.now["picture"]["outcomes"] if one["name"] == "severity")
    assert severity["one"][24] == pytest.approx(point[2], abs=5e-4)


def made_ahead(studio: Studio, tab: Tab, lever: str, value: float) -> Sheet:
    """The runs of the plan that is shown, with another value of a lever, once all of them are made."""
    plan = tab.history.present.scenario
    moved = plan.model_copy(update={"levers": {**plan.levers, lever: value}})
    with studio._changed:
        sheet = studio.shelf.sheet(moved, tab.history.present.seed, ahead=True)
    end = time.monotonic() + 60
    while len(sheet.rows) < 50 and time.monotonic() < end:
        time.sleep(0.05)
    assert len(sheet.rows) == 50 and list(sheet.networks) == [0]
    return sheet


def runs_of(sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A list of the runs that are made on a sheet from now on."""
    ran: list[Any] = []
    run = sheet.run

    def counted(*told: Any) -> Any:
        ran.append(told)
        return run(*told)

    monkeypatch.setattr(sheet, "run", counted)
    return ran


def test_what_a_slider_will_do_next_is_made_before_it_is_asked(opened, studio, monkeypatch):
    tab, shown = opened()
    shown.settled(0)
    tab.act({"do": "focus", "name": "agenda"})
    ran = runs_of(made_ahead(studio, tab, "agenda", 0.95), monkeypatch)
    tab.act({"do": "lever", "name": "agenda", "value": 0.95, "serial": 1})
    shown.settled(1)
    assert not ran


def test_what_a_click_would_ask_for_is_made_while_the_pointer_is_there(opened, studio, monkeypatch):
    tab, shown = opened()
    shown.settled(0)
    for value in ("nan", float("nan"), None, [1], 0.35):
        tab.act({"do": "focus", "name": "coordination", "value": value})
    ran = runs_of(made_ahead(studio, tab, "coordination", 0.35), monkeypatch)
    tab.act({"do": "lever", "name": "coordination", "value": 0.35, "serial": 1})
    shown.settled(1)
    assert not ran


def test_a_story_is_told_again_when_the_plan_changes_and_its_history_is_not_kept_for_pictures(opened, studio):
    tab, shown = opened()
    shown.settled(0)
    before = studio.shelf.held[1]
    tab.act({"do": "lever", "name": "agenda", "value": 0.15, "serial": 1})
    shown.settled(1)
    assert studio.shelf.held[1] == before
    tab.act({"do": "partner", "id": "partner-3", "month": 60, "serial": 2})
    shown.wait(lambda now: now.get("partner"))
    told = shown.now["partner"]
    tab.act({"do": "lever", "name": "agenda", "value": 0.9, "serial": 3})
    shown.wait(lambda now: now["partner"] != told)
    assert shown.now["partner"]["id"] == "partner-3"


def test_a_tab_keeps_no_history_of_the_stories_that_it_told():
    plan = first_session().scenario
    narrow = Studio(threads=1, history_bytes=int(1.5 * Sheet(("", 0), plan).history_bytes()))  # room for one
    shown, other = Shown(), threading.Event()
    tab = Tab(shown, studio=narrow)
    try:
        shown.settled(0)
        tab.act({"do": "partner", "id": "partner-3", "month": 60})
        shown.wait(lambda now: now.get("partner"))
        kept = weakref.ref(narrow.shelf.sheet(plan, 0).histories[0])
        narrow.ask("other", plan, lambda answer: other.set(), seed=1, replicates=1, keep=[0])
        assert other.wait(60)
        end = time.monotonic() + 10
        while kept() is not None and time.monotonic() < end:
            gc.collect()
            time.sleep(0.05)
        assert kept() is None
    finally:
        tab.leave()
        narrow.close()


def test_a_tab_that_is_left_while_it_looks_ahead_expects_nothing_any_more(opened, studio, monkeypatch):
    tab, shown = opened()
    shown.settled(0)
    looking, go_on, looked = threading.Event(), threading.Event(), threading.Event()
    expect = studio.expect

    def slow(*told: Any, **more: Any) -> None:
        looking.set()
        assert go_on.wait(30)
        expect(*told, **more)
        looked.set()

    monkeypatch.setattr(studio, "expect", slow)
    tab.act({"do": "focus", "name": "agenda"})
    assert looking.wait(30)
    tab.leave()
    go_on.set()
    assert looked.wait(30)
    end = time.monotonic() + 30
    while tab.name in studio._turns._clients and time.monotonic() < end:
        time.sleep(0.02)
    assert tab.name not in studio._turns._clients


def test_tabs_know_nothing_of_each_other(opened):
    one, _ = opened()
    other, _ = opened()
    one.act({"do": "lever", "name": "agenda", "value": 0.1, "serial": 1})
    assert other.history.present == other.history.first


def test_a_tab_that_is_left_asks_and_shows_nothing_more(opened, studio):
    tab, shown = opened()
    tab.leave()
    seen = dict(shown.times)
    tab.act({"do": "lever", "name": "agenda", "value": 0.1, "serial": 1})
    tab.went("/desk")
    assert shown.times == seen
    assert studio.waiting == 0


def test_every_property_is_text_of_finite_json(opened):
    _, shown = opened()
    shown.settled(0)
    for name, text in shown.texts.items():
        assert isinstance(text, str), name
        json.loads(text, parse_constant=pytest.fail)

"""The network in frames is the history of the run, in bytes; partners stand where they stood, and do not overlap."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest

from cisim import verbs
from cisim.app.drawing.happenings import dissolved_in, happenings
from cisim.app.drawing.layout import layout, room_for
from cisim.app.drawing.network import MOST_FRAMES, contact_bytes, contacts_of, network_of
from cisim.app.pictures import Network
from cisim.engine.ensemble import History, simulate
from cisim.world.scenario import Scenario

MONTHS = 30


def run(scenario, replicate=0, seed=1):
    return simulate(scenario, [replicate], seed, measures=["severity"], keep_history=[replicate]).history(
        replicate
    )


def told(name="collective-impact", **changes) -> Scenario:
    return verbs.preset(name).replace(**{"months": MONTHS} | changes)


@pytest.fixture(scope="module")
def history() -> History:
    return run(told())


@pytest.fixture(scope="module")
def network(history):
    return network_of(history, told())


def read(network, name, width):
    data = np.frombuffer(base64.b64decode(network[name]), np.uint8)
    return data.reshape(len(network["frames"]), width)


# frames
def test_a_network_is_what_the_protocol_says_and_json(network):
    assert set(network) == Network.__required_keys__ | Network.__optional_keys__
    assert json.loads(json.dumps(network, allow_nan=False)) == network


def test_bytes_are_the_history_to_within_half_a_step(network, history):
    frames, n, ties = network["frames"], len(network["ids"]), np.array(network["ties"])
    assert network["ids"] == list(history.ids)
    rows = history.organizations[frames]
    assert np.abs(read(network, "engagement", n) / 255 - rows["engagement"]).max() <= 0.5 / 255 + 1e-12
    place = {
        (int(i), int(j)): at
        for at, (i, j) in enumerate(zip(history.ties["i"][0], history.ties["j"][0], strict=True))
    }
    chosen = [place[i, j] for i, j in ties.tolist()]
    state = history.ties[frames][:, chosen]
    assert (
        np.abs(read(network, "trust", len(ties)) / 255 - state["trust"].mean(axis=2)).max()
        <= 0.5 / 255 + 1e-12
    )
    contact = read(network, "contact", len(ties))
    assert ((contact > 0) == (state["contact"] > 0)).all()
    assert np.allclose(contacts_of(contact), np.minimum(state["contact"], 31), rtol=0.02, atol=0.02)
    assert np.array_equal(read(network, "member", n), rows["present"] + rows["member"])


def test_every_tie_in_contact_is_drawn_strongest_first(network, history):
    contact = history.ties["contact"][network["frames"]]
    assert len(network["ties"]) == int((contact > 0).any(axis=0).sum()) and network["left_out"] == 0
    ends = {
        tuple(pair): at
        for at, pair in enumerate(np.column_stack([history.ties["i"][0], history.ties["j"][0]]).tolist())
    }
    strength = [contact[:, ends[tuple(pair)]].mean() for pair in network["ties"]]
    assert strength == sorted(strength, reverse=True)


def test_too_many_ties_are_left_out_and_counted_but_never_those_of_the_backbone(history):
    whole, few = network_of(history, told()), network_of(history, told(), most_ties=40)
    assert len(few["ties"]) == 40 and few["left_out"] == len(whole["ties"]) - 40
    backbone = len(whole["ids"]) - 1
    of_backbone = [pair for pair in whole["ties"] if backbone in pair]
    assert [pair for pair in few["ties"] if backbone in pair] == of_backbone


def test_contacts_survive_the_scale_of_bytes():
    contact = np.array([0.0, 1e-9, 0.05, 0.58, 1.0, 4.2, 12.0, 31.0, 90.0])
    scaled = contact_bytes(contact)
    assert scaled[0] == 0 and scaled[1] == 1 and scaled[-1] == scaled[-2] == 255
    assert np.abs(contacts_of(scaled)[2:-1] / contact[2:-1] - 1).max() < 0.05
    assert (np.diff(scaled.astype(int)) >= 0).all()


@pytest.mark.parametrize("months", [1, 12, 59, 60, 61, 100, 120, 121, 240])
def test_frames_are_few_evenly_spaced_and_end_with_the_run(months):
    scenario = Scenario(name="small", months=months, roster={"count": 4})
    frames = network_of(run(scenario), scenario)["frames"]
    assert len(frames) <= MOST_FRAMES and frames[0] == 0 and frames[-1] == months
    assert len(set(np.diff(frames)[:-1])) <= 1 and (np.diff(frames) > 0).all()


def test_ten_years_of_25_partners_take_less_than_100_kilobytes():
    scenario = told(months=120)
    assert len(json.dumps(network_of(run(scenario), scenario), separators=(",", ":"))) < 100_000


def test_generated_partners_have_names_that_can_be_read_out(network):
    assert network["names"][:2] == ["Partner 1", "Partner 2"] and network["names"][-1] == "Backbone"
    assert set(network["sectors"]) >= {"government", "nonprofit", "business", "philanthropy", "community"}


# places
def test_places_do_not_move_with_levers_events_or_seeds():
    first = network_of(run(told()), told())
    other = told(levers={}, event=[{"kind": "partner-leaves", "month": 3, "partner": "partner-4"}])
    second = network_of(run(other, seed=9), other)
    assert (first["x"], first["y"], first["ids"]) == (second["x"], second["y"], second["ids"])


@pytest.mark.parametrize("partners", [1, 2, 3, 7, 25, 40, 60, 100])
@pytest.mark.parametrize("sectors", [1, 2, 5, 11])
def test_nobody_overlaps_and_the_backbone_is_in_the_middle(partners, sectors):
    ids = tuple(f"p{number}" for number in range(partners + 1))
    x, y = layout(ids, (*(number % sectors for number in range(partners)), sectors))
    assert (x[-1], y[-1]) == (0.0, 0.0) and max(map(abs, x + y)) <= 1
    size = np.random.default_rng(partners).uniform(0.6, 1.9, partners + 1)
    unit = room_for(x, y, size.tolist())
    places = np.column_stack([x, y])
    for a in range(partners + 1):
        for b in range(a):
            assert np.hypot(*(places[a] - places[b])) >= unit * (size[a] + size[b])
    assert unit >= 0.028  # 10 pixels across for a typical partner, in a network 360 pixels wide


def test_partners_of_a_sector_stand_together():
    scenario = told("statewide-coalition")
    network = network_of(run(scenario), scenario)
    partners = np.array(network["sector"][:-1])
    angle = np.arctan2(network["y"], network["x"])[:-1]
    order = partners[np.argsort(angle)]
    borders = int((order != np.roll(order, 1)).sum())
    assert borders == len(set(partners.tolist()))


def test_larger_partners_are_larger_within_limits(network, history):
    capacity, size = history.organizations["capacity"][0][:-1], np.array(network["size"][:-1])
    assert (np.diff(size[np.argsort(capacity)]) >= 0).all() and size.min() >= 0.6 and size.max() <= 1.9


# happenings
def test_happenings_are_those_of_the_history():
    scenario = told("phased-inclusion", months=60)
    history = run(scenario)
    found = happenings(history, scenario)
    months = [one["month"] for one in found]
    assert months == sorted(months)
    rows = history.organizations[1:, :-1]
    planned = [one for one in found if one["kind"] == "event"]
    assert len(planned) == len(scenario.event)
    by_plan = {(one["month"], one["id"]) for one in planned}
    for kind, field in (
        ("joins", "joined_this_month"),
        ("leaves", "left_this_month"),
        ("representative", "new_representative"),
    ):
        seen = {(month + 1, history.ids[row]) for month, row in np.argwhere(rows[field] == 1).tolist()}
        expected = seen if kind == "representative" else seen - by_plan
        assert {(one["month"], one["id"]) for one in found if one["kind"] == kind} == expected


def test_the_end_of_a_coalition_is_told_once():
    scenario = Scenario(
        name="ends", months=12, roster={"count": 5}, levers={"meetings": 1},
        event=[{"kind": "partner-leaves", "month": 6, "partner": f"partner-{n}"} for n in (1, 2)],
    )  # fmt: skip
    history = run(scenario)
    assert dissolved_in(history) == 6
    found = happenings(history, scenario)
    assert [one["month"] for one in found if one["kind"] == "dissolves"] == [6]
    assert not [one for one in found if one["kind"] == "leaves"]
    assert dissolved_in(run(told())) is None


def test_events_are_told_with_names_and_with_whom_they_are_about():
    scenario = told(event=[{"kind": "trust-breach", "month": 4, "partner": "partner-2", "with": "partner-3"}])
    (event,) = [one for one in happenings(run(scenario), scenario) if one["kind"] == "event"]
    assert event["about"] == ["partner-2", "partner-3"] and event["id"] == "partner-2"
    assert (
        event["text"] == "Partner 2 and Partner 3 break with each other, and trust between them falls by 50%."
    )

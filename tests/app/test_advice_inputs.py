"""The inputs of the Desk's questions: checked, taken back by undo, and restored by a link."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_actions import JSON

from cisim.app.state.actions import act
from cisim.app.state.advice import CHOICES, QUESTIONS, RANKED, USUAL, Advice, advised, plain
from cisim.app.state.history import start
from cisim.app.state.limits import Limits
from cisim.app.state.link import link_of, restored
from cisim.app.state.view import live_view
from cisim.errors import SpecError
from cisim.theory.parameters import LEVERS
from cisim.world.events import KINDS

FULL = {
    "question": "reach", "plan": 1, "month": 48, "goal": "worst-tenth", "budget": 250_000.0, "phases": 4,
    "severity": 0.8, "probability": 0.9, "by": "cost", "levers": [["meetings", 0.5, 3.0], ["backbone_staff", 0.0, 4.0]],
    "outcome": "contribution", "unknown": "posterior", "fork_month": 12,
    "change": {"kind": "partner-leaves", "partner": "partner-3"}, "effort": "thorough",
}  # fmt: skip


def test_every_input_can_be_told_and_is_told_to_the_browser():
    history, notices = act(start(), {"do": "advice", **FULL})
    assert notices == []
    shown = live_view(history)["advice"]
    assert {**shown, "levers": sorted(shown["levers"])} == {**FULL, "levers": sorted(FULL["levers"])}
    assert json.loads(json.dumps(shown)) == shown
    assert FULL.keys() == plain(Advice()).keys()


def test_an_input_is_one_step_of_undo_in_words():
    history, _ = act(start(), {"do": "advice", "budget": 2_000_000})
    history, _ = act(history, {"do": "advice", "question": "fork"})
    assert live_view(history)["undo_text"] == f"Take back: {QUESTIONS['fork']}"
    back, _ = act(act(history, {"do": "undo"})[0], {"do": "undo"})
    assert back.present == start().present
    assert act(back, {"do": "redo"})[0].present.advice.budget == 2_000_000


def test_a_link_restores_the_inputs():
    history, _ = act(act(start(), {"do": "plan-add"})[0], {"do": "advice", **FULL})
    query = link_of(history.present, Limits())
    again, notices = restored(query, Limits(), start().present)
    assert notices == [] and again == history.present and again.advice == history.present.advice


def test_usual_inputs_make_no_link_longer():
    assert link_of(start().present, Limits()) == link_of(act(start(), {"do": "advice"})[0].present, Limits())


def test_usual_levers_are_the_five_conditions_and_funding_in_their_declared_ranges():
    assert len(USUAL) == 6
    assert all((low, high) == (LEVERS[name].low, LEVERS[name].high) for name, low, high in USUAL)
    assert {"severity", "contribution", "reached", "spent"} <= set(RANKED) and "brokerage" not in RANKED


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"question": "oracle"}, "question"),
        ({"budget": -1}, "budget"),
        ({"budget": float("nan")}, "budget"),
        ({"month": 0}, "month"),
        ({"month": 9_999}, "month"),
        ({"plan": 17}, "plan"),
        ({"phases": 99}, "phases"),
        ({"probability": 1}, "probability"),
        ({"severity": 2}, "severity"),
        ({"outcome": "joy"}, "outcome"),
        ({"levers": [["meetngs", 0, 1]]}, "Did you mean 'meetings'"),
        ({"levers": [["meetings", 2, 1]]}, "the lowest must be below the highest"),
        ({"levers": [["meetings", -5, 1]]}, "Continuous communication: lowest"),
        ({"change": {"kind": "earthquake"}}, "no kind of event"),
        ({"change": {"kind": "partner-leaves", "partner": ["partner-1"]}}, "must be a number, a word"),
        ({"change": "funder-leaves"}, "must be a table"),
    ],
)
def test_a_faulty_input_is_refused_in_a_sentence(told, fault):
    history, notices = act(start(), {"do": "advice", **told})
    assert history.present == start().present
    assert fault in " ".join([notices[0]["text"], *notices[0]["details"]])


def test_all_faults_are_told_at_once():
    with pytest.raises(SpecError) as refused:
        advised(Advice(), {"budget": -1, "month": 0, "by": "magic"}, Limits())
    assert len(refused.value.faults) == 3


@given(st.dictionaries(st.sampled_from([*plain(Advice())]), JSON, max_size=5))
def test_whatever_comes_is_read_or_refused(told):
    done = act(start(), {"do": "advice", **told})[0].present.advice
    assert advised(Advice(), plain(done), Limits())[0] == done
    assert all(getattr(done, name) in known for name, known in CHOICES.items())
    assert dict(done.change)["kind"] in (*KINDS, "without")

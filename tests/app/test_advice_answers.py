"""Answers to the Desk's questions are those of `cisim.decision`, as plain data, with intervals, and with plans to take."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from cisim import verbs
from cisim.app.drawing.advice.answering import answer, check
from cisim.app.drawing.advice.asked import Answered, Question, Workload, question_of
from cisim.app.drawing.advice.robust import worlds_for
from cisim.app.drawing.advice.searched import ground_of, periods_of
from cisim.app.drawing.advice.words import asked_in_words
from cisim.app.drawing.advice.working import work
from cisim.app.drawing.one_world import one_world
from cisim.app.state.advice import QUESTIONS, Advice
from cisim.app.state.history import start
from cisim.decision import information, robust
from cisim.decision.fork import fork
from cisim.decision.fork.tables import cascade_table
from cisim.decision.optimize import Effort
from cisim.decision.plan import Plan, plan_of
from cisim.decision.worlds import worlds_of
from cisim.engine.ensemble import simulate
from cisim.errors import SpecError
from cisim.world.posterior import Posterior

SMALL = Effort(candidates=8, worlds=2, finalists=2, final_worlds=4, fresh=20)
LITTLE = Workload(SMALL, SMALL, robust=60, known=60, forks=4)
MONTH, MONTHS = 12, 18
LEVERS = (("meetings", 0.0, 4.0), ("backbone_staff", 0.0, 3.0))


def small(name: str, **told: Any) -> Any:
    """A preset with eight partners."""
    scenario = verbs.preset(name)
    roster = scenario.roster.model_copy(update={"count": 8})
    return scenario.replace(months=MONTHS, roster=roster, **told)


def question(kind: str, **told: Any) -> Question:
    scenarios = (small("collective-impact"), small("funder-leaves", event=LATE), small("isolated-impact"))
    asked = Advice(question=kind, month=MONTH, levers=LEVERS, fork_month=6, **told)
    return Question(asked, scenarios, 3, 0, LITTLE)


LATE = (
    {"kind": "funder-leaves", "month": 15},
    {"kind": "set-lever", "month": 16, "lever": "meetings", "value": 1.0},
)


def test_worlds_in_which_chance_alone_differs_hold_what_a_plan_carries_as_draws():
    draws = Posterior.from_table(["trust_mean"], [[0.5], [0.7], [0.8]])
    world = small("collective-impact", posterior=draws)
    asked = question("robust", unknown="nothing")
    assert worlds_for(asked, world, 10).unknown == ()
    assert worlds_for(question("robust", unknown="posterior"), world, 10).unknown == ("trust_mean",)


@cache
def answered(kind: str) -> tuple[Answered, tuple[tuple[int, int], ...]]:
    seen: list[tuple[int, int]] = []
    asked = question(kind)
    check(asked)
    return answer(asked, lambda done, count: seen.append((done, count))), tuple(seen)


@pytest.mark.slow
@pytest.mark.parametrize("kind", QUESTIONS)
def test_an_answer_is_plain_data_with_progress_to_its_end(kind):
    told, seen = answered(kind)
    text = json.dumps(asdict(told), allow_nan=False)
    assert told.lines and told.picture["kind"] and "NaN" not in text
    assert told.sections[-1][0] == "What it rests on" and told.sections[-1][1]
    done = [one for one, _ in seen]
    assert done == sorted(done) and done[-1] > 0
    every = {count for _, count in seen}
    assert len(every) == 1
    assert done[-1] <= max(every) or max(every) == 0
    for table in told.tables:
        assert all(len(row) == len(table["columns"]) for row in table["rows"])


@pytest.mark.slow
def test_the_best_plan_can_be_run_again_for_its_own_figure():
    told, _ = answered("best")
    asked = question("best")
    figure, ground = told.picture["figure"], ground_of(asked)
    assert figure["low"] <= figure["value"] <= figure["high"] and figure["worlds"] == SMALL.fresh
    scenario = Plan.from_toml(told.offers["best"].plan).on(ground.world)
    fresh = worlds_of(ground.world.replace(months=MONTH), SMALL.worlds, 3).fresh()
    runs = simulate(
        scenario, list(range(fresh.first, fresh.first + SMALL.fresh)), fresh.seed, measures=["contribution"]
    )
    assert runs.sel("contribution", month=MONTH).mean() == pytest.approx(figure["value"], rel=1e-3)
    (own,) = [point for point in told.picture["points"] if point["own"]]
    assert (own["key"], own["value"]) == ("best", figure["value"])
    assert told.offers.keys() - {"cheaper"} <= {point["key"] for point in told.picture["points"]}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["best", "reach"])
def test_a_search_stays_within_the_levers_that_may_be_chosen(kind):
    told, _ = answered(kind)
    chosen = {name for name, _, _ in LEVERS}
    kept = {
        name: level for name, level in plan_of(question(kind).scenario).levers.items() if name not in chosen
    }
    for offer in told.offers.values():
        plan = Plan.from_toml(offer.plan)
        assert {name: level for name, level in plan.levers.items() if name not in chosen} == kept
        for name, low, high in LEVERS:
            assert low <= plan.levers[name] <= high


@pytest.mark.slow
def test_ranks_are_those_of_robust_choice_up_to_the_month_that_counts():
    told, _ = answered("robust")
    asked = question("robust")
    shared = one_world(asked.scenarios)  # not cut at the month, as the answer is
    worlds = worlds_of(shared.world, LITTLE.robust, 3, uncertain="ranges")
    limits = robust.thresholds_in([f"severity@{MONTH}<=0.7"], MONTH)
    right = robust.ask(shared.plans, worlds, of="severity", month=MONTH, thresholds=limits).result.choice
    ranks = [[cell["rank"] for cell in row["cells"]] for row in told.picture["metrics"]]
    assert np.array_equal(ranks, right.ranks)
    assert told.picture["agreement"]["low"] <= told.picture["agreement"]["value"]
    assert told.picture["plans"] == ["Plan A", "Plan B", "Plan C"]
    assert [line.split(" ")[1] for line in told.sections[0][1][:3]] == ["A", "B", "C"]
    assert "views of risk" in told.lines[0] or "view of risk" in told.lines[0]
    heading, (agreement, meaning) = told.sections[1]
    assert heading == "How far the views of risk agree" and "Kendall's W" in meaning
    assert agreement.startswith(("The metrics", "Every metric"))


@pytest.mark.slow
def test_worths_are_those_of_the_value_of_information():
    told, _ = answered("information")
    shared = one_world(question("information").scenarios)
    worlds = worlds_of(shared.world, LITTLE.known, 3, uncertain="ranges")
    right = information.ask(shared.plans, worlds, of="severity", month=MONTH).result
    largest = max((*right.parameters, *right.starts), key=lambda one: one.worth.value)
    rows = told.picture["rows"]
    assert [row["value"] for row in rows[:1]] == [pytest.approx(largest.worth.value, rel=1e-3)] * (
        largest.worth.value > 0
    )
    assert all(row["low"] <= row["high"] and row["meaning"] for row in told.picture["rows"])
    assert told.picture["together"]["value"] == pytest.approx(right.together.value, rel=1e-3)


@pytest.mark.slow
def test_the_cascade_is_that_of_the_fork():
    told, _ = answered("fork")
    right = fork(question("fork").scenario, 3, 0, month=6, change="backbone-closes")
    assert [row[0] for row in told.tables[0]["rows"]] == cascade_table(right)["name"].to_list()
    rows = told.picture["rows"]
    assert len(rows) + told.picture["left_out"] == len(right.cascade)
    assert all(row["source"] is None or rows[row["source"]]["month"] <= row["month"] for row in rows)
    assert any("first decision that differs" in line for line in told.lines)


@pytest.mark.slow
def test_an_event_that_does_not_happen_can_be_asked_about():
    asked = question("fork", plan=1, change=(("kind", "without"), ("event", 0)))
    told = answer(asked, lambda done, count: None)
    assert "what was planned for month 15 does not happen" in told.picture["change"]


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"levers": ()}, "tick at least one lever"),
        ({"levers": (("backbone_staff", 2.0, 3.0),), "budget": 10.0}, "even the lowest levels"),
    ],
)
def test_what_is_wrong_with_a_search_is_told_before_it_runs(told, fault):
    asked = question("best")
    with pytest.raises(SpecError, match=fault):
        check(replace(asked, advice=replace(asked.advice, **told)))


def test_what_is_wrong_with_a_fork_is_told_by_the_process():
    messages: list[dict[str, Any]] = []
    for change, fault in (
        ((("kind", "without"), ("event", 7)), "no such event"),
        ((("kind", "trust-breach"), ("partner", "nobody")), "unknown organization"),
    ):
        work(question("fork", change=change), messages.append)
        assert fault in messages[-1]["refused"][0]


def test_a_search_without_its_library_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "cmaes", None)
    messages: list[dict[str, Any]] = []
    work(question("best"), messages.append)
    assert 'pip install "cisim[decide]"' in messages[-1]["refused"][0]


def test_a_question_about_a_plan_that_is_gone_is_about_the_last_one():
    session = start().present
    asked = question_of(replace(session, advice=replace(session.advice, plan=3)))
    assert asked.scenario is session.plans[0] and "plan A" in asked_in_words(asked)


def test_a_library_that_is_missing_is_named_with_what_to_install(monkeypatch):
    def missing(*_: object) -> None:
        raise ModuleNotFoundError("No module named 'sklearn'", name="sklearn")

    monkeypatch.setattr("cisim.app.drawing.advice.working.answer", missing)
    messages: list[dict[str, Any]] = []
    work(question("robust"), messages.append)
    assert "needs sklearn" in messages[-1]["refused"][0] and "pip install" in messages[-1]["refused"][0]


def test_later_events_are_put_back_unless_they_move_a_lever_that_was_chosen():
    ground = ground_of(question("best", plan=1))
    assert [event.kind for event in ground.start.event] == []
    whole = ground.whole(Plan(name="found", levers={"meetings": 3.0}), "Found")
    assert [event.kind for event in whole.event] == ["funder-leaves"] and whole.title == "Found"


@pytest.mark.parametrize(("phases", "starts"), [(1, (1,)), (2, (1, 31)), (4, (1, 16, 31, 46))])
def test_phases_are_equally_long(phases, starts):
    assert periods_of(phases, 60) == starts
    assert periods_of(phases, 2) == (1, 2)[: min(phases, 2)]


def test_questions_differ_by_what_their_answers_depend_on():
    def key(kind: str, **told: Any) -> tuple[object, ...]:
        asked = question(kind)
        return replace(asked, advice=replace(asked.advice, **told)).key

    depends: dict[str, Callable[[str], bool]] = {
        name: lambda kind, told=told: key(kind) != key(kind, **told)
        for name, told in {
            "budget": {"budget": 1.0}, "severity": {"severity": 0.5}, "outcome": {"outcome": "contribution"},
            "change": {"change": (("kind", "funder-leaves"),)}, "effort": {"effort": "thorough"},
            "month": {"month": 9},
        }.items()
    }  # fmt: skip
    right = {
        "best": {"budget", "effort", "month"}, "reach": {"severity", "effort", "month"},
        "robust": {"outcome", "effort", "month"}, "information": {"outcome", "effort", "month"},
        "fork": {"change", "effort"},
    }  # fmt: skip
    assert {kind: {name for name, on in depends.items() if on(kind)} for kind in QUESTIONS} == right
    assert all(asked_in_words(question(kind)).startswith("Asked: ") for kind in QUESTIONS)

"""What it would take: the smallest changes that do, verified afresh, or a clear no."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from cisim.cli import app
from cisim.decision.estimates import Estimate
from cisim.decision.optimize import Effort
from cisim.decision.plan import Plan
from cisim.decision.reach import Reach, Wanted, _verdict, ask, planned_reach_runs, reach
from cisim.decision.reach_changes import Change, Start, fewest_changes
from cisim.decision.reach_words import answer_of
from cisim.decision.trying import try_plans
from cisim.errors import SpecError
from cisim.world.presets import load
from cisim.world.scenario import Scenario

QUICK = Effort(candidates=30, worlds=4, finalists=4, final_worlds=40, fresh=80)
LEVERS = {
    "agenda": (0.0, 1.0),
    "coordination": (0.0, 1.0),
    "meetings": (0.0, 4.0),
    "backbone_staff": (0.0, 4.0),
}
NOTHING = Plan(name="nothing", levers=dict.fromkeys(LEVERS, 0.0))


def world(**told):
    steady = {"trend_shock": 0.0, "system_lag": 6.0, "population_lag": 24.0, "potency": 8.0}
    told = {"months": 36, "roster": {"count": 6}, "parameters": steady} | told
    return load("collective-impact").replace(**told)


def question(severity: float, probability: float, **told):
    wanted = Wanted(severity, 36, probability)
    return ask(world(), wanted, **({"levers": LEVERS, "effort": QUICK, "start": NOTHING} | told)), wanted


def test_a_target_that_is_met_already_needs_nothing():
    problem, wanted = question(1.0, 0.5)
    told = reach(problem, wanted)
    assert told.verdict == "needs nothing" and told.changes == ()
    assert told.probability == told.before and told.extra.value == told.extra.high == 0.0


def test_what_cannot_be_reached_is_said_with_the_best_probability_found():
    problem, wanted = question(0.1, 0.8)
    told = reach(problem, wanted)
    assert told.verdict == "not reachable"
    assert told.probability.high < 0.8
    text = answer_of(told).sentences[0]
    assert text.startswith("Not reachable within these ranges") and "95 % interval" in text


@pytest.mark.parametrize("by", ["cost", "changes"])
def test_what_is_reached_is_verified_in_fresh_worlds(by):
    problem, wanted = question(0.97, 0.6)
    told = reach(problem, wanted, by=by)
    assert told.verdict in ("reachable", "too close to tell")
    assert told.before.value < 0.6
    again = try_plans(told.problem.worlds().fresh(QUICK.fresh), [told.plan]).path(0, "reached")[:, 36]
    assert told.probability.value == again.mean()
    assert told.extra.value > 0 and answer_of(told).tables["changes"].height == len(told.changes) > 0


def test_no_lever_that_does_nothing_is_among_the_fewest_changes():
    """Levels count by their sum: changes of 0.8 and 0.1 are not needed where 1 is enough, and 1 shrinks to the need."""
    start = Start(
        NOTHING, ("agenda", "coordination", "meetings"), np.array([[0.0, 1.0]] * 3), (1,), np.zeros((3, 1))
    )

    def does(levels):
        return np.nansum(levels) >= 0.6

    left = fewest_changes(start, np.array([[1.0], [0.8], [0.1]]), does)
    assert np.isnan(left[1:]).all() and 0.6 <= left[0, 0] <= 0.6 + 1 / 16 + 0.01


def test_a_change_leaves_everything_else_of_the_plan_as_it_is():
    events = (
        {"kind": "set-lever", "month": 5, "lever": "meetings", "value": 2.0},
        {"kind": "cut-backbone-staff", "month": 9, "fte": 1.0},
    )
    plan = Plan(
        name="own", levers={"backbone_staff": 2.0}, event=events, line=({"name": "rent", "amount": 1.0},)
    )
    problem, _ = question(0.9, 0.5, start=plan, periods=(1, 13))
    start = Start.of(problem)
    assert start.levels[start.names.index("meetings")].tolist() == [2.0, 2.0]
    levels = start.levels.copy()
    assert start.changed(levels).event == plan.event and start.changes(levels) == ()
    levels[start.names.index("meetings")] = [3.0, 1.0]
    changed = start.changed(levels)
    assert changed.levers == {"backbone_staff": 2.0, "meetings": 3.0} and changed.line == plan.line
    assert [(e.kind, e.month) for e in changed.event] == [("cut-backbone-staff", 9), ("set-lever", 13)]
    (only,) = start.changes(levels)
    assert only.lever == "meetings" and only.size == pytest.approx((1.0 + 1.0) / 2 / 4.0)


def test_the_verdict_goes_by_the_interval():
    assert _verdict(Estimate(0.9, 0.85, 0.95, 100), 0.8, True) == "reachable"
    assert _verdict(Estimate(0.82, 0.75, 0.88, 100), 0.8, True) == "reachable"
    assert _verdict(Estimate(0.78, 0.7, 0.85, 100), 0.8, True) == "too close to tell"
    assert _verdict(Estimate(0.5, 0.4, 0.6, 100), 0.8, True) == "not reachable"
    assert _verdict(Estimate(0.9, 0.85, 0.95, 100), 0.8, False) == "needs nothing"


def test_every_fault_of_a_question_is_told_at_once():
    with pytest.raises(SpecError) as caught:
        ask(world(), Wanted(1.5, 99, 1.0))
    for part in ("probability", "severity", "month must be from 1 to 36"):
        assert part in str(caught.value), part


def test_the_command_answers_and_writes_the_plan(tmp_path):
    world().write(tmp_path / "world.toml")
    NOTHING.write(tmp_path / "nothing.toml")
    told = CliRunner().invoke(
        app, ["reach", str(tmp_path / "world.toml"), "--severity", "0.98", "--month", "24", "--probability", "0.5",
              "--from", str(tmp_path / "nothing.toml"), "--lever", "backbone_staff=0..4", "--lever", "agenda=0..1",
              "--candidates", "16", "--worlds", "40", "--json", "--out", str(tmp_path / "out")],
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    figures = json.loads(told.stdout)["figures"][0]
    assert figures["probability_low"] <= figures["probability"] <= figures["probability_high"]


def test_the_command_says_what_is_wrong():
    told = CliRunner().invoke(
        app, ["reach", "collective-impact", "--severity", "0.9", "--month", "24", "--probability", "0.5",
              "--lever", "backbone_staff=0-4"],
    )  # fmt: skip
    assert told.exit_code == 2 and "is not NAME=LOW..HIGH" in told.output


@pytest.mark.parametrize("by", ["cost", "changes"])
def test_progress_never_tells_more_than_was_planned(by):
    world = Scenario(name="six", months=12, roster={"count": 6})
    wanted = Wanted(0.995, 12, 0.5)
    effort = Effort(candidates=12, worlds=2, finalists=3, final_worlds=6, fresh=20)
    problem = ask(world, wanted, levers={"meetings": (0, 4), "backbone_staff": (0, 3)}, effort=effort)
    done: list[int] = []
    reach(problem, wanted, by=by, progress=done.append)
    assert 0 < sum(done) <= planned_reach_runs(problem, by)


@pytest.mark.parametrize("by", ["cost", "changes"])
def test_one_lever_is_searched_by_grids_and_says_so(by):
    problem, wanted = question(0.97, 0.6, levers={"backbone_staff": (0.0, 4.0)})
    told = reach(problem, wanted, by=by)
    assert told.verdict in ("reachable", "too close to tell", "not reachable")
    assert "even grids that narrow" in answer_of(told).sentences[-1]
    met, wanted = question(1.0, 0.5, levers={"backbone_staff": (0.0, 4.0)})
    assert "nothing was searched for" in answer_of(reach(met, wanted)).sentences[-1]


def test_a_change_of_what_is_enough_already_is_not_sold_as_needed():
    problem, wanted = question(0.97, 0.6)
    enough, little = Estimate(0.62, 0.5, 0.7, 80), Estimate(0.4, 0.3, 0.5, 80)
    for before, said in ((enough, True), (little, False)):
        told = replace(reach_of(problem, wanted), before=before)
        assert ("perhaps nothing needs to change" in answer_of(told).sentences[1]) == said


def reach_of(problem, wanted):
    none = Estimate(0.7, 0.65, 0.75, 80)
    change = Change("agenda", (0.0,), (1.0,), 1.0)
    return Reach(wanted, "reachable", "cost", problem, NOTHING, none, none, none, none, (change,), 0)

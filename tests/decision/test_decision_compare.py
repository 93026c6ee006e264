"""Plans compared: nothing against itself, no matter in which order, and as sure as it says."""

from __future__ import annotations

import json
import math
import re
from dataclasses import astuple
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import CliRunner

from cisim.cli import app
from cisim.decision.compare import PlanComparison, compare_plans
from cisim.decision.comparison_tables import answer_of
from cisim.decision.comparison_words import sentences, with_interval
from cisim.decision.directions import BETTER, better_of
from cisim.decision.estimates import Estimate, mean_of, quantile_of, ratio_of, share_of
from cisim.decision.plan import Plan, plans_in
from cisim.decision.prices import Prices
from cisim.decision.trying import OWN, Tried, try_plans
from cisim.decision.worlds import worlds_of
from cisim.errors import SpecError
from cisim.theory.measures import MEASURES
from cisim.world.presets import load

MONTHS, WORLDS = 24, 30
A = Plan(name="a", levers={"backbone_staff": 1.0})
B = Plan(name="b", levers={"backbone_staff": 4.0, "meetings": 4.0})
C = Plan(name="c", isolated=True)
FIGURES = ("difference", "better", "worse", "alike", "higher")


def tried(*plans: Plan) -> Tried:
    scenario = load("collective-impact").replace(
        months=MONTHS,
        roster={"count": 6},
        issue={"target": 0.98},
        levers={"agenda": 1.0, "coordination": 1.0},
    )
    return try_plans(worlds_of(scenario, WORLDS, 2), plans, outcomes=["trust_mean", "cost_per_contribution"])


@pytest.fixture(scope="module")
def three() -> Tried:
    return tried(A, B, C)


class Told:
    """Outcomes told by hand, in the place of plans that were tried."""

    def __init__(self, **outcomes: np.ndarray) -> None:
        worlds, plans = outcomes["severity"].shape
        self.plans = tuple(Plan(name=f"plan-{k}") for k in range(plans))
        self.prices = Prices()
        zero = np.zeros((worlds, plans))
        self.outcomes = {
            "contribution": zero,
            "reached": zero,
            "spent": zero,
            "spent_in_all": zero,
        } | outcomes
        roster = SimpleNamespace(members=True)
        self.worlds = SimpleNamespace(
            replicates=worlds,
            seed=0,
            uncertain="nothing",
            told="",
            crossed=None,
            scenario=SimpleNamespace(roster=roster, partner=()),
        )
        self.ensembles = (SimpleNamespace(months=range(2)),)

    def has(self, outcome: str) -> bool:
        return outcome in self.outcomes

    def at(self, outcome: str, month: int) -> np.ndarray:
        return self.outcomes[outcome]

    def path(self, plan: int, outcome: str) -> np.ndarray:
        return np.column_stack([np.zeros(len(self.outcomes[outcome])), self.outcomes[outcome][:, plan]])


def compared(**outcomes: np.ndarray) -> PlanComparison:
    return compare_plans(Told(**outcomes), 1, ("severity",))  # type: ignore[arg-type]


def test_a_plan_against_itself_is_exactly_zero_everywhere():
    outcomes = [*OWN, "severity", "contribution", "trust_mean", "cost_per_contribution"]
    told = compare_plans(tried(*plans_in([B, B])), MONTHS, outcomes)
    for outcome in outcomes:
        pair = told.pair(1, 0, outcome)
        assert pair.difference.value == pair.difference.low == pair.difference.high == 0.0, outcome
        assert pair.higher.value == 0.0 and pair.alike.value == 1.0 and pair.verdict == "no difference"
        for plan in (0, 1):
            figures = told.of_plan(plan, outcome)
            assert figures.regret.value == figures.regret.low == figures.regret_90.high == 0.0
            assert figures.best.value == 1.0
    gained = told.gained(1, 0)
    assert gained.where_both.n > 1, "some worlds reach the target, so that months are compared"
    assert (
        gained.where_both.value == gained.where_both.high == gained.in_all.value == gained.in_all.low == 0.0
    )
    assert gained.only_plan.value == gained.only_than.value == 0.0 and gained.reach == gained.than_reach
    assert told.money(1, 0).value == told.money(1, 0).high == 0.0
    assert math.isnan(told.extra_cost_per_hundredth(1, 0).value)
    assert told.cost_per_hundredth(0) == told.cost_per_hundredth(1)


def test_the_order_of_plans_changes_no_figure_of_a_pair_but_its_sign(three):
    one = compare_plans(three, MONTHS, ["severity", "reached", "spent", "trust_mean"])
    other = compare_plans(tried(C, B, A), MONTHS, ["severity", "reached", "spent", "trust_mean"])
    for outcome in one.outcomes:
        for plan, than in one.pairs(matrix=True):
            here, there = one.pair(plan, than, outcome), other.pair(2 - plan, 2 - than, outcome)
            assert here == there
            turned = one.pair(than, plan, outcome)
            assert here.difference.times(-1.0) == turned.difference
            assert (here.better, here.alike) == (turned.worse, turned.alike)
        for plan in range(3):
            assert one.of_plan(plan, outcome) == other.of_plan(2 - plan, outcome)
    for plan, than in one.pairs(matrix=True):
        assert one.gained(plan, than) == other.gained(2 - plan, 2 - than)
        assert one.gained(plan, than).where_both.times(-1.0) == one.gained(than, plan).where_both
        here = one.extra_cost_per_hundredth(plan, than)
        there = other.extra_cost_per_hundredth(2 - plan, 2 - than)
        assert astuple(here) == pytest.approx(
            astuple(there), rel=0, abs=0, nan_ok=True
        )  # no value where nothing is won


def test_a_further_plan_changes_no_figure_of_a_pair(three):
    both, all_ = compare_plans(tried(A, B), MONTHS), compare_plans(three, MONTHS)
    for outcome in both.outcomes:
        assert both.pair(1, 0, outcome) == all_.pair(1, 0, outcome)
    assert both.gained(1, 0) == all_.gained(1, 0)


def test_the_paired_interval_covers_a_known_linear_effect_as_often_as_it_says():
    """4,000 sets of 40 worlds: y = x + 0.3 plan + noise of its own each; 95 % ± 3 standard errors lies in 93 to 97 %."""
    rng, sets, worlds, effect = np.random.default_rng(7), 4_000, 40, 0.3
    covered = 0
    for _ in range(sets):
        common = rng.normal(size=worlds)
        values = np.column_stack([common + 0.4 * rng.normal(size=worlds) + effect * plan for plan in (0, 1)])
        difference = compared(severity=values).pair(1, 0, "severity").difference
        covered += difference.low <= effect <= difference.high
    share, error = covered / sets, math.sqrt(0.95 * 0.05 / sets)
    assert abs(share - 0.95) < 3 * error
    assert 0.93 <= share <= 0.97


def test_the_ratio_interval_covers_a_known_price_as_often_as_it_says():
    """2,000 sets of 60 worlds in which cost and contribution move together; Fieller's interval is exact for normals."""
    rng, sets, worlds = np.random.default_rng(8), 2_000, 60
    covered = 0
    for _ in range(sets):
        shared = rng.normal(size=worlds)
        cost, won = 10 + shared + rng.normal(size=worlds), 2 + shared
        price = ratio_of(cost, won, 0.95)
        covered += price.low <= 5.0 <= price.high
    assert abs(covered / sets - 0.95) < 3 * math.sqrt(0.95 * 0.05 / sets)


def test_a_price_that_cannot_be_told_has_no_value_and_no_bound():
    price = ratio_of(np.array([1.0, 2.0, 3.0]), np.array([-1.0, 0.1, 1.0]), 0.95)
    assert math.isnan(price.value) and not price.bounded


def test_the_quantile_interval_covers_the_quantile_at_least_as_often_as_it_says():
    rng, sets = np.random.default_rng(9), 1_000
    found = [quantile_of(rng.random(80), 0.9, 0.95) for _ in range(sets)]
    covered = np.mean([each.low <= 0.9 <= each.high for each in found])
    assert covered > 0.95 - 3 * math.sqrt(0.95 * 0.05 / sets)


def test_figures_are_those_of_a_table_worked_out_by_hand():
    """Four worlds, three plans, less is better: best of worlds 1, 2, 3, 1."""
    severity = np.array([[1.0, 2.0, 4.0], [5.0, 2.0, 4.0], [3.0, 6.0, 4.0], [1.0, 2.0, 4.0]])
    told = compared(severity=severity)
    regrets = [told.of_plan(k, "severity").regret.value for k in range(3)]
    assert regrets == [0.75, (1 + 0 + 3 + 1) / 4, (3 + 2 + 1 + 3) / 4]
    assert [told.of_plan(k, "severity").best.value for k in range(3)] == [0.75, 0.25, 0.0]
    pair = told.pair(1, 0, "severity")
    assert (pair.better.value, pair.worse.value, pair.difference.value) == (0.25, 0.75, 0.5)
    assert told.of_plan(1, "severity").regret_90.value == pytest.approx(np.quantile([1, 0, 3, 1], 0.9))


def test_months_gained_count_worlds_in_which_both_reach_the_target(three):
    told = compare_plans(three, MONTHS)
    hits = [np.where(path.any(axis=1), path.argmax(axis=1), -1) for path in
            (three.path(k, "reached") > 0 for k in range(3))]  # fmt: skip
    both = (hits[0] >= 0) & (hits[1] >= 0)
    gained = told.gained(1, 0)
    assert gained.where_both.n == both.sum() > 1
    assert gained.where_both.value == pytest.approx((hits[0] - hits[1])[both].mean())
    assert gained.reach.value == (hits[1] >= 0).mean()
    assert gained.only_plan.value == ((hits[1] >= 0) & (hits[0] < 0)).mean()


def test_every_outcome_says_which_way_it_is_better():
    assert set(BETTER) == {*OWN, *MEASURES}
    assert better_of("severity") == "less" and better_of("reached") == "more"
    assert better_of("centralization_any") == "neither"


def test_an_outcome_that_is_neither_better_nor_worse_has_no_regret():
    scenario = load("collective-impact").replace(months=3, roster={"count": 6})
    kept = try_plans(worlds_of(scenario, 5, 1), [A, B], outcomes=["centralization_any"])
    pair = compare_plans(kept, 3, ["centralization_any"])
    assert math.isnan(pair.pair(1, 0, "centralization_any").better.value)
    assert math.isnan(pair.of_plan(0, "centralization_any").regret.value)


def test_every_fault_of_a_question_is_told_at_once(three):
    with pytest.raises(SpecError) as caught:
        compare_plans(three, 99, ["severety", "members"], 1.5)
    for part in ("99", "Did you mean 'severity'", "level", "outcome 'members' was not kept"):
        assert part in str(caught.value), part
    with pytest.raises(SpecError, match="at least two plans"):
        compare_plans(tried(A), MONTHS)


def test_sentences_name_every_plan_with_its_interval_and_what_it_rests_on(three):
    told = sentences(compare_plans(three, MONTHS))
    text = " ".join(told)
    for part in (
        " b ",
        " c ",
        "95 % interval",
        "regret",
        "0.01",
        f"{WORLDS} worlds",
        "assumptions",
    ):
        assert part in text, part
    assert "nan" not in text and "inf" not in text.replace("infl", "")


def test_an_answer_has_tables_and_a_picture(three, tmp_path):
    answer = answer_of(compare_plans(three, MONTHS), matrix=True)
    assert len(answer.tables["differences"]) == 3 * 6 and len(answer.tables["plans"]) == 9
    assert {"plans.png", "differences.csv", "months_and_money.csv"} <= set(answer.write(tmp_path))


def test_the_command_compares_plans_and_writes_what_it_says(tmp_path):
    A.write(tmp_path / "a.toml")
    B.write(tmp_path / "b.toml")
    world = load("collective-impact").replace(months=6, roster={"count": 6})
    world.write(tmp_path / "world.toml")
    told = CliRunner().invoke(
        app,
        ["compare", str(tmp_path / "a.toml"), str(tmp_path / "b.toml"), str(tmp_path / "a.toml"), "--world",
         str(tmp_path / "world.toml"), "--replicates", "8", "--out", str(tmp_path / "out"), "--json"],
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    rows = json.loads(told.stdout)["differences"]
    same = [row for row in rows if row["plan"] == "a-2"]
    assert same and all(row["difference"] == 0 for row in same)
    assert (tmp_path / "out" / "plans.svg").exists()


@pytest.mark.parametrize(
    ("flags", "part"),
    [
        (["--uncertain", "all"], "uncertain must be one of"),
        (["--month", "999"], "month must be from 1"),
        (["--of", "sevrity"], "Did you mean 'severity'"),
        (["--prices", "none.toml"], "cannot be read"),
    ],
)
def test_the_command_says_what_is_wrong(flags, part):
    told = CliRunner().invoke(
        app, ["compare", "collective-impact", "backbone-alone", "--world", "collective-impact", "--months", "3",
              "--replicates", "2", *flags],
    )  # fmt: skip
    assert told.exit_code == 2 and part in told.output


def test_shares_and_means_of_few_worlds_are_as_wide_as_they_should_be():
    assert mean_of(np.array([3.0]), 0.95).low == -math.inf
    none = share_of(np.zeros(10, bool), 0.95)
    assert none.value == none.low == 0.0 and none.high == pytest.approx(0.2775, abs=1e-3)


def test_one_world_has_no_interval_and_is_told_in_the_singular():
    scenario = load("collective-impact").replace(months=6, roster={"count": 6})
    told = " ".join(sentences(compare_plans(try_plans(worlds_of(scenario, 1, 2), [A, C]), 6)))
    assert "only 1 world has a value of both" in told and "It rests on 1 world (seed" in told
    assert "1 worlds" not in told
    for part in told.split("in nine worlds of ten at most")[1:]:
        assert re.match(r" [\d.e-]+ \(interval cannot be told from 1 world\)", part), part


def test_an_interval_of_one_value_is_not_shown():
    assert (
        with_interval(Estimate(0.00884, 0.00884, 0.00884, 1))
        == "0.00884 (interval cannot be told from 1 world)"
    )
    assert with_interval(Estimate(0.0, 0.0, 0.0, 2)) == "0 (0 to 0)"
    assert with_interval(share_of(np.ones(1), 0.95)).count(" to ") == 1, (
        "Wilson's interval of one world is an interval"
    )

"""The answer follows from the runs by fixed rules: planted outcomes, whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from cisim.decision.compare import compare_plans
from cisim.decision.plan import Plan
from cisim.decision.report.answer import lead
from cisim.decision.report.change import splits
from cisim.decision.report.document import flat
from cisim.decision.report.findings import LEVEL, OUTCOME, OUTCOMES, Findings
from cisim.decision.report.question import question_of
from cisim.decision.trying import BASIC, Tried
from cisim.decision.worlds import worlds_of
from cisim.engine.ensemble import Ensemble
from cisim.world.scenario import Scenario

WORLDS, MONTHS = 200, 12
WORLD = Scenario(name="planted", months=MONTHS, roster={"count": 6})
STAFF = {"low": 1.0, "middle": 2.0, "high": 3.0}


def planted(effects: dict[str, float], *, noise: float = 0.01, seed: int = 3) -> Findings:
    """Findings of plans that leave 1 less their effect, in worlds that differ by chance; a plan costs its staff."""
    plans = [Plan(name=name, levers={"backbone_staff": STAFF.get(name, 4.0)}) for name in effects]
    asked = question_of(WORLD, plans, month=MONTHS, replicates=WORLDS, uncertain="nothing", baseline=False)
    draws = np.random.default_rng(seed)
    world = draws.normal(0, 0.1, WORLDS)
    ensembles = []
    for scenario, effect in zip(asked.scenarios(), effects.values(), strict=True):
        left = 1.0 + world - effect + draws.normal(0, noise, WORLDS)
        values = dict.fromkeys(BASIC, np.zeros((WORLDS, MONTHS + 1)))
        values |= {"alive": np.ones((WORLDS, MONTHS + 1)), "severity_alone": _path(1.0 + world)}
        values |= {"severity": _path(left), "contribution": _path(1.0 + world - left)}
        values["cost_backbone"] = np.tile(
            np.arange(MONTHS + 1.0) * scenario.levers["backbone_staff"], (WORLDS, 1)
        )
        names = tuple(values)
        ensembles.append(
            Ensemble(scenario, 1, np.arange(WORLDS), names, np.stack([values[n] for n in names], axis=2))
        )
    tried = Tried(asked.worlds(), asked.plans, asked.prices, tuple(ensembles))
    each = compare_plans(tried, MONTHS, OUTCOMES, LEVEL)
    together = compare_plans(tried, MONTHS, (OUTCOME,), 1 - 0.05 / max(len(plans) - 1, 1))
    return Findings(asked, tried, each, together)


def _path(last: np.ndarray) -> np.ndarray:
    return 1.0 + np.outer(last - 1.0, np.linspace(0, 1, MONTHS + 1))


def told(found: Findings) -> str:
    return "\n".join(flat(block.text) for block in lead(found))


def test_the_plan_that_leaves_least_is_named_whatever_the_order():
    for effects in ({"low": 0.0, "middle": 0.05, "high": 0.2}, {"high": 0.2, "low": 0.0, "middle": 0.05}):
        found = planted(effects)
        assert found.question.plans[found.chosen].name == "high"
        assert found.question.plans[found.rival].name == "middle"
        assert found.result == "reliably" and found.grade == "partly"
        assert told(found).startswith(
            "What to do. Prefer “high”: by month 12 it leaves less of the problem than each"
        )


def test_of_plans_as_good_the_cheaper_one_is_named_on_cost_alone():
    found = planted({"high": 0.2005, "low": 0.2, "middle": 0.05})
    assert found.question.plans[found.chosen].name == "low"
    assert found.result == "alike"
    assert "On cost alone, take “low”" in told(found)
    assert "differ by less than what matters" in told(found)


def test_what_cannot_be_told_is_not_told():
    found = planted({"low": 0.1, "high": 0.105}, noise=0.3)
    assert found.result == "unclear"
    assert "cannot be told apart" in told(found) and "Prefer" not in told(found)


def test_a_plan_that_moves_nothing_is_said_to_move_nothing():
    assert "takes away too little to matter" in told(planted({"low": -0.1, "high": 0.0}))
    assert "too little to matter" not in told(planted({"low": 0.0, "high": 0.2}))


def test_a_difference_in_some_worlds_only_is_no_advice_to_prefer():
    found = planted({"low": 0.0, "high": 0.04}, noise=0.07)
    assert found.result in ("mostly", "on average")
    assert "Lean towards “high”" in told(found)


def test_a_parameter_that_turns_the_order_round_is_found_first():
    """300 worlds; a difference that follows one of 108 parameters, with noise: its gap is above all others'."""
    worlds = worlds_of(WORLD, 300, 5, uncertain="ranges")
    low, high = 2.0, 8.0
    noise = np.random.default_rng(7).normal(0, 0.01, 300)
    difference = (worlds.values("potency") - (low + high) / 2) / 50 + noise
    found = splits(worlds, difference, LEVEL)
    assert found[0].name == "potency"
    assert found[0].low.high < 0 < found[0].high.low
    from cisim.decision.estimates import mean_of

    assert found[0].turn(mean_of(difference + 0.02, LEVEL)) == "turns round"
    held = splits(worlds, np.full(300, 0.05) + noise, LEVEL)
    assert all(split.turn(mean_of(np.full(300, 0.05) + noise, LEVEL)) == "holds" for split in held)


@pytest.mark.parametrize("name", ["potency", "need_intensity"])
def test_thirds_are_cut_where_they_are_said_to_be(name):
    worlds = worlds_of(WORLD, 90, 5, uncertain="ranges", unknown=(name,))
    (split,) = splits(worlds, worlds.values(name), LEVEL)
    assert split.low.n == split.high.n == 30
    assert split.low.value < split.up_to < split.from_ < split.high.value

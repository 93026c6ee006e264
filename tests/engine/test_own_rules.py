"""A rule of one's own takes any slot, in both engines alike; one that cannot is refused with a reason."""

from __future__ import annotations

import math
from types import ModuleType

import numpy as np
import pytest

import cisim
from cisim.engine.compilation import rule_fingerprint
from cisim.theory.rules import SLOTS, rule_set
from cisim.world.scenario import Scenario

LEVERS = {"agenda": 1, "measurement": 1, "coordination": 1, "meetings": 2, "backbone_staff": 2}
SHARE = 0.25


def scenario(**told) -> Scenario:
    return Scenario(**{"name": "own", "months": 12, "roster": {"count": 6}, "levers": LEVERS} | told)


def halved(level):
    """A function that an own rule calls, reading a number of its module."""
    return SHARE * level


def own_level(system, status_quo, drift, p):
    """System change has a quarter of its effect; beyond a trend of 0.5 a year: not a number."""
    if p.trend > 0.5:
        return math.nan
    return math.exp(drift - halved(p.potency * (system - status_quo)))


@pytest.mark.slow  # compiles a rule set of its own
def test_an_own_rule_gives_the_same_bits_in_both_engines():
    rules = {"severity_level": own_level}
    compiled = cisim.simulate(scenario(), [3], seed=1, rules=rules)
    model = cisim.CoalitionModel(scenario(), seed=1, replicate=3, rules=rules).run()
    for name in compiled.measures:
        assert np.array_equal(model.datacollector.model_vars[name], compiled[name][0], equal_nan=True), name
    usual = cisim.simulate(scenario(), [3], seed=1)
    assert not np.array_equal(usual["severity"], compiled["severity"])
    assert np.array_equal(usual["trust_mean"][:, :3], compiled["trust_mean"][:, :3])


@pytest.mark.slow  # compiles a rule set of its own
def test_a_rule_that_gives_no_number_fails_the_run_and_says_where():
    with pytest.raises(cisim.RunError) as failed:
        cisim.simulate(
            scenario(parameters={"trend": 0.9}), [4, 7], seed=2, rules={"severity_level": own_level}
        )
    error = failed.value
    assert (error.scenario, error.replicate, error.month) == ("own", 4, 1)
    assert "severity" in error.problem and "is not a finite number" in str(error)
    assert "Repeat it with:" in str(error) and "seed=2" in error.repeat and "[4]" in error.repeat


@pytest.mark.parametrize("engine", ["compiled", "mesa"])
def test_an_unknown_slot_is_refused_with_the_nearest_name(engine):
    with pytest.raises(
        cisim.SpecError, match=r"unknown rule slot 'severity_levl'. Did you mean 'severity_level'"
    ):
        start(engine, {"severity_levl": own_level})


@pytest.mark.parametrize("engine", ["compiled", "mesa"])
def test_the_wrong_number_of_arguments_is_refused_with_the_right_ones(engine):
    with pytest.raises(
        cisim.SpecError, match=r"takes 1 arguments; it must take \(system, status_quo, drift, p\)"
    ):
        start(engine, {"severity_level": lambda system: system})


@pytest.mark.parametrize("engine", ["compiled", "mesa"])
@pytest.mark.parametrize("not_a_rule", [3.0, "fast", None])
def test_what_is_not_a_function_is_refused(engine, not_a_rule):
    with pytest.raises(cisim.SpecError, match="severity_level"):
        start(engine, {"severity_level": not_a_rule})


def test_every_fault_of_own_rules_is_told_at_once():
    with pytest.raises(cisim.SpecError) as refused:
        start("mesa", {"no_such": own_level, "relax": own_level, "drift": lambda: 0.0})
    assert len(refused.value.faults) == 2  # relax takes four arguments, as own_level does
    assert "no_such" in str(refused.value) and "drift" in str(refused.value)


def start(engine: str, rules) -> None:
    if engine == "mesa":
        cisim.CoalitionModel(scenario(), rules=rules)
    else:
        cisim.simulate(scenario(), 1, rules=rules)


def cannot_be_compiled(system, status_quo, drift, p):
    """Fine as Python; a dictionary of different kinds has no compiled form."""
    return {"a": 1.0, "b": "two"}.get("a", 0.0)


@pytest.mark.slow  # a kernel that cannot be compiled cannot be kept either: 20 s each time
def test_a_rule_that_cannot_be_compiled_is_refused_by_the_compiled_engine_only():
    rules = {"severity_level": cannot_be_compiled}
    assert cisim.CoalitionModel(scenario(months=1), rules=rules).run().measure("severity") > 0.0
    with pytest.raises(cisim.SpecError, match="severity_level"):
        cisim.simulate(scenario(months=1), 1, rules=rules)


# A kernel is never used for another rule


def fingerprint(**own) -> str:
    return rule_fingerprint(rule_set({}, own), 5)


def closed_over(share):
    def rule(system, status_quo, drift, p):
        return math.exp(drift - share * (system - status_quo))

    return rule


def test_rules_that_differ_have_kernels_of_their_own(monkeypatch):
    usual = fingerprint()
    assert fingerprint() == usual == fingerprint(severity_level=SLOTS["severity_level"])
    mine = fingerprint(severity_level=own_level)
    assert mine != usual and fingerprint(severity_level=own_level) == mine
    assert fingerprint(severity_level=closed_over(1.0)) != fingerprint(severity_level=closed_over(2.0))
    assert rule_fingerprint(rule_set({"trust": "symmetric"}), 5) != usual
    monkeypatch.setitem(own_level.__globals__, "SHARE", 0.75)
    assert fingerprint(severity_level=own_level) != mine  # a number that a function it calls reads


@pytest.mark.parametrize("form", ["table[0]", "array[0]", "module.share"])
def test_every_form_of_a_number_that_a_rule_reads_counts(form):
    """Compiled code freezes what it reads by name, so a change of it must lead to another kernel."""
    fingerprints = set()
    for share in (0.5, 0.9):
        module = ModuleType("settings")
        module.share = share
        world = {"__name__": "own", "table": (share,), "array": np.array([share]), "module": module}
        exec(f"def rule(system, status_quo, drift, p):\n    return {form}", world)
        fingerprints.add(fingerprint(severity_level=world["rule"]))
    assert len(fingerprints) == 2

"""Whatever is told within what is allowed, every number stays finite and in its declared range."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from random_scenarios import MARKED, scenarios

import cisim
from cisim.theory.measures import MEASURES
from cisim.theory.parameters import UNCERTAINTIES
from cisim.theory.state import ORGANIZATION, TIE, Field
from cisim.world.scenario import Scenario

PHASES = (Phase.explicit, Phase.generate)  # a scenario that fails is small; a smaller one takes minutes
ROUNDING = 1e-9  # a share that is computed as 1 - distance, or a row of shares, may miss its end by this


def field_faults(field: Field, values: np.ndarray) -> list[str]:
    """What is wrong with the values that a field took anywhere."""
    if not np.isfinite(values).all():
        return [f"{field.name} is not finite"]
    faults = []
    if values.size and (values.min() < field.low - ROUNDING or values.max() > field.high + ROUNDING):
        faults.append(f"{field.name} is {values.min()} to {values.max()}, not {field.low} to {field.high}")
    if field.simplex and np.abs(values.sum(axis=-1) - 1.0).max() > ROUNDING:
        faults.append(f"{field.name} does not add up to 1")
    return faults


def check(scenario: Scenario, seed: int) -> None:
    ensemble = cisim.simulate(scenario, 1, seed, keep_history=[0], threads=1)
    history, faults = ensemble.history(0), []
    for fields, rows in ((ORGANIZATION, history.organizations), (TIE, history.ties)):
        for field in fields:
            faults += field_faults(field, rows[field.name])
    if np.abs(history.ties["silence"] - np.exp(-history.ties["contact"])).max(initial=0.0) > 1e-12:
        faults.append("silence is not exp(-contact)")
    for name, measure in MEASURES.items():
        values = ensemble[name]
        if name == "cost_per_contribution":  # declared: NaN while nothing was contributed
            values = values[~np.isnan(values)]
        if not np.isfinite(values).all():
            faults.append(f"measure {name} is not finite")
        elif ((values < measure.low - ROUNDING) | (values > measure.high + ROUNDING)).any():
            faults.append(f"measure {name} is outside {measure.low} to {measure.high}")
    assert not faults


@pytest.mark.parametrize(("rules", "widths"), MARKED)
def test_random_scenarios_stay_in_range(rules, widths):
    @settings(max_examples=100, phases=PHASES)
    @given(scenarios(rules, parameters=40, months=(3, 30), widths=widths), st.integers(0, 2**32 - 1))
    def stays(scenario, seed):
        check(scenario, seed)

    stays()


MATURE = {
    "agenda": 1, "measurement": 1, "coordination": 1, "meetings": 4, "backbone_staff": 3, "prototyping": 1,
    "pooled_funding": 10, "invitations": 1,
}  # fmt: skip


@pytest.mark.parametrize("name", UNCERTAINTIES)
def test_both_ends_of_every_parameter_stay_in_range(name):
    for value in (UNCERTAINTIES[name].least, UNCERTAINTIES[name].most):
        for levers in ({}, MATURE):
            scenario = Scenario(
                name="ends", months=60, levers=levers, roster={"count": 6}, parameters={name: value}
            )
            check(scenario, seed=8)


@settings(max_examples=60, phases=PHASES)
@given(st.lists(st.booleans(), min_size=len(UNCERTAINTIES), max_size=len(UNCERTAINTIES)), st.integers(0, 99))
def test_every_parameter_at_one_end_of_its_range_to_explore(ends, seed):
    """All parameters at once at `low` or `high`: corners of what a study samples."""
    corner = {
        name: entry.high if end else entry.low
        for end, (name, entry) in zip(ends, UNCERTAINTIES.items(), strict=True)
    }
    check(Scenario(name="corner", months=60, levers=MATURE, roster={"count": 6}, parameters=corner), seed)


EXTREMES = [
    # next to no staff, much contact: load far above what an exponential can hold
    ({"capacity_median": 0.01, "contact_cost": 1.0, "engagement_by_load": 50.0}, {}),
    # next to no work, the weakest workstream limits all
    ({"substitution": -20.0, "engagement_base": -10.0, "need_intensity": 100.0}, {}),
    # work breaks down while each unit of system change weighs much
    ({"need_intensity": 0.05, "engagement_base": 10.0, "potency": 50.0, "meeting_cost": 1.0}, {"meetings": 60.0}),
    ({"trust_mean": 0.02, "trust_spread": 0.0}, {}),
    ({"propensity_persistence": 1.0, "propensity_shock": 0.5}, {}),
    ({"contact_density": 1.0, "contact_popularity": 3.0}, {}),
    ({"contact_density": 0.0, "collaboration_start": 1.0}, {}),
    ({"trend": 1.0, "trend_shock": 0.5, "potency": 50.0}, {}),
    ({"exit_by_balance": 50.0, "reinforcement_most": 10.0, "benefit_expected": 0.0, "grace": 0.0}, {}),
    ({"mission_spread": 4.0, "need_spread": 4.0, "framing_noise": 4.0, "framing_insight": 1.0}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("parameters", "levers"), EXTREMES, ids=lambda told: "+".join(told)[:60])
def test_extremes_that_push_exponentials_stay_in_range_in_both_engines(parameters, levers):
    scenario = Scenario(
        name="extreme", months=12, levers=MATURE | levers, roster={"count": 5}, parameters=parameters
    )
    check(scenario, seed=2)
    model = cisim.CoalitionModel(scenario, seed=2).run()
    compiled = cisim.simulate(scenario, 1, seed=2)
    for name in ("severity", "engagement", "effective_work", "trust_mean"):
        assert model.measure(name) == compiled.sel(name, month=12, replicate=0)


def test_lost_contact_leaves_silence():
    """A tie that an event cuts at once is silent at once, also where nothing renews it."""
    told = [{"kind": "backbone-closes", "month": 6}, {"kind": "backbone-moves", "month": 6, "loss": 1.0}]
    check(Scenario(name="cut", months=12, levers=MATURE, roster={"count": 5}, event=told), seed=1)


def test_the_least_that_can_be_told_runs():
    for count in (1, 2):
        for members in (True, False):
            roster = {"count": count, "members": members}
            check(Scenario(name="least", months=6, workstreams=("a", "b"), levers=MATURE, roster=roster), 3)


def test_severity_falls_with_what_is_known_to_help_and_is_never_negative():
    ensemble = cisim.simulate(Scenario(name="long", months=240, levers=MATURE, roster={"count": 8}), 3)
    assert (ensemble["severity"] > 0).all() and math.isfinite(ensemble.values[0, 0, 0])

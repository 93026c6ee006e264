"""The Mesa model and the compiled engine give the same history, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from random_scenarios import MARKED, VARIANTS, event_fields, scenarios

import cisim
from cisim.theory.measures import MEASURES
from cisim.theory.parameters import LEVERS, UNCERTAINTIES
from cisim.theory.rules import CHOICES
from cisim.world.events import KINDS
from cisim.world.scenario import Scenario

EXAMPLES = 60  # for each of the four combinations of variants: 240 scenarios in all
PHASES = (Phase.explicit, Phase.generate)  # a scenario that fails is small; a smaller one takes minutes


def same(left: np.ndarray, right: np.ndarray) -> bool:
    """Equal in every field and bit that has a meaning; NaN equals NaN."""
    if left.dtype.names:
        return all(same(left[name], right[name]) for name in left.dtype.names)
    return np.array_equal(left, right, equal_nan=left.dtype.kind == "f")


def differences(left: np.ndarray, right: np.ndarray) -> list[str]:
    return [name for name in left.dtype.names if not same(left[name], right[name])]


def compare(scenario: Scenario, seed: int = 0, replicate: int = 0) -> None:
    """Both engines, month by month, measure by measure, field by field."""
    compiled = cisim.simulate(scenario, [replicate], seed, keep_history=[replicate], threads=1)
    history = compiled.history(replicate)
    model = cisim.CoalitionModel(scenario, seed=seed, replicate=replicate)
    for month in range(scenario.months + 1):
        if month > 0:
            model.step()
        state = model.state
        assert not differences(state.organizations.array, history.organizations[month]), f"month {month}"
        assert not differences(state.ties.array, history.ties[month]), f"month {month}"
    told = model.datacollector.model_vars
    for name in MEASURES:
        assert same(np.array(told[name], float), compiled[name][0]), name


def test_the_variants_tried_are_all_that_there_are():
    used = {(choice, variant) for tried in VARIANTS for choice, variant in tried.items()}
    used |= {(choice, next(iter(variants))) for choice, variants in CHOICES.items()}
    assert used == {(choice, variant) for choice, variants in CHOICES.items() for variant in variants}


def test_the_kinds_of_events_tried_are_all_that_there_are():
    here = {kind for kind, record in KINDS.items() if record.__module__.startswith("cisim.")}
    assert set(event_fields(["a", "b"])) == here


@pytest.mark.parametrize(("rules", "widths"), MARKED)
def test_engines_agree_on_random_scenarios(rules, widths):
    @settings(max_examples=EXAMPLES, phases=PHASES)
    @given(scenarios(rules, widths=widths), st.integers(0, 2**32 - 1), st.integers(0, 10_000))
    def agree(scenario, seed, replicate):
        compare(scenario, seed, replicate)

    agree()


EVENTS = [
    {"kind": "hire-backbone-staff", "fte": 2.0}, {"kind": "cut-backbone-staff", "fte": 1.0},
    {"kind": "backbone-closes"}, {"kind": "funder-enters", "pooled_funding": 3.0, "staff": 1.0},
    {"kind": "funder-leaves"}, {"kind": "launch-shared-measurement"}, {"kind": "drop-shared-measurement"},
    {"kind": "set-lever", "lever": "meetings", "value": 6.0},
    {"kind": "ramp-lever", "lever": "prototyping", "value": 1.0, "over": 3},
    {"kind": "partner-joins", "partner": "partner-4"}, {"kind": "partner-leaves", "partner": "partner-2"},
    {"kind": "leader-changes", "partner": "partner-1"},
    {"kind": "trust-breach", "partner": "partner-1", "with": "partner-3"},
    {"kind": "trust-breach", "partner": "partner-2"}, {"kind": "policy-window", "size": 0.3},
    {"kind": "issue-shock", "size": 0.2}, {"kind": "merger", "into": "partner-1", "partner": "partner-5"},
    {"kind": "backbone-moves"},
]  # fmt: skip

MATURE = {
    "agenda": 1, "measurement": 1, "coordination": 1, "meetings": 2, "backbone_staff": 2, "prototyping": 0.5,
    "pooled_funding": 2, "invitations": 1,
}  # fmt: skip


def coalition(**told) -> Scenario:
    told = {"name": "six", "months": 8, "levers": MATURE} | told
    outside = [{"id": "partner-4", "member": False}]
    return Scenario(roster={"count": 6}, partner=outside, **told)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event["kind"])
def test_engines_agree_on_every_kind_of_event(event):
    compare(coalition(event=[event | {"month": 4}]), seed=3)


def test_events_tried_are_of_every_kind():
    assert {event["kind"] for event in EVENTS} == set(event_fields(["a", "b"]))


@pytest.mark.parametrize("name", UNCERTAINTIES)
def test_engines_agree_at_both_ends_of_every_parameter(name):
    for value in (UNCERTAINTIES[name].least, UNCERTAINTIES[name].most):
        compare(coalition(months=4, parameters={name: value}), seed=4)


@pytest.mark.parametrize("name", LEVERS)
def test_engines_agree_at_both_ends_of_every_lever(name):
    for value in (LEVERS[name].least, LEVERS[name].most):
        compare(coalition(months=4, levers=MATURE | {name: value}), seed=4)


def test_engines_agree_until_the_coalition_is_gone():
    """Nobody funds it and everybody leaves: both engines dissolve it in the same month."""
    gone = coalition(
        months=40, levers=MATURE | {"funded": 0.0, "invitations": 0.0},
        parameters={"dissolution_rate": 4.0, "exit_rate": 0.5, "grace": 0.0},
    )  # fmt: skip
    compare(gone, seed=1)
    assert (cisim.simulate(gone, 5, seed=1)["alive"][:, -1] == 0).all()


def test_engines_agree_on_a_coalition_of_usual_size():
    compare(Scenario(name="usual", months=36, levers=MATURE, roster={"count": 25}), seed=2, replicate=7)


# What may not change anything: how many replicates run together, where, and what is kept of them.


@pytest.fixture(scope="module")
def batch():
    scenario = coalition(months=24)
    return scenario, cisim.simulate(scenario, 7, seed=9, threads=1)


def test_a_replicate_of_a_batch_is_the_replicate_alone(batch):
    scenario, together = batch
    for replicate in (0, 3, 6):
        alone = cisim.simulate(scenario, [replicate], seed=9)
        assert same(alone.values[0], together.values[replicate])


def test_the_order_of_replicates_changes_nothing(batch):
    scenario, together = batch
    turned = cisim.simulate(scenario, [6, 2, 4], seed=9, threads=2)
    assert same(turned.values, together.values[[6, 2, 4]])


def test_the_number_of_threads_changes_nothing(batch):
    scenario, together = batch
    for threads in (2, 3, 16):
        assert same(cisim.simulate(scenario, 7, seed=9, threads=threads).values, together.values)


def test_keeping_histories_changes_nothing(batch):
    scenario, together = batch
    kept = cisim.simulate(scenario, 7, seed=9, keep_history=[5, 1])
    assert same(kept.values, together.values)
    alone = cisim.simulate(scenario, [5], seed=9, keep_history=[5])
    assert same(kept.history(5).organizations, alone.history(5).organizations)
    assert same(kept.history(5).ties, alone.history(5).ties)
    assert not same(kept.history(5).ties, kept.history(1).ties)


def test_asking_for_fewer_measures_changes_nothing(batch):
    scenario, together = batch
    few = cisim.simulate(scenario, 7, seed=9, measures=["trust_mean", "severity"])
    assert few.values.shape[-1] == 2
    for name in ("trust_mean", "severity"):
        assert same(few[name], together[name])


def test_a_second_run_repeats_the_first(batch):
    scenario, together = batch
    assert same(cisim.simulate(scenario, 7, seed=9).values, together.values)
    assert not same(cisim.simulate(scenario, 7, seed=10).values, together.values)


def test_parameters_given_a_row_a_replicate_are_the_scenario_with_those_parameters(batch):
    scenario, _ = batch
    told = [{"trust_gain": 0.02}, {"trust_gain": 0.07, "potency": 5.0}]
    rows = np.concatenate([cisim.theory.parameters.record(values, UNCERTAINTIES) for values in told])
    both = cisim.simulate(scenario, 2, seed=9, parameters=rows, threads=2)
    for replicate, values in enumerate(told):
        alone = cisim.simulate(scenario.replace(parameters=values), [replicate], seed=9)
        assert same(alone.values[0], both.values[replicate])

"""Every parameter and measure is declared in full, and does something."""

from __future__ import annotations

import inspect
import math

import numpy as np
import pytest

import cisim
from cisim.theory.measures import MEASURES
from cisim.theory.parameters import LEVERS, UNCERTAINTIES, record
from cisim.theory.rules import CHOICES, MECHANISMS, SLOTS
from cisim.theory.sources import ASSUMPTION, SOURCES
from cisim.theory.state import INITIATIVE, ISSUE, ORGANIZATION, TIE
from cisim.world.scenario import Scenario

DECLARED = UNCERTAINTIES | LEVERS


@pytest.mark.parametrize("name", DECLARED)
def test_every_parameter_is_declared_in_full(name):
    entry = DECLARED[name]
    assert entry.name == name == name.lower() and name.isidentifier()
    assert entry.unit and entry.meaning and entry.part
    assert entry.basis == ASSUMPTION or entry.basis in SOURCES
    assert entry.least <= entry.low < entry.high <= entry.most
    assert entry.low <= entry.default <= entry.high, "the default is outside what is worth exploring"
    assert entry.role == ("lever" if name in LEVERS else "uncertainty")
    assert entry.fault(entry.least) is None and entry.fault(entry.most) is None


def test_levers_and_uncertainties_have_names_of_their_own():
    assert not set(UNCERTAINTIES) & set(LEVERS)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "1", None, True, 1e300])
def test_a_parameter_refuses_what_is_no_number_of_its_range(value):
    fault = UNCERTAINTIES["trust_gain"].fault(value)
    assert fault and "trust_gain" in fault and "allowed is" in fault


BUSY = {
    "agenda": 0.8, "measurement": 0.7, "coordination": 0.8, "meetings": 2, "backbone_staff": 1.5,
    "prototyping": 0.4, "pooled_funding": 3, "invitations": 1, "funded": 0.0,
}  # fmt: skip
RESTLESS = {"exit_rate": 0.25, "dissolution_rate": 0.08, "contact_cost": 0.01}
"""Ends of ranges at which members leave, coalitions end, and contact is a load."""


def busy(**told) -> Scenario:
    """A coalition in which everything that can happen does: members, outsiders, events."""
    outside = [{"id": f"partner-{n}", "member": False} for n in (3, 5, 7, 9, 11)]
    events = [
        {"kind": "drop-shared-measurement", "month": 30},
        {"kind": "leader-changes", "partner": "partner-2", "month": 12},
        *({"kind": "partner-leaves", "partner": f"partner-{n}", "month": 40} for n in range(1, 7)),
    ]
    told = {"levers": BUSY, "event": events, "parameters": RESTLESS} | told
    return Scenario(name="busy", months=60, roster={"count": 12}, partner=outside, **told)


REPLICATES, SEED = 12, 3


@pytest.fixture(scope="module")
def usual():
    return cisim.simulate(busy(), REPLICATES, seed=SEED).values


def test_every_uncertainty_moves_at_least_one_measure():
    """Those that move none are named; a parameter that nothing reads is a promise that nobody keeps."""
    idle = []
    for name, entry in UNCERTAINTIES.items():
        rows = np.concatenate(
            [
                record(RESTLESS | {name: value}, UNCERTAINTIES)
                for value in (entry.low, entry.high)
                for _ in range(REPLICATES)
            ]
        )
        values = cisim.simulate(busy(), [*range(REPLICATES)] * 2, seed=SEED, parameters=rows).values
        if np.array_equal(values[:REPLICATES], values[REPLICATES:], equal_nan=True):
            idle.append(name)
    assert not idle


@pytest.mark.parametrize("name", LEVERS)
def test_every_lever_moves_at_least_one_measure(name):
    ends = [
        cisim.simulate(busy(levers=BUSY | {name: value}), REPLICATES, seed=SEED).values
        for value in (LEVERS[name].low, LEVERS[name].high)
    ]
    assert not np.array_equal(*ends, equal_nan=True)


@pytest.mark.parametrize("choice", CHOICES)
def test_every_variant_of_a_rule_moves_at_least_one_measure(choice, usual):
    """Those variants that the fixed list of the engine tests compiles anyway."""
    compiled = [
        {"influence": "degroot", "trust": "symmetric", "delivery": "linear"},
        {"influence": "bounded-confidence", "trust": "asymmetric", "delivery": "minimum"},
        {"influence": "friedkin-johnsen", "trust": "symmetric", "delivery": "minimum"},
    ]
    tried = {rules[choice] for rules in compiled}
    for rules in compiled:
        values = cisim.simulate(busy(rules=rules), REPLICATES, seed=SEED).values
        assert not np.array_equal(values, usual, equal_nan=True)
    first, *others = CHOICES[choice]
    assert {first, *tried} >= set(others)


# Measures


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_is_declared_in_full(name):
    entry = MEASURES[name]
    assert entry.name == name == entry.function.__name__
    assert entry.unit and entry.group
    assert (entry.meaning.endswith(".") and entry.meaning[0].isupper()) or entry.meaning[0].isdigit()
    assert entry.low < entry.high


def test_every_measure_is_finite_in_its_range_and_moves(usual):
    for at, (name, entry) in enumerate(MEASURES.items()):
        values = usual[:, :, at]
        if name == "cost_per_contribution":  # NaN while nothing was contributed
            values = values[~np.isnan(values)]
        assert np.isfinite(values).all(), name
        assert values.min() >= entry.low - 1e-12 and values.max() <= entry.high + 1e-12, name
        assert values.min() < values.max(), f"{name} never changes"


# State and rules


@pytest.mark.parametrize("fields", [ORGANIZATION, TIE, INITIATIVE, ISSUE])
def test_every_field_of_the_state_has_a_meaning_and_a_range(fields):
    for field in fields:
        assert field.meaning and field.low < field.high, field.name
    assert len({field.name for field in fields}) == len(fields)


@pytest.mark.parametrize("module", MECHANISMS, ids=lambda module: module.__name__.rsplit(".", 1)[-1])
def test_every_mechanism_states_its_source(module):
    assert "ource" in (module.__doc__ or "") or "ssumption" in (module.__doc__ or "")


def test_every_rule_says_what_it_does_and_every_variant_fits_its_slot():
    variants = [rules for choices in CHOICES.values() for rules in choices.values()]
    for slot, rule in [*SLOTS.items(), *(item for rules in variants for item in rules.items())]:
        assert inspect.getdoc(rule), slot
        wanted, given = inspect.signature(SLOTS[slot]), inspect.signature(rule)
        assert list(wanted.parameters) == list(given.parameters), slot

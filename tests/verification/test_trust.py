"""Trust has known fixed points; reputation relaxes exponentially; propensities wander as an AR(1)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numba import njit

from cisim.engine.binding import bind
from cisim.engine.streams import CONTACTS, PROPENSITY, block, normal, uniform
from cisim.theory.parameters import UNCERTAINTIES, record
from cisim.theory.rules import trust as rules
from cisim.theory.rules.contact import contacts_in_month

CONTACT = 4.0  # a month


def trust_path(variant, p, chance, months):
    """Trust month by month, from Poisson contacts that are kept with a chance, through the rules."""
    update, trust, path = rules.CHOICES["trust"][variant]["trust"], 0.5, np.empty(months)
    for month in range(months):
        words = block((7, 0, month), CONTACTS, 1, 2)
        contacts = contacts_in_month(CONTACT, math.exp(-CONTACT), uniform(words[0]))
        kept = rules.kept_contacts(contacts, chance, uniform(words[1]))
        trust = update(trust, kept, contacts - kept, p)
        path[month] = trust
    return path


@pytest.mark.parametrize(
    ("variant", "chance"), [("asymmetric", 0.4), ("asymmetric", 0.7), ("symmetric", 0.3), ("symmetric", 0.8)]
)
def test_trust_settles_at_its_fixed_point_for_small_rates(numbers, variant, chance):
    p = numbers(trust_gain=0.004, trust_loss_ratio=1.5)
    gain, loss = p.trust_gain, p.trust_gain * (1.5 if variant == "asymmetric" else 1.0)
    fixed = chance * gain / (chance * gain + (1.0 - chance) * loss)
    if variant == "symmetric":
        assert fixed == pytest.approx(chance)  # its fixed point is the chance of a kept promise
    path = trust_path(variant, p, chance, 24_000)[1_000:]  # 1,000 months: 15 times the memory or more
    # Memory is 1 / (contact · mean rate) months, so the mean of a path has the standard error of
    # len / (2 · memory) independent draws. Kept before broken within a month shifts it by a further
    # O(contact · loss).
    memory = 1.0 / (CONTACT * (chance * gain + (1.0 - chance) * loss))
    error = path.std() * math.sqrt(2.0 * memory / len(path))
    assert abs(path.mean() - fixed) < 4 * error + CONTACT * loss * fixed * (1.0 - fixed)


def test_the_expected_update_is_still_at_the_fixed_point(numbers):
    """One contact, so small a rate that second order vanishes: expectation moves nothing."""
    p = numbers(trust_gain=1e-6, trust_loss_ratio=2.5)
    for chance in (0.1, 0.5, 0.9):
        fixed = chance / (chance + (1.0 - chance) * 2.5)
        moved = chance * rules.asymmetric(fixed, 1, 0, p) + (1.0 - chance) * rules.asymmetric(fixed, 0, 1, p)
        assert abs(moved - fixed) < 1e-15  # rounding; a step of gain would be 1e-6


@pytest.mark.parametrize("silence", [1.0, 0.37, 0.0])
def test_unused_trust_relaxes_exponentially_to_reputation_and_propensity(numbers, silence):
    p = numbers(trust_relaxation=0.03)
    prior = rules.prior_trust(0.8, 0.4)
    assert prior == pytest.approx(0.6)
    trust = 0.1
    for month in range(1, 241):
        trust = rules.relax(trust, prior, silence, p)
        exact = prior + (0.1 - prior) * (1.0 - 0.03 * silence) ** month
        assert abs(trust - exact) < 1e-13  # rounding of 240 steps


def wander(p, level, addresses, months):
    """The propensities of many organizations after many months, and one month before."""
    now = np.empty(addresses)
    before = np.empty(addresses)
    for i in range(addresses):
        propensity = level
        for month in range(months):
            before[i] = propensity
            words = block((3, 0, month), PROPENSITY, i, 0)
            propensity = drift(propensity, level, normal(words[0], words[1]), p)
        now[i] = propensity
    return now, before


drift = rules.drift


def test_propensity_is_an_ar1_with_the_stationary_spread_of_theory():
    shock, persistence, count = 0.02, 0.95, 4_000
    p = record({"propensity_shock": shock, "propensity_persistence": persistence}, UNCERTAINTIES)[0]
    now, before = bind(wander, {}, njit)(p, 0.5, count, 300)  # 300 months: 0.95^300 is 2e-7
    theory = shock / math.sqrt(1.0 - persistence**2)  # 0.064: the clip at 0 and 1 is 7 SD away
    # Standard errors of a mean, an SD and a correlation of 4,000 independent normal pairs; 4 of each.
    assert abs(now.mean() - 0.5) < 4 * theory / math.sqrt(count)
    assert abs(now.std() - theory) < 4 * theory / math.sqrt(2 * count)
    correlation = np.corrcoef(now, before)[0, 1]
    assert abs(correlation - persistence) < 4 * (1.0 - persistence**2) / math.sqrt(count)

"""Contacts of a month are Poisson, kept contacts binomial: both exactly by inversion of a uniform draw."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cisim.engine.streams import CONTACTS, block, uniform
from cisim.theory.rules.contact import contacts_in_month
from cisim.theory.rules.trust import kept_contacts

COUNT = 20_000
ALPHA = 1e-4  # chance of a false alarm of each test, were the seed not fixed
inside = st.floats(1e-9, 1.0 - 1e-9)


def clear_of_steps(distribution, u: float) -> bool:
    """True unless u lies so near to a step of the distribution that rounding decides."""
    at = distribution.ppf(u)
    return all(abs(u - distribution.cdf(x)) > 1e-11 for x in (at - 1, at))


@given(st.floats(1e-6, 300.0), inside)
def test_contacts_invert_the_poisson_distribution(contact, u):
    poisson = stats.poisson(contact)
    if clear_of_steps(poisson, u):
        assert contacts_in_month(contact, math.exp(-contact), u) == poisson.ppf(u)


@given(st.integers(0, 300), st.floats(0.001, 0.999), inside)
def test_kept_contacts_invert_the_binomial_distribution_from_the_rarer_side(contacts, chance, u):
    kept = kept_contacts(contacts, chance, u)
    rarer = stats.binom(contacts, min(chance, 1.0 - chance))
    if clear_of_steps(rarer, u):
        assert kept == (contacts - rarer.ppf(u) if chance > 0.5 else rarer.ppf(u))
    assert 0 <= kept <= contacts


@pytest.mark.parametrize("contact", [1 / 12, 1.0, 4.0, 25.0])
def test_contacts_have_poisson_mean_variance_and_probabilities(contact):
    words = [block((1, 0, month), CONTACTS, 8, 9) for month in range(COUNT)]
    counts = np.array([contacts_in_month(contact, math.exp(-contact), uniform(w[0])) for w in words])
    # 4 standard errors: of a mean, and of a variance (fourth central moment contact + 3 contact²)
    assert abs(counts.mean() - contact) < 4 * math.sqrt(contact / COUNT)
    assert abs(counts.var() - contact) < 4 * math.sqrt((contact + 2 * contact**2) / COUNT)
    assert goodness(counts, stats.poisson(contact)) > ALPHA


def goodness(counts: np.ndarray, distribution) -> float:
    """p-value of a chi-square test; cells with fewer than 10 expected draws go to the tails."""
    low, high = distribution.ppf(10 / COUNT), distribution.ppf(1 - 10 / COUNT)
    edges = np.arange(low, high + 1)
    observed = np.array([(counts <= low).sum(), *[(counts == x).sum() for x in edges[1:-1]]])
    expected = np.array([distribution.cdf(low), *distribution.pmf(edges[1:-1])])
    observed, expected = (
        np.append(observed, COUNT - observed.sum()),
        np.append(expected, 1 - expected.sum()),
    )
    return stats.chisquare(observed, expected * COUNT).pvalue


@pytest.mark.parametrize("chance", [0.05, 0.5, 0.83])
def test_kept_contacts_have_binomial_mean_and_variance(chance):
    words = [block((2, 0, month), CONTACTS, 8, 9) for month in range(COUNT)]
    kept = np.array([kept_contacts(12, chance, uniform(w[1])) for w in words])
    variance = 12 * chance * (1 - chance)
    assert abs(kept.mean() - 12 * chance) < 4 * math.sqrt(variance / COUNT)
    fourth = variance * (1 + 3 * variance * (1 - 2 / 12))  # at most, for a binomial of 12
    assert abs(kept.var() - variance) < 4 * math.sqrt(fourth / COUNT)


@pytest.mark.parametrize("contact", [300.0, 500.0])
def test_very_frequent_contact_is_poisson_too(contact):
    """A scenario may tell a tie of 500 contacts a month, where exp(-contact) is still a number above 0.

    Only the order of size is asked for there: within 6 standard deviations of the mean.
    """
    for u in (0.001, 0.5, 0.999):
        count = contacts_in_month(contact, math.exp(-contact), u)
        assert abs(count - contact) < 6 * math.sqrt(contact)
        kept = kept_contacts(count, 0.5, u)
        assert abs(kept - 0.5 * count) < 6 * math.sqrt(0.25 * count)


def test_no_contact_is_no_contact():
    assert contacts_in_month(0.0, 1.0, 0.999999) == 0
    assert kept_contacts(0, 0.3, 0.5) == 0
    for u in (1e-9, 0.5, 1.0 - 1e-9):
        assert kept_contacts(9, 1.0, u) == 9
        assert kept_contacts(9, 0.0, u) == 0

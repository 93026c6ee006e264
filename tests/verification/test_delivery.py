"""Constant elasticity of substitution has known limits: the sum, the product, the minimum."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cisim.theory.parameters import UNCERTAINTIES, Parameter
from cisim.theory.rules.delivery import CHOICES

NEED = (0.1, 0.2, 0.3, 0.15, 0.25)
WORK = (0.9, 1.4, 0.5, 0.2, 2.0)
REQUIRED = 7.5


class Exponent:
    """Parameters of which only the exponent is read."""

    def __init__(self, substitution: float) -> None:
        self.substitution = substitution


def combined(variant: str, substitution: float, need=NEED, work=WORK, required: float = REQUIRED) -> float:
    """Effective work as the engines put it together."""
    rules, p = CHOICES["delivery"][variant], Exponent(substitution)
    total = rules["work_start"]()
    for n, w in zip(need, work, strict=True):
        total = rules["work_join"](total, rules["work_term"](n, w, required, p))
    return rules["work_whole"](total, p)


COVERED = np.array(WORK) / (np.array(NEED) * REQUIRED)


def test_ces_is_linear_at_one():
    assert combined("ces", 1.0) == pytest.approx(sum(WORK) / REQUIRED, rel=1e-14)  # rounding
    assert combined("linear", 1.0) == pytest.approx(sum(WORK) / REQUIRED, rel=1e-14)


def test_ces_is_cobb_douglas_at_zero():
    product = math.prod(c**n for c, n in zip(COVERED, NEED, strict=True))
    assert combined("ces", 0.0) == pytest.approx(product, rel=1e-14)  # rounding
    # Y = product · (1 + rho · Var(log y) / 2): 1e-6 is 2 times the largest such term at rho = 1e-6.
    for rho in (1e-6, -1e-6):
        assert combined("ces", rho) == pytest.approx(product, rel=1e-6)


@pytest.mark.parametrize("rho", [-5.0, -20.0, -50.0, -200.0])
def test_ces_goes_to_the_minimum(rho):
    least = COVERED.min()
    share = NEED[int(COVERED.argmin())]
    # The weakest workstream's term alone bounds the sum: min <= Y <= min · share^(1/rho), which closes.
    assert least <= combined("ces", rho) <= least * share ** (1.0 / rho) * (1 + 1e-12)
    assert combined("minimum", rho) == least


@pytest.mark.parametrize("variant", ["ces", "linear", "minimum"])
@pytest.mark.parametrize("rho", [1.0, 0.5, 1e-6, 0.0, -1.0, -4.0, -50.0])
def test_work_that_lies_as_the_need_lies_counts_the_same_for_every_exponent(variant, rho):
    work = [1.3 * n for n in NEED]
    # Rounding of the sum is divided by rho on the way back: 1e-15 / 1e-6.
    assert combined(variant, rho, work=work) == pytest.approx(1.3 / REQUIRED, rel=1e-9)


works = st.lists(st.floats(0.01, 5.0), min_size=5, max_size=5)


@given(works, st.tuples(st.floats(-6, 1), st.floats(-6, 1)))
def test_effective_work_rises_with_the_exponent(work, rhos):
    """The power-mean inequality: the easier workstreams replace each other, the more the same work does."""
    low, high = sorted(rhos)
    if min(abs(low), abs(high)) > 1e-3:  # nearer to 0 rounding of 1/rho is larger than the difference
        assert combined("ces", low, work=work) <= combined("ces", high, work=work) * (1 + 1e-10)
    bounds = combined("minimum", 0.0, work=work), combined("linear", 0.0, work=work)
    for rho in rhos:
        if abs(rho) > 1e-3 or rho == 0.0:
            assert bounds[0] * (1 - 1e-10) <= combined("ces", rho, work=work) <= bounds[1] * (1 + 1e-10)


@pytest.mark.parametrize("work", [0.0, 1e-9, 1e-4])
def test_effective_work_is_a_number_for_the_extreme_exponents_that_are_allowed(work):
    """Next to no work in one workstream, with the exponent at either end of what may be told."""
    substitution: Parameter = UNCERTAINTIES["substitution"]
    for rho in (substitution.least, substitution.most, 1e-8, -1e-8):
        value = combined("ces", rho, work=[work, *WORK[1:]])
        assert 0.0 <= value <= combined("linear", 1.0, work=[work, *WORK[1:]]) * (1 + 1e-6)

"""Designs, sensitivity and attribution together give the known answers of SALib's test functions.

The G function of Sobol' is a product, so the variance of what a set of factors does is known in closed form, and with
it a game whose dividends and Shapley values are known (Owen 2014, SIAM/ASA Journal on Uncertainty Quantification 2,
245-251, doi:10.1137/130936233).
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from SALib.analyze import morris as salib_morris
from SALib.test_functions import Ishigami, Sobol_G

from cisim.insight.attribution import attribute
from cisim.insight.sensitivity import morris, sobol
from cisim.study.designs import Design, unit_cube
from cisim.study.designs.factors import Factor

WEIGHTS = [0.0, 1.0, 4.5, 9.0, 99.0]
"""Parameters of the G function: the first factor matters most."""
NAMES = list("abcde")
CUBE = [Factor(name=name, low=0, high=1) for name in NAMES]


@pytest.fixture(scope="module")
def of_g():
    """Indices of the G function over cisim's own Saltelli design, 4,096 base points, intervals of 99.9 %."""
    unit = unit_cube(Design(kind="saltelli", points=4096), CUBE)
    outcome = Sobol_G.evaluate(unit, a=np.array(WEIGHTS))
    return sobol(outcome[:, None], NAMES, level=0.999)


def test_the_g_function_has_its_known_first_order_indices(of_g):
    assert np.all(np.abs(of_g.first[:, 0] - Sobol_G.sensitivity_index(WEIGHTS)) <= of_g.first_conf[:, 0])
    assert of_g.first_conf.max() < 0.1  # the largest index is 0.7


def test_the_g_function_has_its_known_total_indices(of_g):
    known = Sobol_G.total_sensitivity_index(WEIGHTS)
    assert np.all(np.abs(of_g.total[:, 0] - known) <= of_g.total_conf[:, 0])
    assert of_g.total_conf.max() < 0.1
    assert np.argsort(-of_g.total[:, 0]).tolist() == [0, 1, 2, 3, 4]


def test_elementary_effects_of_the_g_function_are_those_of_salib():
    design = Design(kind="morris", trajectories=200, levels=8)
    unit = unit_cube(design, CUBE)
    outcome = Sobol_G.evaluate(unit, a=np.array(WEIGHTS))
    told = morris(unit, outcome[:, None], NAMES, levels=8)
    problem = {"num_vars": 5, "names": NAMES, "bounds": [[0, 1]] * 5}
    theirs = salib_morris.analyze(problem, unit, outcome, num_levels=8, num_resamples=10, seed=1)
    for name in ("mu", "mu_star", "sigma"):
        assert getattr(told, name)[:, 0] == pytest.approx(np.array(theirs[name]), rel=1e-12)
    assert np.argsort(-told.mu_star[:, 0]).tolist() == [0, 1, 2, 3, 4]


def game(worth, players: int) -> np.ndarray:
    """The value of every set of players, the same in two replicates: (2**players, 2)."""
    sets = [[k for k in range(players) if row >> k & 1] for row in range(2**players)]
    return np.repeat([[worth(inside)] for inside in sets], 2, axis=1)


def explained(inside: list[int]) -> float:
    """Variance of the G function's mean given these factors: SALib's variance of it with no others."""
    return float(Sobol_G._total_variance(np.array(WEIGHTS)[inside])) if inside else 0.0


def test_the_dividends_of_what_factors_explain_are_the_parts_of_the_variance():
    """Each set's part is the product of its factors' first-order variances."""
    found = attribute(game(explained, 5), NAMES).dividends.mean[:, 0]
    alone = Sobol_G._partial_first_order_variance(np.array(WEIGHTS))
    for row in range(1, 2**5):
        inside = [k for k in range(5) if row >> k & 1]
        assert found[row] == pytest.approx(math.prod(alone[inside]), rel=1e-9, abs=1e-14)


def test_shapley_values_lie_between_first_and_total_indices_and_add_up():
    shares = attribute(game(explained, 5), NAMES).shapley.mean[:, 0] / Sobol_G._total_variance(
        np.array(WEIGHTS)
    )
    assert shares.sum() == pytest.approx(1.0, rel=1e-12)
    assert np.all(Sobol_G.sensitivity_index(WEIGHTS) < shares)
    assert np.all(shares < Sobol_G.total_sensitivity_index(WEIGHTS))


def test_shapley_values_of_ishigami_halve_what_two_factors_do_together():
    """First order 0.3139, 0.4424, 0; factors 1 and 3 together 0.2437: Shapley 0.4357, 0.4424, 0.1218.

    Values of sets by Gauss-Legendre quadrature of SALib's function, exact to rounding with 32 nodes.
    """
    nodes, weights = np.polynomial.legendre.leggauss(32)
    grid = np.stack(np.meshgrid(*[math.pi * nodes] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    values = Ishigami.evaluate(grid).reshape(32, 32, 32)
    measure = np.multiply.outer(np.multiply.outer(weights / 2, weights / 2), weights / 2)
    whole = float((measure * (values - (measure * values).sum()) ** 2).sum())

    def worth(inside: list[int]) -> float:
        others = tuple(k for k in range(3) if k not in inside)
        mass = measure.sum(axis=others)
        mean = (measure * values).sum(axis=others) / mass
        return float((mass * (mean - (mass * mean).sum()) ** 2).sum()) / whole

    found = attribute(game(worth, 3), NAMES[:3])
    assert found.shapley.mean[:, 0] == pytest.approx([0.4357, 0.4424, 0.1218], abs=1e-4)
    pairs = dict(zip(found.pairs, found.interaction.mean[:, 0], strict=True))
    assert pairs == pytest.approx({("a", "b"): 0.0, ("a", "c"): 0.2437, ("b", "c"): 0.0}, abs=1e-4)

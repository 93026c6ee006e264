"""Bounded confidence does what its papers say: Hegselmann and Krause 2002, Deffuant et al. 2000, published runs.

The models of the papers are written here from their formulas, in NumPy. Deffuant, G., Neau, D., Amblard, F. and
Weisbuch, G. (2000), Advances in Complex Systems 3, 87-98, doi:10.1142/S0219525900000078.
"""

from __future__ import annotations

from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from numba import njit

from cisim.engine.binding import bind
from cisim.theory.parameters import UNCERTAINTIES, record
from cisim.theory.rules import SLOTS
from cisim.theory.rules.agenda import CHOICES

BOUNDED = SLOTS | CHOICES["influence"]["bounded-confidence"]
rules = SimpleNamespace()  # bound below


def moved(now, i, start, p):
    """The view of i after a month among these views in one dimension; trust and closeness are 1."""
    pull = 0.0
    weight = 0.0
    for j in range(now.shape[0]):
        if j != i:
            part = rules.influence_weight(1.0, 1.0, abs(now[i] - now[j]), p)
            pull += part * now[j]
            weight += part
    return rules.influenced(now[i], start[i], pull, weight, rules.root(p), p)


def month(now, start, p):
    """All views after a month in which everybody moves at once."""
    then = now.copy()
    for i in range(now.shape[0]):
        then[i] = moved(now, i, start, p)
    return then


def clusters(start, p):
    """Clusters that are left when a month moves nothing any more."""
    now = start.copy()
    for _ in range(1_000):
        then = now
        now = month(then, start, p)
        if np.abs(now - then).max() < 1e-12:
            break
    return 1 + np.sum(np.diff(np.sort(now)) > 1e-6)


@pytest.fixture(scope="module")
def compiled():
    """`month`, `clusters` with the rules of bounded confidence bound and compiled as the kernel's are."""
    twins = {}
    bound = ModuleType("rules")
    for slot in ("influence_weight", "influenced", "root"):
        setattr(bound, slot, bind(BOUNDED[slot], {}, njit, twins))
    names = {"rules": bound}
    return SimpleNamespace(
        **{function.__name__: bind(function, names, njit, twins) for function in (month, clusters)}
    )


def numbers_of(openness: float, rate: float = 1.0):
    return record({"openness": openness, "influence_rate": rate, "self_weight": 1.0}, UNCERTAINTIES)[0]


def hegselmann_krause(now: np.ndarray, openness: float) -> np.ndarray:
    """x_i(t + 1) = mean of x_j(t) over all j with |x_i(t) - x_j(t)| <= openness, i itself included."""
    near = np.abs(now[:, None] - now[None, :]) <= openness
    return (near @ now) / near.sum(axis=1)


@pytest.mark.parametrize("openness", [0.05, 0.15, 0.25, 0.5])
def test_a_month_is_the_step_of_hegselmann_and_krause(compiled, openness):
    start = np.random.default_rng(1).uniform(size=40)
    ours = theirs = start
    p = numbers_of(openness)
    for _ in range(30):
        ours, theirs = compiled.month(ours, start, p), hegselmann_krause(theirs, openness)
        assert np.abs(ours - theirs).max() < 1e-13  # rounding of means of 40


def deffuant(x: float, other: float, openness: float, mu: float) -> float:
    """x + mu (x' - x) if |x - x'| <= openness, else x."""
    return x + mu * (other - x) if abs(x - other) <= openness else x


@pytest.mark.parametrize("openness", [0.1, 0.2, 0.3, 0.5])
@pytest.mark.parametrize("mu", [0.1, 0.3, 0.5])
def test_two_that_meet_move_as_in_deffuant(numbers, openness, mu):
    """The rate of influence is 2 mu: where only two meet, one half of the mean is the own view."""
    rng = np.random.default_rng(2)
    start = rng.uniform(size=20).tolist()
    ours, theirs = list(start), list(start)
    p = numbers(openness=openness, influence_rate=2.0 * mu, self_weight=1.0)
    influenced, weight = BOUNDED["influenced"], BOUNDED["influence_weight"]
    for _ in range(2_000):
        i, j = rng.choice(20, 2, replace=False)
        part = weight(1.0, 1.0, abs(ours[i] - ours[j]), p)
        ours[i], ours[j] = (
            influenced(ours[a], start[a], part * ours[b], part, BOUNDED["root"](p), p)
            for a, b in ((i, j), (j, i))
        )
        theirs[i], theirs[j] = (deffuant(theirs[a], theirs[b], openness, mu) for a, b in ((i, j), (j, i)))
    assert np.abs(np.subtract(ours, theirs)).max() < 1e-12  # rounding of 2,000 meetings
    assert np.abs(np.subtract(ours, start)).max() > 0.05  # they did move


# Hegselmann-Krause from a uniform start: (openness, mean clusters, share in consensus or None), 200 runs.
THIRTY = [
    (0.10, 4.04, 0.00), (0.15, 2.62, 0.00), (0.20, 1.97, 0.08), (0.25, 1.63, 0.39), (0.30, 1.22, 0.78),
    (0.35, 1.01, 0.98), (0.40, 1.00, 1.00), (0.50, 1.00, 1.00),
]  # fmt: skip
HUNDRED = [(0.10, 3.84), (0.15, 2.62), (0.20, 1.97), (0.25, 1.34), (0.30, 1.03), (0.35, 1.00)]
MANY = [(0.20, 2.00), (0.25, 1.00)]
RUNS = 200


def found(compiled, partners: int, openness: float) -> np.ndarray:
    """Clusters in each of 200 runs."""
    rng, p = np.random.default_rng(20260101), numbers_of(openness)
    return np.array([compiled.clusters(rng.uniform(0.0, 1.0, partners), p) for _ in range(RUNS)])


def check_mean(counts: np.ndarray, published: float) -> None:
    """Both sides are means of 200 runs: 4 standard errors of their difference (at least those of a share of 1
    in 50, where all of our runs may agree), and half a unit of the printed digit."""
    spread = max(counts.std(), 0.14)
    assert abs(counts.mean() - published) < 4 * spread * np.sqrt(2 / RUNS) + 0.005


@pytest.mark.parametrize(("openness", "mean", "consensus"), THIRTY)
def test_thirty_partners_end_in_as_many_clusters_as_published_runs(compiled, openness, mean, consensus):
    counts = found(compiled, 30, openness)
    check_mean(counts, mean)
    share = max(0.02, consensus * (1.0 - consensus)) ** 0.5
    assert abs((counts == 1).mean() - consensus) < 4 * share * np.sqrt(2 / RUNS) + 0.005


@pytest.mark.parametrize(("openness", "mean"), HUNDRED)
def test_a_hundred_partners_end_in_as_many_clusters_as_published_runs(compiled, openness, mean):
    check_mean(found(compiled, 100, openness), mean)


@pytest.mark.parametrize(("openness", "mean"), MANY)
def test_many_partners_end_in_as_many_clusters_as_published_runs(compiled, openness, mean):
    check_mean(found(compiled, 625, openness), mean)

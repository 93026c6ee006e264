"""Influence has known limits: DeGroot consensus, Friedkin-Johnsen equilibrium, Hegselmann-Krause clusters."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from numba import njit

from cisim.engine.binding import bind
from cisim.theory.parameters import UNCERTAINTIES, record
from cisim.theory.rules import SLOTS
from cisim.theory.rules.agenda import CHOICES

PARTNERS, WORKSTREAMS = 6, 3
INFLUENCE = CHOICES["influence"]


def start(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(framings on the simplex, weights of contacts without a diagonal)."""
    rng = np.random.default_rng(seed)
    framing = rng.dirichlet(np.ones(WORKSTREAMS), PARTNERS)
    weights = rng.uniform(0.05, 1.0, (PARTNERS, PARTNERS))
    np.fill_diagonal(weights, 0.0)
    return framing, weights


def normalised(weights: np.ndarray, self_weight: float) -> np.ndarray:
    """The matrix W of the theory: rows of contacts' weights and the own one, adding up to 1."""
    whole = weights + self_weight * np.eye(len(weights))
    return whole / whole.sum(axis=1, keepdims=True)


def settled(origin: np.ndarray, weights: np.ndarray, variant: str, p: SimpleNamespace) -> np.ndarray:
    """The framings after so many months that a month moves nothing any more."""
    root, influenced = INFLUENCE[variant]["root"](p), SLOTS["influenced"]
    now = origin.copy()
    for _ in range(5_000):
        then = now.copy()
        for i in range(len(now)):
            for k in range(WORKSTREAMS):
                pull, weight = weights[i] @ then[:, k], weights[i].sum()
                now[i, k] = influenced(then[i, k], origin[i, k], pull, weight, root, p)
        if np.abs(now - then).max() < 1e-16:
            return now
    return now


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_degroot_consensus_is_the_mean_weighted_by_the_left_eigenvector(numbers, seed):
    p = numbers(influence_rate=0.5, self_weight=1.0)
    origin, weights = start(seed)
    values, vectors = np.linalg.eig(normalised(weights, 1.0).T)
    power = np.real(vectors[:, np.argmax(np.real(values))])
    consensus = (power / power.sum()) @ origin
    # Rounding only: a gap of 0.2 between eigenvalues forgets the start within a few hundred months.
    assert np.abs(settled(origin, weights, "degroot", p) - consensus).max() < 1e-12


@pytest.mark.parametrize("rate", [0.06, 1.0])
@pytest.mark.parametrize("stubbornness", [0.05, 0.3, 0.7])
def test_friedkin_johnsen_equilibrium_solves_its_linear_system(numbers, stubbornness, rate):
    p = numbers(influence_rate=rate, self_weight=1.0, stubbornness=stubbornness)
    origin, weights = start(4)
    system = np.eye(PARTNERS) - (1.0 - stubbornness) * normalised(weights, 1.0)
    equilibrium = np.linalg.solve(system, stubbornness * origin)
    # Rounding only; how fast it is reached, but not what is reached, depends on the rate.
    assert np.abs(settled(origin, weights, "friedkin-johnsen", p) - equilibrium).max() < 1e-11


def test_influence_keeps_framings_on_the_simplex(numbers):
    origin, weights = start(5)
    for variant in INFLUENCE:
        moved = settled(origin, weights, variant, numbers())
        assert moved.min() >= 0.0
        assert np.abs(moved.sum(axis=1) - 1.0).max() < 1e-12  # rounding of 5,000 convex means


rules = SimpleNamespace()  # bound below


def clusters(start, p):
    """Clusters that bounded confidence leaves of these views in one dimension; trust = closeness = 1."""
    now = start.copy()
    for _ in range(1_000):
        then = now.copy()
        moved = 0.0
        for i in range(then.shape[0]):
            pull = 0.0
            weight = 0.0
            for j in range(then.shape[0]):
                if j != i:
                    part = rules.influence_weight(1.0, 1.0, abs(then[i] - then[j]), p)
                    pull += part * then[j]
                    weight += part
            now[i] = rules.influenced(then[i], start[i], pull, weight, rules.root(p), p)
            moved = max(moved, abs(now[i] - then[i]))
        if moved < 1e-12:
            break
    ordered = np.sort(now)
    count = 1
    for i in range(1, ordered.shape[0]):
        if ordered[i] - ordered[i - 1] > 1e-6:
            count += 1
    return count


RUNS = 200


@pytest.fixture(scope="module")
def compiled_clusters():
    """`clusters` with the rules of bounded confidence bound and compiled as the kernel's are."""
    twins, chosen = {}, SLOTS | INFLUENCE["bounded-confidence"]
    bound = type(pytest)("rules")
    for slot in ("influence_weight", "influenced", "root"):
        setattr(bound, slot, bind(chosen[slot], {}, njit, twins))
    return bind(clusters, {"rules": bound}, njit, twins)


# Hegselmann-Krause, 30 partners, uniform start: (openness, mean clusters, share in consensus), 200 runs.
TABLE = [(0.10, 4.04, 0.00), (0.20, 1.97, 0.08), (0.30, 1.22, 0.78), (0.35, 1.01, 0.98)]


@pytest.mark.parametrize(("openness", "mean", "consensus"), TABLE)
def test_bounded_confidence_leaves_as_many_clusters_as_published_runs(
    compiled_clusters, openness, mean, consensus
):
    told = {"openness": openness, "influence_rate": 1.0, "self_weight": 1.0}
    p = record(told, UNCERTAINTIES)[0]
    rng = np.random.default_rng(20260101)
    found = np.array([compiled_clusters(rng.uniform(0.0, 1.0, 30), p) for _ in range(RUNS)])
    # Both sides are means of 200 runs: the band is 4 standard errors of their difference (at least that
    # of a share of 1 in 50, where all of our runs may agree), plus half a unit of the printed digit.
    spread = max(found.std(), 0.14)
    assert abs(found.mean() - mean) < 4 * spread * np.sqrt(2 / RUNS) + 0.005
    share = max(0.02, consensus * (1.0 - consensus)) ** 0.5
    assert abs((found == 1).mean() - consensus) < 4 * share * np.sqrt(2 / RUNS) + 0.005

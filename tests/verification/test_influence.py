"""Influence has known limits: DeGroot consensus and Friedkin-Johnsen equilibrium, in the rule and in the model."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

import cisim
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


def coalition(variant: str, **parameters: float) -> cisim.CoalitionModel:
    """Nine partners without any condition, all of them open to each other, as they are after two years."""
    told = {"influence_rate": 0.5, "openness": 1.0} | parameters
    scenario = cisim.Scenario(
        name="talk",
        months=24,
        roster={"count": 9, "members": False},
        parameters=told,
        rules={"influence": variant},
    )
    return cisim.CoalitionModel(scenario, seed=3).run()


def weights_of(model: cisim.CoalitionModel) -> np.ndarray:
    """Trust times closeness of each partner in each other, from the state; the backbone is left out."""
    count = len(model.partners)
    weights = np.zeros((count, count))
    for tie in model.state.ties:
        if tie.j < count:
            closeness = 1.0 - np.exp(-tie.contact)
            weights[tie.i, tie.j] = tie.trust[0] * closeness
            weights[tie.j, tie.i] = tie.trust[1] * closeness
    return weights


def framings(model: cisim.CoalitionModel, field: str = "framing") -> np.ndarray:
    """A profile of every partner, (partners, workstreams)."""
    return np.array([getattr(partner, field) for partner in model.partners])


def framings_after(model: cisim.CoalitionModel, months: int) -> np.ndarray:
    """Framings after so many months of the phase `agenda` alone: contact and trust stay as they are."""
    for _ in range(months):
        model.agenda()
    return framings(model)


def test_the_model_settles_at_the_friedkin_johnsen_equilibrium_of_its_own_ties():
    model = coalition("friedkin-johnsen", stubbornness=0.2, self_weight=0.7)
    whole = normalised(weights_of(model), 0.7)
    origin = framings(model, "framing_origin")
    equilibrium = np.linalg.solve(np.eye(9) - 0.8 * whole, 0.2 * origin)
    # Rounding only: a month leaves at most 1 - 0.5 · 0.2 of what is missing, and 0.9^400 is 5e-19.
    assert np.abs(framings_after(model, 400) - equilibrium).max() < 1e-12


def test_the_model_comes_to_the_degroot_consensus_of_its_own_ties():
    model = coalition("degroot", self_weight=0.7)
    whole = normalised(weights_of(model), 0.7)
    values, vectors = np.linalg.eig(whole.T)
    power = np.real(vectors[:, np.argmax(np.real(values))])
    second = np.sort(np.abs(values))[-2]
    consensus = (power / power.sum()) @ framings(model)
    months = int(np.ceil(30 / (0.5 * (1.0 - second))))  # e^-30 is 1e-13
    assert months < 2_000, "the network must hang together"
    assert np.abs(framings_after(model, months) - consensus).max() < 1e-11

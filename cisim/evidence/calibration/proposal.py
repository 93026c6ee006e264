"""Where the draws of a round come from: the prior, and a mixture of normals fitted to what was accepted.

Everything is in normal scores, where the prior is standard normal. Only scores that the accepted draws have
moved are drawn from the mixture; the others stay the prior's. The share DEFENSIVE of each round is drawn
from the prior, so that no part of the space is ever given up and no weight exceeds 1 / DEFENSIVE.

Sources: mixtures as proposals: Cappe et al. (2008), doi:10.1007/s11222-008-9059-x; the defensive share:
Hesterberg (1995), doi:10.1080/00401706.1995.10484303; the number of components: Schwarz (1978),
doi:10.1214/aos/1176344136.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

__all__ = ["Proposal"]

Array = np.ndarray[Any, Any]

DEFENSIVE = 0.1
MOST_COMPONENTS = 5
TRIES = 3  # for each number of components, from other points
STEPS = 50
SETTLED = 1e-4  # a step that raises the mean log likelihood by less is the last
LEAST_VARIANCE = 1e-10  # of a score; the prior's is 1
LEAST_SHARE = 1e-12
MOST_LOG = 700.0  # its exponential is still a number
FAR_BY_CHANCE = 1.95
"""Distance of Kolmogorov and Smirnov, times the root of the size, that chance passes once in a thousand."""
TIED_BY_CHANCE = 4.0
"""Standard errors that a correlation, one of very many, has by chance (*assumption*)."""


@dataclass(frozen=True)
class Proposal:
    """A mixture of K normals in the a of d scores that targets speak of, the prior in the others; and the prior.

    moved (d,): which scores those are. shares (K,) sum to 1; centres (K, a); covariances (K, a, a). K = 0 is the
    prior alone.
    """

    moved: Array
    shares: Array
    centres: Array
    covariances: Array

    @classmethod
    def prior(cls, size: int) -> Proposal:
        """The prior of that many parameters."""
        return cls(np.zeros(size, bool), np.empty(0), np.empty((0, 0)), np.empty((0, 0, 0)))

    @classmethod
    def fitted(cls, scores: Array, weights: Array, random: np.random.Generator) -> Proposal:
        """The mixture that describes weighted scores (n, d) best, by the information criterion of Schwarz."""
        weights = weights / weights.sum()
        effective = float(1 / (weights**2).sum())
        moved = _moved(scores, weights, effective)
        if not moved.any():
            return cls.prior(scores.shape[1])
        told = scores[:, moved]
        best, mixture = _fit(told, weights, effective, 1, random)
        for count in range(2, MOST_COMPONENTS + 1):
            if effective < 2 * count * (told.shape[1] + 1):
                break  # too few to tell so many apart
            tries = [_fit(told, weights, effective, count, random) for _ in range(TRIES)]
            criterion, other = min(tries, key=itemgetter(0))
            if criterion >= best:
                break
            best, mixture = criterion, other
        return cls(moved, *mixture)

    def draw(self, count: int, random: np.random.Generator) -> Array:
        """Scores (count, d)."""
        scores = random.standard_normal((count, len(self.moved)))
        if len(self.shares) == 0:
            return scores
        which = random.choice(len(self.shares) + 1, count, p=[DEFENSIVE, *(1 - DEFENSIVE) * self.shares])
        for at in range(len(self.shares)):
            here = np.ix_(which == at + 1, self.moved)
            scores[here] = self.centres[at] + scores[here] @ np.linalg.cholesky(self.covariances[at]).T
        return scores

    def ratio(self, scores: Array) -> Array:
        """Density of the proposal over that of the prior, at scores (n, d): at least DEFENSIVE."""
        if len(self.shares) == 0:
            return np.ones(len(scores))
        told = scores[:, self.moved]
        mixture = _Mixture(self.shares, self.centres, self.covariances)
        logs = _log_sum(_component_logs(mixture, told)) - _standard_log(told)
        return np.asarray(DEFENSIVE + (1 - DEFENSIVE) * np.exp(np.minimum(logs, MOST_LOG)))


class _Mixture(NamedTuple):
    shares: Array
    centres: Array
    covariances: Array


def _moved(scores: Array, weights: Array, effective: float) -> Array:
    """Which scores are no longer standard normal and uncorrelated, (d,) of bool.

    True where the distance of Kolmogorov and Smirnov or a correlation is more than chance would make it. A score
    left out stays as in the prior; in many dimensions that keeps weights even.
    """
    from scipy.special import ndtr

    order = np.argsort(scores, axis=0)
    reached = np.cumsum(weights[order], axis=0)
    distance = np.abs(reached - ndtr(np.take_along_axis(scores, order, axis=0))).max(axis=0)
    around = scores - weights @ scores
    covariance = (around * weights[:, None]).T @ around
    root = np.sqrt(np.diag(covariance) + LEAST_VARIANCE)
    correlation = np.abs(covariance / np.outer(root, root))
    np.fill_diagonal(correlation, 0.0)
    bound = math.sqrt(effective)
    return np.asarray((distance * bound > FAR_BY_CHANCE) | (correlation.max(axis=0) * bound > TIED_BY_CHANCE))


def _fit(
    scores: Array, weights: Array, effective: float, count: int, random: np.random.Generator
) -> tuple[float, _Mixture]:
    """(criterion, mixture) by expectation and maximization, from points that lie apart."""
    size = scores.shape[1]
    spread = weights @ (scores - weights @ scores) ** 2 + LEAST_VARIANCE
    start = _apart(scores, weights, spread, count, random)
    narrow = np.diag(spread / count**2)  # what a component is believed to be before it sees a point
    told = _Mixture(np.full(count, 1 / count), start, np.repeat(narrow[None], count, axis=0))
    last = -math.inf
    for _ in range(STEPS):
        logs = _component_logs(told, scores)
        total = _log_sum(logs)
        parts = weights[:, None] * np.exp(logs - total[:, None])
        told = _maximized(scores, parts, effective, narrow)
        if (likelihood := float(weights @ total)) - last < SETTLED:
            break
        last = likelihood
    numbers = count * (1 + size + size * (size + 1) / 2) - 1
    likelihood = float(weights @ _log_sum(_component_logs(told, scores)))
    return numbers * math.log(effective) - 2 * effective * likelihood, told


def _apart(scores: Array, weights: Array, spread: Array, count: int, random: np.random.Generator) -> Array:
    """Points (count, d) to begin from: each at random, likelier far from those before it.

    Source: Arthur and Vassilvitskii (2007), k-means++.
    """
    chosen = [weights @ scores] if count == 1 else [scores[random.choice(len(scores), p=weights)]]
    while len(chosen) < count:
        near = np.min([((scores - centre) ** 2 / spread).sum(axis=1) for centre in chosen], axis=0)
        chance = weights * near
        chosen.append(scores[random.choice(len(scores), p=chance / chance.sum())])
    return np.stack(chosen)


def _maximized(scores: Array, parts: Array, effective: float, narrow: Array) -> _Mixture:
    """The mixture of which each point belongs to each component with `parts` (n, K).

    Each covariance counts d + 1 points more, with the covariance `narrow`: so a component of few points is
    sound, and none collapses onto one point.
    """
    size = scores.shape[1]
    shares = np.maximum(parts.sum(axis=0), LEAST_SHARE)
    centres = (parts.T @ scores) / shares[:, None]
    covariances = np.empty((len(shares), size, size))
    for at, centre in enumerate(centres):
        around = scores - centre
        within = (around * parts[:, at, None]).T @ around * effective
        covariances[at] = (within + (size + 1) * narrow) / (shares[at] * effective + size + 1)
    return _Mixture(shares / shares.sum(), centres, covariances)


def _component_logs(told: _Mixture, scores: Array) -> Array:
    """Log of share times density of each component, (n, K)."""
    from scipy.linalg import solve_triangular

    columns = []
    for share, centre, covariance in zip(told.shares, told.centres, told.covariances, strict=True):
        root = np.linalg.cholesky(covariance)
        away = solve_triangular(root, (scores - centre).T, lower=True)
        columns.append(math.log(share) + _standard_log(away.T) - np.log(np.diag(root)).sum())
    return np.stack(columns, axis=1)


def _standard_log(scores: Array) -> Array:
    """Log density of the standard normal at each row."""
    return np.asarray(-0.5 * ((scores**2).sum(axis=1) + scores.shape[1] * math.log(2 * math.pi)))


def _log_sum(logs: Array) -> Array:
    most = logs.max(axis=1)
    return np.asarray(most + np.log(np.exp(logs - most[:, None]).sum(axis=1)))

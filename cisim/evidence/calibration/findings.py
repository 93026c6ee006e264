"""What a calibration says beyond its draws: what is ruled out, what has narrowed, which targets do not go together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from cisim.evidence.calibration.targets import Target

__all__ = [
    "EXPECTED",
    "Excluded",
    "Joint",
    "Share",
    "excluded",
    "joint",
    "met",
    "narrowing",
    "share",
    "weighted_quantiles",
]

Array = np.ndarray[Any, Any]

CENTRAL = 0.9
"""The central part of a distribution whose width is told."""
EXPECTED = 5.0
"""Two targets exclude each other if no run meets both, where at least so many would by chance (*assumption*)."""


class Share(NamedTuple):
    """An estimated share, 0 to 1, and its standard error."""

    value: float
    error: float


class Joint(NamedTuple):
    """counts (k, k): runs that meet row and column both. given (k, k): of those that meet the row, the share that
    meets the column too, as draws from the prior would; NaN where none meets the row."""

    counts: Array
    given: Array


class Excluded(NamedTuple):
    """Two targets that no run meets both, the runs that meet each, and how many would meet both by chance."""

    one: str
    other: str
    meet_one: int
    meet_other: int
    expected: float


def met(targets: Sequence[Target], statistics: Array) -> Array:
    """Which of the targets each row of statistics meets, (n, targets) of bool."""
    return np.stack([target.met(statistics[:, at]) for at, target in enumerate(targets)], axis=1)


def share(weights: Array, inside: Array) -> Share:
    """The share of prior draws that lie inside, from N weighted ones whose weights have mean 1."""
    counted = weights * inside
    error = float(counted.std() / math.sqrt(len(counted)))
    return Share(float(np.clip(counted.mean(), 0, 1)), error)


def narrowing(quantiles: Array, weights: Array) -> Array:
    """For each parameter, the part of the prior's width that is gone, (d,): 0 none, 1 all.

    Width is that of the central 90 %, in quantiles of the prior (n, d). Below 0 where the draws have moved to
    both ends.
    """
    low, high = weighted_quantiles(quantiles, weights, ((1 - CENTRAL) / 2, (1 + CENTRAL) / 2))
    return np.asarray(1 - (high - low) / CENTRAL)


def weighted_quantiles(values: Array, weights: Array, levels: Sequence[float]) -> Array:
    """Quantiles of each column of values (n, d), with a weight a row: (levels, d)."""
    found = np.empty((len(levels), values.shape[1]))
    for at in range(values.shape[1]):
        order = np.argsort(values[:, at], kind="stable")
        mass = weights[order]
        middle = (np.cumsum(mass) - mass / 2) / mass.sum()
        found[:, at] = np.interp(levels, middle, values[order, at])
    return found


def joint(meets: Array, weights: Array) -> Joint:
    """How targets are met together, from which runs meet which (n, k) and the runs' weights (n,)."""
    counts = meets.T.astype(np.int64) @ meets
    mass = meets.T @ (weights[:, None] * meets)
    own = np.diag(mass)[:, None]
    return Joint(counts, np.divide(mass, own, out=np.full(mass.shape, np.nan), where=own > 0))


def excluded(names: Sequence[str], counts: Array, runs: int) -> list[Excluded]:
    """Pairs of targets that no run meets both, though each is met often enough; counts (k, k) as in `Joint`."""
    each = np.diag(counts)
    return [
        Excluded(names[one], names[other], int(each[one]), int(each[other]), expected)
        for one, other in combinations(range(len(names)), 2)
        if counts[one, other] == 0 and (expected := float(each[one]) * float(each[other]) / runs) >= EXPECTED
    ]

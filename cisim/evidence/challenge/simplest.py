"""A counter-example with as few changes as it takes: factors go back to the scenario's own values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cisim.evidence.challenge.space import Space
from cisim.evidence.claims.claim import Claim
from cisim.study.spec import targets

__all__ = ["KEPT", "ownable", "simplest"]

Array = np.ndarray[Any, Any]

KEPT = 0.25
"""Share of the distance outside the band that a simpler point must keep. Assumption."""
TRIED = 8
"""How many numbers of factors are tried to go back together."""


def ownable(claim: Claim, space: Space) -> Array:
    """(d,): True for each factor whose own value, on every side that has one, lies in the range."""
    return np.array([_all_within(claim, name, ends) for name, ends in space.ranges().items()])


def simplest(
    values: Array,
    own: Array,
    weights: Array,
    margins: Callable[[Array], Array],
    affordable: Callable[[int], bool],
) -> Array:
    """The point with NaN for each factor that can have the scenario's own value while the point stays false.

    values (d,); own (d,): which factors may go back; weights (d,): how much each seems to matter. margins: how far
    inside the band points (n, d) are, below 0 outside. First those of least weight go, then those whose going
    back alone harms least; as many together as can.
    """
    if not affordable(1 + TRIED) or (whole := float(margins(values[None])[0])) >= 0:
        return values
    free = np.flatnonzero(own & ~np.isnan(values))
    order = free[np.argsort(weights[free], kind="stable")]
    values, _ = _together(values, order, margins, KEPT * whole)
    while len(free := np.flatnonzero(own & ~np.isnan(values))) and affordable(len(free) + TRIED):
        order = free[np.argsort(margins(_without(values, [[at] for at in free])), kind="stable")]
        values, gone = _together(values, order, margins, KEPT * whole)
        if gone == 0:
            break
    return values


def _together(
    values: Array, order: Array, margins: Callable[[Array], Array], most: float
) -> tuple[Array, int]:
    """(the point without the first of these factors, as many as leave its margin at most so large; how many)."""
    if len(order) == 0:
        return values, 0
    counts = np.unique(np.linspace(1, len(order), TRIED).round().astype(int))
    trials = _without(values, [order[:count] for count in counts])
    good = np.flatnonzero(margins(trials) <= most)
    return (trials[good[-1]], int(counts[good[-1]])) if len(good) else (values, 0)


def _without(values: Array, groups: list[Any]) -> Array:
    """(groups, d): the point without the factors of each group."""
    points = np.tile(values, (len(groups), 1))
    for point, group in zip(points, groups, strict=True):
        point[group] = np.nan
    return points


def _all_within(claim: Claim, name: str, ends: tuple[float, float]) -> bool:
    found = [targets.read(side.scenario, name) for side in claim.sides if name not in side.settings]
    return all(value is not None and ends[0] <= value <= ends[1] for value in found)

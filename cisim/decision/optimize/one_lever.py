"""A plan with one lever moved, the others stretched or shrunk so that the budget is still laid out."""

from __future__ import annotations

from typing import Any

import numpy as np

from cisim.decision.optimize.allocation import Allocation

__all__ = ["one_lever"]

Array = np.ndarray[Any, Any]
MOST = 4.0
"""Others are stretched by this at most."""


def one_lever(allocation: Allocation, levels: Array, budget: float) -> list[tuple[str, Array]]:
    """(what was moved, levels): each lever at its least and its most in every period."""
    told = []
    for row, name in enumerate(allocation.names):
        for end, word in ((0.0, "least"), (1.0, "most")):
            point = allocation.point(levels).reshape(allocation.shape).copy()
            point[row] = end
            told.append((f"{name} at its {word}", _paid(allocation, point, row, budget)))
    return told


def _paid(allocation: Allocation, point: Array, fixed: int, budget: float) -> Array:
    """The point with levers other than the fixed one scaled to the budget; that one too if it alone costs more."""

    def scaled(factor: float) -> Array:
        moved = np.clip(point * factor, 0, 1)
        moved[fixed] = point[fixed]
        return allocation.levels(moved)

    low, high = 0.0, MOST
    if allocation.cost(scaled(low)) > budget:
        return allocation.affordable(point, budget)
    for _ in range(24):
        middle = (low + high) / 2
        low, high = (middle, high) if allocation.cost(scaled(middle)) <= budget else (low, middle)
    return scaled(low)

"""The distinct parameters of worlds: worlds that share a row of parameters are one point, told apart by chance alone.

In declared ranges every world is a point of its own; a posterior of 200 draws has at most 200 points, however many
worlds there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from cisim.decision.worlds import Worlds

__all__ = ["Points", "points_of"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Points:
    """`values` (points, parameters) of the parameters `names`; `of_world` (worlds,): the point of each world.

    weights (points,): the share of worlds at each point; they sum to 1.
    """

    names: tuple[str, ...]
    values: Array
    of_world: Array
    weights: Array

    def __len__(self) -> int:
        return len(self.weights)

    def mean(self, values: Array) -> Array:
        """(points, …): the mean over the worlds of each point of what is (worlds, …)."""
        sums = np.zeros((len(self), *values.shape[1:]))
        np.add.at(sums, self.of_world, values)
        counts = np.bincount(self.of_world, minlength=len(self)).astype(float)
        return np.asarray(sums / counts.reshape(-1, *(1,) * (values.ndim - 1)))


def points_of(worlds: Worlds) -> Points:
    """The points of worlds, in the order of their values; one point without parameters if nothing differs."""
    columns = {name: worlds.values(name) for name in worlds.unknown}
    varying = {name: column for name, column in columns.items() if np.ptp(column) > 0}
    n = worlds.replicates
    if not varying:
        return Points((), np.zeros((1, 0)), np.zeros(n, dtype=int), np.ones(1))
    table = np.column_stack(list(varying.values()))
    values, of_world = np.unique(table, axis=0, return_inverse=True)
    of_world = of_world.reshape(-1)
    return Points(tuple(varying), values, of_world, np.bincount(of_world) / n)

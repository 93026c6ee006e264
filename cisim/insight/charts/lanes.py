"""A factor as an axis: numbers in their unit, categories side by side, inactive points in a lane at the end."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cisim.errors import SpecError
from cisim.insight.discovery.boxes import Box, Range, Restriction, number
from cisim.insight.discovery.factors import Column, as_column

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Lane", "lane", "most_restricted"]

FEW = 15
"""Integers up to which the points of one value are spread, so that they do not hide each other."""
SPREAD = 0.32
SCATTER = 7749
"""A seed that no study will have, since then the spread would go with its factors."""


@dataclass(frozen=True, repr=False)
class Lane:
    """A factor's points along an axis from `low` to `high`; `null` is where inactive points are, if any."""

    column: Column
    low: float
    high: float
    null: float | None
    width: float  # of a category, and of inactive points

    def places(self, seed: int) -> np.ndarray:
        """(points,): where each point is; points of one category are spread over its width."""
        column = self.column
        spread = np.random.default_rng([SCATTER, seed]).uniform(-SPREAD, SPREAD, len(column.codes))
        inactive = self.null if self.null is not None else math.nan
        if not column.numeric:
            return np.where(column.codes < 0, inactive, column.codes) + spread
        places = np.append(column.levels, inactive)[column.codes]
        few = column.whole and len(column.levels) <= FEW
        return np.asarray(places + spread * np.where(column.codes < 0, self.width, 1.0 if few else 0.0))

    def ticks(self) -> list[tuple[float, str]]:
        """Where a category or the lane of inactive points is, and what it is called."""
        named = (
            []
            if self.column.numeric
            else [(float(at), word(level)) for at, level in enumerate(self.column.levels)]
        )
        return named + ([] if self.null is None else [(self.null, "inactive")])

    def ends(self) -> tuple[str, str]:
        """The least and the largest number, to a hundredth of the range."""
        first, last = float(self.column.levels[0]), float(self.column.levels[-1])
        places = int(max(2 - np.floor(np.log10(last - first)), 0)) if last > first else 6
        return number(round(first, places)), number(round(last, places))

    def tracks(self) -> list[tuple[float, float]]:
        """The parts of the axis that points can have: numbers or categories, and the inactive lane."""
        if self.null is None:
            return [(self.low, self.high)]
        half = self.width / 2
        return [(self.low, self.null - self.width), (self.null - half, self.null + half)]

    def spans(self, restriction: Restriction | None) -> list[tuple[float, float]]:
        """The parts of the axis in which a restriction (or none) is met."""
        half = self.width / 2
        inactive = [] if self.null is None else [(self.null - half, self.null + half)]
        if restriction is None:
            return [(self.low, self.high)]
        if isinstance(restriction, Range):
            last = self.high if self.null is None else self.null - self.width
            pad = 0.5 if self.column.whole else 0.0
            numbers = (max(restriction.low - pad, self.low), min(restriction.high + pad, last))
            return [numbers, *(inactive if restriction.inactive else [])]
        places = [at for at, level in enumerate(self.column.levels) if level in restriction]
        return [(at - 0.5, at + 0.5) for at in places] + (inactive if None in restriction else [])


def lane(frame: pl.DataFrame, name: str) -> Lane:
    """The axis of one factor of a table. Raises SpecError if it is not there or is no factor."""
    faults: list[str] = []
    column = as_column(frame, name, faults) if name in frame.columns else None
    if column is None:
        raise SpecError(faults or f"there is no factor {name!r}.", source="Figure")
    if not column.numeric:
        end = len(column.levels) - 0.5
        return Lane(column, -0.5, end + column.has_null, end + 0.5 if column.has_null else None, 1.0)
    ends = (float(column.levels[0]), float(column.levels[-1])) if len(column.levels) else (0.0, 1.0)
    pad = 0.5 if column.whole else 0.0
    low, high = ends[0] - pad, ends[1] + pad
    width = (high - low or 1.0) / 9
    if not column.has_null:
        return Lane(column, low, high, None, width)
    return Lane(column, low, high + 1.5 * width, high + width, width)


def most_restricted(box: Box, frame: pl.DataFrame) -> list[str]:
    """The restricted factors, the one that leaves out most points of the table first."""
    left_out = {name: float((~Box({name: r}).contains(frame)).mean()) for name, r in box.restrictions.items()}
    return sorted(left_out, key=lambda name: -left_out[name])


def word(level: object) -> str:
    """A category, or a number, as a reader would write it."""
    if isinstance(level, bool | np.bool_):
        return "true" if level else "false"
    return number(level) if isinstance(level, float) else str(level)

"""Many runs as a band: quantiles month by month, rounded, and shares of runs with their interval."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cisim.app.pictures import Band
from cisim.insight.comparison import compare

__all__ = ["LEVELS", "band_of", "path_of", "quantiles", "share_of"]

Array = np.ndarray[Any, Any]

LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)


def quantiles(values: Array, levels: tuple[float, ...] = LEVELS) -> Array:
    """Quantiles over the first axis, (levels, ...), of values that are known; NaN where none is.

    The same as `numpy.nanquantile` (linear), with one sort for all levels.
    """
    ordered = np.sort(values, axis=0)  # NaN last
    known = len(values) - np.isnan(values).sum(axis=0)
    found = np.full((len(levels), *values.shape[1:]), np.nan)
    for at, level in enumerate(levels):
        place = np.maximum(level * (known - 1), 0.0)
        below = place.astype(np.int64)
        above = np.minimum(below + 1, np.maximum(known - 1, 0))
        low, high = (np.take_along_axis(ordered, rank[None], axis=0)[0] for rank in (below, above))
        found[at] = low + (place - below) * (high - low)
    return found


def band_of(five: Array, decimals: int) -> Band:
    """Five quantiles by month, (5, months + 1), as a band."""
    low, lower, median, upper, high = (path_of(row, decimals) for row in five)
    return Band(low=low, lower=lower, median=median, upper=upper, high=high)


def path_of(values: Array, decimals: int) -> list[float | None]:
    """Values by month, rounded; None where nothing is known."""
    rounded: list[float | None] = np.round(values, decimals).tolist()
    if np.isnan(values).any():
        return [None if value is None or math.isnan(value) else value for value in rounded]
    return rounded


def share_of(hits: Array) -> tuple[float, float, float]:
    """(share of runs, low, high): with the 95 % interval of Wilson."""
    share = compare(np.zeros(len(hits)), np.asarray(hits, float)).b_higher
    return float(share.value), float(share.low), float(share.high)

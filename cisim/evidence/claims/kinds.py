"""The figures that a claim can be about, from the rows that replicates give.

    mean, median, spread (SD)   one number a replicate: the value, or its paired difference
    share                       1 where the value lies inside, 0 where it does not
    ratio                       two numbers a replicate: the value here, and on the other side

A replicate without a value has NaN and is left out.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np

from cisim.evidence.pattern import Band

__all__ = ["KINDS", "Kind", "deviations", "figure_of", "known", "rows_of"]

Array = np.ndarray[Any, Any]
Kind = Literal["mean", "median", "share", "spread", "ratio"]
KINDS: tuple[Kind, ...] = ("mean", "median", "share", "spread", "ratio")

_MEDIAN_COST = math.sqrt(math.pi / 2)
"""The standard error of a median over that of a mean, for normal values."""


def rows_of(kind: Kind, inside: Band | None, this: Array, other: Array | None) -> Array:
    """(n, 1), or (n, 2) for a ratio: what n replicates give. this, other: their values, (n,)."""
    if kind == "ratio" and other is not None:
        return np.column_stack([this, other])
    values = this if other is None else this - other
    if inside is not None:
        within = (values >= inside.low) & (values <= inside.high)
        values = np.where(np.isnan(values), np.nan, within)
    return np.asarray(values[:, None])


def known(rows: Array) -> Array:
    """The rows in which nothing is missing."""
    return np.asarray(rows[~np.isnan(rows).any(axis=1)])


def figure_of(kind: Kind, rows: Array) -> float:
    """The figure over these rows; NaN if no row has a value, for a spread below two, for a ratio to 0."""
    rows = known(rows)
    if len(rows) < (2 if kind == "spread" else 1):
        return math.nan
    if kind == "ratio":
        here, there = rows.mean(axis=0)
        return float(here / there) if there != 0 else math.nan
    values = rows[:, 0]
    if kind == "median":
        return float(np.median(values))
    return float(values.std(ddof=1) if kind == "spread" else values.mean())


def deviations(kind: Kind, rows: Array) -> Array:
    """How far each row moves the figure: its standard error is their SD over the root of their number.

    Influence values (Hampel 1974, doi:10.1080/01621459.1974.10482962); of a median as if values were normal.
    """
    rows = known(rows)
    values, middle = rows[:, 0], rows[:, 0].mean()
    if kind == "ratio":
        here, there = rows.mean(axis=0)
        return np.asarray((rows[:, 0] - here / there * rows[:, 1]) / there if there != 0 else 0 * values)
    if kind == "spread":
        spread = values.std(ddof=1)
        return np.asarray(((values - middle) ** 2 - spread**2) / (2 * spread) if spread > 0 else 0 * values)
    return np.asarray((values - middle) * (_MEDIAN_COST if kind == "median" else 1.0))

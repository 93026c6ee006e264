"""A table of factors as numbered levels, in which number lines, categories and inactive factors are alike.

Level -1 is null: the factor is inactive in this point. What is allowed of a factor is an array of truths over
its levels and, last, over null; so `allowed[codes]` says which points are allowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.errors import SpecError, did_you_mean
from cisim.insight.arrays import as_numbers

if TYPE_CHECKING:
    import polars as pl

__all__ = ["SOURCE", "Column", "Points", "as_column", "read", "read_hits"]

SOURCE = "Scenario discovery"


@dataclass(frozen=True, repr=False)
class Column:
    """A factor: its levels in rising order, and which of them each point has (-1 for null)."""

    name: str
    levels: np.ndarray  # floats; or strings or Booleans, of a category
    codes: np.ndarray  # (points,)
    numeric: bool
    whole: bool  # integers: a bound is a value, not halfway between two

    @property
    def has_null(self) -> bool:
        return bool((self.codes < 0).any())

    @property
    def kinds(self) -> int:
        """How many different things the points have here, null among them."""
        return len(self.levels) + self.has_null

    def anything(self) -> np.ndarray:
        """Every level and null allowed."""
        return np.ones(len(self.levels) + 1, dtype=bool)

    def restricts(self, allowed: np.ndarray) -> bool:
        """Whether what is allowed leaves out anything that the points have."""
        return not (allowed[:-1].all() and (allowed[-1] or not self.has_null))


@dataclass(frozen=True, repr=False)
class Points:
    """The points of a study: their factors, and the share of replicates in which the outcome happens."""

    columns: tuple[Column, ...]
    hit: np.ndarray  # (points,), 0 to 1

    def __len__(self) -> int:
        return len(self.hit)


def read(frame: pl.DataFrame, hit: Any, factors: Sequence[str] | None = None) -> Points:
    """The points of a table of factors with their hits; constant factors are left out.

    Raises SpecError for factors that are not there or are of no usable type, for NaN (null is an inactive
    factor) and infinity, and for hits that are not one share a row or never above 0.
    """
    names = list(frame.columns if factors is None else factors)
    faults = [
        f"there is no factor {n!r}.{did_you_mean(n, frame.columns)}" for n in names if n not in frame.columns
    ]
    columns = [as_column(frame, name, faults) for name in names if name in frame.columns]
    if not names:
        faults.append("there are no factors: give a table with a column for each.")
    shares = read_hits(hit, len(frame), faults)
    if not faults and not shares.any():
        faults.append("hit is 0 in every point; ask for an outcome that happens somewhere.")
    if faults:
        raise SpecError(faults, source=SOURCE)
    return Points(tuple(c for c in columns if c is not None and c.kinds > 1), shares)


def read_hits(hit: Any, points: int, faults: list[str]) -> np.ndarray:
    """The share of replicates in which the outcome happens, (points,); a fault if they are no such shares."""
    shares = as_numbers("hit", hit, faults)
    if shares is None:
        return np.empty(0)
    if shares.shape != (points,):
        faults.append(
            f"hit must have one entry for each of the {points:,} points, given shape {shares.shape}."
        )
    elif (wrong := int((~((shares >= 0) & (shares <= 1))).sum())) > 0:
        allowed = "true or false, or a share of replicates from 0 to 1"
        faults.append(f"hit must be {allowed}; {wrong:,} of {points:,} entries are not.")
    return shares


def as_column(frame: pl.DataFrame, name: str, faults: list[str]) -> Column | None:
    """A factor of a table as levels; None, and a fault, if it cannot be one."""
    import polars as pl

    series = frame[name]
    if series.dtype.is_numeric():
        values = series.cast(pl.Float64).to_numpy()
        null = series.is_null().to_numpy()
        wrong = int((~np.isfinite(values) & ~null).sum())
        if wrong:
            faults.append(
                f"factor {name!r} is NaN or infinite in {wrong:,} points; give a number, "
                "or null where the factor is inactive."
            )
            return None
        return _coded(name, values, null, numeric=True, whole=series.dtype.is_integer())
    if series.dtype in (pl.String, pl.Categorical, pl.Enum, pl.Boolean):
        null = series.is_null().to_numpy()
        if series.dtype == pl.Boolean:
            values = series.fill_null(False).to_numpy()
        else:
            values = series.cast(pl.String).fill_null("").to_numpy().astype(object)
        return _coded(name, values, null, numeric=False, whole=False)
    faults.append(
        f"factor {name!r} has type {series.dtype}; allowed are numbers, strings, categories and Booleans."
    )
    return None


def _coded(name: str, values: np.ndarray, null: np.ndarray, *, numeric: bool, whole: bool) -> Column:
    codes = np.full(len(values), -1)
    levels, codes[~null] = np.unique(values[~null], return_inverse=True)
    return Column(name, levels, codes, numeric, whole)

"""Patterns: what is known of real coalitions, as figures with bands that the model must meet.

A figure is a number that trials give, such as the density of a mature coalition; its band says where it must
lie. A pattern holds if every figure of it lies inside its band with its whole 95 % interval.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from cisim.evidence.trials import Trials
from cisim.theory.sources import ASSUMPTION

__all__ = [
    "ABOVE_NOTHING",
    "Band",
    "Estimate",
    "Figure",
    "Pattern",
    "Rows",
    "RowsOf",
    "Status",
    "estimate",
    "mean",
    "status_of",
]

Status = Literal["holds", "fails", "undecided"]
Rows = Any
"""One row a replicate, of as many numbers as the figure needs: an array."""
RowsOf = Callable[[Trials], Rows]
"""What gives the rows of trials."""

ABOVE_NOTHING = 1e-9
"""An end of a band that leaves out 0 itself."""
RESAMPLES = 400
LEVEL = 0.95


@dataclass(frozen=True)
class Band:
    """From `low` to `high`, both allowed; `basis` is where the band is from: a source's key, or "assumption"."""

    low: float = -math.inf
    high: float = math.inf
    basis: str = ASSUMPTION

    def holds(self, value: float) -> bool:
        """True if the value lies inside."""
        return self.low <= value <= self.high

    def __str__(self) -> str:
        if self.low == ABOVE_NOTHING:
            return "above 0"
        if self.high == -ABOVE_NOTHING:
            return "below 0"
        if math.isinf(self.low):
            return f"at most {self.high:g}"
        return f"at least {self.low:g}" if math.isinf(self.high) else f"{self.low:g} to {self.high:g}"


def mean(rows: Rows) -> float:
    """Mean over replicates of the first number."""
    return float(rows[:, 0].mean())


@dataclass(frozen=True)
class Figure:
    """A number that a pattern is about.

    rows: what each replicate gives, (replicates, any) of numbers; reduce: the figure from some of these rows.
    band: where it must lie. seen: the same figure in real data, where there is one. says: in plain words.
    axis: what the axis of its picture counts, in plain words; percent: in hundredths.
    """

    name: str
    says: str
    band: Band
    rows: RowsOf
    reduce: Callable[[Rows], float] = mean
    unit: str = ""
    seen: float | None = None
    axis: str = ""
    percent: bool = False

    def rows_of(self, trials: Trials) -> Rows:
        """What each replicate of the trials gives, always (replicates, any)."""
        rows = self.rows(trials)
        return rows[:, None] if rows.ndim == 1 else rows

    def value(self, rows: Rows) -> float:
        """The figure from these rows; not finite, and without a warning, where they have none."""
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            return self.reduce(rows)


@dataclass(frozen=True)
class Pattern:
    """One thing that is known of real coalitions: `says`, its figures, its sources, and our reading of it.

    must: it has to hold before a version is published; else it is reported, with `reason` where it fails.
    """

    number: int
    name: str
    says: str
    figures: tuple[Figure, ...]
    sources: tuple[str, ...]
    reading: str = ""
    must: bool = True
    reason: str = ""


@dataclass(frozen=True)
class Estimate:
    """A figure as it came out: the value, its 95 % interval over replicates, and the verdict."""

    figure: Figure
    value: float
    low: float
    high: float
    replicates: int
    status: Status = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "status", status_of(self.figure.band, self.value, self.low, self.high))


def status_of(band: Band, value: float, low: float, high: float) -> Status:
    """ "holds" if the whole interval is inside, "fails" if it is all outside, else "undecided"."""
    if math.isnan(value):
        return "undecided"
    if band.holds(low) and band.holds(high):
        return "holds"
    return "fails" if high < band.low or low > band.high else "undecided"


def estimate(figure: Figure, trials: Trials) -> Estimate:
    """The figure with a 95 % interval: percentiles over 400 resamples of whole replicates (bootstrap)."""
    rows = figure.rows_of(trials)
    draws = np.random.default_rng(trials.seed)
    count = len(rows)
    again = [figure.value(rows[draws.integers(0, count, count)]) for _ in range(RESAMPLES)]
    low, high = np.nanquantile(again, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(figure, figure.value(rows), float(low), float(high), count)

"""Figures with intervals from one number a world: means, shares, quantiles and ratios of means.

Sources: Student (1908); Wilson (1927); Fieller (1954), Journal of the Royal Statistical Society B 16:175, for ratios;
order statistics for quantiles (David and Nagaraja 2003, Order Statistics, 3rd ed., section 7.1). `crossed`: where worlds
share their luck, as those of a study do, intervals are as wide as that makes them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import stdtrit
from scipy.stats import binom

from cisim.insight.crossed import Crossed
from cisim.insight.shares import wilson

__all__ = ["NONE", "Estimate", "mean_of", "quantile_of", "ratio_of", "share_of"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Estimate:
    """A figure and its interval at a level; `n` worlds. NaN: no value; an infinite end: it cannot be bounded."""

    value: float
    low: float
    high: float
    n: int

    @property
    def bounded(self) -> bool:
        """True if the figure has a value and both ends are finite."""
        return all(map(math.isfinite, (self.value, self.low, self.high)))

    @property
    def tells(self) -> bool:
        """True if the whole interval lies on one side of 0."""
        return self.low > 0 or self.high < 0

    def times(self, factor: float) -> Estimate:
        """The same figure in another unit; factor below 0 turns the interval round."""
        ends = sorted((self.low * factor, self.high * factor))
        return Estimate(self.value * factor, ends[0], ends[1], self.n)


NONE = Estimate(math.nan, math.nan, math.nan, 0)
"""Where there is no figure."""


def mean_of(values: Array, level: float, crossed: Crossed | None = None) -> Estimate:
    """The mean over worlds with Student's interval; NaN are left out. One world: an unbounded interval."""
    told = np.asarray(values, dtype=float)
    kept = ~np.isnan(told)
    known, n = told[kept], int(kept.sum())
    if n == 0:
        return NONE
    middle = float(known.mean())
    of = None if crossed is None else crossed.where(kept)
    freedom = n - 1 if of is None else of.freedom
    if freedom < 1:
        return Estimate(middle, -math.inf, math.inf, n)
    variance = float(known.var(ddof=1)) / n if of is None else float(of.effect(known)[0, 0])
    reach = float(stdtrit(freedom, 0.5 + level / 2)) * math.sqrt(variance)
    return Estimate(middle, middle - reach, middle + reach, n)


def share_of(happens: Array, level: float, crossed: Crossed | None = None) -> Estimate:
    """The share of worlds in which something happens, with Wilson's interval."""
    n = len(happens)
    if n == 0:
        return NONE
    worth = n * (_worth(happens, level, crossed))
    told = wilson(np.asarray(np.mean(happens) * worth), np.asarray(worth), level)
    return Estimate(float(told.value), float(told.low), float(told.high), n)


def quantile_of(values: Array, q: float, level: float, crossed: Crossed | None = None) -> Estimate:
    """A quantile over worlds, its interval between two order statistics; unbounded where there are too few worlds."""
    ordered = np.sort(np.asarray(values, dtype=float))
    n = len(ordered)
    if n == 0:
        return NONE
    if n > 1 and ordered[0] == ordered[-1]:
        return Estimate(float(ordered[0]), float(ordered[0]), float(ordered[0]), n)
    below_it = (values <= np.quantile(ordered, q)).astype(float)
    worth = _worth(below_it, level, crossed)
    of = max(1, round(n * worth))
    below = round(int(binom.ppf((1 - level) / 2, of, q)) * n / of)
    above = round((int(binom.ppf((1 + level) / 2, of, q)) + 1) * n / of)
    low = float(ordered[below - 1]) if below >= 1 else -math.inf
    high = float(ordered[above - 1]) if above <= n else math.inf
    return Estimate(float(np.quantile(ordered, q)), low, high, n)


def ratio_of(above: Array, below: Array, level: float, crossed: Crossed | None = None) -> Estimate:
    """The mean of `above` over the mean of `below`, paired by world, with Fieller's interval.

    The interval is unbounded (-inf to inf) where the mean of `below` cannot be told from 0: then no ratio can be
    told either, and the value is NaN.
    """
    n = len(above)
    freedom = n - 1 if crossed is None else crossed.freedom
    if freedom < 1:
        return Estimate(math.nan, -math.inf, math.inf, n)
    top, bottom = float(np.mean(above)), float(np.mean(below))
    spread = np.cov(above, below, ddof=1) / n if crossed is None else crossed.effect(above, below)
    t2 = float(stdtrit(freedom, 0.5 + level / 2)) ** 2
    a = bottom**2 - t2 * spread[1, 1]
    if a <= 0:
        return Estimate(math.nan, -math.inf, math.inf, n)
    b, c = top * bottom - t2 * spread[0, 1], top**2 - t2 * spread[0, 0]
    reach = math.sqrt(max(b * b - a * c, 0.0))
    return Estimate(top / bottom, float((b - reach) / a), float((b + reach) / a), n)


def _worth(happens: Array, level: float, crossed: Crossed | None) -> float:
    """As how much of a world of its own each world counts."""
    return (
        1.0 if crossed is None else float(crossed.worths(np.asarray(happens, dtype=float)[:, None], level)[0])
    )

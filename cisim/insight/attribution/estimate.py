"""Means over replicates with their intervals, and ratios of two such means with theirs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cisim.insight.crossed import Crossed

__all__ = ["Estimate", "of_mean", "of_ratio"]


@dataclass(frozen=True)
class Estimate:
    """A mean over replicates and the ends of its Student t interval; three arrays of one shape.

    NaN: cannot be told. Each interval has its level on its own: of 20 at 95 %, one misses by chance.
    """

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @property
    def sign(self) -> np.ndarray:
        """1 or -1 where the interval lies above or below 0, else 0."""
        return np.where(self.low > 0, 1, np.where(self.high < 0, -1, 0))

    def at(self, *place: int) -> tuple[float, float, float]:
        """Mean, low and high of one entry."""
        return float(self.mean[place]), float(self.low[place]), float(self.high[place])


def of_mean(samples: np.ndarray, level: float, crossed: Crossed | None = None) -> Estimate:
    """The mean of samples (..., replicates, months) over replicates, with its interval: (..., months).

    crossed: what replicates share; None: each is its own.
    """
    mean = samples.mean(axis=-2)
    reach = _student(samples.shape[-2], level, crossed) * np.sqrt(_variance(samples, crossed))
    return Estimate(mean, mean - reach, mean + reach)


def of_ratio(part: np.ndarray, whole: np.ndarray, level: float, crossed: Crossed | None = None) -> Estimate:
    """The mean of part (..., replicates, months) over the mean of whole (replicates, months).

    The interval holds every ratio s for which the mean of part - s whole is not distinguishable from 0. It is
    bounded exactly where the mean of whole is distinguishable from 0; elsewhere all is NaN.
    Source: Fieller (1954), Journal of the Royal Statistical Society B 16:175.
    """
    top, bottom = part.mean(axis=-2), whole.mean(axis=-2)
    scale = _student(whole.shape[-2], level, crossed) ** 2
    of_part, both, of_whole = _covariances(part, whole, crossed)
    squared = bottom**2 - scale * of_whole
    product = top * bottom - scale * both
    constant = top**2 - scale * of_part
    told = squared > 0
    squared, bottom = np.where(told, squared, math.nan), np.where(told, bottom, math.nan)
    reach = np.sqrt(np.maximum(product**2 - squared * constant, 0.0)) / squared
    return Estimate(top / bottom, product / squared - reach, product / squared + reach)


def _variance(samples: np.ndarray, crossed: Crossed | None) -> np.ndarray:
    """That of the mean of samples (..., replicates, months) over replicates: (..., months)."""
    *entries, count, months = samples.shape
    if crossed is None:
        return np.asarray(samples.var(axis=-2, ddof=1) / count)
    each = [
        crossed.variances(one) for one in samples.reshape(-1, count, months)
    ]  # one by one: they may be many
    return np.reshape(each, (*entries, months))


def _covariances(
    part: np.ndarray, whole: np.ndarray, crossed: Crossed | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of the means of part (..., replicates, months) and whole (replicates, months): (of part, of both, of whole)."""
    if crossed is None:
        count = whole.shape[-2]
        apart = part - part.mean(axis=-2, keepdims=True)
        around = whole - whole.mean(axis=-2, keepdims=True)
        both = (apart * around).sum(axis=-2) / (count * (count - 1))
        return _variance(part, None), both, _variance(whole, None)
    found = np.empty((*part.shape[:-2], part.shape[-1], 2, 2))
    for at in np.ndindex(found.shape[:-2]):
        found[at] = crossed.effect(part[(*at[:-1], slice(None), at[-1])], whole[:, at[-1]])
    return found[..., 0, 0], found[..., 0, 1], found[..., 1, 1]


def _student(count: int, level: float, crossed: Crossed | None) -> float:
    """Quantile of Student's t for a two-sided interval from so many replicates."""
    from scipy.special import stdtrit

    freedom = count - 1 if crossed is None else max(crossed.freedom, 1)
    return float(stdtrit(freedom, 0.5 + level / 2))

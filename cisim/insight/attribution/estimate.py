"""Means over replicates with their intervals, and ratios of two such means with theirs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

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


def of_mean(samples: np.ndarray, level: float) -> Estimate:
    """The mean of samples (..., replicates, months) over replicates, with its interval: (..., months)."""
    count = samples.shape[-2]
    mean = samples.mean(axis=-2)
    reach = _student(count, level) * samples.std(axis=-2, ddof=1) / math.sqrt(count)
    return Estimate(mean, mean - reach, mean + reach)


def of_ratio(part: np.ndarray, whole: np.ndarray, level: float) -> Estimate:
    """The mean of part (..., replicates, months) over the mean of whole (replicates, months).

    The interval holds every ratio s for which the mean of part - s whole is not distinguishable from 0. It is
    bounded exactly where the mean of whole is distinguishable from 0; elsewhere all is NaN.
    Source: Fieller (1954), Journal of the Royal Statistical Society B 16:175.
    """
    count = whole.shape[-2]
    top, bottom = part.mean(axis=-2), whole.mean(axis=-2)
    apart, around = part - top[..., None, :], whole - bottom[..., None, :]
    scale = _student(count, level) ** 2 / (count * (count - 1))
    squared = bottom**2 - scale * (around**2).sum(axis=-2)
    crossed = top * bottom - scale * (apart * around).sum(axis=-2)
    constant = top**2 - scale * (apart**2).sum(axis=-2)
    told = squared > 0
    squared, bottom = np.where(told, squared, math.nan), np.where(told, bottom, math.nan)
    reach = np.sqrt(np.maximum(crossed**2 - squared * constant, 0.0)) / squared
    return Estimate(top / bottom, crossed / squared - reach, crossed / squared + reach)


def _student(count: int, level: float) -> float:
    """Quantile of Student's t for a two-sided interval from so many replicates."""
    from scipy.special import stdtrit

    return float(stdtrit(count - 1, 0.5 + level / 2))

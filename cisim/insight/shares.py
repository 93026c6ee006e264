"""Shares of worlds, with Wilson's interval."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

__all__ = ["Share", "over", "wilson"]


@dataclass(frozen=True)
class Share:
    """A share of pairs, 0 to 1, with its Wilson interval; NaN where there are no pairs.

    Source: Wilson (1927), Journal of the American Statistical Association 22:209.
    """

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray


def wilson(count: np.ndarray, n: np.ndarray, level: float) -> Share:
    """The share count / n with its Wilson interval; an end at 0 or 1 is exactly there. NaN where n is 0."""
    z = NormalDist().inv_cdf(0.5 + level / 2)
    share = over(count, n)
    middle = over(count + z * z / 2, n + z * z)
    reach = z * np.sqrt(n * share * (1 - share) + z * z / 4) / (n + z * z)
    low = np.where((count == 0) & (n > 0), 0.0, np.maximum(middle - reach, 0.0))
    high = np.where((count == n) & (n > 0), 1.0, np.minimum(middle + reach, 1.0))
    return Share(share[()], low[()], high[()])


def over(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """The ratio; NaN where the whole is not above 0."""
    room = np.full(np.shape(whole), np.nan)
    return np.asarray(np.divide(part, whole, out=room, where=np.asarray(whole > 0)))

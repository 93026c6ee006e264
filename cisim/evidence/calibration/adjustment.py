"""Regression adjustment: what the accepted draws would be, had their statistics been exactly the values asked for.

Near the target a parameter follows the statistics about linearly. A weighted regression of the accepted draws'
scores on the statistics that have a value moves each draw along that line; draws further off weigh less, as
1 - (distance / tolerance)^2. It works on normal scores, so a draw stays within its range. Bands need none of it.

Source: Beaumont, Zhang and Balding (2002), Genetics 162:2025, doi:10.1093/genetics/162.4.2025.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cisim.evidence.calibration.pool import Accepted, Pool, effective_size
from cisim.evidence.calibration.targets import Target

__all__ = ["LEAST_PER_VALUE", "adjusted"]

Array = np.ndarray[Any, Any]

BY_CHANCE = 1e-3
"""A parameter that the statistics explain no better than chance does so often is left as it is."""
LEAST_PER_VALUE = 10
"""Effective runs that the regression needs for each value among the targets."""


def adjusted(pool: Pool, accepted: Accepted, targets: Sequence[Target]) -> tuple[Array, Array]:
    """(scores (n, d), weights (n,) summing to 1) of the accepted runs, moved to where the values are met.

    As they are without a value among the targets, at tolerance 0, where a statistic is missing, and where all
    are equally far.
    """
    from scipy.stats import chi2

    scores = pool.scores[accepted.places]
    values = [at for at, target in enumerate(targets) if not target.is_band]
    if not values or accepted.tolerance == 0:
        return scores, accepted.weights
    told = np.stack([_excess(targets[at], pool.statistics[accepted.places, at]) for at in values], axis=1)
    weights = accepted.weights * (1 - (pool.distances[accepted.places] / accepted.tolerance) ** 2)
    if not np.isfinite(told).all() or weights.sum() == 0:
        return scores, accepted.weights
    centre = weights / weights.sum()
    away, off = scores - centre @ scores, told - centre @ told
    root = np.sqrt(centre)[:, None]
    slopes = np.linalg.lstsq(root * off, root * away, rcond=None)[0]
    explained = centre @ (off @ slopes) ** 2 / (centre @ away**2)
    slopes[:, explained * effective_size(centre) < chi2.isf(BY_CHANCE, len(values))] = 0.0
    return scores - told @ slopes, centre


def _excess(target: Target, statistic: Array) -> Array:
    """How many standard deviations the statistic lies above the value."""
    return np.asarray((statistic - (target.value or 0.0)) / (target.sd or 1.0))

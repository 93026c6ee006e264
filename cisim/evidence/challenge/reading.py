"""What the replicates of a point say of the claim there: the figure, its interval, and whether it is false.

A point has few replicates, so the variance of its own is taken together with that of all points (moderated t:
Smyth 2004, doi:10.2202/1544-6115.1027). A share has the exact interval (Clopper & Pearson 1934,
doi:10.1093/biomet/26.4.404).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.evidence.claims.claim import Claim
from cisim.evidence.claims.kinds import deviations, figure_of, known
from cisim.evidence.pattern import Figure, Status, estimate, status_of
from cisim.evidence.trials import Trials

__all__ = ["FEWEST", "Reading", "closely", "exact", "margin", "pooled_variance", "read"]

Array = np.ndarray[Any, Any]

LEVEL = 0.99
"""Of the interval by which a point is judged: many points are, some of them several times. Assumption."""
PRIOR_FREEDOM = 4.0
"""As many replicates' worth is the variance that all points share. Assumption."""
FEWEST = {"mean": 4, "ratio": 4, "median": 8, "spread": 8, "share": 8}
"""Replicates with which a point begins, by the kind of figure. Assumption."""


@dataclass(frozen=True)
class Reading:
    """The figure of a point, the interval it was judged by, replicates with a value, and the verdict.

    status: "holds" or "fails" if the whole interval lies inside or outside the band, else "undecided".
    """

    value: float
    low: float
    high: float
    replicates: int
    status: Status


def read(claim: Claim, rows: Array, shared: float = 0.0) -> Reading:
    """The reading of one point. shared: the variance that all points share, 0 if there is none to share."""
    rows = known(rows)
    count, value = len(rows), figure_of(claim.figure, rows)
    if count < 2 or math.isnan(value):
        return Reading(value, -math.inf, math.inf, count, "undecided")
    if claim.figure == "share":
        low, high = exact(round(value * count), count, LEVEL)
    else:
        reach = _reach(float(deviations(claim.figure, rows).var(ddof=1)), count, shared)
        low, high = value - reach, value + reach
    return Reading(value, low, high, count, status_of(claim.band, value, low, high))


def closely(claim: Claim, rows: Array, seed: int) -> Reading:
    """The reading of a point with many replicates of its own, at 95 %, as patterns are read."""
    rows = known(rows)
    value = figure_of(claim.figure, rows)
    if len(rows) < 2 or math.isnan(value):
        return Reading(value, -math.inf, math.inf, len(rows), "undecided")
    if claim.figure == "share":
        low, high = exact(round(value * len(rows)), len(rows))
    else:
        figure = Figure(
            claim.figure, claim.says, claim.band, lambda trials: rows, lambda some: figure_of(claim.figure, some)
        )  # fmt: skip
        found = estimate(figure, Trials(seed=seed))
        low, high = found.low, found.high
    return Reading(value, low, high, len(rows), status_of(claim.band, value, low, high))


def pooled_variance(claim: Claim, points: Sequence[Array]) -> float:
    """The mean over points of the variance between replicates, of how far each moves the figure."""
    found = [
        float(deviations(claim.figure, rows).var(ddof=1))
        for rows in map(known, points)
        if len(rows) > 1 and not math.isnan(figure_of(claim.figure, rows))
    ]
    return float(np.mean(found)) if found else 0.0


def margin(claim: Claim, value: float) -> float:
    """How far inside the band a figure lies; below 0 outside, infinite where there is none."""
    if math.isnan(value):
        return math.inf
    return min(value - claim.band.low, claim.band.high - value)


def exact(count: int, whole: int, level: float = 0.95) -> tuple[float, float]:
    """The exact interval of a share of which `count` in `whole` were seen, at most 1 - level of error in all."""
    from scipy.special import betaincinv

    error = 0.5 * (1.0 - level)
    low = float(betaincinv(count, whole - count + 1, error)) if count else 0.0
    return low, float(betaincinv(count + 1, whole - count, 1.0 - error)) if count < whole else 1.0


def _reach(variance: float, count: int, shared: float) -> float:
    from scipy.special import stdtrit

    prior = PRIOR_FREEDOM if shared > 0 else 0.0
    freedom = prior + count - 1
    moderated = (prior * shared + (count - 1) * variance) / freedom
    return float(stdtrit(freedom, 0.5 + 0.5 * LEVEL)) * math.sqrt(moderated / count)

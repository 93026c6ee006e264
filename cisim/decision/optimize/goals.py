"""What is made as large as possible, as a number a world whose mean over worlds is the figure.

The mean of the worst tenth of worlds is the mean of q - max(q - x, 0) / 0.1, with q the tenth percentile (Rockafellar
and Uryasev 2000, Journal of Risk 2:21); as such it can be paired, and gets an interval, like any mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr

from cisim.decision.estimates import Estimate, mean_of, share_of
from cisim.insight.crossed import Crossed

__all__ = ["SOFT", "Runs", "figure_of", "values_of"]

Array = np.ndarray[Any, Any]
SOFT = 0.04
"""Severity over which the search counts a near miss of the target as partly reached; never in what is reported."""
TENTH = 0.1


@dataclass(frozen=True)
class Runs:
    """What came of one plan, a number a world: contribution and money by the month, lowest severity less the target.

    crossed: what the worlds share, if anything.
    """

    contribution: Array
    spent: Array
    above_target: Array
    crossed: Crossed | None = None

    @property
    def reached(self) -> Array:
        """1 in worlds that reach the target by the month, else 0."""
        return np.asarray((self.above_target <= 0).astype(float))


def values_of(goal: str, runs: Runs, *, soft: bool = False) -> Array:
    """(worlds,): numbers whose mean is the goal. soft: for the search, a near miss of the target counts in part."""
    if goal == "reached":
        return np.asarray(ndtr(-runs.above_target / SOFT)) if soft else runs.reached
    if goal == "contribution":
        return runs.contribution
    edge = np.quantile(runs.contribution, TENTH)
    return np.asarray(edge - np.maximum(edge - runs.contribution, 0.0) / TENTH)


def figure_of(goal: str, runs: Runs, level: float = 0.95) -> Estimate:
    """The goal with its interval."""
    values = values_of(goal, runs)
    tell = share_of if goal == "reached" else mean_of
    return tell(values > 0 if goal == "reached" else values, level, runs.crossed)

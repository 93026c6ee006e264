"""The assumptions that matter most for the coalition's contribution, from the study behind docs/assumptions.csv."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["MATTER_MOST", "MATTER_RUNS", "Matters"]


class Matters(NamedTuple):
    """A parameter's share of the variance of the contribution (total Sobol index) with its 95 % interval."""

    name: str
    share: float
    low: float
    high: float


MATTER_MOST = (
    Matters("capacity_median", 0.184, 0.072, 0.296),
    Matters("need_intensity", 0.166, 0.123, 0.210),
    Matters("potency", 0.127, 0.085, 0.170),
    Matters("agreement_expected", 0.054, 0.030, 0.079),
    Matters("execution_median", 0.052, 0.034, 0.071),
    Matters("kept_base", 0.052, 0.031, 0.072),
)
MATTER_RUNS = 56_320
"""Runs of the preset collective-impact that gave them; a test holds all to docs/assumptions.csv."""

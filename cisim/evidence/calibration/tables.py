"""A calibration as tidy tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cisim.evidence.calibration.findings import met, share, weighted_quantiles
from cisim.evidence.calibration.targets import implausibility

if TYPE_CHECKING:
    import polars as pl

    from cisim.evidence.calibration.result import Calibration

__all__ = ["pair_table", "parameter_table", "round_table", "target_table"]


def parameter_table(told: Calibration) -> pl.DataFrame:
    import polars as pl

    middle, low, high = weighted_quantiles(told.values, told.weights, (0.5, 0.05, 0.95))
    columns = {
        "parameter": list(told.names), "prior_low": told.prior.low, "prior_high": told.prior.high,
        "scale": ["log" if log else "linear" for log in told.prior.log],
        "median": middle, "low": low, "high": high, "narrowed": told.narrowing,
    }  # fmt: skip
    return pl.DataFrame(columns)


def target_table(told: Calibration) -> pl.DataFrame:
    import polars as pl

    chosen = told.pool.statistics[told.accepted.places]
    off = implausibility(told.targets, told.pool.statistics)
    meets = met(told.targets, chosen)
    columns = {
        "target": [target.name for target in told.targets],
        "asked": [target.in_words() for target in told.targets],
        "nearest": off.min(axis=0),
        "implausibility": weighted_quantiles(off[told.accepted.places], told.accepted.weights, (0.5,))[0],
        "median": [_median(chosen[:, at], told.accepted.weights) for at in range(len(told.targets))],
        "prior_meets": [share(told.pool.weights, told.meets[:, at]).value for at in range(len(told.targets))],
        "accepted_meet": told.accepted.weights @ meets,
    }
    return pl.DataFrame(columns)


def pair_table(told: Calibration) -> pl.DataFrame:
    import polars as pl

    names = [target.name for target in told.targets]
    excluded = {frozenset((pair.one, pair.other)) for pair in told.excluded}
    counts, given = told.joint
    pairs = [(one, other) for one in range(len(names)) for other in range(len(names)) if one != other]
    columns = {
        "target": [names[one] for one, _ in pairs],
        "with": [names[other] for _, other in pairs],
        "meet": [int(counts[one, one]) for one, _ in pairs],
        "meet_both": [int(counts[pair]) for pair in pairs],
        "prior_share": [_or_none(given[pair]) for pair in pairs],
        "excluded": [frozenset((names[one], names[other])) in excluded for one, other in pairs],
    }
    kinds = [pl.String, pl.String, pl.Int64, pl.Int64, pl.Float64, pl.Boolean]
    return pl.DataFrame(columns, schema=dict(zip(columns, kinds, strict=True)))


def round_table(told: Calibration) -> pl.DataFrame:
    import polars as pl

    columns = {name: [getattr(step, name) for step in told.steps] for name in told.steps[0]._fields}
    return pl.DataFrame({"round": range(len(told.steps)), **columns})


def _median(statistic: np.ndarray, weights: np.ndarray) -> float | None:
    """The weighted median of those that are there; None if none is."""
    known = np.isfinite(statistic)
    if not known.any():
        return None
    return float(weighted_quantiles(statistic[known, None], weights[known], (0.5,))[0, 0])


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)

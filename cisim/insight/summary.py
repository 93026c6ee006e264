"""An ensemble in a few figures: the median and the middle 80 % of replicates, at the end of the run."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cisim.theory.measures import MEASURES

if TYPE_CHECKING:
    from cisim.engine.ensemble import Ensemble

__all__ = ["LEVELS", "TELLING", "Band", "Row", "band", "months_to_target", "share_reaching_target", "table"]

LEVELS = (0.1, 0.5, 0.9)
"""Lower end of the band, median, upper end."""

TELLING: dict[str, tuple[str, ...]] = {
    "Issue": ("severity", "contribution", "system_change"),
    "Conditions achieved": (
        "agenda_consensus", "agenda_error", "indicator_coverage", "alignment", "backbone_support",
    ),
    "Network": ("trust_in_contacts", "contact_density", "monthly_density"),
    "Members and cost": ("engagement", "members", "cost_total"),
}  # fmt: skip
"""The measures that tell most about a run, by heading."""


@dataclass(frozen=True)
class Band:
    """The median over replicates, and the values that a tenth of them stay below or rise above.

    NaN: no replicate has a value. inf: not within the run (only for months to the target).
    """

    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Row:
    """One figure of each ensemble, in the order given. A share of replicates has no band."""

    name: str
    unit: str
    heading: str
    values: tuple[Band, ...]
    meaning: str = ""


def band(ensemble: Ensemble, measure: str, month: int = -1) -> Band:
    """Median and band of a measure in a month (default: the last) over replicates that have a value."""
    return _band(ensemble[measure][:, month])


def share_reaching_target(ensemble: Ensemble) -> float:
    """Share of replicates whose severity reaches the scenario's target at least once."""
    return float(np.mean(~np.isnan(ensemble.months_to_target())))


def months_to_target(ensemble: Ensemble) -> Band:
    """Months until severity reaches the target, over all replicates; inf where it is not reached in time.

    Replicates that never reach it count as later than all others, so the median is not flattered by them
    dropping out.
    """
    months = np.nan_to_num(ensemble.months_to_target(), nan=math.inf)
    low, median, high = np.quantile(months, LEVELS, method="inverted_cdf")
    return Band(float(low), float(median), float(high))


def table(ensembles: Sequence[Ensemble], measures: Iterable[str] | None = None) -> list[Row]:
    """The rows that tell what came of each ensemble; of `measures` only, where these are given.

    Rows on the target come with severity.
    """
    rows = []
    for heading, names in (TELLING if measures is None else _grouped(measures)).items():
        for name in names:
            entry = MEASURES[name]
            values = tuple(band(ensemble, name) for ensemble in ensembles)
            rows.append(Row(name, entry.unit, heading, values, entry.meaning))
            if name == "severity":
                rows += _target_rows(ensembles, heading)
    return rows


def _target_rows(ensembles: Sequence[Ensemble], heading: str) -> list[Row]:
    shares = [100 * share_reaching_target(ensemble) for ensemble in ensembles]
    return [
        Row("target reached", "% of runs", heading, tuple(Band(s, s, s) for s in shares),
            "Replicates whose severity reaches the target."),
        Row("months to target", "months", heading, tuple(map(months_to_target, ensembles)),
            "First month with severity at or below the target; later than the run if never."),
    ]  # fmt: skip


def _grouped(measures: Iterable[str]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    for name in measures:
        heading = MEASURES[name].group.capitalize()
        groups[heading] = (*groups.get(heading, ()), name)
    return groups


def _band(values: np.ndarray) -> Band:
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return Band(math.nan, math.nan, math.nan)
    low, median, high = np.quantile(known, LEVELS)
    return Band(float(low), float(median), float(high))

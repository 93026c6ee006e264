"""Plans on the same draws, compared once for every month."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.app.drawing.bands import quantiles
from cisim.app.drawing.desk_changes import changes
from cisim.app.drawing.desk_lanes import lanes_of
from cisim.app.drawing.desk_outcomes import DESK_OUTCOMES, REACHED, DeskOutcome
from cisim.app.pictures import Band, Outcome
from cisim.insight.comparison import Comparison, compare, compare_ensembles
from cisim.insight.shares import Share

if TYPE_CHECKING:
    from cisim.engine.ensemble import Ensemble

__all__ = ["LETTERS", "MEASURES_NEEDED", "Compared", "compared_of", "rounded"]

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
COURSES = tuple(outcome for outcome in DESK_OUTCOMES if not outcome.part)
MEASURES_NEEDED = tuple(outcome.name for outcome in DESK_OUTCOMES)
"""The measures that the ensembles of the Desk must report."""


@dataclass(frozen=True)
class Compared:
    """Plans on the same draws, compared once for every month; `desk_picture` reads a month off it.

    titles: what people call the plans; names: what sentences call them, "Plan A", "Plan B", ...
    against: {(plan, outcome): that plan less the first}. reached: of each plan, the share of worlds that reached
    the target by each month. bands: of each plan and outcome.
    """

    ensembles: tuple[Ensemble, ...]
    titles: tuple[str, ...]
    against: Mapping[tuple[int, str], Comparison]
    reached: tuple[Share, ...]
    bands: Mapping[tuple[int, str], Band]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f"Plan {LETTERS[at]}" for at in range(len(self.titles)))

    @cached_property
    def fixed(self) -> list[dict[str, Any]]:
        """Of each plan what is the same in every month."""
        lanes = lanes_of([ensemble.scenario for ensemble in self.ensembles])
        limits = {outcome.name: _axis(self, outcome) for outcome in COURSES}
        return [
            {
                "title": self.titles[plan],
                "name": self.names[plan],
                "lanes": lanes[plan],
                "outcomes": [_outcome(one, self.bands[plan, one.name], limits[one.name]) for one in COURSES],
                "reached_path": {name: _list(getattr(share, name)) for name in ("value", "low", "high")},
            }
            for plan, share in enumerate(self.reached)
        ]

    @cached_property
    def paths(self) -> dict[tuple[int, str], dict[str, list[float | None]]]:
        """Of each difference its mean with interval, by month."""
        return {
            (plan, one.name): _mean_path(self.against[plan, one.name], one)
            for plan in range(1, len(self.titles))
            for one in (*DESK_OUTCOMES, REACHED)
        }

    @cached_property
    def changes(self) -> list[dict[str, Any]]:
        """What differs between the plans."""
        return changes([ensemble.scenario for ensemble in self.ensembles])

    @property
    def months(self) -> int:
        """The horizon."""
        return len(self.ensembles[0].months) - 1

    @property
    def worlds(self) -> int:
        """How many worlds each plan was run in."""
        return len(self.ensembles[0].replicates)


def compared_of(ensembles: Sequence[Ensemble], titles: Sequence[str] | None = None) -> Compared:
    """Every plan against the first. Raises SpecError where they were not run in the same worlds, equally long."""
    told = tuple(titles or (e.scenario.title or e.scenario.name for e in ensembles))
    hits = [_reached(ensemble) for ensemble in ensembles]
    against: dict[tuple[int, str], Comparison] = {}
    for plan, ensemble in enumerate(ensembles[1:], start=1):
        for outcome in DESK_OUTCOMES:
            against[plan, outcome.name] = compare_ensembles(ensembles[0], ensemble, outcome.name)
        against[plan, REACHED.name] = compare(hits[0], hits[plan], measure=REACHED.name)
    bands = {
        (plan, outcome.name): _band(ensemble[outcome.name])
        for plan, ensemble in enumerate(ensembles)
        for outcome in COURSES
    }
    shares = tuple(compare(np.zeros_like(hit), hit).b_higher for hit in hits)
    return Compared(tuple(ensembles), told, against, shares, bands)


def _outcome(outcome: DeskOutcome, band: Band, limits: tuple[float, float]) -> Outcome:
    return Outcome(
        name=outcome.name, label=outcome.label, unit=outcome.unit, tier=outcome.tier, better=outcome.better,
        low=limits[0], high=limits[1], band=band, one=[], baseline=None, alone=None,
    )  # fmt: skip


def _reached(ensemble: Ensemble) -> np.ndarray:
    """(replicates, months + 1): 1 from the month on in which the target was first reached."""
    below = ensemble["severity"] <= ensemble.scenario.issue.target
    return np.maximum.accumulate(below, axis=1).astype(float)


def _band(values: np.ndarray) -> Band:
    low, lower, median, upper, high = (_list(row) for row in quantiles(values))
    return Band(low=low, lower=lower, median=median, upper=upper, high=high)


def _mean_path(result: Comparison, outcome: DeskOutcome) -> dict[str, list[float | None]]:
    """The mean of the paired difference and its interval by month; empty where no course is drawn."""
    if outcome.part:
        return {}
    return {"value": _list(result.difference), "low": _list(result.low), "high": _list(result.high)}


def _axis(compared: Compared, outcome: DeskOutcome) -> tuple[float, float]:
    """One axis for all plans; it holds 0, and 1 where the outcome is a share of the start."""
    ends = [
        value
        for plan in range(len(compared.ensembles))
        for name in ("low", "high")
        for value in compared.bands[plan, outcome.name][name]
        if value is not None
    ]
    low, high = min([0.0, *ends]), max([outcome.most, *ends])
    step = 10 ** math.floor(math.log10(max(high - low, 1e-6))) / 2
    return round(math.floor(low / step + 1e-9) * step, 6), round(math.ceil(high / step - 1e-9) * step, 6)


def _list(values: np.ndarray) -> list[float | None]:
    return [rounded(value) for value in values.tolist()]


def rounded(value: Any) -> float | None:
    """Four digits of a number; None where it is none."""
    told = float(value)
    return float(f"{told:.4g}") if math.isfinite(told) else None

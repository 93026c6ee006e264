"""What a study keeps of a run: measures in chosen months, and figures of the whole course."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator, Field

from cisim.errors import SpecError, nearest
from cisim.theory.measures import MEASURES
from cisim.world.fields import one_of, short, within
from cisim.world.record import Record

__all__ = ["Columns", "Keep", "Summary", "keep_faults"]

Values = np.ndarray[Any, np.dtype[np.float64]]
TAKES = ("months-to-target", "first-month", "mean", "least", "most", "change")
_COLUMNS = ("point", "key", "run", "replicate", "month", "kind", "message", "repeat")
"""Columns of the tables of runs and of failures that are there whatever is kept."""


def _names(value: object) -> object:
    if isinstance(value, (list, tuple)) and value and all(isinstance(name, str) for name in value):
        if len(set(value)) < len(value):
            raise SpecError(f"names a measure twice, given {short(value)}; name each once.")
        return tuple(value)
    raise SpecError(
        f"must be a list of names of measures, given {short(value)}; list them with: cisim measures"
    )


def _month_list(value: object) -> object:
    if value is None or value == "all":
        return value
    whole = isinstance(value, (list, tuple)) and all(
        isinstance(month, int) and not isinstance(month, bool) and month >= 0 for month in value
    )
    if not whole or not value:
        raise SpecError(f'must be "all" or a list of months such as [12, 60, 120], given {short(value)}.')
    return tuple(sorted(set(value)))  # type: ignore[call-overload]


def _identifier(value: object) -> object:
    if isinstance(value, str) and value.isidentifier():
        return value
    raise SpecError(f"must be a name of letters, digits and _, given {short(value)}; such as 'mean_trust'.")


class Keep(Record):
    """`[keep]`: measures by name, in these months ("all", or a list; default: the last month)."""

    measures: Annotated[tuple[str, ...], BeforeValidator(_names)] = ("severity", "contribution")
    months: Annotated[Literal["all"] | tuple[int, ...] | None, BeforeValidator(_month_list)] = None


class Summary(Record):
    """`[[summary]]`: one number for the whole course of a run, from month 1 to the horizon.

    take "months-to-target": first month with severity at or below the scenario's target; "first-month": first
    month in which the measure is `at_most` or `at_least` something (no value if there is none); "mean",
    "least", "most" of the measure over the months; "change": the last month less month 0.
    """

    name: Annotated[str, BeforeValidator(_identifier)] = Field(examples=['name = "mean_trust"'])
    take: Annotated[
        Literal["months-to-target", "first-month", "mean", "least", "most", "change"], one_of(*TAKES)
    ] = Field(examples=['take = "mean"'])
    measure: str | None = None
    at_most: Annotated[float | None, within(-1e12, 1e12, drawn=True)] = None
    at_least: Annotated[float | None, within(-1e12, 1e12, drawn=True)] = None

    def faults(self) -> list[str]:
        """What does not fit together in this summary."""
        found = []
        if self.take == "months-to-target" and self.measure not in (None, "severity"):
            found.append(
                f".measure: months-to-target is of severity, given {self.measure!r}; leave measure out."
            )
        if self.take != "months-to-target" and self.measure is None:
            found.append(f' takes {self.take} of no measure; add one, for example measure = "severity".')
        bounds = [key for key in ("at_most", "at_least") if getattr(self, key) is not None]
        if self.take == "first-month" and len(bounds) != 1:
            given = "both" if bounds else "neither"
            found.append(
                f" takes first-month, which needs at_most or at_least, given {given}; give one of them."
            )
        if self.take != "first-month" and bounds:
            found.append(
                f" takes {self.take}; leave out {' and '.join(bounds)}, which only first-month takes."
            )
        return [f"summary {self.name!r}{fault}" for fault in found]

    @property
    def content(self) -> str:
        """What is kept, whatever it is called: `first-month severity <= 0.8`. Stores know it by this."""
        bound = "" if self.at_most is None else f" <= {self.at_most!r}"
        bound += "" if self.at_least is None else f" >= {self.at_least!r}"
        return f"{self.take} {self.reads}{bound}"

    @property
    def is_time(self) -> bool:
        """True if it is a month, which some runs never reach."""
        return self.take in ("months-to-target", "first-month")

    @property
    def reads(self) -> str:
        """The measure that it reads."""
        return self.measure or "severity"

    def of(self, course: Values, target: float) -> Values:
        """(runs,) from the measure's course (runs, months + 1)."""
        if self.is_time:
            bound = target if self.at_most is None else self.at_most
            reached = course <= bound if self.at_least is None else course >= self.at_least
            first = reached[:, 1:].argmax(axis=1) + 1.0
            return np.where(reached[:, 1:].any(axis=1), first, np.nan)
        later = course[:, 1:]
        if self.take == "change":
            return course[:, -1] - course[:, 0]
        if self.take == "mean":
            return np.asarray(later.mean(axis=1))
        return np.asarray(later.min(axis=1) if self.take == "least" else later.max(axis=1))


@dataclass(frozen=True)
class Columns:
    """The numbers kept of each run, in order: `measure@month` for each month of each measure, then summaries."""

    measures: tuple[str, ...]
    months: tuple[int, ...]
    summaries: tuple[Summary, ...]
    horizon: int

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each column."""
        kept = [f"{measure}@{month}" for measure in self.measures for month in self.months]
        return (*kept, *(summary.name for summary in self.summaries))

    @property
    def stored(self) -> tuple[str, ...]:
        """What a store calls each column: summaries by what they are, so that a new meaning is a new column."""
        return (*self.names[: -len(self.summaries) or None], *(summary.content for summary in self.summaries))

    @property
    def needs(self) -> tuple[str, ...]:
        """The measures that a run must report."""
        return tuple(dict.fromkeys([*self.measures, *(summary.reads for summary in self.summaries)]))

    @property
    def reported(self) -> Sequence[int]:
        """The months in which a run must report: all of them where a summary needs the whole course."""
        return range(self.horizon + 1) if self.summaries else self.months

    def of(self, values: Values, target: float) -> Values:
        """(runs, columns) from what runs report (runs, reported months, needed measures)."""
        places = list(self.months) if self.summaries else slice(None)
        at = [self.needs.index(measure) for measure in self.measures]
        kept = values[:, places][:, :, at].transpose(0, 2, 1).reshape(len(values), len(at) * len(self.months))
        told = [
            summary.of(values[:, :, self.needs.index(summary.reads)], target) for summary in self.summaries
        ]
        return np.column_stack([kept, *told])


def keep_faults(
    keep: Keep,
    summaries: Sequence[Summary],
    *,
    horizon: int | None,
    known: Sequence[str] | None,
    factors: Sequence[str],
) -> list[str]:
    """What is wrong between what is kept, the horizon, the measures that runs report, and the factors.

    Where the horizon or the known measures are None, nobody knows them, and nothing is said of them.
    """
    found = [fault for summary in summaries for fault in summary.faults()]
    if known is not None:
        named = [("keep.measures", name) for name in keep.measures]
        named += [(f"summary {one.name!r}.measure", one.measure) for one in summaries if one.measure]
        found += [f"{place}: {_unknown(name, known)}" for place, name in named if name not in known]
    if horizon is not None:
        late = [month for month in keep.months or () if isinstance(month, int) and month > horizon]
        found += [f"keep.months: {m} is after the horizon; allowed is 0 to {horizon} months." for m in late]
    names = Counter(summary.name for summary in summaries)
    found += [f"summary {name!r} is there {n} times; name each once." for name, n in names.items() if n > 1]
    taken = dict.fromkeys(factors, "a factor") | dict.fromkeys(MEASURES, "a measure")
    taken |= dict.fromkeys(_COLUMNS, "a column of every table of runs")
    found += [
        f"summary {name!r}.name: is the name of {taken[name]}; choose another, for example 'my_{name}'."
        for name in names
        if name in taken
    ]
    return found


def _unknown(name: str, known: Sequence[str]) -> str:
    return f"there is no measure {name!r}.{nearest(name, known) or ' List them: cisim measures'}"

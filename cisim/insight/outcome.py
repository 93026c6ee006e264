"""What a question is about: a number of every run as an array, and one point of a study by its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cisim.errors import SpecError, did_you_mean

if TYPE_CHECKING:
    from cisim.study.kept.results import Results

__all__ = ["Outcome", "outcome_of", "point_of"]


@dataclass(frozen=True)
class Outcome:
    """values (points, replicates) or (points, replicates, months), the months, and what it is called."""

    values: np.ndarray
    months: tuple[int, ...] | None
    name: str
    notes: tuple[str, ...]


def outcome_of(results: Results, of: str, *, whole: bool) -> Outcome:
    """A number kept, or a measure over the months kept; `whole`: every run must be there."""
    study = results.study
    if whole and (counts := results.counts())["left"] + counts["failed"]:
        raise SpecError(
            f"{counts['left']:,} runs are still to be made and {counts['failed']:,} failed; this needs all of them.",
            source=f"Study {study.name!r}",
        )
    if of in study.columns.measures:
        months = tuple(month for month in study.columns.months if month > 0) or study.columns.months
        values = results.array([f"{of}@{month}" for month in months])
        return (
            Outcome(values, months, of, ())
            if len(months) > 1
            else Outcome(values[:, :, 0], None, f"{of}@{months[0]}", ())
        )
    if of not in results.columns:
        known = [*results.columns, *study.columns.measures]
        raise SpecError(f"no number {of!r} was kept.{did_you_mean(of, known)}", source="--of")
    values = results.array(of)
    notes: tuple[str, ...] = ()
    times = {summary.name for summary in study.columns.summaries if summary.is_time}
    if of in times:
        made = ~np.isnan(results.made())
        never = made & np.isnan(values)
        if never.any():
            late = study.months + 1
            share = never.sum() / made.sum()
            notes = (f"Runs that never got there count as month {late} ({share:.0%} of runs).",)
            values = np.where(never, float(late), values)
    return Outcome(values, None, of, notes)


def point_of(results: Results, told: Mapping[str, Any], flag: str) -> int:
    """The one point that has these values."""
    points, faults = results.points(), []
    for name, value in told.items():
        if name not in results.factors:
            faults.append(f"no factor {name!r}.{did_you_mean(name, results.factors)}")
            continue
        like = _like(value, points[name].dtype)
        matching = points.head(0) if like is None else points.filter(pl.col(name) == pl.lit(like))
        if not len(matching):
            known = points[name].drop_nulls().unique().sort().to_list()
            shown = ", ".join(map(str, known[:8])) + (" …" if len(known) > 8 else "")
            faults.append(f"no point with {name} = {value} among those chosen; it has {shown}.")
            continue
        points = matching
    if not faults and points["key"].n_unique() != 1:
        free = [name for name in results.factors if points[name].n_unique() > 1]
        faults.append(f"{len(points)} points have these values; name {', '.join(free)} too.")
    if faults:
        raise SpecError(faults, source=f"--{flag}")
    return int(points["point"][0])


def _like(value: Any, kind: pl.DataType) -> Any:
    """The value as the column's kind holds it; None if it cannot."""
    if kind == pl.String:
        return (
            str(value).lower()
            if isinstance(value, bool)
            else f"{value:g}"
            if isinstance(value, float)
            else value
        )
    if kind == pl.Boolean or isinstance(value, (bool, str)):
        return value if kind == pl.Boolean and isinstance(value, bool) else None
    return int(value) if kind.is_integer() and float(value).is_integer() else float(value)

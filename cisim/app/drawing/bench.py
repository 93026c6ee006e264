"""A study, opened: its runs as points over any two factors, and what its questions answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.app.drawing.bench_studies import StudyEntry
from cisim.app.pictures import BenchPicture
from cisim.app.state.controls import label_of
from cisim.study.describe import describe, meaning_of
from cisim.theory.parameters import LEVERS, UNCERTAINTIES

if TYPE_CHECKING:
    import polars as pl

    from cisim.study.kept.results import Results

__all__ = ["MOST_POINTS", "bench_picture", "no_study", "outcome_label"]

MOST_POINTS = 1_500
"""Runs that a scatter draws; of more, a fair part, since a point that nobody can click says nothing."""
PREFERRED = ("severity", "contribution")
CONDITION_LABELS = {
    "activities": "mutually reinforcing activities",
    "communication": "continuous communication",
}


def no_study(studies: Sequence[StudyEntry], *, serial: int = 0, text: str = "") -> BenchPicture:
    """The Bench before a study is open, or where one could not be opened: `text` says why."""
    return BenchPicture(
        serial=serial, settled=True, title="", lines=[text] if text else [], studies=_told(studies), folder="",
        factors=[], outcomes=[], scatter=None, sensitivity=None, attribution=None, boxes=None, answers=[],
    )  # fmt: skip


def bench_picture(
    results: Results,
    studies: Sequence[StudyEntry],
    folder: str,
    *,
    x: str = "",
    y: str = "",
    outcome: str = "",
    serial: int = 0,
) -> BenchPicture:
    """A study without its answers, which take longer (`bench_answers.with_answers`).

    x, y: factors; y can be the outcome. Names that the study does not have are replaced by its first ones.
    """
    factors = [_factor(results, name) for name in results.factors]
    shown = outcome if outcome in results.columns else _first_outcome(results)
    across = x if x in results.factors else results.factors[0]
    rest = [name for name in results.factors if name != across]
    up = y if y in (*results.factors, shown) and y != across else (rest[0] if rest else shown)
    return BenchPicture(
        serial=serial, settled=False, title=results.study.file.title or results.study.name,
        lines=describe(results.study).splitlines()[3:], studies=_told(studies), folder=folder, factors=factors,
        outcomes=list(results.columns), scatter=_scatter(results, across, up, shown), sensitivity=None,
        attribution=None, boxes=None, answers=[],
    )  # fmt: skip


def outcome_label(results: Results, name: str) -> str:
    """A number kept, in words."""
    measure, sign, month = name.partition("@")
    if sign:
        return f"{label_of(measure)}, month {month}"
    return label_of(name)


def _told(studies: Sequence[StudyEntry]) -> list[dict[str, Any]]:
    return [{"folder": entry.folder, "title": entry.title, "text": entry.folder} for entry in studies]


def _first_outcome(results: Results) -> str:
    last = results.study.columns.months[-1]
    wanted = [f"{measure}@{last}" for measure in PREFERRED]
    return next((name for name in wanted if name in results.columns), results.columns[0])


def _factor(results: Results, name: str) -> dict[str, Any]:
    """What an axis needs: its ends, or its levels where values are words or truths."""
    values = results.points()[name].drop_nulls()
    numeric = values.dtype.is_numeric()
    levels = None if numeric else [_word(value) for value in sorted(values.unique().to_list(), key=str)]
    few = numeric and values.n_unique() <= 12
    return {
        "name": name, "label": _factor_label(name), "meaning": meaning_of(name), "unit": _unit(name),
        "low": _one(values.min()) if numeric else 0.0,
        "high": _one(values.max()) if numeric else float(max(len(levels or []) - 1, 0)),
        "levels": levels, "steps": sorted(map(float, values.unique().to_list())) if few else None,
    }  # fmt: skip


def _factor_label(name: str) -> str:
    if name.startswith("condition."):
        told = name.removeprefix("condition.")
        return f"Condition: {CONDITION_LABELS.get(told, told)}"
    return label_of(name) if name in UNCERTAINTIES or name in LEVERS else name.replace("_", " ")


def _unit(name: str) -> str:
    declared = UNCERTAINTIES.get(name) or LEVERS.get(name)
    return "" if declared is None else declared.unit


def _scatter(results: Results, x: str, y: str, outcome: str) -> dict[str, Any]:
    """A point for each run: [x, y, value, key, replicate]; words and truths are places on their axis."""
    import polars as pl

    frame = results.runs([outcome]).drop_nulls([outcome]).collect(engine="streaming")
    whole = len(frame)
    frame, text = _fair_part(frame.sort("replicate", "point"), whole)
    across, up = (_numbers(frame, results, name) for name in (x, y))
    known = np.isfinite(across) & np.isfinite(up)
    values = frame[outcome].cast(pl.Float64).to_numpy()
    points = [
        [_one(across[at]), _one(up[at]), _one(values[at]), frame["key"][at], frame["replicate"][at]]
        for at in np.flatnonzero(known).tolist()
    ]
    return {
        "x": x, "y": y, "outcome": outcome, "outcome_label": outcome_label(results, outcome),
        **_ends(values),
        "points": points, "text": text,
    }  # fmt: skip


def _ends(values: np.ndarray) -> dict[str, float | None]:
    """Where values lie: least and most; low and high leave one in fifty out at either end, for colours."""
    if not len(values):
        return {"least": 0.0, "low": 0.0, "high": 1.0, "most": 1.0}
    found = np.quantile(values, (0.0, 0.02, 0.98, 1.0)).tolist()
    return dict(zip(("least", "low", "high", "most"), map(_one, found), strict=True))


def _fair_part(frame: pl.DataFrame, whole: int) -> tuple[pl.DataFrame, str]:
    """All runs, or as many of them as can be drawn, picked by lot and always the same."""
    if whole <= MOST_POINTS:
        return frame, f"Every run with a value: {whole:,}."
    return frame.sample(MOST_POINTS, seed=0), f"{MOST_POINTS:,} of {whole:,} runs, picked by lot."


def _numbers(frame: pl.DataFrame, results: Results, name: str) -> np.ndarray:
    import polars as pl

    column = frame[name]
    if column.dtype.is_numeric():
        return column.cast(pl.Float64).fill_null(math.nan).to_numpy()
    levels = _factor(results, name)["levels"]
    places = {level: float(at) for at, level in enumerate(levels)}
    return np.array([math.nan if v is None else places[_word(v)] for v in column.to_list()])


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _one(value: Any) -> float | None:
    told = float(value)
    return float(f"{told:.5g}") if math.isfinite(told) else None

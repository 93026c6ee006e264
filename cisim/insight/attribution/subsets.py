"""From a table with a row for each run to the outcome of every combination in every replicate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cisim.errors import SpecError, did_you_mean
from cisim.insight.attribution.game import named

if TYPE_CHECKING:
    import polars as pl

__all__ = ["by_subset"]

TOLD = 5
"""Faults of one sort that are named; the others are counted."""

SOURCE = "Table of combinations"


def by_subset(
    frame: pl.DataFrame,
    players: Sequence[str],
    outcome: str,
    replicate: str = "replicate",
    month: str | None = None,
) -> np.ndarray:
    """The outcome of every combination in every replicate: what `attribute` takes.

    frame: a row for each combination and replicate (and month, if its column is named), in any order. It has
    a Boolean column for each player: true where the player is in place. Gives (2**n, replicates), or
    (2**n, replicates, months), with replicates and months in rising order; an outcome of null is NaN.

    Raises SpecError for columns that are not there or not of their kind, and names combinations that are
    missing or there twice.
    """
    indexes = [replicate, month] if month else [replicate]
    faults = _column_faults(frame, players, outcome, indexes)
    if faults:
        raise SpecError(faults, source=SOURCE)
    rows = np.zeros(len(frame), dtype=int)
    for k, name in enumerate(players):
        rows += frame[name].to_numpy().astype(int) << k
    axes = [np.unique(frame[name].to_numpy(), return_inverse=True) for name in indexes]
    labels = [(name, found) for name, (found, _) in zip(indexes, axes, strict=True)]
    places = (rows, *(inverse for _, inverse in axes))
    shape = (2 ** len(players), *(len(found) for _, found in labels))
    counts = np.zeros(shape, dtype=int)
    np.add.at(counts, places, 1)
    faults = _listed(counts == 0, "is missing", tuple(players), labels)
    faults += _listed(counts > 1, "is there more than once", tuple(players), labels)
    if month is None and "month" in frame.columns and (counts > 1).any():
        faults.append("for a table with a row for each month, name its column: month='month'.")
    if faults:
        raise SpecError(faults, source=SOURCE)
    values = np.empty(shape)
    values[places] = frame[outcome].to_numpy().astype(float)
    return values


def _column_faults(
    frame: pl.DataFrame, players: Sequence[str], outcome: str, indexes: Sequence[str]
) -> list[str]:
    import polars as pl

    faults = []
    for name in [*players, outcome, *indexes]:
        if name not in frame.columns:
            faults.append(f"there is no column {name!r}.{did_you_mean(name, frame.columns)}")
    known = set(frame.columns)
    for name in [name for name in players if name in known]:
        if frame[name].dtype != pl.Boolean:
            faults.append(
                f"column {name!r} must be Boolean (true where in place), given {frame[name].dtype}; "
                f"make it so, for instance with pl.col({name!r}) > 0."
            )
    for name in [name for name in (*players, *indexes) if name in known]:
        if frame[name].null_count():
            faults.append(
                f"column {name!r} is null in {frame[name].null_count():,} rows; every row needs it."
            )
    if outcome in known and not (frame[outcome].dtype.is_numeric() or frame[outcome].dtype == pl.Boolean):
        faults.append(f"column {outcome!r} must hold numbers, given {frame[outcome].dtype}.")
    if len(frame) == 0:
        faults.append("the table has no rows.")
    return faults


def _listed(
    wrong: np.ndarray, what: str, players: tuple[str, ...], labels: Sequence[tuple[str, np.ndarray]]
) -> list[str]:
    """A fault for each combination of which something is wrong, with where; the first few of them."""
    faults = []
    combinations = np.flatnonzero(wrong.any(axis=tuple(range(1, wrong.ndim))))
    for combination in combinations[:TOLD]:
        here = wrong[combination]
        where = "" if here.all() else f" in {_where(here, labels)}"
        faults.append(f"combination '{named(int(combination), players)}' {what}{where}.")
    if len(combinations) > TOLD:
        faults.append(f"{len(combinations) - TOLD} more combinations: each {what} somewhere.")
    return faults


def _where(wrong: np.ndarray, labels: Sequence[tuple[str, np.ndarray]]) -> str:
    places = np.argwhere(wrong)
    told = [
        " ".join(f"{name} {found[at]}" for at, (name, found) in zip(place, labels, strict=True))
        for place in places[:3]
    ]
    return ", ".join(told) + (f" and {len(places) - 3} more" if len(places) > 3 else "")

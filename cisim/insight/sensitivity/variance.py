"""Sobol' indices: the share of an outcome's variance that each factor is responsible for, apart from chance.

For factors X_i, independent and uniform on the unit cube, and a response Y:

    first order  S_i = V(E(Y | X_i)) / V(Y)          what X_i does alone
    total        T_i = E(V(Y | all but X_i)) / V(Y)  what X_i does alone and with others

Indices are SALib's, of the mean over replicates. That mean still has chance in it, which a total index takes
for an effect; replicates show how much of it is (`floor`), and give totals without it (`freed`).

Sources: Saltelli et al. (2010), Computer Physics Communications 181:259, doi:10.1016/j.cpc.2009.09.018;
second order: Saltelli (2002), Computer Physics Communications 145:280, doi:10.1016/S0010-4655(02)00280-1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.errors import SpecError
from cisim.insight.sensitivity import tables
from cisim.insight.sensitivity.chance import Split, components, split
from cisim.insight.sensitivity.estimators import estimate
from cisim.insight.sensitivity.resampling import resample
from cisim.insight.sensitivity.runs import SOURCE, Runs, read

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Sobol", "sobol"]


@dataclass(frozen=True)
class Sobol:
    """Sobol' indices of each factor, and what chance is, month by month.

    Arrays are (factors, months); one column, and `months` None, if the outcome had no months. Of each index
    there is the estimate and, in `..._conf`, the half-width of its interval.

    first, total: SALib's indices of the mean over replicates. They scatter about the truth, so they may be
    below 0 or above 1. floor: the part of `total` that chance alone explains; a factor without effect has a
    total of about its floor. freed: total index of the mean response, without chance. second (factors,
    factors, months): what two factors do together beyond what each does alone, in the upper triangle, or
    None. split: the parts of a single run's variance. NaN: cannot be told, and `note` says why.

    Intervals of SALib's indices hold for the worlds that were drawn; those of `freed` and `split` for other
    worlds as well, from three replicates on.
    """

    names: tuple[str, ...]
    months: np.ndarray | None
    base: int  # independent points of the design, N
    replicates: int
    level: float
    first: np.ndarray
    first_conf: np.ndarray
    total: np.ndarray
    total_conf: np.ndarray
    freed: np.ndarray
    freed_conf: np.ndarray
    floor: np.ndarray
    split: Split
    note: str
    second: np.ndarray | None = None
    second_conf: np.ndarray | None = None

    def table(self) -> pl.DataFrame:
        """A row for each factor and month, then rows for what is left to chance.

        kind `factor`: first, total and freed, each with `_low` and `_high`, and floor. kind `chance`: the
        share of a single run's variance that is chance, with share_low and share_high; kind `part of
        chance`: its two parts, `world` and `interaction`.
        """
        return tables.sobol_table(self)

    def second_table(self) -> pl.DataFrame:
        """A row for each pair of factors and month: factor, with, month, second, second_low, second_high."""
        return tables.second_table(self)


def sobol(
    outcome: Any,
    names: Sequence[str],
    *,
    months: Sequence[int] | np.ndarray | None = None,
    second_order: bool = False,
    level: float = 0.95,
    seed: int = 0,
) -> Sobol:
    """Sobol' indices of an outcome over SALib's Saltelli design, with what is chance.

    outcome: (points, replicates) or (points, replicates, months), finite; points in the order of
    `SALib.sample.sobol`: N (D + 2) for D factors, or N (2 D + 2) with second_order. Replicate r is the same
    world at every point, or every run has noise of its own. names: of the factors, in order of the design.
    months: their numbers (default 0, 1, ...). level: of the intervals, z standard deviations of 1,000
    bootstrap samples (drawn with the seed) of the N blocks of the design, and for `freed` of the replicates.

    Raises SpecError for outcomes that are not finite or do not fit the design, and without SALib.
    """
    faults: list[str] = []
    given = read(outcome, names, months, level, seed, faults)
    size = (2 if second_order else 1) * len(names) + 2
    faults += _design_faults(len(given.values), len(names), size)
    if faults:
        raise SpecError(faults, source=SOURCE)
    blocks = given.values.reshape(-1, size, *given.values.shape[1:])
    resampling = resample(len(blocks), blocks.shape[2], seed)
    columns, splits = [], []
    for month in range(blocks.shape[3]):
        values = blocks[..., month]
        parts = components(values[:, [0, -1]], resampling)  # A and B; the other points repeat their settings
        columns.append(estimate(values, len(names), parts, resampling, level))
        splits.append(split(parts, level))
    indices = {name: np.stack([column[name] for column in columns], axis=-1) for name in columns[0]}
    note = _note(given, indices)
    return Sobol(
        given.names, given.months, len(blocks), given.values.shape[1], level,
        **indices, split=_together(splits), note=note,
    )  # fmt: skip


def _design_faults(points: int, factors: int, size: int) -> list[str]:
    if points % size == 0 and points >= 2 * size:
        return []
    second = size > factors + 2
    order = "with" if second else "without"
    rule = f"N x {size} points for {factors} factors {order} second order, N at least 2"
    other = factors + 2 if second else 2 * factors + 2
    hint = f" They would fit second_order={not second}." if points % other == 0 else ""
    return [f"outcome has {points} points, but Saltelli's design has {rule}.{hint}"]


def _together(splits: Sequence[Split]) -> Split:
    """The splits of all months as one, months last."""
    columns = {
        field.name: np.stack([getattr(one, field.name) for one in splits], axis=-1) for field in fields(Split)
    }
    return Split(**columns)


def _note(given: Runs, indices: dict[str, np.ndarray]) -> str:
    """What cannot be told, and what to do about it."""
    replicates = given.values.shape[1]
    constant = np.isnan(indices["total"]).all(axis=0)
    lost = np.isnan(indices["freed"]).all(axis=0) & ~constant
    notes = []
    if replicates < 2:
        notes.append("Every point was run once, so chance cannot be told from effects: run replicates >= 2.")
    elif lost.any():
        notes.append(
            f"What the factors do cannot be told from chance{_when(given, lost)}, so there is no total "
            "without chance: run more replicates."
        )
    if replicates == 2:
        notes.append("Two replicates do not show how far other worlds would differ: run replicates >= 3.")
    if constant.any():
        when = _when(given, constant)
        notes.append(f"The outcome is the same at all settings{when}, so there are no indices.")
    return " ".join(notes)


def _when(given: Runs, which: np.ndarray) -> str:
    if given.months is None:
        return ""
    told = [str(month) for month in given.months[which]]
    listed = ", ".join(told[:4]) + (f" and {len(told) - 4} more" if len(told) > 4 else "")
    return f" in month{'s' if len(told) > 1 else ''} {listed}"

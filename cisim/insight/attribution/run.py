"""From the outcome of every combination in every replicate to what each player brings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from cisim.errors import SpecError
from cisim.insight.arrays import as_months, as_numbers, level_faults
from cisim.insight.attribution.estimate import of_mean, of_ratio
from cisim.insight.attribution.game import dividends, interaction_weights, named, pairs, shapley_weights
from cisim.insight.attribution.result import Attribution
from cisim.insight.crossed import Crossed

__all__ = ["MOST_PLAYERS", "attribute"]

MOST_PLAYERS = 10
"""1,024 combinations; with more, the runs cost more than the answer is worth."""

SOURCE = "Attribution"


def attribute(
    values: Any,
    players: Sequence[str],
    *,
    months: int | Sequence[int] | np.ndarray | None = None,
    level: float = 0.95,
    crossed: Crossed | None = None,
) -> Attribution:
    """What each player brings to an outcome of which more is better, from runs of every combination.

    values: (2**n, replicates) or (2**n, replicates, months), finite. Row S is the combination with player k
    in place if bit k of S is set. Column r of all rows is the same world (common random numbers): every
    quantity is computed in each replicate and then averaged, so what a world does to all alike falls out.
    players: 2 to 10 names, bit 0 first. months: the months' numbers (default 0, 1, ...); for values without
    months, the one month they tell of. level: of all intervals, each on its own. crossed: what replicates share, such as
    draws of a posterior that come more than once; None: each is its own.

    Where less of an outcome is better, give minus the outcome.

    Raises SpecError for values of a wrong shape or that are no finite numbers, doubled or too many players,
    fewer than two replicates, a level outside 0 to 1, or `crossed` of another number of replicates.
    """
    faults = level_faults(level) + _player_faults(players)
    array = as_numbers("values", values, faults)
    if array is None:
        raise SpecError(faults, source=SOURCE)
    faults += _shape_faults(array, len(players)) or _value_faults(array, tuple(players))
    if crossed is not None and array.ndim > 1 and len(crossed.points) != array.shape[1]:
        faults.append(
            f"crossed must tell of each of the {array.shape[1]} replicates, given {len(crossed.points)}."
        )
    told = _months(array, months, faults)
    if faults:
        raise SpecError(faults, source=SOURCE)
    return _attribution(array if array.ndim == 3 else array[..., None], tuple(players), told, level, crossed)


def _attribution(
    values: np.ndarray,
    players: tuple[str, ...],
    months: tuple[int | None, ...],
    level: float,
    crossed: Crossed | None,
) -> Attribution:
    n = len(players)
    everything = len(values) - 1
    # sums of 2**n values are no more exact than this; what is smaller is rounding and counts as 0
    rounding = len(values) * np.finfo(float).eps * np.abs(values).max(axis=(0, 1))

    def exact(samples: np.ndarray) -> np.ndarray:
        return np.where(np.abs(samples) <= rounding, 0.0, samples)

    parts = exact(dividends(values))
    shapley = exact(np.tensordot(shapley_weights(n), parts, axes=1))
    alone = parts[[1 << k for k in range(n)]]
    removed = exact(values[everything] - values[[everything ^ 1 << k for k in range(n)]])
    whole = exact(values[everything] - values[0])
    mean, ratio = (partial(one, level=level, crossed=crossed) for one in (of_mean, of_ratio))
    best = alone.mean(axis=1).argmax(axis=0)
    best_alone = np.take_along_axis(alone, best[None, None, :], axis=0)[0]
    pair_samples = exact(np.tensordot(interaction_weights(n), parts, axes=1))
    return Attribution(
        players=players, months=months, level=level, replicates=values.shape[1],
        outcome=mean(values),
        shapley=mean(shapley),
        share=ratio(shapley, whole),
        alone=mean(alone),
        removed=mean(removed),
        pairs=tuple((players[i], players[j]) for i, j in pairs(n)),
        interaction=mean(pair_samples),
        dividends=mean(parts),
        whole=mean(whole),
        need=mean(exact(whole - alone.sum(axis=0))),
        best=tuple(players[k] for k in best),
        over_best=mean(exact(whole - best_alone)),
    )  # fmt: skip


def _player_faults(players: Sequence[str]) -> list[str]:
    faults = []
    if not 2 <= len(players) <= MOST_PLAYERS:
        faults.append(f"players must be 2 to {MOST_PLAYERS} names, given {len(players)}.")
    doubled = sorted({name for name in players if list(players).count(name) > 1})
    if doubled:
        faults.append(f"players must differ; given more than once: {', '.join(map(repr, doubled))}.")
    return faults


def _shape_faults(values: np.ndarray, n: int) -> list[str]:
    allowed = "(combinations, replicates) or (combinations, replicates, months)"
    if values.ndim not in (2, 3) or values.size == 0:
        return [f"values must be {allowed} and not empty, given shape {values.shape}."]
    faults = []
    if len(values) != 2**n:
        faults.append(
            f"values must have a row for each of the {2**n} combinations of {n} players, given {len(values)}."
        )
    if values.shape[1] < 2:
        faults.append("values must have at least 2 replicates, for an interval; given 1.")
    return faults


def _value_faults(values: np.ndarray, players: tuple[str, ...]) -> list[str]:
    wrong = ~np.isfinite(values)
    if not wrong.any():
        return []
    rest = tuple(range(2, values.ndim))
    rows, replicates = wrong.any(axis=(1, *rest)), wrong.any(axis=(0, *rest))
    first = ", ".join(named(int(row), players) for row in np.flatnonzero(rows)[:3])
    fault = (
        f"{int(wrong.sum()):,} of {values.size:,} outcomes are NaN or infinite, in {int(replicates.sum())} "
        f"replicates and {int(rows.sum())} combinations ({first}{', …' if rows.sum() > 3 else ''}). Take an "
        "outcome that has a value in every run, or leave these months out. Replicates can be left out of "
        "every combination, but then the answer is about the other worlds only."
    )
    return [fault]


def _months(
    values: np.ndarray, months: int | Sequence[int] | np.ndarray | None, faults: list[str]
) -> tuple[int | None, ...]:
    if values.ndim == 2 and months is None:
        return (None,)
    count = values.shape[2] if values.ndim == 3 else 1
    wrong: list[str] = []
    told = as_months(None if months is None else np.atleast_1d(months), count, wrong)
    faults += wrong
    if wrong:
        return ()
    if len(np.unique(told)) != len(told):
        faults.append(f"months must differ, given {told.tolist()}.")
    return tuple(told.tolist())

"""Factors through their lists of values: all combinations, or side by side.

Combinations are held as places in the lists of values, -1 where a factor is inactive.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.errors import SpecError
from cisim.study.designs.activity import table_of
from cisim.study.designs.design import MOST_POINTS
from cisim.study.designs.factors import Factor, in_order
from cisim.study.designs.when import holds

if TYPE_CHECKING:
    import polars as pl

__all__ = ["grid", "grid_size", "side_by_side", "zip_faults", "zip_size"]

Places = dict[str, np.ndarray[Any, np.dtype[np.int32]]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
_ENDLESS = 2.0**62


def grid(factors: Sequence[Factor]) -> pl.DataFrame:
    """Every combination that makes sense, once; the first factor moves slowest."""
    grid_size(factors)  # refuses what is too large
    places = _combined(factors)
    order = np.lexsort([places[factor.name] for factor in reversed(factors)])
    columns = {
        factor.name: factor.column(factor.grid_values()).gather(np.maximum(places[factor.name][order], 0))
        for factor in factors
    }
    return table_of(columns, factors)


def grid_size(factors: Sequence[Factor]) -> int:
    """How many points `grid` has. Raises SpecError if they are too many."""
    points = math.prod(_count(group) for group in _groups(factors))
    _check(points)
    return points


def side_by_side(factors: Sequence[Factor]) -> pl.DataFrame:
    """First values together, second values together, and so on."""
    return table_of({factor.name: factor.column(factor.grid_values()) for factor in factors}, factors)


def zip_size(factors: Sequence[Factor]) -> int:
    """How many points `side_by_side` has."""
    return len(factors[0].grid_values())


def zip_faults(factors: Sequence[Factor]) -> list[str]:
    """Lists of values that differ in length."""
    lengths = {factor.name: len(factor.grid_values()) for factor in factors}
    if len(set(lengths.values())) == 1:
        return []
    told = ", ".join(f"{name!r} {length}" for name, length in lengths.items())
    return [f"a zip design needs as many values of each factor, given {told}; change levels or steps."]


def _groups(factors: Sequence[Factor]) -> list[list[Factor]]:
    """Factors that wait for each other, directly or through others, together."""
    groups: list[list[Factor]] = []
    for factor in in_order(factors):
        touched = [any(other.name in factor.when for other in group) for group in groups]
        joined = chain(*(group for group, touches in zip(groups, touched, strict=True) if touches), [factor])
        groups = [group for group, touches in zip(groups, touched, strict=True) if not touches]
        groups.append(list(joined))
    return groups


def _count(group: Sequence[Factor]) -> int:
    """Combinations of a group: those that others wait for are laid out, the others only multiply."""
    named = {name for factor in group for name in factor.when}
    awaited = [factor for factor in group if factor.name in named]
    places = _combined(awaited)
    weights = np.ones(len(places[awaited[0].name]) if awaited else 1)
    for factor in group:
        if factor.name not in named:
            branches = np.where(_active(factor, places, group, len(weights)), len(factor.grid_values()), 1)
            weights = np.minimum(weights * branches, _ENDLESS)
    return int(weights.sum())


def _combined(factors: Sequence[Factor]) -> Places:
    """Combinations without repetition: rows branch over the values of a factor only where it is active."""
    places: Places = {}
    rows = 1
    for factor in in_order(factors):
        active = _active(factor, places, factors, rows)
        branches = np.where(active, len(factor.grid_values()), 1)
        rows = int(branches.sum())
        _check(rows)
        row = np.repeat(np.arange(len(branches)), branches)
        first = np.repeat(np.cumsum(branches) - branches, branches)
        places = {name: column[row] for name, column in places.items()}
        places[factor.name] = np.where(active[row], np.arange(rows) - first, -1).astype(np.int32)
    return places


def _active(factor: Factor, places: Places, factors: Sequence[Factor], rows: int) -> Flags:
    """The rows in which a factor makes sense."""
    active = np.ones(rows, dtype=bool)
    for name, when in factor.when.items():
        other = next(other for other in factors if other.name == name)
        met = holds(other.column(other.grid_values()), when).to_numpy()
        active &= np.append(met, False)[places[name]]  # the last is for -1: inactive itself
    return active


def _check(points: int) -> None:
    if points > MOST_POINTS:
        raise SpecError(
            f"the grid has more than {MOST_POINTS:,} points, which are allowed; use fewer levels or steps, or a "
            "sampled design such as sobol.",
            source="Design 'grid'",
        )

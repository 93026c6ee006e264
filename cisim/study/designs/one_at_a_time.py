"""The base scenario, and each factor moved alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cisim.study.designs.activity import table_of
from cisim.study.designs.factors import Factor
from cisim.study.designs.levels import Level, family
from cisim.world.fields import scalar, short

if TYPE_CHECKING:
    import polars as pl

__all__ = ["base_faults", "one_at_a_time"]


def one_at_a_time(factors: Sequence[Factor], base: Mapping[str, Any]) -> pl.DataFrame:
    """First the base, then each factor in turn at its levels, steps, or both ends, the others as in the base.

    No point occurs twice, so a factor that is inactive in the base is not moved.
    """
    start = [scalar(base[factor.name]) for factor in factors]
    rows = [start]
    for at, factor in enumerate(factors):
        rows += [[*start[:at], value, *start[at + 1 :]] for value in _values(factor)]
    columns = {factor.name: _column(factor, [row[at] for row in rows]) for at, factor in enumerate(factors)}
    return table_of(columns, factors).unique(maintain_order=True)


def base_faults(factors: Sequence[Factor], base: Mapping[str, Any]) -> list[str]:
    """Factors of which the base has no value, or one of another kind."""
    faults = []
    for factor in factors:
        value = scalar(base.get(factor.name))
        if value is None:
            faults.append(
                f"factor {factor.name!r} has no value in the base scenario, where one-at-a-time starts."
            )
        elif not _fits(factor, value):
            kind = "whole numbers" if factor.integer else family(_values(factor)[0])
            faults.append(
                f"factor {factor.name!r} has {kind}, but in the base scenario it is {short(value)}."
            )
    return faults


def _values(factor: Factor) -> list[Level]:
    if factor.levels is None and factor.steps is None:
        ends = [end for end in (factor.low, factor.high) if end is not None]
        return [int(end) if factor.integer else end for end in ends]
    return factor.grid_values()


def _fits(factor: Factor, value: Any) -> bool:
    if family(value) != family(_values(factor)[0]):
        return False
    return isinstance(value, (bool, str)) or (math.isfinite(value) and not (factor.integer and value % 1))


def _column(factor: Factor, values: list[Any]) -> pl.Series:
    """Its column; whole levels beside a base that is not whole become decimal numbers."""
    import polars as pl

    if factor.dtype() == pl.Int64 and any(value % 1 for value in values):
        return pl.Series(factor.name, [float(value) for value in values])
    return factor.column([int(v) if factor.dtype() == pl.Int64 else v for v in values])

"""Factors that make sense at some points only: elsewhere their cells are null."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cisim.study.designs.factors import Factor, in_order
from cisim.study.designs.when import holds

if TYPE_CHECKING:
    import polars as pl

__all__ = ["table_of"]


def table_of(columns: Mapping[str, pl.Series], factors: Sequence[Factor]) -> pl.DataFrame:
    """Columns {factor: values} as a table in the order of the factors, null where a factor is inactive.

    A factor is active where every other one that its `when` names is active and has such a value.
    """
    import polars as pl

    settled: dict[str, pl.Series] = {}
    for factor in in_order(factors):
        column = columns[factor.name]
        for name, when in factor.when.items():
            nothing = pl.Series(factor.name, [None], dtype=column.dtype)
            column = column.zip_with(holds(settled[name], when), nothing)
        settled[factor.name] = column
    return pl.DataFrame([settled[factor.name] for factor in factors])

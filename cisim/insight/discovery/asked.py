"""What a study tells discovery: its points, how often something happens at each, and why nothing can be found."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from cisim.errors import SpecError, did_you_mean

if TYPE_CHECKING:
    from cisim.study.kept.results import Results

__all__ = ["hits", "undiscoverable"]

LEAST_POINTS = 5
"""Points that discovery needs: the tree is judged on each fifth of them in turn."""


def hits(
    results: Results, number: str, happens: Callable[[pl.Expr], pl.Expr]
) -> tuple[pl.DataFrame, np.ndarray]:
    """(factors of each point that has runs, share of its runs in which it happens)."""
    if number not in results.columns:
        raise SpecError(
            f"no number {number!r} was kept.{did_you_mean(number, results.columns)}", source="--where"
        )
    test = happens(_number(results, number)).fill_null(False)
    shares = results.runs([number]).group_by("point").agg(test.mean().alias("\0hit"))
    joined = (
        shares.collect(engine="streaming")
        .sort("point")
        .join(results.points(), on="point", maintain_order="left")
    )
    return joined.select(results.factors), joined["\0hit"].to_numpy()


def undiscoverable(results: Results, number: str, told: str, hit: np.ndarray) -> list[str]:
    """Why there is nothing to find, in the words of who asks."""
    faults = []
    if len(hit) < LEAST_POINTS:
        faults.append(
            f"discovery needs at least {LEAST_POINTS} points that have runs; there are {len(hit)}. Add points or levels, "
            "or run more of the study."
        )
    if len(hit) and not hit.any():
        column = _number(results, number)
        ends = results.runs([number]).select(column.min().alias("low"), column.max().alias("high"))
        low, high = ends.collect(engine="streaming").row(0)
        has = f"{number} has no value in any" if low is None else f"{number} is {low:.4g} to {high:.4g}"
        faults.append(f"no run has {told}; {has}. Ask for an outcome that happens.")
    return faults


def _number(results: Results, number: str) -> pl.Expr:
    """A number of each run; a time that never came is late."""
    late = any(one.name == number and one.is_time for one in results.study.columns.summaries)
    return pl.col(number).fill_null(results.study.months + 1) if late else pl.col(number)

"""What a person wants to know first of a study: each number over all runs, and how it moves with each factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from cisim.study.kept.results import Results

__all__ = ["Overview", "by_factor", "overall", "overview"]

SAMPLED = ("sobol", "latin-hypercube", "random")
"""Designs whose points stand for all settings in their ranges."""
QUANTILES = {"low": 0.1, "median": 0.5, "high": 0.9}
MOST_LEVELS = 12
"""Levels of a factor that are told one by one; of more, its lowest and its highest fifth."""


@dataclass(frozen=True)
class Overview:
    """overall: a row a number kept; by_factor: a row a factor and level (or fifth), a column a number."""

    overall: pl.DataFrame
    by_factor: pl.DataFrame


def overview(results: Results) -> Overview:
    """Both tables, each read in one pass over the runs."""
    return Overview(overall(results), by_factor(results))


def overall(results: Results) -> pl.DataFrame:
    """number, low, median, high (10, 50, 90 % of runs), mean with its 95 % interval, share of runs with a value.

    The interval is for the mean over worlds, and over points where the design samples them at random (else over
    these points). Worlds are shared by all points, so both count: variance of points / points + variance of worlds /
    worlds - what is left / runs, with Student's t for the smaller number. No interval with one world only.
    """
    runs, columns = results.runs(), list(results.columns)
    numbers = [pl.col(c).quantile(q, interpolation="linear").alias(f"{c}\0{name}")
               for c in columns for name, q in QUANTILES.items()]  # fmt: skip
    means = [pl.col(c).mean().alias(f"{c}\0mean") for c in columns]
    shares = [pl.col(c).is_not_null().mean().alias(f"{c}\0share") for c in columns]
    spreads = [pl.col(c).var().alias(f"{c}\0var") for c in columns]
    told = runs.select(*numbers, *means, *shares, *spreads, pl.len().alias("\0runs"))
    row = told.collect(engine="streaming").row(0, named=True)
    sides = {name: _spread(runs, columns, name) for name in ("point", "replicate")}
    sampled = results.study.file.design.kind in SAMPLED
    return pl.DataFrame([_row(name, row, sides, sampled) for name in columns])


def by_factor(results: Results) -> pl.DataFrame:
    """factor, value (a level, or the lowest and highest fifth of its range), runs, and the mean of each number."""
    runs, columns = results.runs(), list(results.columns)
    points = results.points()
    rows = []
    for name in results.factors:
        values = points[name].drop_nulls()
        if values.n_unique() <= MOST_LEVELS:
            place = _written(name, values)
        else:
            low, high = values.quantile(0.2), values.quantile(0.8)
            place = (
                pl.when(pl.col(name) <= low).then(pl.lit(f"≤ {low:.3g}"))
                .when(pl.col(name) >= high).then(pl.lit(f"≥ {high:.3g}"))
            )  # fmt: skip
        rows.append(
            runs.group_by(place.alias("value"))
            .agg(pl.len().alias("runs"), *(pl.col(c).mean() for c in columns), pl.col(name).mean().alias("\0order")
                 if values.dtype.is_numeric() else pl.lit(0.0).alias("\0order"))
            .drop_nulls("value").sort("\0order", "value").drop("\0order")
            .select(pl.lit(name).alias("factor"), pl.all())
        )  # fmt: skip
    return pl.concat([frame.collect(engine="streaming") for frame in rows])


def _written(name: str, values: pl.Series) -> pl.Expr:
    """A factor's values as a person writes them."""
    told = {value: f"{value:.4g}" if isinstance(value, float) else str(value).lower() if isinstance(value, bool) else str(value)
            for value in values.unique().to_list()}  # fmt: skip
    return pl.col(name).replace_strict(told, default=None, return_dtype=pl.String)


def _spread(runs: pl.LazyFrame, columns: list[str], by: str) -> dict[str, float]:
    """For each number the variance of the means of points or of replicates, and how many of them there are."""
    means = runs.group_by(by).agg(pl.col(columns).mean())
    wanted = [pl.col(c).var().alias(f"{c}\0var") for c in columns] + [
        pl.col(c).count().alias(f"{c}\0n") for c in columns
    ]
    return means.select(wanted).collect(engine="streaming").row(0, named=True)


def _row(
    name: str, told: dict[str, Any], sides: dict[str, dict[str, float]], sampled: bool
) -> dict[str, object]:
    mean, half = told[f"{name}\0mean"], None
    worlds, points = sides["replicate"], sides["point"]
    count = worlds[f"{name}\0n"]
    if mean is not None and count > 1:
        variance = worlds[f"{name}\0var"] / count
        if sampled and points[f"{name}\0n"] > 1:
            variance += points[f"{name}\0var"] / points[f"{name}\0n"] - told[f"{name}\0var"] / told["\0runs"]
            variance = max(variance, worlds[f"{name}\0var"] / count)
            count = min(count, points[f"{name}\0n"])
        half = student(int(count) - 1) * variance**0.5
    return {
        "number": name,
        **{key: told[f"{name}\0{key}"] for key in QUANTILES},
        "mean": mean,
        "mean_from": None if half is None else mean - half,
        "mean_to": None if half is None else mean + half,
        "share_with_value": told[f"{name}\0share"],
    }


def student(freedom: int) -> float:
    """Half-width of a 95 % interval in standard errors, by degrees of freedom (Hill 1970 from 3 on, within 0.2 %)."""
    if freedom == 1:
        return 12.706204736432095
    if freedom == 2:
        return 4.302652729696142
    z = 1.959963984540054
    a, b = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    c = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    d = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + a / freedom + b / freedom**2 + c / freedom**3 + d / freedom**4

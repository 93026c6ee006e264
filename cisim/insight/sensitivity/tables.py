"""Results of a sensitivity analysis as tidy tables: a row for each factor and month, then what is chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import polars as pl

    from cisim.insight.sensitivity.elementary import Morris
    from cisim.insight.sensitivity.variance import Sobol

__all__ = ["morris_table", "second_table", "sobol_table"]


def sobol_table(result: Sobol) -> pl.DataFrame:
    import polars as pl

    columns: dict[str, Any] = {}
    for name in ("first", "total", "freed"):
        value, reach = getattr(result, name), getattr(result, f"{name}_conf")
        columns |= {name: value, f"{name}_low": value - reach, f"{name}_high": value + reach}
    columns["floor"] = result.floor
    parts = result.split
    shares = [
        _rows("chance", ["chance"], result.months, share=parts.chance[None], share_low=parts.chance_low[None],
              share_high=parts.chance_high[None]),
        _rows("part of chance", ["world", "interaction"], result.months, share=parts.shares[1:],
              share_low=parts.low[1:], share_high=parts.high[1:]),
    ]  # fmt: skip
    return pl.concat([_rows("factor", result.names, result.months, **columns), *shares], how="diagonal")


def second_table(result: Sobol) -> pl.DataFrame:
    import polars as pl

    if result.second is None or result.second_conf is None:
        return pl.DataFrame()
    one, other = np.triu_indices(len(result.names), 1)
    names = np.array(result.names)
    value, reach = result.second[one, other], result.second_conf[one, other]
    columns = {"second": value, "second_low": value - reach, "second_high": value + reach}
    table = _rows("pair", names[one], result.months, **columns).drop("kind")
    partners = pl.Series("with", np.repeat(names[other], value.shape[1]))
    return table.insert_column(1, partners)


def morris_table(result: Morris) -> pl.DataFrame:
    import polars as pl

    reach = result.mu_star_conf
    columns = {
        "mu": result.mu, "mu_star": result.mu_star, "mu_star_low": result.mu_star - reach,
        "mu_star_high": result.mu_star + reach, "sigma": result.sigma, "floor": result.floor,
    }  # fmt: skip
    chance = _rows("chance", ["chance"], result.months, mu_star=result.floor.mean(axis=0)[None])
    return pl.concat([_rows("factor", result.names, result.months, **columns), chance], how="diagonal")


def _rows(kind: str, names: Any, months: np.ndarray | None, **columns: np.ndarray) -> pl.DataFrame:
    """Columns (names, months) as rows, month by month for each name."""
    import polars as pl

    count = next(iter(columns.values())).shape[1]
    told = [None] if months is None else months.tolist()
    index = [
        pl.Series("kind", [kind] * (len(names) * count), dtype=pl.String),
        pl.Series("factor", [str(name) for name in names for _ in range(count)], dtype=pl.String),
        pl.Series("month", told * len(names), dtype=pl.Int64),
    ]
    return pl.DataFrame(index + [pl.Series(name, values.ravel()) for name, values in columns.items()])

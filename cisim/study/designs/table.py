"""A table of points from a CSV or Parquet file: a column for each factor, every cell checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from cisim.errors import Fault, did_you_mean
from cisim.study.designs.activity import table_of
from cisim.study.designs.factors import Factor, in_order
from cisim.study.designs.when import Range, holds
from cisim.world.fields import short
from cisim.world.survey.faults import Faults
from cisim.world.survey.table import read_table

__all__ = ["read"]

_NEEDED = {pl.Float64: "a number", pl.Int64: "a whole number", pl.Boolean: "true or false", pl.String: "text"}
MOST_SHOWN = 12
"""Rows of one point that are named."""
_TRUTH = {"true": True, "false": False}


@dataclass(frozen=True)
class _Raw:
    """The columns of a file, null where a cell is empty, and the line of each row, the header being line 1."""

    path: Path
    columns: dict[str, pl.Series]
    lines: Sequence[int]
    decimal_comma: bool = False


@dataclass(frozen=True)
class _Column:
    """One factor's cells: as written, as values (null where empty or wrong), where they are wrong, and beyond its range."""

    cells: pl.Series
    values: pl.Series
    wrong: pl.Series
    beyond: pl.Series


def read(path: Path, factors: Sequence[Factor]) -> pl.DataFrame:
    """The points in a file: a row each, a column for each factor in order, empty where one is inactive.

    Raises DataError with every fault: row (the header is row 1, in Parquet too), column, what was given, what is
    allowed.
    """
    faults = Faults()
    raw = _parquet(path, faults) if path.suffix.lower() == ".parquet" else _csv(path, faults)
    if raw is None:
        raise faults.error()
    for fault in [*_column_faults(raw, factors), *_cell_faults(raw, factors)]:
        faults.add(path, fault.problem, row=fault.row, column=fault.column)
    faults.check()
    points = table_of({factor.name: _read(raw, factor).values for factor in factors}, factors)
    for lines in _same(points, raw.lines):
        told = ", ".join(map(str, lines[:MOST_SHOWN])) + (" …" if len(lines) > MOST_SHOWN else "")
        faults.add(path, f"rows {told} are the same point; name each point once.")
    faults.check()
    return points


def _same(points: pl.DataFrame, lines: Sequence[int]) -> list[list[int]]:
    """The lines of rows that are alike, of each point that is there more than once."""
    numbered = points.with_columns(pl.Series("\0line", list(lines), dtype=pl.Int64))
    alike = numbered.group_by(points.columns, maintain_order=True).agg(pl.col("\0line"))
    return alike.filter(pl.col("\0line").list.len() > 1)["\0line"].to_list()


def _csv(path: Path, faults: Faults) -> _Raw | None:
    table = read_table(path, faults)
    if table is None:
        return None
    if "" in table.columns:
        place = table.columns.index("") + 1
        faults.add(path, f"column {place} has no name; name its factor, or take the column out.", row=1)
        return None
    cells = {name: [cell or None for cell in table.column(name)] for name in table.columns}
    columns = {name: pl.Series(name, texts, dtype=pl.String) for name, texts in cells.items()}
    return _Raw(path, columns, [row.line for row in table.rows], table.decimal_comma)


def _parquet(path: Path, faults: Faults) -> _Raw | None:
    try:
        table = pl.read_parquet(path, glob=False)
    except FileNotFoundError:
        faults.add(path, "there is no such file.")
    except (OSError, pl.exceptions.PolarsError):
        faults.add(path, "cannot be read as Parquet; write it again, or give a CSV file.")
    else:
        if table.height:
            return _Raw(path, dict(zip(table.columns, table, strict=True)), range(2, table.height + 2))
        faults.add(path, "the table has no rows; a row for each point is needed.")
    return None


def _column_faults(raw: _Raw, factors: Sequence[Factor]) -> Iterator[Fault]:
    """Columns that are no factor, factors without a column, and columns of another type."""
    names = [factor.name for factor in factors]
    for name in raw.columns:
        if name not in names:
            yield Fault(f"this column is no factor; take it out.{did_you_mean(name, names)}", column=name)
    for factor in factors:
        if factor.name not in raw.columns:
            others = [name for name in raw.columns if name not in names]
            near = did_you_mean(factor.name, others)
            yield Fault(
                f"there is no such column, but a factor.{near if ' Did' in near else ''}", column=factor.name
            )
        elif not _suits(raw, factor):
            given = raw.columns[factor.name].dtype
            yield Fault(f"each cell must be {_NEEDED[factor.dtype()]}, given {given}.", column=factor.name)


def _suits(raw: _Raw, factor: Factor) -> bool:
    """True if a column holds texts, or what the factor's values are, or nothing at all."""
    given, needed = raw.columns[factor.name].dtype, factor.dtype()
    if given == pl.Null or raw.path.suffix.lower() != ".parquet":
        return True
    if needed in (pl.Boolean, pl.String):
        return given == needed or (needed == pl.String and given in (pl.Categorical, pl.Enum))
    return given.is_numeric()


def _cell_faults(raw: _Raw, factors: Sequence[Factor]) -> list[Fault]:
    """What is wrong with single cells, row by row."""
    place = {factor.name: at for at, factor in enumerate(factors)}
    columns: dict[str, _Column] = {}
    unsure: dict[str, pl.Series] = {}  # rows in which nobody can tell whether the factor is active
    found: list[tuple[int, int, str]] = []
    for factor in in_order(factors):
        column = _read(raw, factor)
        active, doubt = (
            pl.repeat(True, len(raw.lines), eager=True),
            pl.repeat(False, len(raw.lines), eager=True),
        )
        for name, when in factor.when.items():
            active, doubt = active & holds(columns[name].values, when), doubt | unsure[name]
        present = factor.name in raw.columns and _suits(raw, factor)
        problems = {
            "wrong": column.wrong & ~column.beyond & (active | doubt),
            "beyond": column.beyond & (active | doubt),
            "empty": column.cells.is_null() & active & ~doubt,
            "idle": column.cells.is_not_null() & ~active & ~doubt,
        }
        for problem, rows in problems.items() if present else ():
            found += [
                (row, place[factor.name], _words(factor, problem, column.cells[row]))
                for row in rows.arg_true()
            ]
        values = column.values.zip_with(active, pl.Series([None], dtype=column.values.dtype))
        columns[factor.name] = _Column(column.cells, values, column.wrong, column.beyond)
        unsure[factor.name] = doubt | column.wrong if present else pl.repeat(True, len(raw.lines), eager=True)
    return [Fault(told, raw.lines[row], factors[at].name) for row, at, told in sorted(found)]


def _words(factor: Factor, problem: str, cell: object) -> str:
    if problem == "empty":
        return f"the cell is empty; allowed: {factor.allowed}."
    if problem == "idle":
        names = " and ".join(map(repr, factor.when))
        return f"given {short(cell)}, where {names} makes the factor inactive; leave the cell empty."
    levels = [level for level in factor.levels or () if isinstance(level, str)]
    near = did_you_mean(str(cell), levels) if levels else ""
    fault = f"must be {_NEEDED[factor.dtype()]}"
    if problem == "beyond":
        fault = "is out of range" if factor.levels is None else "is none of the levels"
    return (
        f"{fault}, given {short(cell)}; allowed: {factor.allowed}.{near if near.startswith(' Did') else ''}"
    )


def _read(raw: _Raw, factor: Factor) -> _Column:
    """The cells of a factor; nothing but nulls where the file has no such column, or one of another type."""
    if factor.name not in raw.columns or not _suits(raw, factor):
        nothing = pl.Series(factor.name, [None] * len(raw.lines), dtype=factor.dtype())
        return _Column(nothing, nothing, nothing.is_not_null(), nothing.is_not_null())
    cells = raw.columns[factor.name]
    values = _typed(cells, factor, raw.decimal_comma)
    good = holds(values, factor.levels or Range(low=factor.low, high=factor.high))
    kept = values.zip_with(good, pl.Series([None], dtype=values.dtype))
    if factor.dtype() == pl.Int64:
        kept = kept.cast(pl.Int64)
    finite = values.is_finite().fill_null(False) if values.dtype.is_float() else values.is_not_null()
    return _Column(cells, kept.rename(factor.name), cells.is_not_null() & ~good, finite & ~good)


def _typed(cells: pl.Series, factor: Factor, decimal_comma: bool) -> pl.Series:
    """Cells as numbers, truth values or texts; null where they are none."""
    needed = factor.dtype()
    if needed == pl.Boolean and cells.dtype == pl.String:
        return cells.str.to_lowercase().replace_strict(_TRUTH, default=None, return_dtype=pl.Boolean)
    if needed in (pl.Boolean, pl.String):
        return cells.cast(needed)
    if cells.dtype == pl.String:
        cells = cells.str.replace(",", ".", literal=True) if decimal_comma else cells
    numbers = cells.cast(pl.Float64, strict=False)
    if needed == pl.Int64:
        whole = (numbers == numbers.floor()).fill_null(False)
        return numbers.zip_with(whole, pl.Series([None], dtype=pl.Float64))
    return numbers

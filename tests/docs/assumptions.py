"""How much each uncertainty matters: total-order Sobol' indices, kept in docs/assumptions.csv.

`python -m tests.docs.assumptions DIR` writes the file from the folder of the runs of
experiments/all_uncertainties; then `python -m tests.docs.generate`.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

import cisim
from cisim.errors import CisimError, SpecError
from cisim.insight.questions import sensitivity
from cisim.theory.parameters import UNCERTAINTIES, Parameter
from cisim.theory.sources import ASSUMPTION
from cisim.world.disk import write_whole
from tests.docs.tables import Table
from tests.docs.tables_of_declarations import number, span

__all__ = ["FILE", "OUTCOMES", "Index", "kept", "main", "missing", "table", "written"]

FILE = Path(__file__).parents[2] / "docs" / "assumptions.csv"
OUTCOMES = ("severity", "contribution")
MONTH = 120
PARTS = ("total", "total_low", "total_high", "floor")
COLUMNS = ("parameter", *(f"{outcome}_{part}" for outcome in OUTCOMES for part in PARTS), "runs")
USAGE = "Name the folder of the runs of experiments/all_uncertainties: python -m tests.docs.assumptions DIR"


class Index(NamedTuple):
    """A total-order index with its 95 % interval; `floor`: what chance alone would show."""

    total: float
    low: float
    high: float
    floor: float

    def __str__(self) -> str:
        return f"{_share(self.total)} ({_share(self.low)} to {_share(self.high)})"


Kept = dict[str, dict[str, Index]]
"""{parameter: {outcome: index}}."""


def kept(text: str) -> tuple[Kept, int]:
    """(indices by parameter and outcome, runs that they rest on) of the text of docs/assumptions.csv.

    Raises SpecError for other columns, and for rows that rest on different numbers of runs.
    """
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise SpecError(f"columns must be {', '.join(COLUMNS)}, given {reader.fieldnames}.", source=FILE.name)
    rows = list(reader)
    runs = {row["runs"] for row in rows}
    if len(runs) != 1:
        raise SpecError(f"every row must rest on the same runs, given {sorted(runs)}.", source=FILE.name)
    told = {
        row["parameter"]: {
            outcome: Index(*(float(row[f"{outcome}_{part}"]) for part in PARTS)) for outcome in OUTCOMES
        }
        for row in rows
    }
    return told, int(runs.pop())


def missing(told: Kept) -> list[str]:
    """Every assumption of the declarations that the file has no row for."""
    return [entry.name for entry in _assumptions() if entry.name not in told]


def table(told: Kept, runs: int) -> Table:
    """Every assumption, the most important first; one that was not in the study yet comes last."""

    def largest(entry: Parameter) -> float:
        return max(index.total for index in told[entry.name].values()) if entry.name in told else -1.0

    rows = []
    for entry in sorted(_assumptions(), key=largest, reverse=True):
        indices = told.get(entry.name, {})
        cells = [str(indices[outcome]) if outcome in indices else "not run yet" for outcome in OUTCOMES]
        rows.append(
            (f"`{entry.name}`", number(entry.default), span(entry.low, entry.high), entry.unit, *cells)
        )
    columns = [
        "parameter",
        "default",
        "range",
        "unit",
        *(f"{outcome} at month {MONTH}" for outcome in OUTCOMES),
    ]
    above = (
        f"{len(rows)} of {len(UNCERTAINTIES)} uncertainties have no published basis. The indices rest on {runs:,} "
        "runs; in brackets 95 % intervals."
    )
    return Table(columns, rows, above)


def written(folder: Path) -> str:
    """The text of docs/assumptions.csv from the runs in a folder.

    Raises SpecError if runs are missing, the study has another design, or it does not vary every uncertainty.
    """
    results = cisim.Results.open(folder)
    if lacking := sorted(set(UNCERTAINTIES) - set(results.factors)):
        raise SpecError(
            f"the study must vary every uncertainty; missing: {', '.join(lacking)}.", source=folder
        )
    found = {outcome: _indices(results, f"{outcome}@{MONTH}") for outcome in OUTCOMES}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name in UNCERTAINTIES:
        values = [f"{value:.6f}" for outcome in OUTCOMES for value in found[outcome][name]]
        writer.writerow([name, *values, results.counts()["done"]])
    return out.getvalue()


def _indices(results: cisim.Results, of: str) -> dict[str, tuple[float, ...]]:
    rows = sensitivity(results, of).tables["sensitivity"].filter(pl.col("kind") == "factor")
    return {row[0]: row[1:] for row in rows.select("factor", *PARTS).iter_rows()}


def _assumptions() -> list[Parameter]:
    return [entry for entry in UNCERTAINTIES.values() if entry.basis == ASSUMPTION]


def _share(value: float) -> str:
    return f"{value:.3f}".replace("-", "−")


def main(words: Sequence[str]) -> int:
    """Write docs/assumptions.csv; 2 if it cannot be made."""
    if len(words) != 1:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        write_whole(FILE, written(Path(words[0])).encode())
    except CisimError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{FILE.name} is written. Now: python -m tests.docs.generate")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

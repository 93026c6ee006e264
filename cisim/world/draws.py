"""The table of a posterior: its CSV text, and what is wrong with its names and numbers."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

import numpy as np

from cisim.errors import nearest
from cisim.theory.parameters import LEVERS, UNCERTAINTIES, Parameter
from cisim.world.fields import scalar, short

__all__ = ["ENDING", "MOST_DRAWS", "csv_text", "draws_in", "draws_of", "provenance_of"]

Array = np.ndarray[Any, Any]
Checked = tuple[tuple[str, ...], Array, list[str]]
"""(names, draws by names, faults); names and draws are sound where there is no fault."""

ENDING = ".csv"
MOST_DRAWS = 100_000
_MOST_TOLD = 5
"""Cells, rows or names that one sentence tells; of more, how many there are."""
_MARK = "#"
_HUGE = 1e300
"""More than any parameter can be; a whole number beyond it may be too long for a decimal one."""


def draws_of(names: object, values: object) -> Checked:
    """Names and draws given in code, or in a table of a scenario's file."""
    columns = _listed(names)
    rows = _listed(values)
    faults = []
    if columns is None or not all(isinstance(name, str) for name in columns):
        faults.append(f"names: must be a list of parameters in quotes, given {short(names)}.")
    if rows is None or not all(isinstance(row, (list, tuple)) for row in rows):
        faults.append(f"rows: must be a list of draws, each a list of numbers, given {short(values)}.")
    if faults or columns is None or rows is None:
        return (), np.empty((0, 0)), faults
    return _checked(columns, rows, lambda at: f"rows[{at}]", _number)


def draws_in(text: str) -> tuple[dict[str, str], tuple[str, ...], Array, list[str]]:
    """(provenance, names, draws, faults) of the text of a CSV file."""
    lines = text.removeprefix("\ufeff").splitlines()
    head = list(takewhile(lambda line: line.startswith(_MARK), lines))
    provenance, wrong = _provenance_in(head)
    reader = csv.reader(lines[len(head) :])
    table, places = [], []
    try:
        for cells in reader:
            if cells:
                table.append(cells)
                places.append(len(head) + reader.line_num)
    except csv.Error as error:
        place = len(head) + reader.line_num
        return {}, (), np.empty((0, 0)), [*wrong, f"row {place}: cannot be read as CSV ({error})."]
    names = [name.strip() for name in table[0]] if table else []
    columns, rows, faults = _checked(names, table[1:], lambda at: f"row {places[at + 1]}", _number_in)
    return provenance, columns, rows, [*wrong, *faults]


def csv_text(provenance: Mapping[str, str], names: Sequence[str], rows: Array) -> str:
    """The text of a file from which `draws_in` gives the same, to the last bit."""
    head = [f"{_MARK} {key}: {value}" for key, value in provenance.items()]
    lines = (",".join(map(repr, row)) for row in rows.tolist())
    return "\n".join([*head, ",".join(names), *lines]) + "\n"


def provenance_of(told: object) -> tuple[dict[str, str], list[str]]:
    """({key: value} as lines of a file can hold them, faults)."""
    if not isinstance(told, Mapping):
        return {}, [f"provenance: must be a table of keys and texts, given {short(told)}."]
    faults = [
        f"provenance {short(key)}: key and value must each be one line of text, the key without a colon, "
        f"given {short(value)}."
        for key, value in told.items()
        if not (_is_line(key) and key and ":" not in key and _is_line(value))
    ]
    return dict(told), faults


def _is_line(text: object) -> bool:
    return isinstance(text, str) and text == text.strip() and len(text.splitlines()) <= 1


def _provenance_in(head: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    found: dict[str, str] = {}
    faults = []
    for number, line in enumerate(head, 1):
        key, colon, value = (part.strip() for part in line.removeprefix(_MARK).partition(":"))
        if not (key and colon):
            faults.append(f"row {number}: must be '# key: value', given {short(line)}.")
        elif key in found:
            faults.append(f"row {number}: key {key!r} is told before; leave one.")
        found[key] = value
    return found, faults


def _checked(
    names: Sequence[str], rows: Sequence[Sequence[Any]], place: Callable[[int], str],
    number: Callable[[Any], float | None],
) -> Checked:  # fmt: skip
    """place: what a row is called, by its position. number: the number that a cell holds, None if it holds none."""
    faults = list(_name_faults(names))
    if not 1 <= len(rows) <= MOST_DRAWS:
        faults.append(f"there are {len(rows):,} draws; allowed are 1 to {MOST_DRAWS:,}.")
    whole = [at for at, row in enumerate(rows) if len(row) == len(names)]
    if names and len(whole) < len(rows):
        faults.append(_length_fault(names, rows, place))
    table = np.empty((len(whole), len(names)))
    for column, name in enumerate(names):
        cells = [rows[at][column] for at in whole]
        table[:, column] = _numbers(cells, number)
        if declared := UNCERTAINTIES.get(name):
            wrong = np.flatnonzero(~_allowed(table[:, column], declared))
            if wrong.size:
                told = [f"{short(cells[at])} in {place(whole[at])}" for at in wrong[:_MOST_TOLD]]
                faults.append(_cell_fault(declared, told, wrong.size))
    table.flags.writeable = False
    return tuple(names), table, faults


def _name_faults(names: Sequence[str]) -> Iterator[str]:
    if not any(names):
        yield f"there is no name of a parameter; name one or more, such as {', '.join(list(UNCERTAINTIES)[:2])}."
        return
    for name, times in Counter(names).items():
        if name in LEVERS:
            yield (
                f"column {name!r} is a lever, which a coalition chooses; a posterior holds uncertainties. "
                "Leave it out."
            )
        elif name not in UNCERTAINTIES:
            near = nearest(name, UNCERTAINTIES) or " List them with: cisim parameters --role uncertainty"
            yield f"column {short(name)}: unknown uncertainty.{near}"
        if times > 1:
            yield f"column {name!r} is there {times} times; leave one of them."


def _length_fault(names: Sequence[str], rows: Sequence[Sequence[Any]], place: Callable[[int], str]) -> str:
    other = [at for at, row in enumerate(rows) if len(row) != len(names)]
    told = [f"{len(rows[at])} in {place(at)}" for at in other[:_MOST_TOLD]]
    return f"each draw has a number for each of the {len(names)} names; given {_and_more(told, len(other))}."


def _cell_fault(declared: Parameter, told: Sequence[str], count: int) -> str:
    allowed = f"allowed is a number from {declared.least:g} to {declared.most:g} {declared.unit}"
    return f"column {declared.name!r}: given {_and_more(told, count)}; {allowed}."


def _and_more(told: Sequence[str], count: int) -> str:
    more = f" and {count - len(told):,} more" if count > len(told) else ""
    return ", ".join(told) + more


def _numbers(cells: list[Any], number: Callable[[Any], float | None]) -> Array:
    """The numbers in cells, NaN where one holds none."""
    return np.array([np.nan if (found := number(cell)) is None else found for cell in cells], dtype=float)


def _number(cell: Any) -> float | None:
    cell = scalar(cell)
    return float(cell) if type(cell) in (int, float) and abs(cell) < _HUGE else None


def _number_in(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _allowed(values: Array, declared: Parameter) -> Any:
    return (values >= declared.least) & (values <= declared.most)  # never of NaN


def _listed(told: object) -> Sequence[Any] | None:
    if isinstance(told, np.ndarray):
        told = told.tolist()
    return told if isinstance(told, (list, tuple)) else None

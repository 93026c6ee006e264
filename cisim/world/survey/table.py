"""A CSV file as it comes from a survey tool or a spreadsheet, read into named columns.

Read: UTF-8 with or without byte order mark, UTF-16 with byte order mark, else Windows-1252 (said in
the notes); comma, semicolon or tab between values; a first line `sep=;`. Decimal commas are expected
where the separator is not a comma.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cisim.errors import did_you_mean
from cisim.world.survey.faults import Faults

__all__ = ["Row", "Table", "read_table"]

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
FOREIGN = {
    b"PK\x03\x04": "an Excel workbook (or another zip file)",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF document",
}


@dataclass(frozen=True)
class Row:
    """One record: the line of the file it starts in (the header's is usually 1), and its cells."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A file's columns and rows, cells stripped of blanks around them."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    decimal_comma: bool = False
    notes: tuple[str, ...] = ()

    def position(self, column: str) -> int:
        return self.columns.index(column)

    def column(self, name: str) -> tuple[str, ...]:
        place = self.position(name)
        return tuple(row.cells[place] for row in self.rows)

    def unknown(self, column: str) -> str:
        """The sentence for a column that the file does not have."""
        named = [name for name in self.columns if name]
        near = did_you_mean(column, named)
        known = "" if near.startswith(" Known") else f" Columns: {', '.join(named)}."
        return f"there is no column {column!r}.{near.replace(' Known', ' Columns')}{known}"


def read_table(path: Path, faults: Faults) -> Table | None:
    """The table in `path`, or None with its faults added."""
    found = Faults()
    table = _read(path, found)
    faults.take(found)
    return None if found else table


def _read(path: Path, faults: Faults) -> Table | None:
    text, notes = _text(path, faults)
    if text is None:
        return None
    separator, text, first = _separator(text)
    records = list(_records(path, text, separator, first, faults))
    if faults:
        return None
    if separator != ",":
        notes.append(
            f"{path.name}: values are separated by {SEPARATORS[separator]}s; decimal commas are read."
        )
    return _table(path, records, separator, notes, faults)


def _text(path: Path, faults: Faults) -> tuple[str | None, list[str]]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        faults.add(path, "there is no such file.")
    except IsADirectoryError:
        faults.add(path, "this is a folder, not a CSV file; name the file in it.")
    except OSError as error:
        faults.add(path, f"cannot be read: {error.strerror}.")
    else:
        return _decoded(path, data, faults)
    return None, []


def _decoded(path: Path, data: bytes, faults: Faults) -> tuple[str | None, list[str]]:
    for start, what in FOREIGN.items():
        if data.startswith(start):
            faults.add(path, f"this is {what}, not CSV; save the sheet as CSV (UTF-8).")
            return None, []
    encoding = next((name for mark, name in MARKS if data.startswith(mark)), "utf-8")
    notes: list[str] = []
    text: str | None
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        text = _windows(path, data, encoding, error, notes, faults)
    if text is not None and "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        faults.add(path, "there are NUL characters: UTF-16 without mark, or not text; save as UTF-8.",
                   row=line)  # fmt: skip
        return None, notes
    return text, notes


def _windows(
    path: Path, data: bytes, encoding: str, error: UnicodeDecodeError, notes: list[str], faults: Faults
) -> str | None:
    line = data.count(b"\n", 0, error.start) + 1
    if encoding == "utf-8":
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as second:
            error, line = second, data.count(b"\n", 0, second.start) + 1
        else:
            notes.append(
                f"{path.name} is not UTF-8 (row {line}); read as Windows-1252. Check accented names."
            )
            return text
    allowed = "UTF-8, UTF-16 with its mark, or Windows-1252"
    faults.add(
        path,
        f"byte 0x{data[error.start]:02x} cannot be decoded; allowed is {allowed}; save as UTF-8.",
        row=line,
    )
    return None


def _separator(text: str) -> tuple[str, str, int]:
    """(separator, text, number of its first line): named by `sep=`, else most columns in the header."""
    head, _, rest = text.partition("\n")
    named = head.strip().strip('"').lower()
    if named.startswith("sep=") and len(head.strip().strip('"')) <= 5:
        sign = head.strip().strip('"')[4:] or "\t"
        if sign in SEPARATORS:
            return sign, rest, 2
    start = next((line for line in text.splitlines() if line.strip()), "")
    widths = {sign: len(next(csv.reader([start], delimiter=sign), [])) for sign in SEPARATORS}
    return max(SEPARATORS, key=lambda sign: widths[sign]), text, 1


def _records(path: Path, text: str, separator: str, first: int, faults: Faults) -> Iterator[Row]:
    """Each record that is not empty, with the line it starts in."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = first
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            faults.add(path, f"this row cannot be split into values ({error}); check its quotes.", row=line)
            return
        if any(cell.strip() for cell in cells):
            yield Row(line, tuple(cell.strip() for cell in cells))
        line = first + reader.line_num


def _table(path: Path, records: list[Row], separator: str, notes: list[str], faults: Faults) -> Table | None:
    if not records:
        faults.add(path, "the file is empty; a header row and one row for each answer are needed.")
        return None
    header, *rows = records
    columns = _trimmed(header.cells)
    for name in sorted({name for name in columns if name and columns.count(name) > 1}):
        faults.add(path, f"there are {columns.count(name)} columns {name!r}; names must be unique.",
                   row=header.line, column=name)  # fmt: skip
    if not rows:
        faults.add(path, "there is a header but no row below it.", row=header.line)
    even = [_even(path, row, columns, separator, faults) for row in rows]
    return Table(path, columns, tuple(even), separator != ",", tuple(notes))


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Cells without the empty ones at the end, which spreadsheets like to add."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _even(path: Path, row: Row, columns: tuple[str, ...], separator: str, faults: Faults) -> Row:
    cells = row.cells
    if len(cells) > len(columns):
        cells = _trimmed(cells)
        cells += ("",) * (len(columns) - len(cells))
    if len(cells) != len(columns):
        faults.add(
            path,
            f"{len(cells)} values where the header names {len(columns)} columns; values are separated by "
            f"{SEPARATORS[separator]}s, and a value that contains one must stand in double quotes.",
            row=row.line,
        )
    return Row(row.line, cells)

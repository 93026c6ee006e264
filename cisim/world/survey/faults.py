"""The faults of a survey, gathered over both files and raised together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cisim.errors import DataError, Fault

__all__ = ["Faults", "PlacedFault", "Unreadable"]

SHOWN_ROWS = 5
"""So many rows are named where one fault repeats; the rest are counted."""


class Unreadable(ValueError):
    """A cell that cannot be read; the message says what was given and what is allowed."""


@dataclass(frozen=True)
class PlacedFault(Fault):
    """A fault that also names its file, where two files are reported together."""

    file: str = ""

    def __str__(self) -> str:
        return (
            f"{self.file}, {super().__str__()}" if self.row or self.column else f"{self.file}: {self.problem}"
        )


class Faults:
    """Every fault found so far, by file, in the order of finding."""

    def __init__(self) -> None:
        self._found: dict[Path, list[Fault]] = {}

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, path: Path, problem: str, *, row: int | None = None, column: str | None = None) -> None:
        self._found.setdefault(path, []).append(Fault(problem, row, column))

    def take(self, other: Faults) -> None:
        """Add everything that `other` found."""
        for path, found in other._found.items():
            self._found.setdefault(path, []).extend(found)

    def check(self) -> None:
        """Raise what was found; do nothing if nothing was found."""
        if self._found:
            raise self.error()

    def error(self) -> DataError:
        """One DataError with everything found, the same problem of many rows told once."""
        merged = {path: _merged(faults) for path, faults in self._found.items()}
        if len(merged) == 1:
            ((path, faults),) = merged.items()
            return DataError(path, faults)
        return DataError(
            " and ".join(map(str, merged)),
            [PlacedFault(f.problem, f.row, f.column, path.name) for path, fs in merged.items() for f in fs],
        )


def _merged(faults: Iterable[Fault]) -> list[Fault]:
    """The same problem of the same column is told once, with the further rows it stands in."""
    rows: dict[tuple[str, str | None], list[int | None]] = {}
    for fault in faults:
        rows.setdefault((fault.problem, fault.column), []).append(fault.row)
    return [
        Fault(problem + _further(where[1:]), where[0], column) for (problem, column), where in rows.items()
    ]


def _further(rows: list[int | None]) -> str:
    numbers = sorted({row for row in rows if row is not None})
    if not numbers:
        return ""
    shown = ", ".join(map(str, numbers[:SHOWN_ROWS]))
    more = f" and {len(numbers) - SHOWN_ROWS} more" if len(numbers) > SHOWN_ROWS else ""
    return f" (also in row{'s' if len(numbers) > 1 else ''} {shown}{more})"

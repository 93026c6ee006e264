"""The errors of cisim. Each says what is wrong, what was given, what is allowed, what to do.

CisimError
├── SpecError(ValueError)   a scenario, parameter, rule, event or flag that cannot be used
├── DataError(ValueError)   a data file that cannot be read as what it is said to be
├── RunError                a run that failed: scenario, replicate, month, the line that repeats it
└── StoreError              a folder or file of results that cannot be written or read
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

__all__ = [
    "CisimError",
    "DataError",
    "Fault",
    "RunError",
    "SpecError",
    "StoreError",
    "did_you_mean",
    "gathered",
    "nearest",
]

T = TypeVar("T")


class CisimError(Exception):
    """Anything that cisim refuses on purpose; the message is meant for the person who asked."""


class SpecError(CisimError, ValueError):
    """An input that cannot be used. `faults` holds one sentence a fault, all found at once."""

    def __init__(self, faults: str | Sequence[str], *, source: str | None = None) -> None:
        self.faults: tuple[str, ...] = (faults,) if isinstance(faults, str) else tuple(faults)
        self.source = source
        super().__init__(_listing(source or "This input", self.faults))

    def __reduce__(self) -> tuple[object, ...]:
        return (_spec_error, (self.faults, self.source))


@dataclass(frozen=True)
class Fault:
    """One fault of a data file: where it is, and what is wrong, given, allowed."""

    problem: str
    row: int | None = None  # 1-based line of the file, the header being row 1
    column: str | None = None

    def __str__(self) -> str:
        place = [f"row {self.row}"] if self.row is not None else []
        place += [f"column {self.column!r}"] if self.column is not None else []
        return f"{', '.join(place)}: {self.problem}" if place else self.problem


class DataError(CisimError, ValueError):
    """A data file that cannot be used: `path`, and every `Fault` with row and column."""

    def __init__(self, path: object, faults: Iterable[Fault | str]) -> None:
        self.path = str(path)
        self.faults = tuple(f if isinstance(f, Fault) else Fault(f) for f in faults)
        super().__init__(_listing(self.path, [str(fault) for fault in self.faults]))

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.path, self.faults))


class RunError(CisimError):
    """A run that failed, with the line that repeats it."""

    def __init__(self, problem: str, *, scenario: str, replicate: int, month: int | None, repeat: str):
        self.problem, self.scenario = problem, scenario
        self.replicate, self.month, self.repeat = replicate, month, repeat
        when = "" if month is None else f", month {month}"
        super().__init__(
            f"Run failed in scenario {scenario!r}, replicate {replicate}{when}: {problem}\n"
            f"  Repeat it with: {repeat}"
        )

    def __reduce__(self) -> tuple[object, ...]:
        return (_run_error, (self.problem, self.scenario, self.replicate, self.month, self.repeat))


class StoreError(CisimError):
    """A place for results that cannot be written or read."""


def gathered(*tries: Callable[[], T]) -> list[T]:
    """What each of these gives. Raises SpecError with the faults of all that raise one, each with its source."""
    found: list[T] = []
    errors: list[SpecError] = []
    for one in tries:
        try:
            found.append(one())
        except SpecError as error:
            errors.append(error)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise SpecError([f"{error.source}: {fault}" for error in errors for fault in error.faults])
    return found


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """` Did you mean 'x'?` with the nearest known name, or the list of names if none is near."""
    known = sorted(known)
    return nearest(name, known) or (f" Known: {', '.join(known)}." if known else "")


def nearest(name: str, known: Iterable[str]) -> str:
    """` Did you mean 'x'?` with the nearest known name, or nothing if none is near."""
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f" Did you mean {near[0]!r}?" if near else ""


def _listing(subject: str, faults: Sequence[str]) -> str:
    if len(faults) == 1:
        return f"{subject}: {faults[0]}"
    return "\n".join([f"{subject}: {len(faults)} faults", *(f"  - {fault}" for fault in faults)])


def _spec_error(faults: Sequence[str], source: str | None) -> SpecError:
    return SpecError(faults, source=source)


def _run_error(problem: str, scenario: str, replicate: int, month: int | None, repeat: str) -> RunError:
    return RunError(problem, scenario=scenario, replicate=replicate, month=month, repeat=repeat)

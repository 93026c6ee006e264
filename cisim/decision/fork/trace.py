"""The first trace of a change in the state itself: which field, whose, in which phase of which month, how large.

Both runs are walked phase by phase in the readable engine, which gives the same history as the compiled one, bit for
bit. A trace may be far too small to matter; what matters is told by the log.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.decision.fork.history import Run
from cisim.decision.fork.ways import THE_CHANGE, Moment, Way, contact_in, way_to
from cisim.engine.model import CoalitionModel
from cisim.theory.month import MONTH
from cisim.theory.parameters import LEVERS
from cisim.theory.state import INITIATIVE, ISSUE, ORGANIZATION, TIE

__all__ = ["COMMON", "Trace", "traces_of"]

Array = np.ndarray[Any, Any]
COMMON = -1
"""In place of a row: what belongs to the coalition, the issue or its levers."""
PHASES = tuple(phase.name for phase in MONTH)
_MEANINGS = {
    "levers": {name: declared.meaning for name, declared in LEVERS.items()},
    "initiative": {field.name: field.meaning for field in INITIATIVE},
    "issue": {field.name: field.meaning for field in ISSUE},
    "own": {field.name: field.meaning for field in (*TIE, *ORGANIZATION)},
}


@dataclass(frozen=True)
class Trace:
    """The first field that differs for an organization (or COMMON), at the end of a phase.

    meaning: of the field. other: row of the other end where the field is of a tie, else -1. without, with_: its two values; of several
    numbers in a field, those that differ most. way: how it can have come; None for what is common.
    """

    organization: int
    month: int
    phase: str
    field: str
    meaning: str
    other: int
    without: float
    with_: float
    way: Way | None

    @property
    def size(self) -> float:
        """How far apart the two values are."""
        return abs(self.with_ - self.without)


def traces_of(without: Run, with_: Run, month: int, touched: Collection[int] = ()) -> tuple[Trace, ...]:
    """First traces of both runs of one fork, in their order; those of the coalition as a whole first in each phase."""
    last = _last_first(without, with_, month)
    if last < month:
        return ()
    known: dict[int, tuple[Moment, Way]] = {row: ((month, -1), Way(-1, THE_CHANGE, 0)) for row in touched}
    found: list[Trace] = []
    seen: set[int] = set()
    for when, phase, a, b in _walk(without, with_, month, last):
        if COMMON not in seen and (common := _common(a, b, when, phase)) is not None:
            seen.add(COMMON)
            found.append(common)
        moment = (when, PHASES.index(phase))
        ties = (*without.ends, contact_in(without, with_, when))
        fresh: dict[int, tuple[Moment, Way]] = {}
        for row, (field, other, x, y) in sorted(_differing(a.state, b.state, seen).items()):
            partners = frozenset({other} if other >= 0 else ())
            way = known[row][1] if row in known else way_to(row, moment, known, ties, phase, partners)
            seen.add(row)
            if row not in known:
                fresh[row] = (moment, way)
            found.append(Trace(row, when, phase, field, _MEANINGS["own"][field], other, x, y, way))
        known |= fresh
    return tuple(found)


def _walk(
    without: Run, with_: Run, month: int, last: int
) -> Iterator[tuple[int, str, CoalitionModel, CoalitionModel]]:
    """(month, phase, model, model) after each phase from the month of the fork to the last one wanted."""
    first, second = (
        CoalitionModel(run.scenario, seed=run.seed, replicate=run.replicate) for run in (without, with_)
    )
    while first.month < month - 1:
        _phases(first)
    for name in ("organizations", "ties", "initiative", "issue", "levers"):
        getattr(second.state, name).array[...] = getattr(first.state, name).array
    second.month = first.month
    for when in range(month, last + 1):
        first.month = second.month = when
        for phase in PHASES:
            getattr(first, phase)()
            getattr(second, phase)()
            yield when, phase, first, second


def _phases(model: CoalitionModel) -> None:
    model.month += 1
    for phase in PHASES:
        getattr(model, phase)()


def _last_first(without: Run, with_: Run, month: int) -> int:
    """The month by whose end every organization that ever differs has done so; 0 if none does."""
    i, j = without.ends
    differ = without.organizations[month:] != with_.organizations[month:]
    apart = without.ties[month:] != with_.ties[month:]
    for tie in np.flatnonzero(apart.any(axis=0)).tolist():
        for end in (i[tie], j[tie]):
            differ[:, end] |= apart[:, tie]
    ever = differ.any(axis=0)
    return month + int(differ.argmax(axis=0)[ever].max()) if ever.any() else 0


def _common(a: CoalitionModel, b: CoalitionModel, month: int, phase: str) -> Trace | None:
    for name in ("levers", "initiative", "issue"):
        x, y = getattr(a.state, name).array[0], getattr(b.state, name).array[0]
        for field in x.dtype.names:
            if (pair := _apart(x[field], y[field])) is not None:
                return Trace(COMMON, month, phase, field, _MEANINGS[name][field], -1, *pair, None)
    return None


def _differing(a: Any, b: Any, seen: Collection[int]) -> dict[int, tuple[str, int, float, float]]:
    """{row: (field, other end or -1, value, value)} of organizations not seen yet; own fields before those of ties."""
    found: dict[int, tuple[str, int, float, float]] = {}
    x, y = a.organizations.array, b.organizations.array
    for row in np.flatnonzero(x != y).tolist():
        if row not in seen:
            found[row] = _of_row(x[row], y[row])
    x, y = a.ties.array, b.ties.array
    for tie in np.flatnonzero(x != y).tolist():
        ends = int(x["i"][tie]), int(x["j"][tie])
        for side in (0, 1):
            if ends[side] not in seen and ends[side] not in found:
                for field in x.dtype.names:
                    u, v = x[field][tie], y[field][tie]
                    if np.ndim(u):  # one number for each side
                        u, v = u[side], v[side]
                    if (pair := _apart(u, v)) is not None:
                        found[ends[side]] = (field, ends[1 - side], *pair)
                        break
    return found


def _of_row(x: Any, y: Any) -> tuple[str, int, float, float]:
    """The first field, in the order of their declaration, that differs between two rows that do."""
    return next(
        (field, -1, *pair) for field in x.dtype.names if (pair := _apart(x[field], y[field])) is not None
    )


def _apart(x: Any, y: Any) -> tuple[float, float] | None:
    """The two numbers that differ most; None if none do."""
    u, v = np.atleast_1d(x), np.atleast_1d(y)
    if np.array_equal(u, v):
        return None
    most = int(np.abs(v.astype(float) - u.astype(float)).argmax())
    return float(u[most]), float(v[most])

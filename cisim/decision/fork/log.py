"""The log of a run: what happened in which month to whom; and what differs between the logs of two runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from cisim.decision.fork.history import Run
from cisim.decision.fork.kinds import KINDS, Kind

__all__ = ["Difference", "Happening", "Moved", "count_of", "difference", "entity_of", "log_of", "when_of"]

Array = np.ndarray[Any, Any]
_PLACE = {name: place for place, name in enumerate(KINDS)}


class Happening(NamedTuple):
    """Something that happened in a month. a, b: rows of organizations, -1 for none; k: a workstream, or -1."""

    month: int
    kind: str
    a: int
    b: int
    k: int

    @property
    def organizations(self) -> tuple[int, ...]:
        """Rows of those whom it concerns."""
        return tuple(row for row in (self.a, self.b) if row >= 0)

    @property
    def what(self) -> tuple[str, int, int, int]:
        """The same whenever it happens."""
        return self.kind, self.a, self.b, self.k


class Moved(NamedTuple):
    """One and the same happening in two runs, in different months."""

    without: Happening
    with_: Happening


@dataclass(frozen=True)
class Difference:
    """What differs between two logs, in order. A happening that both have in one month is in none of the three."""

    only_without: tuple[Happening, ...]
    only_with: tuple[Happening, ...]
    moved: tuple[Moved, ...]

    @property
    def every(self) -> tuple[Happening, ...]:
        """All that differs, those moved in time with both of their months, by month."""
        both = [happening for pair in self.moved for happening in pair]
        return tuple(sorted([*self.only_without, *self.only_with, *both], key=when_of))


def when_of(happening: Happening) -> tuple[int, int, int, int, int]:
    """The order of a log: month, kind (by the phases of a month), organizations."""
    return happening.month, _PLACE[happening.kind], happening.a, happening.b, happening.k


def log_of(run: Run) -> tuple[Happening, ...]:
    """All that happened in a run, by month; the start is no happening."""
    return tuple(sorted((each for kind in KINDS.values() for each in _of_kind(run, kind)), key=when_of))


def count_of(run: Run, kind: Kind, since: int = 1) -> int:
    """How often a kind of thing happened from a month on."""
    return int(np.count_nonzero(_marks(kind, kind.state(run))[since - 1 :]))


def entity_of(run: Run, happening: Happening) -> tuple[int, ...]:
    """Where the state behind a happening stands in the arrays of its kind, the month left out."""
    kind = KINDS[happening.kind]
    if kind.of == "coalition":
        return (0,)
    if kind.of == "organization":
        return (happening.a,)
    i, j = run.ends
    low, high = sorted((happening.a, happening.b))
    tie = int(np.flatnonzero((i == low) & (j == high))[0])
    return (tie,) if kind.of == "tie" else (tie, int(happening.a == high))


def difference(without: Sequence[Happening], with_: Sequence[Happening]) -> Difference:
    """What only one of two logs has; of these, the first of a kind in one and the first in the other are one, moved."""
    both = set(without) & set(with_)
    left, right = _by_what(without, both), _by_what(with_, both)
    moved, only_left, only_right = [], [], []
    for what in {**left, **right}:
        a, b = left.get(what, []), right.get(what, [])
        pairs = min(len(a), len(b))
        moved += [Moved(x, y) for x, y in zip(a[:pairs], b[:pairs], strict=True)]
        only_left += a[pairs:]
        only_right += b[pairs:]
    return Difference(
        tuple(sorted(only_left, key=when_of)),
        tuple(sorted(only_right, key=when_of)),
        tuple(sorted(moved, key=lambda pair: min(when_of(pair.without), when_of(pair.with_)))),
    )


def _by_what(
    log: Sequence[Happening], both: set[Happening]
) -> dict[tuple[str, int, int, int], list[Happening]]:
    found: dict[tuple[str, int, int, int], list[Happening]] = defaultdict(list)
    for happening in log:
        if happening not in both:
            found[happening.what].append(happening)
    return found


def _of_kind(run: Run, kind: Kind) -> Iterator[Happening]:
    state = kind.state(run)
    places = np.argwhere(_marks(kind, state)).tolist()
    i, j = (rows.tolist() for rows in run.ends)
    for before, *entity in places:
        month = before + 1
        k = int(state[(month, *entity)]) if kind.way == "turns" else -1
        a = b = -1
        if kind.of == "organization":
            a = entity[0]
        elif kind.of in ("tie", "side"):
            a, b = i[entity[0]], j[entity[0]]
            if kind.of == "side" and entity[1] == 1:
                a, b = b, a
        yield Happening(month, kind.name, a, b, k)


def _marks(kind: Kind, state: Array) -> Array:
    """(months, entities): where something of the kind happened; the first row is month 1."""
    before, now = state[:-1], state[1:]
    if kind.way == "is":
        return np.asarray(now == 1)
    if kind.way == "turns":
        return np.asarray(now != before)
    return np.asarray(now > before if kind.way == "up" else now < before)

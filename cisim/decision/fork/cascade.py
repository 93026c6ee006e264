"""The cascade: for each organization the first happening that only one of two runs has, and how it can have come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cisim.decision.fork.history import Run
from cisim.decision.fork.kinds import KINDS, Kind
from cisim.decision.fork.log import Difference, Happening
from cisim.decision.fork.ways import THE_CHANGE, Moment, Way, contact_in, way_to

__all__ = ["Step", "cascade_of", "generations"]

BEFORE_ALL = -1
"""The place in the month of the fork of those whom the change touches itself."""


@dataclass(frozen=True)
class Step:
    """An organization's first difference. happenings: all that concern it and differ in that month, in order.

    None of them for an organization that the change touches and that takes no other course of its own.
    """

    organization: int
    month: int
    happenings: tuple[Happening, ...]
    way: Way

    @property
    def first(self) -> Happening | None:
        """The first of them in the order of the month."""
        return self.happenings[0] if self.happenings else None


def cascade_of(
    told: Difference, without: Run, with_: Run, month: int, touched: Collection[int] = ()
) -> tuple[Step, ...]:
    """A step for each organization that differs or is touched by the change, by month and generation.

    The month of a step is the first in which the two logs differ for the organization; differences of one month
    cannot have come from each other. Those touched by the change are its first generation, 0, whenever they differ.
    """
    first = _firsts(told)
    origin = Way(-1, THE_CHANGE, 0)
    known: dict[int, tuple[Moment, Way]] = {row: ((month, BEFORE_ALL), origin) for row in touched}
    steps = []
    for row in sorted(first, key=lambda row: (first[row][0].month, row)):
        happenings = first[row]
        if row not in known:
            when = happenings[0].month
            others = frozenset(other for other in happenings[0].organizations if other != row)
            ties = (*without.ends, contact_in(without, with_, when))
            kind: Kind = KINDS[happenings[0].kind]
            known[row] = ((when, 0), way_to(row, (when, 0), known, ties, kind.phase, others))
        steps.append(Step(row, happenings[0].month, happenings, known[row][1]))
    steps += [Step(row, month, (), origin) for row in touched if row not in first]
    return tuple(sorted(steps, key=lambda step: (step.month, step.way.generation, step.organization)))


def generations(steps: Sequence[Step]) -> dict[int, tuple[Step, ...]]:
    """The steps by generation, 0 first."""
    found: dict[int, list[Step]] = defaultdict(list)
    for step in steps:
        found[step.way.generation].append(step)
    return {number: tuple(found[number]) for number in sorted(found)}


def _firsts(told: Difference) -> dict[int, tuple[Happening, ...]]:
    """{row: what differs for it in the first month that does}."""
    found: dict[int, list[Happening]] = {}
    for happening in told.every:
        for row in happening.organizations:
            own = found.setdefault(row, [])
            if not own or own[0].month == happening.month:
                own.append(happening)
    return {row: tuple(happenings) for row, happenings in found.items()}

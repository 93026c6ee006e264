"""What a claim varies: levers and uncertainties over ranges in which every scenario is sound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from cisim.errors import did_you_mean
from cisim.evidence.claims.claim import Side, Varied
from cisim.evidence.claims.file import VaryTold
from cisim.study.spec import targets
from cisim.theory.parameters import LEVERS, UNCERTAINTIES, record

__all__ = ["varied"]


def varied(
    told: Sequence[VaryTold], this: Side | None, other: Side | None, faults: list[str]
) -> tuple[Varied, ...]:
    """The ranges, complete, as far as the sides are there to see; without any, all uncertainties that the other side does not set, as declared."""
    if not told:
        fixed = {} if other is None else other.settings
        return tuple(Varied(n, p.low, p.high) for n, p in UNCERTAINTIES.items() if n not in fixed)
    found = []
    for at, entry in enumerate(told):
        place = f"vary[{at}] ({entry.name!r})"
        ends, wrong = _ends(entry)
        if ends is not None:
            wrong += [
                fault
                for side in (this, other)
                if side is not None and ends.name in LEVERS and ends.name not in side.settings
                for fault in _moved_out(side, ends)
            ]
            found.append(ends)
        faults += [f"{place}: {fault}" for fault in wrong]
    names = Counter(entry.name for entry in told)
    faults += [f"vary: {name!r} is named {n} times; name it once." for name, n in names.items() if n > 1]
    return tuple(found)


def _ends(entry: VaryTold) -> tuple[Varied | None, list[str]]:
    kind = targets.kind_of(entry.name)
    if kind == "rule":
        return None, ["is a rule choice, and only numbers vary; write a claim for each variant."]
    declared = targets.NUMBERS[kind].get(entry.name) if kind in targets.NUMBERS else None
    if declared is None:
        near = did_you_mean(entry.name, [*LEVERS, *UNCERTAINTIES])
        return None, [
            f"no lever or parameter is called so.{near if near.startswith(' Did') else ' List: cisim parameters'}"
        ]
    low = declared.low if entry.low is None else entry.low
    high = declared.high if entry.high is None else entry.high
    wrong = [fault for end in (low, high) if (fault := declared.fault(end))]
    if not wrong and not low < high:
        wrong = [f"low must be below high, given {low:g} and {high:g}."]
    return (None, wrong) if wrong else (Varied(entry.name, low, high), [])


def _moved_out(side: Side, ends: Varied) -> list[str]:
    """Why the events of a side move a lever out of its range from one of these ends.

    Events move a lever the further the higher it starts, so the ends decide for all between them.
    """
    start = np.repeat(record(side.scenario.levers, LEVERS), 2)
    start[ends.name] = ends.low, ends.high
    plan = side.scenario.plan()
    levers = plan.levers_from(start)
    return [
        f"with {value:g} at the start, {fault}"
        for at, value in enumerate((ends.low, ends.high))
        for fault in plan.faults_in(levers[:, at])
    ]

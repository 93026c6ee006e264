"""Which differences tell most: early, lasting ones of organizations with many contacts, of kinds that weigh much.

score = weight of the kind × earliness × share of the months since the fork for which the two runs then stay apart in it
× (1 + log(1 + monthly contacts of the organizations)). An *assumption*, for the order of a story and nothing else.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.decision.fork.history import Run
from cisim.decision.fork.kinds import KINDS
from cisim.decision.fork.log import Difference, Happening, entity_of
from cisim.theory.measures.network import MONTHLY

__all__ = ["Side", "Telling", "by_kind", "told_of"]

Array = np.ndarray[Any, Any]
Side = str
WITH, WITHOUT, MOVED = "only with the change", "only without the change", "moved in time"


@dataclass(frozen=True)
class Telling:
    """A difference. side: WITH, WITHOUT or MOVED; then `happening` is the one with the change and `instead` the other.

    months: how many months on end the two runs stay apart in it.
    """

    happening: Happening
    side: Side
    instead: Happening | None
    months: int
    score: float


def told_of(found: Difference, without: Run, with_: Run, month: int) -> tuple[Telling, ...]:
    """All differences, the most telling first."""
    last = len(without["severity"]) - 1
    contacts = _contacts(without, month)
    stays: dict[str, Array] = {}

    def telling(happening: Happening, side: Side, instead: Happening | None) -> Telling:
        kind = KINDS[happening.kind]
        if kind.name not in stays:
            stays[kind.name] = kind.stays(without) != kind.stays(with_)
        start = min(happening.month, instead.month) if instead else happening.month
        place: tuple[Any, ...] = (slice(start, None), *entity_of(without, happening))
        differs = stays[kind.name][place]
        apart = len(differs) if differs.all() else int(differs.argmin())
        early = (last - start + 1) / (last - month + 1)
        share = apart / (last - month + 1)
        central = 1.0 + math.log1p(max((contacts[row] for row in happening.organizations), default=0))
        return Telling(happening, side, instead, apart, kind.weight * early * share * central)

    every = [telling(happening, WITH, None) for happening in found.only_with]
    every += [telling(happening, WITHOUT, None) for happening in found.only_without]
    every += [telling(pair.with_, MOVED, pair.without) for pair in found.moved]
    return tuple(sorted(every, key=lambda each: (-each.score, each.happening.month, each.happening.what)))


def by_kind(told: tuple[Telling, ...]) -> Mapping[str, tuple[Telling, ...]]:
    """The differences of each kind, the kind that tells most in all first."""
    groups: dict[str, list[Telling]] = defaultdict(list)
    for each in told:
        groups[each.happening.kind].append(each)
    order = sorted(groups, key=lambda name: -sum(each.score for each in groups[name]))
    return {name: tuple(groups[name]) for name in order}


def _contacts(run: Run, month: int) -> Array:
    """(n + 1,): monthly contacts of each organization in the month before the fork."""
    i, j = run.ends
    monthly = run.ties["contact"][month - 1] >= MONTHLY
    count = run.organizations.shape[1]
    return np.asarray(np.bincount(i[monthly], minlength=count) + np.bincount(j[monthly], minlength=count))

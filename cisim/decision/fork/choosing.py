"""What a story tells of all that differs: the most telling of each group, one pair followed through, and the rest left."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from cisim.decision.fork.forking import Fork
from cisim.decision.fork.kinds import KINDS
from cisim.decision.fork.telling import Telling, told_of

__all__ = ["LASTING", "chain_of", "direct_of", "most_telling"]

LASTING = 6
"""Months that two runs must stay apart in something for a story to tell it."""
MOST_OF_KIND, MOST_OF_GROUP, MOST_OF_ORGANIZATION, MOST_IN_CHAIN = 1, 2, 2, 4


def direct_of(fork: Fork, told: Sequence[Telling]) -> tuple[Telling, ...]:
    """What happens in the month of the fork on ties with those whom the change touches: the change itself, nearly."""
    return tuple(
        each
        for each in told
        if each.happening.month == fork.month and fork.touched & {*each.happening.organizations}
    )


def most_telling(fork: Fork, most: int, told: Sequence[Telling] | None = None) -> tuple[Telling, ...]:
    """Lasting differences beyond the change itself, the most telling of many kinds and organizations, by month."""
    every = told_of(fork.difference, fork.without, fork.with_, fork.month) if told is None else told
    direct = set(direct_of(fork, every))
    kinds: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    owners: Counter[int] = Counter()
    chosen: list[Telling] = []
    for each in every:
        happening = each.happening
        if len(chosen) == most or each in direct or each.months < LASTING:
            continue
        group = KINDS[happening.kind].group
        if kinds[happening.kind] >= MOST_OF_KIND or groups[group] >= MOST_OF_GROUP:
            continue
        if any(owners[row] >= MOST_OF_ORGANIZATION for row in happening.organizations):
            continue
        kinds[happening.kind] += 1
        groups[group] += 1
        owners.update(happening.organizations)
        chosen.append(each)
    return tuple(sorted(chosen, key=lambda each: each.happening.month))


def chain_of(fork: Fork, told: Sequence[Telling]) -> tuple[Telling, ...]:
    """The pair of organizations for which most changes for long, followed month by month; at least two steps, or none."""
    pairs: dict[frozenset[int], dict[str, Telling]] = defaultdict(dict)
    direct = set(direct_of(fork, told))
    for each in told:
        rows = frozenset(each.happening.organizations)
        lasting = each.months >= LASTING and each.happening.month >= fork.month
        if len(rows) == 2 and lasting and each not in direct and not rows & fork.touched:
            pairs[rows].setdefault(each.happening.kind, each)
    worth = {
        rows: (
            len({KINDS[each.happening.kind].group for each in steps.values()}),
            sum(each.score for each in steps.values()),
        )
        for rows, steps in pairs.items()
    }
    best = max(worth, key=lambda rows: (*worth[rows], -min(rows)), default=None)
    if best is None or len(pairs[best]) < 2:
        return ()
    steps = sorted(pairs[best].values(), key=lambda each: -each.score)[:MOST_IN_CHAIN]
    return tuple(sorted(steps, key=lambda each: each.happening.month))

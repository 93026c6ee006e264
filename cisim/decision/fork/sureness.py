"""How sure a fork is, in sentences: what one world can tell, and how often what happens in many."""

from __future__ import annotations

from cisim.decision.fork.forking import Fork
from cisim.decision.fork.kinds import KINDS
from cisim.insight.comparison import Comparison
from cisim.insight.shares import Share

__all__ = ["how_often", "how_sure"]

MOST_TOLD = 8
ONE_WORLD = (
    "This is one world (all draws are the same in both runs, so that every difference comes from the change); "
    "in another, what happens to whom, when, and how much may differ. Ask for --worlds to know how often."
)


def how_sure(fork: Fork) -> list[str]:
    """What one world can tell, and what the same fork does to severity and the target in many."""
    if fork.worlds is None:
        return [ONE_WORLD]
    found, last = fork.worlds, fork.without.scenario.months
    severity, target = found.outcomes["severity"], found.target
    digits = 3 if float(severity.high) - float(severity.low) >= 0.002 else 5
    beyond = (
        f"Beyond this world: in {found.worlds} worlds, severity in month {last} is "
        f"{float(severity.difference):+.{digits}f} on average {_interval(severity, digits)}, and higher in {_share(severity.b_higher)}."
    )
    won = (
        f"The target is lost, reached only without the change, in {_share(target.b_lower)}; it is won, reached only with "
        f"it, in {_share(target.b_higher)}."
    )
    return [
        beyond,
        won,
        "What is told below of single organizations and months is of this one world; another may differ.",
    ]


def how_often(fork: Fork) -> list[str]:
    """Which kinds of consequence occur more or less often over worlds; nothing if only one was looked at."""
    if fork.worlds is None:
        return []
    sure = {name: told for name, told in fork.worlds.sure.items() if name != "target-reached"}
    lines = []
    for name, told in list(sure.items())[:MOST_TOLD]:
        more = float(told.difference) > 0
        lines.append(
            f"{KINDS[name].title}: {'more' if more else 'less'} often in "
            f"{_share(told.b_higher if more else told.b_lower)}; {float(told.difference):+.1f} times a world on average "
            f"{_interval(told, 1)}."
        )
    left = f", of which {MOST_TOLD} are told" if len(sure) > MOST_TOLD else ""
    chance = (
        f"Of {len(KINDS)} kinds of happening, {len(sure)} have an interval without 0{left}; by chance alone one or two "
        "would."
    )
    return [*lines, chance]


def _interval(told: Comparison, digits: int) -> str:
    return f"(95 % interval {float(told.low):+.{digits}f} to {float(told.high):+.{digits}f})"


def _share(share: Share) -> str:
    told, low, high = (_percent(float(value)) for value in (share.value, share.low, share.high))
    return f"{told} of worlds ({low} to {high})"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"

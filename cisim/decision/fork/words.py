"""Sentences of a fork that a board could read: names instead of ids, one world called one world."""

from __future__ import annotations

from collections import Counter

from cisim.decision.fork.cascade import Step, generations
from cisim.decision.fork.choosing import chain_of, direct_of, most_telling
from cisim.decision.fork.forking import Fork
from cisim.decision.fork.log import Happening
from cisim.decision.fork.tables import clause
from cisim.decision.fork.telling import MOVED, WITHOUT, Telling, told_of
from cisim.decision.fork.trace import COMMON, Trace

__all__ = ["ends_in", "spreads", "starts", "tells", "told_in_words"]

MOST_TOLD = 8
_FEW = 4


def ends_in(fork: Fork) -> list[str]:
    """What came of it in this one world: severity, target, members, the coalition."""
    last = fork.without.scenario.months
    severity = _instead(fork, "severity")
    found = [f"From month {fork.month}: {fork.change}. Severity in month {last} is {severity}."]
    found.append(_target(fork))
    a, b = (int(run["members"][-1]) for run in (fork.without, fork.with_))
    found.append(f"{b} members at the end{'' if a == b else f' instead of {a}'}.")
    return found


def starts(fork: Fork) -> list[str]:
    """Where the two runs first part: in the state, and in what anybody decides."""
    if not fork.traces:
        return ["The two runs are the same to the last bit: the change changes nothing in this world."]
    common = next((each for each in fork.traces if each.organization == COMMON), None)
    own = next((each for each in fork.traces if each.organization != COMMON), None)
    found = [_traced(fork, each) for each in fork.traces if each in (common, own)]
    step = _first_decision(fork)
    if step is not None and step.first is not None:
        side = "with" if step.first in set(fork.logs[1]) else "without"
        found.append(
            f"The first decision that differs, in month {step.month}: {clause(fork, step.first)} "
            f"(only {side} the change)."
        )
    return found


def spreads(fork: Fork) -> list[str]:
    """Who differs next, generation by generation, and how it can have come to them."""
    found = []
    for number, steps in generations(fork.cascade).items():
        if number == 0:
            continue
        months = sorted({step.month for step in steps})
        when = f"month {months[0]}" if len(months) == 1 else f"months {months[0]} to {months[-1]}"
        ways = Counter(_through(fork, step) for step in steps)
        how = "; ".join(f"{way} ({count})" if len(ways) > 1 else way for way, count in ways.most_common(_FEW))
        more, told = len(ways) - _FEW, sum(count for _, count in ways.most_common(_FEW))
        who = _few([fork.names[step.organization] for step in steps])
        found.append(
            f"Step {number}, {when}: {who}, by {how}{f'; others ({sum(ways.values()) - told})' if more > 0 else ''}."
        )
    untouched = len(fork.names) - len(fork.cascade)
    if fork.cascade and untouched:
        found.append(f"{untouched} of {len(fork.names)} organizations take no other course at all.")
    return found


def tells(fork: Fork) -> list[str]:
    """The differences that tell most, by month, and one pair followed through."""
    told = told_of(fork.difference, fork.without, fork.with_, fork.month)
    found = [line] if (line := _direct(fork, direct_of(fork, told))) else []
    found += [told_in_words(fork, each) for each in most_telling(fork, MOST_TOLD, told)]
    if chain := chain_of(fork, told):
        steps = ", ".join(_short(fork, each) for each in chain)
        found.append(f"One pair followed through: {steps}.")
    return found


def told_in_words(fork: Fork, each: Telling) -> str:
    """One difference as a sentence: when, what, and what is so without the change."""
    what = clause(fork, each.happening)
    if each.side == MOVED and each.instead is not None:
        return f"Month {each.happening.month} instead of {each.instead.month}: {what}."
    return f"Month {each.happening.month}, {each.side}: {what} (apart in this for {each.months} month{'' if each.months == 1 else 's'})."


def _traced(fork: Fork, trace: Trace) -> str:
    who = "" if trace.organization == COMMON else f" of {fork.names[trace.organization]}"
    whom = f" with {fork.names[trace.other]}" if trace.other >= 0 else ""
    way = ""
    if trace.way is not None and trace.way.source >= 0:
        way = f", by its tie with {fork.names[trace.way.source]}"
    elif trace.way is not None:
        way = f", by {trace.way.channel}"
    first = "The coalition as a whole" if trace.organization == COMMON else "The first organization"
    return (
        f"{first}, in month {trace.month}, phase “{trace.phase}”: {trace.field}{who}{whom} ({trace.meaning}) "
        f"is {_apart(trace)}{way}."
    )


def _apart(trace: Trace) -> str:
    a, b = f"{trace.without:.3g}", f"{trace.with_:.3g}"
    if a != b:
        return f"{b} instead of {a}"
    return f"{b}, {trace.size:.2g} {'higher' if trace.with_ > trace.without else 'lower'} than without the change"


def _first_decision(fork: Fork) -> Step | None:
    """The first step of somebody whom the change does not touch itself; else of anybody."""
    steps = [step for step in fork.cascade if step.first is not None]
    return next((step for step in steps if step.way.generation), steps[0] if steps else None)


def _through(fork: Fork, step: Step) -> str:
    return f"a tie with {fork.names[step.way.source]}" if step.way.source >= 0 else step.way.channel


def _direct(fork: Fork, direct: tuple[Telling, ...]) -> str:
    """What the change does at once on the ties of those whom it touches, counted."""
    lapsing = [
        each.happening
        for each in direct
        if each.happening.kind in ("contact-lapses", "contact-below-monthly")
    ]
    if not lapsing:
        return ""
    lapsed: dict[str, list[Happening]] = {}
    for happening in lapsing:
        lapsed.setdefault(happening.kind, []).append(happening)
    kind = max(lapsed, key=lambda name: len(lapsed[name]))
    if len(lapsed[kind]) < 2:
        return ""
    centre = [fork.names[row] for row in sorted(fork.touched)]
    word = "lapses" if kind == "contact-lapses" else "falls below monthly"
    return f"At once, in month {fork.month}: contact of {_few(centre)} with {len(lapsed[kind])} organizations {word}."


def _short(fork: Fork, each: Telling) -> str:
    if each.side == MOVED and each.instead is not None:
        return f"{clause(fork, each.happening)} in month {each.happening.month} (instead of {each.instead.month})"
    if each.side == WITHOUT:
        return f"{clause(fork, each.happening)} in month {each.happening.month} only without the change"
    return f"{clause(fork, each.happening)} in month {each.happening.month}"


def _target(fork: Fork) -> str:
    months = [_reached(fork, run["severity"]) for run in (fork.without, fork.with_)]
    target = f"The target of {fork.without.scenario.issue.target:g}"
    if months[0] == months[1]:
        return f"{target} is {'never reached in either' if months[0] is None else f'reached in month {months[0]} in both'}."
    told = ["never" if month is None else f"in month {month}" for month in months]
    return f"{target} is reached {told[1]} instead of {told[0]}."


def _reached(fork: Fork, severity: object) -> int | None:
    import numpy as np

    found = np.flatnonzero(np.asarray(severity) <= fork.without.scenario.issue.target)
    return int(found[0]) if len(found) else None


def _instead(fork: Fork, measure: str) -> str:
    a, b = float(fork.without[measure][-1]), float(fork.with_[measure][-1])
    digits = 2 if abs(a - b) >= 0.01 else 4
    if a == b:
        return f"{b:.2f} in both"
    way = "higher" if b > a else "lower"
    return f"{b:.{digits}f} instead of {a:.{digits}f}, {abs(b - a):.{digits}f} {way}"


def _few(names: list[str]) -> str:
    if len(names) <= _FEW:
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return f"{', '.join(names[: _FEW - 1])} and {len(names) - _FEW + 1} others"

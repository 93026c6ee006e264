"""What did one change set off? One run, stopped in a month, one thing changed, every other draw kept."""

from __future__ import annotations

from typing import Any

from cisim.app.drawing.advice.asked import Answered, Question, Report
from cisim.app.pictures import Table
from cisim.app.state.advice import WITHOUT
from cisim.app.state.kinds import completed
from cisim.decision.fork import fork
from cisim.decision.fork.change import Change, forked, read_changes
from cisim.decision.fork.choosing import most_telling
from cisim.decision.fork.explaining import sections
from cisim.decision.fork.forking import Fork
from cisim.decision.fork.history import run_of
from cisim.decision.fork.tables import cascade_table
from cisim.decision.fork.words import told_in_words
from cisim.decision.fork.worlds import in_worlds
from cisim.errors import SpecError
from cisim.world.scenario import Scenario

__all__ = ["answered"]

PARTING = "Where the two runs part"
"""The heading whose last sentence tells the first difference: a decision, or that there is none."""
MOST_ROWS, MOST_NUMBERED = 40, 8
"""Organizations that have a row, and differences that are numbered and told."""


def answered(question: Question, report: Report) -> Answered:
    """The answer, with the same change in other worlds beside it."""
    scenario, month = question.scenario, question.advice.fork_month
    changes = _changes(question)
    if changes[0].adds is not None:
        told = fork(scenario, question.seed, question.replicate, month=month, change=changes[0].adds)
    else:
        other = forked(scenario, month, changes)
        runs = [run_of(one, question.seed, question.replicate) for one in (scenario, other)]
        told = Fork(month, changes, runs[0], runs[1])
    return _told(in_worlds(told, question.workload.forks, threads=1, progress=report))


def _changes(question: Question) -> tuple[Change, ...]:
    """The change as `cisim.decision.fork` reads it, what is needed and not told filled in."""
    told, scenario = dict(question.advice.change), question.scenario
    if told["kind"] == WITHOUT:
        return (Change(None, (_planned(told.get("event"), scenario, question.advice.fork_month),)),)
    told = completed({name: value for name, value in told.items() if value is not None}, scenario, "")
    return read_changes(told, scenario, question.advice.fork_month)


def _planned(at: Any, scenario: Scenario, month: int) -> Any:
    if isinstance(at, bool) or not isinstance(at, int) or not 0 <= at < len(scenario.event):
        raise SpecError("the plan has no such event; choose one that is planned.")
    event = scenario.event[at]
    if event.month < month:
        raise SpecError(
            f"this event happens in month {event.month}, before the change in month {month}; choose an earlier month."
        )
    return event


def _told(told: Fork) -> Answered:
    every = sections(told)
    scenario = told.without.scenario
    heads = ("What comes of it, in this one world", "How sure")
    picture = _picture(told)
    numbered = {mark["text"] for mark in picture["marks"]}
    lines = [*_in_short(told), *(line for head in heads for line in every.get(head, []))]
    lines += every.get(PARTING, [])[-1:]
    rest = [
        (head, [line for line in lines if line not in numbered])
        for head, lines in every.items()
        if head not in heads
    ]
    where = f"Run {told.without.replicate + 1} of seed {told.without.seed}, {scenario.months} months; up to month {told.month - 1} both runs are alike to the last bit."  # fmt: skip
    return Answered(
        lines=lines,
        sections=[*(part for part in rest if part[1]), ("What it rests on", [where])],
        tables=[_cascade(told)],
        picture=picture,
    )


def _in_short(told: Fork) -> list[str]:
    """What the change does to severity over worlds, in one sentence for a room."""
    if told.worlds is None:
        return []
    severity, last = told.worlds.outcomes["severity"], told.without.scenario.months
    value, low, high = (100 * float(end) for end in (severity.difference, severity.low, severity.high))
    size = "less than 0.1" if abs(value) < 0.1 else f"{abs(value):.1f}"
    where = f"severity in month {last}, over {told.worlds.worlds} worlds"
    if low > 0 or high < 0:
        return [
            f"This one change {'raises' if value > 0 else 'lowers'} {where}, by {size} percentage points."
        ]
    way = "up" if value > 0 else "down"
    same = "by nothing at all" if value == 0 else f"{size} percentage points {way}, which can be chance"
    return [f"This one change has no sure effect on {where}: {same}."]


def _cascade(told: Fork) -> Table:
    frame = cascade_table(told)
    rows = [
        [row["name"], row["month"], row["generation"], row["through"], row["differs"] or "only touched by the change"]
        for row in frame.iter_rows(named=True)
    ]  # fmt: skip
    return Table(
        caption="Who takes another course, from when on, and through whom",
        columns=["Organization", "Month", "Step", "Through", "What differs first"],
        rows=rows,
    )


def _picture(told: Fork) -> dict[str, Any]:
    """Organizations by row, in the order in which they differ; months across; who it can have come through."""
    steps = sorted(
        told.cascade, key=lambda s: (s.way.generation > 0, s.month, s.way.generation, s.organization)
    )
    shown = steps[:MOST_ROWS]
    place = {step.organization: at for at, step in enumerate(shown)}
    busy = {
        (place[row], one.month) for one in told.difference.every for row in one.organizations if row in place
    }
    rows = [
        {
            "name": told.names[step.organization], "month": max(step.month, told.month), "step": step.way.generation,
            "source": place.get(step.way.source), "through": step.way.channel,
            "busy": sorted(month for at, month in busy if at == row),
        }
        for row, step in enumerate(shown)
    ]  # fmt: skip
    marks = [
        {"month": each.happening.month, "rows": sorted(place[row] for row in each.happening.organizations if row in place),
         "text": told_in_words(told, each)}
        for each in most_telling(told, MOST_NUMBERED)
    ]  # fmt: skip
    return {
        "kind": "cascade", "month": told.month, "months": told.without.scenario.months, "change": told.change,
        "rows": rows, "marks": marks, "left_out": len(steps) - len(shown),
        "untouched": len(told.names) - len(steps),
    }  # fmt: skip

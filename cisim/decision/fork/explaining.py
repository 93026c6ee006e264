"""A fork explained: sentences, tables and pictures as one answer; and as one Markdown page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cisim.decision.fork.forking import Fork
from cisim.decision.fork.sureness import how_often, how_sure
from cisim.decision.fork.tables import (
    cascade_table,
    events_table,
    kinds_table,
    outcomes_table,
    traces_table,
    worlds_table,
)
from cisim.decision.fork.words import ends_in, spreads, starts, tells
from cisim.insight.answer import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

__all__ = ["explain", "sections", "story"]


def sections(fork: Fork) -> dict[str, list[str]]:
    """The sentences of a story by heading, in the order of reading."""
    told = {
        "What comes of it, in this one world": ends_in(fork),
        "How sure": how_sure(fork),
        "How often, over worlds": how_often(fork),
        "What tells most, in this one world": tells(fork),
        "How it spreads": spreads(fork),
        "Where the two runs part": starts(fork),
    }
    return {heading: lines for heading, lines in told.items() if lines}


def explain(fork: Fork) -> Answer:
    """What differs between the two runs of a fork, why it can, and what comes of it."""
    tables = {
        "outcomes": outcomes_table(fork), "kinds": kinds_table(fork), "cascade": cascade_table(fork),
        "events": events_table(fork), "traces": traces_table(fork),
    }  # fmt: skip
    if fork.worlds is not None:
        tables["worlds"] = worlds_table(fork)
    sentences = tuple(line for lines in sections(fork).values() for line in lines)
    shown = tuple(name for name in ("outcomes", "worlds") if name in tables)
    return Answer(fork, sentences, tables, shown, lambda: _drawn(fork))


def story(fork: Fork) -> str:
    """One page of Markdown: headings, sentences, and what is in the other files."""
    scenario = fork.without.scenario
    called = scenario.title or scenario.name
    title = f"# {called}: what if, from month {fork.month}, {fork.change}?"
    world = (
        f"Seed {fork.without.seed}, replicate {fork.without.replicate}, {scenario.months} months. Both runs are alike "
        f"to the last bit up to month {fork.month - 1}; from then on all draws stay the same, and only the change differs."
    )
    parts = [title, world]
    for heading, lines in sections(fork).items():
        parts.append("\n".join([f"## {heading}", "", *(f"- {line[0].upper()}{line[1:]}" for line in lines)]))
    return "\n\n".join(parts) + "\n"


def _drawn(fork: Fork) -> Mapping[str, Figure]:
    from cisim.decision.fork.picture import cascade_figure

    return {"cascade": cascade_figure(fork)}

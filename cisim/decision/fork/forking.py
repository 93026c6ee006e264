"""A fork: one run and the same run with one thing changed from a month on, every other draw kept.

from cisim.decision.fork import fork
told = fork(cisim.preset("collective-impact"), seed=1, replicate=0, month=30, change="backbone-closes")
print(told.story())
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from cisim.decision.fork.cascade import Step, cascade_of
from cisim.decision.fork.change import Change, Told, forked, read_changes, touched
from cisim.decision.fork.history import Run, run_of
from cisim.decision.fork.log import Difference, Happening, difference, log_of
from cisim.decision.fork.naming import names_of
from cisim.decision.fork.trace import Trace, traces_of
from cisim.engine.streams import check_address
from cisim.world.scenario import Scenario

if TYPE_CHECKING:
    from cisim.decision.fork.worlds import InWorlds
    from cisim.insight.answer import Answer

__all__ = ["Fork", "fork"]


@dataclass(frozen=True)
class Fork:
    """Two runs in one world, alike to the last bit before `month`. `worlds`: the same fork in many, if asked for."""

    month: int
    changes: tuple[Change, ...]
    without: Run
    with_: Run
    worlds: InWorlds | None = None

    @cached_property
    def logs(self) -> tuple[tuple[Happening, ...], tuple[Happening, ...]]:
        """What happened without the change, and with it."""
        return log_of(self.without), log_of(self.with_)

    @cached_property
    def difference(self) -> Difference:
        """What only one of the two logs has, and what both have in different months."""
        return difference(*self.logs)

    @cached_property
    def touched(self) -> frozenset[int]:
        """Rows of the organizations that the change itself touches."""
        return touched(self.without.scenario, self.changes)

    @cached_property
    def cascade(self) -> tuple[Step, ...]:
        """For each organization the first happening that differs, and how it can have come."""
        return cascade_of(self.difference, self.without, self.with_, self.month, self.touched)

    @cached_property
    def traces(self) -> tuple[Trace, ...]:
        """For each organization the first field of the state that differs; takes some seconds the first time."""
        return traces_of(self.without, self.with_, self.month, self.touched)

    @property
    def names(self) -> tuple[str, ...]:
        """What the organizations are called, by row."""
        return names_of(self.without.scenario)

    @property
    def change(self) -> str:
        """The change as a clause that can follow 'from month 30, '."""
        scenario = self.without.scenario
        names = dict(zip(scenario.ids, self.names, strict=True))
        return "; ".join(change.in_words(names) for change in self.changes)

    def explain(self) -> Answer:
        """The story in sentences, with tables (outcomes, kinds, cascade, events, traces) and pictures."""
        from cisim.decision.fork.explaining import explain

        return explain(self)

    def story(self) -> str:
        """The story as Markdown."""
        from cisim.decision.fork.explaining import story

        return story(self)


def fork(
    scenario: Scenario, seed: int = 0, replicate: int = 0, *, month: int, change: Told | Sequence[Told]
) -> Fork:
    """The run of a scenario, and the same run with a change from a month on.

    change: "lever=value", a kind of event with its values ("partner-leaves partner=partner-3"), "without KIND" for an
    event that was planned, a table or an event; or several of these. Raises SpecError with every fault at once.
    """
    check_address(seed, replicate + 1)
    changes = read_changes(change, scenario, month)
    other = forked(scenario, month, changes)
    return Fork(month, changes, run_of(scenario, seed, replicate), run_of(other, seed, replicate))

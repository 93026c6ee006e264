"""What searches for plans have in common: the plan that is changed, its world, and what may be chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cisim.app.drawing.advice.asked import Question, Report
from cisim.app.drawing.one_world import one_world
from cisim.decision.plan import Plan
from cisim.decision.reach_changes import LEVER_EVENTS
from cisim.errors import SpecError
from cisim.world.events import AnyEvent
from cisim.world.scenario import Scenario

__all__ = ["Ground", "added", "ground_of", "periods_of"]


@dataclass(frozen=True)
class Ground:
    """world, start: of the plan that is changed, up to `month`. later: its events after that, which do not matter."""

    world: Scenario
    start: Plan
    later: tuple[AnyEvent, ...]
    levers: dict[str, tuple[float, float]]
    periods: tuple[int, ...]

    def whole(self, plan: Plan, title: str) -> Plan:
        """A plan that was found, with the later events back in place, under a title for the Desk."""
        chosen = set(self.levers)
        later = tuple(
            event
            for event in self.later
            if not (event.kind in LEVER_EVENTS and getattr(event, "lever", "") in chosen)
        )
        return plan.model_copy(update={"title": title, "event": (*plan.event, *later)})


def ground_of(question: Question) -> Ground:
    """Where a search for plans starts. Raises SpecError with every fault."""
    if not question.advice.levers:
        raise SpecError("nothing may change; tick at least one lever.")
    shared = one_world([question.scenario])
    plan, month = shared.plans[0], question.month
    now = tuple(event for event in plan.event if event.month <= month)
    later = tuple(event for event in plan.event if event.month > month)
    start = plan.model_copy(update={"event": now})
    levers = {name: (low, high) for name, low, high in question.advice.levers}
    return Ground(shared.world, start, later, levers, periods_of(question.advice.phases, month))


def added(report: Report, planned: int) -> Callable[[int], None]:
    """What adds up the runs that a search tells of; planned: how many there are at most."""
    done = 0

    def more(runs: int) -> None:
        nonlocal done
        done = min(done + runs, planned)
        report(done, planned)

    return more


def periods_of(phases: int, month: int) -> tuple[int, ...]:
    """The first months of so many phases of equal length up to a month; fewer where there are not so many months."""
    starts = np.linspace(1, month + 1, min(phases, month) + 1)[:-1]
    return tuple(round(float(first)) for first in starts)

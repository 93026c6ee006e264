"""The plans of the Desk as a report whose every number `cisim verify` can recompute."""

from __future__ import annotations

from dataclasses import dataclass

from cisim.app.drawing.one_world import one_world
from cisim.decision.plan import plan_of
from cisim.decision.report import make_report, question_of
from cisim.world.scenario import Scenario

__all__ = ["BoardReport", "board_report"]

LEAST_WORLDS = 20
"""What a report asks for; the Desk can look at fewer."""


@dataclass(frozen=True)
class BoardReport:
    """What to report on: the plans of the Desk at a month, in the worlds that it shows."""

    scenarios: tuple[Scenario, ...]
    month: int
    worlds: int
    seed: int

    def check(self) -> None:
        """Raise SpecError if the plans are not tried in one world: other partners, or other assumptions."""
        one_world(self.scenarios)


def board_report(wanted: BoardReport) -> str:
    """The report as HTML; made on one core, since others may wait. Raises SpecError, RunError."""
    world = one_world(wanted.scenarios).world
    asked = question_of(
        world,
        [plan_of(plan) for plan in wanted.scenarios],
        month=wanted.month,
        replicates=max(LEAST_WORLDS, wanted.worlds),
        seed=wanted.seed,
        uncertain="nothing" if world.posterior is None else "posterior",
    )
    return make_report(asked, threads=1)

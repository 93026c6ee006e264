"""The plans of the Desk as a report whose every number `cisim verify` can recompute."""

from __future__ import annotations

from dataclasses import dataclass

from cisim.app.drawing.one_world import one_world
from cisim.decision.report import Question, make_report, question_of
from cisim.decision.report.question import AS_IT_IS
from cisim.world.scenario import Scenario

__all__ = ["BoardReport", "board_question", "board_report"]

LEAST_WORLDS = 20
"""What a report asks for; the Desk can look at fewer."""


@dataclass(frozen=True)
class BoardReport:
    """What to report on: the plans of the Desk at a month, in the worlds that it shows.

    coalition: what the report calls whom it is for, "" for what the first plan is called.
    """

    scenarios: tuple[Scenario, ...]
    month: int
    worlds: int
    seed: int
    coalition: str = ""

    def check(self) -> None:
        """Raise SpecError if the plans are not tried in one world: other partners, or other assumptions."""
        one_world(self.scenarios)


def board_report(wanted: BoardReport) -> str:
    """The report as HTML; made on one core, since others may wait. Raises SpecError, RunError."""
    return make_report(board_question(wanted), threads=1)


def board_question(wanted: BoardReport) -> Question:
    """What the report answers. The world as it is goes last, so that letters are those of the Desk. Raises SpecError."""
    shared = one_world(wanted.scenarios).titled([plan.title or plan.name for plan in wanted.scenarios])
    world = shared.world.replace(title=wanted.coalition) if wanted.coalition else shared.world
    return question_of(
        world,
        [*shared.plans, AS_IT_IS],
        month=wanted.month,
        replicates=max(LEAST_WORLDS, wanted.worlds),
        seed=wanted.seed,
        uncertain="nothing" if world.posterior is None else "posterior",
    )

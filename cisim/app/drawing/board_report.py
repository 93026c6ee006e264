"""The plans of the Desk as a report whose every number `cisim verify` can recompute."""

from __future__ import annotations

from collections.abc import Sequence

from cisim.app.drawing.one_world import one_world
from cisim.decision.plan import plan_of
from cisim.decision.report import make_report, question_of
from cisim.world.scenario import Scenario

__all__ = ["board_report"]

LEAST_WORLDS = 20
"""What a report asks for; the Desk can look at fewer."""


def board_report(plans: Sequence[Scenario], *, month: int, worlds: int, seed: int) -> str:
    """The report on these plans in the worlds that the Desk shows, as HTML; one core, since others may wait.

    Raises SpecError if the plans are not tried in one world: other partners, or other assumptions.
    """
    world = one_world(plans).world
    asked = question_of(
        world,
        [plan_of(plan) for plan in plans],
        month=month,
        replicates=max(LEAST_WORLDS, worlds),
        seed=seed,
        uncertain="nothing" if world.posterior is None else "posterior",
    )
    return make_report(asked, threads=1)

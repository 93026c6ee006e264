"""The plans of the Desk as a report whose every number `cisim verify` can recompute."""

from __future__ import annotations

from collections.abc import Sequence

from cisim.decision.plan import plan_of
from cisim.decision.report import make_report, question_of
from cisim.errors import SpecError
from cisim.world.scenario import Scenario

__all__ = ["board_report"]

LEAST_WORLDS = 20
"""What a report asks for; the Desk can look at fewer."""


def board_report(plans: Sequence[Scenario], *, month: int, worlds: int, seed: int) -> str:
    """The report on these plans in the worlds that the Desk shows, as HTML; one core, since others may wait.

    Raises SpecError if the plans are not tried in one world: other partners, or other assumptions.
    """
    bare = [_world_of(plan) for plan in plans]
    if any(world != bare[0] for world in bare[1:]):
        raise SpecError(
            "the plans differ in more than levers and events: in partners, assumptions or months. A report compares plans in one "
            "world; copy a plan and change the copy.",
            source="Report",
        )
    asked = question_of(
        bare[0],
        [plan_of(plan) for plan in plans],
        month=month,
        replicates=max(LEAST_WORLDS, worlds),
        seed=seed,
        uncertain="nothing" if bare[0].posterior is None else "posterior",
    )
    return make_report(asked, threads=1)


def _world_of(plan: Scenario) -> Scenario:
    """Who and where, without what the plan does."""
    return plan.replace(name="world", title="", description="", sources=(), levers={}, event=())

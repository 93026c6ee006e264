"""The plans of the Desk as plans in one world: what differs between them is what is chosen, or they are refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cisim.app.drawing.desk_compared import LETTERS
from cisim.decision.plan import Plan, plan_of
from cisim.errors import SpecError
from cisim.world.scenario import Scenario

__all__ = ["OneWorld", "one_world"]

_WORDS = ("name", "title", "description", "sources")


@dataclass(frozen=True)
class OneWorld:
    """world: who and where, without what plans do. plans: in the order of the Desk, called "Plan A", "Plan B", ..."""

    world: Scenario
    plans: tuple[Plan, ...]

    def until(self, month: int) -> OneWorld:
        """The same up to a month: what comes later cannot change what was before, and need not be run."""
        ends = self.world.replace(months=month)
        plans = (
            plan.model_copy(update={"event": tuple(event for event in plan.event if event.month <= month)})
            for plan in self.plans
        )
        return OneWorld(ends, tuple(plans))


def one_world(scenarios: Sequence[Scenario]) -> OneWorld:
    """The world that these scenarios share, and what each does in it.

    A plan that begins without members is one in a world that has them. Raises SpecError, naming each plan whose
    partners, assumptions or months are other ones.
    """
    plans = [plan_of(scenario) for scenario in scenarios]
    lead = next((at for at, plan in enumerate(plans) if not plan.isolated), 0)
    world = _bare(scenarios[lead]).replace(name="world", title="", description="", sources=())
    apart = [
        LETTERS[at]
        for at, (plan, scenario) in enumerate(zip(plans, scenarios, strict=True))
        if _wordless(plan.on(_bare(scenarios[lead]))) != _wordless(scenario)
    ]
    if apart:
        raise SpecError(
            f"plan{'s' * (len(apart) > 1)} {' and '.join(apart)} and plan {LETTERS[lead]} differ in more than levers and "
            "events: in partners, assumptions, target or months. These questions need one world for all plans; copy a "
            "plan and change the copy, or take your survey in for all plans.",
            source="Plans",
        )
    return OneWorld(world, tuple(_called(plan, at) for at, plan in enumerate(plans)))


def _called(plan: Plan, at: int) -> Plan:
    letter = LETTERS[at]
    return plan.model_copy(
        update={"name": f"plan-{letter.lower()}", "title": f"Plan {letter}", "description": ""}
    )


def _bare(scenario: Scenario) -> Scenario:
    """Who and where, without what the plan does."""
    return scenario.model_copy(update={"levers": {}, "event": ()})


def _wordless(scenario: Scenario) -> dict[str, object]:
    """What moves a result, each lever told, so that a default that is told is no difference."""
    levers = plan_of(scenario).levers
    fields = {
        name: getattr(scenario, name)
        for name in type(scenario).model_fields
        if name not in (*_WORDS, "levers")
    }
    return {**fields, "levers": levers}

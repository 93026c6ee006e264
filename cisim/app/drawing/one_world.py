"""The plans of the Desk as plans in one world: what differs between them is what is chosen, or they are refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cisim.app.drawing.desk_compared import LETTERS
from cisim.decision.plan import Plan, plan_of
from cisim.errors import SpecError
from cisim.world.scenario import Scenario

__all__ = ["OneWorld", "leading", "one_world"]

_WORDS = ("name", "title", "description", "sources")
_LONGEST = 200
"""Signs of a title."""


@dataclass(frozen=True)
class OneWorld:
    """world: who and where, without what plans do. plans: in the order of the Desk, called "Plan A", "Plan B", ...

    The world is called what the plan is called that it is taken from, without the number of a copy.
    """

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

    def titled(self, titles: Sequence[str]) -> OneWorld:
        """The same, each plan with its title on the Desk behind its letter: "Plan A: Collective impact"."""
        plans = (
            plan.model_copy(update={"title": f"{plan.title}: {title}"[:_LONGEST]})
            for plan, title in zip(self.plans, titles, strict=True)
        )
        return OneWorld(self.world, tuple(plans))


def leading(scenarios: Sequence[Scenario]) -> int:
    """The plan that tells who the coalition is: the first that begins with members, or the first."""
    return next((at for at, scenario in enumerate(scenarios) if not plan_of(scenario).isolated), 0)


def one_world(scenarios: Sequence[Scenario]) -> OneWorld:
    """The world that these scenarios share, and what each does in it.

    A plan that begins without members is one in a world that has them. Raises SpecError, naming each plan whose
    partners, assumptions or months are other ones.
    """
    plans = [plan_of(scenario) for scenario in scenarios]
    lead = leading(scenarios)
    first = scenarios[lead]
    name, title = re.sub(r"-\d{1,2}$", "", first.name), re.sub(r" \(\d{1,2}\)$", "", first.title)
    world = _bare(first).replace(name=name, title=title, description="", sources=())
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

"""A survey taken in for every plan: the same coalition for all, so that their comparison stays one of plans."""

from __future__ import annotations

from dataclasses import replace

from cisim.app.naming import readable_names
from cisim.app.state.limits import Limits
from cisim.app.state.session import Session, beyond, changed
from cisim.app.state.session_actions import with_opened
from cisim.decision.plan import Plan, plan_of
from cisim.errors import SpecError
from cisim.world.events import Event
from cisim.world.scenario import Scenario

__all__ = ["with_survey_everywhere"]


def with_survey_everywhere(session: Session, survey: Scenario, limits: Limits) -> tuple[Session, list[str]]:
    """(the session whose every plan stands in the surveyed coalition, what of the plans had to be left out).

    A plan keeps its title, levers, and the events that do not name an organization which the survey has not; one that
    begins without members does so there as well, or isolated impact would be compared as a coalition. Months, target, rules, assumptions and draws are those of the plan that is shown. Raises SpecError for what cannot be.
    """
    world = _world(session.scenario, survey)
    lost: list[str] = []
    done = session
    for at, plan in enumerate(session.plans):
        here = Plan(name=world.name, isolated=plan_of(plan).isolated).on(world)
        kept = tuple(event for event in plan.event if _fits(event, here))
        lost += [
            f"{plan.title or plan.name}: {event.sentence(readable_names(plan))}"
            for event in plan.event
            if event not in kept
        ]
        moved = here.replace(
            name=plan.name, title=plan.title, description=plan.description, sources=plan.sources,
            levers=dict(plan.levers), event=kept,
        )  # fmt: skip
        if faults := beyond(moved, limits):
            raise SpecError(faults)
        done = with_opened(done, moved, at)
        called = changed(
            moved, name=survey.name, title=survey.title
        )  # whom it is for, whatever plans are called
        done = replace(done, openings=(*done.openings[:at], called, *done.openings[at + 1 :]))
    return done, lost


def _world(shown: Scenario, survey: Scenario) -> Scenario:
    """The surveyed coalition with what the visitor has chosen of the world; what the survey tells goes first."""
    return survey.replace(
        months=shown.months,
        issue=survey.issue.model_copy(update={"target": shown.issue.target}),
        rules=dict(shown.rules),
        parameters={**shown.parameters, **survey.parameters},
        posterior=shown.posterior,
    )


def _fits(event: Event, world: Scenario) -> bool:
    """True unless the event names somebody who is not there; the backbone is called what the survey calls it."""
    try:
        world.replace(event=(event,))
    except SpecError:
        return False
    return True

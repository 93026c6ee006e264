"""Actions on a plan: its levers, parameters, rules and events. Each gives another session, and says what it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cisim.app.state.controls import label_of, value_in_words
from cisim.app.state.kinds import completed, label_of_kind
from cisim.app.state.limits import Limits
from cisim.app.state.readings import Action, number, true_or_false, whole_number, words
from cisim.app.state.session import Session, changed
from cisim.errors import SpecError, did_you_mean
from cisim.theory.parameters import LEVERS, UNCERTAINTIES, Parameter
from cisim.world.fields import short
from cisim.world.relations import plain
from cisim.world.scenario import Scenario

__all__ = [
    "add_event", "change_event", "clear_parameters", "move_event", "plan_of", "remove_event", "set_lever",
    "set_parameter", "set_rule",
]  # fmt: skip

Done = tuple[Session, str]


def plan_of(session: Session, action: Action) -> int:
    """The plan that an action means: the one it names, or the one that is shown."""
    if action.get("plan") is None:
        return session.shown
    return whole_number(action, "plan", 0, len(session.plans) - 1)


def set_lever(session: Session, action: Action, limits: Limits) -> Done:
    """A lever takes another value at the start."""
    plan = plan_of(session, action)
    declared = _declared(action, LEVERS)
    value = number(action, "value", declared.least, declared.most)
    scenario = session.plans[plan]
    done = changed(scenario, levers=_with(scenario.levers, declared, value))
    return session.with_plan(plan, done), f"{label_of(declared.name)} {value_in_words(declared, value)}"


def set_parameter(session: Session, action: Action, limits: Limits) -> Done:
    """A parameter takes another value; with none it is again what the opened scenario says, drawn or declared."""
    plan = plan_of(session, action)
    declared = _declared(action, UNCERTAINTIES)
    scenario, opened = session.plans[plan], session.openings[plan]
    name, label = declared.name, label_of(declared.name)
    if action.get("value") is None:
        values = {key: value for key, value in scenario.parameters.items() if key != name}
        if name in opened.parameters:
            values[name] = opened.parameters[name]
        return session.with_plan(plan, changed(scenario, parameters=values)), f"{label} as it was"
    value = number(action, "value", declared.least, declared.most)
    free = scenario.posterior is not None and name in scenario.posterior.names
    values = {**scenario.parameters, name: value} if free else _with(scenario.parameters, declared, value)
    done = changed(scenario, parameters=values)
    return session.with_plan(plan, done), f"{label} {value_in_words(declared, value)}"


def clear_parameters(session: Session, action: Action, limits: Limits) -> Done:
    """All parameters are again what the opened scenario says: of one plan, or of all (`everywhere`)."""
    everywhere = true_or_false(action, "everywhere", False)
    done = session
    for plan in range(len(session.plans)) if everywhere else (plan_of(session, action),):
        values = session.openings[plan].parameters
        done = done.with_plan(plan, changed(session.plans[plan], parameters=values))
    return done, "All assumptions as they were"


def _declared(action: Action, declared: Mapping[str, Parameter]) -> Parameter:
    name = action.get("name")
    if isinstance(name, str) and name in declared:
        return declared[name]
    near = did_you_mean(name if isinstance(name, str) else "", declared)
    role = next(iter(declared.values())).role
    raise SpecError(f"there is no {role} {short(name)}.{near}")


def _with(values: Mapping[str, float], declared: Parameter, value: float) -> dict[str, float]:
    """The values with this one; one that was never told and is the default stays untold."""
    if value == declared.default and declared.name not in values:
        return dict(values)
    return {**values, declared.name: value}


def set_rule(session: Session, action: Action, limits: Limits) -> Done:
    """A rule choice takes another of its variants."""
    plan = plan_of(session, action)
    choice = words(action, "choice", 1, 100)
    variant = words(action, "variant", 1, 100)
    scenario = session.plans[plan]
    done = changed(scenario, rules={**scenario.rules, choice: variant})
    return session.with_plan(plan, done), f"Rule {choice}: {variant}"


def add_event(session: Session, action: Action, limits: Limits) -> Done:
    """An event joins the calendar; what it needs and nobody told is filled in."""
    plan = plan_of(session, action)
    scenario = session.plans[plan]
    event = _told_event(action)
    if len(scenario.event) >= limits.events:
        raise SpecError(f"the plan has {len(scenario.event)} events; allowed are up to {limits.events}.")
    return _with_events(session, plan, [*scenario.event, completed(event, scenario, session.selected)], -1)


def move_event(session: Session, action: Action, limits: Limits) -> Done:
    """An event happens in another month."""
    plan, index = _event(session, action)
    scenario = session.plans[plan]
    month = whole_number(action, "month", 1, scenario.months)
    events: list[Any] = [*scenario.event]
    events[index] = {**plain(events[index]), "month": month}
    return _with_events(session, plan, events, index)


def change_event(session: Session, action: Action, limits: Limits) -> Done:
    """An event becomes another one; what is not told stays as it is."""
    plan, index = _event(session, action)
    told = _told_event(action)
    events: list[Any] = [*session.plans[plan].event]
    before = plain(events[index])
    same_kind = told.get("kind", before["kind"]) == before["kind"]
    kept = before if same_kind else {"month": before["month"]}
    events[index] = completed({**kept, **told}, session.plans[plan], session.selected)
    return _with_events(session, plan, events, index)


def remove_event(session: Session, action: Action, limits: Limits) -> Done:
    """An event is taken off the calendar."""
    plan, index = _event(session, action)
    scenario = session.plans[plan]
    gone = scenario.event[index]
    done = changed(scenario, event=(*scenario.event[:index], *scenario.event[index + 1 :]))
    return session.with_plan(plan, done), f"Without: {label_of_kind(gone.kind)}, month {gone.month}"


def _event(session: Session, action: Action) -> tuple[int, int]:
    """(plan, index) of the event that an action means."""
    plan = plan_of(session, action)
    events = session.plans[plan].event
    if not events:
        raise SpecError("the plan has no events.")
    return plan, whole_number(action, "index", 0, len(events) - 1)


def _told_event(action: Action) -> dict[str, Any]:
    event = action.get("event")
    if not isinstance(event, Mapping):
        raise SpecError(f"event: must be a table of keys and values, given {short(event)}.")
    months = event.get("month")
    if isinstance(months, float) and months.is_integer():
        return {**event, "month": int(months)}
    return dict(event)


def _with_events(session: Session, plan: int, events: list[Any], index: int) -> Done:
    scenario: Scenario = changed(session.plans[plan], event=tuple(events))
    event = scenario.event[index]
    done = replace(session.with_plan(plan, scenario))
    return done, f"{label_of_kind(event.kind)}, month {event.month}"

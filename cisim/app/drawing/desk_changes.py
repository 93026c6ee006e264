"""The difference list: what differs between plans, in words, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from cisim.app.naming import readable_names
from cisim.app.state.controls import label_of
from cisim.theory.parameters import LEVERS, UNCERTAINTIES
from cisim.theory.rules import default_choices
from cisim.world.describe import level_word
from cisim.world.events import Event
from cisim.world.scenario import Scenario

__all__ = ["changes", "event_text", "lever_text"]

NEVER = "does not happen"
LEVEL = "level"
UNITS = {"per month": "a month", "share": ""}


def changes(scenarios: Sequence[Scenario]) -> list[dict[str, Any]]:
    """{"what", "values": one text a plan} for all that is not alike in every plan: levers, events, world."""
    if len(scenarios) < 2:
        return []
    told = [*_levers(scenarios), *_events(scenarios), *_world(scenarios)]
    return [{"what": what, "values": values} for what, values in told if len(set(values)) > 1]


def lever_text(name: str, value: float) -> str:
    """A lever's value as people say it."""
    declared = LEVERS[name]
    if declared.unit == LEVEL:
        return f"{value:g} ({level_word(value)})"
    if name == "funded":
        return {0.0: "ended", 1.0: "secure"}.get(value, f"{value:g} of it secure")
    return f"{value:g} {UNITS.get(declared.unit, declared.unit)}".rstrip()


def event_text(event: Event, scenario: Scenario) -> str:
    """What happens and when, as the field of a table."""
    return f"month {event.month}: {event.what(readable_names(scenario))}"


def _levers(scenarios: Sequence[Scenario]) -> Iterator[tuple[str, list[str]]]:
    for name, declared in LEVERS.items():
        values = [scenario.levers.get(name, declared.default) for scenario in scenarios]
        yield f"{label_of(name)} at the start", [lever_text(name, value) for value in values]


def _events(scenarios: Sequence[Scenario]) -> Iterator[tuple[str, list[str]]]:
    """A row for each kind of event, without those that every plan has."""
    told = [[(event.kind, event_text(event, scenario)) for event in scenario.event] for scenario in scenarios]
    common = set(told[0]).intersection(*map(set, told[1:]))
    kinds = dict.fromkeys(kind for plan in told for kind, _ in plan)
    for kind in kinds:
        values = [
            "; ".join(text for its, text in plan if its == kind and (its, text) not in common)
            for plan in told
        ]
        yield kind.replace("-", " ").capitalize(), [value or NEVER for value in values]


def _world(scenarios: Sequence[Scenario]) -> Iterator[tuple[str, list[str]]]:
    """What is not chosen by a plan, where plans stand on different worlds."""
    for what, said in _WORLD.items():
        yield what, [said(scenario) for scenario in scenarios]
    for name, declared in UNCERTAINTIES.items():
        if any(name in scenario.parameters for scenario in scenarios):
            values = [scenario.parameters.get(name) for scenario in scenarios]
            texts = [_parameter(value, declared.default, declared.unit) for value in values]
            yield f"Assumption: {label_of(name).lower()}", texts
    usual = default_choices()
    for choice in usual:
        yield f"Rule of {choice.replace('_', ' ')}", [(usual | x.rules)[choice] for x in scenarios]


def _parameter(value: float | None, default: float, unit: str) -> str:
    return f"{default if value is None else value:g} {unit}"


def _posterior(scenario: Scenario) -> str:
    return "held at one value" if scenario.posterior is None else scenario.posterior.in_words()


_WORLD: dict[str, Callable[[Scenario], str]] = {
    "Months": lambda scenario: f"{scenario.months}",
    "Target severity": lambda scenario: f"{scenario.issue.target:g}",
    "Partners": lambda scenario: f"{len(scenario.ids) - 1}",
    "What is not known": _posterior,
}

"""Plans in words that a board reads: what is in place, and what happens when."""

from __future__ import annotations

from cisim.decision.plan import Plan
from cisim.theory.parameters import LEVERS
from cisim.world.describe import level_word
from cisim.world.scenario import Scenario

__all__ = ["label_of", "lever_words", "plan_words"]

_LEVELS = {
    "agenda": "common agenda", "measurement": "shared measurement", "coordination": "mutually reinforcing activities",
    "prototyping": "prototyping (social innovation lab)",
}  # fmt: skip
_WORDS = {
    "meetings": "{:g} convened meetings a month", "backbone_staff": "{:g} full-time backbone staff",
    "pooled_funding": "pooled funding that pays {:g} full-time staff for delivery",
    "invitations": "room to invite {:g} organizations a month",
}  # fmt: skip
_LABELS = {
    **_LEVELS, "meetings": "convened meetings", "backbone_staff": "backbone staff", "pooled_funding": "pooled funding",
    "invitations": "invitations", "funded": "core funding",
}  # fmt: skip
_FOCUS = [name for name in LEVERS if name.startswith("focus_")]
MOST_EVENTS = 12


def label_of(lever: str) -> str:
    """A lever in the field's words."""
    return _LABELS.get(lever) or f"backbone time for {lever.removeprefix('focus_')}"


def plan_words(plan: Plan, scenario: Scenario) -> list[str]:
    """What a plan puts in place in its world, a line each; scenario: the world with the plan in it."""
    values = {name: scenario.levers.get(name, declared.default) for name, declared in LEVERS.items()}
    lines = [lever_words(name, value) for name, value in values.items() if _is_told(name, value)]
    if values["backbone_staff"] and any(values[name] != LEVERS[name].default for name in _FOCUS):
        shares = ", ".join(f"{name.removeprefix('focus_')} {100 * values[name]:.3g} %" for name in _FOCUS)
        lines.append(f"backbone time: {shares}")
    if plan.isolated:
        lines.append("nobody is a member: each organization works on its own")
    lines = lines or ["none of the five conditions is put in place"]
    lines += [f"budget line “{line.name}” from month {line.month} to {line.until}" for line in plan.line]
    return [*lines, *_events(scenario)]


def lever_words(name: str, value: float) -> str:
    """A lever's value as people say it."""
    if name in _LEVELS:
        return f"{_LEVELS[name]}: {level_word(value)}"
    if name == "funded":
        return "core funding: ended" if value == 0 else f"core funding: {100 * value:.3g} % of it secure"
    return _WORDS[name].format(value)


def _is_told(name: str, value: float) -> bool:
    usual = LEVERS[name].default if name == "funded" else 0.0
    return name not in _FOCUS and value != usual


def _events(scenario: Scenario) -> list[str]:
    events = sorted(scenario.event, key=lambda event: event.month)
    told = [f"month {event.month}: {event.what(scenario.names)}" for event in events[:MOST_EVENTS]]
    more = [f"and {len(events) - MOST_EVENTS} more events"] if len(events) > MOST_EVENTS else []
    return [*told, *more]

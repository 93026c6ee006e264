"""What a visitor asks the Desk for advice about: the inputs of five questions, in one frozen record.

Answers are no part of it: they are computed when asked for, and again after a link has restored the inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from math import isfinite
from typing import Any

from cisim.app.state.controls import CONDITIONS, label_of
from cisim.app.state.limits import Limits
from cisim.app.state.readings import Action, known, listed, number, whole_number
from cisim.decision.directions import BETTER
from cisim.errors import SpecError, did_you_mean
from cisim.theory.parameters import LEVERS
from cisim.world.events import KINDS
from cisim.world.fields import short

__all__ = ["CHOICES", "QUESTIONS", "RANKED", "USUAL", "WITHOUT", "Advice", "advised", "plain"]

QUESTIONS = {
    "best": "What is the best plan for this money?",
    "reach": "What would it take?",
    "robust": "Which plan holds up?",
    "information": "What is worth measuring first?",
    "fork": "What did one change set off?",
}
"""The questions in the order of their tabs."""
CHOICES: dict[str, tuple[str, ...]] = {
    "question": tuple(QUESTIONS),
    "goal": ("reached", "contribution", "worst-tenth"),
    "by": ("changes", "cost"),
    "unknown": ("ranges", "posterior", "nothing"),
    "effort": ("quick", "thorough"),
}
PHASES = 6
MOST_MONEY = 1e10
WITHOUT = "without"
"""The change by which an event that was planned does not happen; "event" is its place in the plan."""
RANKED = tuple(name for name, better in BETTER.items() if better != "neither")
"""Outcomes by which plans can be ranked."""


def _usual() -> tuple[tuple[str, float, float], ...]:
    return tuple((name, LEVERS[name].low, LEVERS[name].high) for name in CONDITIONS)


USUAL = _usual()
"""Levers that may be chosen unless told, within the ranges worth exploring."""


@dataclass(frozen=True)
class Advice:
    """The inputs. plan: whose coalition, other levers and events hold (best, reach), or that is changed (fork).

    month: by which an outcome counts; the horizon where that is earlier. severity: to be reached, None for the
    Desk's target. levers: (name, lowest, highest) of each that may be chosen. change: keys and values of the change.
    """

    question: str = "best"
    plan: int = 0
    month: int = 60
    goal: str = "contribution"
    budget: float = 1_000_000.0
    phases: int = 2
    severity: float | None = None
    probability: float = 0.5
    by: str = "changes"
    levers: tuple[tuple[str, float, float], ...] = USUAL
    outcome: str = "severity"
    unknown: str = "ranges"
    fork_month: int = 30
    change: tuple[tuple[str, Any], ...] = (("kind", "backbone-closes"),)
    effort: str = "quick"


_LABELS = {
    "plan": "Advice: the plan", "month": "Advice: by month", "goal": "Advice: the goal", "budget": "Advice: money",
    "phases": "Advice: phases", "severity": "Advice: severity to reach", "probability": "Advice: how surely",
    "by": "Advice: how to search", "levers": "Advice: what may change", "outcome": "Advice: the outcome",
    "unknown": "Advice: what is not known", "fork_month": "Advice: month of the change", "change": "Advice: the change",
    "effort": "Advice: how thorough",
}  # fmt: skip


def advised(before: Advice, action: Action, limits: Limits) -> tuple[Advice, str]:
    """The inputs with those that an action tells, and what changed in words. Raises SpecError with every fault."""
    told: dict[str, Any] = {}
    faults: list[str] = []
    for name in asdict(before):
        if name in action:
            try:
                told[name] = _read(name, action, limits)
            except SpecError as error:
                faults += error.faults
    if faults:
        raise SpecError(faults)
    done = replace(before, **told)
    moved = [name for name in told if getattr(before, name) != getattr(done, name)]
    if "question" in moved or not moved:
        return done, QUESTIONS[done.question]
    return done, _LABELS[moved[0]]


def _read(name: str, action: Action, limits: Limits) -> Any:
    if name in CHOICES:
        return known(action, name, CHOICES[name])
    if name == "plan":
        return whole_number(action, name, 0, limits.plans - 1)
    if name in ("month", "fork_month"):
        return whole_number(action, name, 1, limits.months)
    if name == "phases":
        return whole_number(action, name, 1, PHASES)
    if name == "severity":
        return None if action[name] is None else number(action, name, 0, 1)
    if name == "budget":
        return number(action, name, 0, MOST_MONEY)
    if name == "probability":
        return number(action, name, 0.01, 0.99)
    if name == "outcome":
        return known(action, name, RANKED)
    return _levers(action) if name == "levers" else _change(action)


def _levers(action: Action) -> tuple[tuple[str, float, float], ...]:
    found: dict[str, tuple[str, float, float]] = {}
    faults = []
    for told in listed(action, "levers", len(LEVERS)):
        name = told[0] if isinstance(told, (list, tuple)) and len(told) == 3 else None
        if not isinstance(name, str) or name not in LEVERS:
            near = did_you_mean(name, LEVERS) if isinstance(name, str) else ""
            faults.append(f"levers: must be [lever, lowest, highest], given {short(told)}.{near}")
            continue
        declared = LEVERS[name]
        ends: Mapping[str, Any] = {"lowest": told[1], "highest": told[2]}
        try:
            low, high = (number(ends, end, declared.least, declared.most) for end in ends)
        except SpecError as error:
            faults += [f"{label_of(name)}: {fault}" for fault in error.faults]
            continue
        if low >= high:
            faults.append(
                f"{label_of(name)}: the lowest must be below the highest, given {low:g} and {high:g}."
            )
        found[name] = (name, low, high)
    if faults:
        raise SpecError(faults)
    return tuple(found[name] for name in LEVERS if name in found)


def _change(action: Action) -> tuple[tuple[str, Any], ...]:
    """A change as keys and plain values: a kind of event with its values, or an event that does not happen."""
    told = action["change"]
    if not isinstance(told, Mapping) or len(told) > 10:
        raise SpecError(f"change: must be a table with kind and its values, given {short(action['change'])}.")
    kind = told.get("kind")
    if not isinstance(kind, str) or kind not in (*KINDS, WITHOUT):
        near = did_you_mean(kind if isinstance(kind, str) else "", KINDS)
        raise SpecError(f"change: there is no kind of event {short(kind)}.{near}")
    for key, value in told.items():
        if not isinstance(key, str) or not _plain_value(value):
            raise SpecError(
                f"change: {short(key)} must be a number, a word or true or false, given {short(value)}."
            )
    return tuple(told.items())


def _plain_value(value: object) -> bool:
    if isinstance(value, float):
        return isfinite(value)
    return value is None or isinstance(value, (bool, int)) or (isinstance(value, str) and len(value) <= 200)


def plain(advice: Advice) -> dict[str, Any]:
    """The inputs as plain data that `advised` reads again."""
    return {**asdict(advice), "levers": [list(one) for one in advice.levers], "change": dict(advice.change)}

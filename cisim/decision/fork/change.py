"""What is changed at the fork: a lever from that month on, an event, or a planned event that does not happen.

The months before stay as they are, to the last bit, because nothing of the change is written into them and every
draw has its address. What holds for a whole run (parameters, rule choices, who is there) cannot be changed midway.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cisim.errors import SpecError, did_you_mean
from cisim.theory.parameters import LEVERS, UNCERTAINTIES
from cisim.theory.rules import CHOICES
from cisim.theory.rules.events import BACKBONE_MOVES
from cisim.world.events import KINDS, SetLever
from cisim.world.events.event import Event
from cisim.world.scenario import Scenario
from cisim.world.schedule import Plan

__all__ = ["Change", "Told", "forked", "read_changes", "touched"]

Told = str | Mapping[str, Any] | Event
"""One change: "backbone_staff=0", "partner-leaves partner=partner-3", "without funder-leaves", a table, or an event."""

WITHOUT = "without"
SOURCE = "--change"
OF_BACKBONE = (
    "backbone_staff",
    "focus_agenda",
    "focus_activities",
    "focus_measurement",
    "focus_communication",
)
"""Levers that reach organizations through the backbone alone."""


@dataclass(frozen=True)
class Change:
    """One part of a change: an event that happens in the month of the fork, or planned ones that do not happen."""

    adds: Event | None
    drops: tuple[Event, ...]

    def in_words(self, names: Mapping[str, str]) -> str:
        """A clause that can follow 'from month 30, '."""
        if self.adds is not None:
            return self.adds.what(names)
        return "; ".join(
            f"what was planned for month {event.month} does not happen ({event.what(names)})"
            for event in self.drops
        )


def read_changes(told: Told | Sequence[Told], scenario: Scenario, month: int) -> tuple[Change, ...]:
    """The changes that are told, from a month on. Raises SpecError with every fault at once."""
    parts = [told] if isinstance(told, (str, Mapping, Event)) else list(told)
    faults = [] if parts else ["give at least one change, such as backbone_staff=0."]
    if isinstance(month, bool) or not isinstance(month, int) or not 1 <= month <= scenario.months:
        faults.append(f"month {month!r} is not in this run; allowed is 1 to {scenario.months}.")
        month = 1
    found = []
    for part in parts:
        try:
            found.append(_change(part, scenario, month))
        except SpecError as error:
            faults += [f"{part}: {fault}" if isinstance(part, str) else fault for fault in error.faults]
    if faults:
        raise SpecError(faults, source=SOURCE)
    return tuple(found)


def forked(scenario: Scenario, month: int, changes: Sequence[Change]) -> Scenario:
    """The scenario with the changes: what was planned happens first, in a month that has both.

    Raises SpecError if the result is no sound scenario.
    """
    dropped = {id(event) for change in changes for event in change.drops}
    kept = [event for event in scenario.event if id(event) not in dropped]
    words = "; ".join(change.in_words(scenario.names) for change in changes)
    try:
        return scenario.replace(
            name=f"{scenario.name[:75]}-fork",
            title=f"{scenario.title or scenario.name}, from month {month}: {words}"[:200],
            event=(*kept, *(change.adds for change in changes if change.adds is not None)),
        )
    except SpecError as error:
        raise SpecError(error.faults, source=SOURCE) from None


def touched(scenario: Scenario, changes: Sequence[Change]) -> frozenset[int]:
    """Rows of the organizations that the changes themselves touch; none where they touch all alike."""
    ids = scenario.ids
    found: set[int] = set()
    for event in _events(changes):
        plan = Plan(scenario.months, scenario.levers, {name: row for row, name in enumerate(ids)})
        event.lower(plan)
        effects = plan.effects()
        found |= {int(row) for side in ("a", "b") for row in effects[side] if row >= 0}
        if plan.moved() & set(OF_BACKBONE) or BACKBONE_MOVES in effects["code"]:
            found.add(len(ids) - 1)
    return frozenset(found)


def _events(changes: Sequence[Change]) -> Iterator[Event]:
    for change in changes:
        yield from (change.drops if change.adds is None else (change.adds,))


def _change(told: Told, scenario: Scenario, month: int) -> Change:
    if isinstance(told, Event):
        return Change(told.model_copy(update={"month": month}), ())
    if isinstance(told, Mapping):
        return _of_table(dict(told), scenario, month)
    words, values = _split(told)
    if words[:1] == [WITHOUT]:
        return _without("-".join(words[1:]), values, scenario, month)
    if not words and len(values) == 1:
        name, value = next(iter(values.items()))
        return _lever(name, value, month)
    return _of_table({"kind": "-".join(words), **values}, scenario, month)


def _split(text: str) -> tuple[list[str], dict[str, Any]]:
    """(words, {key: value}) of 'partner leaves partner=partner-3'; a value with blanks stands in quotes."""
    try:
        parts = shlex.split(text)
    except ValueError:
        raise SpecError("has a quote that is not closed.") from None
    words = [part for part in parts if "=" not in part]
    values = dict(part.split("=", 1) for part in parts if "=" in part)
    if not parts:
        raise SpecError("says nothing; write lever=value, or a kind of event with its values.")
    return words, {name.strip(): _number(value.strip()) for name, value in values.items()}


def _number(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _lever(name: str, value: Any, month: int) -> Change:
    if name in UNCERTAINTIES or name in CHOICES:
        what = "parameter" if name in UNCERTAINTIES else "rule choice"
        raise SpecError(
            f"{name!r} is a {what}: it holds for a whole run and cannot change in one month. Run it from the "
            f"start with --set {name}={value}, or fork a lever or an event."
        )
    if name not in LEVERS:
        raise SpecError(f"no lever {name!r}.{did_you_mean(name, LEVERS)}")
    return Change(SetLever(month=month, lever=name, value=value), ())


def _of_table(told: dict[str, Any], scenario: Scenario, month: int) -> Change:
    if "kind" not in told and len(told) == 1:
        return _lever(*next(iter(told.items())), month)
    kind = told.get("kind")
    if kind not in KINDS:
        known = [*KINDS, *LEVERS]
        raise SpecError(f"no kind of event {kind!r}, and no lever=value.{did_you_mean(str(kind), known)}")
    if told.pop("month", month) != month:
        raise SpecError("leave out month: the change happens in the month of the fork.")
    event = KINDS[kind](**{**_with_ids(told, scenario), "month": month})
    return Change(event, ())


def _with_ids(told: Mapping[str, Any], scenario: Scenario) -> dict[str, Any]:
    """The values with the id in place of the name of an organization; every unknown one is refused at once."""
    by_name = {name: key for key, name in scenario.names.items()}
    backbone = scenario.ids[-1]
    found, faults = dict(told), []
    for key, refers in KINDS[str(told["kind"])].references.items():
        given = told.get(key)
        if not isinstance(given, str):
            continue
        found[key] = given if given in scenario.ids else by_name.get(given, given)
        if found[key] not in scenario.ids:
            faults.append(
                f"{key}: unknown organization {given!r}.{did_you_mean(given, [*scenario.ids, *by_name])}"
            )
        elif found[key] == backbone and not refers.backbone:
            faults.append(f"{key}: {given!r} is the backbone; name a partner.")
    if faults:
        raise SpecError(faults)
    return found


def _without(kind: str, values: Mapping[str, Any], scenario: Scenario, month: int) -> Change:
    later = [event for event in scenario.event if event.month >= month]
    if kind not in KINDS:
        raise SpecError(
            f"no kind of event {kind!r}.{did_you_mean(kind, {event.kind for event in later} or KINDS)}"
        )
    wanted = _with_ids({"kind": kind, **values}, scenario)
    drops = tuple(event for event in later if wanted.items() <= event.model_dump(by_alias=True).items())
    if not drops:
        planned = ", ".join(f"{event.kind} in month {event.month}" for event in later) or "none"
        raise SpecError(f"nothing like it is planned from month {month} on; planned are: {planned}.")
    return Change(None, drops)

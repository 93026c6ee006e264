"""What a factor moves: a parameter, a lever, a rule choice, an event, a condition, a whole scenario.

    trust_gain, need_intensity, ...          a parameter        numbers
    backbone_staff, meetings, ...            a lever            numbers
    trust, influence, ...                    a rule choice      its variants
    scenario                                 everything         presets, or TOML files
    plan                                     levers and events  presets, TOML files, or a [[plan]] of the study
    condition.agenda, ...                    one condition      true: as in the scenario; false: never in place
    event.funder-leaves                      one event          true: it happens; false: it does not
    event.funder-leaves.month                a field of it      what the field allows
    roster.count, issue.target, ...          a scenario's field what the field allows
    model.forgiveness                        own Mesa models    a keyword of the model's constructor

The second event of a kind is `event.funder-leaves-2`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.errors import SpecError, did_you_mean
from cisim.theory.parameters import LEVERS, UNCERTAINTIES
from cisim.theory.rules import CHOICES, default_choices
from cisim.world.events import Event
from cisim.world.scenario import Scenario

if TYPE_CHECKING:
    from cisim.study.plans.plan import Plan

__all__ = ["CONDITIONS", "NUMBERS", "apply", "event_of", "kind_of", "labels", "options", "read"]

CONDITIONS = {
    "agenda": "agenda",
    "measurement": "measurement",
    "activities": "coordination",
    "communication": "meetings",
    "backbone": "backbone_staff",
}
"""The five conditions of collective impact (Kania & Kramer 2011) and the lever that puts each in place."""

NUMBERS = {"parameter": UNCERTAINTIES, "lever": LEVERS}
"""Kinds of factor that need no other world: many runs of one world may differ in them."""

_TABLES = {"parameter": "parameters", "lever": "levers", "rule": "rules"}
_FIELDS = (
    "roster.count", "issue.target", "network.ties_per_partner", "network.seed", "network.possible",
    "network.unlisted",
)  # fmt: skip


def kind_of(name: str) -> str | None:
    """What the factor of this name moves; None if nothing is called so."""
    for kind, declared in NUMBERS.items():
        if name in declared:
            return kind
    if name in CHOICES:
        return "rule"
    if name in ("scenario", "plan") or name in _FIELDS:
        return "field" if name in _FIELDS else name
    first, _, rest = name.partition(".")
    if first == "condition" and rest in CONDITIONS:
        return "condition"
    if first == "event" and rest:
        return "event field" if "." in rest else "event"
    return "model" if first == "model" and rest.isidentifier() else None


def options(scenario: Scenario | None) -> list[str]:
    """Every name that a factor on this scenario, or on any, can have, except keywords of own models."""
    events = [
        f"event.{label}{field}"
        for label, event in (labels(scenario) if scenario is not None else {}).items()
        for field in ("", *(f".{key}" for key in _keys(event)))
    ]
    conditions = [f"condition.{name}" for name in CONDITIONS]
    return [*UNCERTAINTIES, *LEVERS, *CHOICES, "scenario", "plan", *conditions, *events, *_FIELDS]


def labels(scenario: Scenario) -> dict[str, Event]:
    """The scenario's events by label: their kind, with a number from the second of a kind on."""
    found: dict[str, Event] = {}
    counts: dict[str, int] = {}
    for event in scenario.event:
        counts[event.kind] = count = counts.get(event.kind, 0) + 1
        found[event.kind if count == 1 else f"{event.kind}-{count}"] = event
    return found


def read(scenario: Scenario, name: str) -> Any:
    """The value that a scenario has for a factor. Raises SpecError if it has no such thing.

    None for a parameter of which each replicate has a draw of its own.
    """
    kind = kind_of(name)
    if kind == "parameter":
        if scenario.posterior is not None and name in scenario.posterior.free(scenario.parameters):
            return None
        return scenario.parameters.get(name, UNCERTAINTIES[name].default)
    if kind == "lever":
        return scenario.levers.get(name, LEVERS[name].default)
    if kind == "rule":
        return (default_choices() | scenario.rules)[name]
    if kind == "field":
        record, _, field = name.partition(".")
        return getattr(getattr(scenario, record), field)
    if kind in ("event", "event field"):
        label, _, key = name.removeprefix("event.").partition(".")
        event = _event(scenario, label)
        return True if not key else _told(event)[_key(event, key)]
    return scenario.name if kind == "scenario" else True if kind == "condition" else None


def apply(
    scenario: Scenario, settings: Mapping[str, Any], plans: Mapping[str, Plan] | None = None
) -> Scenario:
    """The scenario with these values {factor: value}; those of `scenario` and `model` are not read here.

    plans: {level of the factor `plan`: its plan}; the plan is tried in the world that the other values make. Raises
    SpecError with every fault of the scenario that comes out.
    """
    tables: dict[str, dict[str, Any]] = {}
    dropped: set[str] = set()
    fields: dict[str, dict[str, Any]] = {}
    off: list[str] = []
    for name, value in settings.items():
        kind = kind_of(name)
        if kind in _TABLES:
            tables.setdefault(_TABLES[kind], {})[name] = value
        elif kind == "field":
            record, _, field = name.partition(".")
            tables.setdefault(record, {})[field] = value
        elif kind == "event" and not value:
            dropped.add(name.removeprefix("event."))
        elif kind == "event field":
            label, _, key = name.removeprefix("event.").partition(".")
            fields.setdefault(label, {})[key] = value
        elif kind == "condition" and not value:
            off.append(name.removeprefix("condition."))
    changes = {field: _merged(getattr(scenario, field), told) for field, told in tables.items()}
    if dropped or fields:
        changes["event"] = _events(scenario, dropped, fields)
    changed = scenario.replace(**changes) if changes else scenario
    changed = without(changed, off) if off else changed
    return (plans or {})[settings["plan"]].on(changed) if "plan" in settings else changed


def event_of(field: str) -> str:
    """The factor of an event, from the factor of one of its fields."""
    return ".".join(field.split(".")[:2])


def without(scenario: Scenario, conditions: Sequence[str]) -> Scenario:
    """The scenario in which these conditions are never in place: their levers are 0, whatever happens.

    Where an event would move such a lever, another one takes it back to 0 in the same month.
    """
    off = [CONDITIONS[condition] for condition in conditions]
    changed = scenario.replace(levers=scenario.levers | dict.fromkeys(off, 0.0))
    events = [event for lever in off for event in _resets(changed, lever)]
    return changed.replace(event=[*changed.event, *events]) if events else changed


def _resets(scenario: Scenario, lever: str) -> list[dict[str, Any]]:
    """The events that take a lever back to 0 wherever those of the scenario move it away."""
    plan, found = scenario.plan(), []
    while (on := np.flatnonzero(plan.levers()[lever])).size:
        month = int(on[0])
        plan.set_lever(month, lever, 0.0)
        found.append({"kind": "set-lever", "month": month, "lever": lever, "value": 0.0})
    return found


def _events(
    scenario: Scenario, dropped: set[str], fields: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    for label in [*dropped, *fields]:
        _event(scenario, label)
    told = []
    for label, event in labels(scenario).items():
        if label not in dropped:
            values = _told(event)
            told.append(values | {_key(event, key): value for key, value in fields.get(label, {}).items()})
    return told


def _event(scenario: Scenario, label: str) -> Event:
    known = labels(scenario)
    if label not in known:
        near = did_you_mean(label, known) or " It has none at all, other scenarios have."
        raise SpecError(f"scenario {scenario.name!r} has no event {label!r}.{near}", source="Factor")
    return known[label]


def _key(event: Event, key: str) -> str:
    keys = _keys(event)
    if key not in keys:
        raise SpecError(
            f"event {event.kind!r} has no field {key!r}.{did_you_mean(key, keys)}", source="Factor"
        )
    return key


def _keys(event: Event) -> list[str]:
    written = type(event).keys()
    return [name for name in written if name != "kind"]


def _told(event: Event) -> dict[str, Any]:
    return event.model_dump(by_alias=True)


def _merged(present: Any, told: Mapping[str, Any]) -> Any:
    return {**(present if isinstance(present, Mapping) else present.model_dump()), **told}

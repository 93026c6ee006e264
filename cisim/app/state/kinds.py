"""The kinds of events as the browser needs them, made from the records' own fields.

A new event needs nothing here: its label is its kind, its text the first line of its docstring, and what each
field takes is asked of the field's own check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from cisim.app.protocol import EventKind
from cisim.app.state.controls import declared_controls, label_of
from cisim.theory.parameters import LEVERS
from cisim.world.events import KINDS, Event, Refers
from cisim.world.scenario import Scenario

__all__ = ["Ask", "asks_of", "completed", "event_kinds", "label_of_kind"]

_ALLOWED = re.compile(r"allowed is (a whole number from )?(\S+) to (\S+?)(?: (.*))?\.$")
_FREE = 1e9  # a range this wide is no range: the lever that the event names has its own
_USUAL = {
    ("funder-enters", "pooled_funding"): 5.0,
    ("policy-window", "size"): 0.3,
    ("issue-shock", "size"): 0.1,
}
"""Values to begin with that are nicer than the rule's; no kind needs one."""


@dataclass(frozen=True)
class Ask:
    """What a field of an event takes.

    type: "number", "whole", "partner", "lever", "truth" or "text". low, high: of the slider; least, most: allowed at
    all. of: the field that names the lever whose range holds here. value: to begin with, None if it depends on who
    is there.
    """

    name: str
    label: str
    type: str
    value: Any
    optional: bool = False
    backbone: bool = False  # a partner may be the backbone too
    low: float | None = None
    high: float | None = None
    least: float | None = None
    most: float | None = None
    step: float | None = None
    unit: str = ""
    of: str = ""

    def plain(self) -> dict[str, Any]:
        return dict(vars(self))


def label_of_kind(kind: str) -> str:
    """A kind of event in words."""
    words = kind.replace("-", " ")
    return f"{words[0].upper()}{words[1:]}"


@cache
def event_kinds() -> tuple[EventKind, ...]:
    """Every kind of event: what it does, and what it takes."""
    return tuple(
        EventKind(
            kind=kind,
            label=label_of_kind(kind),
            text=(record.__doc__ or "").strip().split("\n")[0].replace("`", ""),
            fields=[ask.plain() for ask in asks_of(kind)],
        )
        for kind, record in KINDS.items()
    )


@cache
def asks_of(kind: str) -> tuple[Ask, ...]:
    """What an event of this kind takes besides its kind and month, what must be told first."""
    asks = list(_asks(kind, KINDS[kind]))
    return tuple(sorted(asks, key=lambda ask: ask.optional))


def _asks(kind: str, record: type[Event]) -> Iterator[Ask]:
    lever = next((name for name, field in record.model_fields.items() if _takes_levers(field)), "")
    for name, field in record.model_fields.items():
        if name not in ("kind", "month"):
            yield _ask(kind, field.serialization_alias or name, field, lever)


def _ask(kind: str, name: str, field: FieldInfo, lever: str) -> Ask:
    label = label_of(name)
    default = None if field.is_required() else field.default
    optional = not field.is_required() and default is None
    if marks := [mark for mark in field.metadata if isinstance(mark, Refers)]:
        return Ask(name, label, "partner", default, optional, marks[0].backbone)
    if _takes_levers(field):
        return Ask(name, label, "lever", default or next(iter(LEVERS)))
    if found := _range(field):
        return _number(Ask(name, label, found[0], default, optional), kind, found, lever)
    return Ask(name, label, "truth" if bool in _types(field) else "text", default, optional)


def _number(ask: Ask, kind: str, found: tuple[str, float, float, str], lever: str) -> Ask:
    type_, least, most, unit = found
    if lever and most >= _FREE:
        of = declared_controls()[next(iter(LEVERS))]
        told = {"value": of["high"], "of": lever, "unit": of["unit"]}
        ends = {key: of[key] for key in ("low", "high", "least", "most", "step")}
        return Ask(**{**ask.plain(), **told, **ends})
    value = ask.value if ask.value is not None else _USUAL.get((kind, ask.name), _usual(type_, least, most))
    reach = most if most <= 1 else min(most, 10.0 * (abs(value) or 1.0))
    low = max(least, -reach) if least < 0 else least
    step = 1 if type_ == "whole" else 0.05 if reach <= 1 else 0.1 if reach <= 5 else 0.5
    ends = {"low": low, "high": reach, "least": least, "most": most, "step": step}
    return Ask(**{**ask.plain(), **ends, "value": value, "unit": unit})


def _usual(type_: str, least: float, most: float) -> float:
    """A value to begin with: a year for whole months, 1 or what is allowed for an amount, little for a change."""
    if type_ == "whole":
        return int(min(max(12, least), most))
    return most / 50 if least < 0 else min(max(1.0, least), most)


def _checks(field: FieldInfo) -> Iterator[Any]:
    yield from (mark.func for mark in field.metadata if isinstance(mark, BeforeValidator))


def _range(field: FieldInfo) -> tuple[str, float, float, str] | None:
    """(type, least, most, unit) of a number, as its own check says them when it is given something else."""
    for check in _checks(field):
        try:
            check(object())
        except (ValueError, TypeError) as error:  # of a new event's own check, any
            if found := _ALLOWED.search(str(error)):
                whole, least, most, unit = found.groups()
                told = (unit or "").strip("()").partition(";")[0]
                return ("whole" if whole else "number"), float(least), float(most), told
    return None


def _takes_levers(field: FieldInfo) -> bool:
    """True for a field whose check takes the name of every lever, and no other word."""
    return any(
        all(_takes(check, name) for name in LEVERS) and not _takes(check, "no lever")
        for check in _checks(field)
    )


def _takes(check: Any, value: object) -> bool:
    try:
        check(value)
    except (ValueError, TypeError):
        return False
    return True


def _types(field: FieldInfo) -> tuple[Any, ...]:
    return (field.annotation, *get_args(field.annotation))


def completed(told: Mapping[str, Any], scenario: Scenario, selected: str) -> dict[str, Any]:
    """The event with a value for all that it needs and nobody told: the selected partner, or the first ones."""
    kind = told.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        return dict(told)
    event = dict(told)
    backbone = scenario.backbone.id
    for ask in asks_of(kind):
        if ask.name in event or ask.optional:
            continue
        if ask.type != "partner":
            event[ask.name] = ask.value
            continue
        named = [one for one in event.values() if isinstance(one, str)]
        wished = [selected] if selected and (ask.backbone or selected != backbone) else []
        event[ask.name] = next((one for one in (*wished, *scenario.ids[:-1]) if one not in named), "")
    return event

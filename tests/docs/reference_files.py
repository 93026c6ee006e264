"""Reference of every kind of file that a reader writes: each key with what is allowed, and what holds unless told.

What is allowed is what the check of the key itself says when it refuses a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from cisim import Plan, Prices, Scenario, SpecError, SurveyMap
from cisim.decision.optimize import Problem
from cisim.evidence.claims.file import ClaimFile
from cisim.study.spec.file import StudyFile
from cisim.world.record import Record
from tests.docs.meanings import MEANINGS
from tests.docs.tables import Generated, Passage, Table

__all__ = ["FILES", "keys", "passages"]

FILES: dict[str, type[Record]] = {
    "scenario": Scenario,
    "study": StudyFile,
    "plan": Plan,
    "prices": Prices,
    "problem": Problem,
    "claims": ClaimFile,
    "map": SurveyMap,
}
"""Each kind of file by a short name, with the record that checks it."""
ELSEWHERE = {"world": "scenario", "start": "plan", "plan": "plan", "prices": "prices"}
"""Keys that hold a whole file of another kind."""

SPOKEN = {
    "there is no measure": "a [measure](measures.md)",
    "unknown source": "a cited work",
    "name two organizations": "two ids",
}
"""Refusals that do not say what is allowed, in words that do."""


class _Refused:
    """A value that no check takes."""

    def __repr__(self) -> str:
        return "X"


def passages() -> dict[str, Generated]:
    """Every passage of this file by its name."""
    return {f"reference-file-{name}": _file(name, record) for name, record in FILES.items()}


def keys(record: type[Record], place: str = "") -> Iterator[tuple[str, str, FieldInfo]]:
    """(place in the file, key, field) of every key of a file, inner tables after their outer one."""
    inner = []
    for name, field in record.model_fields.items():
        yield place, field.serialization_alias or name, field
        part = _record_in(field.annotation)
        if part is not None and name not in ELSEWHERE and name != "event":
            brackets = f"[[{name}]]" if "tuple" in str(field.annotation) else f"[{name}]"
            inner.append((part, brackets if not place else f"{name} of a {place.strip('[]')}"))
    for part, inside in inner:
        yield from keys(part, inside)


def _file(name: str, record: type[Record]) -> Passage:
    parts: dict[str, list[tuple[str, str, str, str]]] = {}
    for place, key, field in keys(record):
        where = f"{place.strip('[]')}.{key}" if place else key
        told = MEANINGS[name][where]
        parts.setdefault(place, []).append((f"`{key}`", _allowed(key, field), _default(field), told))
    columns = ("key", "allowed", "unless told", "meaning")
    return Passage(
        "\n\n".join(
            (f"**`{place}`**\n\n" if place else "") + Table(columns, rows).text().strip()
            for place, rows in parts.items()
        )
    )


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    value = field.get_default(call_default_factory=True)
    if value is None or value in ("", (), {}) or isinstance(value, Record):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(f"`{each}`" if each else "empty" for each in value)
    return (
        f"{value:g}" if isinstance(value, float) else f"`{value}`" if isinstance(value, str) else str(value)
    )


def _allowed(key: str, field: FieldInfo) -> str:
    """What the check says is allowed; the kind of table for a key that holds one."""
    for check in field.metadata:
        if isinstance(check, BeforeValidator):
            refuse: Any = check.func
            try:
                refuse(_Refused())
            except SpecError as refused:
                return _as_words(refused.faults[0])
    if key == "event":
        return "[events](events.md)"
    if key in ELSEWHERE and "tuple" in str(field.annotation):
        return f"tables, each a [{ELSEWHERE[key]}](#{ELSEWHERE[key]})"
    if key in ELSEWHERE:
        return f"a [{ELSEWHERE[key]}](#{ELSEWHERE[key]}), or the path of its file"
    if _record_in(field.annotation) is not None:
        return "tables, below" if "tuple" in str(field.annotation) else "a table, below"
    return "a list of texts" if "tuple" in str(field.annotation) else "text"


def _as_words(fault: str) -> str:
    """`whole number from 1 to 1200 months` for a sentence that refuses a value."""
    if "the only format" in fault:
        return "1, the only format so far"
    if "allowed is a whole number" in fault:
        return fault.split("allowed is a ")[1].rstrip(".")
    if "allowed is" in fault:
        return f"number, {fault.split('allowed is ')[1].rstrip('.')}"
    if "allowed: " in fault:
        return re.sub(r"'([^']*)'", r"`\1`", fault.split("allowed: ")[1].rstrip("."))
    if "allowed are" in fault:
        return fault.split("allowed are ")[1].split(", for example")[0]
    told = re.sub(r"^must (?:be )?|[,;] given X.*$", "", fault)
    return SPOKEN.get(told.split(" X")[0], told)


def _record_in(annotation: Any) -> type[Record] | None:
    """The record inside an annotation such as tuple[Partner, ...]."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return annotation
    return next((found for part in get_args(annotation) if (found := _record_in(part))), None)

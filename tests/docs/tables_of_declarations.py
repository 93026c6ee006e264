"""Tables of what is declared: numbers, state, defaults, streams, events, measures, sources."""

from __future__ import annotations

import ast
import inspect
import math
import re
import textwrap
from collections.abc import Iterable

from cisim.cli.citations import SOURCES_BESIDE_RULES
from cisim.engine import streams
from cisim.theory.measures import MEASURES
from cisim.theory.parameters import LEVERS, UNCERTAINTIES, Parameter
from cisim.theory.rules import SOURCES_OF_MECHANISM, SOURCES_OF_VARIANT
from cisim.theory.sources import ASSUMPTION, SOURCES
from cisim.theory.state import INITIATIVE, ISSUE, ORGANIZATION, TIE, Field
from cisim.world.events import KINDS
from cisim.world.network import Network
from cisim.world.partners import Issue, Roster
from cisim.world.presets import catalogue
from cisim.world.record import Record
from cisim.world.scenario import Scenario
from tests.docs.tables import Table
from tests.docs.tables_of_rules import short

__all__ = ["number", "span", "tables"]

SCALES: tuple[tuple[str, type[Record], tuple[str, ...]], ...] = (
    ("", Scenario, ("months", "workstreams")),
    ("roster.", Roster, ("count", "sectors", "members", "may_join")),
    ("network.", Network, tuple(Network.model_fields)),
    ("issue.", Issue, tuple(Issue.model_fields)),
)
STREAM = re.compile(r"^([A-Z_]+) = (\d+)  # (.+)$", re.MULTILINE)


def tables() -> dict[str, Table]:
    """Every table of this file by its name."""
    return {
        "scales": _scales(), "organizations": _state(ORGANIZATION), "ties": _state(TIE),
        "initiative": _state(INITIATIVE), "issue": _state(ISSUE), "levers": _numbers(LEVERS.values()),
        "parameters": _numbers(UNCERTAINTIES.values(), part=True), "streams": _streams(), "events": _events(),
        "measures": _measures(), "sources": _sources(), "presets": _presets(),
    }  # fmt: skip


def number(value: float) -> str:
    """A number as a reader writes it."""
    return "∞" if value == math.inf else "−∞" if value == -math.inf else f"{value:g}".replace("-", "−")


def span(low: float, high: float) -> str:
    """Both ends of a range."""
    return f"{number(low)} to {number(high)}"


def _numbers(entries: Iterable[Parameter], *, part: bool = False) -> Table:
    """Name, default, range worth exploring and what the equations allow, unit, meaning, basis."""
    columns = ["name", "default", "range", "allowed", "unit", "meaning", "basis"]
    rows = []
    for entry in entries:
        basis = f"*{ASSUMPTION}*" if entry.basis == ASSUMPTION else short(entry.basis)
        row = [f"`{entry.name}`", number(entry.default), span(entry.low, entry.high),
               span(entry.least, entry.most), entry.unit, entry.meaning, basis]  # fmt: skip
        rows.append([row[0], entry.part, *row[1:]] if part else row)
    return Table([columns[0], "mechanism", *columns[1:]] if part else columns, rows)


def _state(fields: Iterable[Field]) -> Table:
    shapes = {1: "one", 2: "two", "K": "one a workstream"}
    rows = []
    for field in fields:
        shape = shapes[field.width] + (", adding up to 1" if field.simplex else "")
        kind = "whole number" if field.integer else "number"
        given = "scenario, or drawn" if field.given else ""
        rows.append(
            (f"`{field.name}`", f"{shape}, {kind}", span(field.low, field.high), field.meaning, given)
        )
    return Table(("variable", "shape", "range", "meaning", "given by"), rows)


def _scales() -> Table:
    rows = []
    for where, record, names in SCALES:
        for name in names:
            default = record.model_fields[name].get_default(call_default_factory=True)
            rows.append((f"`{where}{name}`", _default(default)))
    return Table(("value of a scenario", "unless told"), rows)


def _default(value: object) -> str:
    if value is None:
        return "drawn for each replicate"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return number(value) if isinstance(value, int | float) else str(value)


def _streams() -> Table:
    """The streams with the comment that says whose decision each is."""
    rows = [(told[1], f"`{told[0]}`", told[2]) for told in STREAM.findall(inspect.getsource(streams))]
    return Table(("number", "stream", "drawn for each, and what it decides"), rows)


def _events() -> Table:
    rows = []
    for kind, event in sorted(KINDS.items()):
        told = []
        for name, field in event.model_fields.items():
            if name not in ("kind", "month"):
                needed = field.is_required() or field.default is None
                told.append(
                    f"`{field.serialization_alias or name}`"
                    + ("" if needed else f" = {number(field.default)}")
                )
        says = " ".join((inspect.getdoc(event) or "").split())
        rows.append((f"`{kind}`", says, ", ".join(told) or "none", _lowered(event)))
    return Table(("kind", "what happens", "values beside the month", "what it writes into the plan"), rows)


def _lowered(event: type) -> str:
    """The calls of the plan in `lower`, as `set_lever(funded, 0)`."""
    calls = []
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(event.lower)))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("plan."):
            told = re.sub(r"self\.month, |plan\.|self\.|(?<=\d)\.0\b", "", ast.unparse(node))
            calls.append(f"`{told.replace(chr(39), '')}`")
    return ", ".join(calls)


def _measures() -> Table:
    rows = []
    for one in MEASURES.values():
        meaning = " ".join(one.meaning.split())
        if one.undefined_while:
            meaning += f" No value while {one.undefined_while.rstrip('.')}."
        rows.append((f"`{one.name}`", one.unit, span(one.low, one.high), meaning, one.formula))
    return Table(("measure", "unit", "range", "meaning", "formula"), rows)


def _sources() -> Table:
    """Each cited work with what rests on it: rules, variants, numbers, presets."""
    rests: dict[str, list[str]] = {key: [] for key in SOURCES}
    for mechanism, sources in (SOURCES_OF_MECHANISM | SOURCES_BESIDE_RULES).items():
        for key, gives in sources.items():
            rests[key].append(f"{mechanism}: {gives}")
    for (choice, variant), sources in SOURCES_OF_VARIANT.items():
        for key, gives in sources.items():
            rests[key].append(f"`{choice}` = `{variant}`: {gives}")
    for entry in (*LEVERS.values(), *UNCERTAINTIES.values()):
        if entry.basis != ASSUMPTION:
            rests[entry.basis].append(f"`{entry.name}`")
    for name, scenario in catalogue().items():
        for citation in scenario.sources:
            rests[citation.key].append(f"preset `{name}`")
    rows = [
        (short(key), str(SOURCES[key]), "; ".join(told) or "cited in the text") for key, told in rests.items()
    ]
    return Table(("source", "work", "what rests on it"), rows)


def _presets() -> Table:
    rows = []
    for name, scenario in catalogue().items():
        rows.append((f"`{name}`", scenario.title, " ".join(scenario.description.split())))
    return Table(("preset", "title", "what to expect"), rows)

"""Reference of the model: parameters by mechanism, rules with their sources, presets with what they choose."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from types import ModuleType

from cisim.theory.parameters import LEVERS, UNCERTAINTIES, Parameter
from cisim.theory.rules import MECHANISMS
from cisim.theory.sources import ASSUMPTION, SOURCES
from cisim.world.presets import catalogue
from cisim.world.scenario import Scenario
from tests.docs.tables import Generated, Passage, Table
from tests.docs.tables_of_declarations import number, span
from tests.docs.tables_of_rules import short
from tests.docs.tables_of_rules import tables as rule_tables

__all__ = ["passages"]


def passages() -> dict[str, Generated]:
    """Every passage of this file by its name."""
    return {
        "reference-levers": _numbers(LEVERS.values()),
        "reference-parameters": _parameters(),
        "reference-rules": _rules(),
        "reference-presets": _presets(),
    }


def _parameters() -> Passage:
    parts: dict[str, list[Parameter]] = {}
    for entry in UNCERTAINTIES.values():
        parts.setdefault(entry.part, []).append(entry)
    return Passage(
        "\n\n".join(
            f"### {part.capitalize()}\n\n{_numbers(told).text().strip()}" for part, told in parts.items()
        )
    )


def _numbers(entries: Iterable[Parameter]) -> Table:
    """Six columns that fit a page: the range that the equations allow stands in ODD."""
    rows = []
    for entry in entries:
        basis = f"*{ASSUMPTION}*" if entry.basis == ASSUMPTION else short(entry.basis)
        rows.append((f"`{entry.name}`", number(entry.default), span(entry.low, entry.high), entry.unit,
                     entry.meaning, basis))  # fmt: skip
    return Table(("name", "default", "range", "unit", "meaning", "source"), rows)


def _rules() -> Passage:
    tables = rule_tables()
    return Passage("\n\n".join(_mechanism(module, tables) for module in MECHANISMS))


def _mechanism(module: ModuleType, tables: Mapping[str, Table]) -> str:
    name = module.__name__.rsplit(".", 1)[-1]
    says = (inspect.getdoc(module) or "").split("\n\n")[0].replace("\n", " ").split(": ", 1)[-1]
    says = says[:1].upper() + says[1:]
    works = [f"- {SOURCES[key]} *Gives:* {gives}." for key, gives in _works(module).items()]
    listed = "\n".join(works) + "\n\n" if works else ""
    return f"### {name.capitalize()}\n\n{says}\n\n{tables[f'rules-{name}'].text()}\n{listed}".rstrip()


def _works(module: ModuleType) -> dict[str, str]:
    """{source: what it gives} of a mechanism and its variants; one work may give to several."""
    given: dict[str, list[str]] = {}
    for sources in (module.SOURCES, *module.VARIANT_SOURCES.values()):
        for key, gives in sources.items():
            given.setdefault(key, []).append(gives)
    return {key: "; ".join(dict.fromkeys(gives)) for key, gives in given.items()}


def _presets() -> Passage:
    return Passage("\n\n".join(_preset(name, scenario) for name, scenario in catalogue().items()))


def _preset(name: str, scenario: Scenario) -> str:
    lines = [f"### {name}", f"**{scenario.title}.** {' '.join(scenario.description.split())}"]
    facts = [f"- {_levers(scenario)}"]
    if scenario.event:
        facts.append("- Events: " + ", ".join(f"`{e.kind}` in month {e.month}" for e in scenario.event) + ".")
    for title, told in (("Parameters", scenario.parameters), ("Rules", scenario.rules)):
        if told:
            facts.append(
                f"- {title}: " + ", ".join(f"`{key}` = {_value(v)}" for key, v in told.items()) + "."
            )
    facts += [f"- {SOURCES[cited.key]} *{cited.reason}*" for cited in scenario.sources]
    return "\n\n".join([*lines, "\n".join(facts)])


def _levers(scenario: Scenario) -> str:
    chosen = [f"`{name}` = {number(value)}" for name, value in scenario.levers.items()]
    return "Levers at the start: " + (", ".join(chosen) if chosen else "none beside the defaults") + "."


def _value(value: object) -> str:
    return number(value) if isinstance(value, int | float) else f"`{value}`"

"""Reference of the names at the front door of cisim, from their signatures and docstrings."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from pydantic import BaseModel

import cisim
from tests.docs.tables import Generated, Passage, Table

__all__ = ["passages"]

GROUPS = {
    "Scenarios": ("presets", "preset", "load", "Scenario", "import_survey", "SurveyMap"),
    "Runs": ("simulate", "Ensemble", "CoalitionModel"),
    "Studies": ("Study", "Results"),
    "Decisions": (
        "Plan", "Prices", "worlds_of", "try_plans", "compare_plans", "fork", "optimize", "make_report", "verify",
    ),
    "What is declared": ("LEVERS", "UNCERTAINTIES", "MEASURES"),
    "Errors": ("CisimError", "SpecError", "DataError", "RunError", "StoreError"),
}  # fmt: skip
"""Every public name but `__version__`; a test holds it to `cisim.__all__`."""
CONSTANTS = {
    "LEVERS": "Every lever by name, with default, range, unit, meaning and source: [levers](parameters.md#levers).",
    "UNCERTAINTIES": "Every uncertainty by name, likewise: [uncertainties](parameters.md#uncertainties).",
    "MEASURES": "Every measure by name, with unit, range, meaning and formula: [measures](measures.md).",
}


def passages() -> dict[str, Generated]:
    """Every passage of this file by its name."""
    parts = []
    for group, names in GROUPS.items():
        parts += [f"## {group}", *(_name(name) for name in names)]
    return {"reference-python": Passage("\n\n".join(parts))}


def _name(name: str) -> str:
    thing = getattr(cisim, name)
    heading = f"### {name}"
    if name in CONSTANTS:
        return f"{heading}\n\n{CONSTANTS[name]}"
    if inspect.isclass(thing):
        return _class(heading, name, thing)
    return f"{heading}\n\n{_signature(f'cisim.{name}', thing)}\n\n{_docstring(thing)}"


def _class(heading: str, name: str, thing: type) -> str:
    """How one is made, what it is, and its public methods and values with the first sentence of each."""
    parts = [heading]
    if issubclass(thing, BaseModel):
        keys = ", ".join(f"`{key}`" for key in thing.model_fields)
        parts += [_docstring(thing), f"Values: {keys}; see [files](files.md)."]
    elif issubclass(thing, Exception):
        parts += [_docstring(thing)]
    else:
        parts += [_signature(f"cisim.{name}", thing), _docstring(thing)]
    rows = list(_members(thing))
    return "\n\n".join([*parts, Table(("member", "what it gives"), rows).text().strip()] if rows else parts)


def _members(thing: type) -> Iterator[tuple[str, str]]:
    for name, member in vars(thing).items():
        told = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if name.startswith("_") or not inspect.isfunction(told) or not told.__doc__:
            continue
        shown = f"`{name}`" if isinstance(member, property) else f"`{name}{_arguments(told)}`"
        yield shown, (inspect.getdoc(told) or "").split("\n\n")[0].replace("\n", " ")


def _signature(called: str, thing: Callable[..., Any]) -> str:
    return f"```text\n{called}{_arguments(thing)}\n```"


def _arguments(thing: Callable[..., Any]) -> str:
    """Names and defaults; types stand in the code, and what matters of them in the docstring."""
    told = inspect.signature(thing)
    bare = [each.replace(annotation=inspect.Parameter.empty) for each in told.parameters.values()]
    kept = [each for each in bare if each.name not in ("self", "cls")]
    return str(told.replace(parameters=kept, return_annotation=inspect.Signature.empty))


def _docstring(thing: Any) -> str:
    return inspect.getdoc(thing) or ""

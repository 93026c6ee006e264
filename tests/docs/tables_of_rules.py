"""Tables of the mechanisms: rules with their formulas, choices, slots, and the month with what it calls."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any

from cisim.engine import kernel, streams
from cisim.theory.month import MONTH
from cisim.theory.rules import CHOICES, MECHANISMS, SLOTS, SOURCES_OF_VARIANT
from cisim.theory.rules import events as effects
from cisim.theory.sources import SOURCES
from tests.docs.formulas import arguments, called, formula, meaning
from tests.docs.tables import Table

__all__ = ["tables"]

PHASES = "cisim.engine.phases"


def tables() -> dict[str, Table]:
    """Every table of this file by its name."""
    told = {f"rules-{_name(module)}": _rules(module) for module in MECHANISMS}
    return told | {
        "month": _month(), "choices": _choices(), "slots": _slots(), "effects": _effects(), "forms": _forms(),
    }  # fmt: skip


def cited(sources: Mapping[str, str]) -> str:
    """`Luke et al. 2013 (what it gives)` for each {source: what it gives}."""
    return "; ".join(f"{short(key)} ({gives})" for key, gives in sources.items())


def short(key: str) -> str:
    """Author and year of a source, as a text names it."""
    source = SOURCES[key]
    people = [part for part in re.split(r",? and |, (?=[A-Z][a-z])", source.authors) if part]
    surnames = [person.split(",")[0].strip() for person in people]
    who = " and ".join(surnames) if len(surnames) < 3 else f"{surnames[0]} et al."
    return f"{who.replace(' and others', ' et al.')} {source.year}"


def _name(module: ModuleType) -> str:
    return module.__name__.rsplit(".", 1)[-1]


def _rules(module: ModuleType) -> Table:
    """A row for each rule of a mechanism, each variant, and each function of `theory/rules` that they call."""
    rows, parts = [], {}
    for told, rule in _filled(module):
        rows.append((told, *_of(rule)))
        for part in called(rule):
            if part not in SLOTS.values():
                parts[f"`{part.__name__}`, called by them"] = part
    rows += [(told, *_of(part)) for told, part in parts.items()]
    sources = cited(module.SOURCES)
    above = f"Sources: {sources}. All other forms: *assumption*." if sources else "All forms: *assumption*."
    if module.VARIANT_SOURCES:
        above = f"Sources of the mechanism: {sources or 'none'}; of variants, see the choices. All other forms: *assumption*."
    return Table(("rule", "arguments", "formula", "what it says"), rows, above)


def _filled(module: ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    """(how a row is called, function) of each slot of a mechanism."""
    for slot, rule in module.RULES.items():
        yield f"`{slot}`", rule
    for choice, variants in module.CHOICES.items():
        for variant, slots in variants.items():
            for slot, rule in slots.items():
                yield f"`{slot}` (choice `{choice}`: `{variant}`)", rule


def _of(rule: Callable[..., Any]) -> tuple[str, str, str]:
    inside, told = arguments(rule), formula(rule)
    file = f"cisim/{rule.__module__.removeprefix('cisim.').replace('.', '/')}.py"
    steps = f"*steps, in* [{file}](../{file})"
    return (f"`{inside}`" if inside else "none", f"`{told}`" if told else steps, meaning(rule))


def _choices() -> Table:
    rows = []
    for choice, variants in CHOICES.items():
        for at, (variant, slots) in enumerate(variants.items()):
            filled = ", ".join(f"`{slot}` by `{rule.__name__}`" for slot, rule in slots.items())
            basis = cited(SOURCES_OF_VARIANT.get((choice, variant), {})) or "*assumption*"
            rows.append((f"`{choice}` = `{variant}`", "yes" if at == 0 else "", filled, basis))
    return Table(("variant", "in use unless told", "fills", "source"), rows)


def _slots() -> Table:
    homes = {slot: _name(module) for module in MECHANISMS for slot in module.RULES}
    homes |= {
        slot: f"{_name(module)}, choice `{choice}`"
        for module in MECHANISMS
        for choice, variants in module.CHOICES.items()
        for slot in next(iter(variants.values()))
    }
    rows = []
    for slot, rule in SLOTS.items():
        first = meaning(rule).split(". ")[0].rstrip(".")
        rows.append((f"`{slot}`", f"`({', '.join(inspect.signature(rule).parameters)})`", homes[slot], first))
    return Table(("slot", "takes", "mechanism", "what the rule in use gives"), rows)


def _effects() -> Table:
    """Codes of effects with the comment that says what each does."""
    comments = dict(re.findall(r'^    "(\w+)": \d+,  # (.+)$', inspect.getsource(effects), re.MULTILINE))
    rows = [(f"`{name}`", comments[name]) for name in effects.EFFECTS]
    return Table(("effect", "values, and what it does"), rows)


def _forms() -> Table:
    """What each mechanism takes from a source, and how many of its formulas nobody has published."""
    rows = []
    for module in MECHANISMS:
        sources = dict(module.SOURCES)
        variants = [f"`{c}` = `{v}`: {cited(told)}" for (c, v), told in module.VARIANT_SOURCES.items()]
        given = "; ".join(filter(None, [cited(sources), *variants])) or "nothing"
        slots = ", ".join(f"`{slot}`" for slot in module.RULES)
        rows.append((f"`{_name(module)}`", given, slots))
    return Table(("mechanism", "what sources give", "rules whose form and size are else *assumption*"), rows)


def _month() -> Table:
    """The phases in order, with the rules that each calls and the random streams that it draws from."""
    numbers = {name for name, value in vars(streams).items() if name.isupper() and isinstance(value, int)}
    rows = []
    for at, (phase, function) in enumerate(zip(MONTH, _phase_functions(), strict=True), start=1):
        used = list(dict.fromkeys(_names(function, set())))
        rules = ", ".join(f"`{name}`" for name in used if name in SLOTS)
        drawn = ", ".join(f"`{name}`" for name in used if name in numbers - {"MASK"})
        rows.append((f"{at} `{phase.name}`", phase.meaning, rules, drawn or "none"))
    return Table(("phase", "what happens", "rules it calls", "random streams"), rows)


def _phase_functions() -> Iterator[Callable[..., Any]]:
    """The kernel's functions of the phases, in the order in which a month calls them."""
    for node in ast.walk(_tree(kernel.run_replicates)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            function = getattr(kernel, node.func.id, None)
            if inspect.isfunction(function) and function.__module__.startswith(PHASES):
                yield function


def _names(function: Callable[..., Any], seen: set[Any]) -> Iterator[str]:
    """Slots (`rules.NAME`) and plain names that a phase uses, its own functions included, in order."""
    seen.add(function)
    for node in _in_order(_tree(function)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "rules":
            yield node.attr
        elif isinstance(node, ast.Name):
            inner = function.__globals__.get(node.id)
            if inspect.isfunction(inner) and inner.__module__.startswith(PHASES) and inner not in seen:
                yield from _names(inner, seen)
            elif node.id.isupper():
                yield node.id


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    """The node and all inside it, as the text reads."""
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _in_order(child)


def _tree(function: Callable[..., Any]) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))

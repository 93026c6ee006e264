"""The mechanisms: one a file, pure functions of numbers that both engines call.

A *slot* is the name under which the engines call a rule. A *choice* is something that the literature
argues about: each of its *variants* fills one or more slots. `rule_set` puts a complete set together;
a user's own function of the same signature can take any slot.

Rules use `math`, explicit loops in a fixed order, and no NumPy reductions, so that the Mesa engine (which
calls them) and the compiled engine (which compiles the same functions) give the same history bit for bit.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from cisim.errors import SpecError, did_you_mean
from cisim.theory.rules import (
    activities,
    agenda,
    backbone,
    contact,
    delivery,
    engagement,
    events,
    execution,
    issue,
    measurement,
    membership,
    origin,
    plan,
    trust,
)

__all__ = [
    "CHOICES",
    "MECHANISMS",
    "SLOTS",
    "SOURCES_OF_MECHANISM",
    "SOURCES_OF_VARIANT",
    "default_choices",
    "rule_faults",
    "rule_set",
]

Rule = Callable[..., Any]

MECHANISMS = (
    origin, execution, events, contact, backbone, trust, agenda, plan, activities, measurement, delivery, issue,
    engagement, membership,
)  # fmt: skip

CHOICES: dict[str, dict[str, dict[str, Rule]]] = {
    choice: variants for module in MECHANISMS for choice, variants in module.CHOICES.items()
}

SOURCES_OF_MECHANISM: dict[str, dict[str, str]] = {
    module.__name__.rsplit(".", 1)[-1]: module.SOURCES for module in MECHANISMS
}
"""{mechanism: {source: what it gives}}. The forms of all other formulas are assumptions."""

SOURCES_OF_VARIANT: dict[tuple[str, str], dict[str, str]] = {
    key: sources for module in MECHANISMS for key, sources in module.VARIANT_SOURCES.items()
}
"""{(choice, variant): {source: what it gives}}."""

SLOTS: dict[str, Rule] = {slot: rule for module in MECHANISMS for slot, rule in module.RULES.items()} | {
    slot: rule for variants in CHOICES.values() for slot, rule in next(iter(variants.values())).items()
}
"""Every slot with its default rule."""


def default_choices() -> dict[str, str]:
    """The variant in use for each choice where nothing else is said: the first one listed."""
    return {choice: next(iter(variants)) for choice, variants in CHOICES.items()}


def rule_faults(choices: Mapping[str, str]) -> list[str]:
    """Every fault in {choice: variant}: unknown choices and unknown variants."""
    faults = []
    for choice, variant in choices.items():
        if choice not in CHOICES:
            faults.append(f"unknown rule choice {choice!r}.{did_you_mean(choice, CHOICES)}")
        elif variant not in CHOICES[choice]:
            allowed = ", ".join(CHOICES[choice])
            faults.append(
                f"unknown variant {variant!r} of rule {choice!r}; allowed: {allowed}."
                f"{did_you_mean(variant, CHOICES[choice])}"
            )
    return faults


def rule_set(choices: Mapping[str, str], own: Mapping[str, Rule] | None = None) -> SimpleNamespace:
    """All slots filled: the defaults, then the variants chosen, then the user's own rules.

    Raises SpecError that names every unknown choice, variant and slot, and every own rule whose
    arguments are not those of the slot.
    """
    own = own or {}
    faults = rule_faults(choices)
    for slot, rule in own.items():
        if slot not in SLOTS:
            faults.append(f"unknown rule slot {slot!r}.{did_you_mean(slot, SLOTS)}")
        elif not callable(rule):
            faults.append(f"rule for slot {slot!r} must be a function, given {rule!r}.")
        elif _arity(rule) != _arity(SLOTS[slot]):
            wanted = ", ".join(inspect.signature(SLOTS[slot]).parameters)
            faults.append(f"rule for slot {slot!r} takes {_arity(rule)} arguments; it must take ({wanted}).")
    if faults:
        raise SpecError(faults, source="Rules")
    slots = dict(SLOTS)
    for choice, variant in choices.items():
        slots.update(CHOICES[choice][variant])
    return SimpleNamespace(**(slots | dict(own)))


def _arity(rule: Rule) -> int:
    return len(inspect.signature(rule).parameters)

"""The sources that a scenario's presets, rules and defaults rest on, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cisim.theory.parameters import Parameter
    from cisim.world.scenario import Scenario

__all__ = ["SOURCES_BESIDE_RULES", "Bibliography", "bibliography"]

SOURCES_BESIDE_RULES: dict[str, dict[str, str]] = {
    "measures": {"freeman1978": "degree centralization"},
    "random draws": {"salmon2011": "a draw is a pure function of its address (Philox)"},
}
"""{part of the model that is no rule: {source: what it gives}}."""


@dataclass(frozen=True)
class Bibliography:
    """Reasons by source, in order of first mention; and what rests on no source."""

    reasons: dict[str, tuple[str, ...]]
    assumptions: tuple[str, ...]  # names of defaults in use that are assumptions
    own: tuple[str, ...]  # names of values that the scenario sets itself
    declared: int  # parameters and levers in all


def bibliography(scenario: Scenario) -> Bibliography:
    """Every source that this scenario rests on: its own citations, the rules and defaults in use."""
    from cisim.theory.parameters import LEVERS, UNCERTAINTIES
    from cisim.theory.sources import ASSUMPTION

    told = {**scenario.levers, **scenario.parameters}
    entries = {**LEVERS, **UNCERTAINTIES}
    own = tuple(name for name, value in told.items() if value != entries[name].default)
    if scenario.posterior is not None:
        own += tuple(name for name in scenario.posterior.names if name not in own)
    used = [entry for name, entry in entries.items() if name not in own]
    reasons: dict[str, list[str]] = {}
    for key, reason in _reasons(scenario, list(entries.values())):
        reasons.setdefault(key, []).append(reason)
    return Bibliography(
        reasons={key: tuple(dict.fromkeys(found)) for key, found in reasons.items()},
        assumptions=tuple(entry.name for entry in used if entry.basis == ASSUMPTION),
        own=own,
        declared=len(entries),
    )


def _reasons(scenario: Scenario, entries: list[Parameter]) -> Iterator[tuple[str, str]]:
    from cisim.theory.rules import SOURCES_OF_MECHANISM, SOURCES_OF_VARIANT, default_choices
    from cisim.theory.sources import ASSUMPTION

    for citation in scenario.sources:
        yield citation.key, f"scenario: {citation.reason.rstrip('.')}"
    for mechanism, sources in (SOURCES_OF_MECHANISM | SOURCES_BESIDE_RULES).items():
        for key, reason in sources.items():
            yield key, f"{mechanism}: {reason}"
    for choice in (default_choices() | dict(scenario.rules)).items():
        for key, reason in SOURCES_OF_VARIANT.get(choice, {}).items():
            yield key, f"rule {choice[0]} = {choice[1]}: {reason}"
    by_source: dict[str, list[str]] = {}
    for entry in entries:
        if entry.basis != ASSUMPTION:
            by_source.setdefault(entry.basis, []).append(entry.name)
    for key, names in by_source.items():
        yield key, f"definition, default or range of {', '.join(names)}"

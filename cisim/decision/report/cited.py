"""The works that scenarios rest on, each with its reasons: their own citations, rules in use, declared numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from cisim.theory.parameters import LEVERS, UNCERTAINTIES
from cisim.theory.rules import SOURCES_OF_MECHANISM, SOURCES_OF_VARIANT, default_choices
from cisim.theory.sources import ASSUMPTION
from cisim.world.scenario import Scenario

__all__ = ["reasons"]


def reasons(scenarios: Sequence[Scenario]) -> list[tuple[str, str]]:
    """(key of a source, what for), in order of first mention."""
    found: dict[str, list[str]] = {}
    for scenario in scenarios:
        for key, reason in _of(scenario):
            if reason not in found.setdefault(key, []):
                found[key].append(reason)
    return [(key, "; ".join(told)) for key, told in found.items()]


def _of(scenario: Scenario) -> Iterator[tuple[str, str]]:
    for citation in scenario.sources:
        yield citation.key, citation.reason.rstrip(".")
    for mechanism, sources in SOURCES_OF_MECHANISM.items():
        for key, reason in sources.items():
            yield key, f"{mechanism}: {reason}"
    for choice in (default_choices() | dict(scenario.rules)).items():
        for key, reason in SOURCES_OF_VARIANT.get(choice, {}).items():
            yield key, f"rule {choice[0]} = {choice[1]}: {reason}"
    bases = Counter(entry.basis for entry in (*LEVERS.values(), *UNCERTAINTIES.values()))
    for key, count in bases.items():
        if key != ASSUMPTION:
            yield key, f"definition, default or range of {count} number{'' if count == 1 else 's'}"

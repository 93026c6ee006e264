"""What organizations are called in stories and pictures."""

from __future__ import annotations

import re

from cisim.world.scenario import Scenario

__all__ = ["names_of"]

_GENERATED = re.compile(r"partner-(\d+)")


def names_of(scenario: Scenario) -> tuple[str, ...]:
    """The name of every organization by row; "Partner 7" for partner-7 and "the backbone" where no name is told."""
    named = scenario.names
    found = [
        f"Partner {match[1]}" if named[key] == key and (match := _GENERATED.fullmatch(key)) else named[key]
        for key in scenario.ids
    ]
    if found[-1] == "backbone":
        found[-1] = "the backbone"
    return tuple(found)

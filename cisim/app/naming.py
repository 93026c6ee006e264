"""What organizations are called in a room."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cisim.world.scenario import Scenario

__all__ = ["readable_names"]

_GENERATED = re.compile(r"partner-(\d+)")


def readable_names(scenario: Scenario) -> dict[str, str]:
    """The name of every organization by its id; "Partner 7" for the generated partner-7, which has no name."""
    return {
        key: f"Partner {found[1]}" if name == key and (found := _GENERATED.fullmatch(key)) else name
        for key, name in scenario.names.items()
    }

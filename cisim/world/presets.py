"""Scenarios that come with cisim, each with what to expect and why. A preset is one file in presets/."""

from __future__ import annotations

from cisim.world.library import preset_names, preset_text
from cisim.world.scenario import Scenario

__all__ = ["catalogue", "load", "names"]


def names() -> tuple[str, ...]:
    """The names of all presets, sorted."""
    return preset_names()


def load(name: str) -> Scenario:
    """The preset of this name. Raises SpecError with the nearest known name."""
    return Scenario.from_toml(preset_text(name), source=f"Preset {name!r}")


def catalogue() -> dict[str, Scenario]:
    """Every preset by its name; `title` and `description` say what it shows."""
    return {name: load(name) for name in names()}

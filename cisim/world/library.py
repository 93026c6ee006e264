"""The preset files that come with cisim, and scenario files that extend one of them.

A file with a top-level `extends = "collective-impact"` starts from that preset's values. Tables
([levers], [parameters], ...) are merged key by key, its own value winning; lists of tables ([[partner]],
[[tie]], [[event]], [[sources]]) are appended to the preset's; any other value replaces the preset's, and so
does a posterior, whose draws belong together.
Its name, title and description are its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from cisim.errors import SpecError, did_you_mean
from cisim.world.fields import short
from cisim.world.toml import parse

__all__ = ["extended", "file_of", "preset_names", "preset_text"]

_OWN = ("name", "title", "description")
_WHOLE = ("posterior",)
_SHELF = files("cisim.world") / "presets"


def preset_names() -> tuple[str, ...]:
    """The names of all presets, sorted."""
    return tuple(sorted(file.name[:-5] for file in _SHELF.iterdir() if file.name.endswith(".toml")))


def preset_text(name: str) -> str:
    """The TOML text of a preset. Raises SpecError with the nearest known name."""
    if name not in preset_names():
        raise SpecError(f"there is no preset {name!r}.{did_you_mean(name, preset_names())}", source="Preset")
    return (_SHELF / f"{name}.toml").read_text(encoding="utf-8")


def file_of(given: str) -> Path:
    """The path that is meant by what is no preset's name. Raises SpecError, with the nearest preset, if it can be none."""
    path = Path(given)
    if path.is_dir():
        raise SpecError("is a folder; name the TOML file of a scenario in it, or a preset.", source=given)
    if path.suffix or path.exists() or path.name != given:
        return path
    near = did_you_mean(given, preset_names())
    raise SpecError(f"there is no preset and no file of this name.{near}", source=repr(given))


def extended(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """(the values of a file with those of the preset that it extends, faults)."""
    own = dict(values)
    if "extends" not in own:
        return own, []
    name = own.pop("extends")
    if not isinstance(name, str) or name not in preset_names():
        near = did_you_mean(name if isinstance(name, str) else "", preset_names())
        return own, [f"extends: there is no preset {short(name)}.{near}"]
    below, _ = extended(parse(preset_text(name)))
    return _merged({key: value for key, value in below.items() if key not in _OWN}, own), []


def _merged(below: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**below, **own}
    for key in (below.keys() & own.keys()).difference(_WHOLE):
        first, second = below[key], own[key]
        if isinstance(first, Mapping) and isinstance(second, Mapping):
            merged[key] = {**first, **second}
        elif _tables(first) and _tables(second):
            merged[key] = [*first, *second]
    return merged


def _tables(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(entry, Mapping) for entry in value)

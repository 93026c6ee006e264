"""A study file as far as it is sound, so that all that is wrong with it can be told at once."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cisim.errors import SpecError
from cisim.study.spec.file import StudyFile, file_fault
from cisim.world.toml import parse, text_of

__all__ = ["Reading"]

Names = Mapping[str, tuple[str | None, ...]]
_LISTS = ("factor", "summary", "plan")
_START = re.compile(
    r"(?:\w+\[\d+\] \('[^']*'\): )?"  # a place that was told already
    r"(factor|summary|plan) '([^']+)'(\.\w+(?:\[\d+\])?)?"
)
_NEEDED = {"name": "study", "design": {"kind": "grid"}}
"""What stands for a part that every study must have, while the others are checked."""


@dataclass(frozen=True)
class Reading:
    """What stands in a study file: the sound part of it, and what is wrong with the rest.

    left_out: the keys of which a part is missing in `file`. names: of the entries of each list, in the order
    of the file.
    """

    file: StudyFile
    names: Names
    faults: tuple[str, ...] = ()
    left_out: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, file: StudyFile) -> Reading:
        """A study made in code, where nothing is wrong."""
        return cls(file, {key: tuple(entry.name for entry in getattr(file, key)) for key in _LISTS})

    @classmethod
    def at(cls, path: str | os.PathLike[str]) -> Reading:
        """The study in a TOML file. Raises SpecError if it is no TOML file at all."""
        if fault := file_fault(Path(path)):
            raise SpecError(fault, source="Study")
        return cls.of_text(text_of(path), str(path))

    @classmethod
    def of_text(cls, text: str, source: str) -> Reading:
        """The study in a TOML text; `source` is how messages call it. Raises SpecError if it is no TOML at all."""
        try:
            values = parse(text)
        except SpecError as error:
            raise SpecError(error.faults, source=source) from None
        try:
            return cls.of(StudyFile(**values))
        except SpecError as error:
            file, left_out = _sound_part(values)
            names = {key: tuple(map(_name, _entries(values, key))) for key in _LISTS}
            return cls(file, names, error.faults, left_out)

    def whole(self, *keys: str) -> bool:
        """True if nothing under these keys had to be left out."""
        return self.left_out.isdisjoint(keys)

    def placed(self, fault: str) -> str:
        """The fault with its place in the file, where it begins with a name: `factor[2].low ('x'): ...`."""
        found = _START.match(fault)
        if found is None or self.names[found[1]].count(found[2]) != 1:
            return fault
        at = self.names[found[1]].index(found[2])
        return f"{found[1]}[{at}]{found[3] or ''} ({found[2]!r}){fault[found.end() :]}"


def _sound_part(values: Mapping[str, Any]) -> tuple[StudyFile, frozenset[str]]:
    """(the study without its faulty parts, the keys from which something is missing)."""
    kept: dict[str, Any] = {}
    left_out = _NEEDED.keys() - values.keys()
    for key, value in values.items():
        if key not in StudyFile.model_fields:
            left_out |= set(difflib.get_close_matches(key, StudyFile.model_fields, n=1))
        elif key in _LISTS and isinstance(value, list):
            kept[key] = [entry for entry in value if _is_sound(key, [entry])]
            left_out |= {key} if len(kept[key]) < len(value) else set()
        elif _is_sound(key, value):
            kept[key] = value
        else:
            left_out.add(key)
    return StudyFile(**(_NEEDED | kept)), frozenset(left_out)


def _is_sound(key: str, value: Any) -> bool:
    try:
        StudyFile(**(_NEEDED | {key: value}))
    except SpecError:
        return False
    return True


def _entries(values: Mapping[str, Any], key: str) -> list[Any]:
    return values[key] if isinstance(values.get(key), list) else []


def _name(entry: object) -> str | None:
    name = entry.get("name") if isinstance(entry, Mapping) else None
    return name.strip() if isinstance(name, str) else None

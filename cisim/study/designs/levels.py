"""Levels: the values of a factor that are told one by one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from cisim.errors import SpecError
from cisim.world.fields import scalar, short, text

__all__ = ["LARGEST", "Level", "family", "listed", "read_levels"]

Level = bool | int | float | str

LARGEST = 1e15
"""Numbers up to here: whole ones are exact in every column of a table."""

_SHOWN = 12


def family(value: object) -> str:
    """Which kind of value it is: levels of one factor are of one kind. Empty for what can be no level."""
    if isinstance(value, bool):
        return "truth values"
    if isinstance(value, (int, float)):
        return "numbers"
    return "text" if isinstance(value, str) else ""


def listed(levels: Iterable[Level]) -> str:
    """Levels in words; of many, the first ones and how many there are."""
    told = [short(level) for level in levels]
    more = f" and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    return ", ".join(told[:_SHOWN]) + more


def read_levels(value: object) -> tuple[Level, ...]:
    """One or more different values of one kind; whole numbers beside others become decimal ones.

    Raises SpecError with every fault.
    """
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise SpecError(f"must be a list of values, given {short(value)}; for example [0, 0.5, 1].")
    if not value:
        raise SpecError("must be a list of one or more values, given [].")
    levels = [scalar(level) for level in value]
    if faults := [f"value {at + 1} {fault}" for at, level in enumerate(levels) if (fault := _fault(level))]:
        raise SpecError(faults)
    kinds = list(dict.fromkeys(map(family, levels)))
    if len(kinds) > 1:
        raise SpecError(f"mixes {' and '.join(kinds)}, given {short(levels)}; all must be of one kind.")
    if any(isinstance(level, float) for level in levels):
        levels = [float(level) for level in levels]
    if twice := [level for level, count in Counter(levels).items() if count > 1]:
        raise SpecError(f"has {listed(twice)} more than once; name each value once.")
    return tuple(levels)


_check_text: Any = text(1, 1_000).func


def _fault(level: object) -> str | None:
    kind = family(level)
    if kind == "text":
        try:
            _check_text(level)
        except SpecError as error:
            return error.faults[0]
        return None if level == str(level).strip() else f"has blanks around it, given {short(level)}."
    if kind == "numbers" and not (math.isfinite(level) and abs(level) <= LARGEST):  # type: ignore[arg-type]
        return f"is out of range, given {short(level)}; allowed is {-LARGEST:g} to {LARGEST:g}."
    return None if kind else f"must be a number, text, true or false, given {short(level)}."

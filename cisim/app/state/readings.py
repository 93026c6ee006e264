"""Values out of an action, which comes from anywhere: each is read with a check, or refused in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from pydantic import BeforeValidator

from cisim.errors import SpecError
from cisim.world.fields import one_of, short, text, truth, whole, within

__all__ = [
    "known",
    "listed",
    "number",
    "refuse_monsters",
    "told_or",
    "true_or_false",
    "whole_number",
    "words",
]

Action = Mapping[str, Any]
T = TypeVar("T")

_DEEPEST = 12
_MOST_VALUES = 200_000
_LARGEST = 2**63


def refuse_monsters(value: object, most_characters: int) -> None:
    """Raise SpecError for plain values that are too deep, too many, too long, or too large a whole number.

    What passes can be shown, compared and turned into a float.
    """
    left, characters = _MOST_VALUES, most_characters
    waiting: list[tuple[object, int]] = [(value, 0)]
    while waiting:
        one, depth = waiting.pop()
        left -= 1
        if isinstance(one, str):
            characters -= len(one)
        elif isinstance(one, int) and not -_LARGEST <= one < _LARGEST:
            raise SpecError(f"a whole number is too large: it has about {one.bit_length() * 3 // 10} digits.")
        elif isinstance(one, (Mapping, list, tuple)):
            inside = [*one.keys(), *one.values()] if isinstance(one, Mapping) else one
            if depth == _DEEPEST or len(inside) > left:
                raise SpecError("holds too many values, or too deep a value.")
            waiting.extend((item, depth + 1) for item in inside)
        if characters < 0:
            raise SpecError(f"is too long; allowed are {most_characters:,} characters in all.")


def whole_number(action: Action, name: str, low: int, high: int) -> int:
    """The whole number called `name`, from `low` to `high`; a float without a fraction counts as one."""
    given = action.get(name)
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    return _checked(int, name, given, whole(low, high), name in action)


def number(action: Action, name: str, low: float, high: float) -> float:
    """The finite number called `name`, from `low` to `high`."""
    return _checked(float, name, action.get(name), within(low, high), name in action)


def true_or_false(action: Action, name: str, default: bool) -> bool:
    """The truth value called `name`."""
    return _checked(bool, name, action.get(name, default), truth())


def words(action: Action, name: str, least: int, most: int, *, line: bool = True) -> str:
    """The text called `name`, without blanks around it."""
    return _checked(str, name, action.get(name), text(least, most, line=line), name in action)


def known(action: Action, name: str, names: tuple[str, ...]) -> str:
    """The word called `name`, one of a few."""
    return _checked(str, name, action.get(name), one_of(*names), name in action)


def listed(action: Action, name: str, most: int) -> list[Any]:
    """The list called `name`, of at most so many entries."""
    given = action.get(name)
    if not isinstance(given, (list, tuple)):
        raise SpecError(f"{name}: must be a list, given {short(given)}.")
    if len(given) > most:
        raise SpecError(f"{name}: has {len(given)} entries; allowed are up to {most}.")
    return list(given)


def told_or(action: Action, name: str, default: Any) -> Mapping[str, Any]:
    """The action with `default` in place of a value that is not told."""
    return {**action, name: action.get(name, default)}


def _checked(kind: type[T], name: str, given: object, check: BeforeValidator, is_there: bool = True) -> T:
    """What the check of a scenario's field makes of a value; it gives a `kind`."""
    if not is_there:
        raise SpecError(f"{name}: is missing; it must be given.")
    try:
        return cast(Callable[[object], T], check.func)(given)
    except SpecError as error:
        raise SpecError([f"{name}: {fault}" for fault in error.faults]) from None

"""What a single value of a scenario may be: each check says what was given and what is allowed.

A check is a pydantic validator that runs before anything else and raises `SpecError` with whole
sentences, so a person never meets the words of the validation library. NaN and infinity are refused.
"""

from __future__ import annotations

import math
import re
import reprlib
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator

from cisim.errors import SpecError, did_you_mean
from cisim.theory.parameters import Parameter, faults_of

__all__ = [
    "DRAWN",
    "Simplex",
    "listed",
    "numbers",
    "one_of",
    "scalar",
    "short",
    "slug",
    "text",
    "truth",
    "whole",
    "within",
]

DRAWN = "drawn"
"""The word for "drawn for each replicate" inside a list, where TOML has no empty value."""

_SMALLEST_SUM, _LARGEST = 1e-9, 1e9


def short(value: object) -> str:
    """`value` as a person would have written it, cut where it is long."""
    shown = reprlib.Repr()
    shown.maxstring = shown.maxother = 60
    shown.maxlist = shown.maxtuple = shown.maxdict = 8
    return shown.repr(scalar(value))


def listed(given: Iterable[Any], name: str) -> tuple[Any, ...]:
    """The entries of a list that a person gave as `name`; a single text or number in its place is refused."""
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise SpecError(
            f"{name} must be a list, given {short(given)}; write {name}=[{short(given)}].", source="Run"
        )
    return tuple(given)


def scalar(value: object) -> Any:
    """A NumPy number as a Python number; anything else as it is."""
    return value.item() if isinstance(value, np.generic) else value


def within(low: float, high: float, unit: str = "", *, drawn: bool = False) -> BeforeValidator:
    """A finite number from `low` to `high`; None too where it can be drawn."""
    allowed = f"allowed is {low:g} to {high:g} {unit}".rstrip()

    def check(value: object) -> object:
        value = scalar(value)
        if drawn and value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise SpecError(f"must be a number, given {short(value)}; {allowed}.")
        if not math.isfinite(value):
            raise SpecError(f"must be a finite number, given {short(value)}; {allowed}.")
        if not low <= value <= high:
            raise SpecError(f"is out of range, given {short(value)}; {allowed}.")
        return float(value)

    return BeforeValidator(check)


def whole(low: int, high: int, unit: str = "") -> BeforeValidator:
    """A whole number from `low` to `high`."""
    allowed = f"allowed is a whole number from {low} to {high} {unit}".rstrip()

    def check(value: object) -> object:
        value = scalar(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise SpecError(f"must be a whole number, given {short(value)}; {allowed}.")
        if not low <= value <= high:
            raise SpecError(f"is out of range, given {short(value)}; {allowed}.")
        return value

    return BeforeValidator(check)


def truth(*, optional: bool = False) -> BeforeValidator:
    """true or false."""

    def check(value: object) -> object:
        value = scalar(value)
        if isinstance(value, bool) or (optional and value is None):
            return value
        raise SpecError(f"must be true or false, given {short(value)}; write it without quotes.")

    return BeforeValidator(check)


def text(least: int = 0, most: int = 10_000, *, optional: bool = False, line: bool = True) -> BeforeValidator:
    """Text of `least` to `most` characters without blanks around it; `line`: without line breaks."""

    def check(value: object) -> object:
        if optional and value is None:
            return None
        if not isinstance(value, str):
            raise SpecError(f"must be text, given {short(value)}; put it in quotes.")
        value = value.strip()
        if not least <= len(value) <= most:
            size = f"has {len(value)} characters, given {short(value)}"
            raise SpecError(f"{size}; allowed is {least} to {most}.")
        if not value.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise SpecError(f"holds half a character, given {short(value)}; type it again.")
        if line and len(value.splitlines()) > 1:
            raise SpecError(f"must be one line, given {short(value)}; take out the line breaks.")
        return value

    return BeforeValidator(check)


def slug() -> BeforeValidator:
    """A name that can be a file name: small letters, digits and hyphens."""

    def check(value: object) -> object:
        if isinstance(value, str) and re.fullmatch(r"[a-z0-9-]{1,80}", value):
            return value
        raise SpecError(
            f"cannot be used as a name, given {short(value)}; allowed are 1 to 80 small letters, digits and "
            "hyphens, for example 'county-2030'."
        )

    return BeforeValidator(check)


def one_of(*names: str) -> BeforeValidator:
    """One of a few words."""

    def check(value: object) -> object:
        if value in names:
            return value
        allowed = ", ".join(map(repr, names))
        near = did_you_mean(value, names) if isinstance(value, str) else ""
        raise SpecError(f"given {short(value)}; allowed: {allowed}.{near if near.startswith(' Did') else ''}")

    return BeforeValidator(check)


def numbers(declared: Mapping[str, Parameter]) -> BeforeValidator:
    """{name: value} of declared levers or uncertainties, in the order of their declaration."""

    def check(value: object) -> object:
        if not isinstance(value, Mapping):
            raise SpecError(f"must be a table of names and numbers, given {short(value)}.")
        values = {name: scalar(number) for name, number in value.items()}
        if faults := faults_of(values, declared):
            raise SpecError(faults)
        return {name: float(values[name]) for name in declared if name in values}

    return BeforeValidator(check)


def _simplex(value: object) -> object:
    if value is None:
        return None
    shares = _sequence(value)  # numbers, once there is no fault
    faults = [fault for k, share in enumerate(shares) if (fault := _share_fault(k, share))]
    if faults:
        raise SpecError(faults)
    total = math.fsum(shares)
    if total < _SMALLEST_SUM:
        raise SpecError(f"adds up to nothing, given {short(value)}; at least one number must be above 0.")
    settled = abs(total - 1) <= 1e-12  # so that a normalised profile stays as it is
    return tuple(share / (1.0 if settled else total) for share in shares)


def _sequence(value: object) -> list[Any]:
    if hasattr(value, "tolist"):
        value = value.tolist()
    if not isinstance(value, (list, tuple)):
        raise SpecError(f"must be a list of numbers, one a workstream, given {short(value)}.")
    return [scalar(share) for share in value]


def _share_fault(k: int, share: Any) -> str | None:
    if isinstance(share, bool) or not isinstance(share, (int, float)):
        return f"number {k + 1} must be a number, given {short(share)}; allowed is 0 or more."
    if not (math.isfinite(share) and 0 <= share <= _LARGEST):
        return f"number {k + 1} is out of range, given {short(share)}; allowed is 0 to {_LARGEST:g}."
    return None


Simplex = Annotated[tuple[float, ...] | None, BeforeValidator(_simplex)]
"""A profile over the workstreams: numbers >= 0 of any scale, kept so that they add up to 1. None: drawn."""

"""When a factor makes sense: the values that another factor must have."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import model_validator

from cisim.errors import SpecError
from cisim.study.designs.levels import LARGEST, Level, family, read_levels
from cisim.world.fields import short, within
from cisim.world.record import Record

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Range", "When", "holds", "read_when"]

End = Annotated[float, within(-LARGEST, LARGEST)]


class Range(Record):
    """Numbers from low to high, both included; an end that is not told is open."""

    low: End = -math.inf
    high: End = math.inf

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if not self.model_fields_set:
            raise SpecError("must have low or high or both, given neither.")
        if self.low > self.high:
            raise SpecError(f"goes from {self.low:g} to {self.high:g}; low must not be above high.")
        return self

    def __str__(self) -> str:
        if math.isinf(self.low):
            return f"{self.high:g} or less"
        return f"{self.low:g} or more" if math.isinf(self.high) else f"{self.low:g} to {self.high:g}"


When = tuple[Level, ...] | Range
"""One of these values, or any number of this range."""


def read_when(value: object) -> dict[str, When]:
    """{factor: its values, or a range of them}, from one value, a list, or a table with low and high.

    Raises SpecError with every fault.
    """
    if not isinstance(value, Mapping):
        example = 'when = { "condition.backbone" = true }'
        raise SpecError(
            f"must be a table of factors and their values, given {short(value)}; as in {example}."
        )
    found: dict[str, When] = {}
    faults = []
    for name, told in value.items():
        try:
            found[str(name)] = _read(told)
        except SpecError as error:
            faults += [f"{name}: {fault}" for fault in error.faults]
    if faults:
        raise SpecError(faults)
    return found


def _read(told: object) -> When:
    if isinstance(told, Range):
        return told
    if isinstance(told, Mapping):
        return Range(**told)
    return read_levels([told] if family(told) else told)


def holds(values: pl.Series, when: When) -> pl.Series:
    """Where the values are what `when` asks for: true or false, of the same length; false where null."""
    if isinstance(when, Range):
        return values.is_between(when.low, when.high).fill_null(False)
    return reduce(or_, (values == value for value in when)).fill_null(False)

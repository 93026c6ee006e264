"""What a study varies: each factor with its range or its levels, and when it makes sense."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from cisim.errors import SpecError, did_you_mean
from cisim.study.designs.levels import LARGEST, Level, family, listed, read_levels
from cisim.study.designs.when import Range, When, read_when
from cisim.world.fields import one_of, short, text, truth, whole, within
from cisim.world.record import Record

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Factor", "factor_faults", "in_order"]

MOST_VALUES = 100_000
"""Values that one factor may take in a grid."""
_DIGITS = 12  # of equally spaced values, so that 0.3 is 0.3 and can be named in `when`

Array = np.ndarray[Any, np.dtype[np.float64]]
End = Annotated[float | None, within(-LARGEST, LARGEST, drawn=True)]
_whole_steps: Any = whole(2, MOST_VALUES, "values").func


class Factor(Record):
    """One thing that points differ in: numbers from low to high, both included, or levels.

    integer: whole numbers only. scale "log": equal ratios are equally likely. steps: how many equally spaced
    values stand for the range in a grid, a zip, and one at a time. when: {factor: values or Range}; elsewhere
    this factor is inactive. A factor with neither range nor levels is incomplete. Raises SpecError.
    """

    name: Annotated[str, text(1, 200)] = Field(examples=['name = "backbone_staff"'])
    low: End = None
    high: End = None
    levels: Annotated[
        tuple[Level, ...] | None, BeforeValidator(lambda told: None if told is None else read_levels(told))
    ] = None
    integer: Annotated[bool, truth()] = False
    scale: Annotated[Literal["linear", "log"], one_of("linear", "log")] = "linear"
    steps: Annotated[
        int | None, BeforeValidator(lambda told: None if told is None else _whole_steps(told))
    ] = None
    when: Annotated[dict[str, When], BeforeValidator(read_when)] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if faults := [f"factor {self.name!r} {fault}" for fault in _faults(self)]:
            raise SpecError(faults)
        return self

    @property
    def incomplete(self) -> bool:
        """True while it has neither a range nor levels."""
        return self.low is None and self.levels is None

    @property
    def kind(self) -> Literal["categorical", "discrete", "continuous"]:
        """Words or truth values are categorical, listed and whole numbers discrete, others continuous."""
        if self.levels is not None:
            return "discrete" if family(self.levels[0]) == "numbers" else "categorical"
        return "discrete" if self.integer else "continuous"

    @property
    def allowed(self) -> str:
        """Its values in words, as messages tell them."""
        if self.levels is not None:
            return listed(self.levels)
        whole_numbers = "whole numbers from " if self.integer else ""
        return f"{whole_numbers}{self.low:g} to {self.high:g}"

    def replace(self, **changes: Any) -> Factor:
        """This factor with other values for the fields named; checked like any other."""
        return Factor(**{name: getattr(self, name) for name in Factor.model_fields} | changes)

    def complete(self, low: float, high: float) -> Factor:
        """This factor with that range if it has neither range nor levels, else as it is."""
        return self.replace(low=low, high=high) if self.incomplete else self

    def dtype(self) -> type[pl.DataType]:
        """The type of its column in a table of points: Float64, Int64, String or Boolean."""
        import polars as pl

        first = self.levels[0] if self.levels is not None else 0 if self.integer else 0.0
        return {bool: pl.Boolean, int: pl.Int64, float: pl.Float64, str: pl.String}[type(first)]

    def column(self, values: Sequence[Level] | Array) -> pl.Series:
        """Values (n,) of this factor as its column."""
        import polars as pl

        return pl.Series(self.name, values, dtype=self.dtype())

    def from_unit(self, u: Array) -> pl.Series:
        """Its quantiles at u (n,), from 0 to 1: levels and whole numbers are equally likely, ends included.

        On a log scale the logarithm is uniform; a whole number then stands for all that round to it.
        """
        if self.levels is not None:
            at = np.minimum(np.floor(u * len(self.levels)), len(self.levels) - 1).astype(np.int64)
            return self.column(self.levels).gather(at)
        low, high = self._ends
        if not self.integer:
            return self.column(np.clip(self._between(u, low, high), low, high))
        values = np.floor(self._between(u, low - 0.5, high + 0.5) + 0.5)
        return self.column(np.clip(values, low, high).astype(np.int64))

    def grid_values(self) -> list[Level]:
        """The values that stand for it in a grid, in order: levels, `steps` values, or all whole numbers.

        Steps of whole numbers go to the nearest ones, each once. Raises SpecError if there is no such list.
        """
        if self.levels is not None:
            return list(self.levels)
        low, high = self._ends
        if self.steps is None:
            if fault := self.grid_fault():
                raise SpecError(fault, source="Factor")
            return list(range(int(low), int(high) + 1))
        spaced = self._between(np.linspace(0.0, 1.0, self.steps), low, high).tolist()
        inner = [math.floor(v + 0.5) if self.integer else float(f"{v:.{_DIGITS}g}") for v in spaced[1:-1]]
        whole_or_not = int if self.integer else float
        return list(dict.fromkeys(whole_or_not(min(max(v, low), high)) for v in (low, *inner, high)))

    def grid_fault(self) -> str | None:
        """Why it has no list of values for a grid, or None."""
        if self.levels is not None or self.steps is not None:
            return None
        if not self.integer:
            return f"factor {self.name!r} is continuous; give it steps (for example steps = 5) or levels."
        low, high = self._ends
        if high - low < MOST_VALUES:
            return None
        count = f"has {high - low + 1:,.0f} whole numbers; allowed are up to {MOST_VALUES:,}"
        return f"factor {self.name!r} {count}; give it steps, for example steps = 5."

    def never(self, when: When) -> list[str]:
        """What `when` asks of it that it can never be, a sentence each."""
        if self.incomplete:
            return []
        never = f"{self.name!r} is never"
        if isinstance(when, Range):
            return [] if self._meets(when) else [f"{never} {when}; it is {self.allowed}."]
        hint = "" if self.kind != "continuous" or self.steps else "; give a range, such as { low = 1 }"
        return [
            f"{never} {short(value)}{hint or f'; it is {self.allowed}'}.{_near(value, self.levels)}"
            for value in when
            if not self._takes(value)
        ]

    @property
    def _ends(self) -> tuple[float, float]:
        if self.low is None or self.high is None:
            raise SpecError(
                f"factor {self.name!r} has neither low and high nor levels; give them.", source="Factor"
            )
        return self.low, self.high

    def _between(self, share: Array, low: float, high: float) -> Array:
        """From low (0) to high (1) on its scale."""
        if self.scale == "linear":
            return low + share * (high - low)
        logs = math.log(low) + share * (math.log(high) - math.log(low))
        # math.exp, as np.exp differs in the last bit from one processor to another
        return np.fromiter(map(math.exp, logs.tolist()), np.float64, len(logs))

    def _takes(self, value: Level) -> bool:
        if self.levels is not None:
            return family(value) == family(self.levels[0]) and value in self.levels
        if isinstance(value, (bool, str)):
            return False
        low, high = self._ends
        if self.integer:
            return low <= value <= high and value % 1 == 0
        return self.steps is not None and value in self.grid_values()

    def _meets(self, when: Range) -> bool:
        if self.levels is not None:
            numbers = [level for level in self.levels if not isinstance(level, (bool, str))]
            return any(when.low <= level <= when.high for level in numbers)
        low, high = self._ends
        low, high = max(low, when.low), min(high, when.high)
        return math.ceil(low) <= math.floor(high) if self.integer else low <= high


def factor_faults(factors: Sequence[Factor]) -> list[str]:
    """What is wrong with factors taken together, a sentence each: names, and what `when` refers to."""
    counts = Counter(factor.name for factor in factors)
    faults = [f"factor {name!r} is there {n} times; name each once." for name, n in counts.items() if n > 1]
    named = {factor.name: factor for factor in factors}
    for factor in factors:
        for name, when in factor.when.items():
            start = f"factor {factor.name!r}: when"
            if name == factor.name:
                faults.append(f"{start} names the factor itself; name another.")
            elif name not in named:
                others = named.keys() - {factor.name}
                faults.append(f"{start} names {name!r}, which is no factor here.{did_you_mean(name, others)}")
            else:
                faults += [f"{start}: {fault}" for fault in named[name].never(when)]
    return faults + [_circle_fault(circle) for circle in _circles(factors)]


def in_order(factors: Sequence[Factor]) -> list[Factor]:
    """The factors so that each comes after those that its `when` names."""
    named = {factor.name: factor for factor in factors}
    links = TopologicalSorter({factor.name: list(factor.when) for factor in factors})
    return [named[name] for name in links.static_order()]


def _faults(factor: Factor) -> Iterator[str]:
    """What is wrong with one factor by itself."""
    low, high, levels = factor.low, factor.high, factor.levels
    if levels is None and (low is None) != (high is None):
        told, other = ("low", "high") if high is None else ("high", "low")
        yield f"has {told} = {getattr(factor, told):g} and no {other}; give both."
    elif low is not None and high is not None and low >= high:
        yield f"goes from {low:g} to {high:g}; low must be below high."
    if levels is not None:
        told_too = {
            "low and high": low is not None or high is not None,
            "steps": factor.steps is not None,
            "integer": factor.integer,
            "scale": factor.scale != "linear",
        }
        for key in (key for key, told in told_too.items() if told):
            yield f"has levels and also {key}; take one of them out."
        return
    if factor.integer:
        for key, end, nearest in (("low", low, math.ceil), ("high", high, math.floor)):
            if end is not None and end != math.floor(end):
                yield f"has whole numbers only, given {key} = {end:g}; nearest is {nearest(end)}."
    if factor.scale == "log" and low is not None and low <= 0:
        yield f"has a log scale, given low = {low:g}; allowed is above 0."


def _near(value: Level, levels: Sequence[Level] | None) -> str:
    names = [level for level in levels or () if isinstance(level, str)]
    near = did_you_mean(value, names) if isinstance(value, str) else ""
    return near if near.startswith(" Did") else ""


def _circles(factors: Sequence[Factor]) -> list[list[str]]:
    """Circles of factors that wait for each other; of circles that share a factor, one."""
    names = {factor.name for factor in factors}
    links = {
        factor.name: [name for name in factor.when if name in names and name != factor.name]
        for factor in factors
    }
    found = []
    while True:
        try:
            TopologicalSorter(links).prepare()
        except CycleError as error:
            found.append(error.args[1][::-1])
            links |= {name: [] for name in error.args[1]}
        else:
            return found


def _circle_fault(circle: Sequence[str]) -> str:
    chain = ", ".join(f"{a!r} needs {b!r}" for a, b in pairwise(circle))
    return f"when goes in a circle: {chain}; take one of them out."

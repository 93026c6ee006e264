"""What is believed of the parameters before they meet any target: each alone, over a range.

A parameter is uniform from low to high, or uniform in its logarithm where the range spans more than a factor
of ten. Its quantile u, 0 to 1, is uniform. Its *normal score* z = Phi^-1(u) is standard normal, so that a
parameter that no target speaks of stays, under a normal proposal, exactly what it was.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.errors import SpecError, did_you_mean
from cisim.theory.parameters import UNCERTAINTIES

__all__ = ["Prior"]

Array = np.ndarray[Any, Any]

LOG_SPAN = 10.0
"""A range whose high is more than this many times its low is explored in its logarithm (*assumption*)."""
EDGE = 1e-15
"""Quantiles are kept this far from 0 and 1, where scores would be infinite."""


@dataclass(frozen=True)
class Prior:
    """Independent ranges: `low` and `high` (d,) by `names`; `log` (d,), which are uniform in their logarithm.

    Made by `explored` or `over`, which check everything.
    """

    names: tuple[str, ...]
    low: Array
    high: Array
    log: Array

    @classmethod
    def explored(
        cls,
        names: Iterable[str] | None = None,
        *,
        narrowed: Mapping[str, tuple[float, float]] | None = None,
    ) -> Prior:
        """The ranges that are declared as worth exploring, of these uncertainties (default: all).

        narrowed: {name: (low, high)} within the declared range; the scale stays the declared one. Raises
        SpecError with every fault.
        """
        told = tuple(UNCERTAINTIES if names is None else names)
        narrower = dict(narrowed or {})
        faults = _name_faults(told, narrower)
        faults += [fault for name, ends in narrower.items() if (fault := _narrowing_fault(name, ends))]
        if faults:
            raise SpecError(faults, source="Prior")
        declared = {name: (UNCERTAINTIES[name].low, UNCERTAINTIES[name].high) for name in told}
        return cls._made(declared | {name: narrower[name] for name in told if name in narrower}, declared)

    @classmethod
    def over(cls, ranges: Mapping[str, tuple[float, float]]) -> Prior:
        """Any quantities over the ranges given, {name: (low, high)}. Raises SpecError with every fault."""
        faults = [f"{name!r}: {fault}" for name, ends in ranges.items() if (fault := _range_fault(ends))]
        if not ranges:
            faults.append("no parameter is named; name at least one.")
        if faults:
            raise SpecError(faults, source="Prior")
        return cls._made(ranges, ranges)

    @classmethod
    def _made(
        cls, ranges: Mapping[str, tuple[float, float]], wide: Mapping[str, tuple[float, float]]
    ) -> Prior:
        low, high = (np.array([float(ends[at]) for ends in ranges.values()]) for at in (0, 1))
        log = np.array([_spans_decades(*wide[name]) for name in ranges])
        return cls(tuple(ranges), low, high, log)

    def __len__(self) -> int:
        return len(self.names)

    def scores(self, count: int, seed: int) -> Array:
        """Normal scores (count, d) of scrambled Sobol' points: every part of the space has its share of them.

        Source: Matousek (1998), doi:10.1006/jcom.1998.0489.
        """
        from scipy.stats import norm, qmc

        points = qmc.Sobol(len(self), seed=np.random.default_rng([seed])).random_base2(_exponent(count))
        return np.asarray(norm.ppf(np.clip(points[:count], EDGE, 1 - EDGE)))

    def values(self, scores: Array) -> Array:
        """From normal scores (n, d) to values of the parameters, within their ranges."""
        from scipy.special import ndtr

        share = ndtr(scores)
        safe = np.where(self.log, self.low, 1.0)
        ratio = np.where(self.log, self.high / safe, 1.0)
        told = np.where(self.log, safe * ratio**share, self.low + share * (self.high - self.low))
        return np.asarray(np.clip(told, self.low, self.high))

    def quantiles(self, values: Array) -> Array:
        """From values (n, d) within their ranges to quantiles, 0 to 1."""
        told, low, high = (
            np.where(self.log, np.log(np.where(self.log, ends, 1.0)), ends)
            for ends in (values, self.low, self.high)
        )
        return np.asarray((told - low) / (high - low))

    def identity(self) -> dict[str, Any]:
        """What tells it from others, as plain values."""
        ends = zip(self.low.tolist(), self.high.tolist(), self.log.tolist(), strict=True)
        return {
            name: [low, high, "log" if log else "linear"]
            for name, (low, high, log) in zip(self.names, ends, strict=True)
        }


def _exponent(count: int) -> int:
    """The least m with 2^m >= count; Sobol' points are balanced in such numbers."""
    return max(0, math.ceil(math.log2(count)))


def _spans_decades(low: float, high: float) -> bool:
    return low > 0 and high / low > LOG_SPAN


def _name_faults(names: tuple[str, ...], narrowed: Mapping[str, object]) -> list[str]:
    faults = [
        f"unknown uncertainty {name!r}.{did_you_mean(name, UNCERTAINTIES)}"
        for name in names
        if name not in UNCERTAINTIES
    ]
    faults += [
        f"{name!r} is named {times} times; name it once."
        for name, times in Counter(names).items()
        if times > 1
    ]
    faults += [
        f"{name!r} is narrowed but not explored.{did_you_mean(name, names)}"
        for name in narrowed
        if name not in names
    ]
    return faults if names else ["no parameter is named; name at least one."]


def _narrowing_fault(name: str, ends: Any) -> str | None:
    declared = UNCERTAINTIES.get(name)
    if declared is None:
        return None  # told with the names
    if fault := _range_fault(ends):
        return f"{name!r}: {fault}"
    if ends[0] < declared.low or ends[1] > declared.high:
        return (
            f"{name!r}: {ends[0]:g} to {ends[1]:g} is not within the range worth exploring, {declared.low:g} to "
            f"{declared.high:g} {declared.unit}; narrow it, or use Prior.over for a wider one."
        )
    return None


def _range_fault(ends: Any) -> str | None:
    if (
        isinstance(ends, (tuple, list))
        and len(ends) == 2
        and all(map(_is_number, ends))
        and ends[0] < ends[1]
    ):
        return None
    return f"a range is (low, high), two numbers with low < high, given {ends!r}."


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)

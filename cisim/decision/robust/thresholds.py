"""Thresholds: what counts as good enough, such as `severity<=0.7` or `reached@60>=1`; a plan fails where one is missed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.decision.trying import Tried, outcome_faults
from cisim.errors import SpecError

__all__ = ["Threshold", "met", "thresholds_in"]

Array = np.ndarray[Any, Any]
_FORM = re.compile(r"\s*([a-z_]+)(?:@(\d+))?\s*(<=|>=)\s*(-?\d+(?:\.\d+)?(?:e-?\d+)?)\s*")


@dataclass(frozen=True)
class Threshold:
    """An outcome in a month that must be at least, or at most, a value."""

    outcome: str
    month: int
    most: bool
    value: float

    def __str__(self) -> str:
        return f"{self.outcome}@{self.month}{'<=' if self.most else '>='}{self.value:g}"

    @property
    def missed(self) -> str:
        """In words, what it means to miss it."""
        if self.outcome == "reached" and not self.most:
            return f"the target is not reached by month {self.month}"
        return f"{self.outcome} is {'above' if self.most else 'below'} {self.value:g} in month {self.month}"


def thresholds_in(told: Sequence[str], month: int) -> tuple[Threshold, ...]:
    """Thresholds written as OUTCOME<=VALUE or OUTCOME@MONTH>=VALUE; month: where none is told.

    Raises SpecError with every fault at once.
    """
    faults, found = [], []
    for text in told:
        match = _FORM.fullmatch(text)
        if match is None:
            faults.append(
                f"{text!r} must be OUTCOME<=VALUE or OUTCOME>=VALUE, such as 'severity<=0.7' or 'reached@60>=1'."
            )
            continue
        faults += outcome_faults([match[1]])
        found.append(Threshold(match[1], int(match[2] or month), match[3] == "<=", float(match[4])))
    if faults:
        raise SpecError(faults, source="Thresholds")
    return tuple(found)


def met(tried: Tried, thresholds: Sequence[Threshold]) -> Array:
    """(worlds, plans): true where every threshold is met; an outcome without a value does not meet one."""
    good = np.ones((tried.worlds.replicates, len(tried.plans)), dtype=bool)
    for threshold in thresholds:
        values = tried.at(threshold.outcome, threshold.month)
        good &= values <= threshold.value if threshold.most else values >= threshold.value
    return good

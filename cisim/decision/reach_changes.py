"""Changes of a plan, lever by lever, and the fewest and smallest of them that are enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.decision.optimize.problem import Problem
from cisim.decision.plan import Plan
from cisim.world.events import SetLever

__all__ = ["SHRINKINGS", "Change", "Start", "fewest_changes"]

Array = np.ndarray[Any, Any]
SHRINKINGS = 4
"""Halvings of each change that is needed."""
LEVER_EVENTS = ("set-lever", "ramp-lever")


@dataclass(frozen=True)
class Change:
    """One lever, its level in each period before and after; size: mean distance, in shares of its range."""

    lever: str
    before: tuple[float, ...]
    after: tuple[float, ...]
    size: float


@dataclass(frozen=True)
class Start:
    """The plan that is changed, in its world. levels (levers, periods): what it has at the first month of each period."""

    plan: Plan
    names: tuple[str, ...]
    ends: Array
    periods: tuple[int, ...]
    levels: Array

    @classmethod
    def of(cls, problem: Problem) -> Start:
        """The start of a problem."""
        schedule = problem.start.on(problem.world).plan().levers()
        levels = np.array(
            [[float(schedule[name][month]) for month in problem.periods] for name in problem.levers]
        )
        ends = np.array(list(problem.levers.values()))
        return cls(problem.start, tuple(problem.levers), ends, problem.periods, levels)

    def without_levers(self) -> Plan:
        """The plan without what sets the levers that may change: events of other kinds, lines and other levers."""
        return self._without(set(self.names))

    def changed(self, levels: Array) -> Plan:
        """The plan with other levels (levers, periods); a lever whose levels are NaN or as before is left as it is."""
        rows = [row for row in range(len(self.names)) if self._differs(levels, row)]
        kept = self._without({self.names[row] for row in rows})
        events = [
            SetLever(month=month, lever=self.names[row], value=float(levels[row, at]))
            for at, month in enumerate(self.periods)
            for row in rows
            if at and levels[row, at] != levels[row, at - 1]
        ]
        first = {self.names[row]: float(levels[row, 0]) for row in rows}
        return kept.model_copy(
            update={
                "name": "reach",
                "title": "",
                "levers": {**kept.levers, **first},
                "event": (*kept.event, *events),
            }
        )

    def changes(self, levels: Array) -> tuple[Change, ...]:
        """What differs from the start, the largest change first."""
        found = []
        for row, name in enumerate(self.names):
            if self._differs(levels, row):
                size = float(np.abs(levels[row] - self.levels[row]).mean() / np.ptp(self.ends[row]))
                found.append(
                    Change(name, tuple(self.levels[row].tolist()), tuple(levels[row].tolist()), size)
                )
        return tuple(sorted(found, key=lambda change: -change.size))

    def _differs(self, levels: Array, row: int) -> bool:
        return not np.isnan(levels[row]).any() and not np.array_equal(levels[row], self.levels[row])

    def _without(self, levers: set[str]) -> Plan:
        events = tuple(
            event
            for event in self.plan.event
            if not (event.kind in LEVER_EVENTS and getattr(event, "lever", "") in levers)
        )
        told = {name: level for name, level in self.plan.levers.items() if name not in levers}
        return self.plan.model_copy(update={"levers": told, "event": events})


def fewest_changes(start: Start, levels: Array, does: Callable[[Array], bool]) -> Array:
    """Levels that are enough, with as few levers changed as leaving out one by one can find, then each made smaller.

    Smaller changes are left out first. NaN stands for a lever left as it is. No single change of what is left can be
    left out, or halved on its own, without falling short in the worlds of the search.
    """
    left = np.array(levels, dtype=float)
    for change in reversed(start.changes(levels)):
        row = start.names.index(change.lever)
        without = left.copy()
        without[row] = np.nan
        if does(without):
            left = without
    for row in range(len(start.names)):
        if not np.isnan(left[row]).any():
            left = _shrunk(start, left, row, does)
    return left


def _shrunk(start: Start, levels: Array, row: int, does: Callable[[Array], bool]) -> Array:
    """The levels with one lever brought as near to the start as is still enough, in whole steps of 0.01."""
    low, high = 0.0, 1.0
    best = levels
    for _ in range(SHRINKINGS):
        middle = (low + high) / 2
        tried = levels.copy()
        tried[row] = np.round(start.levels[row] + middle * (levels[row] - start.levels[row]), 2)
        if does(tried):
            best, high = tried, middle
        else:
            low = middle
    return best

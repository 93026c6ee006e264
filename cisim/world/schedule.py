"""What happens when: the levers in force in every month, and the effects of events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from cisim.theory.parameters import LEVERS, LeverRow
from cisim.theory.rules.events import EFFECT, EFFECTS

__all__ = ["Change", "Plan"]

Values = np.ndarray[Any, np.dtype[np.float64]]
_ROUNDING = 1e-9


class Change(NamedTuple):
    """One change of a lever from a month on."""

    month: int
    name: str
    apply: Callable[[Values], None]
    """Changes the lever's values in this month and all later ones, in place; months are the first axis."""


class Plan:
    """Collects what events do; months count from 1, and month 0 is the state before the first.

    Changes apply in the order of their months, those of one month in the order given, each from its
    month to the end. `rows`: the row of each organization by id.
    """

    def __init__(self, months: int, levers: Mapping[str, float], rows: Mapping[str, int]) -> None:
        self.months, self.rows = months, rows
        self._initial = {name: levers.get(name, declared.default) for name, declared in LEVERS.items()}
        self._changes: list[Change] = []
        self._effects: list[tuple[int, int, int, int, float]] = []

    def set_lever(self, month: int, name: str, value: float) -> None:
        """From `month` on the lever is `value`."""

        def apply(values: Values) -> None:
            values[:] = value

        self._change(month, name, apply)

    def scale_lever(self, month: int, name: str, factor: float) -> None:
        """From `month` on the lever is `factor` times what it would have been."""

        def apply(values: Values) -> None:
            values *= factor

        self._change(month, name, apply)

    def add_lever(self, month: int, name: str, amount: float) -> None:
        """From `month` on the lever is higher by `amount`, but never below the least allowed."""

        def apply(values: Values) -> None:
            np.maximum(values + amount, LEVERS[name].least, out=values)

        self._change(month, name, apply)

    def ramp_lever(self, month: int, name: str, value: float, over_months: int) -> None:
        """The lever moves in equal steps from what it is and reaches `value` in the last of the months."""

        def apply(values: Values) -> None:
            done = np.minimum(np.arange(1, len(values) + 1) / over_months, 1.0)
            done = done.reshape(-1, *(1,) * (values.ndim - 1))
            values[:] = np.where(done < 1.0, values[0] + done * (value - values[0]), value)

        self._change(month, name, apply)

    def effect(
        self, month: int, name: str, *, a: str | None = None, b: str | None = None, x: float = 0.0
    ) -> None:
        """In `month` the effect `name` happens to organizations `a`, `b` with size `x`."""
        row_a, row_b = (-1 if end is None else self.rows[end] for end in (a, b))
        self._effects.append((month, EFFECTS[name], row_a, row_b, x))

    def moved(self) -> set[str]:
        """The levers that events move."""
        return {change.name for change in self._changes}

    def levers(self) -> np.ndarray[Any, Any]:
        """Array of LeverRow, months + 1 rows: row m holds the levers in force in month m."""
        start = np.array([tuple(self._initial.values())], dtype=LeverRow)
        return self.levers_from(start)[:, 0]

    def levers_from(self, start: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Array of LeverRow, (months + 1, R): the same events after other levers at the start, LeverRow (R,)."""
        table = np.empty((self.months + 1, len(start)), dtype=LeverRow)
        table[:] = start
        for change in sorted(self._changes, key=lambda change: change.month):
            if change.month <= self.months:
                change.apply(table[change.name][change.month :])
        return table

    def effects(self) -> np.ndarray[Any, Any]:
        """Array of EFFECT, by month, those of one month in the order given."""
        rows = sorted(self._effects, key=lambda effect: effect[0])
        return np.array([row for row in rows if row[0] <= self.months], dtype=EFFECT)

    def faults(self) -> list[str]:
        """One sentence for every lever that events bring out of its range."""
        return self.faults_in(self.levers())

    def faults_in(self, levers: np.ndarray[Any, Any]) -> list[str]:
        """One sentence for every lever that is out of its range in one column of `levers_from`."""
        found = []
        for name in dict.fromkeys(change.name for change in self._changes):
            if (out := np.flatnonzero(_beyond(levers[name], name))).size:
                month, declared = int(out[0]), LEVERS[name]
                found.append(
                    f"event: together the events bring lever {name!r} to {levers[name][month]:g} in month "
                    f"{month}; allowed is {declared.least:g} to {declared.most:g} {declared.unit}; "
                    "change one of them."
                )
        return found

    def beyond(self, levers: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """(R,): True for each column of `levers_from` in which some lever is out of its range."""
        wrong = np.zeros(levers.shape[1], dtype=bool)
        for name in self.moved():
            wrong |= _beyond(levers[name], name).any(axis=0)
        return wrong

    def _change(self, month: int, name: str, apply: Callable[[Values], None]) -> None:
        self._changes.append(Change(month, name, apply))


def _beyond(values: Values, name: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return (values < LEVERS[name].least - _ROUNDING) | (values > LEVERS[name].most + _ROUNDING)

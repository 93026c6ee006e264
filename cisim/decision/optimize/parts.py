"""What the parts of a plan commit, and which of them to lower where they cost more than there is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.decision.plan import Plan
from cisim.decision.prices import PAID, Prices, committed

__all__ = ["Part", "dearest_said", "parts_of"]

Array = np.ndarray[Any, Any]
TOLD = 4
"""Parts that are told, at most."""


@dataclass(frozen=True)
class Part:
    """A lever or a budget line, and the money of the initiative that it commits."""

    name: str
    is_line: bool
    money: float


def parts_of(levers: Array, plan: Plan, prices: Prices, month: int) -> tuple[Part, ...]:
    """The parts that cost something by the month, the dearest first. levers: the schedule of the plan in its world."""
    none = Prices(currency=prices.currency, **dict.fromkeys(PAID, 0.0))
    bare = plan.model_copy(update={"line": ()})
    told = [
        Part(
            lever,
            False,
            committed(levers, bare, none.model_copy(update={price: getattr(prices, price)}), month),
        )
        for price, lever in PAID.items()
    ]
    told += [
        Part(line.name, True, committed(levers, plan.model_copy(update={"line": (line,)}), none, month))
        for line in plan.line
    ]
    return tuple(sorted((part for part in told if part.money > 0), key=lambda part: -part.money))


def dearest_said(parts: Sequence[Part], chosen: Collection[str]) -> str:
    """The dearest parts in words, and what to do about them. chosen: levers that the problem may choose."""
    shown = parts[:TOLD]
    named = [f"budget line {part.name!r}" if part.is_line else part.name for part in shown]
    told = ", ".join(f"{name} {part.money:,.0f}" for name, part in zip(named, shown, strict=True))
    if rest := sum(part.money for part in parts[TOLD:]):
        told += f", all others {rest:,.0f}"
    levers = [part.name for part in shown if not part.is_line]
    steps = []
    if kept := [name for name in levers if name not in chosen]:
        steps.append(f"set {_listed(kept)} to 0, or less than now, under levers in the problem's start")
    if ranged := [name for name in levers if name in chosen]:
        steps.append(f"lower the lowest level of {_listed(ranged)}")
    if any(part.is_line for part in shown):
        steps.append("leave out budget lines of the start")
    do = "; ".join(steps)
    return f"Of this: {told}. To spend less, {do}."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

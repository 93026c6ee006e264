"""Whether the plan found does more than every chosen lever at its lowest: what it must beat to be worth its money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.decision.comparison_words import money, with_interval
from cisim.decision.estimates import Estimate, mean_of
from cisim.decision.optimize.goals import values_of
from cisim.decision.optimize.problem import GOALS, Problem
from cisim.decision.optimize.trials import Trials

__all__ = ["OverLeast", "not_worth_it", "over_least"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class OverLeast:
    """What a plan gives more than the lowest levels, paired in fresh worlds, and the money that each commits.

    same: the plan is the lowest levels.
    """

    gain: Estimate
    committed: float
    least: float
    same: bool

    @property
    def worth_it(self) -> bool:
        """True if it clearly gives more."""
        return self.gain.low > 0


def over_least(trials: Trials, levels: Array, level: float = 0.95) -> OverLeast:
    """The levels against the lowest, in the fresh worlds of the problem, which no choice has looked at."""
    problem, allocation = trials.problem, trials.allocation
    lowest = allocation.lowest
    own, other = (trials.run(one, 0, problem.effort.fresh, fresh=True) for one in (levels, lowest))
    more = values_of(problem.goal, own) - values_of(problem.goal, other)
    return OverLeast(
        mean_of(more, level, own.crossed), allocation.cost(levels), allocation.least,
        np.array_equal(levels, lowest),
    )  # fmt: skip


def not_worth_it(problem: Problem, over: OverLeast, tell: Callable[[float], str]) -> list[str]:
    """A sentence where the plan found cannot be shown to do more than the lowest levels; none where it does.

    tell: how figures of the goal are told.
    """
    if over.worth_it:
        return []
    cash, gain = money(problem.prices.currency), over.gain
    least = f"every lever at its lowest, which commits {cash(over.least)}"
    if over.same:
        return [f"The search found nothing better than {least}: that is the plan told here."]
    of = f"in the same {gain.n:,} fresh worlds {GOALS[problem.goal]}"
    spends = f"the plan found, which commits {cash(over.committed)},"
    if gain.low == gain.high == 0:
        return [f"Not worth its money: {of} is the same with {spends} as with {least}."]
    if gain.high < 0:
        lost = with_interval(gain.times(-1.0), tell, 0.95)
        return [f"Not worth its money: {of} is {lost} lower with {spends} than with {least}."]
    differs = with_interval(gain, tell, 0.95)
    return [
        f"Not shown to be worth its money: {of} with {spends} less that with {least}, is {differs}: no gain can be told."
    ]

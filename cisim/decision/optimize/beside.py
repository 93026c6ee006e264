"""Plans beside the best one found, paired with it in the same fresh worlds: which are as good, and how far levers range.

A plan counts as as good unless the interval of what it loses lies beyond 0, at a level shared among all (Bonferroni), so
with that confidence every plan left out is really worse. A plan that is kept need not be as good: `may_lose` says how
much worse it may be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.decision.comparison_words import number, percent, with_interval
from cisim.decision.estimates import Estimate, mean_of
from cisim.decision.optimize.goals import values_of
from cisim.decision.optimize.least import OverLeast, not_worth_it, over_least
from cisim.decision.optimize.problem import Problem
from cisim.decision.optimize.trials import Trials

__all__ = ["Near", "Neighbour", "flatness", "how_flat", "near_of", "teller"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Neighbour:
    """A plan and what the winner gives more than it, in fresh worlds. what: how it came to be tried."""

    what: str
    levels: Array
    loses: Estimate
    committed: float

    @property
    def as_good(self) -> bool:
        """True unless it is clearly worse than the winner."""
        return not self.loses.low > 0


@dataclass(frozen=True)
class Near:
    """Candidates tried in the same fresh worlds as the winner. level: of each interval of what is lost.

    over_least: what the winner gives more than every lever at its lowest, in those worlds.
    """

    names: tuple[str, ...]
    winner: Array
    neighbours: tuple[Neighbour, ...]
    level: float
    over_least: OverLeast

    @property
    def as_good(self) -> tuple[Neighbour, ...]:
        """Those that cannot be told from the winner."""
        return tuple(one for one in self.neighbours if one.as_good)

    @property
    def may_lose(self) -> float:
        """How much worse than the winner a plan that counts as as good may be; 0 if there is none."""
        return max((one.loses.high for one in self.as_good), default=0.0)

    def ranges(self) -> dict[str, tuple[float, float, float]]:
        """{lever: (winner's mean level over periods, lowest and highest of the plans as good, the winner included)}."""
        kept = np.array([self.winner, *(one.levels for one in self.as_good)]).mean(axis=2)
        return {
            name: (kept[0, row], kept[:, row].min(), kept[:, row].max())
            for row, name in enumerate(self.names)
        }


def near_of(trials: Trials, levels: Array, chosen: Sequence[tuple[str, Array]], level: float = 0.95) -> Near:
    """The winner against these plans in the same fresh worlds; chosen: (how it came to be tried, its levels)."""
    effort, goal = trials.problem.effort, trials.problem.goal
    winner = trials.run(levels, 0, effort.fresh, fresh=True)
    best = values_of(goal, winner)
    shared = 1 - 2 * (1 - level) / max(1, len(chosen))  # one side of each interval counts
    neighbours = []
    for what, plan in chosen:
        lost = best - values_of(goal, trials.run(plan, 0, effort.fresh, fresh=True))
        worse = mean_of(lost, shared, winner.crossed)
        neighbours.append(Neighbour(what, plan, worse, trials.allocation.cost(plan)))
    return Near(trials.allocation.names, levels, tuple(neighbours), shared, over_least(trials, levels, level))


def teller(goal: str) -> Callable[[float], str]:
    """How the figure of a goal is told."""
    return percent if goal == "reached" else number


def how_flat(problem: Problem, near: Near, tell: Callable[[float], str] | None = None) -> list[str]:
    """Whether the best found is worth its money, where that cannot be shown; then `flatness`."""
    return [
        *not_worth_it(problem, near.over_least, tell or teller(problem.goal)),
        *flatness(problem, near, tell),
    ]


def flatness(problem: Problem, near: Near, tell: Callable[[float], str] | None = None) -> list[str]:
    """Which other plans are as good as the best found, by how much each may still be worse, and what matters most.

    tell: how figures of the goal are told, if not as usual.
    """
    tell = tell or teller(problem.goal)
    if not near.as_good:
        return [f"None of {len(near.neighbours)} other plans tried beside it is as good."]
    lose = max(0.0, near.may_lose)
    others = (
        f"{len(near.as_good)} of {len(near.neighbours)} other plans tried beside it cannot be told from it"
    )
    told = [f"{others}; each may be worse by up to {tell(lose)}."]
    wide = [
        f"{name.replace('_', ' ')} from {low:.3g} to {high:.3g} (here {own:.3g})"
        for name, (own, low, high) in near.ranges().items()
        if high - low > 0.25 * (problem.levers[name][1] - problem.levers[name][0])
    ]
    if wide:
        told.append(f"Among these, mean levels range widely: {'; '.join(wide)}.")
    better = [one for one in near.neighbours if one.loses.high < 0]
    if better:
        told.append(
            f"{len(better)} of them did better in the fresh worlds: the search has not come to its end; give it more "
            "candidates."
        )
    worse = sorted((one for one in near.neighbours if not one.as_good), key=lambda one: -one.loses.value)
    lever = next((one for one in worse if " at its " in one.what), None)
    if lever is not None:
        told.append(
            f"What matters most: with {lever.what.replace('_', ' ')} the rest of the money gives "
            f"{with_interval(lever.loses, tell)} less."
        )
    return told

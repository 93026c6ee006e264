"""What each of several budgets buys: the best plan found for it, all tried in the same fresh worlds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cisim.decision.estimates import Estimate, mean_of
from cisim.decision.optimize.goals import values_of
from cisim.decision.optimize.retesting import Retested
from cisim.decision.optimize.trials import Trials

__all__ = ["Frontier", "FrontierPoint", "frontier_of"]


@dataclass(frozen=True)
class FrontierPoint:
    """The best plan found for a budget. gain: what it gives more than that of the budget before, world by world."""

    budget: float
    best: Retested
    gain: Estimate | None


@dataclass(frozen=True)
class Frontier:
    """Points by budget. A dearer budget can always buy the plan of a cheaper one, so a loss is the search's own."""

    goal: str
    points: tuple[FrontierPoint, ...]


def frontier_of(trials: Trials, found: Mapping[float, Retested], level: float = 0.95) -> Frontier:
    """The frontier of plans tried in the same fresh worlds. found: {budget: its best plan}."""
    return Frontier(trials.problem.goal, _points(trials, found, level))


def _points(trials: Trials, found: Mapping[float, Retested], level: float) -> tuple[FrontierPoint, ...]:
    told: list[FrontierPoint] = []
    before = None
    for budget in sorted(found):
        runs = trials.run(found[budget].levels, 0, trials.problem.effort.fresh, fresh=True)
        values = values_of(trials.problem.goal, runs)
        told.append(
            FrontierPoint(
                budget,
                found[budget],
                None if before is None else mean_of(values - before, level, runs.crossed),
            )
        )
        before = values
    return tuple(told)

"""Cost against outcome: the best plan found for each of several budgets, all tried in the same fresh worlds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cisim.decision.estimates import Estimate, mean_of
from cisim.decision.optimize.goals import values_of
from cisim.decision.optimize.optimum import Optimum, Retested, retested, sought
from cisim.decision.optimize.problem import Problem
from cisim.decision.optimize.search import runs_of
from cisim.decision.optimize.trials import Trials

__all__ = ["EFFORT", "SHARES", "Frontier", "FrontierPoint", "frontier", "planned_frontier_runs"]

SHARES = (0.0, 0.25, 0.5, 1.5, 2.0)
"""Budgets beside the problem's own, in shares of it."""
EFFORT = 0.25
"""Share of the candidates of the problem's own search; each begins at the plan of the nearest budget."""


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


def frontier(
    trials: Trials, optimum: Optimum, shares: Sequence[float] = SHARES, level: float = 0.95
) -> Frontier:
    """The frontier through the optimum of the problem. shares: of its budget; those that cannot pay are left out."""
    problem = trials.problem
    least = trials.allocation.cost(trials.allocation.levels(np.zeros(trials.allocation.shape).ravel()))
    own = problem.budget
    found = {own: optimum.winner}
    budgets = [share * own for share in shares if least <= share * own != own]
    below, above = (
        sorted((b for b in budgets if b < own), reverse=True),
        sorted(b for b in budgets if b > own),
    )
    for run in (below, above):
        nearest = optimum.winner.levels
        for budget in run:
            nearest = sought(trials, budget, starts=[nearest], share=EFFORT)[1]
            found[budget] = retested(trials, nearest, level)
    return Frontier(problem.goal, _points(trials, found, level))


def planned_frontier_runs(problem: Problem) -> int:
    """Runs that `frontier` takes beside those of the optimum, at most."""
    effort = problem.effort
    candidates = max(8, round(EFFORT * effort.candidates))
    variants = 2 * len(problem.levers)
    searched = runs_of(candidates, effort.worlds, effort.finalists, effort.final_worlds, variants)
    return len(SHARES) * (searched + 2 * effort.fresh)


def _points(trials: Trials, found: dict[float, Retested], level: float) -> tuple[FrontierPoint, ...]:
    told: list[FrontierPoint] = []
    before = None
    for budget in sorted(found):
        runs = trials.run(found[budget].levels, 0, trials.problem.effort.fresh, fresh=True)
        values = values_of(trials.problem.goal, runs)
        told.append(
            FrontierPoint(budget, found[budget], None if before is None else mean_of(values - before, level))
        )
        before = values
    return tuple(told)

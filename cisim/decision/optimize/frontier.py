"""Cost against outcome: the best plan found for each of several budgets, all tried in the same fresh worlds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cisim.decision.optimize.buys import Frontier, FrontierPoint, frontier_of
from cisim.decision.optimize.optimum import Optimum, sought
from cisim.decision.optimize.problem import Problem
from cisim.decision.optimize.retesting import retested
from cisim.decision.optimize.search import runs_of
from cisim.decision.optimize.trials import Trials

__all__ = [
    "EFFORT",
    "SHARES",
    "Frontier",
    "FrontierPoint",
    "frontier",
    "frontier_of",
    "planned_frontier_runs",
]

SHARES = (0.0, 0.25, 0.5, 1.5, 2.0)
"""Budgets beside the problem's own, in shares of it."""
EFFORT = 0.25
"""Share of the candidates of the problem's own search; each begins at the plan of the nearest budget."""


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
    return frontier_of(trials, found, level)


def planned_frontier_runs(problem: Problem) -> int:
    """Runs that `frontier` takes beside those of the optimum, at most."""
    effort = problem.effort
    candidates = max(8, round(EFFORT * effort.candidates))
    variants = 2 * len(problem.levers)
    searched = runs_of(candidates, effort.worlds, effort.finalists, effort.final_worlds, variants)
    return len(SHARES) * (searched + 2 * effort.fresh)

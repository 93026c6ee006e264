"""The best plan for a budget that a search finds, told by what it does in worlds that no choice has looked at.

First levels that go evenly from the first period to the last are sought (few dimensions, quickly learnt), then levels by
period from there. The winner is then tried in fresh worlds, and only those figures are reported: the best of many noisy figures is too good
to be true (the winner's curse; Smith and Winkler 2006, Management Science 52:311).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cisim.decision.estimates import Estimate
from cisim.decision.optimize.goals import values_of
from cisim.decision.optimize.nearby import Near, near_the_best
from cisim.decision.optimize.one_lever import one_lever
from cisim.decision.optimize.problem import Problem
from cisim.decision.optimize.retesting import Retested, found_plan, retested, trials_of
from cisim.decision.optimize.search import Coarse, Found, Method, runs_of, search
from cisim.decision.optimize.trials import Trials
from cisim.decision.plan import Plan

__all__ = [
    "Optimum",
    "Retested",
    "found_by",
    "found_plan",
    "optimize",
    "planned_runs",
    "retested",
    "sought",
    "trials_of",
]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Optimum:
    """The winner of a search, tried afresh; plan: its levels as a plan; near: plans that are about as good.

    seemed: what the winner's goal seemed to be in the last round of the knockout; told beside the figure, never as it.
    """

    problem: Problem
    plan: Plan
    winner: Retested
    seemed: float
    near: Near
    found: Found
    runs: int
    kept: float
    """Money committed by what the plan keeps from the world and the start, with every chosen lever at its lowest."""

    @property
    def figure(self) -> Estimate:
        """The goal of the problem in fresh worlds."""
        return self.winner.figures[self.problem.goal]


def optimize(
    problem: Problem, *, method: Method = "cma", threads: int | None = None,
    progress: Callable[[int], None] | None = None, folder: Path | None = None,
) -> Optimum:  # fmt: skip
    """Lay out the budget of a problem. method "random": what the search must beat, at the same number of runs.

    progress: called with runs more. folder: where trials are kept, so that an ended search can go on. Raises SpecError
    for a problem in which nothing can be paid, StoreError for a folder that holds another problem.
    """
    trials = trials_of(problem, threads=threads, progress=progress, folder=folder)
    try:
        return found_by(trials, method)
    finally:
        trials.save()


def found_by(trials: Trials, method: Method = "cma") -> Optimum:
    """The winner of a search by these trials, its fresh figures and its neighbours."""
    problem = trials.problem
    found, levels = sought(trials, problem.budget, method=method)
    last = trials.run(levels, found.last_world, found.last_worlds)
    return Optimum(
        problem, found_plan(trials.allocation, levels),
        retested(trials, levels), float(values_of(problem.goal, last).mean()),
        near_the_best(trials, levels, found, problem.budget), found, trials.ran, trials.allocation.least,
    )  # fmt: skip


def sought(
    trials: Trials, budget: float, *, method: Method = "cma", starts: Sequence[Array] = (), share: float = 1.0
) -> tuple[Found, Array]:
    """What the search finds for a budget, and the levels of its winner.

    starts: levels to begin at. share: of the candidates that the problem allows.
    """
    problem, allocation, effort = trials.problem, trials.allocation, trials.problem.effort
    levers, periods = allocation.shape

    def evaluate(points: Array, first: int, worlds: int, soft: bool) -> Array:
        plans = [allocation.affordable(point, budget) for point in points]
        runs = trials.run_all(plans, first, worlds)
        return np.array([values_of(problem.goal, each, soft=soft) for each in runs])

    coarse = None
    if periods > 2 and not len(starts):
        coarse = Coarse(2 * levers, lambda point: _in_line(point, periods))

    def variants(point: Array) -> list[Array]:
        moved = one_lever(allocation, allocation.affordable(point, budget), budget)
        return [allocation.point(levels) for _, levels in moved]

    found = search(
        evaluate, levers * periods, candidates=max(8, round(share * effort.candidates)), worlds=effort.worlds,
        finalists=effort.finalists, final_worlds=effort.final_worlds, seed=problem.seed, method=method, coarse=coarse,
        starts=[allocation.point(levels) for levels in starts],
        variants=variants,
    )  # fmt: skip
    return found, allocation.affordable(found.best, budget)


def _in_line(point: Array, periods: int) -> Array:
    """Levels that go evenly from those of the first period to those of the last: a point of twice the levers."""
    first, last = point.reshape(2, -1, 1)
    return np.asarray((first + (last - first) * np.linspace(0, 1, periods)).ravel())


def planned_runs(problem: Problem) -> int:
    """Runs that `optimize` takes, at most."""
    effort = problem.effort
    variants = 2 * len(problem.levers)
    searched = runs_of(effort.candidates, effort.worlds, effort.finalists, effort.final_worlds, variants)
    return searched + effort.fresh * (4 + effort.finalists + variants)

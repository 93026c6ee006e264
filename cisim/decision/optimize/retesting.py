"""Levels that a search chose, tried in worlds that no choice has looked at; told as a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cisim.decision.estimates import Estimate, mean_of
from cisim.decision.optimize.allocation import Allocation
from cisim.decision.optimize.goals import figure_of
from cisim.decision.optimize.problem import GOALS, Problem
from cisim.decision.optimize.trials import Trials
from cisim.decision.plan import Plan

__all__ = ["Retested", "found_plan", "retested", "trials_of"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Retested:
    """Levels tried in fresh worlds: every goal and the money spent, each with its interval.

    levels (levers, periods). committed: the money if the coalition lives until the month.
    """

    levels: Array
    figures: dict[str, Estimate]
    spent: Estimate
    committed: float


def trials_of(
    problem: Problem, *, threads: int | None = None, progress: Callable[[int], None] | None = None,
    folder: Path | None = None,
) -> Trials:  # fmt: skip
    """What tries plans of the problem. Raises SpecError if its budget cannot pay its lowest levels."""
    allocation = Allocation(problem, problem.worlds().scenario)
    allocation.check()
    return Trials(problem, allocation, threads, progress, folder)


def retested(trials: Trials, levels: Array, level: float = 0.95) -> Retested:
    """The levels in fresh worlds."""
    runs = trials.run(levels, 0, trials.problem.effort.fresh, fresh=True)
    figures = {goal: figure_of(goal, runs, level) for goal in GOALS}
    return Retested(levels, figures, mean_of(runs.spent, level, runs.crossed), trials.allocation.cost(levels))


def found_plan(allocation: Allocation, levels: Array) -> Plan:
    """The levels as the plan that a search tells, with its name and what it is for."""
    problem = allocation.problem
    return allocation.plan(levels, problem.name, problem.title or problem.name, _description(problem))


def _description(problem: Problem) -> str:
    """What the plan is, for the head of its file."""
    return (
        f"Found by a search for {GOALS[problem.goal]} by month {problem.month} with {problem.budget:,.0f} "
        f"{problem.prices.currency}; levels are chosen, not forecast."
    )

"""What would it take: the cheapest plan, or the fewest and smallest changes of a plan, that reach a severity by a month
with a probability; or that nothing within the ranges does.

The search asks for the probability and one standard error more, in its own worlds; the answer is then tried in fresh
worlds, and only that figure is told. The search cannot prove that nothing cheaper or smaller would do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from cisim.decision.estimates import Estimate, mean_of, share_of
from cisim.decision.optimize.goals import Runs
from cisim.decision.optimize.optimum import sought, trials_of
from cisim.decision.optimize.problem import Effort, Problem
from cisim.decision.optimize.search import runs_of
from cisim.decision.optimize.trials import Trials
from cisim.decision.plan import Plan
from cisim.decision.prices import Prices
from cisim.decision.reach_changes import SHRINKINGS, Change, Start, fewest_changes
from cisim.errors import SpecError
from cisim.theory.parameters import LEVERS
from cisim.world.scenario import Scenario

__all__ = ["EFFORT", "USUAL", "Reach", "Verdict", "Wanted", "ask", "planned_reach_runs", "reach"]

Array = np.ndarray[Any, Any]
Verdict = Literal["needs nothing", "reachable", "too close to tell", "not reachable"]
USUAL = ("agenda", "measurement", "coordination", "meetings", "backbone_staff", "pooled_funding")
"""Levers that may change unless told, within the ranges worth exploring."""
EFFORT = Effort(candidates=240, worlds=16, finalists=12, final_worlds=256, fresh=800)
HALVINGS = 5
"""Budgets tried between all that the ranges can cost and nothing."""
SHARE = 0.4
"""Of the candidates, for each of these budgets."""


@dataclass(frozen=True)
class Wanted:
    """At most this severity by this month with at least this probability."""

    severity: float
    month: int
    probability: float


@dataclass(frozen=True)
class Reach:
    """The answer. plan: the smallest found that does, or for "not reachable" the best found; its figures are fresh.

    before: the probability without any change. changes: against the plan begun with, lever by lever.
    """

    wanted: Wanted
    verdict: Verdict
    by: Literal["cost", "changes"]
    problem: Problem
    plan: Plan
    probability: Estimate
    before: Estimate
    spent: Estimate
    extra: Estimate
    """Money more than without any change, world by world."""
    changes: tuple[Change, ...]
    runs: int


def ask(
    world: Scenario, wanted: Wanted, *, start: Plan | None = None,
    levers: Mapping[str, tuple[float, float]] | None = None, periods: tuple[int, ...] = (1,), prices: Prices | None = None,
    uncertain: str = "nothing", seed: int = 0, effort: Effort = EFFORT,
) -> Problem:  # fmt: skip
    """The question as a problem whose budget pays for everything in the ranges. Raises SpecError with every fault."""
    faults = []
    if not 0 < wanted.probability < 1:
        faults.append(f"probability must be between 0 and 1, such as 0.8; given {wanted.probability:g}.")
    if not 0 <= wanted.severity <= 1:
        faults.append(f"severity must be from 0, solved, to 1, that at the start; given {wanted.severity:g}.")
    if not 1 <= wanted.month <= world.months:
        faults.append(
            f"month must be from 1 to {world.months}, the horizon of the world; given {wanted.month}."
        )
    if faults:
        raise SpecError(faults, source="What would it take")
    ranges = levers or {name: (LEVERS[name].low, LEVERS[name].high) for name in USUAL}
    target = world.replace(issue=world.issue.model_copy(update={"target": wanted.severity}))
    return Problem(
        name="reach", goal="reached", month=wanted.month, budget=1e12, periods=periods, uncertain=uncertain, seed=seed,
        world=target, levers=ranges, start=start or Plan(name="as-the-world-is"), prices=prices or Prices(), effort=effort,
    )  # fmt: skip


def reach(
    problem: Problem, wanted: Wanted, *, by: Literal["cost", "changes"] = "cost", threads: int | None = None,
    progress: Callable[[int], None] | None = None, folder: Path | None = None,
) -> Reach:  # fmt: skip
    """Answer a question made by `ask`. by: make the money small, or the number and then the size of changes.

    progress: called with runs more; `planned_reach_runs` tells how many there are at most.
    """
    start = Start.of(problem)
    trials = trials_of(
        problem.with_(start=start.without_levers()), threads=threads, progress=progress, folder=folder
    )
    try:
        return _answered(trials, start, wanted, by)
    finally:
        trials.save()


def planned_reach_runs(problem: Problem, by: Literal["cost", "changes"] = "cost") -> int:
    """Runs that `reach` takes, at most."""
    effort, levers = problem.effort, len(problem.levers)

    def searched(share: float) -> int:
        candidates = max(8, round(share * effort.candidates))
        return runs_of(candidates, effort.worlds, effort.finalists, effort.final_worlds, 2 * levers)

    asked = effort.final_worlds
    smaller = levers * (1 + SHRINKINGS) * asked if by == "changes" else HALVINGS * (searched(SHARE) + asked)
    return 2 * effort.fresh + 4 * asked + searched(1.0) + smaller


def _answered(trials: Trials, start: Start, wanted: Wanted, by: Literal["cost", "changes"]) -> Reach:
    effort = trials.problem.effort
    enough = min(
        0.999,
        wanted.probability + np.sqrt(wanted.probability * (1 - wanted.probability) / effort.final_worlds),
    )
    asked = _Asked(trials, start, float(enough))
    as_is = trials.run_plan(start.plan, 0, effort.fresh, fresh=True)
    if asked.share(trials.run_plan(start.plan, 0, effort.final_worlds)) >= enough:
        return _told(asked, wanted, by, start.plan, as_is, ())
    best = asked.best()
    if not asked.does(best):
        return _told(asked, wanted, by, start.changed(best), as_is, start.changes(best))
    smallest = asked.cheapest(best) if by == "cost" else fewest_changes(start, best, asked.does)
    return _told(asked, wanted, by, start.changed(smallest), as_is, start.changes(smallest))


@dataclass
class _Asked:
    """The search for levels that are enough, in the worlds of the search."""

    trials: Trials
    start: Start
    enough: float

    def share(self, runs: Runs) -> float:
        return float(runs.reached.mean())

    def does(self, levels: Array) -> bool:
        """True if the changed plan reaches it often enough; NaN: this lever is left as it is."""
        plan = self.start.changed(levels)
        return (
            self.share(self.trials.run_plan(plan, 0, self.trials.problem.effort.final_worlds)) >= self.enough
        )

    def best(self) -> Array:
        """The levels with the largest probability that money of any amount buys."""
        allocation = self.trials.allocation
        highest = np.repeat(allocation.ends[:, 1:], allocation.shape[1], axis=1)
        found = sought(self.trials, allocation.cost(highest), starts=[highest])[1]
        return found if self.does(found) or not self.does(highest) else highest

    def cheapest(self, levels: Array) -> Array:
        """The levels of the smallest budget, among halvings of the way, whose best plan is enough."""
        allocation = self.trials.allocation
        enough, dear, cheap = levels, allocation.cost(levels), allocation.least
        for _ in range(HALVINGS):
            middle = (cheap + dear) / 2
            found = sought(self.trials, middle, starts=[enough], share=SHARE)[1]
            if self.does(found):
                enough, dear = found, allocation.cost(found)
            else:
                cheap = middle
        return enough


def _told(
    asked: _Asked,
    wanted: Wanted,
    by: Literal["cost", "changes"],
    plan: Plan,
    as_is: Runs,
    changes: tuple[Change, ...],
) -> Reach:
    trials = asked.trials
    runs = trials.run_plan(plan, 0, trials.problem.effort.fresh, fresh=True)
    probability = share_of(runs.reached > 0, 0.95, runs.crossed)
    return Reach(
        wanted, _verdict(probability, wanted.probability, bool(changes)), by, trials.problem, plan, probability,
        share_of(as_is.reached > 0, 0.95, runs.crossed), mean_of(runs.spent, 0.95, runs.crossed),
        mean_of(runs.spent - as_is.spent, 0.95, runs.crossed), changes,
        trials.ran,
    )  # fmt: skip


def _verdict(probability: Estimate, wanted: float, changed: bool) -> Verdict:
    """By the figure in fresh worlds: enough, clearly too little, or too close to tell."""
    if probability.high < wanted:
        return "not reachable"
    if probability.low < wanted and probability.value < wanted:
        return "too close to tell"
    return "reachable" if changed else "needs nothing"

"""How flat the best is: plans that fresh worlds cannot tell from it, and how far their levers range.

Each candidate is paired with the winner in the same fresh worlds. It counts as as good unless the interval of what it
loses lies beyond 0, at a level shared among all candidates (Bonferroni), so with that confidence every plan left out is
really worse. A plan that is kept need not be as good: `may_lose` says how much worse it may be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.decision.estimates import Estimate, mean_of
from cisim.decision.optimize.goals import values_of
from cisim.decision.optimize.one_lever import one_lever
from cisim.decision.optimize.search import Found
from cisim.decision.optimize.trials import Trials

__all__ = ["Near", "Neighbour", "near_the_best"]

Array = np.ndarray[Any, Any]
TOP = 0.25
"""Share of the candidates among which neighbours far from each other are chosen."""


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
    """Candidates tried in the same fresh worlds as the winner. level: of each interval of what is lost."""

    names: tuple[str, ...]
    winner: Array
    neighbours: tuple[Neighbour, ...]
    level: float

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


def near_the_best(trials: Trials, levels: Array, found: Found, budget: float, level: float = 0.95) -> Near:
    """The neighbours of the winner: each lever at its lowest and highest, the finalists, and good plans far apart."""
    effort, goal = trials.problem.effort, trials.problem.goal
    wanted = [*one_lever(trials.allocation, levels, budget), *_others(trials, found, budget)]
    chosen = [(what, plan) for what, plan in _each_once(wanted) if not np.array_equal(plan, levels)]
    best = values_of(goal, trials.run(levels, 0, effort.fresh, fresh=True))
    shared = 1 - 2 * (1 - level) / max(1, len(chosen))  # one side of each interval counts
    neighbours = []
    for what, plan in chosen:
        lost = best - values_of(goal, trials.run(plan, 0, effort.fresh, fresh=True))
        neighbours.append(Neighbour(what, plan, mean_of(lost, shared), trials.allocation.cost(plan)))
    return Near(trials.allocation.names, levels, tuple(neighbours), shared)


def _others(trials: Trials, found: Found, budget: float) -> list[tuple[str, Array]]:
    """Half of the finalists' number from the knockout, half good candidates that lie far from each other."""
    half = max(1, trials.problem.effort.finalists // 2)
    finalists = [
        ("finalist", trials.allocation.affordable(point, budget)) for point in found.finalists[:half]
    ]
    order = np.argsort(-found.values, kind="stable")[: max(half, round(TOP * len(found.values)))]
    points = found.points[order]
    picked = [found.best]
    for _ in range(min(half, len(points))):
        away = np.min([np.linalg.norm(points - one, axis=1) for one in picked], axis=0)
        picked.append(points[int(away.argmax())])
    return finalists + [
        ("far candidate", trials.allocation.affordable(point, budget)) for point in picked[1:]
    ]


def _each_once(plans: list[tuple[str, Array]]) -> list[tuple[str, Array]]:
    first: dict[bytes, tuple[str, Array]] = {}
    for what, levels in plans:
        first.setdefault(levels.tobytes(), (what, levels))
    return list(first.values())

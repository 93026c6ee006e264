"""How flat the best is: plans that fresh worlds cannot tell from it, and how far their levers range.

Each candidate is paired with the winner in the same fresh worlds. It counts as as good unless the interval of what it
loses lies beyond 0, at a level shared among all candidates (Bonferroni), so with that confidence every plan left out is
really worse. A plan that is kept need not be as good: `may_lose` says how much worse it may be.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cisim.decision.optimize.beside import Near, Neighbour, near_of
from cisim.decision.optimize.one_lever import one_lever
from cisim.decision.optimize.search import Found
from cisim.decision.optimize.trials import Trials

__all__ = ["Near", "Neighbour", "near_of", "near_the_best"]

Array = np.ndarray[Any, Any]
TOP = 0.25
"""Share of the candidates among which neighbours far from each other are chosen."""


def near_the_best(trials: Trials, levels: Array, found: Found, budget: float, level: float = 0.95) -> Near:
    """The neighbours of the winner: each lever at its lowest and highest, the finalists, and good plans far apart."""
    wanted = [*one_lever(trials.allocation, levels, budget), *_others(trials, found, budget)]
    chosen = [(what, plan) for what, plan in _each_once(wanted) if not np.array_equal(plan, levels)]
    return near_of(trials, levels, chosen, level)


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

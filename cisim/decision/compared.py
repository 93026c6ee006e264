"""What is told of a plan, and of two plans in the same worlds."""

from __future__ import annotations

from dataclasses import dataclass

from cisim.decision.directions import better_of
from cisim.decision.estimates import Estimate

__all__ = ["MonthsGained", "PairFigures", "PlanFigures"]


@dataclass(frozen=True)
class PlanFigures:
    """One outcome of one plan. regret, regret_90: how much worse than the best plan of each world, mean and 90 %.

    Regret is 0 or more in the unit of the outcome; NaN for an outcome that is neither better less nor more.
    """

    plan: str
    outcome: str
    mean: Estimate
    regret: Estimate
    regret_90: Estimate
    best: Estimate
    """Share of worlds in which no plan does better."""


@dataclass(frozen=True)
class PairFigures:
    """What `plan` changes against `than` in one outcome: plan less than, world by world.

    better, worse, alike: shares of worlds; NaN where neither direction is better. higher: share with a higher value.
    """

    plan: str
    than: str
    outcome: str
    difference: Estimate
    better: Estimate
    worse: Estimate
    alike: Estimate
    higher: Estimate

    @property
    def verdict(self) -> str:
        """In a word, by the interval of the difference: better, worse, higher, lower, or that none can be told."""
        if not self.difference.tells:
            return "no difference" if self.alike.value == 1 else "no difference can be told"
        better = better_of(self.outcome)
        if better == "neither":
            return "higher" if self.difference.value > 0 else "lower"
        return "better" if (self.difference.value > 0) == (better == "more") else "worse"


@dataclass(frozen=True)
class MonthsGained:
    """How much earlier `plan` first reaches the target than `than`, up to the month of the comparison; + is earlier.

    where_both: months gained over worlds in which both reach it. in_all: over all worlds, a plan that does not reach
    it counted as if it did in the last month (so it understates a gain). reach, than_reach: shares that reach it.
    """

    plan: str
    than: str
    where_both: Estimate
    in_all: Estimate
    reach: Estimate
    than_reach: Estimate
    only_plan: Estimate
    only_than: Estimate

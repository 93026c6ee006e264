"""Plans compared in the same worlds: what each changes, how sure that is, what it costs, and what is regretted.

Every figure of two plans is of world by world differences (common random numbers), so it does not depend on which
other plans are there, nor on their order (sign apart). Regret does depend on the set: it is against the best plan of
the set in each world. Source: Law (2015), Simulation Modeling and Analysis, 5th ed., 10.2.1 and 11.2; Savage (1951),
Journal of the American Statistical Association 46:55, for regret.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from cisim.decision.compared import MonthsGained, PairFigures, PlanFigures
from cisim.decision.directions import sign_of
from cisim.decision.estimates import NONE, Estimate, mean_of, quantile_of, ratio_of, share_of
from cisim.decision.plan import Plan
from cisim.decision.trying import MONEY, MONEY_IN_ALL, REACHED, Tried, outcome_faults
from cisim.decision.worlds import Worlds
from cisim.errors import SpecError
from cisim.insight.arrays import level_faults
from cisim.insight.crossed import Crossed

__all__ = ["ALWAYS", "OUTCOMES", "PlanComparison", "check_comparison", "compare_plans"]

Array = np.ndarray[Any, Any]
OUTCOMES = ("severity", REACHED, MONEY)
"""What is compared unless told. A difference in contribution is that in severity, with the other sign."""
ALWAYS = ("contribution", REACHED, MONEY, MONEY_IN_ALL)
"""What cost per unit of contribution and months gained need."""
HUNDREDTH = 0.01
"""The unit of contribution for which a cost is told: one hundredth of the severity at the start."""


@dataclass(frozen=True)
class PlanComparison:
    """Plans in the same worlds at one month; `values[outcome]` is (worlds, plans)."""

    tried: Tried
    month: int
    level: float
    outcomes: tuple[str, ...]

    @property
    def plans(self) -> tuple[str, ...]:
        """Names of the plans, in order."""
        return tuple(plan.name for plan in self.tried.plans)

    @property
    def worlds(self) -> int:
        """The number of worlds."""
        return self.tried.worlds.replicates

    @cached_property
    def values(self) -> dict[str, Array]:
        """Outcome → (worlds, plans) at the month."""
        return {name: self.tried.at(name, self.month) for name in dict.fromkeys((*self.outcomes, *ALWAYS))}

    @cached_property
    def first_months(self) -> Array:
        """(worlds, plans): the first month in which the target is reached; NaN if not by the month compared."""
        paths = [self.tried.path(k, REACHED)[:, : self.month + 1] > 0 for k in range(len(self.plans))]
        return np.column_stack([np.where(hit.any(axis=1), hit.argmax(axis=1), np.nan) for hit in paths])

    def of_plan(self, plan: int, outcome: str) -> PlanFigures:
        """The figures of one plan in one outcome; plan: its place."""
        values, level = self.values[outcome], self.level
        mean = self._share(values[:, plan] > 0) if outcome == REACHED else self._mean(values[:, plan])
        lost = _regret(values, sign_of(outcome))[:, plan]
        there = ~np.isnan(lost)
        if not there.any():
            return PlanFigures(self.plans[plan], outcome, mean, NONE, NONE, NONE)
        return PlanFigures(
            self.plans[plan], outcome, mean,
            self._mean(lost), quantile_of(lost[there], 0.9, level, self._of(there)), self._share(lost == 0, there),
        )  # fmt: skip

    def pair(self, plan: int, than: int, outcome: str) -> PairFigures:
        """What one plan changes against another in one outcome; by their places."""
        values = self.values[outcome]
        changes = values[:, plan] - values[:, than]
        known, sign = ~np.isnan(changes), sign_of(outcome)
        neither = math.isnan(sign)
        return PairFigures(
            self.plans[plan], self.plans[than], outcome, self._mean(changes),
            NONE if neither else self._share(changes * sign > 0, known),
            NONE if neither else self._share(changes * sign < 0, known),
            self._share(changes == 0, known), self._share(changes > 0, known),
        )  # fmt: skip

    def gained(self, plan: int, than: int) -> MonthsGained:
        """How much earlier one plan reaches the target than another; by their places."""
        first, other = self.first_months[:, plan], self.first_months[:, than]
        hit, other_hit = ~np.isnan(first), ~np.isnan(other)
        capped = [np.where(np.isnan(months), self.month, months) for months in (first, other)]
        return MonthsGained(
            self.plans[plan], self.plans[than], self._mean(other - first),
            self._mean(capped[1] - capped[0]), self._share(hit), self._share(other_hit),
            self._share(hit & ~other_hit), self._share(other_hit & ~hit),
        )  # fmt: skip

    def cost_per_hundredth(self, plan: int) -> Estimate:
        """Money of the initiative for each 0.01 of severity that the coalition takes away by the month."""
        return self._price(self.values[MONEY][:, plan], self.values["contribution"][:, plan])

    def extra_cost_per_hundredth(self, plan: int, than: int) -> Estimate:
        """Extra money of one plan against another for each 0.01 more that it takes away; NaN if that cannot be told."""
        money, won = self.values[MONEY], self.values["contribution"]
        return self._price(money[:, plan] - money[:, than], won[:, plan] - won[:, than])

    def money(self, plan: int, than: int, of: str = MONEY) -> Estimate:
        """Extra money of one plan against another by the month; of: "spent", or "spent_in_all" with partners' time."""
        return self._mean(self.values[of][:, plan] - self.values[of][:, than])

    def pairs(self, *, matrix: bool = False) -> list[tuple[int, int]]:
        """(plan, than) by their places: each against the first, or with matrix every ordered pair."""
        places = range(len(self.plans))
        if matrix:
            return [(a, b) for b in places for a in places if a != b]
        return [(a, 0) for a in places[1:]]

    def _price(self, money: Array, won: Array) -> Estimate:
        return ratio_of(money, won / HUNDREDTH, self.level, self.tried.worlds.crossed)

    def _mean(self, values: Array) -> Estimate:
        return mean_of(values, self.level, self.tried.worlds.crossed)

    def _share(self, happens: Array, there: Array | None = None) -> Estimate:
        """Among the worlds that are there (default: all)."""
        kept = np.ones(len(happens), dtype=bool) if there is None else there
        return share_of(happens[kept], self.level, self._of(kept))

    def _of(self, kept: Array) -> Crossed | None:
        crossed = self.tried.worlds.crossed
        return None if crossed is None else crossed.where(kept)


def compare_plans(
    tried: Tried, month: int, outcomes: Sequence[str] = OUTCOMES, level: float = 0.95
) -> PlanComparison:
    """Compare two or more plans tried in the same worlds at one month. level: of every interval, each on its own.

    Raises SpecError with every fault at once.
    """
    faults = _question_faults(len(tried.plans), len(tried.ensembles[0].months) - 1, month, outcomes, level)
    faults += [
        f"outcome {name!r} was not kept; {tried.keep(name)}."
        for name in outcomes
        if not outcome_faults([name]) and not tried.has(name)
    ]
    if faults:
        raise SpecError(faults, source="Comparison of plans")
    return PlanComparison(tried, month, level, tuple(dict.fromkeys(outcomes)))


def check_comparison(
    plans: Sequence[Plan], worlds: Worlds, month: int, outcomes: Sequence[str] = OUTCOMES, level: float = 0.95
) -> None:
    """Raise SpecError with every fault of a comparison that can be told before anything runs."""
    if faults := _question_faults(len(plans), worlds.scenario.months, month, outcomes, level):
        raise SpecError(faults, source="Comparison of plans")


def _question_faults(
    plans: int, horizon: int, month: int, outcomes: Sequence[str], level: float
) -> list[str]:
    faults = [*outcome_faults(outcomes), *level_faults(level)]
    if plans < 2:
        faults.append("give at least two plans to compare.")
    if not outcomes:
        faults.append("name at least one outcome, such as severity.")
    if not 1 <= month <= horizon:
        faults.append(f"month must be from 1 to {horizon}, the horizon of the world; given {month}.")
    return faults


def _regret(values: Array, sign: float) -> Array:
    """(worlds, plans): how much worse than the best plan of the world, 0 or more; NaN where there is no value."""
    good = values * sign
    best = np.where(np.isnan(good), -np.inf, good).max(axis=1, keepdims=True)
    return np.asarray(np.where(np.isinf(best), np.nan, best) - good)

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
from cisim.decision.trying import MONEY, MONEY_IN_ALL, REACHED, Tried, outcome_faults
from cisim.errors import SpecError
from cisim.insight.arrays import level_faults

__all__ = ["ALWAYS", "OUTCOMES", "PlanComparison", "compare_plans"]

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
        mean = share_of(values[:, plan] > 0, level) if outcome == REACHED else mean_of(values[:, plan], level)
        lost = _regret(values, sign_of(outcome))[:, plan]
        known = lost[~np.isnan(lost)]
        if len(known) == 0:
            return PlanFigures(self.plans[plan], outcome, mean, NONE, NONE, NONE)
        return PlanFigures(
            self.plans[plan], outcome, mean,
            mean_of(known, level), quantile_of(known, 0.9, level), share_of(known == 0, level),
        )  # fmt: skip

    def pair(self, plan: int, than: int, outcome: str) -> PairFigures:
        """What one plan changes against another in one outcome; by their places."""
        values = self.values[outcome]
        changes = values[:, plan] - values[:, than]
        known, sign, level = changes[~np.isnan(changes)], sign_of(outcome), self.level
        neither = math.isnan(sign)
        return PairFigures(
            self.plans[plan], self.plans[than], outcome, mean_of(changes, level),
            NONE if neither else share_of(known * sign > 0, level),
            NONE if neither else share_of(known * sign < 0, level),
            share_of(known == 0, level), share_of(known > 0, level),
        )  # fmt: skip

    def gained(self, plan: int, than: int) -> MonthsGained:
        """How much earlier one plan reaches the target than another; by their places."""
        first, other = self.first_months[:, plan], self.first_months[:, than]
        hit, other_hit = ~np.isnan(first), ~np.isnan(other)
        capped = [np.where(np.isnan(months), self.month, months) for months in (first, other)]
        return MonthsGained(
            self.plans[plan], self.plans[than], mean_of(other - first, self.level),
            mean_of(capped[1] - capped[0], self.level), share_of(hit, self.level), share_of(other_hit, self.level),
            share_of(hit & ~other_hit, self.level), share_of(other_hit & ~hit, self.level),
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
        return mean_of(self.values[of][:, plan] - self.values[of][:, than], self.level)

    def pairs(self, *, matrix: bool = False) -> list[tuple[int, int]]:
        """(plan, than) by their places: each against the first, or with matrix every ordered pair."""
        places = range(len(self.plans))
        if matrix:
            return [(a, b) for b in places for a in places if a != b]
        return [(a, 0) for a in places[1:]]

    def _price(self, money: Array, won: Array) -> Estimate:
        return ratio_of(money, won / HUNDREDTH, self.level)


def compare_plans(
    tried: Tried, month: int, outcomes: Sequence[str] = OUTCOMES, level: float = 0.95
) -> PlanComparison:
    """Compare two or more plans tried in the same worlds at one month. level: of every interval, each on its own.

    Raises SpecError with every fault at once.
    """
    horizon = len(tried.ensembles[0].months) - 1
    faults = [*outcome_faults(outcomes), *level_faults(level)]
    if len(tried.plans) < 2:
        faults.append("give at least two plans to compare.")
    if not outcomes:
        faults.append("name at least one outcome, such as severity.")
    if not 1 <= month <= horizon:
        faults.append(f"month must be from 1 to {horizon}, the horizon of the world; given {month}.")
    faults += [
        f"outcome {name!r} was not kept; try the plans with outcomes=[{name!r}]."
        for name in outcomes
        if not outcome_faults([name]) and not tried.has(name)
    ]
    if faults:
        raise SpecError(faults, source="Comparison of plans")
    return PlanComparison(tried, month, level, tuple(dict.fromkeys(outcomes)))


def _regret(values: Array, sign: float) -> Array:
    """(worlds, plans): how much worse than the best plan of the world, 0 or more; NaN where there is no value."""
    good = values * sign
    best = np.where(np.isnan(good), -np.inf, good).max(axis=1, keepdims=True)
    return np.asarray(np.where(np.isinf(best), np.nan, best) - good)

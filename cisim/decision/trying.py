"""Plans tried in the same worlds: an ensemble of each, and any outcome of any plan in every world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.decision.plan import Plan
from cisim.decision.prices import NEEDED, Prices, line_faults, spent
from cisim.decision.worlds import Worlds
from cisim.engine.ensemble import Ensemble, simulate
from cisim.errors import SpecError, did_you_mean
from cisim.theory.measures import MEASURES
from cisim.world.scenario import Scenario

__all__ = [
    "MONEY",
    "MONEY_IN_ALL",
    "OWN",
    "REACHED",
    "Tried",
    "check_trial",
    "outcome_faults",
    "outcome_of",
    "try_plans",
]

Array = np.ndarray[Any, Any]
Progress = Callable[[str, int, int], None]
"""Called with (plan, worlds done, worlds in all)."""

REACHED, MONEY, MONEY_IN_ALL = "reached", "spent", "spent_in_all"
OWN = {
    REACHED: "1 in worlds that reach the target by this month, else 0",
    MONEY: "money that the initiative has spent so far",
    MONEY_IN_ALL: "the same with partners' own time",
}
"""Outcomes beside the measures of the model."""
BASIC = ("severity", "severity_alone", "contribution", "cost_total", *NEEDED)


@dataclass(frozen=True)
class Tried:
    """What came of plans in the same worlds; `ensembles` in the order of `plans`."""

    worlds: Worlds
    plans: tuple[Plan, ...]
    prices: Prices
    ensembles: tuple[Ensemble, ...]

    def path(self, plan: int, outcome: str) -> Array:
        """(worlds, months + 1): one outcome of one plan in every world."""
        return outcome_of(self.ensembles[plan], self.plans[plan], self.prices, outcome)

    def has(self, outcome: str) -> bool:
        """True if the outcome can be told of these runs."""
        return outcome in OWN or outcome in self.ensembles[0].measures

    def keep(self, outcome: str) -> str:
        """What to do so that an outcome can be told."""
        return f"try the plans with outcomes=[{outcome!r}]"

    def at(self, outcome: str, month: int) -> Array:
        """(worlds, plans): one outcome in one month. Raises SpecError for a month beyond the horizon."""
        horizon = len(self.ensembles[0].months) - 1
        if not 0 <= month <= horizon:
            raise SpecError(f"month {month} is not in 0 to {horizon}.", source="Outcome")
        return np.column_stack([self.path(k, outcome)[:, month] for k in range(len(self.plans))])


def outcome_of(ensemble: Ensemble, plan: Plan, prices: Prices, outcome: str) -> Array:
    """(worlds, months + 1): a measure, or one of the outcomes `OWN`. Raises SpecError for an unknown name."""
    if outcome == REACHED:
        hit = ensemble["severity"] <= ensemble.scenario.issue.target
        return np.maximum.accumulate(hit, axis=1).astype(float)
    if outcome in (MONEY, MONEY_IN_ALL):
        return spent(ensemble, plan, prices, "all" if outcome == MONEY_IN_ALL else "initiative")
    if faults := outcome_faults([outcome]):
        raise SpecError(faults, source="Outcome")
    return ensemble[outcome]


def outcome_faults(outcomes: Iterable[str]) -> list[str]:
    """One sentence for every name that is no outcome."""
    known = [*OWN, *MEASURES]
    return [f"no outcome {name!r}.{did_you_mean(name, known)}" for name in outcomes if name not in known]


def try_plans(
    worlds: Worlds,
    plans: Sequence[Plan],
    *,
    prices: Prices | None = None,
    outcomes: Iterable[str] = (),
    threads: int | None = None,
    progress: Progress | None = None,
) -> Tried:
    """Run every plan in every world. outcomes: beside severity, contribution, costs and what prices need.

    Raises SpecError with every fault of outcomes and plans at once, RunError for a run that does not stay finite.
    """
    wanted = tuple(outcomes)
    scenarios = check_trial(worlds, plans, wanted)
    measures = tuple(dict.fromkeys((*BASIC, *(name for name in wanted if name in MEASURES))))
    ensembles = tuple(_ran(worlds, scenario, measures, threads, progress) for scenario in scenarios)
    return Tried(worlds, tuple(plans), prices or Prices(), ensembles)


def check_trial(worlds: Worlds, plans: Sequence[Plan], outcomes: Iterable[str]) -> list[Scenario]:
    """The world with each plan in it. Raises SpecError with every fault of outcomes and plans at once."""
    scenarios, faults = [], outcome_faults(outcomes)
    if not plans:
        faults.append("give at least one plan.")
    for plan in plans:
        faults += [f"plan {plan.name!r}: {fault}" for fault in line_faults(plan)]
        try:
            scenarios.append(plan.on(worlds.scenario))
        except SpecError as error:
            faults += [f"{error.source}: {fault}" for fault in error.faults]
    if faults:
        raise SpecError(faults, source="Plans to try")
    return scenarios


def _ran(
    worlds: Worlds,
    scenario: Scenario,
    measures: Sequence[str],
    threads: int | None,
    progress: Progress | None,
) -> Ensemble:
    return simulate(
        scenario,
        worlds.numbers.tolist(),
        worlds.seed,
        measures=measures,
        parameters=worlds.rows,
        threads=threads,
        progress=None if progress is None else lambda done, all_: progress(scenario.name, done, all_),
    )

"""What a plan costs: what has been spent by each month, and what a plan commits; at prices that are *assumptions*."""

from __future__ import annotations

from typing import Any

import numpy as np

from cisim.decision.plan import BudgetLine, Plan
from cisim.engine.ensemble import Ensemble
from cisim.study.plans.prices import COSTS, DECLARED, NEEDED, PAID, Price, Prices, line_faults
from cisim.theory.parameters import LEVERS

__all__ = [
    "COSTS", "DECLARED", "NEEDED", "PAID", "Price", "Prices", "committed", "line_faults", "spent", "spent_by_line",
]  # fmt: skip

Array = np.ndarray[Any, Any]


def spent_by_line(ensemble: Ensemble, plan: Plan, prices: Prices) -> dict[str, Array]:
    """Money spent so far on each price and budget line, (replicates, months + 1) each; nothing in month 0, the start.

    What is paid by month, for a level or a line, is paid in every month that the coalition begins alive, its last
    one included, as staff time is counted. Raises SpecError if the ensemble lacks one of the measures `NEEDED`.
    """
    open_ = _begun_alive(ensemble["alive"])
    levers = ensemble.scenario.plan().levers()
    told: dict[str, Array] = {}
    for name, declared in DECLARED.items():
        price = float(getattr(prices, name))
        told[name] = price * (
            np.cumsum(levers[declared.of] * open_, axis=1) if declared.of in LEVERS else ensemble[declared.of]
        )
    for line in plan.line:
        told[line.name] = told.get(line.name, 0.0) + np.cumsum(
            _by_month(line, open_.shape[1]) * open_, axis=1
        )
    return told


def committed(levers: Array, plan: Plan, prices: Prices, month: int) -> float:
    """Money of the initiative by the end of `month` if the coalition lives until then: the most that is ever spent.

    levers: the schedule of the plan in its world, LeverRow (months + 1,).
    """
    total = sum(
        float(getattr(prices, name)) * float(levers[lever][1 : month + 1].sum())
        for name, lever in PAID.items()
    )
    return total + sum(float(_by_month(line, month + 1).sum()) for line in plan.line)


def _begun_alive(alive: Array) -> Array:
    """(replicates, months + 1): 1 in every month that begins with the coalition alive, 0 in month 0."""
    open_ = np.zeros(alive.shape)
    open_[:, 1:] = alive[:, :-1]
    return open_


def _by_month(line: BudgetLine, months: int) -> Array:
    """(months,): what the line pays in each month, from month 0."""
    month = np.arange(months)
    return line.amount * ((month >= max(line.month, 1)) & (month <= line.until))


def spent(ensemble: Ensemble, plan: Plan, prices: Prices, payer: str = "initiative") -> Array:
    """Money that one payer has spent so far, (replicates, months + 1); "all" counts partners' time too.

    Budget lines are paid by the initiative.
    """
    total = np.zeros(ensemble["alive"].shape)
    for name, paid in spent_by_line(ensemble, plan, prices).items():
        who = DECLARED[name].payer if name in DECLARED else "initiative"
        if payer in ("all", who):
            total = total + paid
    return total

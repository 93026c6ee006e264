"""What a plan costs: prices of what it uses, and what has been spent by each month.

The model counts staff time; prices turn it into money. No price has a published basis: each is an *assumption*, to be
replaced by a coalition's own. Who pays is told: only what the initiative pays counts against a budget; partners'
own time is reported beside it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np

from cisim.decision.plan import MOST, BudgetLine, Plan
from cisim.engine.ensemble import Ensemble
from cisim.errors import SpecError
from cisim.theory.parameters import LEVERS
from cisim.world.fields import text, whole, within
from cisim.world.record import Record
from cisim.world.toml import dump, parse, text_of

__all__ = [
    "COSTS", "DECLARED", "NEEDED", "PAID", "Price", "Prices", "committed", "line_faults", "spent", "spent_by_line",
]  # fmt: skip

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Price:
    """A declared price. `of`: the measure that counts staff time so far, or the lever whose level is paid by month."""

    name: str
    default: float
    unit: str
    meaning: str
    of: str
    payer: Literal["initiative", "partners"]
    basis: str = "assumption"


DECLARED: dict[str, Price] = {
    price.name: price
    for price in (
        Price("backbone_fte", 7_500.0, "a FTE-month", "backbone staff, with overhead", "cost_backbone", "initiative"),
        Price("pooled_fte", 6_500.0, "a FTE-month", "delivery that pooled money pays", "cost_pooled", "initiative"),
        Price("measurement_system", 3_000.0, "a month at level 1", "running a shared measurement system", "measurement",
              "initiative"),
        Price("agenda_process", 1_500.0, "a month at level 1", "facilitating and keeping up a common agenda", "agenda",
              "initiative"),
        Price("meeting", 400.0, "a meeting", "convening one meeting: rooms, food, travel", "meetings", "initiative"),
        Price("prototyping", 5_000.0, "a month at level 1", "prototypes of a social innovation lab", "prototyping",
              "initiative"),
        Price("partner_meeting_fte", 6_500.0, "a FTE-month", "partners' time in meetings", "cost_meetings", "partners"),
        Price("partner_contact_fte", 6_500.0, "a FTE-month", "partners' time for contact", "cost_contact", "partners"),
        Price("partner_reporting_fte", 6_500.0, "a FTE-month", "partners' time for reporting", "cost_reporting",
              "partners"),
    )
}  # fmt: skip
"""Every price, in the order of a cost table."""

PAID = {
    "backbone_fte": "backbone_staff", "pooled_fte": "pooled_funding", "measurement_system": "measurement",
    "agenda_process": "agenda", "meeting": "meetings", "prototyping": "prototyping",
}  # fmt: skip
"""What the initiative pays in proportion to a lever: price → lever."""

COSTS = tuple(price.of for price in DECLARED.values() if price.of not in LEVERS)
NEEDED = (*COSTS, "alive")
"""The measures that an ensemble must report so that its cost can be told."""

_Money = Annotated[float, within(0, MOST, "of money")]


class Prices(Record):
    """Prices in one currency. Raises SpecError with every fault at once."""

    format: Annotated[Literal[1], whole(1, 1, "(the only format so far)")] = 1
    currency: Annotated[str, text(1, 20)] = "USD"
    backbone_fte: _Money = DECLARED["backbone_fte"].default
    pooled_fte: _Money = DECLARED["pooled_fte"].default
    measurement_system: _Money = DECLARED["measurement_system"].default
    agenda_process: _Money = DECLARED["agenda_process"].default
    meeting: _Money = DECLARED["meeting"].default
    prototyping: _Money = DECLARED["prototyping"].default
    partner_meeting_fte: _Money = DECLARED["partner_meeting_fte"].default
    partner_contact_fte: _Money = DECLARED["partner_contact_fte"].default
    partner_reporting_fte: _Money = DECLARED["partner_reporting_fte"].default

    def to_toml(self) -> str:
        """TOML text with every price, to be edited."""
        return dump({name: getattr(self, name) for name in Prices.model_fields})

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Prices:
        """The prices in a TOML file; what it does not tell keeps its declared value."""
        try:
            return cls(**parse(text_of(path)))
        except SpecError as error:
            raise SpecError(error.faults, source=str(path)) from None


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


def line_faults(plan: Plan) -> list[str]:
    """One sentence for every budget line that bears the name of a price, which would be added to it unseen."""
    return [
        f"budget line {line.name!r} has the name of a price; give it another."
        for line in plan.line
        if line.name in DECLARED
    ]


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

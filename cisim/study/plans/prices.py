"""Prices: what the parts of a plan cost.

The model counts staff time; prices turn it into money. No price has a published basis: each is an *assumption*, to be
replaced by a coalition's own. Who pays is told: only what the initiative pays counts against a budget; partners'
own time is reported beside it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Annotated, Literal

from cisim.errors import SpecError
from cisim.study.plans.plan import MOST, Plan
from cisim.theory.parameters import LEVERS
from cisim.world.fields import text, whole, within
from cisim.world.record import Record
from cisim.world.toml import dump, parse, text_of

__all__ = ["COSTS", "DECLARED", "NEEDED", "PAID", "Price", "Prices", "line_faults"]


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


def line_faults(plan: Plan) -> list[str]:
    """One sentence for every budget line that bears the name of a price, which would be added to it unseen."""
    return [
        f"budget line {line.name!r} has the name of a price; give it another."
        for line in plan.line
        if line.name in DECLARED
    ]

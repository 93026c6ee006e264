"""How the page of evidence stands behind a difference between two plans: which observed patterns concern it.

A pattern backs the model for certain values of unknown numbers only where fewer than half of the other plausible
settings show it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cisim.decision.report.wording import Grade
from cisim.theory.parameters import LEVERS
from cisim.world.scenario import Scenario

__all__ = ["CONCERNS", "PATTERNS", "Pattern", "concerned", "differing_levers", "grade_of"]


class Pattern(NamedTuple):
    """A pattern of the page of evidence: its number, what it says, its verdict, and how many settings show it."""

    number: int
    says: str
    verdict: str
    shown: int
    settings: int

    @property
    def grade(self) -> Grade:
        """How this pattern alone backs the model."""
        if self.verdict != "holds":
            return "against"
        return "backed" if 2 * self.shown >= self.settings else "partly"


PATTERNS = (
    Pattern(1, "A backbone makes a hub.", "holds", 48, 50),
    Pattern(10, "Losing the backbone hurts diffusion before contact.", "holds", 11, 50),
    Pattern(11, "Effectiveness needs age, the conditions, and money or a backbone.", "holds", 32, 50),
    Pattern(12, "Partners change first, systems next, the population last; effects fade without support.", "holds",
            50, 50),
    Pattern(13, "After funding ends a few coalitions in a hundred dissolve each year.", "holds", 50, 50),
    Pattern(14, "Together the five conditions give more than the sum of each alone.", "fails", 7, 50),
    Pattern(15, "Information spreads mostly indirectly, commitment only directly.", "holds", 45, 50),
    Pattern(16, "Shared measurement is a modest gain.", "holds", 49, 50),
    Pattern(17, "Slower, phased inclusion beats everyone at once.", "fails", 0, 50),
    Pattern(18, "Finite central capacity is a bottleneck.", "holds", 37, 50),
    Pattern(19, "Success is real but bounded, and it takes years.", "holds", 13, 50),
)  # fmt: skip
"""From docs/evidence.md, those that concern levers or outcomes; a test holds both together."""

ALWAYS = (12, 19)
"""What concerns every difference in severity: that it takes years, and how large success is."""
CONCERNS: dict[str, tuple[int, ...]] = {
    "agenda": (14,), "measurement": (14, 16), "coordination": (14,), "meetings": (14, 15),
    "backbone_staff": (1, 10, 11, 18), "pooled_funding": (11,), "funded": (13,),
    "membership": (17,),
}  # fmt: skip
"""Which patterns concern a lever, or the months in which partners join. *Assumption*: our reading."""


def differing_levers(a: Scenario, b: Scenario) -> tuple[str, ...]:
    """The levers that differ between two plans in any month, and "membership" or "events" where these differ."""
    first, second = a.plan(), b.plan()
    one, other = first.levers(), second.levers()
    found = [name for name in LEVERS if not np.array_equal(one[name], other[name])]
    kinds = [{event.kind for event in scenario.event if _moves_no_lever(event.kind)} for scenario in (a, b)]
    if ("partner-joins" in kinds[0]) != ("partner-joins" in kinds[1]):
        found.append("membership")
    if kinds[0] - {"partner-joins"} != kinds[1] - {"partner-joins"}:
        found.append("events")
    return tuple(found)


def concerned(levers: Sequence[str]) -> tuple[Pattern, ...]:
    """The patterns that concern a difference in these levers, by number."""
    numbers = {number for lever in levers for number in CONCERNS.get(lever, ())} | set(ALWAYS)
    return tuple(pattern for pattern in PATTERNS if pattern.number in numbers)


def grade_of(levers: Sequence[str]) -> Grade:
    """How far evidence backs the model where these levers make the difference: as far as the weakest pattern goes.

    Not backed: no pattern concerns any of the levers. A lever without a pattern beside others does not lower it.
    """
    if not any(CONCERNS.get(lever) for lever in levers):
        return "not backed"
    grades = {pattern.grade for pattern in concerned(levers)}
    return "against" if "against" in grades else "partly" if "partly" in grades else "backed"


def _moves_no_lever(kind: str) -> bool:
    return not kind.endswith("-lever") and kind not in _LEVER_EVENTS


_LEVER_EVENTS = {
    "hire-backbone-staff", "cut-backbone-staff", "backbone-closes", "funder-enters", "funder-leaves",
    "launch-shared-measurement", "drop-shared-measurement",
}  # fmt: skip

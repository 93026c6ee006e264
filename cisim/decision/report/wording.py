"""What may be said, given the interval of a difference and how well evidence backs the model in it.

One table holds every verb of advice; a report takes its words from here and nowhere else.
"""

from __future__ import annotations

from typing import Literal

from cisim.decision.estimates import Estimate

__all__ = [
    "ADVICE", "BACKING", "CLAIMS", "GRADES", "NEVER_SAID", "STRENGTHS", "Grade", "Strength", "advice", "claim",
    "strength_of",
]  # fmt: skip

Strength = Literal["reliably", "mostly", "on average", "alike", "unclear"]
"""How a plan does against another: better, with which share of worlds; as good as; or not to be told."""
Grade = Literal["backed", "partly", "not backed", "against"]
"""How observed patterns back the model where two plans differ (see `standing`)."""

STRENGTHS: tuple[Strength, ...] = ("reliably", "mostly", "on average", "alike", "unclear")
GRADES: tuple[Grade, ...] = ("backed", "partly", "not backed", "against")

RELIABLY, MOSTLY = 0.9, 2 / 3
"""Least share of worlds, by the low end of its interval, for "nearly all" and for "most". *Assumption*."""

CLAIMS: dict[Strength, str] = {
    "reliably": "In nearly all of {worlds} simulated worlds {plan} leaves less of the problem than {than}",
    "mostly": "In most of {worlds} simulated worlds {plan} leaves less of the problem than {than}",
    "on average": "On average over {worlds} simulated worlds, though not in most of them taken one by one, {plan} leaves "
    "less of the problem than {than}",
    "alike": "Over {worlds} simulated worlds {plan} and {than} differ by less than what matters",
    "unclear": "Over {worlds} simulated worlds {plan} and {than} cannot be told apart",
}
"""What may be said of a plan against another."""

BACKING: dict[Grade, str] = {
    "backed": "patterns observed in real coalitions back the model where these plans differ",
    "partly": "patterns observed in real coalitions back the model where these plans differ, but some of them only for "
    "certain values of numbers that nobody has measured",
    "not backed": "no observed pattern backs the model where these plans differ",
    "against": "the model fails an observed pattern that concerns where these plans differ",
}
"""How evidence stands behind the model."""

_CHOOSE, _PREFER, _LEAN = "Choose", "Prefer", "Lean towards"
_COST, _NONE = "On cost alone, take", "Do not decide this by the model. It would put first"
ADVICE: dict[tuple[Strength, Grade], str] = {
    ("reliably", "backed"): _CHOOSE,
    ("reliably", "partly"): _PREFER,
    ("reliably", "not backed"): _LEAN,
    ("mostly", "backed"): _PREFER,
    ("mostly", "partly"): _LEAN,
    ("mostly", "not backed"): _LEAN,
    ("on average", "backed"): _LEAN,
    ("on average", "partly"): _LEAN,
    ("on average", "not backed"): _LEAN,
    **{(strength, grade): _COST for strength in ("alike", "unclear") for grade in GRADES},
    **{(strength, "against"): _NONE for strength in ("reliably", "mostly", "on average")},
}
"""The strongest verb that a result of this strength and grade carries."""

NEVER_SAID = (
    "prove", "proof that", "guarantee", "certain to", "will reach", "will reduce", "causes", "ensures", "significant",
)  # fmt: skip
"""No report of a simulation says these of a plan."""


def strength_of(better: Estimate, share: Estimate, least: float) -> Strength:
    """How much better a plan does. better: the paired difference, above 0 is better; share: worlds where it is better.

    least: the smallest difference that matters; an interval within it on both sides is "alike".
    """
    if not better.bounded:
        return "unclear"
    if -least < better.low and better.high < least:
        return "alike"
    if better.low <= 0:
        return "unclear"
    if share.low >= RELIABLY:
        return "reliably"
    return "mostly" if share.low >= MOSTLY else "on average"


def advice(strength: Strength, grade: Grade) -> str:
    """The verb of advice."""
    return ADVICE[strength, grade]


def claim(strength: Strength, *, worlds: str, plan: str, than: str) -> str:
    """What may be said of a plan against another."""
    return CLAIMS[strength].format(worlds=worlds, plan=plan, than=than)

"""Which way an outcome is better: less of it, more of it, or neither (a description, not a success)."""

from __future__ import annotations

from typing import Literal

from cisim.decision.trying import OWN
from cisim.errors import SpecError, did_you_mean
from cisim.theory.measures import MEASURES

__all__ = ["BETTER", "Better", "better_of", "sign_of"]

Better = Literal["less", "more", "neither"]

_LESS = (
    "severity", "severity_observed", "agenda_error", "load", "exits", "low_trust", "cost_backbone", "cost_meetings",
    "cost_contact", "cost_reporting", "cost_pooled", "cost_total", "cost_per_contribution", "spent", "spent_in_all",
)  # fmt: skip
_MORE = (
    "contribution", "system_change", "effective_work", "target_share", "reached", "engagement", "practice", "output",
    "alive", "agenda_consensus", "indicator_coverage", "alignment", "reinforcement", "coordination_reached",
    "backbone_support", "backbone_reach", "members", "joins", "trust_mean", "high_trust", "trust_in_contacts",
    "trust_reciprocity", "collaboration",
)  # fmt: skip
BETTER: dict[str, Better] = {
    name: "less" if name in _LESS else "more" if name in _MORE else "neither" for name in (*OWN, *MEASURES)
}
"""By outcome. *Assumption*: what a coalition wants; figures of the network's form are neither."""


def better_of(outcome: str) -> Better:
    """Which way an outcome is better. Raises SpecError for an unknown name."""
    if outcome not in BETTER:
        raise SpecError(f"no outcome {outcome!r}.{did_you_mean(outcome, BETTER)}", source="Outcome")
    return BETTER[outcome]


def sign_of(outcome: str) -> float:
    """1 where more is better, -1 where less is, NaN where neither."""
    return {"more": 1.0, "less": -1.0, "neither": float("nan")}[better_of(outcome)]

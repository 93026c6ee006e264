"""What the Desk compares: measures as a strategist calls them. Units and which way is better stand with the measures."""

from __future__ import annotations

from dataclasses import dataclass

from cisim.decision.directions import better_of
from cisim.decision.trying import REACHED as REACHED_NAME
from cisim.theory.measures import MEASURES

__all__ = ["DESK_OUTCOMES", "REACHED", "AsDeclared", "DeskOutcome"]


class AsDeclared:
    """What is known of an outcome by its name alone: its unit, and which way it is better."""

    name: str

    @property
    def unit(self) -> str:
        """As the measure is declared; the target reached is no measure."""
        return "share of worlds" if self.name == REACHED_NAME else MEASURES[self.name].unit

    @property
    def better(self) -> str:
        """ "less", "more", or "" where neither is better."""
        better = better_of(self.name)
        return "" if better == "neither" else better


@dataclass(frozen=True)
class DeskOutcome(AsDeclared):
    """An outcome: the measure, and what a strategist calls it.

    noun: how a sentence calls it. most: what the axis reaches at least. part: true for one purpose of the whole
    cost, of which no course over time is drawn.
    """

    name: str
    label: str
    noun: str
    tier: str
    most: float = 0.0
    part: bool = False


def _cost(name: str, label: str, noun: str) -> DeskOutcome:
    return DeskOutcome(name, label, noun, "cost", part=True)


DESK_OUTCOMES = (
    DeskOutcome("severity", "Severity of the problem", "severity", "population", 1.0),
    DeskOutcome("contribution", "What the coalition took away", "the coalition's contribution", "population"),
    DeskOutcome(
        "system_change", "Change of policies and services", "change of policies and services", "system"
    ),
    DeskOutcome("effective_work", "Effective joint work", "effective joint work", "system"),
    DeskOutcome("engagement", "Engagement of partners", "engagement", "early", 1.0),
    DeskOutcome("trust_in_contacts", "Trust in the partners they meet", "trust", "early", 1.0),
    DeskOutcome("agenda_consensus", "Agreement on the agenda", "agreement on the agenda", "early", 1.0),
    DeskOutcome("indicator_coverage", "Use of shared indicators", "use of shared indicators", "early", 1.0),
    DeskOutcome("alignment", "Work that fits the joint plan", "alignment of activities", "early", 1.0),
    DeskOutcome("members", "Members", "membership", "early"),
    DeskOutcome("cost_total", "Cost so far, as staff time", "cost", "cost"),
    _cost("cost_backbone", "Backbone staff", "the cost of backbone staff"),
    _cost("cost_meetings", "Members' time in meetings", "the cost of meetings"),
    _cost("cost_contact", "Partners' time for contact", "the cost of contact"),
    _cost("cost_reporting", "Members' time for reporting", "the cost of reporting"),
    _cost("cost_pooled", "Pooled delivery funding", "pooled delivery funding"),
)

REACHED = DeskOutcome(REACHED_NAME, "Target reached by then", "reaching the target", "population", 1.0)
"""Not a measure: whether severity came down to the target by a month."""

"""What the Desk compares."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DESK_OUTCOMES", "REACHED", "DeskOutcome"]


@dataclass(frozen=True)
class DeskOutcome:
    """An outcome: the measure, what a strategist calls it, and which way is better ("" for neither).

    noun: how a sentence calls it. most: what the axis reaches at least. part: true for one purpose of the whole
    cost, of which no course over time is drawn.
    """

    name: str
    label: str
    noun: str
    unit: str
    tier: str
    better: str
    most: float = 0.0
    part: bool = False


DESK_OUTCOMES = (
    DeskOutcome(
        "severity", "Severity of the problem", "severity", "share of start", "population", "less", 1.0
    ),
    DeskOutcome(
        "contribution",
        "What the coalition took away",
        "the coalition's contribution",
        "share of start",
        "population",
        "more",
    ),
    DeskOutcome(
        "system_change",
        "Change of policies and services",
        "change of policies and services",
        "needs covered",
        "system",
        "more",
    ),
    DeskOutcome(
        "effective_work", "Effective joint work", "effective joint work", "share of need", "system", "more"
    ),
    DeskOutcome("engagement", "Engagement of partners", "engagement", "share", "early", "more", 1.0),
    DeskOutcome(
        "trust_in_contacts", "Trust in the partners they meet", "trust", "share", "early", "more", 1.0
    ),
    DeskOutcome(
        "agenda_consensus",
        "Agreement on the agenda",
        "agreement on the agenda",
        "share",
        "early",
        "more",
        1.0,
    ),
    DeskOutcome(
        "indicator_coverage",
        "Use of shared indicators",
        "use of shared indicators",
        "share",
        "early",
        "more",
        1.0,
    ),
    DeskOutcome(
        "alignment", "Work that fits the joint plan", "alignment of activities", "share", "early", "more", 1.0
    ),
    DeskOutcome("members", "Members", "membership", "members", "early", ""),
    DeskOutcome("cost_total", "Cost so far, as staff time", "cost", "FTE-months", "cost", "less"),
    DeskOutcome(
        "cost_backbone",
        "Backbone staff",
        "the cost of backbone staff",
        "FTE-months",
        "cost",
        "less",
        part=True,
    ),
    DeskOutcome(
        "cost_meetings",
        "Members' time in meetings",
        "the cost of meetings",
        "FTE-months",
        "cost",
        "less",
        part=True,
    ),
    DeskOutcome(
        "cost_contact",
        "Partners' time for contact",
        "the cost of contact",
        "FTE-months",
        "cost",
        "less",
        part=True,
    ),
    DeskOutcome(
        "cost_reporting",
        "Members' time for reporting",
        "the cost of reporting",
        "FTE-months",
        "cost",
        "less",
        part=True,
    ),
    DeskOutcome(
        "cost_pooled",
        "Pooled delivery funding",
        "pooled delivery funding",
        "FTE-months",
        "cost",
        "less",
        part=True,
    ),
)

REACHED = DeskOutcome(
    "reached", "Target reached by then", "reaching the target", "share of worlds", "population", "more", 1.0
)
"""Not a measure: whether severity came down to the target by a month."""

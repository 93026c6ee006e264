"""What the Stage shows, declared once: outcomes by tier, conditions, and the measures that runs must report."""

from __future__ import annotations

from dataclasses import dataclass

from cisim.app.drawing.desk_outcomes import DESK_OUTCOMES, AsDeclared

__all__ = ["CONDITIONS", "OUTCOMES", "RECORDED", "ConditionShown", "OutcomeShown"]


@dataclass(frozen=True)
class OutcomeShown(AsDeclared):
    """An outcome over time: the measure, what a room calls it, and its axis; unit and direction are the measure's own.

    low to high: the axis as long as nothing goes beyond; it then grows in steps of `step`. decimals: of what is
    sent. alone: the measure that says the same of the world without the coalition.
    """

    name: str
    label: str
    tier: str
    low: float
    high: float
    step: float
    decimals: int = 3
    alone: str = ""


OUTCOMES = (
    OutcomeShown("trust_in_contacts", "Trust in the partners they meet", "early", 0, 1, 0.2),
    OutcomeShown("monthly_density", "Pairs of partners that meet about monthly", "early", 0, 0.6, 0.2),
    OutcomeShown("alignment", "Work that fits the joint plan", "system", 0, 1, 0.2),
    OutcomeShown("system_change", "Change of policies and services", "system", -0.1, 0.3, 0.1, 4),
    OutcomeShown("severity", "Severity of the problem (100 % = at the start)", "population", 0, 1.4, 0.2, alone="severity_alone"),
    OutcomeShown("contribution", "What the coalition took away from it", "population", -0.1, 0.4, 0.1, 4),
    OutcomeShown("cost_total", "Cost so far, as staff time", "cost", 0, 600, 200, 0),
)  # fmt: skip
"""In the order in which change is expected: early, system, population; then what it costs."""


@dataclass(frozen=True)
class ConditionShown:
    """A condition: the lever that puts it in place, and the measure that says what it achieved.

    full: the value of the lever that fills the bar; for the backbone, FTE for each partner.
    """

    lever: str
    label: str
    full: float
    measure: str
    achieved_text: str


CONDITIONS = (
    ConditionShown("agenda", "Common agenda", 1, "agenda_consensus",
                   "How alike members see what the problem needs: full when all agree with the shared agenda."),
    ConditionShown("measurement", "Shared measurement", 1, "indicator_coverage",
                   "How far members really use the common indicators, larger members counting more."),
    ConditionShown("coordination", "Mutually reinforcing activities", 1, "coordination_reached",
                   "How far members follow their part in the joint plan rather than their own mission."),
    ConditionShown("meetings", "Continuous communication", 2, "monthly_density",
                   "Pairs of organizations that are in contact about monthly or more often, of all that could be."),
    ConditionShown("backbone_staff", "Backbone support", 0.12, "backbone_support",
                   "How much of the backbone's help reaches a member: it takes contact with it, and trust in it."),
)  # fmt: skip
"""The five conditions. Full bars for meetings and staff are what the preset collective-impact puts in place."""

_STORIES = ("severity_observed", "alive")  # what a partner sees, and whether there still is a coalition

RECORDED: tuple[str, ...] = tuple(
    dict.fromkeys(
        [
            *(outcome.name for outcome in OUTCOMES),
            *(outcome.alone for outcome in OUTCOMES if outcome.alone),
            *(condition.measure for condition in CONDITIONS),
            *(outcome.name for outcome in DESK_OUTCOMES),
            *_STORIES,
        ]
    )
)
"""Every measure that a run of the app reports; one list for all pages, so that they share their runs."""

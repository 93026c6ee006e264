"""The state of a coalition: named numbers of organizations, ties, the initiative and the issue.

Each field is declared once, with its axis, range and meaning. The state lives once, in four structured
arrays; an agent of the Mesa model is a view of a row. Dense and sparse coalitions share this form: a
tie is a *possible* pair, and `incident` lists, for each organization, its ties in order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

__all__ = [
    "FUNCTIONS",
    "INITIATIVE",
    "ISSUE",
    "ORGANIZATION",
    "TIE",
    "Field",
    "State",
    "incidence",
    "row_type",
]

FUNCTIONS = ("agenda", "activities", "measurement", "communication")
"""The backbone's four functions."""


@dataclass(frozen=True)
class Field:
    """One named number of the state. `width` "K": one a workstream; 2: one for each side of a tie."""

    name: str
    meaning: str
    low: float = 0.0
    high: float = 1.0
    width: str | int = 1
    integer: bool = False
    simplex: bool = False
    given: bool = False  # may be given by a scenario; NaN there means "drawn for each replicate"


def _f(name: str, meaning: str, low: float = 0, high: float = 1, **more: Any) -> Field:
    return Field(name, meaning, low, high, **more)


INF = float("inf")

ORGANIZATION = (  # what a phase reads together lies together: large coalitions do not fit in a cache
    _f("address", "address of its random draws; depends on its id alone", 0, 2**32, integer=True),
    _f("is_backbone", "1 for the backbone", integer=True),
    _f("member", "1 while it is a member of the initiative", integer=True),
    _f("relational_capacity", "contacts a month that it can sustain", 0, INF, given=True),
    _f("engagement", "how much of its capacity it really gives", given=True),
    *(_f(f"help_{name}", f"help of the backbone with {name}") for name in FUNCTIONS),
    _f("attention", "total weight of its contacts and of the outside option", 0, INF),
    _f("share", "contacts a month that it gives for a unit of weight", 0, INF),
    _f("propensity", "present propensity to trust", given=True),
    _f("reputation", "mean trust that others hold in it"),
    _f("new_representative", "1 if its representative changed this month", integer=True),
    _f("contact_total", "contacts a month in all", 0, INF),
    _f("contact_trust", "mean trust in its contacts, by closeness"),
    _f("met", "closeness of all contacts with partners (within a month)", 0, INF),
    _f("reach", "members it is in contact with, by closeness", 0, INF),
    _f("holders", "existing organizations that hold trust in it (within a month)", 0, INF),
    _f("practice", "quality of practice", given=True),
    _f("lesson", "practice to learn from contacts (within a month)", 0, INF),
    _f("lesson_weight", "weight of that", 0, INF),
    _f("alignment", "alignment of its activities with its role (members)"),
    _f("reinforcement", "gain of output by trusted complementary partners", 0, INF),
    _f("pull_weight", "sum of those weights", 0, INF),
    _f("pull", "sum of trusted contacts' framings, weighted (within a month)", 0, INF, width="K"),
    _f("framing", "what it believes the problem needs", width="K", simplex=True, given=True),
    _f("portfolio", "what it does now", width="K", simplex=True, given=True),
    _f("sector", "number of its sector", 0, INF, integer=True),
    _f("present", "1 while the organization exists", integer=True),
    _f("may_join", "1 if it would accept an invitation one day", integer=True),
    _f("tenure", "months as a member", 0, INF, integer=True),
    _f("capacity", "staff for this issue, FTE", 0, INF, given=True),
    _f("engagement_alone", "the same in the world without the coalition"),
    _f("adoption", "use of the common indicators"),
    _f("practice_alone", "the same in the world without the coalition"),
    _f("propensity_level", "the level its propensity returns to"),
    _f("popularity", "how strongly it attracts first contacts (lognormal, median 1)", 0, INF),
    _f("coordination", "coordination reached: how far it follows its role"),
    _f("load", "staff time for meetings, contact and reporting over capacity", 0, INF),
    _f("output", "work delivered, FTE", 0, INF),
    _f("balance", "felt benefit less cost of being a member", -INF, INF),
    _f("left_this_month", "1 if it left the initiative this month", integer=True),
    _f("joined_this_month", "1 if it joined this month", integer=True),
    _f("room", "contacts a month that it can sustain with partners", 0, INF),
    _f("mission", "what it would do alone", width="K", simplex=True, given=True),
    _f("strength", "what it excels at: its mission, sharpened", width="K", simplex=True),
    _f("framing_origin", "what it believed at the start", width="K", simplex=True),
    _f("role", "its role in the plan", width="K", simplex=True),
)

TIE = (
    _f("i", "row of one organization", 0, INF, integer=True),
    _f("j", "row of the other, j > i", 0, INF, integer=True),
    _f("same_sector", "1 within a sector"),
    _f("trust", "trust of i in j, of j in i", width=2, given=True),
    _f("contact", "contacts a month", 0, INF, given=True),
    _f("affinity", "how much the everyday work of the two has to do with each other (median 1)", 0, INF),
    _f("silence", "chance that a month passes without contact, exp(-contact)"),
    _f("collaboration", "joint work: 0 none, 1/3 informal, 2/3 formal, 1 several projects", given=True),
    _f("agreement", "agreement of the two framings"),
    _f("shared_work", "overlap of the two portfolios"),
    _f("value", "worth of the contact to i, to j (within a month)", 0, INF, width=2),
)

INITIATIVE = (
    _f("execution", "share of what is put in place that is carried out"),
    _f("alive", "1 until the coalition dissolves", integer=True),
    _f("formed", "1 once it had enough members to last", integer=True),
    _f("members", "members, backbone not counted", 0, INF, integer=True),
    _f("gone", "partners that no longer exist", 0, INF, integer=True),
    _f("coverage", "indicator use, weighted by members' capacity"),
    _f("visibility", "share of progress that is seen"),
    _f("progress", "visible progress"),
    _f("wins", "feeling of early wins"),
    _f("exits", "members that left this month", 0, INF, integer=True),
    _f("joins", "organizations that joined this month", 0, INF, integer=True),
    _f("staff_cost", "backbone staff so far, FTE-months", 0, INF),
    _f("meeting_cost", "partners' time in meetings so far, FTE-months", 0, INF),
    _f("contact_cost", "partners' time for contact so far, FTE-months", 0, INF),
    _f("reporting_cost", "partners' time for reporting so far, FTE-months", 0, INF),
    _f("pooled_cost", "pooled delivery funding so far, FTE-months", 0, INF),
    _f("agenda", "the emerging common agenda", width="K", simplex=True),
    _f("factors", "column factors of the plan (warm start)", 0, INF, width="K"),
)

ISSUE = (
    _f("required", "effort that the whole need takes, FTE", 0, INF),
    _f("effective", "effective work over what is required", 0, INF),
    _f("effective_alone", "the same in the world without the coalition", 0, INF),
    _f("system", "system change", 0, INF),
    _f("system_alone", "the same in the world without the coalition", 0, INF),
    _f("system_start", "system change that the status quo rests on", 0, INF),
    _f("severity", "population indicator: 1 at the start, 0 solved", 0, INF),
    _f("severity_alone", "the same in the world without the coalition", 0, INF),
    _f("severity_observed", "the indicator as published, with noise", 0, INF),
    _f("drift", "exogenous change of log severity so far", -INF, INF),
    _f("target", "severity to be reached", 0, 1),
    _f("need", "the true mix of work that the problem requires", width="K", simplex=True, given=True),
    _f("blind_spot", "log error in how the whole community sees the need", -INF, INF, width="K"),
)


class State(NamedTuple):
    """One coalition in one month; rows are views, nothing is copied.

    organizations (n + 1; the backbone is last), ties, initiative (1), issue (1), levers (1):
    structured arrays. incident (2 × ties): the ties of organization i, in order, are
    incident[starts[i]:starts[i + 1]].
    """

    organizations: Any
    ties: Any
    initiative: Any
    issue: Any
    levers: Any
    incident: Any
    starts: Any


def row_type(fields: Iterable[Field], workstreams: int) -> np.dtype[Any]:
    """The NumPy type of a row with these fields."""

    def column(field: Field) -> tuple[Any, ...]:
        kind = np.int64 if field.integer else np.float64
        width = workstreams if field.width == "K" else field.width
        return (field.name, kind) if width == 1 else (field.name, kind, (width,))

    return np.dtype([column(field) for field in fields])


def incidence(i: np.ndarray, j: np.ndarray, organizations: int) -> tuple[np.ndarray, np.ndarray]:
    """(incident, starts) of the possible ties i[t]–j[t]: for each organization its ties in order."""
    ends = np.concatenate([i, j])
    ties = np.tile(np.arange(len(i), dtype=np.int64), 2)
    order = np.lexsort((ties, ends))
    starts = np.zeros(organizations + 1, dtype=np.int64)
    np.cumsum(np.bincount(ends, minlength=organizations), out=starts[1:])
    return ties[order], starts

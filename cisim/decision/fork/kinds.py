"""Every kind of happening, declared once: what it is read from, and how it is said.

A happening is a change, from one month to the next, of something that can be read off a run: a threshold crossed,
a decision taken. Contact counts from about once a year on, as in the measures. To add a kind, add one record to `KINDS`; the log, its difference, the cascade, the story, the
pictures and the shares over worlds then know it. Thresholds and weights are *assumptions*.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from cisim.decision.fork.history import Run
from cisim.theory.measures.network import ANY, MONTHLY, WEEKLY

__all__ = ["GROUPS", "HIGH_TRUST", "KINDS", "LOW_TRUST", "Group", "Kind", "Of", "Way"]

Array = np.ndarray[Any, Any]
State = Callable[[Run], Array]
Of = Literal["tie", "side", "organization", "coalition"]
Way = Literal["up", "down", "turns", "is"]
Group = Literal[
    "contact", "trust", "joint work", "engagement", "work and indicators", "membership", "coalition"
]

LOW_TRUST, HIGH_TRUST = 0.4, 0.7  # as the measures low_trust and high_trust
ENGAGED, ADOPTED, ALIGNED, COORDINATED = 0.5, 0.5, 0.8, 0.2


@dataclass(frozen=True)
class Kind:
    """A kind of happening, read off `state` (months + 1, entities) when it goes up, goes down, turns, or is 1.

    of: whose state it is: a tie's, a side of a tie (a trusts b), an organization's, the coalition's. phase: the phase
    of the month in which it mostly comes about. says: a clause with {a}, {b}, and {k} for a workstream. title: the
    same as a heading. weight: how much it tells a strategist, before how early, lasting and central it is.
    standing: what lasts of it, if not `state`.
    """

    name: str
    group: Group
    of: Of
    phase: str
    way: Way
    says: str
    title: str
    weight: float
    state: State
    standing: State | None = None

    @property
    def stays(self) -> State:
        """What is compared between two runs to tell how long a difference lasts."""
        return self.standing or self.state


def _tie(field: str, least: float | None = None) -> State:
    """A field of ties, or whether it is at least `least`."""

    def state(run: Run) -> Array:
        values = run.ties[field]
        return np.asarray(values if least is None else values >= least)

    return state


def _partner(field: str, least: float | None = None) -> State:
    """A field of partners (the backbone has a constant 0), or whether it is at least `least`."""

    def state(run: Run) -> Array:
        values = run.organizations[field].copy()
        values[:, -1] = 0
        return np.asarray(values if least is None else values >= least)

    return state


def _first(field: str, backbone: bool) -> State:
    """The workstream that has most of a mix: of the backbone, who carries the agenda, or of each partner."""

    def state(run: Run) -> Array:
        first = run.organizations[field].argmax(axis=-1)
        if backbone:
            return np.asarray(first[:, -1:])
        first[:, -1] = 0
        return np.asarray(first)

    return state


def _alive(run: Run) -> Array:
    return run["alive"][:, None] > 0.0


def _reached(run: Run) -> Array:
    """Whether the target has been reached by a month, once or for good."""
    return np.maximum.accumulate(run["severity"] <= run.scenario.issue.target)[:, None]


_contact, _monthly, _weekly = _tie("contact", ANY), _tie("contact", MONTHLY), _tie("contact", WEEKLY)
_low, _high, _joint = _tie("trust", LOW_TRUST), _tie("trust", HIGH_TRUST), _tie("collaboration")
_member, _present = _partner("member"), _partner("present")
_engaged, _adopted = _partner("engagement", ENGAGED), _partner("adoption", ADOPTED)
_aligned, _coordinated = _partner("alignment", ALIGNED), _partner("coordination", COORDINATED)

_DECLARED = (
    Kind("partner-ends", "membership", "organization", "events", "down", "{a} becomes part of another partner",
         "A partner becomes part of another", 8, _present),
    Kind("contact-begins", "contact", "tie", "contact", "up", "contact between {a} and {b} begins",
         "Contact begins", 2, _contact),
    Kind("contact-lapses", "contact", "tie", "contact", "down", "contact between {a} and {b} lapses",
         "Contact lapses", 2, _contact),
    Kind("contact-monthly", "contact", "tie", "contact", "up", "{a} and {b} come to meet monthly",
         "Contact becomes monthly", 2, _monthly),
    Kind("contact-below-monthly", "contact", "tie", "contact", "down", "{a} and {b} no longer meet monthly",
         "Contact falls below monthly", 2, _monthly),
    Kind("contact-weekly", "contact", "tie", "contact", "up", "{a} and {b} come to meet weekly",
         "Contact becomes weekly", 3, _weekly),
    Kind("contact-below-weekly", "contact", "tie", "contact", "down", "{a} and {b} no longer meet weekly",
         "Contact falls below weekly", 3, _weekly),
    Kind("trust-falls-low", "trust", "side", "trust", "down", "trust of {a} in {b} falls below 0.4",
         "Trust falls below 0.4", 3, _low),
    Kind("trust-leaves-low", "trust", "side", "trust", "up", "trust of {a} in {b} recovers to 0.4",
         "Trust recovers to 0.4", 2, _low),
    Kind("trust-rises-high", "trust", "side", "trust", "up", "trust of {a} in {b} reaches 0.7",
         "Trust reaches 0.7", 2, _high),
    Kind("trust-leaves-high", "trust", "side", "trust", "down", "trust of {a} in {b} falls below 0.7",
         "Trust falls below 0.7", 2, _high),
    Kind("joint-work-deepens", "joint work", "tie", "trust", "up", "joint work of {a} and {b} deepens",
         "Joint work deepens", 2, _joint),
    Kind("joint-work-goes-back", "joint work", "tie", "trust", "down", "joint work of {a} and {b} goes back",
         "Joint work goes back", 2, _joint),
    Kind("priority-turns", "work and indicators", "organization", "agenda", "turns",
         "{a} comes to see {k} as what is needed most", "A partner sees another first priority", 2,
         _first("framing", False)),
    Kind("agenda-shifts", "coalition", "coalition", "agenda", "turns",
         "{k} becomes the first priority of the common agenda", "The agenda's first priority changes", 20,
         _first("framing", True)),
    Kind("work-turns", "work and indicators", "organization", "activities", "turns",
         "{a} comes to do more of {k} than of anything else", "A partner's main work changes", 3,
         _first("portfolio", False)),
    Kind("coordination-rises", "work and indicators", "organization", "activities", "up",
         "{a} comes to follow the common plan by 20 % or more", "Coordination rises above 0.2", 2, _coordinated),
    Kind("coordination-falls", "work and indicators", "organization", "activities", "down",
         "{a} follows the common plan by less than 20 %", "Coordination falls below 0.2", 3, _coordinated),
    Kind("alignment-rises", "work and indicators", "organization", "activities", "up",
         "80 % or more of the work of {a} comes to fit its role in the plan", "Alignment rises to 0.8", 2, _aligned),
    Kind("alignment-falls", "work and indicators", "organization", "activities", "down",
         "less than 80 % of the work of {a} fits its role in the plan", "Alignment falls below 0.8", 3, _aligned),
    Kind("adoption-rises", "work and indicators", "organization", "measurement", "up",
         "{a} comes to use half of the common indicators", "Indicator use rises to half", 2, _adopted),
    Kind("adoption-falls", "work and indicators", "organization", "measurement", "down",
         "{a} uses less than half of the common indicators", "Indicator use falls below half", 3, _adopted),
    Kind("target-reached", "coalition", "coalition", "issue", "up", "the target is reached",
         "The target is reached", 40, _reached),
    Kind("engagement-rises", "engagement", "organization", "engagement", "up",
         "engagement of {a} rises to half of its capacity", "Engagement rises to 0.5", 3, _engaged),
    Kind("engagement-falls", "engagement", "organization", "engagement", "down",
         "engagement of {a} falls below half of its capacity", "Engagement falls below 0.5", 4, _engaged),
    Kind("member-joins", "membership", "organization", "membership", "is", "{a} joins",
         "A member joins", 6, _partner("joined_this_month"), _member),
    Kind("member-leaves", "membership", "organization", "membership", "is", "{a} leaves",
         "A member leaves", 8, _partner("left_this_month"), _member),
    Kind("new-representative", "membership", "organization", "membership", "is", "{a} sends a new representative",
         "A new representative", 1, _partner("new_representative")),
    Kind("coalition-dissolves", "coalition", "coalition", "membership", "down", "the coalition dissolves",
         "The coalition dissolves", 50, _alive),
)  # fmt: skip

KINDS: dict[str, Kind] = {kind.name: kind for kind in _DECLARED}
"""In the order of the phases of the month; kinds of one month are told in this order."""
GROUPS: tuple[Group, ...] = (
    "contact", "trust", "joint work", "engagement", "work and indicators", "membership", "coalition",
)  # fmt: skip

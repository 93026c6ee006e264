"""Events that change members, ties or the world directly; lever changes are in the schedule.

An event of `world/events.py` lowers itself into these few effects, so both engines and every event share
one text. Codes are append-only. Assumption: the sizes; the directions follow model.md §6.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cisim.theory.rules.membership import kept_by_successor
from cisim.theory.rules.trust import prior_trust
from cisim.theory.state import State

__all__ = ["EFFECT", "EFFECTS", "apply_effect"]

EFFECTS: dict[str, int] = {
    "trust_between": 1,  # a, b, x: trust of a and b in each other times 1 - x
    "trust_in": 2,  # a, x: others' trust in a times 1 - x
    "membership": 3,  # a, x: 1 joins, 0 leaves
    "representative": 4,  # a, x: share x of personal trust in, and contact with, a is lost
    "capacity": 5,  # a, x: capacity times x
    "issue_shock": 6,  # x: change of log severity, in both worlds
    "policy_window": 7,  # x: system change grows by x times effective work, each world by its own
    "merge": 8,  # a, b: b becomes part of a
    "backbone_moves": 9,  # x: share x of trust in, and contact with, the backbone is lost
    "engagement": 10,  # a, x: engagement becomes x
}

EFFECT = np.dtype(
    [("month", np.int64), ("code", np.int64), ("a", np.int64), ("b", np.int64), ("x", np.float64)]
)

TRUST_BETWEEN = EFFECTS["trust_between"]
TRUST_IN = EFFECTS["trust_in"]
MEMBERSHIP = EFFECTS["membership"]
REPRESENTATIVE = EFFECTS["representative"]
CAPACITY = EFFECTS["capacity"]
ISSUE_SHOCK = EFFECTS["issue_shock"]
POLICY_WINDOW = EFFECTS["policy_window"]
MERGE = EFFECTS["merge"]
BACKBONE_MOVES = EFFECTS["backbone_moves"]
ENGAGEMENT = EFFECTS["engagement"]


def apply_effect(s: State, code: int, a: int, b: int, x: float) -> None:
    """Apply one effect to the state. a, b: rows of organizations; x: see EFFECTS."""
    issue = s.issue[0]
    if code in (TRUST_BETWEEN, TRUST_IN):
        break_trust(s, a, b, x)
    elif code == MEMBERSHIP:
        set_membership(s, a, x)
    elif code == REPRESENTATIVE:
        lose_ties(s, a, x)
    elif code == BACKBONE_MOVES:
        lose_ties(s, s.organizations.shape[0] - 1, x)
    elif code == CAPACITY:
        s.organizations[a].capacity *= x
    elif code == ENGAGEMENT:
        s.organizations[a].engagement = x
    elif code == ISSUE_SHOCK:
        issue.drift += x
    elif code == POLICY_WINDOW:
        issue.system += x * issue.effective
        issue.system_alone += x * issue.effective_alone
    elif code == MERGE:
        merge(s, a, b)


def set_membership(s: State, a: int, member: float) -> None:
    """Make an existing organization a member (1), while there is a coalition, or not (0)."""
    organization = s.organizations[a]
    if organization.present == 1 and s.initiative[0].alive == 1:
        if member > 0.5 and organization.member == 0:
            organization.member = 1
            organization.tenure = 0
            organization.balance = 0.0
            organization.joined_this_month = 1
        elif member < 0.5 and organization.member == 1:
            organization.member = 0
            organization.left_this_month = 1


def break_trust(s: State, a: int, b: int, x: float) -> None:
    """Trust in a loses the share x: everybody's if b is -1; else b's in a and a's in b."""
    for at in range(s.starts[a], s.starts[a + 1]):
        tie = s.ties[s.incident[at]]
        other = tie.j if tie.i == a else tie.i
        if b < 0 or other == b:
            own = 0 if tie.i == a else 1
            tie.trust[1 - own] *= 1.0 - x
            if b >= 0:
                tie.trust[own] *= 1.0 - x


def lose_ties(s: State, a: int, x: float) -> None:
    """The share x of what was personal is lost: trust on both sides of a's ties, and contact.

    A successor inherits neither warmth nor grudges: trust moves to what it would be without experience.
    """
    for at in range(s.starts[a], s.starts[a + 1]):
        tie = s.ties[s.incident[at]]
        other = tie.j if tie.i == a else tie.i
        for side in range(2):
            holder = tie.i if side == 0 else tie.j
            held_in = a + other - holder
            prior = prior_trust(s.organizations[held_in].reputation, s.organizations[holder].propensity)
            tie.trust[side] = kept_by_successor(tie.trust[side], prior, x)
        tie.contact *= 1.0 - x
        tie.silence = math.exp(-tie.contact)


def merge(s: State, a: int, b: int) -> None:
    """b becomes part of a: staff, membership and, where a could have a tie too, b's ties."""
    into, gone = s.organizations[a], s.organizations[b]
    if gone.present == 0 or into.present == 0 or a == b:
        return
    into.capacity += gone.capacity
    set_membership(s, a, float(max(into.member, gone.member)))
    for at in range(s.starts[b], s.starts[b + 1]):
        old = s.ties[s.incident[at]]
        other = old.j if old.i == b else old.i
        for into_at in range(s.starts[a], s.starts[a + 1]):
            new = s.ties[s.incident[into_at]]
            if other != a and (new.i == other or new.j == other):
                new.contact = max(new.contact, old.contact)
                new.collaboration = max(new.collaboration, old.collaboration)
                new.silence = math.exp(-new.contact)
        old.contact = 0.0
        old.collaboration = 0.0
        old.silence = 1.0
    s.initiative[0].gone += 1
    gone.present = 0
    gone.member = 0
    gone.capacity = 0.0
    gone.relational_capacity = 0.0
    gone.engagement = 0.0
    gone.adoption = 0.0
    gone.coordination = 0.0


RULES = {"apply_effect": apply_effect}
CHOICES: dict[str, dict[str, dict[str, Any]]] = {}
SOURCES: dict[str, str] = {}
VARIANT_SOURCES: dict[tuple[str, str], dict[str, str]] = {}

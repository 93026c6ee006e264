"""The five conditions as achieved, which is not the same as put in place."""

from __future__ import annotations

import math
from typing import Any

from cisim.theory.measures.declare import measure
from cisim.theory.measures.network import MONTHLY


@measure("share", 0, 1, "1 - mean over members of ½‖b_i - g‖₁, by capacity")
def agenda_consensus(s: Any, p: Any) -> float:
    """How close members' framings are to the emerging agenda (0 if there are no members)."""
    agenda = s.initiative[0].agenda
    total = 0.0
    weight = 0.0
    for i in range(s.organizations.shape[0]):
        row = s.organizations[i]
        if row.member == 1:
            distance = 0.0
            for k in range(agenda.shape[0]):
                distance += abs(row.framing[k] - agenda[k])
            total += row.capacity * (1.0 - 0.5 * distance)
            weight += row.capacity
    return total / weight if weight > 0.0 else 0.0


@measure("distance", 0, 1, "½‖g - n‖₁")
def agenda_error(s: Any, p: Any) -> float:
    """How far the emerging agenda is from the true need: the agenda can be wrong."""
    agenda = s.initiative[0].agenda
    need = s.issue[0].need
    distance = 0.0
    for k in range(agenda.shape[0]):
        distance += abs(agenda[k] - need[k])
    return 0.5 * distance


@measure("share", 0, 1, "Σ k_i q_i / Σ k_i over members")
def indicator_coverage(s: Any, p: Any) -> float:
    """Use of the common indicators by members, by capacity."""
    return s.initiative[0].coverage


@measure("share", 0, 1, "Σ k_i ℓ_i / Σ k_i over members, ℓ_i = 1 - ½‖a_i - r_i‖₁")
def alignment(s: Any, p: Any) -> float:
    """Alignment of members' activities with their roles in the plan, by capacity."""
    return member_mean(s, 0)


@measure("share", 0, math.inf, "Σ k_i reinforcement_i / Σ k_i over members")
def reinforcement(s: Any, p: Any) -> float:
    """Gain of output by mutually reinforcing activities, by capacity."""
    return member_mean(s, 1)


@measure("share", 0, 1, "Σ k_i κ_i / Σ k_i over members")
def coordination_reached(s: Any, p: Any) -> float:
    """How far members follow their roles rather than their own missions, by capacity."""
    return member_mean(s, 2)


@measure("share", 0, 1, "mean help with the four functions over members")
def backbone_support(s: Any, p: Any) -> float:
    """Help that members get from the backbone, mean over its four functions."""
    total = 0.0
    members = 0
    for i in range(s.organizations.shape[0]):
        row = s.organizations[i]
        if row.member == 1:
            helped = row.help_agenda + row.help_activities + row.help_measurement
            total += 0.25 * (helped + row.help_communication)
            members += 1
    return total / members if members > 0 else 0.0


@measure("share", 0, 1, "members in monthly contact with the backbone / members")
def backbone_reach(s: Any, p: Any) -> float:
    """Share of members that the backbone meets about monthly or more often."""
    backbone = s.organizations.shape[0] - 1
    reached = 0
    for at in range(s.starts[backbone], s.starts[backbone + 1]):
        tie = s.ties[s.incident[at]]
        if s.organizations[tie.i].member == 1 and tie.contact >= MONTHLY:
            reached += 1
    members = s.initiative[0].members
    return reached / members if members > 0 else 0.0


def member_mean(s: Any, which: int) -> float:
    """Mean by capacity over members of alignment (0), reinforcement (1) or coordination (2)."""
    total = 0.0
    weight = 0.0
    for i in range(s.organizations.shape[0]):
        row = s.organizations[i]
        if row.member == 1:
            value = row.coordination
            if which == 0:
                value = row.alignment
            elif which == 1:
                value = row.reinforcement
            total += row.capacity * value
            weight += row.capacity
    return total / weight if weight > 0.0 else 0.0

"""Measures of the organizations: engagement, membership, practice, load, influence."""

from __future__ import annotations

import math
from typing import Any

from cisim.theory.measures.declare import measure


@measure("share", 0, 1, "Σ k_i e_i / Σ k_i over partners")
def engagement(s: Any, p: Any) -> float:
    """Engagement of all partners, by capacity."""
    return partner_mean(s, 0)


@measure("share", 0, 1, "Σ k_i θ_i / Σ k_i over partners")
def practice(s: Any, p: Any) -> float:
    """Quality of practice of all partners, by capacity."""
    return partner_mean(s, 1)


@measure("share of capacity", 0, math.inf, "Σ k_i load_i / Σ k_i over partners")
def load(s: Any, p: Any) -> float:
    """Partners' time for meetings, contact and reporting over their capacity."""
    return partner_mean(s, 2)


@measure("FTE", 0, math.inf, "Σ output_i")
def output(s: Any, p: Any) -> float:
    """Work that all partners deliver."""
    total = 0.0
    for i in range(s.organizations.shape[0]):
        total += s.organizations[i].output
    return total


@measure("members", 0, math.inf)
def members(s: Any, p: Any) -> float:
    """Members of the initiative, backbone not counted."""
    return float(s.initiative[0].members)


@measure("members", 0, math.inf)
def exits(s: Any, p: Any) -> float:
    """Members that left this month."""
    return float(s.initiative[0].exits)


@measure("members", 0, math.inf)
def joins(s: Any, p: Any) -> float:
    """Organizations that joined this month."""
    return float(s.initiative[0].joins)


@measure("representatives", 0, math.inf)
def new_representatives(s: Any, p: Any) -> float:
    """Organizations whose representative changed this month."""
    total = 0
    for i in range(s.organizations.shape[0]):
        total += s.organizations[i].new_representative
    return float(total)


@measure("0 or 1", 0, 1)
def alive(s: Any, p: Any) -> float:
    """1 until the coalition dissolves."""
    return float(s.initiative[0].alive)


@measure("share", 0, 1, "Gini of (capacity × reputation) over members")
def influence_concentration(s: Any, p: Any) -> float:
    """How unequally members' weight in the coalition is spread: 0 all equal, towards 1 one alone."""
    count = s.organizations.shape[0]
    total = 0.0
    differences = 0.0
    members = 0
    for i in range(count):
        a = s.organizations[i]
        if a.member == 1:
            weight = a.capacity * a.reputation
            total += weight
            members += 1
    if total <= 0.0 or members < 2:
        return 0.0
    weights = [0.0 for _ in range(members)]
    at = 0
    for i in range(count):
        a = s.organizations[i]
        if a.member == 1:
            weights[at] = a.capacity * a.reputation
            at += 1
    weights.sort()
    for at in range(members):
        differences += (2.0 * (at + 1) - members - 1.0) * weights[at]
    return differences / (members * total)


def partner_mean(s: Any, which: int) -> float:
    """Mean by capacity over partners of engagement (0), practice (1) or load (2)."""
    total = 0.0
    weight = 0.0
    for i in range(s.organizations.shape[0] - 1):
        row = s.organizations[i]
        value = row.engagement
        if which == 1:
            value = row.practice
        elif which == 2:
            value = row.load
        total += row.capacity * value
        weight += row.capacity
    return total / weight if weight > 0.0 else 0.0

"""Plan: roles nearest to what each partner excels at that together cover the agenda.

Minimal Kullback–Leibler change of the strengths s (missions, sharpened by `specialization`) subject to rows
summing to 1 and `Σ_i k_i r_ik = g_k Σ_i k_i`: iterative proportional fitting, r_ik = s_ik · u_i · v_k. Roles equal
the strengths when the agenda equals their capacity-weighted mean.

Source: Deming & Stephan 1940 (iterative proportional fitting); each partner undertakes the activities at which it
excels, Kania & Kramer 2011; its use as a plan, assumption.
"""

from __future__ import annotations

from typing import Any

import numpy as np

PLAN_ROUNDS = 60
PLAN_TOLERANCE = 1e-9  # of total capacity


def assign_roles(organizations: Any, agenda: Any, factors: Any, rounds: int, tolerance: float) -> int:
    """Write the roles of all members (others keep their mission); return the rounds it took.

    organizations (n + 1 rows): reads member, capacity, strength, mission; writes role. agenda (K): column targets.
    factors (K): column factors v, kept from month to month as a warm start. Both margins hold within
    `tolerance` (relative) on return, or `rounds` were used up. Strengths must be positive.
    """
    width = agenda.shape[0]
    count = organizations.shape[0]
    total = 0.0
    for i in range(count):
        row = organizations[i]
        if row.member == 1:
            total += row.capacity
        else:
            for k in range(width):
                row.role[k] = row.mission[k]
    if total <= 0.0:
        return 0
    covered = np.empty(width)
    used = 0
    gap = 1.0
    while used < rounds and gap > tolerance:
        gap = 0.0
        used += 1
        fit_rows(organizations, factors)
        for k in range(width):
            covered[k] = 0.0
        for i in range(count):
            row = organizations[i]
            if row.member == 1:
                for k in range(width):
                    covered[k] += row.capacity * row.role[k]
        for k in range(width):
            wanted = agenda[k] * total
            if covered[k] > 0.0:
                gap = max(gap, abs(covered[k] - wanted) / total)
                factors[k] = factors[k] * wanted / covered[k]
    fit_rows(organizations, factors)
    return used


def fit_rows(organizations: Any, factors: Any) -> None:
    """Write role ∝ strength · factors for each member, summing to 1 (the strength, if that is nothing)."""
    width = factors.shape[0]
    for i in range(organizations.shape[0]):
        row = organizations[i]
        if row.member == 1:
            total = 0.0
            for k in range(width):
                total += row.strength[k] * factors[k]
            for k in range(width):
                row.role[k] = row.strength[k] * factors[k] / total if total > 0.0 else row.strength[k]


RULES = {"assign_roles": assign_roles}
CHOICES: dict[str, dict[str, dict[str, Any]]] = {}
SOURCES: dict[str, str] = {
    "deming1940": "roles by iterative proportional fitting",
    "kania2011": "each partner undertakes the activities at which it excels",
}
VARIANT_SOURCES: dict[tuple[str, str], dict[str, str]] = {}

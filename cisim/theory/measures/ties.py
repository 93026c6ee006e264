"""Measures of trust and joint work, over the ties of partners that exist."""

from __future__ import annotations

import math
from typing import Any

from cisim.theory.measures.declare import measure
from cisim.theory.measures.network import ANY


@measure("share", 0, 1, "mean of T_ij over possible ties of partners")
def trust_mean(s: Any, p: Any) -> float:
    """Mean trust of partners in each other, over all pairs that could meet."""
    return trust_moment(s, False)


@measure("share", 0, 0.5, "SD of T_ij over possible ties of partners")
def trust_spread(s: Any, p: Any) -> float:
    """Spread of partners' trust in each other."""
    return trust_moment(s, True)


@measure("share of ties", 0, 1, "share of T_ij < 0.4")
def low_trust(s: Any, p: Any) -> float:
    """Share of directed pairs of partners with trust below 0.4."""
    return trust_share(s, 0.0, 0.4)


@measure("share of ties", 0, 1, "share of T_ij >= 0.7")
def high_trust(s: Any, p: Any) -> float:
    """Share of directed pairs of partners with trust of at least 0.7."""
    return trust_share(s, 0.7, 2.0)


@measure("share", 0, 1, "mean of closeness-weighted trust over partners")
def trust_in_contacts(s: Any, p: Any) -> float:
    """Partners' trust in those they really meet."""
    total = 0.0
    count = 0
    for i in range(s.organizations.shape[0] - 1):
        row = s.organizations[i]
        if row.present == 1:
            total += row.contact_trust
            count += 1
    return total / count if count > 0 else 0.0


@measure("share", 0, 1, "Σ min(T_ij, T_ji) / Σ max(T_ij, T_ji)")
def trust_reciprocity(s: Any, p: Any) -> float:
    """How mutual trust is, over pairs of partners in contact; 1 if always equal, 0 without contact."""
    least = 0.0
    most = 0.0
    backbone = s.organizations.shape[0] - 1
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        if tie.j != backbone and tie.contact >= ANY:
            least += min(tie.trust[0], tie.trust[1])
            most += max(tie.trust[0], tie.trust[1])
    return least / most if most > 0.0 else 0.0


@measure("share", 0, 1, "mean over partner pairs in contact")
def collaboration(s: Any, p: Any) -> float:
    """Joint work of partners in contact with each other."""
    total = 0.0
    count = 0
    backbone = s.organizations.shape[0] - 1
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        if tie.j != backbone and tie.contact >= ANY:
            total += tie.collaboration
            count += 1
    return total / count if count > 0 else 0.0


@measure("share", 0, 1, "mean over partner pairs of Σ_k min(a_ik, a_jk)")
def shared_work(s: Any, p: Any) -> float:
    """Overlap of what two partners do, mean over pairs that could meet."""
    total = 0.0
    count = 0
    backbone = s.organizations.shape[0] - 1
    all_here = s.initiative[0].gone == 0
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        if tie.j != backbone and (
            all_here or s.organizations[tie.i].present * s.organizations[tie.j].present == 1
        ):
            total += tie.shared_work
            count += 1
    return total / count if count > 0 else 0.0


def trust_moment(s: Any, spread: bool) -> float:
    """Mean, or SD, of trust over the directed possible ties of partners."""
    total = 0.0
    squares = 0.0
    count = 0
    backbone = s.organizations.shape[0] - 1
    all_here = s.initiative[0].gone == 0
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        if tie.j != backbone and (
            all_here or s.organizations[tie.i].present * s.organizations[tie.j].present == 1
        ):
            total += tie.trust[0] + tie.trust[1]
            squares += tie.trust[0] * tie.trust[0] + tie.trust[1] * tie.trust[1]
            count += 2
    if count == 0:
        return 0.0
    mean = total / count
    return math.sqrt(max(0.0, squares / count - mean * mean)) if spread else mean


def trust_share(s: Any, low: float, high: float) -> float:
    """Share of directed possible ties of partners with low <= trust < high."""
    inside = 0
    count = 0
    backbone = s.organizations.shape[0] - 1
    all_here = s.initiative[0].gone == 0
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        if tie.j != backbone and (
            all_here or s.organizations[tie.i].present * s.organizations[tie.j].present == 1
        ):
            for side in range(2):
                if low <= tie.trust[side] < high:
                    inside += 1
            count += 2
    return inside / count if count > 0 else 0.0

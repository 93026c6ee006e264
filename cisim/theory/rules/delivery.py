"""Delivery: what partners get done, and how the workstreams combine against the need.

Coverage of workstream k is y_k = O_k / (n_k · required); the whole is the CES mean with need shares n:
`Y = (Σ n_k y_k^ρ)^(1/ρ)`. ρ = 1: linear, allocation does not matter; ρ → −∞: the minimum, the weakest
part limits all; ρ → 0: Cobb–Douglas. If the work lies as the need lies, Y = ΣO / required for every ρ.

Source: CES, Arrow et al. 1961; costs and reinforcement, assumption.
"""

from __future__ import annotations

import math
from typing import Any


def complement(collaboration: float, trust: float, shared_work: float, other_alignment: float) -> float:
    """How much a partner reinforces one's work: joint, trusted, different parts of the same plan."""
    return collaboration * trust * (1.0 - shared_work) * other_alignment


def reinforcement(complements: float, coordination: float, p: Any) -> float:
    """Gain of output by complementary partners, 0 to `reinforcement_most`; 0 without coordination."""
    filled = 1.0 - math.exp(-complements / p.reinforcement_half)
    return p.reinforcement_most * coordination * filled


def meeting_time(meetings: float, attendance: float, p: Any) -> float:
    """Staff time in convened meetings, FTE."""
    return p.meeting_cost * meetings * attendance


def contact_time(contacts: float, p: Any) -> float:
    """Staff time for contacts, FTE."""
    return p.contact_cost * contacts


def reporting_time(level: float, adoption: float, p: Any) -> float:
    """Staff time for indicator reporting, FTE."""
    return p.reporting_cost * level * adoption


def overhead(load: float, prototyping: float, p: Any) -> float:
    """Share of capacity lost to coordination: load, convex above a comfortable level, at most 0.95."""
    above = max(0.0, load - p.comfortable_load)
    lost = load + p.load_convexity * above * above + p.prototyping_cost * prototyping
    return min(0.95, lost)


def organization_output(
    staff: float, engagement: float, practice: float, reinforcement: float, overhead: float
) -> float:
    """Work delivered, FTE: staff × engagement × practice × (1 + reinforcement) × (1 − overhead)."""
    return staff * engagement * practice * (1.0 + reinforcement) * (1.0 - overhead)


def ces_term(need: float, work: float, required: float, p: Any) -> float:
    """Workstream k's term of the CES sum. Near ρ = 0 it is the log form (Cobb–Douglas)."""
    if need <= 0.0:
        return 0.0
    covered = max(1e-12, work / (need * required))
    if abs(p.substitution) < 1e-9:
        return need * math.log(covered)
    return need * math.pow(covered, p.substitution)


def ces_whole(total: float, p: Any) -> float:
    """Effective work from the CES sum, relative to what is required."""
    if abs(p.substitution) < 1e-9:
        return math.exp(total)
    return math.pow(total, 1.0 / p.substitution)


def linear_term(need: float, work: float, required: float, p: Any) -> float:
    """Workstreams replace each other: work counts wherever it is done."""
    return work / required


def linear_whole(total: float, p: Any) -> float:
    """Effective work is the sum."""
    return total


def add(total: float, term: float) -> float:
    """Terms add up."""
    return total + term


def minimum_term(need: float, work: float, required: float, p: Any) -> float:
    """Coverage of one workstream; one that nobody needs does not limit."""
    return work / (need * required) if need > 0.0 else 1e300


def least(total: float, term: float) -> float:
    """The weakest workstream limits the whole."""
    return min(total, term)


def zero() -> float:
    """Start of a sum."""
    return 0.0


def unlimited() -> float:
    """Start of a minimum."""
    return 1e300


RULES = {
    "complement": complement,
    "reinforcement": reinforcement,
    "meeting_time": meeting_time,
    "contact_time": contact_time,
    "reporting_time": reporting_time,
    "overhead": overhead,
    "organization_output": organization_output,
}
CHOICES: dict[str, dict[str, dict[str, Any]]] = {
    "delivery": {
        "ces": {
            "work_start": zero, "work_term": ces_term, "work_join": add, "work_whole": ces_whole,
        },
        "linear": {
            "work_start": zero, "work_term": linear_term, "work_join": add, "work_whole": linear_whole,
        },
        "minimum": {
            "work_start": unlimited, "work_term": minimum_term, "work_join": least,
            "work_whole": linear_whole,
        },
    }
}  # fmt: skip
SOURCES: dict[str, str] = {}
VARIANT_SOURCES: dict[tuple[str, str], dict[str, str]] = {
    ("delivery", "ces"): {"arrow1961": "workstreams combine with constant elasticity of substitution"}
}

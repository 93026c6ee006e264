"""Mutually reinforcing activities: how far a partner follows its role in the plan.

`a ← a + rate · [κ r + (1 − κ) m − a]`; the coordination κ needs the lever, a way to be reached (contact
with the coalition, or the backbone's support) and the will (engagement × trust × agreement).

Source: form, assumption.
"""

from __future__ import annotations

import math
from typing import Any


def coordination(
    level: float,
    reach: float,
    help_received: float,
    engagement: float,
    trust: float,
    agreement: float,
    p: Any,
) -> float:
    """Coordination reached, κ in [0, 1]: lever × reach or support × will. 0 without the lever.

    The will is the geometric mean of engagement, trust and agreement.
    """
    unaided = p.unaided_coordination * reach
    supported = unaided + (1.0 - unaided) * help_received
    return level * supported * math.pow(engagement * trust * agreement, 1.0 / 3.0)


def realigned(now: float, role: float, mission: float, coordination: float, p: Any) -> float:
    """One component of a portfolio, a month later; rows stay on the simplex."""
    return now + p.realignment_rate * (coordination * role + (1.0 - coordination) * mission - now)


RULES = {"coordination": coordination, "realigned": realigned}
CHOICES: dict[str, dict[str, dict[str, Any]]] = {}
SOURCES: dict[str, str] = {}
VARIANT_SOURCES: dict[tuple[str, str], dict[str, str]] = {}

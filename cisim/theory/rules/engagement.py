"""Engagement: how much of itself an organization gives, and what it makes of being a member.

A member's engagement moves to logistic(base + (progress seen + trust + agreement + early wins) · met − load);
an organization on its own to logistic(base). met is the chance of direct contact in a month: information may
come from shared data, commitment comes from meeting others.

Source: form and weights, assumption; direct contact carries commitment, scd2021.
"""

from __future__ import annotations

import math
from typing import Any

from cisim.theory.rules.shapes import logistic


def engagement_alone(p: Any) -> float:
    """Engagement that an organization returns to on its own."""
    return logistic(p.engagement_base)


def engagement_goal(
    progress: float, trust: float, agreement: float, wins: float, contacts: float, load: float, p: Any
) -> float:
    """Engagement that a member moves to. Trust counts against the usual propensity, agreement against what is expected.

    contacts: a month, with anybody; a member that meets nobody is moved by load alone.
    """
    moved = (
        p.engagement_by_progress * progress
        + p.engagement_by_trust * (trust - p.trust_mean)
        + p.engagement_by_agreement * (agreement - p.agreement_expected)
        + p.engagement_by_wins * wins
    )
    met = 1.0 - math.exp(-contacts)
    return logistic(p.engagement_base + moved * met - p.engagement_by_load * load)


def next_engagement(engagement: float, goal: float, p: Any) -> float:
    """Engagement, a month later; fixed point: `goal`."""
    return engagement + p.engagement_rate * (goal - engagement)


def visible_progress(severity: float, visibility: float) -> float:
    """Fall of the published indicator below its start, as far as it is seen; 0 if it rose."""
    return visibility * max(0.0, 1.0 - severity)


def early_wins(system: float, status_quo: float, p: Any) -> float:
    """Feeling of early wins, in [0, 1): system change above the status quo; 0 if there is none."""
    return 1.0 - math.exp(-max(0.0, system - status_quo) / p.wins_scale)


def net_benefit(
    trust: float, help_received: float, reinforcement: float, progress: float, load: float, p: Any
) -> float:
    """What a member makes of belonging: trusted contact, help, reinforced work, progress, less load.

    Counted against `benefit_expected`, below which belonging is not worth the effort.
    """
    gained = (trust - p.trust_mean) + help_received + reinforcement + progress
    return gained - load - p.benefit_expected


def next_balance(balance: float, benefit: float, p: Any) -> float:
    """The felt balance follows the present one."""
    return balance + p.balance_rate * (benefit - balance)


RULES = {
    "engagement_alone": engagement_alone,
    "engagement_goal": engagement_goal,
    "next_engagement": next_engagement,
    "visible_progress": visible_progress,
    "early_wins": early_wins,
    "net_benefit": net_benefit,
    "next_balance": next_balance,
}
CHOICES: dict[str, dict[str, dict[str, Any]]] = {}
SOURCES: dict[str, str] = {"scd2021": "direct contact carries commitment"}
VARIANT_SOURCES: dict[tuple[str, str], dict[str, str]] = {}

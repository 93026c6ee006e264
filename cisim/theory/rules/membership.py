"""Membership: leaving, joining, a new representative, the end of the coalition. Chances a month.

Source: leaving after 8–10 months on realised benefits, PARTNER studies; turnover of staff 11–28 % a year;
dissolution after funding about 5 % a year (HCAP, CTC); all other sizes, assumption.
"""

from __future__ import annotations

import math
from typing import Any

from cisim.theory.rules.shapes import logistic


def monthly(rate: float) -> float:
    """Chance in one month of what happens at a yearly rate: 1 − exp(−rate / 12)."""
    return 1.0 - math.exp(-rate / 12.0)


def exit_chance(balance: float, tenure: int, p: Any) -> float:
    """A member leaves: not before its grace is over; twice the yearly rate × logistic(−slope · balance)."""
    if tenure < p.grace:
        return 0.0
    return monthly(2.0 * p.exit_rate * logistic(-p.exit_by_balance * balance))


def join_interest(visibility: float, progress: float, wins: float, contact: float, p: Any) -> float:
    """How much an invited organization wants to join, in [0, 1): what it sees and whom it meets.

    contact: share of a month in which it meets some member. Half at `join_reluctance`.
    """
    seen = visibility * max(progress, wins) + contact
    return seen / (seen + p.join_reluctance) if seen > 0.0 else 0.0


def join_chance(interest: float, invited: int, invitations: float) -> float:
    """An outsider joins: its share of the invitations × interest; expected joins <= invitations."""
    if invited <= 0:
        return 0.0
    return min(1.0, invitations / invited) * interest


def representative_chance(p: Any) -> float:
    """The representative of an organization changes this month."""
    return monthly(p.representative_turnover)


def kept_by_successor(trust: float, prior: float, loss: float) -> float:
    """Trust after a representative changed: the share `loss` of what was personal is gone."""
    return trust + loss * (prior - trust)


def dissolution_chance(members: int, funded: float, p: Any) -> float:
    """The coalition ends: for certain with too few members; at a yearly rate as far as nobody funds it."""
    if members < p.fewest_members:
        return 1.0
    return monthly(p.dissolution_rate * (1.0 - funded))


RULES = {
    "exit_chance": exit_chance,
    "join_interest": join_interest,
    "join_chance": join_chance,
    "representative_chance": representative_chance,
    "kept_by_successor": kept_by_successor,
    "dissolution_chance": dissolution_chance,
}
CHOICES: dict[str, dict[str, dict[str, Any]]] = {}
SOURCES: dict[str, str] = {
    "partner": "members weigh leaving after 8 to 10 months",
    "turnover": "representatives change with staff turnover",
    "hcap": "dissolution after funding ends",
    "ctc": "coalitions that live on after funding ends",
}
VARIANT_SOURCES: dict[tuple[str, str], dict[str, str]] = {}

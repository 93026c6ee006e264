"""The pattern of trust that nobody treats."""

from __future__ import annotations

import numpy as np

from cisim.evidence.observation import trust_item
from cisim.evidence.pattern import Band, Figure, Pattern, Rows
from cisim.evidence.patterns.coalitions import UNTREATED, UNTREATED_FIRST, UNTREATED_LAST
from cisim.evidence.trials import Trials

__all__ = ["UNTREATED_TRUST"]


def answers(trials: Trials, month: int) -> Rows:
    """Every partner's answer to the trust item in a month, (replicates, n)."""
    propensity = trials.at(UNTREATED, month).organizations["propensity"][:, :-1]
    return np.array([trust_item(row, (trials.seed, r, month)) for r, row in enumerate(propensity)])


def moments(trials: Trials) -> Rows:
    """(replicates, 8): of both answers of all partners the sums that means, spreads and correlation need."""
    a, b = answers(trials, UNTREATED_FIRST), answers(trials, UNTREATED_LAST)
    return np.column_stack(
        [np.full(len(a), a.shape[1]), *(x.sum(axis=1) for x in (a, b, a * a, b * b, a * b, b > a, b < a))]
    )


def mean_change(rows: Rows) -> float:
    n, a, b = rows.sum(axis=0)[:3]
    return abs(float(b / n - a / n))


def spread_of_change(rows: Rows) -> float:
    n, a, b, aa, bb, ab = rows.sum(axis=0)[:6]
    return float(np.sqrt((aa + bb - 2 * ab) / n - ((b - a) / n) ** 2))


def correlation(rows: Rows) -> float:
    n, a, b, aa, bb, ab = rows.sum(axis=0)[:6]
    spread = np.sqrt((aa / n - (a / n) ** 2) * (bb / n - (b / n) ** 2))
    return float((ab / n - a * b / n**2) / spread)


UNTREATED_TRUST = Pattern(
    8, "untreated trust", "Trust that nobody works on: a flat mean, restless individuals.",
    (
        Figure("change of the mean", "Change of organizations' mean trust (0 to 10) in two years",
               Band(0.0, 0.5, "berardo2010"), moments, mean_change, "points", seen=0.02, axis="points of 10"),
        Figure("individual change", "How far the trust of single organizations moves in that time (standard deviation)",
               Band(1.5, 2.3, "berardo2010"), moments, spread_of_change, "points", seen=1.93, axis="points of 10"),
        Figure("correlation", "How far the second answer follows the first (correlation)",
               Band(0.35, 0.60, "berardo2010"), moments, correlation, seen=0.48, axis="0: not at all, 1: always"),
        Figure("up", "Share of organizations whose trust rose", Band(0.30, 0.50, "berardo2010"), moments,
               lambda rows: float(rows[:, 6].sum() / rows[:, 0].sum()), seen=0.41, axis="of the organizations", percent=True),
        Figure("down", "Share of organizations whose trust fell", Band(0.30, 0.50, "berardo2010"), moments,
               lambda rows: float(rows[:, 7].sum() / rows[:, 0].sum()), seen=0.37, axis="of the organizations", percent=True),
    ),
    ("berardo2010",),
    reading="No backbone, no condition. The item is an organization's propensity to trust, with an error, rounded.",
)  # fmt: skip

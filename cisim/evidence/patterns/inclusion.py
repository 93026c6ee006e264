"""Patterns of membership: survival after funding, phased inclusion, finite central capacity."""

from __future__ import annotations

import math

import numpy as np

from cisim.evidence.pattern import ABOVE_NOTHING, Band, Figure, Pattern, Rows, RowsOf
from cisim.evidence.patterns.coalitions import (
    AT_ONCE,
    ENDED,
    FIVE_YEARS,
    PHASED,
    TWICE_AS_MANY,
    USUAL_SIZE,
    ended,
)
from cisim.evidence.trials import Trial, Trials

__all__ = ["BOTTLENECK", "PHASED_INCLUSION", "SURVIVAL"]

YEARS = 5
UNFUNDED = ended(ENDED, ENDED + 12 * YEARS)
TEN_YEARS = 120


def alive(trials: Trials) -> Rows:
    """(replicates, 2): alive when funding ends, alive five years later."""
    return trials.measure(UNFUNDED, "alive")[:, [ENDED, ENDED + 12 * YEARS]]


def hazard(rows: Rows) -> float:
    """Coalitions that dissolve a year, of those that were alive."""
    first, last = rows.mean(axis=0)
    return float(-math.log(last / first) / YEARS) if last > 0 else math.inf


def trust_of_members(trials: Trials, trial: Trial) -> Rows:
    """Members' mean trust in those they meet, after five years; NaN where there are none."""
    organizations = trials.at(trial, FIVE_YEARS).organizations[:, :-1]
    member = organizations["member"] == 1
    with np.errstate(invalid="ignore"):
        return np.asarray((organizations["contact_trust"] * member).sum(axis=1) / member.sum(axis=1))


def phased_trust(trials: Trials) -> Rows:
    return trust_of_members(trials, PHASED) - trust_of_members(trials, AT_ONCE)


def phased_members(trials: Trials) -> Rows:
    return (trials.measure(PHASED, "members") - trials.measure(AT_ONCE, "members"))[:, FIVE_YEARS]


def larger(measure: str, month: int) -> RowsOf:
    """A measure with twice as many partners, less the same with as many as usual."""
    return lambda trials: (trials.measure(TWICE_AS_MANY, measure) - trials.measure(USUAL_SIZE, measure))[
        :, month
    ]


SURVIVAL = Pattern(
    13, "survival", "After funding ends a few coalitions in a hundred dissolve each year.",
    (
        Figure("dissolution", "Coalitions that dissolve a year, over five years after funding ends",
               Band(0.03, 0.08, "hcap"), alive, hazard, "per year", seen=0.05,
               axis="of the coalitions, each year", percent=True),
    ),
    ("ctc", "hcap"),
)  # fmt: skip
PHASED_INCLUSION = Pattern(
    17, "phased inclusion", "Slower, phased inclusion beats everyone at once.",
    (
        Figure("trust", "How much more members trust those they meet after five years, if phased",
               Band(ABOVE_NOTHING, 1.0, "johnston2011"), phased_trust, lambda rows: float(np.nanmean(rows[:, 0])),
               axis="0: no difference; trust goes from 0 to 1"),
        Figure("members", "How many more members are left after five years, if phased",
               Band(ABOVE_NOTHING, 50.0, "johnston2011"), phased_members, unit="members",
               axis="members more"),
    ),
    ("johnston2011",), must=False,
    reason="Trust in this model grows with the years that two partners have worked together, and those who come "
    "later have had fewer of them; a smaller first group is helped more by the backbone, but less than that. Johnston "
    "and others let newcomers take over the norms of a group that trusts already, which no rule here does.",
)  # fmt: skip
BOTTLENECK = Pattern(
    18, "bottleneck", "Finite central capacity is a bottleneck.",
    (
        Figure("support per member", "Support that a member gets with twice the partners, less the usual",
               Band(-1.0, -ABOVE_NOTHING, "bitterman2020"), larger("backbone_support", FIVE_YEARS),
               axis="0: no difference; support goes from 0 to 1"),
        Figure("progress", "Change in what is solved after ten years with twice the partners",
               Band(-1.0, -ABOVE_NOTHING, "bitterman2020"), larger("contribution", TEN_YEARS), unit="severity",
               axis="of the problem as it was at the start", percent=True),
    ),
    ("bitterman2020",),
    reading="50 partners against 25, with the same staff.",
)  # fmt: skip

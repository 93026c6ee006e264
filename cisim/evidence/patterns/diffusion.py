"""Patterns of diffusion: practice along ties, information and commitment."""

from __future__ import annotations

from functools import partial

import numpy as np

from cisim.evidence.observation import contact_level, joint_work_level
from cisim.evidence.pattern import ABOVE_NOTHING, Band, Figure, Pattern, Rows
from cisim.evidence.patterns.coalitions import FULL, MATURE, MATURE_MONTH, UNMEASURED, levers
from cisim.evidence.trials import Snapshot, Trial, Trials
from cisim.theory.rules.measurement import passing

__all__ = ["INFORMATION", "PASSING"]

LEVELS = 4
MONTH = 24
LONER, PARTNERS = "partner-1", 25

WITHOUT_BACKBONE = levers("collective-impact", MONTH, {"backbone_staff": 0.0})
MEETING = Trial("a partner that meets others", WITHOUT_BACKBONE, (), (0, MONTH))
CUT_OFF = Trial(
    "a partner that meets nobody",
    WITHOUT_BACKBONE.replace(
        partner=[{"id": LONER, "relational_capacity": 0.0}], roster={"count": PARTNERS},
        tie=[{"between": [LONER, f"partner-{n}"], "contact": 0.0} for n in range(2, PARTNERS + 1)],
    ),
    (), (0, MONTH),
)  # fmt: skip


def passing_by_level(trials: Trials) -> Rows:
    """(replicates, 8): sum of the chances that a practice passes along ties of each level, and their number."""
    rows = np.zeros((trials.replicates, 2 * LEVELS))
    for r, ties in enumerate(trials.at(MATURE, MATURE_MONTH).ties):
        met = ties[(contact_level(ties["contact"]) > 0) | (ties["collaboration"] > 0)]
        level = joint_work_level(met["collaboration"])
        chance = np.vectorize(partial(passing, p=trials.parameters_of(MATURE, r)))(met["collaboration"])
        rows[r, :LEVELS] = np.bincount(level, chance, LEVELS)
        rows[r, LEVELS:] = np.bincount(level, minlength=LEVELS)
    return rows


def chances(rows: Rows) -> Rows:
    sums = rows.sum(axis=0)
    return sums[:LEVELS] / sums[LEVELS:]


def practice_learnt(state: Snapshot) -> Rows:
    """Practice beyond what partners have by their own experience, weighted by capacity, in each replicate."""
    partners = state.organizations[:, :-1]
    gained = partners["practice"] - partners["practice_alone"]
    return (partners["capacity"] * gained).sum(axis=1) / partners["capacity"].sum(axis=1)


def learning(trials: Trials) -> Rows:
    """(replicates, 2): practice learnt with shared data, and without them."""
    return np.column_stack([practice_learnt(trials.at(trial, MONTH)) for trial in (FULL, UNMEASURED)])


def indirect_share(rows: Rows) -> float:
    """Share of what is learnt that comes without direct contact."""
    return float(1.0 - rows[:, 1].mean() / rows[:, 0].mean())


def engagement_won(trials: Trials) -> Rows:
    """(replicates, 2): engagement that one partner gains in two years where it meets others, and where nobody."""
    return np.column_stack([engagement_of_one(trials, trial) for trial in (MEETING, CUT_OFF)])


def engagement_of_one(trials: Trials, trial: Trial) -> Rows:
    first, last = (trials.at(trial, month).organizations["engagement"][:, 0] for month in (0, MONTH))
    return np.asarray(last - first)


def direct_share(rows: Rows) -> float:
    """Share of the gain that is lost without any direct contact, at most 1."""
    return float(1.0 - max(0.0, rows[:, 1].mean()) / rows[:, 0].mean())


PASSING = Pattern(
    4, "passing of practice", "Deeper collaboration carries more diffusion.",
    (
        Figure("no joint work", "Chance a year that a practice passes between two partners without joint work",
               Band(0.0, 0.15, "luke2013"), passing_by_level, lambda rows: float(chances(rows)[0]), seen=0.07,
               axis="chance in a year", percent=True),
        Figure("several projects", "The same for partners with several projects",
               Band(0.75, 1.0, "luke2013"), passing_by_level, lambda rows: float(chances(rows)[-1]), seen=0.88,
               axis="chance in a year", percent=True),
        Figure("smallest step", "Smallest rise from one level of joint work to the next",
               Band(ABOVE_NOTHING, 1.0, "luke2013"), passing_by_level,
               lambda rows: float(np.diff(chances(rows)).min()), seen=0.23,
               axis="more chance in a year", percent=True),
    ),
    ("luke2013",),
)  # fmt: skip
INFORMATION = Pattern(
    15, "information and commitment", "Information spreads mostly indirectly, commitment only directly.",
    (
        Figure("knowledge", "Share of the practice learnt in two years that comes by shared data, not by contact",
               Band(0.80, 1.0), learning, indirect_share,
               axis="of what is learnt", percent=True),
        Figure("commitment", "Share of a partner's gain in engagement that needs direct contact",
               Band(0.90, 1.0), engagement_won, direct_share,
               axis="of the gain", percent=True),
    ),
    ("scd2021",),
    reading='"About 90 %" is read as at least 80 %, "only" as at least 90 %. The source is itself an agent-based '
    "model: this says that two models agree, which is less than a survey would say.",
)  # fmt: skip

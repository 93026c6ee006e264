"""Patterns of ties: turnover, popularity and closure, trust and age."""

from __future__ import annotations

import numpy as np

from cisim.evidence.observation import contact_level, matrices, named_ties
from cisim.evidence.pattern import ABOVE_NOTHING, Band, Figure, Pattern, Rows
from cisim.evidence.patterns.coalitions import UNTREATED, UNTREATED_FIRST, UNTREATED_LAST
from cisim.evidence.trials import Trials

__all__ = ["AGE", "FORMATION", "TURNOVER"]

POPULAR, CLOSED = 5, 2
"""In-degree of the popular; common contacts of a pair that closure can work on."""


def named(trials: Trials, month: int) -> Rows:
    """Whom each partner names in a month, (replicates, n, n)."""
    ties = trials.at(UNTREATED, month).ties
    count = int(ties["j"].max())  # the backbone's row: it has no staff here
    found = []
    for of_replicate in ties:
        contact, _, trust = matrices(of_replicate, count + 1)
        found.append(named_ties(contact[:count, :count], trust[:count, :count]))
    return np.array(found)


def both_waves(trials: Trials) -> tuple[Rows, Rows]:
    return named(trials, UNTREATED_FIRST), named(trials, UNTREATED_LAST)


def kept_of(chosen: Rows, later: Rows) -> Rows:
    """(replicates, 2): how many of the pairs chosen are named at the second wave, and how many there are."""
    return np.column_stack([(chosen & later).sum(axis=(1, 2)), chosen.sum(axis=(1, 2))])


def persistence(trials: Trials) -> Rows:
    first, later = both_waves(trials)
    return kept_of(first, later)


def share(rows: Rows) -> float:
    """All of the first number over all of the second."""
    return float(rows[:, 0].sum() / rows[:, 1].sum())


def ratio(rows: Rows) -> float:
    """One share over another."""
    return float(np.divide(share(rows[:, :2]), share(rows[:, 2:])))


def difference(rows: Rows) -> float:
    """One share less another."""
    return share(rows[:, :2]) - share(rows[:, 2:])


def density_change(trials: Trials) -> Rows:
    density = trials.measure(UNTREATED, "contact_density")
    return np.abs(density[:, UNTREATED_LAST] / density[:, UNTREATED_FIRST] - 1.0)


def by_popularity(trials: Trials) -> Rows:
    first, later = both_waves(trials)
    degree = np.broadcast_to(first.sum(axis=1)[:, None, :], first.shape)
    free = unnamed(first)
    return np.hstack([kept_of(free & (degree >= POPULAR), later), kept_of(free & (degree == 0), later)])


def by_closure(trials: Trials) -> Rows:
    first, later = both_waves(trials)
    linked = (first | first.transpose(0, 2, 1)).astype(int)
    common = linked @ linked
    free = unnamed(first)
    return np.hstack([kept_of(free & (common >= CLOSED), later), kept_of(free & (common == 0), later)])


def by_reciprocity(trials: Trials) -> Rows:
    first, later = both_waves(trials)
    mutual = first & first.transpose(0, 2, 1)
    return np.hstack([kept_of(mutual, later), kept_of(first & ~mutual, later)])


def unnamed(first: Rows) -> Rows:
    """Ordered pairs that are not named at the first wave."""
    return ~first & ~np.eye(first.shape[1], dtype=bool)


def age_and_trust(trials: Trials) -> Rows:
    """Correlation of a tie's age, in half-years, with its mean trust, over ties alive at the end."""
    contact = np.stack(
        [contact_level(trials.at(UNTREATED, month).ties["contact"]) > 0 for month in UNTREATED.months]
    )
    unbroken = np.cumprod(contact[::-1], axis=0).sum(axis=0)
    trust = trials.at(UNTREATED, UNTREATED_LAST).ties["trust"].mean(axis=2)
    return np.array([
        np.corrcoef(age[age > 0], kept[age > 0])[0, 1] for age, kept in zip(unbroken, trust, strict=True)
    ])  # fmt: skip


TURNOVER = Pattern(
    5, "turnover", "Named ties turn over under a stable density.",
    (
        Figure("persistence", "Share of partners' strongest ties that are named again two years later",
               Band(0.35, 0.60, "berardo2010"), persistence, share, seen=0.45, axis="of the ties",
               percent=True),
        Figure("change of density", "Change in the number of pairs in contact over the same two years",
               Band(0.0, 0.50, "berardo2010"), density_change, seen=0.109 / 0.098 - 1,
               axis="more or fewer pairs in contact", percent=True),
    ),
    ("berardo2010",),
    reading="Each partner names the two others whom it meets and trusts most; no condition is in place.",
)  # fmt: skip
FORMATION = Pattern(
    6, "popularity and closure", "Popularity and closure form ties; reciprocated ties last.",
    (
        Figure("popularity", "How much more often new ties go to partners named 5 times or more than to those never named",
               Band(4.0, basis="berardo2010"), by_popularity, ratio, "times", seen=0.315 / 0.024,
               axis="times as often"),
        Figure("closure", "How much more often pairs with 2 common contacts or more form a tie than pairs with none",
               Band(2.0, basis="berardo2010"), by_closure, ratio, "times", axis="times as often"),
        Figure("reciprocity", "How many more ties last if both sides name them",
               Band(ABOVE_NOTHING, 1.0, "berardo2010"), by_reciprocity, difference, seen=0.558 - 0.414,
               axis="more of the ties", percent=True),
    ),
    ("berardo2010",), must=False,
)  # fmt: skip
AGE = Pattern(
    9, "trust and age", "Trust rises a little with the age of a tie.",
    (
        Figure("correlation", "How far older ties are those with more trust (correlation)",
               Band(ABOVE_NOTHING, 0.3, "vanneste2014"), age_and_trust,
               axis="0: not at all, 1: always"),
    ),
    ("vanneste2014",), must=False,
)  # fmt: skip

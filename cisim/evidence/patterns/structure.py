"""Patterns of the network: a hub, density by intensity, contact beside joint work, the loss of the backbone."""

from __future__ import annotations

import numpy as np
from scipy.sparse.csgraph import connected_components
from scipy.stats import rankdata

from cisim.evidence.observation import contact_level, joint_work_level, matrices
from cisim.evidence.pattern import ABOVE_NOTHING, Band, Figure, Pattern, Rows, RowsOf
from cisim.evidence.patterns.coalitions import CLOSED, MATURE, MATURE_MONTH
from cisim.evidence.trials import Trials
from cisim.theory.measures.network import diffusing_collaboration

__all__ = ["BACKBONE_LOST", "CONTACT_AND_WORK", "DENSITY", "HUB"]

ALL, ACTIVE = False, True


def now(measure: str) -> RowsOf:
    """A measure of the mature coalition."""
    return lambda trials: trials.measure(MATURE, measure)[:, MATURE_MONTH]


def weekly_over_any(rows: Rows) -> float:
    """Weekly density over the density of any contact."""
    return float(rows[:, 0].mean() / rows[:, 1].mean())


def densities(trials: Trials) -> Rows:
    return np.column_stack([now("weekly_density")(trials), now("contact_density")(trials)])


def more_central(trials: Trials) -> Rows:
    return now("centralization_monthly")(trials) - now("centralization_any")(trials)


def rank_correlations(among: bool) -> RowsOf:
    """Spearman correlation of a pair's contact and joint work, as a survey would have both, in each replicate."""

    def rows(trials: Trials) -> Rows:
        ties = trials.at(MATURE, MATURE_MONTH).ties
        return np.array([correlation(of_replicate, among) for of_replicate in ties])

    return rows


def correlation(ties: np.ndarray, among_active: bool) -> float:
    contact, work = contact_level(ties["contact"]), joint_work_level(ties["collaboration"])
    chosen = contact > 0 if among_active else np.ones(len(ties), bool)
    ranks = [rankdata(levels[chosen]) for levels in (contact, work)]
    return float(np.corrcoef(*ranks)[0, 1]) if all(np.ptp(rank) for rank in ranks) else np.nan


def nan_mean(rows: Rows) -> float:
    """Mean over the replicates in which it is defined."""
    return float(np.nanmean(rows[:, 0]))


def density_without(trials: Trials, month: int) -> Rows:
    """Density of contact among partners alone in a month, over that of the whole while the backbone was there."""
    before = trials.at(MATURE, MATURE_MONTH).ties
    after = trials.at(MATURE, month).ties
    count = int(before["j"].max())  # the backbone's row
    whole = (contact_level(before["contact"]) > 0).mean(axis=1)
    partners = after["j"][0] < count
    return (contact_level(after["contact"][:, partners]) > 0).mean(axis=1) / whole - 1.0


def parts_lost(trials: Trials, month: int) -> Rows:
    """Parts of the diffusion network of partners alone in a month, less those with the backbone before."""
    before, after = (trials.at(MATURE, when).ties for when in (MATURE_MONTH, month))
    lost = []
    for r, (early, late) in enumerate(zip(before, after, strict=True)):
        least = diffusing_collaboration(trials.parameters_of(MATURE, r))
        lost.append(parts(late, least, False) - parts(early, least, True))
    return np.array(lost)


def parts(ties: np.ndarray, least: float, with_backbone: bool) -> int:
    """Separate parts of the network of ties in contact with joint work of at least `least`."""
    count = int(ties["j"].max()) + 1
    contact, work, _ = matrices(ties, count)
    network = (work >= least) & (contact_level(contact) > 0)
    last = count if with_backbone else count - 1
    return int(connected_components(network[:last, :last], directed=False)[0])


HUB = Pattern(
    1, "hub", "A backbone makes a hub.",
    (
        Figure("degree centralization", "How far the monthly network is a star around one organization",
               Band(0.55, 0.85, "luke2013"), now("centralization_monthly"), seen=0.70,
               axis="0: evenly linked, 1: a perfect star"),
        Figure("members reached", "Share of members that the backbone meets monthly or more often",
               Band(0.90, 1.0, "luke2013"), now("backbone_reach"), seen=1.0, axis="of the members",
               percent=True),
    ),
    ("luke2013", "partner"),
)  # fmt: skip
DENSITY = Pattern(
    2, "density by intensity", "Density falls steeply with the intensity of contact.",
    (
        Figure("weekly over any contact", "Pairs that meet weekly, of all pairs that meet at all",
               Band(0.0, 0.35, "luke2013"), densities, weekly_over_any, seen=0.093 / 0.583,
               axis="of the pairs that meet", percent=True),
        Figure("more central if monthly", "How much more of a star the monthly network is than that of any contact",
               Band(ABOVE_NOTHING, 1.0, "luke2013"), more_central, seen=0.701 - 0.453,
               axis="0: no more of a star, 1: a perfect star instead of none"),
    ),
    ("luke2013",),
)  # fmt: skip
CONTACT_AND_WORK = Pattern(
    3, "contact and joint work", "Contact and joint work move together but are not the same.",
    (
        Figure("all pairs", "How far contact and joint work go together, over all pairs (rank correlation)",
               Band(0.5, 0.8, "luke2013"), rank_correlations(ALL), nan_mean, seen=0.69,
               axis="0: not at all, 1: always"),
        Figure("pairs in contact", "The same, among pairs in contact only",
               Band(0.3, 0.6, "luke2013"), rank_correlations(ACTIVE), nan_mean, seen=0.43,
               axis="0: not at all, 1: always"),
    ),
    ("luke2013",),
)  # fmt: skip
BACKBONE_LOST = Pattern(
    10, "backbone lost", "Losing the backbone hurts diffusion before contact.",
    (
        Figure("contact at once", "Change in the number of pairs in contact once the backbone is gone",
               Band(-0.10, 0.10, "luke2013"),
               lambda trials: density_without(trials, MATURE_MONTH), seen=0.547 / 0.583 - 1,
               axis="more or fewer pairs in contact", percent=True),
        Figure("contact a year later", "Pairs in contact, a year after it closed", Band(-0.10, 0.10, "luke2013"),
               lambda trials: density_without(trials, CLOSED), axis="more or fewer pairs in contact", percent=True),
        Figure("diffusion at once", "Separate parts into which the network that passes on practice falls without it",
               Band(0.5, 24.0), lambda trials: parts_lost(trials, MATURE_MONTH), seen=1.0, unit="parts",
               axis="parts more than before"),
        Figure("diffusion a year later", "Parts of that network, a year after it closed",
               Band(0.5, 24.0), lambda trials: parts_lost(trials, CLOSED), unit="parts",
               axis="parts more than before"),
    ),
    ("luke2013",),
    reading="The network fragments if it has at least half a part more, in the mean, than with its backbone.",
)  # fmt: skip

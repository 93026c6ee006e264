"""Origin: how a replicate's coalition starts where the scenario does not say.

Every draw belongs to an organization or a pair, so that scenarios with the same seed start in the same
world. z: standard normal draws; u: uniform draws in (0, 1).

Source: capacity and contact mix, Luke et al. 2013 and PARTNER; trust, Berardo & Scholz 2010; the rest,
assumption.
"""

from __future__ import annotations

import math
from typing import Any


def lognormal(median: float, spread: float, z: float) -> float:
    """A positive quantity with this median and log SD."""
    return median * math.exp(spread * z)


def clipped_normal(mean: float, spread: float, z: float) -> float:
    """A share with this mean and SD, kept within [0.02, 0.98]."""
    return min(0.98, max(0.02, mean + spread * z))


def mission_weight(spread: float, z: float) -> float:
    """Unnormalised weight of one workstream (logistic-normal); spread 0 gives equal weights."""
    return math.exp(spread * z)


def strength_weight(mission: float, p: Any) -> float:
    """Unnormalised share of a workstream in what an organization excels at: mission^specialization."""
    return math.pow(mission, p.specialization)


def framing_weight(mission: float, need: float, blind_spot: float, z: float, p: Any) -> float:
    """Unnormalised weight of a workstream in what an organization believes at first."""
    seen = need * math.exp(blind_spot + p.framing_noise * z)
    return p.framing_insight * seen + (1.0 - p.framing_insight) * mission


def contact_chance(popularity_i: float, popularity_j: float, p: Any) -> float:
    """Chance that a pair is in contact at the start, with mean odds of `contact_density`."""
    odds = p.contact_density * popularity_i * popularity_j
    return odds / (1.0 - p.contact_density + odds)


def contact_at_start(rank: float, chance: float) -> float:
    """Contacts a month at the start: 0, or quarterly, monthly, weekly, daily (.46 .38 .15 .01 of contacts).

    rank: place of the pair among all pairs, 0 the closest, a uniform draw. Luke et al. 2013.
    """
    if rank > chance:
        return 0.0
    if rank > 0.54 * chance:
        return 1.0 / 3.0
    if rank > 0.16 * chance:
        return 1.0
    return 50.0 / 12.0 if rank > 0.01 * chance else 250.0 / 12.0


def rank_of_contact(contact: float, chance: float, u: float) -> float:
    """Place of a pair whose contact is known among all pairs, 0 the closest; u a uniform draw within its level."""
    if contact <= 0.0:
        return chance + (1.0 - chance) * u
    if contact < math.sqrt(1.0 / 3.0):
        return chance * (0.54 + 0.46 * u)
    if contact < math.sqrt(50.0 / 12.0):
        return chance * (0.16 + 0.38 * u)
    if contact < math.sqrt(50.0 / 12.0 * 250.0 / 12.0):
        return chance * (0.01 + 0.15 * u)
    return chance * 0.01 * u


def affinity_at_start(usual: float, rank: float, p: Any) -> float:
    """Affinity of a pair by its rank: log-logistic with log SD `affinity_spread` around the usual one."""
    inside = min(1.0 - 1e-9, max(1e-9, rank))
    return usual * math.pow((1.0 - inside) / inside, p.affinity_spread * math.sqrt(3.0) / math.pi)


def trust_at_start(propensity: float, other_popularity: float, z: float, p: Any) -> float:
    """Trust of a pair without history: own propensity, the other's popularity, and chance; in [0.02, 0.98]."""
    pull = p.trust_in_popular * p.trust_spread * math.log(other_popularity)
    return clipped_normal(propensity + pull, p.trust_of_pairs * p.trust_spread, z)


def collaboration_at_start(silence: float, trust: float, u: float, p: Any) -> float:
    """Joint work at the start, one of its four levels; its mean rises with contact and trust, 0 without contact."""
    mean = min(1.0, p.collaboration_start * (1.0 - silence) * trust / p.trust_mean)
    return math.floor(3.0 * mean + u) / 3.0


RULES = {
    "lognormal": lognormal,
    "clipped_normal": clipped_normal,
    "mission_weight": mission_weight,
    "strength_weight": strength_weight,
    "framing_weight": framing_weight,
    "contact_chance": contact_chance,
    "contact_at_start": contact_at_start,
    "rank_of_contact": rank_of_contact,
    "affinity_at_start": affinity_at_start,
    "trust_at_start": trust_at_start,
    "collaboration_at_start": collaboration_at_start,
}
CHOICES: dict[str, dict[str, dict[str, Any]]] = {}
SOURCES: dict[str, str] = {
    "luke2013": "mix of contact at the start",
    "partner": "density of contact at the start",
    "berardo2010": "level and spread of trust at the start",
}
VARIANT_SOURCES: dict[tuple[str, str], dict[str, str]] = {}

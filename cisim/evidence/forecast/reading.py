"""From the names of wave 1 to starts of the simulation: what may lie behind so few names.

A name generator asks for a few partners, so most ties stay unnamed, and who is named most is not only well
connected but well regarded. A start is one draw of what fits the names. Each replicate draws another.

1. Popularity of j and generosity of i (how readily it gives names) have Gamma distributions given the names
   received and given (Poisson counts with Gamma rates); popularity with the spread `contact_popularity`.
2. The chance that a pair is in contact is that of the model's origin (`contact_chance`), its odds multiplied by
   exp(CLOSURE) for each common contact. The mix of frequencies is the origin's as well.
3. How often a pair is in contact is drawn given whether each has named the other (Bayes), with chances to name
   that rise with contact, scaled so that as many names are expected as were given.
4. Joint work rises with contact and with being named, trust with propensity and the other's popularity, and the
   propensity is drawn given the answer on trust (normal prior, normal error).

Source: mix of contact, Luke et al. 2013; spread of trust, Berardo & Scholz 2010; the rest, assumption.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.evidence.forecast.waves import Partnership
from cisim.evidence.observation import ITEM_NOISE

__all__ = ["LEVELS", "MIX", "Start", "names_expected", "read_start"]

Array = np.ndarray[Any, Any]

LEVELS = np.array([0, 1 / 3, 1, 50 / 12, 250 / 12])
"""Contacts a month: none, quarterly, monthly, weekly, daily; as at the model's origin."""
MIX = np.array([0.46, 0.38, 0.15, 0.01])
"""Shares of the four frequencies among pairs in contact; as at the model's origin."""
NAMING = np.array([-5.5, -4.0, -2.5, -1.2, -0.5])
"""Log odds that a tie of each level is named, before scaling. Assumption."""
GENEROSITY = 0.7
"""Spread over organizations (log SD) of how readily they give names. Assumption."""
CLOSURE = 0.5
"""Log odds of contact for each common contact, up to two. Assumption; pairs with two form ties 2 to 3 times as often."""
STANDING = 0.5
"""Trust won by popularity, in spreads of trust per log: the most that `trust_in_popular` is declared for. Assumption."""
JOINT_IF_NAMED, JOINT_IF_BOTH = 0.5, 0.2
"""Joint work of a named tie above that of others, and more if both name it: who is asked names co-workers. Assumption."""
FARTHEST = 3.0
"""Log popularity and generosity stay within this."""
_ROUNDING = 1 / 12  # variance of rounding to whole numbers
_STREAM = 7_001  # keeps these draws apart from others of the same seed


@dataclass(frozen=True)
class Start:
    """One start: propensity (n,), the rest (n, n); contact and joint_work symmetric, trust[i, j] of i in j."""

    propensity: Array
    contact: Array
    joint_work: Array
    trust: Array


def read_start(told: Partnership, p: Any, seed: int, replicate: int) -> Start:
    """One draw of what may lie behind wave 1. p: a row of parameters. It depends on seed and replicate alone."""
    draws = np.random.default_rng([seed, replicate, _STREAM])
    popularity, generosity = _characters(told, p, draws)
    chance = _chance_of_contact(told, popularity, p)
    contact = LEVELS[_levels(told, chance, generosity, draws)]
    propensity = _propensity(told, p, draws)
    trust = propensity[:, None] + STANDING * p["trust_spread"] * (popularity - popularity.mean())
    trust = trust + p["trust_of_pairs"] * p["trust_spread"] * draws.standard_normal((told.size, told.size))
    joint_work = _joint_work(told, contact, p, draws)
    return Start(propensity, contact, joint_work, np.clip(trust, 0.02, 0.98))


def names_expected(told: Partnership) -> float:
    """Share of answers that name a tie, kept off 0 and 1."""
    return float((told.names.sum() + 0.5) / (told.asked.sum() + 1))


def _characters(told: Partnership, p: Any, draws: np.random.Generator) -> tuple[Array, Array]:
    """(log popularity, log generosity), each (n,)."""
    usual = names_expected(told)
    named, asked = told.names, told.asked
    return (
        _log_gamma(named.sum(axis=0), usual * asked.sum(axis=0), float(p["contact_popularity"]), draws),
        _log_gamma(named.sum(axis=1), usual * asked.sum(axis=1), GENEROSITY, draws),
    )


def _log_gamma(count: Array, expected: Array, spread: float, draws: np.random.Generator) -> Array:
    """Log rates given Poisson counts; before them, Gamma with mean 1 and the variation of a lognormal."""
    shape = 1 / max(1e-6, np.expm1(spread**2))
    rate = draws.gamma(shape + count) / (shape + expected)
    return np.asarray(np.clip(np.log(np.maximum(rate, 1e-9)), -FARTHEST, FARTHEST))


def _chance_of_contact(told: Partnership, popularity: Array, p: Any) -> Array:
    either = np.maximum(told.names, told.names.T)
    common = np.minimum(either @ either, 2.0)
    apart = ~np.eye(told.size, dtype=bool)
    density = np.clip(p["contact_density"], 1e-6, 1 - 1e-6)
    usual = np.log(density / (1 - density)) - CLOSURE * common[apart].mean()
    return np.asarray(_logistic(usual + CLOSURE * common + popularity[:, None] + popularity[None, :]))


def _levels(told: Partnership, chance: Array, generosity: Array, draws: np.random.Generator) -> Array:
    """Place in LEVELS of each pair, (n, n) symmetric, 0 on the diagonal."""
    before = np.concatenate([(1 - chance)[..., None], chance[..., None] * MIX], axis=-1)
    naming = _scaled_naming(told, before, generosity)
    likely = np.where(told.names[..., None] == 1, naming, 1 - naming)
    likely = np.where(told.asked[..., None], likely, 1.0)
    after = np.cumsum(before * likely * likely.transpose(1, 0, 2), axis=-1)
    rank = np.triu(draws.random((told.size, told.size)), 1)
    rank = rank + rank.T
    level = np.asarray((rank[..., None] * after[..., -1:] > after).sum(axis=-1))
    np.fill_diagonal(level, 0)
    return level


def _scaled_naming(told: Partnership, before: Array, generosity: Array) -> Array:
    """Chance that i names j at each level, (n, n, levels), with as many names expected as were given."""
    usual = names_expected(told)
    odds = np.broadcast_to(NAMING + generosity[:, None, None], before.shape)
    scale = 0.0
    for _ in range(12):
        expected = float((before * _logistic(scale + odds)).sum(axis=-1)[told.asked].mean())
        scale += np.log(usual / (1 - usual)) - np.log(expected / (1 - expected))
    return np.asarray(_logistic(scale + odds))


def _joint_work(told: Partnership, contact: Array, p: Any, draws: np.random.Generator) -> Array:
    """One of the four levels of joint work, (n, n) symmetric."""
    either, both = np.maximum(told.names, told.names.T), np.minimum(told.names, told.names.T)
    mean = p["collaboration_start"] * -np.expm1(-contact) + JOINT_IF_NAMED * either + JOINT_IF_BOTH * both
    rank = np.triu(draws.random((told.size, told.size)), 1)
    return np.asarray(np.floor(3 * np.minimum(mean, 1.0) + rank + rank.T).clip(0, 3) / 3)


def _propensity(told: Partnership, p: Any, draws: np.random.Generator) -> Array:
    """Propensity to trust given the answer, (n,): a mean of answer and prior; the prior where nobody answered."""
    prior, noise = p["trust_spread"] ** 2, (ITEM_NOISE**2 + _ROUNDING) / 100
    weight = np.where(np.isnan(told.trust), 0.0, prior / max(prior + noise, 1e-12))
    answer = np.nan_to_num(told.trust) / 10
    centre = p["trust_mean"] + weight * (answer - p["trust_mean"])
    spread = np.sqrt(prior * (1 - weight))
    return np.asarray(np.clip(centre + spread * draws.standard_normal(told.size), 0.02, 0.98))


def _logistic(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))

"""Is a posterior right? Simulation-based calibration: known truths must rank anywhere among their own draws.

A truth is drawn from the prior and its data are simulated; the posterior given these data is sampled. If that
posterior is right, the rank of the truth among L draws is uniform on 0 ... L, whatever the model. Too narrow a
posterior puts truths at both ends, too wide a one in the middle, a biased one at one end.

Source: Talts et al. (2018), arXiv:1804.06788; the band around all ranks at once: Saeilynoja, Buerkner and
Vehtari (2022), doi:10.1007/s11222-022-10090-6.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from cisim.errors import SpecError

__all__ = ["Band", "Uniformity", "expected_band", "rank", "ranks", "uniformity"]

Array = np.ndarray[Any, Any]
Trial = Callable[[int], tuple[Array, Array, Array]]
"""A trial's number to its truth (d,), and the posterior's draws (n, d) and their weights (n,)."""


class Uniformity(NamedTuple):
    """counts (bins, d) of ranks; expected in each bin; p (d,): chance of counts as uneven as these, if uniform.

    `chance` is that of the most uneven parameter being so uneven among d.
    """

    counts: Array
    expected: float
    p: Array
    chance: float


class Band(NamedTuple):
    """Where the share of ranks at or below each rank (draws + 1,) lies if they are uniform, for all at once."""

    low: Array
    high: Array


def rank(truth: Array, values: Array, weights: Array, draws: int, random: np.random.Generator) -> Array:
    """How many of `draws` independent draws from a weighted sample (n, d) lie below the truth (d,); (d,).

    A draw equal to the truth counts as below by the toss of a coin.
    """
    chosen = values[random.choice(len(values), draws, p=weights / weights.sum())]
    ties = chosen == truth
    return np.asarray((chosen < truth).sum(axis=0) + random.binomial(ties.sum(axis=0), 0.5))


def ranks(trial: Trial, trials: int, draws: int, seed: int) -> Array:
    """The rank of the truth in each trial, (trials, d), from 0 to `draws`."""
    found = []
    for number in range(trials):
        truth, values, weights = trial(number)
        found.append(rank(truth, values, weights, draws, np.random.default_rng([seed, number])))
    return np.stack(found)


def uniformity(found: Array, draws: int, bins: int = 10) -> Uniformity:
    """Pearson's chi-square test of ranks (trials, d), 0 to `draws`, for being uniform.

    bins: must divide draws + 1, and be few enough that 5 ranks are expected in each. Raises SpecError with
    every fault.
    """
    from scipy.stats import chisquare

    told = np.asarray(found)
    _check_ranks(told, draws, bins)
    width = (draws + 1) // bins
    counts = np.stack([np.bincount(column // width, minlength=bins) for column in told.T], axis=1)
    p = np.asarray(chisquare(counts, axis=0).pvalue)
    return Uniformity(counts, len(told) / bins, p, float(min(1.0, p.min() * len(p))))


def expected_band(trials: int, draws: int, level: float = 0.999, samples: int = 4000, seed: int = 0) -> Band:
    """The band that holds the whole curve of uniform ranks with probability `level`.

    At each rank the count is binomial; the part left out on each side there is such that of `samples` curves
    of uniform ranks the share `level` leaves the band nowhere.
    """
    from scipy.stats import binom

    random = np.random.default_rng([seed])
    places = np.arange(1, draws + 1) / (draws + 1)
    drawn = random.multinomial(trials, np.full(draws + 1, 1 / (draws + 1)), samples)
    below = np.cumsum(drawn, axis=1)[:, :-1]
    tails = np.minimum(binom.cdf(below, trials, places), binom.sf(below - 1, trials, places)).min(axis=1)
    part = float(np.quantile(tails, 1 - level))
    low, high = binom.ppf(part, trials, places), binom.isf(part, trials, places)
    return Band(np.append(low, trials) / trials, np.append(high, trials) / trials)


def _check_ranks(told: Array, draws: int, bins: int) -> None:
    faults = []
    if told.ndim != 2 or told.dtype.kind not in "iu" or not told.size or told.min() < 0 or told.max() > draws:
        faults.append(f"must be whole numbers (trials, parameters) from 0 to {draws}, given {told!r}.")
    if (draws + 1) % bins:
        faults.append(f"bins must divide draws + 1 = {draws + 1}, given {bins}.")
    if len(told) < 5 * bins:
        faults.append(
            f"{bins} bins need at least {5 * bins} trials, given {len(told)}; run more, or ask for fewer bins."
        )
    if faults:
        raise SpecError(faults, source="Ranks")

"""How the variance of a single run splits into factors, the world that a replicate draws, and both together.

Points x replicates is a two-way layout, replicate r being the same world at every point. With mean squares
MS and P points of R replicates each:

    factors      (MS_points - MS_residual) / R       what the settings change, whatever the world
    world        (MS_replicates - MS_residual) / P   luck that is the same under all settings
    interaction  MS_residual                         luck that falls otherwise under other settings

Noise that is drawn anew in every run is interaction, noise that a replicate shares is world, so the split
holds whether or not random numbers are common. Components below 0 arise by chance and count as 0.

Source: Searle, Casella and McCulloch (1992), Variance Components, section 4.7; the world's interval as in
Weerahandi (1993), Journal of the American Statistical Association 88:899.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cisim.insight.arrays import equal_but_for_rounding
from cisim.insight.sensitivity.resampling import Resampling, spread_by_replicates, without_one

__all__ = ["PARTS", "Components", "Split", "components", "split"]

PARTS = ("factors", "world", "interaction")
"""Where the variance of a single run comes from; the last two are chance."""


@dataclass(frozen=True)
class Split:
    """The variance of a single run in its three parts; NaN for one replicate or a constant outcome.

    components (3, months): variances in the order of PARTS, in the outcome's unit squared, unbiased and so
    below 0 at times. shares (3, months): of their sum, 0 to 1, negative ones counted as 0; low, high (3,
    months): the interval. The world's rests on as many values as there are replicates, taken as normal: with
    few replicates it is wide. chance (months,): the share of world and interaction together.
    """

    components: np.ndarray
    shares: np.ndarray
    low: np.ndarray
    high: np.ndarray
    chance: np.ndarray
    chance_low: np.ndarray
    chance_high: np.ndarray


@dataclass(frozen=True)
class Components:
    """Variances in the order of PARTS: the estimates (3,), and draws (samples, 3) of how they scatter."""

    told: np.ndarray
    drawn: np.ndarray


def components(values: np.ndarray, resampling: Resampling) -> Components:
    """The parts of the variance in one month's values (blocks, points of a block, replicates).

    Blocks are independent of each other. All NaN for one replicate or a constant outcome.
    """
    blocks, each, replicates = values.shape
    samples = len(resampling.blocks)
    if replicates < 2 or equal_but_for_rounding(np.ptp(values), np.abs(values).max()):
        return Components(np.full(3, np.nan), np.full((samples, 3), np.nan))
    count = blocks * each
    told = mean_squares(values, np.full((1, blocks), 1 / blocks))
    factors, _, interaction = _parts(mean_squares(values, resampling.blocks), count, replicates).T
    # Resampling blocks tells what other settings would give; other worlds are a matter of the replicates.
    by_replicate = values.reshape(count, replicates) - values.mean(axis=(0, 1))
    between, within = without_one(by_replicate.T @ by_replicate / (count - 1))
    factors = factors + spread_by_replicates(between, resampling)
    interaction = interaction + spread_by_replicates(within - between, resampling)
    worlds = told[0, 1] * (replicates - 1) / resampling.chi_square
    drawn = np.stack([factors, (worlds - interaction) / count, interaction], axis=1)
    return Components(_parts(told, count, replicates)[0], drawn)


def split(parts: Components, level: float) -> Split:
    """The shares of the variance of a single run, with intervals of that level."""
    shares, drawn = _shares(parts.told[None])[0], _shares(parts.drawn)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    chance = [np.asarray(1 - share[0]) for share in (shares, high, low)]
    return Split(parts.told, shares, low, high, *chance)


def mean_squares(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Mean squares of points, replicates and residual, (samples, 3), under each row of weights of blocks."""
    values = values - values.mean()  # keeps small variances of large values
    blocks, each, replicates = values.shape
    count = blocks * each
    means = values.mean(axis=2)
    around = values - means[:, :, None]
    points = count * replicates * (weights @ (means**2).mean(axis=1) - (weights @ means.mean(axis=1)) ** 2)
    worlds = count * ((weights @ around.mean(axis=1)) ** 2).sum(axis=1)
    residual = np.maximum(count * (weights @ (around**2).sum(axis=2).mean(axis=1)) - worlds, 0)
    freedom = np.array([count - 1, replicates - 1, (count - 1) * (replicates - 1)])
    return np.asarray(np.stack([points, worlds, residual], axis=1) / freedom)


def _parts(squares: np.ndarray, count: int, replicates: int) -> np.ndarray:
    points, worlds, residual = squares.T
    return np.stack([(points - residual) / replicates, (worlds - residual) / count, residual], axis=1)


def _shares(parts: np.ndarray) -> np.ndarray:
    counted = np.maximum(parts, 0)
    whole = counted.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(counted, whole, out=np.full(parts.shape, np.nan), where=whole > 0))

"""How far an estimate would scatter: over other points of the design, and over other replicates.

Points are many, so their blocks are resampled with replacement (bootstrap). Replicates are few, and an
estimate that is free of chance needs two different ones at least; so each is left out in turn (jackknife),
and the scatter that this shows is added. Chance that is drawn anew in every run is in both, so intervals
err on the wide side, as those of Owen (2007), The Annals of Applied Statistics 1:386.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

__all__ = ["RESAMPLES", "Resampling", "half_width", "resample", "spread_by_replicates", "without_one"]

RESAMPLES = 1000
"""Bootstrap samples. A half-width from them is itself known to 1 / √(2 · 1000) = 2 %."""


@dataclass(frozen=True)
class Resampling:
    """The random numbers of all intervals of one analysis.

    blocks (samples, blocks): weights that sum to 1; a thousand resampled means are one product of matrices.
    replicates (samples, replicates): standard normal. chi_square (samples,): of replicates - 1 degrees of
    freedom; NaN for one replicate.
    """

    blocks: np.ndarray
    replicates: np.ndarray
    chi_square: np.ndarray


def resample(blocks: int, replicates: int, seed: int) -> Resampling:
    """The random numbers that a seed gives for a design of that many blocks and replicates."""
    stream = np.random.default_rng(seed)
    weights = stream.multinomial(blocks, np.full(blocks, 1 / blocks), size=RESAMPLES) / blocks
    normal = stream.standard_normal((RESAMPLES, replicates))
    freedom = replicates - 1
    chi_square = stream.chisquare(freedom, RESAMPLES) if freedom else np.full(RESAMPLES, math.nan)
    return Resampling(weights, normal, chi_square)


def half_width(draws: np.ndarray, z: float) -> np.ndarray:
    """z standard deviations of draws, over the first axis: SALib's measure of confidence."""
    return np.asarray(z * draws.std(axis=0, ddof=1))


def without_one(products: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean product of two different replicates, and of one with itself, leaving out each replicate in turn.

    products (..., replicates, replicates); both results (..., replicates). NaN for fewer than 3 replicates.
    """
    count = products.shape[-1]
    own = np.diagonal(products, axis1=-2, axis2=-1)
    if count < 3:
        nothing = np.full(own.shape, math.nan)
        return nothing, nothing
    all_own = own.sum(axis=-1, keepdims=True)
    pairs = products.sum(axis=(-2, -1))[..., None] - all_own - 2 * (products.sum(axis=-1) - own)
    return pairs / ((count - 1) * (count - 2)), (all_own - own) / (count - 1)


def spread_by_replicates(estimates: np.ndarray, resampling: Resampling) -> np.ndarray:
    """Draws (samples, ...) about 0 that scatter as the jackknife says, of estimates (..., replicates).

    The estimates leave out one replicate each. Draws of several estimates belong together. 0 where the
    estimates are NaN, which those of two replicates are.
    """
    count = estimates.shape[-1]
    around = estimates - estimates.mean(axis=-1, keepdims=True)
    around = np.where(np.isnan(around), 0.0, around) * math.sqrt((count - 1) / count)
    return np.moveaxis(around @ resampling.replicates.T, -1, 0)

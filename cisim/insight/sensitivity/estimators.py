"""Sobol' indices of one month: SALib's estimates, their bootstrap, and the totals without chance.

A block of the design is one point A, the D points A_B that take one factor each from B, with second order the
D points B_A, and B. SALib's own bootstrap draws the blocks anew for every factor; here one matrix of weights
serves all, which does the same in less than a hundredth of the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from cisim.errors import SpecError
from cisim.insight.arrays import equal_but_for_rounding
from cisim.insight.sensitivity.chance import Components
from cisim.insight.sensitivity.resampling import Resampling, half_width, spread_by_replicates, without_one
from cisim.insight.sensitivity.runs import NEEDS_SALIB, SOURCE

__all__ = ["Blocks", "Column", "estimate"]

Column = dict[str, np.ndarray]
"""What came of one month: arrays (factors,) or (factors, factors) by the name of their field."""


@dataclass(frozen=True)
class Blocks:
    """One month's outcomes by their place in the design: a, b (N,), ab, ba (N, D).

    Without second order, ba has no columns.
    """

    a: np.ndarray
    ab: np.ndarray
    ba: np.ndarray
    b: np.ndarray


def estimate(
    values: np.ndarray, factors: int, parts: Components, resampling: Resampling, level: float
) -> Column:
    """All indices of one month's values (N, points of a block, replicates).

    NaN if the mean response is constant.
    """
    second_order = values.shape[1] > factors + 2
    means = values.mean(axis=2)
    if equal_but_for_rounding(np.ptp(means[:, [0, -1]]), np.abs(values).max()):
        return _nothing(factors, second_order)
    z = NormalDist().inv_cdf(0.5 + level / 2)
    centred = (means - means.mean()) / means.std()  # as SALib does: estimates depend on the mean
    blocks = Blocks(centred[:, 0], centred[:, 1 : factors + 1], centred[:, factors + 1 : -1], centred[:, -1])
    column = _salib(blocks) | _salib_confidence(blocks, resampling.blocks, z)
    return column | _without_chance(values, factors, parts, resampling, z)


def _nothing(factors: int, second_order: bool) -> Column:
    names = ("first", "first_conf", "total", "total_conf", "freed", "freed_conf", "floor")
    column = {name: np.full(factors, np.nan) for name in names}
    if second_order:
        column |= {name: np.full((factors, factors), np.nan) for name in ("second", "second_conf")}
    return column


def _salib(blocks: Blocks) -> Column:
    """The estimates of SALib."""
    try:
        from SALib.analyze import sobol as salib
    except ImportError as missing:
        raise SpecError(NEEDS_SALIB, source=SOURCE) from missing
    a, ab, ba, b = blocks.a, blocks.ab, blocks.ba, blocks.b
    factors = range(ab.shape[1])
    column = {
        "first": np.array([salib.first_order(a, ab[:, i], b) for i in factors]),
        "total": np.array([salib.total_order(a, ab[:, i], b) for i in factors]),
    }
    if ba.shape[1]:
        column["second"] = np.full((len(factors), len(factors)), np.nan)
        for i in factors:
            for k in factors[i + 1 :]:
                column["second"][i, k] = salib.second_order(a, ab[:, i], ab[:, k], ba[:, i], b)
    return column


def _salib_confidence(blocks: Blocks, weights: np.ndarray, z: float) -> Column:
    """Half-widths of those estimates, from the same formulas under each row of weights."""
    a, ab, ba, b = blocks.a[:, None], blocks.ab, blocks.ba, blocks.b[:, None]
    middle = weights @ ((a + b) / 2)
    variance = weights @ ((a**2 + b**2) / 2) - middle**2
    first = _over(weights @ (b * (ab - a)), variance)
    total = _over(weights @ ((a - ab) ** 2 / 2), variance)
    column = {"first_conf": half_width(first, z), "total_conf": half_width(total, z)}
    if ba.shape[1]:
        spread = np.full((ab.shape[1], ab.shape[1]), np.nan)
        for i in range(ab.shape[1] - 1):
            pairs = _over(weights @ (ba[:, [i]] * ab[:, i + 1 :] - a * b), variance)
            spread[i, i + 1 :] = half_width(pairs - first[:, [i]] - first[:, i + 1 :], z)
        column["second_conf"] = spread
    return column


def _without_chance(
    values: np.ndarray, factors: int, parts: Components, resampling: Resampling, z: float
) -> Column:
    """Total indices of the mean response, and the part of SALib's totals that is chance.

    d_r is what a factor changes in replicate r, A less A_B; the world's own effect falls out of it. With mean
    d and variance s² over R replicates, d² overstates the squared effect by s²/R, on average.
    """
    replicates = values.shape[2]
    if replicates < 2:
        return {name: np.full(factors, np.nan) for name in ("freed", "freed_conf", "floor")}
    difference = values[:, :1] - values[:, 1 : factors + 1]
    noise = difference.var(axis=2, ddof=1) / replicates / 2
    effect = difference.mean(axis=2) ** 2 / 2 - noise
    by_factor = difference.swapaxes(0, 1)
    between, _ = without_one(by_factor.swapaxes(1, 2) @ by_factor / (2 * len(values)))
    draws = resampling.blocks @ effect + spread_by_replicates(between, resampling)
    freed, freed_conf = _ratio(effect.mean(axis=0), draws, parts.told[0], parts.drawn[:, 0], z)
    floor = noise.mean(axis=0) / values[:, [0, -1]].mean(axis=2).var()
    return {"freed": freed, "freed_conf": freed_conf, "floor": floor}


def _ratio(
    effect: np.ndarray, effect_draws: np.ndarray, variance: float, variance_draws: np.ndarray, z: float
) -> tuple[np.ndarray, np.ndarray]:
    """Effects over a variance, and half-widths by its linear approximation.

    NaN where the variance's own interval reaches 0: the ratio could be anything.
    """
    if not variance > z * variance_draws.std(ddof=1):
        nothing = np.full(effect.shape, np.nan)
        return nothing, nothing
    ratio = effect / variance
    return ratio, half_width(effect_draws - ratio * variance_draws[:, None], z) / variance


def _over(part: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Shares of a variance; NaN where it is not above 0."""
    return np.asarray(np.divide(part, variance, out=np.full(part.shape, np.nan), where=variance > 0))

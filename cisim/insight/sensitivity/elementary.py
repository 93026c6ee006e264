"""Elementary effects: how far the outcome moves when one factor moves by a step and the others stay.

With the step delta = levels / (2 (levels - 1)) of the unit cube, the effect of factor i at a point x is
(Y(x + delta e_i) - Y(x)) / delta. Its mean over points is mu, the mean of its size mu_star, its standard
deviation sigma: 0 where the factor acts alike everywhere, large where it bends or acts with others.

Sources: Morris (1991), Technometrics 33:161, doi:10.1080/00401706.1991.10484804; mu_star: Campolongo,
Cariboni and Saltelli (2007), Environmental Modelling & Software 22:1509, doi:10.1016/j.envsoft.2006.10.004.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.errors import SpecError
from cisim.insight.arrays import as_numbers
from cisim.insight.sensitivity import tables
from cisim.insight.sensitivity.resampling import half_width, resample
from cisim.insight.sensitivity.runs import NEEDS_SALIB, SOURCE, read

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Morris", "morris"]

ROUNDING = 1e-9  # of the unit cube; levels lie much further apart


@dataclass(frozen=True)
class Morris:
    """Elementary effects of each factor month by month, in the unit of the outcome per unit cube.

    Arrays are (factors, months); one column, and `months` None, if the outcome had no months. mu, mu_star,
    sigma: as above, of the mean over replicates; mu_star_conf: half-width of mu_star's interval. floor: the
    mu_star that a factor without effect would show by chance, for noise that is normal; NaN for one
    replicate, as `note` says.
    """

    names: tuple[str, ...]
    months: np.ndarray | None
    trajectories: int
    replicates: int
    level: float
    mu: np.ndarray
    mu_star: np.ndarray
    mu_star_conf: np.ndarray
    sigma: np.ndarray
    floor: np.ndarray
    note: str

    def table(self) -> pl.DataFrame:
        """A row for each factor and month: mu, mu_star, mu_star_low, mu_star_high, sigma, floor.

        Last, a row of kind `chance` for each month: the mean floor, as mu_star.
        """
        return tables.morris_table(self)


def morris(
    unit: Any,
    outcome: Any,
    names: Sequence[str],
    *,
    levels: int,
    months: Sequence[int] | np.ndarray | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> Morris:
    """Elementary effects of an outcome over SALib's Morris design, and what chance would show.

    unit: the design, (points, factors), 0 to 1, in the order of `SALib.sample.morris` with that many
    `levels` (even): T (D + 1) points, each moving one factor by one step. outcome: (points, replicates) or
    (points, replicates, months), finite. months: their numbers (default 0, 1, ...). level: of the
    interval, which is z standard deviations of 1,000 bootstrap samples of the T trajectories.

    Raises SpecError for outcomes that are not finite, a design that has no such trajectories, and without
    SALib.
    """
    faults: list[str] = []
    given = read(outcome, names, months, level, seed, faults)
    faults += _level_faults(levels)
    design = as_numbers("unit", unit, faults)
    if design is None or faults:
        raise SpecError(faults, source=SOURCE)
    step = levels / (2 * (levels - 1))
    if faults := _design_faults(design, len(given.values), len(names), step):
        raise SpecError(faults, source=SOURCE)
    effects = _effects(design, given.values, step)
    told = [_salib(design, given.values[..., at].mean(axis=1), levels) for at in range(given.values.shape[2])]
    mu, mu_star, sigma = (np.stack([column[at] for column in told], axis=-1) for at in range(3))
    replicates = given.values.shape[1]
    weights = resample(len(effects), replicates, seed).blocks
    sizes = np.abs(effects.mean(axis=2))
    draws = (weights @ sizes.reshape(len(sizes), -1)).reshape(len(weights), *mu.shape)
    once = "Every point was run once, so there is no floor of chance: run replicates >= 2."
    return Morris(
        given.names, given.months, len(effects), replicates, level, mu, mu_star,
        half_width(draws, NormalDist().inv_cdf(0.5 + level / 2)), sigma, _floor(effects),
        once if replicates < 2 else "",
    )  # fmt: skip


def _salib(design: np.ndarray, means: np.ndarray, levels: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    try:
        from SALib.analyze import morris as salib
    except ImportError as missing:
        raise SpecError(NEEDS_SALIB, source=SOURCE) from missing
    factors = design.shape[1]
    problem = {"num_vars": factors, "names": [f"x{at}" for at in range(factors)]}
    # its own bootstrap is not used: 2 is the least that it does
    told = salib.analyze(problem, design, means, num_resamples=2, num_levels=levels)
    return np.asarray(told["mu"]), np.asarray(told["mu_star"]), np.asarray(told["sigma"])


def _effects(design: np.ndarray, values: np.ndarray, step: float) -> np.ndarray:
    """Elementary effects in every replicate, (trajectories, factors, replicates, months)."""
    factors = design.shape[1]
    moves = np.diff(design.reshape(-1, factors + 1, factors), axis=1)
    order = np.argsort(np.abs(moves).argmax(axis=2), axis=1)  # the place in the trajectory of each factor
    change = np.diff(values.reshape(-1, factors + 1, *values.shape[1:]), axis=1)
    signed = change * np.sign(moves.sum(axis=2))[:, :, None, None] / step
    return np.take_along_axis(signed, order[:, :, None, None], axis=1)


def _floor(effects: np.ndarray) -> np.ndarray:
    """Mean size of a normal mean of R values of mean 0, E|m| = √(2 / π) sigma / √R, over trajectories.

    sigma is taken from the R replicates of each effect and freed of its bias, s / c4(R).
    """
    replicates = effects.shape[2]
    if replicates < 2:
        return np.full((effects.shape[1], effects.shape[3]), np.nan)
    c4 = math.sqrt(2 / (replicates - 1)) * math.exp(
        math.lgamma(replicates / 2) - math.lgamma((replicates - 1) / 2)
    )
    sigma = effects.std(axis=2, ddof=1).mean(axis=0) / c4
    return np.asarray(sigma * math.sqrt(2 / (math.pi * replicates)))


def _level_faults(levels: int) -> list[str]:
    if isinstance(levels, int | np.integer) and levels >= 2 and levels % 2 == 0:
        return []
    return [f"levels must be an even whole number, as in the design; given {levels!r}."]


def _design_faults(design: np.ndarray, points: int, factors: int, step: float) -> list[str]:
    if design.shape != (points, factors):
        return [f"unit must have shape ({points}, {factors}), points x factors; given {design.shape}."]
    if points % (factors + 1) or points < 2 * (factors + 1):
        rule = f"T x {factors + 1} points for {factors} factors, T at least 2"
        return [f"outcome has {points} points, but a design of Morris has {rule}."]
    if not (np.all(design >= 0) and np.all(design <= 1)):
        return ["unit must lie between 0 and 1: give the unit cube's points, not the factors' values."]
    moves = np.abs(np.diff(design.reshape(-1, factors + 1, factors), axis=1))
    by_step = np.abs(moves - step) < ROUNDING
    stays = moves < ROUNDING
    once = (by_step.sum(axis=1) == 1).all() and (by_step.sum(axis=2) == 1).all() and (by_step | stays).all()
    if once:
        return []
    rule = f"within each {factors + 1} points every factor must move once, one at a time, by {step:.4g}"
    return [f"unit is not a design of Morris: {rule}, that is levels / (2 (levels - 1))."]

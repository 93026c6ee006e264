"""What it is worth to know something before choosing a plan: the expected value of information.

With gains G of plans and a current choice that is best on average, knowing x is worth E_x[max_plan E(G | x)] less
max_plan E(G): the expected value of partial perfect information. E(G | x) is a smooth regression of what plans gain
on x over worlds. Source: Strong, Oakley and Brennan (2014), Medical Decision Making 34:311.

A fitted curve follows chance as well, and the larger of curves that chance moves is too large. So the figure is
corrected by what resampling shows (wild bootstrap of what the curves leave over), and beside it stands what shuffled
worlds, in which knowing is worth nothing, would show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.decision.estimates import Estimate, mean_of
from cisim.decision.information.splines import Smoother, smoother

__all__ = ["Known", "Part", "all_known", "everything_known", "known"]

Array = np.ndarray[Any, Any]
RESAMPLES, SHUFFLES = 300, 200
FOLDS = 5


@dataclass(frozen=True)
class Part:
    """A part of the range of an unknown in which one plan (its place) is best, low to high."""

    low: float
    high: float
    plan: int


@dataclass(frozen=True)
class Known:
    """What knowing one unknown is worth, in the unit of the gains.

    worth: corrected, 0 or more, with its interval. raw: before correction. chance: the raw figure that 95 % of shuffled
    worlds stay below; chance_of_largest: the same for the largest of all unknowns at once. changed: share of worlds in
    which knowing it changes the choice. parts: which plan is best where.
    """

    name: str
    worth: Estimate
    raw: float
    chance: float
    chance_of_largest: float
    changed: float
    parts: tuple[Part, ...]

    @property
    def above_chance(self) -> bool:
        """True if no more than one in twenty analyses of nothing would show so much for any unknown."""
        return self.raw > self.chance_of_largest


def known(
    unknowns: Mapping[str, Array], gains: Array, weights: Array, *, level: float = 0.95, seed: int = 0,
    resamples: int = RESAMPLES, shuffles: int = SHUFFLES,
) -> tuple[Known, ...]:  # fmt: skip
    """What knowing each unknown alone is worth, in the order given.

    unknowns: {name: (points,)}, each with two values at least; gains (points, plans): more is better; weights (points,)
    sum to 1.
    """
    if not unknowns:
        return ()
    stream = np.random.default_rng(seed)
    points = len(gains)
    excess = gains - gains[:, [int(np.argmax(weights @ gains))]]
    signs = stream.choice([-1.0, 1.0], (points, resamples))
    counts = stream.multinomial(points, np.full(points, 1 / points), resamples).T * weights[:, None]
    again = counts / counts.sum(axis=0)
    shuffled = _Around.of(
        np.stack([excess[stream.permutation(points)] for _ in range(shuffles)], axis=1), weights
    )
    real = _Around.of(excess, weights)
    told, floors = [], []
    for name, unknown in unknowns.items():
        smooth = smoother(unknown, weights)
        told.append((name, unknown, *_estimated(smooth, real, signs, again, level)))
        floors.append(_worths(_fitted(smooth, shuffled), weights[:, None]))
    largest = float(np.quantile(np.max(floors, axis=0), 0.95))
    return tuple(
        Known(
            name, worth, raw, float(np.quantile(floor, 0.95)), largest, _changed(fitted, weights),
            _parts(unknown, fitted),
        )
        for (name, unknown, worth, raw, fitted), floor in zip(told, floors, strict=True)
    )  # fmt: skip


def everything_known(gains: Array, groups: Array, *, level: float = 0.95, seed: int = 0) -> Estimate:
    """What knowing everything would be worth, luck included: the mean over worlds of the best plan's lead.

    No study can tell luck in advance, so this bounds the worth of any. gains (worlds, plans); groups (worlds,): worlds
    resampled together.
    """
    stream = np.random.default_rng(seed)
    names, place = np.unique(groups, return_inverse=True)
    counts = stream.multinomial(len(names), np.full(len(names), 1 / len(names)), 1000)[:, place.reshape(-1)]
    weights = counts / counts.sum(axis=1, keepdims=True)
    best = gains.max(axis=1)
    raw = float(best.mean() - gains.mean(axis=0).max())
    return _corrected(raw, weights @ best - (weights @ gains).max(axis=1), level, len(gains))


def all_known(
    unknowns: Array, gains: Array, groups: Array, *, level: float = 0.95, seed: int = 0
) -> Estimate:  # fmt: skip
    """At least what knowing all unknowns at once would be worth, luck left open.

    What is gained, in worlds left out of the fit, by choosing in each world the plan that a ridge regression on all
    unknowns and their squares expects to be best: a lower bound, and no winner's curse. unknowns (worlds, unknowns);
    groups (worlds,): worlds that are left out together.
    """
    names, place = np.unique(groups, return_inverse=True)
    folds = np.random.default_rng(seed).permutation(len(names)) % min(FOLDS, len(names))
    fold = folds[place.reshape(-1)]
    spread = unknowns.std(axis=0)
    scaled = (unknowns - unknowns.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    columns = np.hstack([scaled, scaled**2 - (scaled**2).mean(axis=0)])
    won = np.zeros(len(gains))
    for left_out in range(fold.max() + 1):
        out = fold == left_out
        before = int(np.argmax(gains[~out].mean(axis=0)))
        chosen = np.argmax(_ridge(columns[~out], gains[~out], columns[out]), axis=1)
        won[out] = gains[out][np.arange(out.sum()), chosen] - gains[out, before]
    sums, counts = np.bincount(place.reshape(-1), won), np.bincount(place.reshape(-1))
    return mean_of(sums / counts, level)


@dataclass(frozen=True)
class _Around:
    """Values (points, …) around their weighted means (…), and the weighted sums of their squares."""

    means: Array
    around: Array
    sums: Array

    @classmethod
    def of(cls, values: Array, weights: Array) -> _Around:
        means = np.tensordot(weights, values, axes=(0, 0))
        around = values - means
        return cls(means, around, np.tensordot(weights, around**2, axes=(0, 0)))


def _estimated(
    smooth: Smoother, excess: _Around, signs: Array, again: Array, level: float
) -> tuple[Estimate, float, Array]:
    """(worth, raw figure, fitted curves (points, plans)) of one unknown."""
    fitted = _fitted(smooth, excess)
    raw = float(_worths(fitted, smooth.weights))
    drawn = _worths(_redrawn(smooth, excess, fitted, signs), again)
    return _corrected(raw, drawn, level, len(fitted)), raw, fitted


def _fitted(smooth: Smoother, values: _Around) -> Array:
    """Curves over the unknown, the mean included, (points, …)."""
    coefficients = smooth.shrunk(smooth.coefficients(values.around), values.sums)
    return np.asarray(values.means + smooth.curve(coefficients))


def _redrawn(smooth: Smoother, excess: _Around, fitted: Array, signs: Array) -> Array:
    """Curves (points, resamples, plans) of worlds in which what the curves leave over has other signs, (points, resamples)."""
    curves = np.empty((*signs.shape, fitted.shape[1]))
    for plan in range(fitted.shape[1]):
        around = fitted[:, plan] - excess.means[plan]
        over = excess.around[:, plan] - around
        weighted = smooth.weights * over
        means = excess.means[plan] + weighted @ signs
        coefficients = smooth.coefficients(around)[:, None] + (smooth.basis * weighted[:, None]).T @ signs
        squares = smooth.weights @ (around**2 + over**2) + 2 * (weighted * around) @ signs
        sums = squares - (weighted @ signs) ** 2
        curves[:, :, plan] = means + smooth.curve(smooth.shrunk(coefficients, sums))
    return curves


def _worths(fitted: Array, weights: Array) -> Array:
    """Mean of the best less best of the means, over points; fitted (points, …, plans), weights (points, …)."""
    means = np.einsum("p...,p...k->...k", weights, fitted)
    return np.asarray(np.einsum("p...,p...->...", weights, fitted.max(axis=-1)) - means.max(axis=-1))


def _corrected(raw: float, drawn: Array, level: float, n: int) -> Estimate:
    """The figure less the bias that resampling shows, with an interval; nothing is below 0.

    The interval reaches as far as the percentile and the basic bootstrap interval together: near 0, where the worth
    cannot be negative, the one is too short below and the other above.
    """
    low, high = (float(end) for end in np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2]))
    value = max(0.0, 2 * raw - float(drawn.mean()))
    ends = (min(low, 2 * raw - high, value), max(high, 2 * raw - low, value))
    return Estimate(value, max(0.0, ends[0]), ends[1], n)


def _changed(fitted: Array, weights: Array) -> float:
    now = int(np.argmax(weights @ fitted))
    return float(weights @ (fitted.max(axis=1) > fitted[:, now]))


def _parts(unknown: Array, fitted: Array) -> tuple[Part, ...]:
    order = np.argsort(unknown, kind="stable")
    best = fitted.argmax(axis=1)[order]
    cuts = np.flatnonzero(np.diff(best)) + 1
    return tuple(
        Part(float(unknown[order[run[0]]]), float(unknown[order[run[-1]]]), int(best[run[0]]))
        for run in np.split(np.arange(len(order)), cuts)
    )


def _ridge(columns: Array, values: Array, unseen: Array) -> Array:
    """Values expected at unseen points; the penalty of each column of values by generalized cross-validation."""
    means = values.mean(axis=0)
    left, size, right = np.linalg.svd(columns - columns.mean(axis=0), full_matrices=False)
    turned = left.T @ (values - means)
    penalties = np.append(size.max() ** 2 * np.logspace(-6, 3, 19), np.inf)
    kept = size[:, None] ** 2 / (size[:, None] ** 2 + penalties)  # (columns, penalties)
    misses = ((values - means) ** 2).sum(axis=0) - (2 * kept - kept**2).T @ turned**2
    freedom = 1 - (1 + kept.sum(axis=0)) / len(values)
    chosen = np.argmin(np.where(freedom[:, None] > 0.02, misses / freedom[:, None] ** 2, np.inf), axis=0)
    safe = np.where(size > 1e-9 * size.max(), size, np.inf)[:, None]
    weights = right.T @ (turned * kept[:, chosen] / safe)
    return np.asarray(means + (unseen - columns.mean(axis=0)) @ weights)

"""Worlds that are not independent of each other: those of one setting are alike, and those of one replicate.

Replicate r of a study has the same luck at every setting. A mean over such worlds is as sure as its replicates are many,
not as its worlds are; where settings were drawn, also as these are many. Worlds of a posterior are nested: each has luck
of its own, and draws that come more than once are settings of several. Sources: Cameron, Gelbach and Miller (2011), Journal
of Business & Economic Statistics 29:238, for the variance of a mean; Owen (2007), Annals of Applied Statistics 1:386, for
drawing both anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import stdtrit

if TYPE_CHECKING:
    from cisim.world.scenario import Scenario

__all__ = ["Crossed", "drawn_from", "of_draws"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Crossed:
    """replicates (worlds,): the replicate of each world; points (worlds,): its setting.

    drawn: settings are a sample; without, they are all there are to be told of, and only luck is left to chance.
    """

    points: Array
    replicates: Array
    drawn: bool

    def where(self, kept: Array) -> Crossed:
        """The same of those worlds that are kept, (worlds,) of truths."""
        return Crossed(self.points[kept], self.replicates[kept], self.drawn)

    @property
    def nested(self) -> bool:
        """True if every world has luck of its own, so that settings alone are shared."""
        return len(np.unique(self.replicates)) == len(self.replicates)

    @property
    def freedom(self) -> int:
        """Degrees of freedom of a mean: the fewer of what is left to chance, less one."""
        luck = len(np.unique(self.replicates))
        return min(luck, len(np.unique(self.points))) - 1 if self.drawn else luck - 1

    def effect(self, *values: Array) -> Array:
        """(k, k): the covariance of the means of k values, over that of as many worlds of their own; at least theirs."""
        away = np.column_stack([one - np.mean(one) for one in values])
        alone = away.T @ away * _small(len(away))
        found = _between(away, self.replicates)
        if self.drawn:
            found = found + _between(away, self.points) - alone
        grows = np.diag(found) > np.diag(alone)
        return np.asarray(np.where(np.outer(grows, grows), found, alone) / len(away) ** 2)

    def variances(self, values: Array) -> Array:
        """(k,): the variance of the mean of each column of values (worlds, k); at least that of worlds of their own."""
        away = values - values.mean(axis=0)
        alone = np.sum(away**2, axis=0) * _small(len(away))
        found = _squares(away, self.replicates) if not self.nested else alone
        if self.drawn:
            found = found + _squares(away, self.points) - alone
        return np.asarray(np.maximum(found, alone) / len(away) ** 2)

    def worths(self, values: Array, level: float) -> Array:
        """(k,): as how much of a world of its own each world counts in the mean of each column of values (worlds, k).

        1, or less. Where all values are alike nothing tells how much they share; then only draws of their own count.
        """
        n = len(values)
        if n < 2:
            return np.ones(values.shape[1])
        few = stdtrit(n - 1, 0.5 + level / 2) / stdtrit(max(self.freedom, 1), 0.5 + level / 2)
        alone = values.var(axis=0, ddof=1) / n
        told = np.divide(alone * few**2, self.variances(values), out=np.zeros(len(alone)), where=alone > 0)
        return np.where(np.ptp(values, axis=0) > 0, told, (self.freedom + 1) / n)

    def resampled(self, stream: np.random.Generator) -> Array:
        """Places of worlds with replicates, and settings where these were drawn, taken anew with replacement.

        Nested worlds go with their setting.
        """
        weights = np.ones(len(self.points), dtype=int)
        if self.drawn:
            weights *= _drawn_anew(self.points, stream)
        if not (self.drawn and self.nested):
            weights *= _drawn_anew(self.replicates, stream)
        return np.repeat(np.arange(len(weights)), weights)

    def samples(self, count: int, seed: int) -> Iterator[Array]:
        """`count` of these."""
        stream = np.random.default_rng(seed)
        for _ in range(count):
            yield self.resampled(stream)


def of_draws(draws: Array) -> Crossed | None:
    """What worlds share that have these draws, (worlds, parameters), and luck of their own.

    None if all draws differ, or if there is but one, which then is a setting like any other.
    """
    settings, of_world = np.unique(draws, axis=0, return_inverse=True)
    if len(settings) in (1, len(draws)):
        return None
    return Crossed(of_world.reshape(-1), np.arange(len(draws)), drawn=True)


def drawn_from(scenarios: Sequence[Scenario], replicates: Array) -> Crossed | None:
    """What worlds of these replicates share through the posteriors of the scenarios; None if nothing."""
    columns = [
        scenario.posterior.rows[np.asarray(replicates) % len(scenario.posterior)][
            :, [scenario.posterior.names.index(name)]
        ]
        for scenario in scenarios
        if scenario.posterior is not None
        for name in scenario.posterior.free(scenario.parameters)
    ]
    return of_draws(np.hstack(columns)) if columns else None


def _small(groups: int) -> float:
    return groups / max(groups - 1, 1)


def _between(away: Array, of: Array) -> Array:
    """(k, k): sums over groups, each pair multiplied and summed, with the correction for few groups."""
    sums = _sums(away, of)
    return np.asarray(sums.T @ sums * _small(len(sums)))


def _squares(away: Array, of: Array) -> Array:
    """(k,): the diagonal of `_between`, for many columns."""
    sums = _sums(away, of)
    return np.asarray(np.sum(sums**2, axis=0) * _small(len(sums)))


def _sums(away: Array, of: Array) -> Array:
    """(groups, k): the sum of each group."""
    _, at = np.unique(of, return_inverse=True)
    sums = np.zeros((at.max() + 1, away.shape[1]))
    np.add.at(sums, at, away)
    return sums


def _drawn_anew(of: Array, stream: np.random.Generator) -> Array:
    """(worlds,): how often each world comes when as many groups as there are are drawn with replacement."""
    _, at = np.unique(of, return_inverse=True)
    groups = int(at.max()) + 1
    return np.bincount(stream.integers(groups, size=groups), minlength=groups)[at]

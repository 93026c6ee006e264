"""The posterior predictive: what each figure is with other settings that are plausible as well.

A figure is a statistic of an ensemble, so each draw of a posterior has a group of replicates of its own, and gives
one value. Groups are small: chance spreads their values further than the draws do. How far is known from resamples
within groups. Groups grow where that is much, and what is left is taken out: values are drawn in towards their mean,
so that they spread as far as the draws alone spread them.

Source: values drawn in, Louis 1984 (doi:10.1080/01621459.1984.10478062).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from cisim.errors import SpecError
from cisim.evidence.pattern import Figure, Pattern, Rows
from cisim.evidence.trials import Trials
from cisim.world.posterior import Posterior

__all__ = ["DRAWS", "GROUP", "MOST", "Predictive", "fitted_to", "predict", "shown_by", "thinned"]

Array = np.ndarray[Any, Any]

DRAWS = 50
GROUP, MOST = 8, 40
"""Replicates of each draw at first, and at most; they grow by as many as there were at first."""
MUCH, MUCH_IF_CLEAR = 1 / 3, 2 / 3
"""Share of the variance made by chance above which groups grow; the second where no draw or every one is inside."""
RESAMPLES = 40
TAIL = 0.1


@dataclass(frozen=True)
class Predictive:
    """A figure with each draw of a posterior: `values` (draws,), chance taken out.

    replicates: of each draw. chance: the share of the variance among draws that chance made, now taken out.
    """

    figure: Figure
    values: Array
    replicates: int
    chance: float

    @property
    def inside(self) -> Array:
        """(draws,) True where the value lies in the band; a draw without a value does not."""
        return np.array([self.figure.band.holds(value) for value in self.values])

    @property
    def spread(self) -> tuple[float, float, float]:
        """10 %, median and 90 % over the draws that have a value; NaN where none has."""
        known = self.values[~np.isnan(self.values)]
        if not known.size:
            return (np.nan, np.nan, np.nan)
        low, middle, high = np.quantile(known, (TAIL, 0.5, 1 - TAIL), method="nearest").tolist()
        return low, middle, high


def predict(
    patterns: Iterable[Pattern], posterior: Posterior, *, draws: int = DRAWS, seed: int = 0,
    threads: int | None = None,
) -> dict[int, tuple[Predictive, ...]]:  # fmt: skip
    """{number of the pattern: its figures with draws of the posterior}, all draws if it has no more.

    Replicate r of a batch has draw r % draws; each further batch has another seed. Raises SpecError.
    """
    if draws < 2:
        raise SpecError(f"draws must be at least 2, given {draws}; one shows no spread.", source="Predictive")
    thin = thinned(posterior, draws)

    @cache
    def batch(at: int) -> Trials:
        return Trials(len(thin) * GROUP, seed + at, posterior=thin, threads=threads)

    return {pattern.number: _predicted(pattern, batch, len(thin), seed) for pattern in patterns}


def shown_by(predicted: Sequence[Predictive]) -> int:
    """Draws with which every figure of a pattern lies in its band."""
    return int(np.all([found.inside for found in predicted], axis=0).sum())


def fitted_to(posterior: Posterior) -> frozenset[int] | None:
    """Numbers of the patterns that a calibration drew the posterior towards; None where it does not say."""
    targets = posterior.provenance.get("targets")
    if targets is None:
        return None
    first = (target.partition(" ")[0] for target in targets.split("; "))
    return frozenset(int(number) for number in first if number.isdecimal())


def thinned(posterior: Posterior, draws: int) -> Posterior:
    """So many draws, evenly from first to last; all if there are no more."""
    kept = min(draws, len(posterior))
    places = np.arange(kept) * len(posterior) // kept
    return Posterior.from_table(posterior.names, posterior.rows[places].tolist(), origin=posterior.origin)


def _predicted(
    pattern: Pattern, batch: Callable[[int], Trials], draws: int, seed: int
) -> tuple[Predictive, ...]:
    rows = [figure.rows_of(batch(0)) for figure in pattern.figures]
    for more in range(1, MOST // GROUP):
        found = _of_draws(pattern, rows, draws, seed)
        if all(map(_is_clear, found)):
            return found
        rows = [
            np.concatenate([told, figure.rows_of(batch(more))])
            for figure, told in zip(pattern.figures, rows, strict=True)
        ]
    return _of_draws(pattern, rows, draws, seed)


def _of_draws(pattern: Pattern, rows: Sequence[Rows], draws: int, seed: int) -> tuple[Predictive, ...]:
    return tuple(
        _one(figure, [told[at::draws] for at in range(draws)], seed)
        for figure, told in zip(pattern.figures, rows, strict=True)
    )


def _one(figure: Figure, groups: Sequence[Rows], seed: int) -> Predictive:
    values = np.array([figure.value(group) for group in groups])
    known = np.flatnonzero(np.isfinite(values)).tolist()
    within = _within(figure, [groups[at] for at in known], seed)
    values[known], chance = _drawn_in(values[known], within)
    return Predictive(figure, values, len(groups[0]), chance)


def _within(figure: Figure, groups: Sequence[Rows], seed: int) -> Array:
    """Variance of each group's value by chance, (groups,): that over resamples of its replicates."""
    again = np.random.default_rng(seed)
    found = []
    for group in groups:
        count = len(group)
        values = np.array([figure.value(group[again.integers(0, count, count)]) for _ in range(RESAMPLES)])
        values = values[np.isfinite(values)]
        found.append(values.var(ddof=1) * count / (count - 1) if len(values) > 1 else 0.0)
    return np.array(found)


def _drawn_in(values: Array, within: Array) -> tuple[Array, float]:
    """(values as far from their mean as the draws alone put them, the share of their variance that chance made).

    A value without chance stays where it is.
    """
    if len(values) < 2 or (whole := float(values.var(ddof=1))) == 0:
        return values, 0.0
    chance = min(1.0, float(within.mean()) / whole)
    between = (1 - chance) * whole
    kept = np.divide(between, between + within, out=np.ones_like(within), where=within > 0)
    return values.mean() + np.sqrt(kept) * (values - values.mean()), chance


def _is_clear(found: Predictive) -> bool:
    """True if chance makes so little of the spread that larger groups would tell little more."""
    inside = found.inside
    return found.chance <= (MUCH_IF_CLEAR if inside.all() or not inside.any() else MUCH)

"""Plans in many worlds, ranked by every metric, and how firm the ranks are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.decision.directions import sign_of
from cisim.decision.estimates import Estimate, share_of
from cisim.decision.robust.metrics import METRICS, Metric, Settings, regret
from cisim.decision.robust.ranks import agreement, first_shares, ranks_of
from cisim.decision.robust.thresholds import Threshold, met
from cisim.decision.trying import Tried
from cisim.errors import SpecError
from cisim.insight.arrays import level_faults
from cisim.insight.crossed import Crossed

__all__ = ["RESAMPLES", "RobustChoice", "gains_of", "rank", "robust_choice"]

Array = np.ndarray[Any, Any]
SOURCE = "Robust choice"
RESAMPLES = 1000


@dataclass(frozen=True)
class RobustChoice:
    """What every metric says of every plan; arrays are (metrics, plans) unless told.

    values: as a reader expects them; low, high: their bootstrap interval over worlds at `level`. ranks: 1 is best,
    ties share. first: share of resamples in which the plan is first. same (metrics,): share of resamples with the
    same order of all plans. agreement: Kendall's W over metrics, and its interval. best: share of worlds in which
    each plan is best. left_out: metrics that cannot be told here, and why.
    """

    plans: tuple[str, ...]
    outcome: str
    month: int
    level: float
    worlds: int
    settings: Settings
    thresholds: tuple[Threshold, ...]
    metrics: tuple[Metric, ...]
    values: Array
    low: Array
    high: Array
    ranks: Array
    first: Array
    same: Array
    agreement: Estimate
    best: tuple[Estimate, ...]
    left_out: tuple[str, ...]

    @property
    def firsts(self) -> Array:
        """(plans,): by how many metrics each plan is first; plans that tie for it share it."""
        return np.asarray(first_shares(self.ranks).sum(axis=0))


def robust_choice(
    tried: Tried, *, of: str, month: int, thresholds: Sequence[Threshold], settings: Settings | None = None,
    level: float = 0.95, resamples: int = RESAMPLES, seed: int = 0,
) -> RobustChoice:  # fmt: skip
    """Rank plans that were tried in the same worlds by every metric, on one outcome in one month.

    thresholds: for satisficing, which is left out without any. Raises SpecError with every fault at once: fewer than
    two plans or worlds, an outcome that is neither better more nor less, or one that has no value in some world.
    """
    gains, sign = gains_of(tried, of, month)
    return rank(
        gains, met(tried, thresholds), sign, plans=tuple(plan.name for plan in tried.plans), outcome=of, month=month,
        thresholds=tuple(thresholds), settings=settings or Settings(), level=level, resamples=resamples, seed=seed,
        crossed=tried.worlds.crossed,
    )  # fmt: skip


def gains_of(tried: Tried, of: str, month: int) -> tuple[Array, float]:
    """((worlds, plans) of an outcome turned so that more is better, the sign that turned it). Raises SpecError."""
    sign = sign_of(of)
    faults = []
    if np.isnan(sign):
        faults.append(
            f"{of!r} is neither better more nor less, so plans cannot be ranked by it; choose another outcome."
        )
    if len(tried.plans) < 2:
        faults.append("give at least two plans.")
    if tried.worlds.replicates < 2:
        faults.append(f"give at least two worlds, given {tried.worlds.replicates}.")
    values = tried.at(of, month)
    if missing := int(np.isnan(values).any(axis=1).sum()):
        faults.append(
            f"{of!r} has no value in month {month} of {missing} worlds; choose an outcome that always has one."
        )
    if faults:
        raise SpecError(faults, source=SOURCE)
    return values * sign, sign


def rank(
    gains: Array, good: Array, sign: float, *, plans: tuple[str, ...], outcome: str, month: int,
    thresholds: tuple[Threshold, ...], settings: Settings, level: float, resamples: int, seed: int,
    crossed: Crossed | None = None,
) -> RobustChoice:  # fmt: skip
    """The same from arrays: gains (worlds, plans), good: truths (worlds, plans).

    crossed: what worlds share, which are then resampled together; None: each is its own.
    """
    if faults := [
        *level_faults(level),
        *([] if resamples > 0 else [f"resamples must be 1 or more, given {resamples}."]),
    ]:
        raise SpecError(faults, source=SOURCE)
    metrics, left_out = _metrics(gains, good, settings, bool(thresholds))
    told = _scores(metrics, gains, good, settings)
    ranks = ranks_of(told)
    drawn = np.empty((resamples, *told.shape))
    for place, worlds in enumerate(_resampled(len(gains), crossed, resamples, seed)):
        drawn[place] = _scores(metrics, gains[worlds], good[worlds], settings)
    again = np.stack([ranks_of(scores) for scores in drawn])
    ends = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    shown = np.stack(
        [[metric.shown(part[at], sign) for at, metric in enumerate(metrics)] for part in (told, *ends)]
    )
    agreed = np.array([agreement(one) for one in again])
    w_low, w_high = (
        np.quantile(agreed[~np.isnan(agreed)], [(1 - level) / 2, (1 + level) / 2])
        if (~np.isnan(agreed)).any()
        else (np.nan, np.nan)
    )
    lost = regret(gains)
    return RobustChoice(
        plans, outcome, month, level, len(gains), settings, thresholds, metrics,
        shown[0], np.minimum(shown[1], shown[2]), np.maximum(shown[1], shown[2]), ranks,
        np.mean([first_shares(one) for one in again], axis=0), np.asarray((again == ranks).all(axis=2).mean(axis=0)),
        Estimate(agreement(ranks), float(w_low), float(w_high), len(metrics)),
        tuple(share_of(lost[:, plan] == 0, level, crossed) for plan in range(len(plans))), left_out,
    )  # fmt: skip


def _metrics(
    gains: Array, good: Array, settings: Settings, limited: bool
) -> tuple[tuple[Metric, ...], tuple[str, ...]]:
    kept, left_out = [], []
    for metric in METRICS:
        if metric.name == "satisficing" and not limited:
            left_out.append("satisficing: no threshold is given.")
        elif np.isnan(metric.scores(gains, good, settings)).any():
            left_out.append(f"{metric.name}: a mean gain is -1 or less, where it would reward noise.")
        else:
            kept.append(metric)
    return tuple(kept), tuple(left_out)


def _scores(metrics: Sequence[Metric], gains: Array, good: Array, settings: Settings) -> Array:
    """(metrics, plans); a metric that a resample leaves without a value ties all plans."""
    told = np.stack([metric.scores(gains, good, settings) for metric in metrics])
    return np.where(np.isnan(told).any(axis=1, keepdims=True), 0.0, told)


def _resampled(worlds: int, crossed: Crossed | None, resamples: int, seed: int) -> Iterator[Array]:
    """Places of worlds drawn with replacement, `resamples` times."""
    if crossed is not None:
        yield from crossed.samples(resamples, seed)
        return
    stream = np.random.default_rng(seed)
    for _ in range(resamples):
        yield stream.integers(worlds, size=worlds)

"""Robustness metrics: one number for what a plan does over many worlds, each with another view of risk.

Every function takes gains (worlds, plans): an outcome turned so that more is better. Sources: McPhail et al. (2018),
Earth's Future 6:169, doi:10.1002/2017EF000649, who set them side by side; Herman et al. (2015), Journal of Water
Resources Planning and Management 141:04015012; and those named at each.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from cisim.errors import SpecError

__all__ = [
    "METRICS", "Metric", "Settings", "hurwicz", "mean", "mean_less_spread", "percentile", "regret", "regret_most",
    "regret_percentile", "satisficing", "signal_to_noise", "worst",
]  # fmt: skip

Array = np.ndarray[Any, Any]


def mean(gains: Array) -> Array:
    """The mean over worlds, all equally likely: Laplace's principle of insufficient reason."""
    return np.asarray(gains.mean(axis=0))


def worst(gains: Array) -> Array:
    """The gain in the worst world of each plan: maximin. Source: Wald (1950), Statistical Decision Functions."""
    return np.asarray(gains.min(axis=0))


def percentile(gains: Array, share: float) -> Array:
    """The gain that a share of worlds falls short of; linear between order statistics."""
    return np.asarray(np.quantile(gains, share, axis=0))


def hurwicz(gains: Array, optimism: float) -> Array:
    """optimism · best world + (1 - optimism) · worst world; 0 is maximin, 1 maximax. Source: Hurwicz (1951)."""
    return np.asarray(optimism * gains.max(axis=0) + (1 - optimism) * gains.min(axis=0))


def regret(gains: Array) -> Array:
    """(worlds, plans), 0 or more: what each plan gains less than the best plan of the same world."""
    return np.asarray(gains.max(axis=1, keepdims=True) - gains)


def regret_most(gains: Array) -> Array:
    """The largest regret: minimax regret. Source: Savage (1951), Journal of the American Statistical Association 46:55."""
    return np.asarray(regret(gains).max(axis=0))


def regret_percentile(gains: Array, share: float) -> Array:
    """The regret that a share of worlds stays below. Source: Herman et al. (2015), with 0.9."""
    return np.asarray(np.quantile(regret(gains), share, axis=0))


def mean_less_spread(gains: Array, weight: float) -> Array:
    """mean - weight · SD: a mean-variance rule in the unit of the outcome. After Markowitz (1952), Journal of Finance 7:77."""
    return np.asarray(gains.mean(axis=0) - weight * gains.std(axis=0, ddof=1))


def signal_to_noise(gains: Array) -> Array:
    """(mean + 1) / (SD + 1), as McPhail et al. (2018) calculate mean-variance; it depends on the outcome's unit.

    NaN for all plans if a mean is -1 or less: more noise would then count as better.
    """
    means = gains.mean(axis=0)
    told = (means + 1) / (gains.std(axis=0, ddof=1) + 1)
    return np.asarray(told if means.min() > -1 else np.full_like(told, math.nan))


def satisficing(met: Array) -> Array:
    """The share of worlds that meet every threshold; met: truths (worlds, plans).

    The domain criterion of Starr (1963), Product Design and Decision Theory.
    """
    return np.asarray(met.mean(axis=0, dtype=float))


@dataclass(frozen=True)
class Settings:
    """What metrics leave to the one who decides; *assumptions*. Raises SpecError with every fault at once."""

    percentile: float = 0.1
    """Of gains, for the worst part of worlds."""
    regret: float = 0.9
    """Of regrets."""
    optimism: float = 0.5
    """Of Hurwicz: the weight of the best world."""
    spread: float = 1.0
    """Standard deviations taken off the mean."""

    def __post_init__(self) -> None:
        faults = [
            f"{name} must be above 0 and below 1, given {value!r}."
            for name, value in (("percentile", self.percentile), ("regret", self.regret))
            if not 0 < value < 1
        ]
        if not 0 <= self.optimism <= 1:
            faults.append(f"optimism must be 0 to 1, given {self.optimism!r}.")
        if not 0 <= self.spread < math.inf:
            faults.append(f"spread must be 0 or more, given {self.spread!r}.")
        if faults:
            raise SpecError(faults, source="Robustness metrics")


@dataclass(frozen=True)
class Metric:
    """A metric: what it is called, its formula, which way it is better, and its function of (gains, met, settings).

    better: "as the outcome" if it is in the outcome's unit and turns with it.
    """

    name: str
    formula: str
    better: Literal["as the outcome", "less", "more"]
    source: str
    of: Callable[[Array, Array, Settings], Array]

    def scores(self, gains: Array, met: Array, settings: Settings) -> Array:
        """(plans,): the metric turned so that more is better, as ranks need it."""
        told = self.of(gains, met, settings)
        return -told if self.better == "less" else told

    def shown(self, scores: Array, sign: float) -> Array:
        """Scores as a reader expects them; sign: 1 if more of the outcome is better, else -1."""
        return scores * {"as the outcome": sign, "less": -1.0, "more": 1.0}[self.better]


_MCPHAIL, _HERMAN = "McPhail et al. 2018", "Herman et al. 2015"
METRICS: tuple[Metric, ...] = (
    Metric("mean", "mean over worlds", "as the outcome", f"Laplace; {_MCPHAIL}", lambda g, met, s: mean(g)),
    Metric("worst world", "worst over worlds (maximin)", "as the outcome", f"Wald 1950; {_MCPHAIL}",
           lambda g, met, s: worst(g)),
    Metric("bad percentile", "percentile on the bad side", "as the outcome", _MCPHAIL,
           lambda g, met, s: percentile(g, s.percentile)),
    Metric("Hurwicz", "optimism · best + (1 - optimism) · worst", "as the outcome", f"Hurwicz 1951; {_MCPHAIL}",
           lambda g, met, s: hurwicz(g, s.optimism)),
    Metric("largest regret", "largest shortfall from the best plan of a world", "less", f"Savage 1951; {_MCPHAIL}",
           lambda g, met, s: regret_most(g)),
    Metric("regret percentile", "percentile of that shortfall", "less", _HERMAN,
           lambda g, met, s: regret_percentile(g, s.regret)),
    Metric("mean less spread", "mean - weight · SD of the gain", "as the outcome", "after Markowitz 1952",
           lambda g, met, s: mean_less_spread(g, s.spread)),
    Metric("signal to noise", "(mean gain + 1) / (SD + 1)", "more", _MCPHAIL, lambda g, met, s: signal_to_noise(g)),
    Metric("satisficing", "share of worlds that meet every threshold", "more", f"Starr 1963; {_HERMAN}",
           lambda g, met, s: satisficing(met)),
)  # fmt: skip
"""In the order of a table. Gains are the outcome, turned so that more is better."""

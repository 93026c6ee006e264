"""How good chances are, once the answers are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["SCORES", "Bin", "auc", "brier", "calibration", "intervals", "log_score"]

Array = np.ndarray[Any, Any]

RESAMPLES = 400
LEVEL = 0.95
BINS = 10


@dataclass(frozen=True)
class Bin:
    """Pairs of like chance: how many, their mean chance, and the share that was named."""

    pairs: int
    chance: float
    named: float


def auc(chances: Array, answers: Array) -> float:
    """Area under the ROC curve: how often a named pair has the higher chance, ties half. NaN if all are alike.

    0.5 is guessing, 1 perfect order.
    """
    _, place, counts = np.unique(chances, return_inverse=True, return_counts=True)
    rank = np.cumsum(counts) - (counts - 1) / 2
    named, others = answers.sum(), (1 - answers).sum()
    if named == 0 or others == 0:
        return float("nan")
    return float(((rank[place] * answers).sum() - named * (named + 1) / 2) / (named * others))


def brier(chances: Array, answers: Array) -> float:
    """Mean squared difference of chance and answer; 0 is perfect."""
    return float(((chances - answers) ** 2).mean())


def log_score(chances: Array, answers: Array) -> float:
    """Mean of minus the log of the chance given to what was answered; 0 is perfect."""
    given = np.where(answers == 1, chances, 1 - chances)
    return float(-np.log(np.maximum(given, 1e-12)).mean())


SCORES = {"auc": auc, "brier": brier, "log_score": log_score}


def intervals(
    chances: Array, answers: Array, groups: Array, seed: int = 0
) -> Mapping[str, tuple[float, float]]:
    """95 % interval of each score: percentiles over 400 resamples of whole groups (the answers of one organization)."""
    draws = np.random.default_rng(seed)
    members = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    again = []
    for _ in range(RESAMPLES):
        chosen = np.concatenate([members[g] for g in draws.integers(0, len(members), len(members))])
        again.append([score(chances[chosen], answers[chosen]) for score in SCORES.values()])
    found = np.array(again)
    ends = (1 - LEVEL) / 2, (1 + LEVEL) / 2
    return {name: _between(found[:, at], ends) for at, name in enumerate(SCORES)}


def calibration(chances: Array, answers: Array) -> list[Bin]:
    """Tenths of the pairs by chance, the lowest first."""
    order = np.argsort(chances, kind="stable")
    return [
        Bin(len(part), float(chances[part].mean()), float(answers[part].mean()))
        for part in np.array_split(order, min(BINS, len(order)))
    ]


def _between(values: Array, ends: tuple[float, float]) -> tuple[float, float]:
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return (float("nan"), float("nan"))
    low, high = np.quantile(known, ends)
    return (float(low), float(high))

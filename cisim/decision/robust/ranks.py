"""Ranks of plans by several metrics, and how far the metrics agree on them."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import rankdata

__all__ = ["agreement", "first_shares", "ranks_of"]

Array = np.ndarray[Any, Any]
ROUNDING = 1e-12
"""Scores that differ by less than this share of the largest are tied."""


def ranks_of(scores: Array) -> Array:
    """(metrics, plans): 1 for the highest score of a metric; plans that tie share the mean of their ranks."""
    size = np.maximum(np.abs(scores).max(axis=1, keepdims=True), np.finfo(float).tiny)
    return np.asarray(rankdata(-np.round(scores / size / ROUNDING) * ROUNDING, axis=1))


def first_shares(ranks: Array) -> Array:
    """(metrics, plans): 1 for the plan that is first by a metric; plans that tie for it share it."""
    first = ranks == ranks.min(axis=1, keepdims=True)
    return np.asarray(first / first.sum(axis=1, keepdims=True))


def agreement(ranks: Array) -> float:
    """Kendall's W of ranks (metrics, plans): 1 if all metrics rank alike, near 0 if they share nothing; ties corrected.

    NaN if every metric ties all plans. Source: Kendall and Babington Smith (1939), Annals of Mathematical Statistics
    10:275.
    """
    metrics, plans = ranks.shape
    sums = ranks.sum(axis=0)
    spread = float(((sums - sums.mean()) ** 2).sum())
    ties = sum(float((counts**3 - counts).sum()) for counts in (_tied(row) for row in ranks))
    most = metrics**2 * (plans**3 - plans) - metrics * ties
    return 12 * spread / most if most > 0 else float("nan")


def _tied(row: Array) -> Array:
    return np.unique(row, return_counts=True)[1].astype(float)

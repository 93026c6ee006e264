"""Forecasts without a simulation, to compare with: logistic regressions on what wave 1 says of a pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cisim.evidence.forecast.naming import fit_coefficients
from cisim.evidence.forecast.waves import Partnership

__all__ = ["BASELINES", "baseline_chances"]

Array = np.ndarray[Any, Any]

BASELINES: Mapping[str, tuple[str, ...]] = {
    "previous tie": ("named",),
    "in-degree": ("named", "in_degree"),
    "in-degree, reciprocity, common contacts": ("named", "in_degree", "reciprocity", "common_contacts"),
    "log in-degree, reciprocity, log common contacts": (
        "named",
        "log_in_degree",
        "reciprocity",
        "log_common_contacts",
    ),
}
"""What each baseline looks at. The last is the strongest that we know of."""
_RIDGE = 1e-3  # keeps coefficients finite where a column says nothing


def baseline_chances(
    columns: Sequence[str], training: Sequence[Partnership], tested: Sequence[Partnership]
) -> list[Array]:
    """(n, n) chance that i names j at wave 2 for each tested partnership, fitted to pairs of the training ones."""
    rows = np.concatenate([_columns(told, columns)[told.in_both_waves] for told in training])
    answers = np.concatenate([told.named_later[told.in_both_waves] for told in training])
    (intercept,), coefficients = fit_coefficients(rows[None], answers, ridge=_RIDGE)
    return [1 / (1 + np.exp(-intercept - _columns(told, columns) @ coefficients)) for told in tested]


def _columns(told: Partnership, columns: Sequence[str]) -> Array:
    """(n, n, columns) of what wave 1 says of i naming j; what is not answered counts as not named."""
    named = told.names
    either = np.maximum(named, named.T)
    common = either @ either
    in_degree = np.broadcast_to(named.sum(axis=0), named.shape)
    known = {
        "named": named,
        "in_degree": in_degree,
        "log_in_degree": np.log1p(in_degree),
        "reciprocity": named.T,
        "common_contacts": common,
        "log_common_contacts": np.log1p(common),
    }
    return np.stack([known[name] for name in columns], axis=-1)

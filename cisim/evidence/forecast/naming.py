"""Who is named in a survey, given what is true of the tie: an observation model, apart from the dynamics.

    P(i names j) = logistic(level + b_c · log(1 + 3 contact) + b_w · joint work + b_r · reputation)

contact: contacts a month of the pair (so 3 contact is contacts a quarter); joint work: 0 to 1; reputation: mean
trust of the others in j, above the mean of all. A forecast is the mean of this over replicates.

The level belongs to a partnership: the same question is asked again, so the log odds that an answer names a tie are
those of wave 1 and `change`, and the level is what gives so many names. The coefficients are fitted to answers
of wave 2 by the likelihood of the mean over replicates, with a level for each partnership and a ridge penalty;
`change` is the mean over partnerships. Source: form, assumption; data, Berardo & Scholz 2010.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import numpy as np

from cisim.evidence.forecast.reading import names_expected
from cisim.evidence.forecast.simulation import Course, Moment
from cisim.evidence.forecast.waves import Partnership

__all__ = ["DRIVES", "NamingModel", "drives", "fit_coefficients", "fit_naming", "shipped"]

Array = np.ndarray[Any, Any]

DRIVES = ("contact", "joint_work", "reputation")
RIDGE = 1.0
"""Penalty on squared coefficients of standardized drives: mild beside a thousand answers."""
_TRACE = 1e-4
ROUNDS = 60
CLOSE = 1e-7


@dataclass(frozen=True)
class NamingModel:
    """The change of log odds between waves, and a coefficient for each of DRIVES; `provenance`: of what they were fitted to."""

    change: float
    coefficients: tuple[float, ...]
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def probabilities(self, told: Partnership, moment: Moment) -> Array:
        """(n, n) chance that i names j, the mean over replicates; the diagonal is NaN."""
        score = np.asarray(sum(b * drive for b, drive in zip(self.coefficients, drives(moment), strict=True)))
        expected = _logistic(_log_odds(names_expected(told)) + self.change)
        level = _level(score[:, told.asked], expected)
        chance = np.asarray(_logistic(level + score).mean(axis=0))
        np.fill_diagonal(chance, np.nan)
        return chance

    def pushes(self, moment: Moment) -> Array:
        """(3, n, n) log odds that each of DRIVES adds, against the mean of all pairs, the mean over replicates."""
        apart = ~np.eye(moment.contact.shape[1], dtype=bool)
        means = (drive.mean(axis=0) for drive in drives(moment))
        return np.stack(
            [b * (mean - mean[apart].mean()) for b, mean in zip(self.coefficients, means, strict=True)]
        )

    def table(self) -> dict[str, Any]:
        """Everything as plain values."""
        told = {name: round(value, 4) for name, value in zip(DRIVES, self.coefficients, strict=True)}
        return {"change": round(self.change, 4), "coefficients": told, "provenance": dict(self.provenance)}


def drives(moment: Moment) -> tuple[Array, Array, Array]:
    """What makes i name j, each (R, n, n), in the order of DRIVES."""
    shape = moment.contact.shape
    reputation = np.broadcast_to(moment.reputation[:, None, :], shape)
    return np.log1p(3 * moment.contact), moment.joint_work, reputation


def fit_naming(
    cases: Sequence[tuple[Partnership, Course]], provenance: Mapping[str, Any] | None = None
) -> NamingModel:
    """The model that fits the answers of wave 2 to the last month, over pairs answered in both waves."""
    rows, answers, groups, changes = [], [], [], []
    for at, (told, course) in enumerate(cases):
        both = told.in_both_waves
        rows.append(np.stack([drive[:, both] for drive in drives(course.end)], axis=-1))
        answers.append(told.named_later[both])
        groups.append(np.full(int(both.sum()), at))
        changes.append(_log_odds(_share(told.named_later[both])) - _log_odds(_share(told.named[both])))
    known, named = np.concatenate(rows, axis=1), np.concatenate(answers)
    _, coefficients = fit_coefficients(known, named, np.concatenate(groups))
    weights = [len(each) for each in answers]
    return NamingModel(
        float(np.average(changes, weights=weights)), tuple(coefficients.tolist()), provenance or {}
    )


def fit_coefficients(
    rows: Array, answers: Array, groups: Array | None = None, ridge: float = RIDGE
) -> tuple[Array, Array]:
    """(intercepts, coefficients) of a logistic model whose chances are means over replicates.

    rows: (R, d, k); answers: (d,) of 0 and 1; groups: (d,) numbers from 0, each with an intercept (default: one).
    Fisher scoring with halved steps; one replicate and one group make it the usual logistic regression. Columns
    are standardized for the penalty, which leaves intercepts alone but for a trace that keeps them finite.
    """
    group = np.zeros(len(answers), int) if groups is None else groups
    centre, scale = rows.mean(axis=(0, 1)), np.maximum(rows.std(axis=(0, 1)), 1e-9)
    inside = np.broadcast_to(np.eye(group.max() + 1)[group], (len(rows), len(answers), group.max() + 1))
    x = np.concatenate([inside, (rows - centre) / scale], axis=-1)
    penalty = np.diag([_TRACE] * inside.shape[2] + [ridge] * rows.shape[2])
    b = np.zeros(x.shape[2])
    single, chance, value = _likelihood(b, x, answers, penalty)
    for _ in range(ROUNDS):
        slope = np.einsum("rd,rdk->dk", single * (1 - single), x) / len(x)
        weight = 1 / (chance * (1 - chance))
        gradient = slope.T @ ((answers - chance) * weight) - penalty @ b
        step = np.linalg.solve((slope * weight[:, None]).T @ slope + penalty, gradient)
        gained = 0.0
        for halving in 0.5 ** np.arange(12):
            further = _likelihood(b + halving * step, x, answers, penalty)
            if further[2] > value:
                b, gained = b + halving * step, further[2] - value
                single, chance, value = further
                break
        if gained < CLOSE:
            break
    coefficients = b[inside.shape[2] :] / scale
    return b[: inside.shape[2]] - coefficients @ centre, coefficients


def shipped() -> NamingModel:
    """The coefficients that come with cisim."""
    told = tomllib.loads((files("cisim.evidence.forecast") / "naming.toml").read_text(encoding="utf-8"))
    return NamingModel(
        told["change"], tuple(told["coefficients"][name] for name in DRIVES), told["provenance"]
    )


def _likelihood(b: Array, x: Array, answers: Array, penalty: Array) -> tuple[Array, Array, float]:
    """(chance by replicate, their mean, penalized log likelihood)."""
    single = np.asarray(_logistic(x @ b))
    chance = np.clip(single.mean(axis=0), 1e-12, 1 - 1e-12)
    value = (answers * np.log(chance) + (1 - answers) * np.log(1 - chance)).sum() - b @ penalty @ b / 2
    return single, chance, float(value)


def _level(score: Array, expected: float) -> float:
    """What is added to scores (R, d) so that their chances have the expected mean; by bisection, to 1e-6."""
    low, high = -score.max() - 40.0, -score.min() + 40.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if _logistic(middle + score).mean() < expected else (low, middle)
    return float((low + high) / 2)


def _share(answers: Array) -> float:
    """Share that is named, kept off 0 and 1."""
    return float((answers.sum() + 0.5) / (len(answers) + 1))


def _log_odds(share: float) -> float:
    return float(np.log(share / (1 - share)))


def _logistic(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))

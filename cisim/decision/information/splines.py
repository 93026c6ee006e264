"""Smooth regression of what plans gain on one unknown: penalized B-splines, as straight as the data allow.

With the basis turned so that its columns are orthonormal over the points (Demmler-Reinsch), a fit is a shrinkage of
each column's coefficient by 1 / (1 + penalty · roughness), so that many fits cost little. Rough is what curves: the
integral of the squared second derivative. The penalty is chosen by generalized cross-validation; under an infinite one
a straight line is left. Source: O'Sullivan (1986), Statistical Science 1:502.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.interpolate import BSpline
from scipy.linalg import eigh

__all__ = ["Smoother", "smoother"]

Array = np.ndarray[Any, Any]
PIECES, DEGREE = 10, 3
PENALTIES = np.append(np.logspace(0, 10, 21), 1e300)
FEW = 4
"""Distinct values up to which each has a mean of its own instead of a curve."""


@dataclass(frozen=True)
class Smoother:
    """`basis` (points, columns), orthonormal under the weights and to the constant; roughness (columns,).

    shrinkage (penalties, columns): what is left of a coefficient under each penalty.
    """

    basis: Array
    weights: Array
    shrinkage: Array

    def coefficients(self, values: Array) -> Array:
        """(columns, …) of values (points, …)."""
        return np.asarray(np.tensordot(self.basis * self.weights[:, None], values, axes=(0, 0)))

    def shrunk(self, coefficients: Array, sums: Array) -> Array:
        """Coefficients under the penalty that generalized cross-validation chooses for each, (columns, …).

        sums (…): the weighted sum of squares of the values around their mean.
        """
        flat = coefficients.reshape(len(coefficients), -1)
        left = self.shrinkage  # (penalties, columns)
        misses = sums.reshape(-1) - (2 * left - left**2) @ flat**2  # (penalties, …)
        freedom = 1 - (1 + left.sum(axis=1)) / len(self.basis)
        chosen = np.argmin(misses / freedom[:, None] ** 2, axis=0)
        return np.asarray((flat * left[chosen].T).reshape(coefficients.shape))

    def curve(self, coefficients: Array) -> Array:
        """(points, …): the fitted values around the mean."""
        return np.asarray(np.tensordot(self.basis, coefficients, axes=(1, 0)))


def smoother(unknown: Array, weights: Array) -> Smoother:
    """The smoother over one unknown (points,); weights (points,) sum to 1. The unknown must differ between points."""
    columns, rough = _columns(unknown)
    centred = columns - weights @ columns
    gram = (centred * weights[:, None]).T @ centred
    size, turn = eigh(gram)
    kept = size > 1e-9 * size.max()
    white = turn[:, kept] / np.sqrt(size[kept])
    roughness, rotate = eigh(white.T @ rough @ white)
    basis = centred @ white @ rotate
    scale = max(float(roughness.max(initial=0.0)), np.finfo(float).tiny)
    relative = np.where(roughness > 1e-9 * scale, roughness / scale, 0.0)
    left = 1 / (1 + PENALTIES[:, None] * relative[None, :])
    left[-1] = relative == 0  # an infinite penalty leaves the straight line
    return Smoother(basis, weights, left)


def _columns(unknown: Array) -> tuple[Array, Array]:
    """Columns over the points, and the matrix of how rough a combination of them is."""
    levels = np.unique(unknown)
    if len(levels) <= FEW:
        return (unknown[:, None] == levels[None, :]).astype(float), np.zeros((len(levels), len(levels)))
    low, high = levels[0], levels[-1]
    place = (unknown - low) / (high - low)
    inner = np.unique(np.quantile(place, np.linspace(0, 1, PIECES + 1)))
    knots = np.concatenate([[0.0] * DEGREE, inner, [1.0] * DEGREE])
    knots[DEGREE], knots[-DEGREE - 1] = 0.0, 1.0
    columns = BSpline.design_matrix(place, knots, DEGREE).toarray()
    grid = np.linspace(0, 1, 401)
    curved = BSpline(knots, np.eye(columns.shape[1]), DEGREE).derivative(2)(grid)
    return columns, curved.T @ curved / len(grid)

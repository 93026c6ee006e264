"""Points drawn in a unit cube: random, Latin hypercube, Sobol', Saltelli's scheme, Morris trajectories.

A cube is (points, factors), from 0 to 1; a factor turns its column into values by quantiles.

Sources: Latin hypercube: McKay, Beckman and Conover (1979), doi:10.1080/00401706.1979.10489755. Sobol' points
scrambled as Matousek (1998), doi:10.1006/jcom.1998.0489, proposes. Saltelli's scheme: Saltelli et al. (2010),
doi:10.1016/j.cpc.2009.09.018. Trajectories: Morris (1991), doi:10.1080/00401706.1991.10484804.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cisim.study.designs.design import Design

__all__ = ["CUBES", "Cube", "size"]

Cube = np.ndarray[Any, np.dtype[np.float64]]


def size(design: Design, factors: int) -> int:
    """Points of a sampled design with that many factors."""
    if design.kind == "morris":
        return (design.trajectories or 0) * (factors + 1)
    if design.kind == "saltelli":
        return (design.points or 0) * _block(design, factors)
    return design.points or 0


def random(design: Design, factors: int) -> Cube:
    """Every point is uniform and independent of the others; more points keep the first ones."""
    return _draws(design).random((design.points or 0, factors))


def latin_hypercube(design: Design, factors: int) -> Cube:
    """Each factor has one point in each of `points` equal strips; more points are other points."""
    cube: Cube = _qmc().LatinHypercube(factors, seed=_draws(design)).random(design.points)
    return cube


def sobol(design: Design, factors: int) -> Cube:
    """Scrambled Sobol' points: of the first 2^m, each factor has one in each of 2^m equal strips."""
    return _sobol(design, factors)


def saltelli(design: Design, factors: int) -> Cube:
    """Blocks of a point A, A with one factor each from B, with second order B with one from A, and B.

    A and B are the halves of Sobol' points in 2 `factors` dimensions. The order is that of SALib; more points
    add blocks at the end.
    """
    halves = _sobol(design, 2 * factors)
    a, b = halves[:, :factors], halves[:, factors:]
    cube = np.empty((len(halves), _block(design, factors), factors))
    each = np.arange(factors)
    cube[:, : factors + 1] = a[:, None]
    cube[:, 1 + each, each] = b
    cube[:, factors + 1 :] = b[:, None]
    if design.second_order:
        cube[:, factors + 1 + each, each] = a
    return cube.reshape(-1, factors)


def morris(design: Design, factors: int) -> Cube:
    """Trajectories on `levels` levels from 0 to 1: each factor in turn moves by levels / (2 (levels - 1)), once.

    Where a trajectory starts, in which order factors move, and whether up or down, is equally likely. Every
    trajectory has draws of its own, so more of them keep the first ones.
    """
    draws = _draws(design).random((design.trajectories or 0, 3, factors))
    half = design.levels // 2
    start = np.floor(draws[:, 0] * half)
    up = draws[:, 1] < 0.5
    turn = draws[:, 2].argsort(axis=1).argsort(axis=1)
    moved = np.arange(factors + 1)[None, :, None] > turn[:, None, :]
    place = start[:, None, :] + half * (moved == up[:, None, :])
    return np.asarray(place / (design.levels - 1)).reshape(-1, factors)


CUBES: dict[str, Callable[[Design, int], Cube]] = {
    "random": random,
    "latin-hypercube": latin_hypercube,
    "sobol": sobol,
    "saltelli": saltelli,
    "morris": morris,
}
"""{kind: its cube, (points, factors)}."""


def _draws(design: Design) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(design.seed))


def _block(design: Design, factors: int) -> int:
    return 2 * factors + 2 if design.second_order else factors + 2


def _sobol(design: Design, dimensions: int) -> Cube:
    points: Cube = _qmc().Sobol(dimensions, seed=_draws(design)).random(design.points)
    return points


def _qmc() -> Any:
    from scipy.stats import qmc

    return qmc

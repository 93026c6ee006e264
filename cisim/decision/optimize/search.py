"""Noisy search in a unit cube: an evolution strategy, then a knockout of the best in ever more worlds.

Candidates of one generation meet the same worlds (common random numbers), the next generation meets others, so that no
set of worlds is learnt by heart. The strategy is separable CMA-ES of the library `cmaes`; what it proposes last, its
best and the given starts then go into a knockout (successive halving) in worlds of its own. In one dimension, where the
strategy has nothing to learn, even grids that contract around the best take its place.

Sources: Ros and Hansen (2008), Parallel Problem Solving from Nature X, 296 (sep-CMA-ES); Karnin, Koren and Somekh (2013),
ICML 28:1238 (successive halving); Hesterman et al. (2010), IEEE Transactions on Nuclear Science 57:1077 (contracting grids).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from cisim.errors import SpecError

__all__ = ["Coarse", "Evaluate", "Found", "Method", "Variants", "runs_of", "search", "way_of"]

Array = np.ndarray[Any, Any]
Evaluate = Callable[[Array, int, int, bool], Array]
"""Called with (points (k, d), number of the first world, worlds, soft); gives (k, worlds), more is better."""
Variants = Callable[[Array], Sequence[Array]]
"""Points near a point (d,) that are worth a try."""
Method = Literal["cma", "random"]
WIDE, NARROW = 0.3, 0.12
"""First step sizes, in shares of a range: with no idea where the best is, and around a start."""
GRIDS, FEWEST = 4, 4
"""Grids of a search in one dimension, at most, and points of each, at least."""


@dataclass(frozen=True)
class Found:
    """What a search found. points (n, d), in the order in which they were tried, and their mean values.

    finalists (k, d): the winner first, then by how long they stayed in the knockout, whose last round was in
    `last_worlds` worlds from number `last_world` on. way: how points were proposed, in words.
    """

    points: Array
    values: Array
    finalists: Array
    last_world: int
    last_worlds: int
    way: str

    @property
    def best(self) -> Array:
        """(d,): the winner of the knockout."""
        return np.asarray(self.finalists[0])


@dataclass(frozen=True)
class Coarse:
    """A smaller cube that is searched first: its dimensions, and how a point of it is a point of the whole."""

    dimensions: int
    expand: Callable[[Array], Array]
    share: float = 0.6
    """Of the candidates."""


def search(
    evaluate: Evaluate, dimensions: int, *, candidates: int, worlds: int, finalists: int, final_worlds: int, seed: int,
    starts: Sequence[Array] = (), coarse: Coarse | None = None, variants: Variants | None = None,
    method: Method = "cma",
) -> Found:  # fmt: skip
    """Search for the point of the largest mean. starts: points to begin at (the first) and to keep in the knockout.

    coarse: is searched first, and where it ends is the start of the whole, if no other start is told. variants: of the
    winner, that are tried against it in a second knockout. In one dimension method "cma" means grids. Raises SpecError if
    `cmaes` is needed and not installed.
    """
    kept, parts, world = list(starts), [], 0
    if method == "random":
        parts.append(_scattered(evaluate, dimensions, candidates, worlds, seed))
    elif dimensions == 1:
        parts.append(_gridded(evaluate, candidates, worlds))
    elif coarse is not None:
        first = _evolved(
            _within(coarse, evaluate),
            coarse.dimensions,
            round(coarse.share * candidates),
            worlds,
            seed,
            [],
            0,
        )
        parts.append(
            replace(first, points=_expanded(coarse, first.points), centres=_expanded(coarse, first.centres))
        )
        candidates, world = candidates - len(first.points), first.next_world
        kept = kept or list(parts[0].centres[:1])
    if method == "cma" and dimensions > 1:
        parts.append(_evolved(evaluate, dimensions, candidates, worlds, seed, kept, world))
    points, values = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("points", "values")
    )
    kept += [centre for part in reversed(parts) for centre in part.centres[: max(1, finalists // 6)]]
    chosen = _shortlist(points, values, kept, finalists)
    each = max(worlds, final_worlds // 8)
    ordered, world, last = _knockout(evaluate, chosen, parts[-1].next_world, each, final_worlds)
    if variants is not None and method != "random":
        again = np.unique(np.array([ordered[0], *variants(ordered[0])]), axis=0)
        better, world, last = _knockout(evaluate, again, world + last, each, final_worlds)
        ordered = np.concatenate([better, ordered])
    return Found(points, values, ordered, world, last, way_of(dimensions, method))


def way_of(dimensions: int, method: Method = "cma") -> str:
    """How `search` proposes points, in words."""
    if method == "random":
        return "drawing at random"
    if dimensions == 1:
        return "even grids that narrow around the best"
    return "an evolution strategy"


def runs_of(candidates: int, worlds: int, finalists: int, final_worlds: int, variants: int = 0) -> int:
    """Runs that a search takes, at most; variants: how many of the winner are tried against it."""
    total = candidates * worlds
    for left in (finalists, variants + 1 if variants else 0):
        each = max(worlds, final_worlds // 8)
        while left > 0:
            total += left * each
            if left <= 2 or each >= final_worlds:
                break
            left, each = -(-left // 2), min(2 * each, final_worlds)
    return total


@dataclass(frozen=True)
class _Part:
    """Points proposed in one way, their values, and the centres of its last generations, latest first."""

    points: Array
    values: Array
    centres: Array
    next_world: int


def _evolved(
    evaluate: Evaluate,
    dimensions: int,
    candidates: int,
    worlds: int,
    seed: int,
    starts: Sequence[Array],
    world: int,
) -> _Part:
    strategy = _strategy(dimensions, starts, seed)
    size = strategy.population_size
    points, values, centres = [], [], []
    for _ in range(max(1, candidates // size)):
        asked = np.array([strategy.ask() for _ in range(size)])
        means = evaluate(asked, world, worlds, True).mean(axis=1)
        strategy.tell([(point, -float(mean)) for point, mean in zip(asked, means, strict=True)])
        points.append(asked)
        values.append(means)
        centres.append(np.clip(strategy.mean, 0, 1))
        world += worlds
    return _Part(np.concatenate(points), np.concatenate(values), np.array(centres[::-1]), world)


def _within(coarse: Coarse, evaluate: Evaluate) -> Evaluate:
    return lambda points, first, worlds, soft: evaluate(_expanded(coarse, points), first, worlds, soft)


def _expanded(coarse: Coarse, points: Array) -> Array:
    return np.array([coarse.expand(point) for point in points])


def _strategy(dimensions: int, starts: Sequence[Array], seed: int) -> Any:
    try:
        from cmaes import SepCMA
    except ImportError as missing:
        raise SpecError(
            'searching for plans needs cmaes, which is not installed: pip install "cisim[decide]"',
            source="Search",
        ) from missing
    mean = np.clip(starts[0], 0.02, 0.98) if len(starts) else np.full(dimensions, 0.5)
    bounds = np.tile([0.0, 1.0], (dimensions, 1))
    return SepCMA(mean, NARROW if len(starts) else WIDE, bounds=bounds, seed=seed % 2**31)


def _scattered(evaluate: Evaluate, dimensions: int, candidates: int, worlds: int, seed: int) -> _Part:
    """Points drawn evenly over the cube, all in the same worlds: what a search must beat."""
    points = np.random.default_rng(seed).random((candidates, dimensions))
    values = evaluate(points, 0, worlds, True).mean(axis=1)
    return _Part(points, values, np.empty((0, dimensions)), worlds)


def _gridded(evaluate: Evaluate, candidates: int, worlds: int) -> _Part:
    """Even grids over the one dimension there is: first the whole range, then each half as wide, around the best so far.

    Half as wide, not the one gap between neighbours: values are noisy, so the best may lie a few points off.
    """
    grids = max(1, min(GRIDS, candidates // FEWEST))
    size, low, width = candidates // grids, 0.0, 1.0
    points, values, centres = [], [], []
    for number in range(grids):
        asked = np.linspace(low, low + width, size)[:, None]
        means = evaluate(asked, number * worlds, worlds, True).mean(axis=1)
        best = asked[int(means.argmax())]
        points.append(asked)
        values.append(means)
        centres.append(best)
        width /= 2
        low = min(max(float(best[0]) - width / 2, 0.0), 1.0 - width)
    return _Part(np.concatenate(points), np.concatenate(values), np.array(centres[::-1]), grids * worlds)


def _shortlist(points: Array, values: Array, kept: Sequence[Array], most: int) -> Array:
    """At most so many points: those to be kept, then the best of the others, each once."""
    best = [points[at] for at in np.argsort(-values, kind="stable")]
    return np.unique(np.array([*kept[:most], *best])[:most], axis=0)


def _knockout(
    evaluate: Evaluate, points: Array, world: int, worlds: int, most: int
) -> tuple[Array, int, int]:
    """The points by how long they stay, the winner first, and the worlds of the last round.

    Half of the points leave each time, and worlds double.
    """
    left, gone = points, list[Array]()
    while True:
        soft = worlds < most
        means = evaluate(left, world, worlds, soft).mean(axis=1)
        left = left[np.argsort(-means, kind="stable")]
        if len(left) <= 2 or worlds >= most:
            return np.concatenate([left, *reversed(gone)]), world, worlds
        half = -(-len(left) // 2)
        gone.append(left[half:])
        left, world, worlds = left[:half], world + worlds, min(2 * worlds, most)

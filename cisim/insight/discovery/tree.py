"""A regression tree of where an outcome happens: its leaves are boxes, and together they fill the space.

Source: Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.errors import SpecError
from cisim.insight.discovery.boxes import Found, found
from cisim.insight.discovery.factors import SOURCE, Column, Points, read
from cisim.insight.discovery.prim import OPTIMISTIC

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Tree", "tree"]


@dataclass(frozen=True)
class Tree:
    """The leaves of a tree, densest first; their figures are in sample, hence optimistic.

    `penalties` (rising) are the costs of a leaf that were tried, `errors` their mean squared errors in
    cross-validation and `spreads` the standard errors of these; `penalty` is the one in use.
    """

    leaves: tuple[Found, ...]
    depth: int
    penalty: float
    penalties: np.ndarray
    errors: np.ndarray
    spreads: np.ndarray

    def table(self) -> pl.DataFrame:
        """A row for each leaf, densest first."""
        import polars as pl

        return pl.DataFrame(
            {
                "leaf": range(len(self.leaves)),
                "coverage": [leaf.coverage for leaf in self.leaves],
                "density": [leaf.density for leaf in self.leaves],
                "mass": [leaf.mass for leaf in self.leaves],
                "points": [leaf.points for leaf in self.leaves],
                "restricted": [len(leaf.box.restrictions) for leaf in self.leaves],
                "box": [leaf.box.sentence() for leaf in self.leaves],
                "sample": [OPTIMISTIC] * len(self.leaves),
            }
        )

    def pruning(self) -> pl.DataFrame:
        """A row for each cost of a leaf that was tried: its cross-validated error, and whether in use."""
        import polars as pl

        return pl.DataFrame(
            {
                "penalty": self.penalties,
                "error": self.errors,
                "standard_error": self.spreads,
                "in_use": self.penalties == self.penalty,
            }
        )


def tree(
    frame: pl.DataFrame,
    hit: Any,
    *,
    depth: int = 4,
    least_mass: float = 0.05,
    folds: int = 5,
    seed: int = 0,
    factors: Sequence[str] | None = None,
) -> Tree:
    """A tree of where an outcome happens, cut back as far as cross-validation allows.

    frame, hit, factors: as for `prim`. depth: most splits from the root to a leaf, 1 to 10. least_mass: least
    share of points in a leaf. folds: parts in cross-validation, which `seed` shuffles.

    Splits lower the variance of hits within leaves; for true and false this is the Gini index of a
    classification tree. Numbers are split at a value, categories by one against the rest, inactive points go
    where they fit better. The tree is the smallest whose error is within one standard error of the least
    (Breiman et al. 1984, section 3.4.3), so that an outcome by chance gives a single leaf.

    Raises SpecError if scikit-learn is not installed, for settings out of range, and whatever `prim` refuses.
    """
    faults = _faults(depth, least_mass, folds, len(frame))
    if faults:
        raise SpecError(faults, source=SOURCE)
    points = read(frame, hit, factors)
    features = list(_features(points))
    if not features:
        raise SpecError("every factor is constant, so there is nothing to split.", source=SOURCE)
    table = np.column_stack([feature.values() for feature in features])

    def grown(rows: np.ndarray) -> Any:
        made = _learner()(max_depth=depth, min_samples_leaf=least_mass, random_state=seed)
        return made.fit(table[rows], points.hit[rows])

    everyone = np.arange(len(points))
    whole = grown(everyone)
    penalties = _penalties(whole.cost_complexity_pruning_path(table, points.hit).ccp_alphas)
    squares = np.empty((len(penalties), len(points)))
    for fold in np.array_split(np.random.default_rng(seed).permutation(len(points)), folds):
        part = grown(np.setdiff1d(everyone, fold))
        ends = part.apply(table[fold])
        for row, penalty in enumerate(penalties):
            told = part.tree_.value[_standing(part.tree_, penalty)[ends], 0, 0]
            squares[row, fold] = (told - points.hit[fold]) ** 2
    errors = squares.mean(axis=1)
    spreads = squares.std(axis=1, ddof=1) / np.sqrt(len(points))
    least = int(errors.argmin())
    penalty = float(penalties[np.flatnonzero(errors <= errors[least] + spreads[least])[-1]])
    tips = list(_leaves(whole.tree_, _standing(whole.tree_, penalty), features, 0, 0, {}))
    leaves = sorted((found(points, a) for _, a in tips), key=lambda leaf: (-leaf.density, -leaf.mass))
    return Tree(tuple(leaves), max(tip[0] for tip in tips), penalty, penalties, errors, spreads)


@dataclass(frozen=True)
class _Feature:
    """What the tree sees of a factor: its number, or whether it has a certain level (-1: is inactive)."""

    column: Column
    level: int | None = None

    def values(self) -> np.ndarray:
        """(points,): the place of a number among all, which splits as the number does; NaN for null."""
        codes = self.column.codes
        if self.level is None:
            return np.where(codes < 0, np.nan, codes)
        return np.asarray(codes == self.level, dtype=float)

    def below(self, threshold: float, null_below: bool) -> np.ndarray:
        """What of the factor goes below a split."""
        levels = np.append(np.arange(len(self.column.levels)), -1)
        if self.level is not None:
            return np.asarray(levels != self.level)
        return np.where(levels < 0, null_below, levels <= threshold)


def _features(points: Points) -> Iterator[_Feature]:
    for column in points.columns:
        if column.numeric:
            yield _Feature(column)
            continue
        levels = sorted({*column.codes.tolist()})
        for level in levels if len(levels) > 2 else levels[1:]:
            yield _Feature(column, level)


def _standing(grown: Any, penalty: float) -> np.ndarray:
    """For each node of a grown tree the leaf that stands for it when a leaf costs so much: itself, or one above.

    A node becomes a leaf where the variance within it is no more than within its leaves, their cost included.
    """
    left, right = grown.children_left, grown.children_right
    cost = grown.impurity * grown.weighted_n_node_samples / grown.weighted_n_node_samples[0] + penalty
    closed = left < 0
    for node in reversed(range(len(left))):  # children have higher numbers than their parents
        if not closed[node]:
            below = cost[left[node]] + cost[right[node]]
            closed[node] = cost[node] <= below
            cost[node] = min(cost[node], below)
    standing = np.arange(len(left))
    for node in np.flatnonzero(left >= 0).tolist():
        for child in (left[node], right[node]):
            if closed[node] or standing[node] != node:
                standing[child] = standing[node]
    return standing


def _leaves(
    grown: Any, standing: np.ndarray, features: Sequence[_Feature], node: int, depth: int,
    allowed: dict[str, np.ndarray],
) -> Iterator[tuple[int, dict[str, np.ndarray]]]:  # fmt: skip
    """Depth, and what is allowed of each factor, for each leaf below a node."""
    left, right = grown.children_left[node], grown.children_right[node]
    if left < 0 or standing[left] != left:
        yield depth, allowed
        return
    feature = features[grown.feature[node]]
    name = feature.column.name
    before = allowed.get(name, feature.column.anything())
    below = feature.below(grown.threshold[node], bool(grown.missing_go_to_left[node]))
    for child, side in ((left, below), (right, ~below)):
        yield from _leaves(grown, standing, features, child, depth + 1, allowed | {name: before & side})


def _penalties(found_on_path: np.ndarray) -> np.ndarray:
    """One cost of a leaf between each two at which the tree changes, and one at which it is a single leaf."""
    steps = np.unique(np.maximum(found_on_path, 0.0))
    return np.append(np.sqrt(steps[:-1] * steps[1:]), steps[-1] * (1 + 1e-9) + 1e-12)


def _learner() -> Any:
    try:
        from sklearn.tree import DecisionTreeRegressor
    except ImportError as missing:
        raise SpecError(
            'a tree needs scikit-learn, which is not installed: pip install "cisim[study]"', source=SOURCE
        ) from missing
    return DecisionTreeRegressor


def _faults(depth: int, least_mass: float, folds: int, points: int) -> list[str]:
    faults = []
    if not 1 <= depth <= 10:
        faults.append(f"depth must be 1 to 10, given {depth!r}.")
    if not 0 < least_mass <= 0.5:
        faults.append(f"least_mass must be a share above 0 and up to 0.5, given {least_mass!r}.")
    if not 2 <= folds <= max(points, 2):
        faults.append(f"folds must be 2 up to the number of points, {points:,}; given {folds!r}.")
    return faults

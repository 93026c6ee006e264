"""The patient rule induction method: peel the space of factors, a thin slice at a time, until hits are dense.

Source: Friedman & Fisher (1999), Statistics and Computing 9:123.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.errors import SpecError
from cisim.insight.discovery.boxes import Found, found
from cisim.insight.discovery.factors import SOURCE, Points, read
from cisim.insight.discovery.peeling import pasted, peeling

if TYPE_CHECKING:
    import polars as pl

__all__ = ["OPTIMISTIC", "Prim", "prim"]

OPTIMISTIC = "in sample (optimistic)"
"""What figures of a box are called that come from the points which found it."""


@dataclass(frozen=True)
class Prim:
    """The boxes of a peeling, from the whole space to the smallest, each within the one before.

    All figures are in sample, hence optimistic: the boxes were picked because these points are dense there.
    """

    steps: tuple[Found, ...]
    peel: float
    least_mass: float
    _points: Points = field(repr=False)
    _allowed: tuple[Mapping[str, np.ndarray], ...] = field(repr=False)

    @property
    def base(self) -> float:
        """Share of hits among all points."""
        return self.steps[0].density

    def choose(
        self, *, coverage: float | None = None, density: float | None = None, doubt: float | None = 0.05
    ) -> Found:
        """The box of the peeling that a rule picks, pasted, without restrictions that make no difference.

        By default the box in which to lie goes most with the outcome: the highest correlation of the two over
        all points (phi coefficient; for truths, the highest chi-squared). coverage: instead, the densest box
        with at least this coverage. density: instead, the box with most coverage of those at least so dense.
        doubt: restrictions with a quasi-p-value above it are dropped, the most doubtful first (Bryant &
        Lempert 2010), as long as the box stays as dense as asked; None keeps all.

        Raises SpecError if both are given, if one is not a share, or if no box is so dense.
        """
        place = _chosen(self.steps, coverage, density)
        allowed = pasted(self._points, dict(self._allowed[place]), self.peel)
        best = found(self._points, allowed)
        while doubt is not None and best.box.quasi_p:
            worst, p = max(best.box.quasi_p.items(), key=lambda entry: entry[1])
            del allowed[worst]
            simpler = found(self._points, allowed)
            if p <= doubt or (density is not None and simpler.density < density):
                break
            best = simpler
        return best

    def table(self) -> pl.DataFrame:
        """A row for each box of the peeling: figures, restricted factors, and the box in words."""
        import polars as pl

        boxes = [step.box for step in self.steps]
        return pl.DataFrame(
            {
                "step": range(len(self.steps)),
                "coverage": [step.coverage for step in self.steps],
                "density": [step.density for step in self.steps],
                "mass": [step.mass for step in self.steps],
                "points": [step.points for step in self.steps],
                "restricted": [len(box.restrictions) for box in boxes],
                "factors": pl.Series([list(box.restrictions) for box in boxes], dtype=pl.List(pl.String)),
                "box": [box.sentence() for box in boxes],
                "sample": [OPTIMISTIC] * len(self.steps),
            }
        )


def prim(
    frame: pl.DataFrame,
    hit: Any,
    *,
    peel: float = 0.05,
    least_mass: float = 0.05,
    factors: Sequence[str] | None = None,
) -> Prim:
    """The peeling of a space of factors towards where an outcome happens.

    frame: a row for each point, a column for each factor: numbers, or strings, categories, Booleans; null
    where the factor is inactive. hit: for each point, whether the outcome happens, or the share of replicates
    in which it does, 0 to 1. peel: share of the points in a box that one step takes from the low or the high
    end of a number, 0.01 to 0.5; of a category, and of inactive points, it takes all. least_mass: share of
    points that the smallest box still holds. factors: columns to use (default: all).

    Each step takes the slice in which hits are rarest, whatever its size, so that a large category goes only
    when no thin slice does as well; the rise in density alone would favour large ones (Kwakkel & Jaxa-Rozen
    2016, Environmental Modelling & Software 79:311). It ends where no slice has fewer hits than the box. For
    a second box, call again with the points outside the first.

    Raises SpecError for factors or hits that cannot be used, and shares out of range.
    """
    faults = []
    if not 0.01 <= peel <= 0.5:
        faults.append(f"peel must be a share from 0.01 to 0.5, given {peel!r}.")
    if not 0 < least_mass < 1:
        faults.append(f"least_mass must be a share between 0 and 1, given {least_mass!r}.")
    if faults:
        raise SpecError(faults, source=SOURCE)
    points = read(frame, hit, factors)
    trail = list(peeling(points, peel, least_mass))
    return Prim(tuple(found(points, allowed) for allowed in trail), peel, least_mass, points, tuple(trail))


def _chosen(steps: Sequence[Found], coverage: float | None, density: float | None) -> int:
    """The place of the box that the rule picks."""
    faults = [
        f"{name} must be a share from 0 to 1, given {value!r}."
        for name, value in (("coverage", coverage), ("density", density))
        if value is not None and not 0 <= value <= 1
    ]
    if coverage is not None and density is not None:
        faults.append("give coverage or density, not both: one is least, the other then as high as can be.")
    most = max(step.density for step in steps)
    if not faults and density is not None and density > most:
        faults.append(f"no box has a density of {density:g}; the densest has {most:.3g}.")
    if faults:
        raise SpecError(faults, source=SOURCE)
    if coverage is not None:
        return max(_places(steps, lambda s: s.coverage >= coverage), key=lambda at: (steps[at].density, -at))
    if density is not None:
        return max(_places(steps, lambda s: s.density >= density), key=lambda at: (steps[at].coverage, -at))
    # over the boxes of one study the correlation is this, but for a factor that all have in common
    return int(
        np.argmax(
            [(s.coverage - s.mass) / np.sqrt(s.mass * (1 - s.mass)) if s.mass < 1 else 0.0 for s in steps]
        )
    )


def _places(steps: Sequence[Found], meets: Callable[[Found], bool]) -> list[int]:
    return [at for at, step in enumerate(steps) if meets(step)]

"""A box: the part of the space of factors in which each restricted factor has certain values only."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.errors import SpecError
from cisim.insight.discovery.factors import Column, Points, as_column

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Box", "Found", "Range", "Restriction", "found", "number", "quasi_p"]


@dataclass(frozen=True)
class Range:
    """A range of numbers with both ends inside; an end may be infinite.

    `inactive`: points in which the factor is inactive (null) are inside too.
    """

    low: float = -math.inf
    high: float = math.inf
    inactive: bool = False

    def sentence(self, name: str) -> str:
        low, high = number(self.low), number(self.high)
        also = " or inactive" if self.inactive else ""
        if self.low == self.high:
            return f"{name} is {low}{also}"
        if math.isfinite(self.low) and math.isfinite(self.high):
            return f"{name} between {low} and {high}{also}"
        if math.isfinite(self.low):
            return f"{name} at least {low}{also}"
        if math.isfinite(self.high):
            return f"{name} at most {high}{also}"
        return f"{name} is {'anything' if self.inactive else 'active'}"


Restriction = Range | frozenset[str | bool | None]
"""What a box allows of a factor: a range, or a set of categories in which None is an inactive factor."""


@dataclass(frozen=True)
class Box:
    """Restrictions that a point must meet, all of them; factors without one may have any value.

    `quasi_p`: for each restriction, the chance of a density at least as high as the box has if the
    restriction made no difference: the upper tail of a binomial with as many draws as the box has points and
    the density of the box without the restriction (Bryant & Lempert 2010). *Quasi*, because the restriction
    was picked from the same points: it sorts restrictions, and is no test.
    """

    restrictions: Mapping[str, Restriction] = field(default_factory=dict)
    quasi_p: Mapping[str, float] = field(default_factory=dict)

    def contains(self, frame: pl.DataFrame) -> np.ndarray:
        """Which points lie in the box: truths, one a row of the table.

        Raises SpecError if a restricted factor is not a column of the table, or one of another kind.
        """
        faults: list[str] = []
        inside = np.ones(len(frame), dtype=bool)
        for name, restriction in self.restrictions.items():
            inside &= _allowed(frame, name, restriction, faults)
        if faults:
            raise SpecError(faults, source="Box")
        return inside

    def sentence(self) -> str:
        """The restrictions in words."""
        if not self.restrictions:
            return "anywhere: no factor is restricted"
        parts = [
            r.sentence(name) if isinstance(r, Range) else f"{name} is {_either(r)}"
            for name, r in self.restrictions.items()
        ]
        return " and ".join(parts)

    def table(self) -> pl.DataFrame:
        """A row for each restricted factor: its range or categories, and the quasi-p-value."""
        import polars as pl

        kinds: Any = {
            "factor": pl.String, "low": pl.Float64, "high": pl.Float64, "categories": pl.List(pl.String),
            "inactive": pl.Boolean, "quasi_p": pl.Float64,
        }  # fmt: skip
        rows = [
            (name, *_cells(restriction), self.quasi_p.get(name))
            for name, restriction in self.restrictions.items()
        ]
        return pl.DataFrame(rows, schema=kinds, orient="row")


@dataclass(frozen=True)
class Found:
    """A box with its figures on the points that found it. They are optimistic: see `score` for fresh points.

    `coverage`: share of all hits that lie in the box. `density`: share of hits among points in the box.
    `mass`: share of all points that lie in the box; `points`: how many.
    """

    box: Box
    coverage: float
    density: float
    mass: float
    points: int


def found(points: Points, allowed: Mapping[str, np.ndarray]) -> Found:
    """The box with what is allowed of each factor, and its figures on these points."""
    restricted = [c for c in points.columns if c.name in allowed and c.restricts(allowed[c.name])]
    masks = np.array([allowed[c.name][c.codes] for c in restricted], dtype=bool)
    masks = masks.reshape(len(restricted), len(points))
    inside = masks.all(axis=0)
    hits = float(points.hit[inside].sum())
    count = int(inside.sum())
    ps = quasi_p(masks, points.hit)
    box = Box(
        {c.name: _restriction(c, allowed[c.name]) for c in restricted},
        {c.name: float(p) for c, p in zip(restricted, ps, strict=True)},
    )
    return Found(
        box, hits / float(points.hit.sum()), hits / count if count else math.nan, count / len(points), count
    )


def quasi_p(masks: np.ndarray, hit: np.ndarray) -> np.ndarray:
    """The quasi-p-value of each restriction, from which points meet it, (restrictions, points), and hits.

    For hits that are shares the binomial's tail is continued between whole numbers by the incomplete beta
    function; shares vary less than truths of the same mean, so it is then rather too large.
    """
    from scipy.special import betainc

    missed = (~masks).sum(axis=0)
    inside = missed == 0
    count, hits = int(inside.sum()), float(hit[inside].sum())
    ps = np.ones(len(masks))
    for row, mask in enumerate(masks):
        without = inside | ((missed == 1) & ~mask)
        if hits > 0:
            ps[row] = betainc(hits, count - hits + 1, hit[without].mean())
    return ps


def _restriction(column: Column, allowed: np.ndarray) -> Restriction:
    kept = np.flatnonzero(allowed[:-1])
    null = bool(allowed[-1]) and column.has_null
    if not column.numeric:
        return frozenset([*column.levels[kept].tolist(), *[None] * null])
    if len(kept) == 0:
        return frozenset([None])
    first, last = int(kept[0]), int(kept[-1])
    low = -math.inf if first == 0 else _bound(column, first - 1, low=True)
    high = math.inf if last == len(column.levels) - 1 else _bound(column, last, low=False)
    return Range(low, high, null)


def _bound(column: Column, below: int, *, low: bool) -> float:
    """The end of a range between level `below` and the next."""
    under, over = float(column.levels[below]), float(column.levels[below + 1])
    middle = under + (over - under) / 2
    if column.whole or not under < middle < over:
        return over if low else under
    return middle


def _allowed(frame: pl.DataFrame, name: str, restriction: Restriction, faults: list[str]) -> np.ndarray:
    nothing = np.zeros(len(frame), dtype=bool)
    if name not in frame.columns:
        faults.append(f"the table has no column for the restricted factor {name!r}.")
        return nothing
    column = as_column(frame, name, faults)
    if column is None:
        return nothing
    if not isinstance(restriction, Range) and restriction == {None}:
        return np.asarray(column.codes < 0)
    if column.numeric != isinstance(restriction, Range):
        kind = "numbers" if isinstance(restriction, Range) else "categories"
        faults.append(f"factor {name!r} must hold {kind}, given {frame[name].dtype}.")
        return nothing
    allowed = column.anything()
    if isinstance(restriction, Range):
        allowed[:-1] = (column.levels >= restriction.low) & (column.levels <= restriction.high)
        allowed[-1] = restriction.inactive
    else:
        allowed[:-1] = [level in restriction for level in column.levels]
        allowed[-1] = None in restriction
    return np.asarray(allowed[column.codes])


def _cells(restriction: Restriction) -> tuple[float | None, float | None, list[str] | None, bool]:
    """A restriction as low, high, categories and whether inactive points are inside."""
    if isinstance(restriction, Range):
        low, high = (end if math.isfinite(end) else None for end in (restriction.low, restriction.high))
        return low, high, None, restriction.inactive
    known = [value for value in restriction if value is not None]
    categories = sorted(str(value).lower() if isinstance(value, bool) else value for value in known)
    return None, None, categories, None in restriction


def _either(categories: frozenset[str | bool | None]) -> str:
    known = [value for value in categories if value is not None]
    words = sorted(str(value).lower() if isinstance(value, bool) else repr(value) for value in known)
    return " or ".join([*words, *["inactive"] * (None in categories)])


def number(value: float) -> str:
    """A number with as many digits as a reader needs."""
    return f"{value:,.0f}" if 100 <= abs(value) < math.inf else f"{value:.3g}"

"""How well a box describes points that had no part in finding it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.errors import SpecError
from cisim.insight.arrays import level_faults
from cisim.insight.discovery.boxes import Box, quasi_p
from cisim.insight.discovery.factors import SOURCE, read_hits

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Score", "Share", "score"]


@dataclass(frozen=True)
class Share:
    """A share, 0 to 1, with the ends of its interval; NaN where nothing is counted."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Score:
    """A box on fresh points, each share with a Wilson interval at `level`.

    `coverage`: share of all hits that lie in the box. `density`: share of hits among points in the box.
    `mass`: share of points in the box. `base`: share of hits among all points: a box that says nothing has
    this density. `quasi_p` of each restriction, here undistorted by the picking of the box.
    """

    box: Box
    coverage: Share
    density: Share
    mass: Share
    base: Share
    points: int
    inside: int
    level: float
    quasi_p: Mapping[str, float]

    def sentence(self) -> str:
        """The box and its shares in words."""
        return (
            f"Box: {self.box.sentence()}. On {self.points:,} fresh points, the outcome happens in "
            f"{_percent(self.density)} of those in the box, against {_percent(self.base)} of all; the box covers "
            f"{_percent(self.coverage)} of all cases and holds {_percent(self.mass)} of points."
        )

    def table(self) -> pl.DataFrame:
        """A row for each share, with the ends of its interval."""
        import polars as pl

        shares = {name: getattr(self, name) for name in ("coverage", "density", "mass", "base")}
        return pl.DataFrame(
            {
                "figure": list(shares),
                "value": [share.value for share in shares.values()],
                "low": [share.low for share in shares.values()],
                "high": [share.high for share in shares.values()],
                "sample": ["fresh points"] * len(shares),
            }
        )


def score(box: Box, frame: pl.DataFrame, hit: Any, *, level: float = 0.95) -> Score:
    """Coverage, density and mass of a box on fresh points, with intervals.

    frame, hit: as for `prim`, of points that had no part in finding the box. Intervals are Wilson's; where
    hits are shares of replicates, with as many draws as would vary as much as the shares do (Korn &
    Graubard 1998, Survey Methodology 24:193). Points count as independent draws; those of a Latin hypercube
    or Sobol design mostly vary less, and their intervals are then rather too wide.

    Raises SpecError for a table without a restricted factor, for hits that are not one share a row, or for a
    level outside 0 to 1.
    """
    faults = level_faults(level)
    shares = read_hits(hit, len(frame), faults)
    if faults:
        raise SpecError(faults, source=SOURCE)
    inside = box.contains(frame)
    alone = [Box({name: r}).contains(frame) for name, r in box.restrictions.items()]
    masks = np.array(alone, dtype=bool).reshape(len(alone), len(shares))
    everywhere = np.ones(len(shares))
    return Score(
        box=box,
        coverage=_ratio(shares * inside, shares, level),
        density=_ratio(shares * inside, inside.astype(float), level),
        mass=_ratio(inside.astype(float), everywhere, level),
        base=_ratio(shares, everywhere, level),
        points=len(shares),
        inside=int(inside.sum()),
        level=level,
        quasi_p=dict(zip(box.restrictions, map(float, quasi_p(masks, shares)), strict=True)),
    )


def _ratio(part: np.ndarray, whole: np.ndarray, level: float) -> Share:
    """The sum of part over the sum of whole, where part is at most whole in each point.

    Its variance by linearization; for truths this is that of a binomial with sum(whole) draws.
    """
    total = float(whole.sum())
    if total == 0:
        return Share(math.nan, math.nan, math.nan)
    share = float(part.sum()) / total
    variance = float(((part - share * whole) ** 2).sum()) / total**2
    binomial = share * (1 - share)
    draws = binomial / variance if binomial > 0 and variance > 0 else float((whole > 0).sum())
    z = NormalDist().inv_cdf(0.5 + level / 2)
    middle = (share + z * z / (2 * draws)) / (1 + z * z / draws)
    reach = z * math.sqrt(max(binomial / draws, 0.0) + z * z / (4 * draws**2)) / (1 + z * z / draws)
    return Share(share, max(middle - reach, 0.0), min(middle + reach, 1.0))


def _percent(share: Share) -> str:
    if math.isnan(share.value):
        return "an unknown share"
    return f"{100 * share.value:.0f} % ({100 * share.low:.0f} to {100 * share.high:.0f})"

"""Every point that a challenge looked at, in order: where it lies, in which stage, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from cisim.evidence.challenge.reading import Reading, closely, pooled_variance, read
from cisim.evidence.challenge.space import Space
from cisim.evidence.claims.claim import Claim

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Point", "Stage", "Trail"]

Array = np.ndarray[Any, Any]
Stage = Literal["own", "explore", "search", "shortlist", "simplify", "confirm"]
CLOSELY: tuple[Stage, ...] = ("own", "confirm")
"""Stages whose points have many replicates and are read at 95 %, without what other points say."""


@dataclass
class Point:
    """values (d,), NaN for the scenario's own; unit (d,): the same in the unit cube, where it was made there.

    rows (r, 1 or 2): what its replicates gave, in worlds of `seed`.
    """

    stage: Stage
    values: Array
    seed: int
    rows: Array
    unit: Array | None = None


@dataclass
class Trail:
    """The points in the order in which they were made."""

    claim: Claim
    space: Space
    points: list[Point] = field(default_factory=list)

    def of(self, stage: Stage) -> list[Point]:
        """The points of a stage."""
        return [point for point in self.points if point.stage == stage]

    def readings(self, stage: Stage) -> list[Reading]:
        """What the points of a stage say."""
        points = self.of(stage)
        if stage in CLOSELY:
            return [closely(self.claim, point.rows, point.seed) for point in points]
        shared = pooled_variance(self.claim, [point.rows for point in points])
        return [read(self.claim, point.rows, shared) for point in points]

    def table(self) -> pl.DataFrame:
        """A row for each point: stage, figure with interval, status, and the value of every factor.

        The value of a factor is null where the point has the scenario's own.
        """
        import polars as pl

        stages = list(dict.fromkeys(point.stage for point in self.points))
        pairs = [pair for stage in stages for pair in zip(self.of(stage), self.readings(stage), strict=True)]
        told = [
            (point.stage, point.seed, found.replicates, found.value, found.low, found.high, found.status)
            for point, found in pairs
        ]
        kinds: Any = {
            "stage": pl.String, "seed": pl.Int64, "replicates": pl.Int64, "figure": pl.Float64,
            "low": pl.Float64, "high": pl.Float64, "status": pl.String,
        }  # fmt: skip
        values = np.array([point.values for point, _ in pairs]).reshape(len(pairs), len(self.space))
        factors = pl.DataFrame(values, schema=list(self.space.names), orient="row").fill_nan(None)
        return pl.DataFrame(told, schema=kinds, orient="row").hstack(factors).with_row_index("point")

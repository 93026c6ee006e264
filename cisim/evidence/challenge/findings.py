"""What a challenge found: the verdict, how much of the space is false, where, and what repeats it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from cisim.evidence.challenge.reading import Reading, exact, margin
from cisim.evidence.challenge.repeat import Line, lines
from cisim.evidence.challenge.trail import Trail
from cisim.evidence.claims.claim import Claim
from cisim.insight.discovery import Score, prim, score

__all__ = ["Challenge", "FalseShare", "Middle", "Verdict", "middle"]

Array = np.ndarray[Any, Any]
Verdict = Literal["refuted", "survives", "unfinished"]

FEWEST_HITS = 4
"""False points in each half of the explored ones, without which no box is looked for. Assumption."""
MIDDLE = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class FalseShare:
    """The share of the space in which the claim is false, from `points` of it, with a 95 % interval.

    refuted: points whose whole interval lies outside the band; undecided: those of which it cannot be told, of
    which none counts for `low` and every one for `high` and `most`. most: no more than this, at 95 % one-sided.
    """

    value: float
    low: float
    high: float
    most: float
    points: int
    refuted: int
    undecided: int


@dataclass(frozen=True)
class Middle:
    """The median over replicates and the values that a tenth stay below or rise above, as `cisim run` shows."""

    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Challenge:
    """What came of a challenge.

    worst: the setting that was confirmed, {factor: value}, without those that have the scenario's own; reading:
    the figure there in fresh worlds; middles: there, the measure on each side. own: the figure with the scenario's
    own settings. spent: runs, each side of a replicate as one. interrupted: Ctrl-C came before the end.
    """

    claim: Claim
    trail: Trail
    seed: int
    judged: int
    spent: int
    allowed: int
    posterior: str
    reading: Reading | None
    middles: tuple[Middle, ...]
    interrupted: bool

    @property
    def verdict(self) -> Verdict:
        """ "refuted" if the whole interval of the confirmed point lies outside the band.

        "unfinished" after Ctrl-C, and where the measure has no value at that point.
        """
        if self.reading is None or math.isnan(self.reading.value):
            return "unfinished"
        return "refuted" if self.reading.status == "fails" else "survives"

    @property
    def own(self) -> Reading | None:
        """The figure with the scenario's own settings."""
        return next(iter(self.trail.readings("own")), None)

    @property
    def worst(self) -> Mapping[str, float]:
        """The settings of the point that was confirmed; before that, of the most doubtful one so far."""
        points = self.trail.of("confirm") or self._doubtful()
        return self.trail.space.settings(points[0].values) if points else {}

    @cached_property
    def share(self) -> FalseShare | None:
        """How much of the space is false; None if nothing of it was looked at."""
        told = self.trail.readings("explore")
        told = [found for found in told[: self.judged or None] if not math.isnan(found.value)]
        if not told:
            return None
        refuted = sum(found.status == "fails" for found in told)
        undecided = sum(found.status == "undecided" for found in told)
        outside = sum(not self.claim.band.holds(found.value) for found in told)
        count, likely = len(told), refuted + undecided
        return FalseShare(
            outside / count, exact(refuted, count)[0], exact(likely, count)[1], exact(likely, count, 0.90)[1],
            count, refuted, undecided,
        )  # fmt: skip

    @cached_property
    def box(self) -> Score | None:
        """Where the claim is false: a box found on half of the explored points and scored on the other half.

        None if it is false, or true, too rarely, or nowhere in particular.
        """
        import polars as pl

        points, told = self.trail.of("explore"), self.trail.readings("explore")
        pairs = [(p.values, r) for p, r in zip(points, told, strict=True) if not math.isnan(r.value)]
        if not pairs:
            return None
        frame = pl.DataFrame(
            np.array([values for values, _ in pairs]), schema=list(self.trail.space.names), orient="row"
        )
        hit = np.array([not self.claim.band.holds(found.value) for _, found in pairs])
        order = np.random.default_rng([self.seed, 1]).permutation(len(pairs))
        halves = order[: len(pairs) // 2], order[len(pairs) // 2 :]
        if any(min(hit[half].sum(), (~hit[half]).sum()) < FEWEST_HITS for half in halves):
            return None
        box = prim(frame[halves[0]], hit[halves[0]]).choose().box
        return score(box, frame[halves[1]], hit[halves[1]]) if box.restrictions else None

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """What repeats the confirmed point, a line each side; none before it was run."""
        if self.reading is None:
            return ()
        point = self.trail.of("confirm")[0]
        return lines(self.claim, self.worst, len(point.rows), point.seed)

    def _doubtful(self) -> list[Any]:
        readings = zip(self.trail.of("explore"), self.trail.readings("explore"), strict=True)
        return [point for point, _ in sorted(readings, key=lambda pair: margin(self.claim, pair[1].value))]


def middle(values: Array) -> Middle:
    """The median and the middle 80 % over replicates that have a value; NaN if none has."""
    known = values[~np.isnan(values)]
    return (
        Middle(math.nan, math.nan, math.nan)
        if len(known) == 0
        else Middle(*map(float, np.quantile(known, MIDDLE)))
    )

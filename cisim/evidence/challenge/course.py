"""The stages of a challenge, one after another, each within its part of the runs.

own         the scenario's own settings
explore     scrambled Sobol' points, few replicates each, every point in worlds of its own
settle      more replicates for the points of which nobody can tell yet
search      from the most doubtful points, on fixed fresh worlds
shortlist   the worst of them again, on fresh worlds
simplify    the worst one with as many of the scenario's own values as it stays false with
confirm     that one, on fresh worlds: one point, one test, so that a lucky find counts for nothing
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cisim.evidence.challenge.breeding import bred
from cisim.evidence.challenge.reading import FEWEST, Reading, margin, pooled_variance, read
from cisim.evidence.challenge.runs import Runner
from cisim.evidence.challenge.simplest import ownable, simplest
from cisim.evidence.challenge.trail import Point, Stage, Trail
from cisim.evidence.claims.kinds import figure_of

__all__ = ["MOST_REPLICATES", "Course", "Keep"]

Array = np.ndarray[Any, Any]
Keep = Callable[[Trail], None]
"""Called with all points so far, after each stage."""

UNTIL: dict[str, float] = {
    "own": 0.03, "explore": 0.30, "settle": 0.56, "search": 0.72, "shortlist": 0.77, "simplify": 0.92, "confirm": 1.0,
}  # fmt: skip
"""The share of runs that are spent by the end of each stage. Assumption."""
MOST_REPLICATES = 64
"""With these a point that is still in doubt stays so."""
OWN, CONFIRMING = 200, 1_000
"""Most replicates of the scenario's own settings, and of the point that is confirmed."""
LISTED = 8
BLOCK = 32
"""Points settled together."""
GENERATION, MOST_GENERATIONS = 24, 12
"""Least points of a generation, and most generations."""


class Course:
    """One challenge as it goes; `go` stops at Ctrl-C with all that is known so far.

    judged: how many of the explored points, the first ones, were looked at until nothing more could be told.
    bands: of each side, the measure of the confirmed point in each replicate.
    """

    def __init__(self, runner: Runner, seed: int, keep: Keep | None = None) -> None:
        self.keep = keep
        self.runner, self.claim, self.space = runner, runner.claim, runner.space
        self.trail = Trail(self.claim, self.space)
        self.seeds = [(seed + at) % 2**32 for at in range(4)]
        self.first = FEWEST[self.claim.figure]
        self.own_values = ownable(self.claim, self.space)
        self.judged, self.interrupted = 0, False
        self.worst: Array | None = None
        self.measured: Array | None = None
        self._draws = np.random.default_rng([seed, len(self.space)])

    def go(self) -> None:
        """Every stage, until all runs are spent or Ctrl-C."""
        stages = (
            self._own, self._explore, self._settle, self._search, self._shortlist, self._simplify, self._confirm
        )  # fmt: skip
        try:
            for stage in stages:
                stage()
                if self.keep is not None:
                    self.keep(self.trail)
        except KeyboardInterrupt:
            self.interrupted = True

    def _own(self) -> None:
        count = min(OWN, max(2, self.runner.affordable(UNTIL["own"])))
        self._run("own", np.full((1, len(self.space)), np.nan), np.arange(count)[None], self.seeds[0])

    def _explore(self) -> None:
        count = self.runner.affordable(UNTIL["explore"]) // self.first
        unit = self.space.start(count, self.seeds[0])
        worlds = MOST_REPLICATES * np.arange(count)[:, None] + np.arange(self.first)
        self._run("explore", self.space.values(unit), worlds, self.seeds[0], unit)

    def _settle(self) -> None:
        """Block by block, twice as many replicates for each point in doubt, until it can be told or has the most."""
        points = self.trail.of("explore")
        shared = pooled_variance(self.claim, [point.rows for point in points])
        for begin in range(0, len(points), BLOCK):
            block = list(range(begin, min(begin + BLOCK, len(points))))
            while doubtful := [at for at in block if self._in_doubt(points[at], shared)]:
                if self._replicates(points, doubtful) > self.runner.affordable(UNTIL["settle"]):
                    return
                self._double(points, doubtful)
            self.judged = block[-1] + 1

    def _in_doubt(self, point: Point, shared: float) -> bool:
        few = len(point.rows) < MOST_REPLICATES
        return few and read(self.claim, point.rows, shared).status == "undecided"

    @staticmethod
    def _replicates(points: list[Point], chosen: list[int]) -> int:
        return sum(len(points[at].rows) for at in chosen)

    def _double(self, points: list[Point], chosen: list[int]) -> None:
        """As many replicates again for each of the chosen, which have equally many."""
        had = len(points[chosen[0]].rows)
        worlds = MOST_REPLICATES * np.array(chosen)[:, None] + np.arange(had, 2 * had)
        values = np.array([points[at].values for at in chosen])
        for at, rows in zip(chosen, self.runner.rows(values, worlds, self.seeds[0]), strict=True):
            points[at].rows = np.concatenate([points[at].rows, rows])

    def _search(self) -> None:
        """Generations of points bred from the most doubtful so far, all on the same fixed worlds."""
        evaluations = self.runner.affordable(UNTIL["search"]) // self.first
        generations = min(MOST_GENERATIONS, evaluations // GENERATION)
        if generations < 1:
            return
        size = evaluations // (generations + 1)
        unit = np.array([point.unit for point in self._doubtful("explore")[:size]])
        for generation in range(generations + 1):
            if generation:
                parents = np.array([point.unit for point in self._doubtful("search")])
                unit = bred(parents, size, generation, self._draws)
            worlds = np.tile(np.arange(self.first), (len(unit), 1))
            self._run("search", self.space.values(unit), worlds, self.seeds[1], unit)

    def _shortlist(self) -> None:
        listed = [*self._doubtful("search")[: LISTED - 2], *self._doubtful("explore")[:2]]
        values = [point.values for point in listed]
        if self.own_values.all():
            values.append(np.full(len(self.space), np.nan))
        count = max(self.first, self.runner.affordable(UNTIL["shortlist"]) // len(values))
        worlds = np.tile(np.arange(count), (len(values), 1))
        self._run("shortlist", np.array(values), worlds, self.seeds[2])
        self.worst = self._doubtful("shortlist")[0].values

    def _simplify(self) -> None:
        if self.worst is None or self._margin(self._doubtful("shortlist")[0]) >= 0:
            return
        worlds = np.arange(self.first)

        def margins(values: Array) -> Array:
            points = self._run("simplify", values, np.tile(worlds, (len(values), 1)), self.seeds[1])
            return np.array([self._margin(point) for point in points])

        def affordable(points: int) -> bool:
            return points * len(worlds) <= self.runner.affordable(UNTIL["simplify"])

        self.worst = simplest(self.worst, self.own_values, self._weights(), margins, affordable)

    def _weights(self) -> Array:
        """(d,): how closely the figure goes with each factor over the explored points (absolute correlation)."""
        points = self.trail.of("explore")
        figures = np.array([figure_of(self.claim.figure, point.rows) for point in points])
        unit = np.array([point.unit for point in points])[~np.isnan(figures)]
        figures = figures[~np.isnan(figures)]
        apart, off = unit - unit.mean(axis=0), figures - figures.mean()
        size = np.sqrt((apart**2).sum(axis=0) * (off**2).sum())
        return np.asarray(np.abs(apart.T @ off) / np.where(size > 0, size, 1.0))

    def _confirm(self) -> None:
        if self.worst is None:
            return
        count = min(CONFIRMING, max(self.first, self.runner.affordable()))
        measured = self.runner.measured(self.worst[None], np.arange(count)[None], self.seeds[3])
        self.measured = measured[:, 0]
        rows = self.claim.rows(measured[0, 0], measured[1, 0] if len(measured) > 1 else None)
        self.trail.points.append(Point("confirm", self.worst, self.seeds[3], rows))

    def confirmed(self) -> Reading | None:
        """What the fresh worlds say of the worst point; None before they were run."""
        found = self.trail.readings("confirm")
        return found[0] if found else None

    def _run(
        self, stage: Stage, values: Array, worlds: Array, seed: int, unit: Array | None = None
    ) -> list[Point]:
        """The points with what they gave, kept part by part as they come."""
        made: list[Point] = []
        step = self.runner.chunk(worlds.shape[1])
        for begin in range(0, len(values), step):
            part = slice(begin, begin + step)
            rows = self.runner.rows(values[part], worlds[part], seed)
            units = [None] * len(rows) if unit is None else list(unit[part])
            new = [
                Point(stage, *told)
                for told in zip(values[part], [seed] * len(rows), rows, units, strict=True)
            ]
            self.trail.points += new
            made += new
        return made

    def _margin(self, point: Point) -> float:
        return margin(self.claim, figure_of(self.claim.figure, point.rows))

    def _doubtful(self, stage: Stage) -> list[Point]:
        """The points of a stage, the furthest outside the band first."""
        return sorted(self.trail.of(stage), key=self._margin)

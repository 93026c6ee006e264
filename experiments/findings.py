"""Figures that an experiment finds, each with its interval, and the ways to come to them from runs.

World r of each setting has the same draws, so differences are taken world by world. Every interval is at 95 %. Its units
are the distinct draws of the posterior, since the shipped sample has some of them more than once, and worlds with the
same draw are alike: a mean over worlds is the sum over a draw's worlds, over their number.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from cisim import Results
from cisim.decision.estimates import share_of
from cisim.insight.attribution.estimate import of_ratio
from cisim.insight.crossed import Crossed, of_draws
from cisim.insight.outcome import point_of
from cisim.world.posterior import Posterior

__all__ = [
    "COLUMNS",
    "POSTERIOR",
    "Finding",
    "Found",
    "Runs",
    "difference",
    "mean",
    "portion",
    "posts",
    "ratio",
    "read",
    "text_of",
]

COLUMNS = ("figure", "where", "value", "low", "high")
LEVEL = 0.95
POSTERIOR = "shipped"
"""The draws of every experiment; its study names them."""

Settings = Mapping[str, Any]
Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Finding:
    """One figure: what it is, where it holds, its value, the ends of its interval, and the digits that matter."""

    figure: str
    where: str
    value: float
    low: float
    high: float
    places: int = 3

    @property
    def row(self) -> tuple[str, ...]:
        """As it is written, one text for each of COLUMNS."""
        ends = (self.value, self.low, self.high)
        return (
            self.figure,
            self.where,
            *(f"{round(end, self.places) + 0.0:.{self.places}f}" for end in ends),
        )


class Found:
    """The findings of an experiment, in order, to look up by figure and place."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.all = tuple(findings)
        self._known = {(one.figure, one.where): one for one in self.all}
        if len(self._known) < len(self.all):
            raise ValueError("two findings have the same figure and place")

    def __call__(self, figure: str, where: str) -> Finding:
        return self._known[figure, where]

    def line(self, figure: str, places: Sequence[str]) -> list[Finding]:
        """The same figure at several places."""
        return [self(figure, where) for where in places]


class Runs:
    """The numbers kept of a study, by setting: `runs("contribution@120", {"backbone_staff": 3})` is (worlds,)."""

    def __init__(self, results: Results) -> None:
        self._results = results
        self._columns: dict[str, Array] = {}

    def __call__(self, column: str, settings: Settings) -> Array:
        if column not in self._columns:
            self._columns[column] = self._results.array(column)
        values: Array = self._columns[column][point_of(self._results, settings, "setting")]
        return values


def mean(figure: str, where: str, samples: Array, places: int = 3) -> Finding:
    """The mean of samples (worlds,), NaN where a world does not count."""
    return _over(figure, where, samples, np.ones_like(samples), places)


def difference(figure: str, where: str, a: Array, b: Array, places: int = 3) -> Finding:
    """The mean of b less a, world by world."""
    return mean(figure, where, b - a, places)


def ratio(figure: str, where: str, part: Array, whole: Array, places: int = 2) -> Finding:
    """The mean of part over the mean of whole."""
    return _over(figure, where, part, whole, places)


def _over(figure: str, where: str, part: Array, whole: Array, places: int) -> Finding:
    """The sum of part over the sum of whole, with Fieller's interval over distinct draws."""
    shared, counts = _shared(len(part)), np.isfinite(part + whole)
    draw = np.arange(len(part)) if shared is None else shared.points
    sums = [np.bincount(draw[counts], weights=values[counts])[:, None] for values in (part, whole)]
    there = np.bincount(draw[counts]) > 0
    return Finding(figure, where, *of_ratio(sums[0][there], sums[1][there], LEVEL).at(0), places)


@cache
def _shared(worlds: int) -> Crossed | None:
    """Which worlds have the same draw of the posterior."""
    rows = Posterior.read(POSTERIOR).rows
    return of_draws(rows[np.arange(worlds) % len(rows)])


def portion(figure: str, where: str, hits: Array, places: int = 2) -> Finding:
    """The share of worlds in which something happens, with Wilson's interval for as many worlds as there are draws to tell."""
    told = share_of(hits, LEVEL, _shared(len(hits)))
    return Finding(figure, where, told.value, told.low, told.high, places)


def text_of(findings: Iterable[Finding]) -> str:
    """The findings as a CSV file."""
    content = io.StringIO()
    csv.writer(content, lineterminator="\n").writerows([COLUMNS, *(one.row for one in findings)])
    return content.getvalue()


def read(path: Path) -> list[tuple[str, ...]]:
    """The rows of a CSV file of findings, without its head."""
    with path.open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def posts(number: float) -> str:
    """Full-time posts of a backbone, in words."""
    return f"{number:g} post{'' if number == 1 else 's'}"

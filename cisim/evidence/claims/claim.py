"""A claim: what is said of a coalition, where it is said to hold, and how to look whether it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.evidence.claims.kinds import Kind, rows_of
from cisim.evidence.pattern import Band
from cisim.theory.measures import MEASURES
from cisim.world.scenario import Scenario

__all__ = ["Claim", "Side", "Varied"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Side:
    """One side of a claim: `scenario` with its `settings` in place; `told`: the preset or the path of the file."""

    told: str
    scenario: Scenario
    settings: Mapping[str, float | str]


@dataclass(frozen=True)
class Varied:
    """A lever or an uncertainty with the range, both ends included, in which the claim is said to hold."""

    name: str
    low: float
    high: float


@dataclass(frozen=True)
class Claim:
    """`figure` of `measure` in `month` lies in `band`, for every setting of what is `vary`-ed in its range.

    this, other: the sides; with another side the value of a replicate is this one's less that one's, of the
    same world. inside: for a share, where the value must lie. sources: where the claim is from, as told.
    """

    name: str
    says: str
    this: Side
    other: Side | None
    measure: str
    month: int
    figure: Kind
    band: Band
    inside: Band | None
    sources: tuple[str, ...]
    vary: tuple[Varied, ...]

    @property
    def sides(self) -> tuple[Side, ...]:
        """This side, and the other if there is one."""
        return (self.this,) if self.other is None else (self.this, self.other)

    @property
    def unit(self) -> str:
        """The unit of the figure."""
        return "" if self.figure in ("share", "ratio") else MEASURES[self.measure].unit

    def rows(self, this: Array, other: Array | None) -> Array:
        """What replicates give for the figure, (n, 1 or 2), from the measure on this side and the other, (n,)."""
        return rows_of(self.figure, self.inside, this, other)

    def in_words(self) -> str:
        """The figure and where it must lie, as in "mean of trust_in_contacts in month 36: at least 0.01"."""
        of = self.measure
        if self.other is not None and self.figure != "ratio":
            of = f"the paired difference in {of}"
        elif self.figure == "ratio":
            of = f"the means of {of}"
        where = "" if self.inside is None else f" inside {self.inside}"
        return f"{self.figure} of {of}{where} in month {self.month}: {self.band}"

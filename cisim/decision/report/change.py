"""What would change the answer: how the difference between two plans depends on each unknown that was varied.

Worlds are split by thirds of one parameter at a time, so other unknowns vary on both sides alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from cisim.decision.estimates import Estimate, mean_of
from cisim.decision.worlds import Worlds

__all__ = ["Split", "splits"]

Array = np.ndarray[Any, Any]
Turn = Literal["turns round", "may turn", "holds"]
FEWEST = 10
"""Fewest worlds in a third of which a mean is told."""


@dataclass(frozen=True)
class Split:
    """A difference in the third of worlds where a parameter is lowest and in the third where it is highest.

    up_to, from_: the ends of these thirds, in the parameter's unit. Intervals hold together over all splits made
    (Bonferroni), and tell chance within the sampled worlds.
    """

    name: str
    up_to: float
    from_: float
    low: Estimate
    high: Estimate

    @property
    def gap(self) -> float:
        """How far the two thirds are apart, in units of their intervals' half-widths; larger tells more."""
        width = (self.low.high - self.low.low + self.high.high - self.high.low) / 4
        return abs(self.low.value - self.high.value) / width if width > 0 else 0.0

    def turn(self, whole: Estimate) -> Turn:
        """Whether the difference turns round in one third, may turn, or holds in both; whole: over all worlds."""
        sign = 1.0 if whole.value >= 0 else -1.0
        worst = [min(part.low * sign, part.high * sign) for part in (self.low, self.high)]
        best = [max(part.low * sign, part.high * sign) for part in (self.low, self.high)]
        if min(best) < 0:
            return "turns round"
        return "may turn" if min(worst) <= 0 else "holds"


def splits(worlds: Worlds, difference: Array, level: float, names: Sequence[str] = ()) -> list[Split]:
    """Every parameter that was varied, the one that tells most first; difference: (worlds,), one plan less another."""
    told = names or worlds.unknown
    found = []
    for name in told:
        values = worlds.values(name)
        up_to, from_ = np.quantile(values, (1 / 3, 2 / 3))
        below, above = values <= up_to, values >= from_
        if up_to < from_ and min(below.sum(), above.sum()) >= FEWEST:
            each = 1 - (1 - level) / (2 * len(told))
            low, high = (
                mean_of(
                    difference[part], each, None if worlds.crossed is None else worlds.crossed.where(part)
                )
                for part in (below, above)
            )
            found.append(Split(name, float(up_to), float(from_), low, high))
    return sorted(found, key=lambda split: -split.gap)

"""The space in which a claim is said to hold: a range for each factor, seen as a unit cube.

A factor is uniform over its range, or uniform in its logarithm where the range spans more than a factor of ten,
as in calibration. NaN stands for the scenario's own value, which a point may have in place of one of the range.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.errors import SpecError
from cisim.evidence.calibration.prior import LOG_SPAN
from cisim.evidence.claims.claim import Varied
from cisim.world.posterior import Posterior

__all__ = ["Space"]

Array = np.ndarray[Any, Any]

_DIGITS = 4
"""Significant digits of values, so that a line with them can be typed."""


@dataclass(frozen=True)
class Space:
    """`names` of d factors with `low`, `high` and whether in `log`, (d,).

    drawn: from a posterior, rows of the unit cube of the factors at `columns`, which belong together: points
    start there.
    """

    names: tuple[str, ...]
    low: Array
    high: Array
    log: Array
    columns: Array
    drawn: Array

    @classmethod
    def of(cls, ranges: Sequence[Varied], posterior: Posterior | None = None) -> Space:
        """The space of these ranges; with a posterior, within what its draws span of them.

        Raises SpecError if the posterior has none of the factors, or no draw in the ranges.
        """
        names = tuple(entry.name for entry in ranges)
        low, high = (np.array([getattr(entry, end) for entry in ranges]) for end in ("low", "high"))
        shared = [] if posterior is None else [name for name in names if name in posterior.names]
        columns = np.array([names.index(name) for name in shared], dtype=np.int64)
        draws = np.empty((0, len(columns)))
        if posterior is not None:
            if not shared:
                raise SpecError(
                    f"the posterior has none of what the claim varies: {', '.join(names)}. Leave out --posterior, or "
                    f"vary some of {', '.join(posterior.names[:8])}.",
                    source="Challenge",
                )
            draws = np.asarray(posterior.rows)[:, [posterior.names.index(name) for name in shared]]
            draws = draws[((draws >= low[columns]) & (draws <= high[columns])).all(axis=1)]
            if len(draws) == 0:
                raise SpecError(
                    "no draw of the posterior lies in the ranges of the claim; widen them, or leave out --posterior.",
                    source="Challenge",
                )
            low[columns], high[columns] = draws.min(axis=0), draws.max(axis=0)
        log = (low > 0) & (high > LOG_SPAN * low)
        bare = cls(names, low, high, log, columns, draws)
        return cls(names, low, high, log, columns, bare._unit(draws) if len(draws) else draws)

    def __len__(self) -> int:
        return len(self.names)

    def start(self, count: int, seed: int) -> Array:
        """(count, d) of the unit cube: scrambled Sobol' points, in place of which draws stand where there are any.

        Source: Matousek (1998), doi:10.1006/jcom.1998.0489.
        """
        from scipy.stats import qmc

        draws = np.random.default_rng([seed])
        power = max(0, math.ceil(math.log2(count)))  # Sobol' points are balanced in powers of 2
        points = np.asarray(qmc.Sobol(len(self), seed=draws).random_base2(power)[:count])
        if len(self.drawn):
            order = np.concatenate(
                [draws.permutation(len(self.drawn)) for _ in range(-(-count // len(self.drawn)))]
            )
            points[:, self.columns] = self.drawn[order[:count]]
        return points

    def values(self, unit: Array) -> Array:
        """From the unit cube to values of the factors, of four significant digits, within their ranges."""
        safe = np.where(self.log, self.low, 1.0)
        ratio = np.where(self.log, self.high / np.where(self.low == 0, 1.0, self.low), 1.0)
        told = np.where(self.log, safe * ratio**unit, self.low + unit * (self.high - self.low))
        return np.clip(_rounded(told), self.low, self.high)

    def settings(self, values: Array) -> dict[str, float]:
        """{factor: value} of one point, without those that have the scenario's own."""
        told = zip(self.names, values.tolist(), strict=True)
        return {name: value for name, value in told if not math.isnan(value)}

    def ranges(self) -> Mapping[str, tuple[float, float]]:
        """{factor: (low, high)}."""
        ends = zip(self.low.tolist(), self.high.tolist(), strict=True)
        return dict(zip(self.names, ends, strict=True))

    def _unit(self, draws: Array) -> Array:
        """From values of the drawn factors to the unit cube."""
        low, high, log = (part[self.columns] for part in (self.low, self.high, self.log))
        span = np.where(high > low, high - low, 1.0)
        safe = np.where(log, low, 1.0)
        base = np.where(log, np.log(np.where(log, high, math.e) / safe), 1.0)
        return np.asarray(
            np.where(log, np.log(np.where(log, draws, 1.0) / safe) / base, (draws - low) / span)
        )


def _rounded(values: Array) -> Array:
    """Values with four significant digits."""
    with np.errstate(divide="ignore"):
        digits = _DIGITS - 1 - np.floor(np.log10(np.abs(values)))
    scale = 10.0 ** np.where(np.isfinite(digits), digits, 0.0)
    return np.asarray(np.round(values * scale) / scale)

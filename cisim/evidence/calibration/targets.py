"""What the statistics of a run should be, and how far from it they are.

A *band* is met anywhere inside. A *value* with a standard deviation is approached: there the standard deviation
is the unit of distance, and no more. If the value was itself measured with error, the statistic must have that
error too: let the simulator add it, so that like is compared with like.

`met` uses the bounds of history matching: a statistic further than three standard deviations from its target
is implausible, whatever its distribution, as long as that has one peak (Pukelsheim 1994,
doi:10.1080/00031305.1994.10476030; Craig et al. 1997; Vernon, Goldstein and Bower 2010, doi:10.1214/10-BA524).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.errors import SpecError

__all__ = ["FAR", "IMPLAUSIBLE", "Target", "check_targets", "far_from_all", "implausibility"]

Array = np.ndarray[Any, Any]

FAR = 1e6
"""The distance of a statistic that is missing, and the most that any has."""
IMPLAUSIBLE = 3.0
"""A value further than this many standard deviations from its target is implausible."""


@dataclass(frozen=True)
class Target:
    """One statistic's target: `band` (low, high), or `value` with `sd`, in the unit of the statistic.

    weight: how much its squared distance counts beside those of other targets. Raises SpecError with every
    fault.
    """

    name: str
    band: tuple[float, float] | None = None
    value: float | None = None
    sd: float | None = None
    weight: float = 1.0

    def __post_init__(self) -> None:
        if faults := [*_kind_faults(self), *_number_faults(self)]:
            raise SpecError(faults, source=f"Target {self.name!r}")

    @property
    def is_band(self) -> bool:
        """True for a band, False for a value."""
        return self.band is not None

    def distance(self, statistic: Array) -> Array:
        """Of each statistic (n,): 0 inside the band, else the excess over half its width; |s - value| / sd.

        A missing statistic, NaN or infinite, is FAR.
        """
        told = np.nan_to_num(np.asarray(statistic, float), nan=np.inf, posinf=np.inf, neginf=np.inf)
        if self.band is not None:
            low, high = self.band
            off = np.maximum(np.maximum(low - told, told - high), 0) / (0.5 * (high - low))
        else:
            off = np.abs(told - (self.value or 0.0)) / (self.sd or 1.0)
        return np.asarray(np.minimum(off, FAR))

    def met(self, statistic: Array) -> Array:
        """True for each statistic (n,) inside the band, or within three standard deviations of the value."""
        return np.asarray(self.distance(statistic) <= (0.0 if self.is_band else IMPLAUSIBLE))

    def in_words(self) -> str:
        """What is asked of the statistic."""
        if self.band is not None:
            return f"{self.band[0]:g} to {self.band[1]:g}"
        return f"{self.value:g} ± {self.sd:g}"

    def identity(self) -> list[Any]:
        """What tells it from others, as plain values."""
        return [self.name, list(self.band) if self.band else None, self.value, self.sd, self.weight]


def implausibility(targets: Sequence[Target], statistics: Array) -> Array:
    """The distance of each statistic from its target, (n, targets)."""
    return np.stack([target.distance(statistics[:, at]) for at, target in enumerate(targets)], axis=1)


def far_from_all(targets: Sequence[Target], statistics: Array) -> Array:
    """One distance for each row of statistics, (n,): the root of the weighted sum of squares; 0 if all bands are met."""
    weights = np.array([target.weight for target in targets])
    return np.asarray(np.sqrt(implausibility(targets, statistics) ** 2 @ weights))


def check_targets(targets: Sequence[Target]) -> list[str]:
    """What is wrong with a list of targets, a sentence each."""
    if not targets:
        return ["there is no target; give at least one."]
    strange = [told for told in targets if not isinstance(told, Target)]
    if strange:
        return [f"targets must be a list of Target, given {told!r}." for told in strange]
    counts = Counter(target.name for target in targets)
    return [
        f"target {name!r} is given {times} times; give it once."
        for name, times in counts.items()
        if times > 1
    ]


def _kind_faults(target: Target) -> list[str]:
    faults = []
    if not isinstance(target.name, str) or not target.name:
        faults.append(f"name must be text, given {target.name!r}.")
    value = target.value is not None and target.sd is not None
    if value == target.is_band or (target.is_band and (target.value, target.sd) != (None, None)):
        faults.append(
            "give either band=(low, high), or value and sd; "
            f"given band={target.band!r}, value={target.value!r}, sd={target.sd!r}."
        )
    return faults


def _number_faults(target: Target) -> list[str]:
    faults = []
    if target.band is not None and not _is_band(target.band):
        faults.append(f"band must be two finite numbers (low, high) with low < high, given {target.band!r}.")
    if target.value is not None and not _is_number(target.value):
        faults.append(f"value must be a finite number, given {target.value!r}.")
    for name, number in (("sd", target.sd), ("weight", target.weight)):
        if number is not None and not (_is_number(number) and number > 0):
            faults.append(f"{name} must be a finite number above 0, given {number!r}.")
    return faults


def _is_band(band: object) -> bool:
    return (
        isinstance(band, (tuple, list))
        and len(band) == 2
        and all(map(_is_number, band))
        and band[0] < band[1]
    )


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)

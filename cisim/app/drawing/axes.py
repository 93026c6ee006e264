"""Axes that stay where they are while a slider moves: they start at a usual range and only ever grow, in steps."""

from __future__ import annotations

import math
from collections.abc import Mapping

from cisim.app.drawing.outcomes import OutcomeShown

__all__ = ["Limits", "limits_of"]

Limits = Mapping[str, tuple[float, float]]
"""(low, high) of the axis of each outcome by name."""


def limits_of(
    outcome: OutcomeShown, least: float, most: float, before: Limits | None = None
) -> tuple[float, float]:
    """The axis of an outcome whose values lie between `least` and `most`; not narrower than it was `before`.

    It grows in steps of the outcome's `step`; in a range that is many steps long, in steps of 1, 2 or 5 times 10^n.
    """  # fmt: skip
    low, high = (before or {}).get(outcome.name, (outcome.low, outcome.high))
    low, high = min(low, outcome.low), max(high, outcome.high)
    step = max(outcome.step, _round_step((max(high, most) - min(low, least)) / 5))
    if least < low:
        low = round(math.floor(least / step) * step, 9)
    if most > high:
        high = round(math.ceil(most / step) * step, 9)
    return low, high


def _round_step(size: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is not above `size`."""
    ten = 10.0 ** math.floor(math.log10(size))
    return max(part * ten for part in (1.0, 2.0, 5.0) if part * ten <= size * (1 + 1e-12))

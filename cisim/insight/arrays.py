"""Arrays as they come in at the door of insight, and what to say if they are not what they should be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["as_months", "as_numbers", "equal_but_for_rounding", "level_faults"]

ROUNDING = 16 * np.finfo(float).eps
"""Values that differ by less than this share of the largest of them are called equal."""


def as_numbers(name: str, values: Any, faults: list[str]) -> np.ndarray | None:
    """The values as an array of floats; None, and a fault, if they are not numbers."""
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        faults.append(f"{name} must be an array of numbers, given {type(values).__name__} of something else.")
        return None


def as_months(months: Sequence[int] | np.ndarray | None, count: int, faults: list[str]) -> np.ndarray:
    """The numbers of the months, (count,); 0, 1, ... where none are given."""
    if months is None:
        return np.arange(count)
    told = np.asarray(months)
    if told.shape != (count,) or told.dtype.kind not in "iu":
        faults.append(f"months must be one whole number for each of the {count} months, given {months!r}.")
    return told


def level_faults(level: float) -> list[str]:
    """What is wrong with a level of confidence."""
    if 0 < level < 1:
        return []
    return [f"level must be a share between 0 and 1, such as 0.95; given {level!r}."]


def equal_but_for_rounding(spread: np.ndarray | float, size: np.ndarray | float) -> np.ndarray:
    """True where values up to `size` have a spread (largest less smallest) that rounding alone explains."""
    return np.asarray(spread <= ROUNDING * size)

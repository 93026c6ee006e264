"""New points from the most doubtful ones: an evolution strategy with discrete recombination.

A child has each factor from one of two parents, and some factors moved by a normal step that shrinks from
generation to generation. So what makes a claim false in one point meets what makes it false in another.

Source: Beyer & Schwefel (2002), Natural Computing 1:3, doi:10.1023/A:1015059928466.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["bred"]

Array = np.ndarray[Any, Any]

STEP, SHRINKING = 0.25, 0.8
"""SD of the first steps as a share of a range, and what is left of it a generation later. Assumption."""
MOVED, FEWEST_MOVED = 0.2, 5
"""Share of factors that are moved, and how many at least where there are few. Assumption."""
ELITE, FEWEST = 8, 4
"""One in so many of a generation is a parent, and at least so many are."""


def bred(ranked: Array, size: int, generation: int, draws: np.random.Generator) -> Array:
    """(size, d) of the unit cube, from points (n, d) with the most doubtful first; generation: 1, 2, ..."""
    elite = ranked[: max(FEWEST, size // ELITE)]
    first, second = (elite[draws.integers(0, len(elite), size)] for _ in range(2))
    child = np.where(draws.random(first.shape) < 0.5, first, second)
    moved = draws.random(child.shape) < max(MOVED, min(1.0, FEWEST_MOVED / child.shape[1]))
    step = STEP * SHRINKING ** (generation - 1)
    return np.asarray(np.clip(child + moved * draws.normal(0.0, step, child.shape), 0.0, 1.0))

"""Shapes that several rules share, safe for every number."""

from __future__ import annotations

import math


def logistic(x: float) -> float:
    """1 / (1 + exp(−x)), in [0, 1]; flat beyond ±700, where exp would leave the range of numbers."""
    return 1.0 / (1.0 + math.exp(-min(700.0, max(-700.0, x))))

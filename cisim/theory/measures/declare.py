"""The declaration of a measure, and the list that declaring fills."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["DECLARED", "Measure", "measure"]


@dataclass(frozen=True)
class Measure:
    """One monthly output: a pure function of (state, parameters), its unit, range and meaning."""

    name: str
    unit: str
    low: float
    high: float
    group: str
    meaning: str
    formula: str
    undefined_while: str  # when it has no value (NaN); "" if it always has one
    function: Callable[..., float]


DECLARED: dict[str, Measure] = {}


def measure(
    unit: str, low: float, high: float, formula: str = "", *, undefined_while: str = ""
) -> Callable[..., Any]:
    """Declare a function as a measure; its name is the measure's, its docstring the meaning."""

    def declare(function: Callable[..., float]) -> Callable[..., float]:
        name = function.__name__
        group = function.__module__.rsplit(".", 1)[-1]
        meaning = (inspect.getdoc(function) or "").replace("\n", " ")
        DECLARED[name] = Measure(name, unit, low, high, group, meaning, formula, undefined_while, function)
        return function

    return declare

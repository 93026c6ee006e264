"""Levers and events of plans over time, as lanes that can be drawn side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cisim.app.drawing.desk_changes import lever_text
from cisim.app.state.controls import CONDITIONS, label_of
from cisim.theory.parameters import LEVERS
from cisim.world.scenario import Scenario

__all__ = ["lanes_of"]


def lanes_of(scenarios: Sequence[Scenario]) -> list[list[dict[str, Any]]]:
    """Of each plan a lane for each lever: {"name", "label", "high", "steps": [[month, value], …], "text" and
    "words": the same in short and in full}.

    The five conditions and funding are always there, other levers where some plan moves them or plans differ. high:
    the full height, the same in all plans. steps: the month from which each value is in force.
    """
    tables = [scenario.plan().levers() for scenario in scenarios]
    names = [*CONDITIONS, *(name for name in LEVERS if name not in CONDITIONS and _worth(tables, name))]
    tops = {name: _top(tables, name) for name in names}
    return [[_lane(table[name], name, tops[name]) for name in names] for table in tables]


def _worth(tables: Sequence[np.ndarray], name: str) -> bool:
    return len(np.unique(np.concatenate([table[name] for table in tables]))) > 1


def _top(tables: Sequence[np.ndarray], name: str) -> float:
    most = max(float(table[name].max()) for table in tables)
    return max(most, 1.0 if LEVERS[name].high <= 1 else 0.5 * LEVERS[name].high)


def _lane(path: np.ndarray, name: str, high: float) -> dict[str, Any]:
    starts = np.flatnonzero(np.diff(path, prepend=np.nan) != 0)
    steps = [[int(month), float(f"{path[month]:.6g}")] for month in starts]
    return {
        "name": name, "label": label_of(name), "high": high, "steps": steps, "text": _short(name, steps),
        "words": _words(name, steps),
    }  # fmt: skip


def _words(name: str, steps: Sequence[Sequence[float]]) -> str:
    first, last = lever_text(name, steps[0][1]), lever_text(name, steps[-1][1])
    if len(steps) == 1:
        return first
    return f"{first} at the start, {last} from month {steps[-1][0]:g}"


def _short(name: str, steps: Sequence[Sequence[float]]) -> str:
    if len(steps) == 1:
        return lever_text(name, steps[0][1])
    return f"{steps[0][1]:g} → {lever_text(name, steps[-1][1])}"

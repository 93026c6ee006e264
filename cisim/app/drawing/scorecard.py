"""The five conditions as a scorecard: what the plan puts in place, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.app.drawing.bands import path_of
from cisim.app.drawing.outcomes import CONDITIONS, ConditionShown
from cisim.app.pictures import Condition
from cisim.world.describe import level_word

if TYPE_CHECKING:
    from cisim.world.scenario import Scenario

__all__ = ["scorecard"]

Array = np.ndarray[Any, Any]

_MOST_CHANGES = 3


def scorecard(scenario: Scenario, medians: dict[str, Array]) -> list[Condition]:
    """Each condition with its level by month and the median of what it achieved; medians: by measure."""
    levers = scenario.plan().levers()
    return [_condition(shown, scenario, levers, medians[shown.measure]) for shown in CONDITIONS]


def _condition(shown: ConditionShown, scenario: Scenario, levers: Array, achieved: Array) -> Condition:
    values = levers[shown.lever]
    partners = len(scenario.ids) - 1
    full = shown.full * (partners if shown.lever == "backbone_staff" else 1)
    return Condition(
        name=shown.lever,
        label=shown.label,
        placed=np.round(np.minimum(1.0, values / full), 3).tolist(),
        placed_text=_placed_text(shown.lever, values, full),
        achieved=path_of(achieved, 3),
        achieved_measure=shown.measure,
        achieved_text=shown.achieved_text,
    )


def _placed_text(lever: str, values: Array, full: float) -> str:
    """What is put in place and when it changes; month 0 has what month 1 begins with."""
    starts: list[int] = [1, *(np.flatnonzero(np.diff(values[1:])) + 2).tolist()]
    told = [_amount(lever, float(values[1]))]
    told += [
        f"from month {month} {_amount(lever, float(values[month]))}" for month in starts[1:][:_MOST_CHANGES]
    ]
    if len(starts) - 1 > _MOST_CHANGES:
        told[-1] = f"after more changes, at the end {_amount(lever, float(values[-1]))}"
    scale = {
        "meetings": f" (full bar: {full:g} a month, as in Collective impact)",
        "backbone_staff": f" (full bar: {full:.3g} full-time staff, as in Collective impact)",
    }
    return ", ".join(told) + scale.get(lever, "")


def _amount(lever: str, value: float) -> str:
    if lever == "meetings":
        return "no meetings" if value == 0 else f"{value:.3g} meeting{'' if value == 1 else 's'} a month"
    if lever == "backbone_staff":
        return "no staff" if value == 0 else f"{value:.3g} full-time staff"
    return level_word(value)

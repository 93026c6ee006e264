"""What drives the difference between two plans: the share of each condition, by its Shapley value.

A combination is a plan in which some conditions go as in plan B and the others as in plan A, month by month.
All 2**k of them run in the same worlds; `cisim.insight.attribution` shares the whole difference out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.errors import SpecError
from cisim.insight.crossed import Crossed, drawn_from
from cisim.theory.parameters import LEVERS
from cisim.world.scenario import Scenario

if TYPE_CHECKING:
    from cisim.engine.ensemble import Ensemble

__all__ = ["GROUPS", "MOST_RUNS", "REST", "Subsets", "condition_subsets", "driver_replicates", "driver_rows"]

GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "agenda": ("Common agenda", ("agenda",)),
    "measurement": ("Shared measurement", ("measurement",)),
    "activities": ("Mutually reinforcing activities", ("coordination",)),
    "communication": ("Continuous communication", ("meetings",)),
    "backbone": (
        "Backbone",
        ("backbone_staff", "focus_agenda", "focus_activities", "focus_measurement", "focus_communication"),
    ),
    "funding": ("Funding", ("pooled_funding", "funded")),
}
"""The five conditions and funding: what each is called, and the levers that put it in place."""

REST = "rest"
REST_LABEL = "Everything else that differs"
MOST_RUNS = 3_200
"""Runs that one question may cost: about ten seconds on two cores."""

SOURCE = "What drives the difference"
_NAMED = {lever for _, levers in GROUPS.values() for lever in levers}
_IN_WORDS_ONLY = {"name", "title", "description", "sources", "format", "levers", "event"}


@dataclass(frozen=True)
class Subsets:
    """Every combination of the players: row S has those as in plan B whose bit in S is set, as attribution counts.

    The first scenario is plan A itself, the last plan B.
    """

    players: tuple[str, ...]
    labels: tuple[str, ...]
    scenarios: tuple[Scenario, ...]


def condition_subsets(a: Scenario, b: Scenario) -> Subsets:
    """The combinations of what differs between two plans of one horizon and one roster.

    Players are the conditions and funding whose levers differ in some month, events included, and the rest, if
    anything else differs. Raises SpecError where the plans cannot be combined.
    """
    if a.months != b.months or a.ids != b.ids:
        raise SpecError("both plans need the same months and the same partners.", source=SOURCE)
    ours, theirs = a.plan().levers(), b.plan().levers()
    players = [name for name, (_, levers) in GROUPS.items() if _differ(ours, theirs, levers)]
    if _rest_differs(a, b, ours, theirs):
        players.append(REST)
    labels = tuple(GROUPS[name][0] if name in GROUPS else REST_LABEL for name in players)
    last = 2 ** len(players) - 1
    scenarios = [_combined(a, b, ours, theirs, _members(row, players)) for row in range(1, last)]
    whole = (a, *scenarios, b) if players else (a,)
    return Subsets(tuple(players), labels, whole)


def driver_replicates(subsets: Subsets, asked: int, most: int = MOST_RUNS) -> int:
    """Replicates of each combination: as many as asked for, as far as all runs together stay within `most`."""
    return max(8, min(asked, most // len(subsets.scenarios)))


def driver_rows(
    subsets: Subsets, ensembles: Sequence[Ensemble], outcome: str, month: int, *, less: bool
) -> list[dict[str, Any]]:
    """A row for each player, the largest first: its part of the difference in a month, and its share.

    ensembles: of `subsets.scenarios`, same seed and replicates. less: less of the outcome is better. amount: in
    the outcome's unit, b less a. share: of the whole difference; None where that cannot be told from none. Each row
    says too what was asked, and in how many worlds.
    """
    if not subsets.players:
        return []
    values = np.stack([ensemble.sel(outcome, month=month) for ensemble in ensembles])
    known = ~np.isnan(values).any(axis=0)
    if known.sum() < 2:
        return []
    values = values[:, known]
    crossed = drawn_from([ensemble.scenario for ensemble in ensembles], ensembles[0].replicates[known])
    asked = {"outcome": outcome, "month": month, "worlds": values.shape[1]}
    one = len(subsets.players) == 1
    rows = _alone(values, crossed) if one else _shared(values, subsets.players, crossed)
    named = [
        {"condition": player, "label": label, "better": (amount["amount"] < 0) == less, **asked, **amount}
        for player, label, amount in zip(subsets.players, subsets.labels, rows, strict=True)
    ]
    return sorted(named, key=lambda row: -abs(row["amount"]))


def _shared(values: np.ndarray, players: Sequence[str], crossed: Crossed | None) -> list[dict[str, Any]]:
    from cisim.insight.attribution import attribute

    result = attribute(values, players, crossed=crossed)
    return [
        _row(result.shapley.at(place, 0), result.share.at(place, 0)) for place in range(len(result.players))
    ]


def _alone(values: np.ndarray, crossed: Crossed | None) -> list[dict[str, Any]]:
    from cisim.insight.comparison import compare

    result = compare(values[0], values[1], crossed=crossed)
    ends = (float(result.difference), float(result.low), float(result.high))
    told = ends[1] > 0 or ends[2] < 0
    return [_row(ends, (1.0, 1.0, 1.0) if told else (math.nan,) * 3)]


def _row(amount: tuple[float, float, float], share: tuple[float, float, float]) -> dict[str, Any]:
    names = ("amount", "amount_low", "amount_high", "share", "low", "high")
    return {
        name: round(value, 5) if math.isfinite(value) else None
        for name, value in zip(names, (*amount, *share), strict=True)
    }


def _members(row: int, players: Sequence[str]) -> set[str]:
    return {name for place, name in enumerate(players) if row >> place & 1}


def _differ(ours: np.ndarray, theirs: np.ndarray, levers: Sequence[str]) -> bool:
    return any(not np.array_equal(ours[name], theirs[name]) for name in levers)


def _rest_differs(a: Scenario, b: Scenario, ours: np.ndarray, theirs: np.ndarray) -> bool:
    others = [name for name in LEVERS if name not in _NAMED]
    if _differ(ours, theirs, others) or not np.array_equal(a.plan().effects(), b.plan().effects()):
        return True
    return any(
        getattr(a, name) != getattr(b, name) for name in Scenario.model_fields if name not in _IN_WORDS_ONLY
    )


def _combined(a: Scenario, b: Scenario, ours: np.ndarray, theirs: np.ndarray, inside: set[str]) -> Scenario:
    """The plan in which these players go as in b and the others as in a."""
    wanted = {name: (theirs if REST in inside else ours)[name] for name in LEVERS}
    for group, (_, levers) in GROUPS.items():
        wanted |= {name: (theirs if group in inside else ours)[name] for name in levers}
    return _with_levers(b if REST in inside else a, wanted)


def _with_levers(scenario: Scenario, wanted: Mapping[str, np.ndarray]) -> Scenario:
    """The scenario with these values of every lever in every month (months + 1,), whatever its events say.

    Events that only move levers go; where what is left does not give a month's value, an event sets it.
    """
    starts = {name: float(path[0]) for name, path in wanted.items() if path[0] != LEVERS[name].default}
    kept = [event for event in scenario.event if _has_effects(scenario, event)]
    bare = scenario.replace(levers=starts, event=kept)
    plan, events = bare.plan(), []
    for name, path in wanted.items():
        while (off := np.flatnonzero(plan.levers()[name] != path)).size:
            month = int(off[0])
            plan.set_lever(month, name, float(path[month]))
            events.append({"kind": "set-lever", "month": month, "lever": name, "value": float(path[month])})
    return bare.replace(event=[*bare.event, *events]) if events else bare


def _has_effects(scenario: Scenario, event: Any) -> bool:
    from cisim.world.schedule import Plan

    plan = Plan(scenario.months, {}, {name: row for row, name in enumerate(scenario.ids)})
    event.lower(plan)
    return bool(len(plan.effects()))

"""The worth of knowing each unknown of the worlds before one of several plans is chosen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.decision.estimates import Estimate, mean_of
from cisim.decision.information.estimate import Known, all_known, everything_known, known
from cisim.decision.points import Points, points_of
from cisim.decision.robust.choice import gains_of
from cisim.decision.robust.failing import STARTS
from cisim.decision.trying import MONEY, Tried
from cisim.errors import SpecError
from cisim.insight.arrays import level_faults

__all__ = ["FEWEST", "Information", "point_faults", "price_faults", "value_of_information"]

Array = np.ndarray[Any, Any]
FEWEST = 50
"""Worlds (and draws of a posterior) below which no curve is fitted."""


@dataclass(frozen=True)
class Information:
    """What it is worth to know before choosing among plans; figures in `unit`.

    now: the plan (its place) that is best on average, which is what one would do without knowing more; lead: how far
    it is ahead of the next. parameters, starts: each unknown alone, largest first; starts are measures of month 0 that a
    first survey could tell. together: at least what all parameters at once are worth. everything: with luck, which
    nobody can know. price: money for a unit of the outcome, None if figures are in the outcome's own unit.
    """

    plans: tuple[str, ...]
    outcome: str
    month: int
    level: float
    worlds: int
    price: float | None
    unit: str
    now: int
    lead: Estimate
    parameters: tuple[Known, ...]
    starts: tuple[Known, ...]
    together: Estimate
    everything: Estimate


def value_of_information(
    tried: Tried, *, of: str, month: int, price: float | None = None, level: float = 0.95, seed: int = 0
) -> Information:
    """What each unknown is worth knowing before choosing among plans tried in the same worlds.

    of, month: the outcome that is to be good. price: what a unit of it is worth in money (per unit of its gain, 0 or
    more); gains are then price · outcome less what the initiative has spent by the month. None: gains are the outcome
    alone, whatever plans cost. Raises SpecError with every fault at once.
    """
    gains, _ = gains_of(tried, of, month)
    points = points_of(tried.worlds)
    if faults := [*level_faults(level), *point_faults(points), *price_faults(price)]:
        raise SpecError(faults, source="Value of information")
    if price is not None:
        gains = price * gains - tried.at(MONEY, month)
    at_points = points.mean(gains)
    parameters = {name: points.values[:, at] for at, name in enumerate(points.names)}
    worlds = np.full(len(gains), 1 / len(gains))
    starts = known(_starts(tried), gains, worlds, level=level, seed=seed)
    now, second = _first_two(gains)
    return Information(
        tuple(plan.name for plan in tried.plans), of, month, level, len(gains), price,
        tried.prices.currency if price is not None else of, now, 
        mean_of(gains[:, now] - gains[:, second], level, tried.worlds.crossed),
        _largest(known(parameters, at_points, points.weights, level=level, seed=seed)), _largest(starts),
        all_known(points.values[points.of_world], gains, points.of_world, level=level, seed=seed),
        everything_known(gains, points.of_world, level=level, seed=seed),
    )  # fmt: skip


def point_faults(points: Points) -> list[str]:
    """Why nothing can be learnt from worlds with these parameters, or nothing."""
    if not points.names:
        return [
            "all worlds have the same parameters, so nothing is left to know; let ranges or a posterior be uncertain."
        ]
    if len(points) < FEWEST:
        return [f"{len(points)} worlds with parameters of their own are too few; use {FEWEST} or more."]
    return []


def price_faults(price: float | None) -> list[str]:
    """Why a price for a unit of the outcome cannot be used, or nothing."""
    if price is None or 0 <= price < math.inf:
        return []
    return [f"price must be 0 or more, in money for a unit of the outcome; given {price!r}."]


def _first_two(gains: Array) -> tuple[int, int]:
    order = np.argsort(-gains.mean(axis=0), kind="stable")
    return int(order[0]), int(order[1])


def _starts(tried: Tried) -> dict[str, Array]:
    """Measures of month 0 that differ between worlds and not between plans."""
    found = {}
    for name in STARTS:
        if all(name in ensemble.measures for ensemble in tried.ensembles):
            start = tried.at(name, 0)
            if np.isfinite(start).all() and (start == start[:, :1]).all() and np.ptp(start) > 0:
                found[name] = start[:, 0]
    return found


def _largest(told: tuple[Known, ...]) -> tuple[Known, ...]:
    return tuple(sorted(told, key=lambda one: (-one.worth.value, -one.raw)))

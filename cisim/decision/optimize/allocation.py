"""Where the money may go: points of a unit cube as plans, brought back to the budget where they cost more.

A point has a level for each lever in each period, 0 its lowest and 1 its highest. A point that costs more than the
budget is moved towards the lowest levels until it costs no more. The cost is what the plan commits: what is
spent if the coalition lives until the month, so no world spends more than the budget.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from cisim.decision.optimize.parts import Part, dearest_said, parts_of
from cisim.decision.optimize.problem import Problem
from cisim.decision.plan import Plan
from cisim.decision.prices import PAID, committed
from cisim.errors import SpecError
from cisim.world.events import SetLever
from cisim.world.scenario import Scenario

__all__ = ["STEP", "Allocation"]

Array = np.ndarray[Any, Any]
STEP = 0.01
"""Levels are whole steps, so that a plan can be read and written."""
ENOUGH, CLOSE = 40, 1e-6  # halvings of the way to the lowest levels


@dataclass(frozen=True)
class Allocation:
    """Points of the unit cube of a problem, (levers x periods,), as levels and plans."""

    problem: Problem
    world: Scenario

    @property
    def shape(self) -> tuple[int, int]:
        """(levers, periods)."""
        return len(self.problem.levers), len(self.problem.periods)

    @property
    def names(self) -> tuple[str, ...]:
        """The levers."""
        return tuple(self.problem.levers)

    @cached_property
    def ends(self) -> Array:
        """(levers, 2): lowest and highest."""
        return np.array(list(self.problem.levers.values()))

    def levels(self, point: Array) -> Array:
        """(levers, periods): the levels of a point in whole steps, never above it."""
        low, high = self.ends[:, :1], self.ends[:, 1:]
        exact = low + np.clip(point, 0, 1).reshape(self.shape) * (high - low)
        return np.asarray(np.maximum(np.floor(np.round(exact / STEP, 6)) * STEP, low).round(10))

    def point(self, levels: Array) -> Array:
        """(levers x periods,): the point of some levels."""
        low, high = self.ends[:, :1], self.ends[:, 1:]
        return np.asarray(np.clip((levels - low) / (high - low), 0, 1).ravel())

    def affordable(self, point: Array, budget: float | None = None) -> Array:
        """(levers, periods): the levels of the point, or where these cost too much, levels nearer the lowest.

        Each level u becomes u / (1 + λ c), with c what its lever costs at most, over the dearest, and λ the smallest that
        will do: dear levers give way, cheap ones hardly, free ones not at all.
        """
        most = self.problem.budget if budget is None else budget
        point = np.clip(point, 0, 1).reshape(self.shape)
        if self.cost(self.levels(point)) <= most:
            return self.levels(point)
        low, high = 0.0, 1.0  # of λ / (1 + λ)
        for _ in range(ENOUGH):
            middle = (low + high) / 2
            shrunk = self.levels(self._shrunk(point, middle))
            low, high = (low, middle) if self.cost(shrunk) <= most else (middle, high)
            if high - low < CLOSE:
                break
        return self.levels(self._shrunk(point, high))

    def cost(self, levels: Array) -> float:
        """Money that the levels commit by the month of the problem."""
        return (
            self._fixed + float(np.sum(self._price_of_level * levels)) if self._linear else self._told(levels)
        )

    def plan(self, levels: Array, name: str, title: str = "", description: str = "") -> Plan:
        """The levels as a plan: those of the first period at the start, a set-lever event for every later change."""
        start = self.problem.start
        events = tuple(
            SetLever(month=month, lever=lever, value=float(levels[row, period]))
            for period, month in enumerate(self.problem.periods)
            for row, lever in enumerate(self.names)
            if period and levels[row, period] != levels[row, period - 1]
        )
        first = dict(zip(self.names, levels[:, 0].tolist(), strict=True))
        return Plan(
            name=name, title=title, description=description, isolated=start.isolated, line=start.line,
            levers={**start.levers, **first}, event=(*start.event, *events),
        )  # fmt: skip

    def check(self) -> None:
        """Raise SpecError if even the lowest levels cost more than the budget."""
        if self.least > self.problem.budget:
            raise SpecError(
                f"even the lowest levels, with what the plan starts from, cost {self.least:,.0f} by month "
                f"{self.problem.month}, more than the budget of {self.problem.budget:,.0f}. "
                f"{dearest_said(self._least_parts(), set(self.names))} Or raise the budget to {math.ceil(self.least):,}.",
                source=f"Problem {self.problem.name!r}",
            )

    @property
    def least(self) -> float:
        """Money committed with every chosen lever at its lowest."""
        return self.cost(self.lowest)

    @property
    def lowest(self) -> Array:
        """(levers, periods): every chosen lever at its lowest."""
        return np.repeat(self.ends[:, :1], self.shape[1], axis=1)

    def _least_parts(self) -> tuple[Part, ...]:
        plan = self.plan(self.lowest, "lowest")
        return parts_of(plan.on(self.world).plan().levers(), plan, self.problem.prices, self.problem.month)

    def _shrunk(self, point: Array, part: float) -> Array:
        """The point shrunk by λ = part / (1 - part); at 1 levers that cost something are at their lowest."""
        dear = self._dearness[:, None]
        return np.asarray(point * np.where(dear > 0, (1 - part) / (1 - part + part * dear + 1e-300), 1.0))

    @cached_property
    def _dearness(self) -> Array:
        """(levers,): what a lever costs from its lowest to its highest level, over that of the dearest lever."""
        cost = self._price_of_level.sum(axis=1) * (self.ends[:, 1] - self.ends[:, 0])
        return np.asarray(cost / max(float(cost.max()), 1e-300))

    def _told(self, levels: Array) -> float:
        plan = self.plan(levels, "cost")
        return committed(plan.on(self.world).plan().levers(), plan, self.problem.prices, self.problem.month)

    @cached_property
    def _linear(self) -> bool:
        """True if no event but the levels' own moves a lever that is chosen: then cost is a sum over levels."""
        start = self.problem.start.on(self.world)
        return not start.plan().moved() & set(self.names)

    @cached_property
    def _price_of_level(self) -> Array:
        """(levers, periods): money that one unit of level costs over each period."""
        ends = [*self.problem.periods[1:], self.problem.month + 1]
        months = np.array([end - begin for begin, end in zip(self.problem.periods, ends, strict=True)])
        prices = {lever: float(getattr(self.problem.prices, name)) for name, lever in PAID.items()}
        return np.asarray(np.outer([prices.get(name, 0.0) for name in self.names], months))

    @cached_property
    def _fixed(self) -> float:
        """Money that is committed with every chosen lever at 0."""
        return self._told(np.zeros(self.shape))

"""What a search found, as levels: enough to try all of it anew, in the same fresh worlds, without searching again."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from cisim.decision.optimize.allocation import Allocation
from cisim.decision.optimize.beside import Near, near_of
from cisim.decision.optimize.buys import Frontier, frontier_of
from cisim.decision.optimize.problem import Problem
from cisim.decision.optimize.retesting import Retested, found_plan, retested, trials_of
from cisim.decision.plan import Plan
from cisim.decision.prices import Prices
from cisim.errors import SpecError
from cisim.world.scenario import Scenario
from cisim.world.toml import dump, parse, text_of

__all__ = ["FILE", "Search", "Searched", "search_of", "tried_anew"]

Levels = tuple[tuple[float, ...], ...]
FILE = "search.toml"
"""What `cisim optimize --out` writes beside the problem."""
SOURCE = "What a search found"


@dataclass(frozen=True)
class Search:
    """Levels (levers, periods) of the winner, of the best plan for each budget, and of the plans tried beside it."""

    problem: Problem
    winner: Levels
    budgets: tuple[tuple[float, Levels], ...]
    beside: tuple[tuple[str, Levels], ...]

    @property
    def plan(self) -> Plan:
        """The winner as a plan."""
        return found_plan(Allocation(self.problem, self.problem.worlds().scenario), np.array(self.winner))

    @property
    def planned(self) -> int:
        """Runs that it takes to try all of it anew, those that are looked up included."""
        return self.problem.effort.fresh * (4 + len(self.beside) + 2 * len(self.budgets))

    def bound_to(self, world: Scenario, prices: Prices, uncertain: Any) -> Search:
        """The same in this world, at these prices."""
        return replace(self, problem=self.problem.with_(world=world, prices=prices, uncertain=uncertain))

    def to_toml(self) -> str:
        """TOML text of all but the world and the prices, which are kept beside it."""
        told = parse(self.problem.to_toml())
        asked = {key: value for key, value in told.items() if key not in ("world", "prices")}
        return dump({
            "problem": asked, "winner": self.winner,
            "budget": [{"money": money, "levels": levels} for money, levels in self.budgets],
            "beside": [{"what": what, "levels": levels} for what, levels in self.beside],
        })  # fmt: skip

    @classmethod
    def from_toml(cls, text: str, world: Scenario, prices: Prices, source: str | None = None) -> Search:
        """What `to_toml` wrote, with its world and prices. Raises SpecError for what cannot be read or cannot be paid."""
        told = parse(text)
        try:
            start = Plan(**told["problem"].pop("start"))
            search = cls(
                Problem(**told["problem"], world=world, prices=prices, start=start), _levels(told["winner"]),
                tuple((float(one["money"]), _levels(one["levels"])) for one in told.get("budget", [])),
                tuple((str(one["what"]), _levels(one["levels"])) for one in told.get("beside", [])),
            )  # fmt: skip
        except SpecError as error:
            raise SpecError(error.faults, source=source or SOURCE) from None
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SpecError(f"cannot be read ({error}).", source=source or SOURCE) from error
        if faults := _faults(search):
            raise SpecError(faults, source=source or SOURCE)
        return search

    @classmethod
    def read(cls, folder: str | os.PathLike[str]) -> Search:
        """What `cisim optimize --out` wrote to a folder. Raises SpecError."""
        place = Path(folder)
        if not (place / FILE).is_file():
            raise SpecError(
                f"there is no {FILE} in it; run cisim optimize PROBLEM --out {place} (it goes on from what is there).",
                source=str(place),
            )
        problem = Problem.read(place / "problem.toml")
        return cls.from_toml(text_of(place / FILE), problem.world, problem.prices, source=str(place / FILE))


@dataclass(frozen=True)
class Searched:
    """What the plans of a search do in fresh worlds. frontier: None where only one budget was searched."""

    search: Search
    winner: Retested
    near: Near
    frontier: Frontier | None

    @property
    def problem(self) -> Problem:
        """What was searched for."""
        return self.search.problem


def search_of(problem: Problem, winner: Retested, near: Near, frontier: Frontier | None = None) -> Search:
    """What a search found, to be kept."""
    points = () if frontier is None else frontier.points
    return Search(
        problem, _levels(winner.levels.tolist()),
        tuple((point.budget, _levels(point.best.levels.tolist())) for point in points),
        tuple((one.what, _levels(one.levels.tolist())) for one in near.neighbours),
    )  # fmt: skip


def tried_anew(
    search: Search, *, threads: int | None = None, progress: Callable[[int], None] | None = None
) -> Searched:
    """Try all that a search found in the fresh worlds of its problem; the figures are those that the search told."""
    trials = trials_of(search.problem, threads=threads, progress=progress)
    winner = np.array(search.winner)
    near = near_of(trials, winner, [(what, np.array(levels)) for what, levels in search.beside])
    best = {money: retested(trials, np.array(levels)) for money, levels in search.budgets}
    frontier = frontier_of(trials, best) if best else None
    return Searched(search, retested(trials, winner), near, frontier)


def _levels(told: Sequence[Sequence[float]]) -> Levels:
    return tuple(tuple(float(level) for level in row) for row in told)


def _faults(search: Search) -> list[str]:
    """Levels of another form, outside their ranges, or dearer than their budget; a winner that is not that of its budget."""
    allocation = Allocation(search.problem, search.problem.worlds().scenario)
    own = search.problem.budget
    told = [("the winner", own, search.winner)]
    told += [(f"the plan for {money:,.0f}", money, levels) for money, levels in search.budgets]
    told += [(what, own, levels) for what, levels in search.beside]
    faults = []
    if dict(search.budgets).get(own, search.winner) != search.winner:
        faults.append(f"the plan for {own:,.0f}, the budget that was asked for, must be the winner.")
    for name, money, levels in told:
        if tuple(map(len, levels)) != (allocation.shape[1],) * allocation.shape[0]:
            faults.append(f"{name}: levels must be {allocation.shape[0]} rows of {allocation.shape[1]}.")
            continue
        array = np.array(levels)
        if (array < allocation.ends[:, :1]).any() or (array > allocation.ends[:, 1:]).any():
            faults.append(f"{name}: a level is outside its range.")
        elif allocation.cost(array) > money * (1 + 1e-9):
            faults.append(
                f"{name}: costs {allocation.cost(array):,.0f}, more than its budget of {money:,.0f}."
            )
    return faults

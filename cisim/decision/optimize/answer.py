"""What came of laying out a budget as an answer: sentences, tables, pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from cisim.decision.comparison_words import money, with_interval
from cisim.decision.estimates import Estimate
from cisim.decision.optimize.frontier import Frontier
from cisim.decision.optimize.optimum import Optimum
from cisim.decision.optimize.problem import GOALS
from cisim.decision.optimize.words import sentences, teller, warning
from cisim.insight.answer import Answer

__all__ = ["answer_of"]


def answer_of(optimum: Optimum, frontier: Frontier | None = None) -> Answer:
    """The optimum, and the frontier where there is one; that it may not be worth its money is said first."""

    def draw() -> dict[str, Any]:
        from cisim.decision.optimize.pictures import flatness_figure, frontier_figure

        figures = {"levers": flatness_figure(optimum)}
        return figures if frontier is None else figures | {"frontier": frontier_figure(optimum, frontier)}

    shown = {"plan": _plan(optimum), "one_lever_changed": _one_lever(optimum)}
    tables = shown | {
        "levers": _ranges(optimum),
        "neighbours": _neighbours(optimum),
        "candidates": _candidates(optimum),
    }
    if frontier is not None:
        shown |= {"more_or_less_money": _frontier_told(optimum, frontier)}
        tables |= {
            "more_or_less_money": shown["more_or_less_money"],
            "frontier": _frontier(optimum, frontier),
        }
    first = tuple(warning(optimum))
    told = first + tuple(line for line in sentences(optimum, frontier) if line not in first)
    return Answer(optimum, told, tables, tuple(shown), draw)


def _plan(optimum: Optimum) -> pl.DataFrame:
    problem = optimum.problem
    ends = [*(month - 1 for month in problem.periods[1:]), problem.month]
    columns = {"lever": list(problem.levers)} | {
        f"months {begin}-{end}": optimum.winner.levels[:, at].tolist()
        for at, (begin, end) in enumerate(zip(problem.periods, ends, strict=True))
    }
    return pl.DataFrame(columns)


def _one_lever(optimum: Optimum) -> pl.DataFrame:
    tell = teller(optimum.problem.goal)
    rows = [
        {"change": one.what, "gives less": with_interval(one.loses, tell),
         "as good": "cannot be told from it" if one.as_good else "no"}
        for one in optimum.near.neighbours if " at its " in one.what
    ]  # fmt: skip
    return pl.DataFrame(rows, schema={"change": pl.String, "gives less": pl.String, "as good": pl.String})


def _ranges(optimum: Optimum) -> pl.DataFrame:
    rows = [
        {"lever": name, "mean_level": own, "lowest_as_good": low, "highest_as_good": high}
        for name, (own, low, high) in optimum.near.ranges().items()
    ]
    return pl.DataFrame(rows)


def _neighbours(optimum: Optimum) -> pl.DataFrame:
    rows = []
    for one in optimum.near.neighbours:
        row: dict[str, Any] = {"what": one.what, "as_good": one.as_good, "committed": one.committed}
        rows.append(row | _ends("loses", one.loses) | _levels(optimum, one.levels))
    return pl.DataFrame(rows)


def _candidates(optimum: Optimum) -> pl.DataFrame:
    """Every point of the search with its mean in the few worlds of the search: noisy, and of the best too good."""
    names = [f"{name}_{month}" for name in optimum.problem.levers for month in optimum.problem.periods]
    return pl.DataFrame({"seemed_in_search": optimum.found.values}).hstack(
        pl.DataFrame(optimum.found.points, schema=[f"point_{name}" for name in names])
    )


def _frontier(optimum: Optimum, frontier: Frontier) -> pl.DataFrame:
    rows = []
    for point in frontier.points:
        row: dict[str, Any] = {
            "budget": point.budget,
            "committed": point.best.committed,
            **_ends("spent", point.best.spent),
        }
        for goal in GOALS:
            row |= _ends(goal.replace("-", "_"), point.best.figures[goal])
        gain = point.gain or Estimate(float("nan"), float("nan"), float("nan"), 0)
        rows.append(row | _ends("gain", gain) | _levels(optimum, point.best.levels))
    return pl.DataFrame(rows).with_columns(pl.col(pl.Float64).fill_nan(None))


def _frontier_told(optimum: Optimum, frontier: Frontier) -> pl.DataFrame:
    cash, tell = money(optimum.problem.prices.currency), teller(frontier.goal)
    return pl.DataFrame([
        {"budget": cash(point.budget), "spent": with_interval(point.best.spent, cash),
         GOALS[frontier.goal]: with_interval(point.best.figures[frontier.goal], tell),
         "more than the budget before": "" if point.gain is None else with_interval(point.gain, tell)}
        for point in frontier.points
    ])  # fmt: skip


def _levels(optimum: Optimum, levels: np.ndarray) -> dict[str, float]:
    return {
        f"{name}_{month}": float(levels[row, at])
        for row, name in enumerate(optimum.problem.levers)
        for at, month in enumerate(optimum.problem.periods)
    }


def _ends(name: str, figure: Estimate) -> dict[str, float]:
    return {name: figure.value, f"{name}_low": figure.low, f"{name}_high": figure.high}

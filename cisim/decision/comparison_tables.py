"""A comparison of plans as tables: a row a plan and outcome, a row a pair and outcome, a row a pair's costs and months."""

from __future__ import annotations

from typing import Any

import polars as pl

from cisim.decision.compare import PlanComparison
from cisim.decision.comparison_words import percent, sentences, with_interval
from cisim.decision.directions import better_of
from cisim.decision.estimates import Estimate
from cisim.decision.trying import MONEY, MONEY_IN_ALL
from cisim.insight.answer import Answer

__all__ = ["answer_of", "tables_of"]


def answer_of(comparison: PlanComparison, *, matrix: bool = False) -> Answer:
    """The comparison as an answer: sentences, tables, picture. matrix: every pair, not only against the first."""

    def draw() -> dict[str, Any]:
        from cisim.decision.comparison_picture import plans_figure

        return {"plans": plans_figure(comparison)}

    shown = _shown(comparison, matrix)
    tables = shown | tables_of(comparison, matrix=matrix)
    return Answer(comparison, sentences(comparison), tables, tuple(shown), draw)


def tables_of(comparison: PlanComparison, *, matrix: bool = False) -> dict[str, pl.DataFrame]:
    """The tables by name: plans, differences, months_and_money."""
    places = range(len(comparison.plans))
    pairs = comparison.pairs(matrix=matrix)
    return {
        "plans": _frame([_plan(comparison, k, name) for name in comparison.outcomes for k in places]),
        "differences": _frame(
            [_pair(comparison, *pair, name) for name in comparison.outcomes for pair in pairs]
        ),
        "months_and_money": _frame([_money(comparison, *pair) for pair in pairs]),
    }


def _shown(comparison: PlanComparison, matrix: bool) -> dict[str, pl.DataFrame]:
    """What a person sees first: figures with their intervals as text."""
    places, told = range(len(comparison.plans)), with_interval
    plans = []
    for outcome in comparison.outcomes:
        for figures in (comparison.of_plan(k, outcome) for k in places):
            plans.append({
                "outcome": outcome, "plan": figures.plan, "mean": told(figures.mean),
                "regret": told(figures.regret), "regret in 9 of 10": told(figures.regret_90),
                "best in": told(figures.best, percent),
            })  # fmt: skip
    changes = []
    for outcome in comparison.outcomes:
        for pair in (comparison.pair(*each, outcome) for each in comparison.pairs(matrix=matrix)):
            changes.append({
                "outcome": outcome, "plan": pair.plan, "than": pair.than, "difference": told(pair.difference),
                "verdict": pair.verdict, "better in": told(pair.better, percent), "alike in": percent(pair.alike.value),
            })  # fmt: skip
    return {"by_plan": pl.DataFrame(plans), "by_pair": pl.DataFrame(changes)}


def _plan(comparison: PlanComparison, plan: int, outcome: str) -> dict[str, Any]:
    figures = comparison.of_plan(plan, outcome)
    return {
        "outcome": outcome, "better": better_of(outcome), "plan": figures.plan, **_ends("mean", figures.mean),
        **_ends("regret", figures.regret), **_ends("regret_90", figures.regret_90), **_ends("best", figures.best),
    }  # fmt: skip


def _pair(comparison: PlanComparison, plan: int, than: int, outcome: str) -> dict[str, Any]:
    pair = comparison.pair(plan, than, outcome)
    return {
        "outcome": outcome, "plan": pair.plan, "than": pair.than, "worlds": pair.difference.n,
        **_ends("difference", pair.difference), "verdict": pair.verdict, **_ends("better", pair.better),
        **_ends("worse", pair.worse), **_ends("alike", pair.alike), **_ends("higher", pair.higher),
    }  # fmt: skip


def _money(comparison: PlanComparison, plan: int, than: int) -> dict[str, Any]:
    gained = comparison.gained(plan, than)
    told: dict[str, Any] = {
        "plan": gained.plan,
        "than": gained.than,
        "worlds_both_reach": gained.where_both.n,
    }
    for name in ("where_both", "in_all", "reach", "than_reach", "only_plan", "only_than"):
        label = f"months_gained_{name}" if name in ("where_both", "in_all") else name
        told |= _ends(label, getattr(gained, name))
    for money in (MONEY, MONEY_IN_ALL):
        changes = comparison.money(plan, than, money)
        told |= _ends(f"extra_{money}", changes)
    told |= _ends("extra_cost_per_hundredth", comparison.extra_cost_per_hundredth(plan, than))
    return told | _ends("cost_per_hundredth", comparison.cost_per_hundredth(plan))


def _ends(name: str, figure: Estimate) -> dict[str, float]:
    return {name: figure.value, f"{name}_low": figure.low, f"{name}_high": figure.high}


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows).with_columns(pl.col(pl.Float64).fill_nan(None))

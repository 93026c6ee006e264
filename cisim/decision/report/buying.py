"""The section on money, where a plan comes from a search: what other budgets buy, and how firm the best plan is."""

from __future__ import annotations

import numpy as np

from cisim.decision.estimates import Estimate
from cisim.decision.optimize.beside import how_flat
from cisim.decision.optimize.buys import Frontier, FrontierPoint
from cisim.decision.optimize.problem import GOALS
from cisim.decision.optimize.searched import Searched
from cisim.decision.report.answer import money_of
from cisim.decision.report.document import Block, Paragraph, Point, Scatter, Section, Table, Text
from cisim.decision.report.findings import Findings
from cisim.decision.report.numbers import PERCENT, Unit, figure, money

__all__ = ["buying"]


def buying(found: Findings) -> tuple[Section, ...]:
    """The section; none where no plan comes from a search."""
    told = found.searched
    if told is None:
        return ()
    problem = told.problem
    fresh = f"{problem.effort.fresh:,} worlds that no choice had seen"
    begin = (
        f"“{told.search.plan.called}” was found by a search for {GOALS[problem.goal]} by month {problem.month}. All plans "
        f"below are tried in the same {fresh}; another search may find another plan as good."
    )
    blocks: list[Block] = [Paragraph((begin,))]
    if told.frontier is not None:
        blocks += _frontier(told, told.frontier)
    flat = " ".join(how_flat(problem, told.near, _tell))
    dear = [found.called(plan) for plan in found.places if found.beyond_budget(plan)]
    if dear:
        unit = money_of(found)
        budget = f"{problem.budget * unit.factor:,.4g}{unit.word}"
        blocks.append(
            Paragraph((f"Of the plans compared above, beyond the budget of {budget}: {', '.join(dear)}.",))
        )
    blocks.append(Paragraph((f"How firm the plan is: {flat}",)))
    note = (
        "Money is what the initiative pays at the prices below. Intervals are 95 %, those of plans beside the one found take "
        f"all {len(told.near.neighbours)} together (Bonferroni); a difference between two rows is taken world by world, so it "
        "is surer than their own intervals look."
    )
    return (Section("What money buys", (*blocks, Paragraph((note,), "small"))),)


def _frontier(told: Searched, frontier: Frontier) -> tuple[Block, ...]:
    problem = told.problem
    unit = money(problem.prices.currency, max(point.best.spent.value for point in frontier.points))
    goal = GOALS[frontier.goal]
    head = (
        "Budget", f"Spent, {unit.word.strip()}", f"{goal[0].upper()}{goal[1:]}, %", "More than the budget before, %",
    )  # fmt: skip
    names = [f"{at + 1}. {_budget(point, unit)}" for at, point in enumerate(frontier.points)]
    rows = tuple(
        _row(name + (", as asked" if point.budget == problem.budget else ""), point, frontier.goal, unit)
        for name, point in zip(names, frontier.points, strict=True)
    )
    table = Table(f"The best plan found for each budget, by month {problem.month}", head, rows, (1, 2, 3))
    points = tuple(
        Point(names[at], _ends(point.best.spent), _ends(point.best.figures[frontier.goal]), at)
        for at, point in enumerate(frontier.points)
        if at == 0 or not np.array_equal(point.best.levels, frontier.points[at - 1].best.levels)
    )
    picture = Scatter(
        "What money buys",
        f"{goal[0].upper()}{goal[1:]} of the best plan found for each budget, against what it spends: means with 95 % "
        "intervals (bars); numbered as the rows of the table, and drawn once where more money buys the same plan.",
        points, f"{problem.prices.currency} by month {problem.month}", goal,
    )  # fmt: skip
    return table, picture


def _row(name: str, point: FrontierPoint, goal: str, unit: Unit) -> tuple[Text, ...]:
    of = f"budget {point.budget:,.0f}"
    more: Text = ("",)
    if point.gain is not None:
        more = figure(f"more than the budget before, {of}", point.gain, PERCENT, sign=True, bare=True)
    return (
        (name,),
        figure(f"spent, {of}", point.best.spent, unit, bare=True),
        figure(f"{goal}, {of}", point.best.figures[goal], PERCENT, bare=True),
        more,
    )


def _tell(value: float) -> str:
    return f"{100 * value:.2g} %"


def _budget(point: FrontierPoint, unit: Unit) -> str:
    return f"{point.budget * unit.factor:,.4g}{unit.word}"


def _ends(told: Estimate) -> tuple[float, float, float]:
    return (told.low, told.value, told.high)

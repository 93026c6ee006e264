"""What is the best plan for this money? A search, its honest figure, what other money buys, what is as good."""

from __future__ import annotations

from typing import Any

import numpy as np

from cisim.app.drawing.advice.asked import Answered, Offer, Question, Report
from cisim.app.drawing.advice.figures import ends
from cisim.app.drawing.advice.searched import Ground, added, ground_of
from cisim.app.drawing.desk_compared import rounded
from cisim.app.pictures import Table
from cisim.app.state.controls import label_of
from cisim.decision.comparison_words import money, percent, with_interval
from cisim.decision.optimize import Frontier, Optimum, Problem, frontier
from cisim.decision.optimize.frontier import planned_frontier_runs
from cisim.decision.optimize.optimum import found_by, planned_runs, trials_of
from cisim.decision.optimize.problem import GOALS
from cisim.decision.optimize.trials import Trials
from cisim.decision.optimize.words import sentences, teller
from cisim.decision.reach_changes import Start

__all__ = ["answered", "check"]

CHEAPER = 0.97
"""A plan that is as good is offered too if it commits less than this share of the winner's money."""


def check(question: Question) -> None:
    """Raise SpecError with what is wrong with the question."""
    trials_of(_problem(question, ground_of(question)), threads=1)


def answered(question: Question, report: Report) -> Answered:
    """The answer. Raises SpecError if the search cannot be done."""
    ground = ground_of(question)
    problem = _problem(question, ground)
    more = added(report, planned_runs(problem) + planned_frontier_runs(problem))
    trials = trials_of(problem, threads=1, progress=more)
    optimum = found_by(trials)
    return _told(ground, trials, optimum, frontier(trials, optimum))


def _problem(question: Question, ground: Ground) -> Problem:
    asked = question.advice
    problem = Problem(
        name="best-plan", goal=asked.goal, month=question.month, budget=asked.budget, periods=ground.periods,
        uncertain=question.uncertain, seed=question.seed, world=ground.world, levers=ground.levers,
        start=ground.start, effort=question.workload.best,
    )  # fmt: skip
    return problem.with_(start=Start.of(problem).without_levers())


def _told(ground: Ground, trials: Trials, optimum: Optimum, along: Frontier) -> Answered:
    *told, rests, prices = sentences(optimum)
    phases = len(optimum.problem.periods)
    return Answered(
        lines=[_in_short(optimum), *told[phases:]],
        sections=[("The plan in words", told[:phases]), ("What it rests on", [rests, prices])],
        tables=[_levels(optimum), _money(optimum, along)],
        offers=_offers(ground, trials, optimum, along),
        picture={
            "kind": "best",
            "figure": ends(optimum.figure) | {"worlds": optimum.figure.n},
            "goal": GOALS[optimum.problem.goal],
            "share": optimum.problem.goal == "reached",
            "currency": optimum.problem.prices.currency,
            "points": [_point(at, point, optimum) for at, point in enumerate(along.points)],
            "ranges": _ranges(optimum),
            "as_good": len(optimum.near.as_good),
            "tried": len(optimum.near.neighbours),
        },
    )


def _in_short(optimum: Optimum) -> str:
    """What the best plan does, in one sentence for a room."""
    problem, value = optimum.problem, optimum.figure.value
    plan = f"the best plan found for {money(problem.prices.currency)(problem.budget)}"
    if problem.goal == "reached":
        return f"{plan[0].upper()}{plan[1:]} reaches the target by month {problem.month} in {percent(value)} of worlds."
    does = f"takes {percent(value)} of severity away" if value >= 0 else f"adds {percent(-value)} to severity"
    if optimum.figure.low <= 0 <= optimum.figure.high:
        does = f"changes severity by {percent(abs(value))}, which cannot be told from nothing,"
    where = "on average" if problem.goal == "contribution" else "in the worst tenth of worlds"
    return f"With {plan}, the coalition {does} by month {problem.month} {where}."


def _point(at: int, point: Any, optimum: Optimum) -> dict[str, Any]:
    own = point.budget == optimum.problem.budget
    goal = ends(point.best.figures[optimum.problem.goal])
    key = "best" if own else f"money-{at}"
    return {"key": key, "own": own, "budget": point.budget, **goal, "spent": ends(point.best.spent)}


def _ranges(optimum: Optimum) -> list[dict[str, Any]]:
    """How far the mean level of each lever goes among plans that cannot be told from the best."""
    rows = []
    for name, (own, low, high) in optimum.near.ranges().items():
        least, most = optimum.problem.levers[name]
        levels = {"own": own, "low": low, "high": high, "least": least, "most": most}
        rows.append({"label": label_of(name), **{end: rounded(level) for end, level in levels.items()}})
    return rows


def _levels(optimum: Optimum) -> Table:
    problem = optimum.problem
    last = [*(month - 1 for month in problem.periods[1:]), problem.month]
    phases = [f"Months {first} to {end}" for first, end in zip(problem.periods, last, strict=True)]
    rows = [
        [label_of(name), *(float(f"{level:.3g}") for level in optimum.winner.levels[row])]
        for row, name in enumerate(problem.levers)
    ]
    return Table(caption="The plan, lever by lever", columns=["Lever", *phases], rows=rows)


def _money(optimum: Optimum, along: Frontier) -> Table:
    cash, tell = money(optimum.problem.prices.currency), teller(along.goal)
    rows = [
        [
            cash(point.budget), with_interval(point.best.spent, cash),
            with_interval(point.best.figures[along.goal], tell),
            "–" if point.gain is None else with_interval(point.gain, tell),
        ]
        for point in along.points
    ]  # fmt: skip
    goal = GOALS[along.goal]
    columns = [
        "Money",
        "Spent (95 % interval)",
        f"{goal[0].upper()}{goal[1:]}",
        "More than with the money above",
    ]
    return Table(caption="More or less money: the best plan found for each", columns=columns, rows=rows)


def _offers(ground: Ground, trials: Trials, optimum: Optimum, along: Frontier) -> dict[str, Offer]:
    cash, tell = money(optimum.problem.prices.currency), teller(along.goal)

    def offer(title: str, levels: Any, text: str) -> Offer:
        plan = trials.allocation.plan(levels, "best-plan")
        return Offer(title, text, ground.whole(plan, title).to_toml())

    figure = with_interval(optimum.figure, tell)
    found = {"best": offer(f"Best for {cash(optimum.problem.budget)}", optimum.winner.levels, f"{GOALS[along.goal]}: {figure}")}  # fmt: skip
    cheapest = min(optimum.near.as_good, key=lambda one: one.committed, default=None)
    if cheapest is not None and cheapest.committed < CHEAPER * optimum.winner.committed:
        text = f"commits {cash(cheapest.committed)} instead of {cash(optimum.winner.committed)}; gives {with_interval(cheapest.loses, tell)} less"
        found["cheaper"] = offer("Cheaper, as good", cheapest.levels, text)
    for at, point in enumerate(along.points):
        if point.budget > 0 and not np.array_equal(point.best.levels, optimum.winner.levels):
            text = f"{GOALS[along.goal]}: {with_interval(point.best.figures[along.goal], tell)}"
            found[f"money-{at}"] = offer(f"Best for {cash(point.budget)}", point.best.levels, text)
    return found

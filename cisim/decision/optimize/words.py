"""What came of laying out a budget, in sentences that a board could read; every figure from fresh worlds."""

from __future__ import annotations

from cisim.decision.comparison_words import money, with_interval
from cisim.decision.optimize.beside import flatness, teller
from cisim.decision.optimize.frontier import Frontier
from cisim.decision.optimize.least import not_worth_it
from cisim.decision.optimize.optimum import Optimum
from cisim.decision.optimize.problem import GOALS
from cisim.theory.parameters import LEVERS

__all__ = ["sentences", "teller", "warning"]


def sentences(optimum: Optimum, frontier: Frontier | None = None) -> tuple[str, ...]:
    """What to do, a line a period; whether that is worth its money, what it gives and costs, how flat the best is, what
    more or less money would do, what it rests on."""
    told = [*_what_to_do(optimum), *warning(optimum), *_what_it_gives(optimum)]
    told += flatness(optimum.problem, optimum.near)
    if frontier is not None:
        told += _more_or_less_money(optimum, frontier)
    return (*told, *_rests_on(optimum))


def warning(optimum: Optimum) -> list[str]:
    """A sentence where the plan found cannot be shown to do more than every lever at its lowest; else none."""
    return not_worth_it(optimum.problem, optimum.near.over_least, teller(optimum.problem.goal))


def _what_to_do(optimum: Optimum) -> list[str]:
    problem, told = optimum.problem, []
    ends = [*(month - 1 for month in problem.periods[1:]), problem.month]
    for period, (begin, end) in enumerate(zip(problem.periods, ends, strict=True)):
        levels = ", ".join(
            f"{name.replace('_', ' ')} {optimum.winner.levels[row, period]:.3g}{_unit(name)}"
            for row, name in enumerate(problem.levers)
        )
        told.append(f"Months {begin} to {end}: {levels}.")
    return told


def _unit(lever: str) -> str:
    unit = LEVERS[lever].unit
    return "" if unit in ("level", "share") else f" {unit}"


def _what_it_gives(optimum: Optimum) -> list[str]:
    problem, tell = optimum.problem, teller(optimum.problem.goal)
    cash = money(problem.prices.currency)
    figure = optimum.figure
    given = with_interval(figure, tell, 0.95)
    kept = f", of which {cash(optimum.kept)} for what it keeps from the start" if optimum.kept else ""
    gives = f"By month {problem.month}, {GOALS[problem.goal]} is {given} in {figure.n:,} worlds that no choice had seen."
    most = f"commits at most {cash(optimum.winner.committed)} of a budget of {cash(problem.budget)}{kept}"
    return [gives, f"It spends {with_interval(optimum.winner.spent, cash)}, and {most}."]


def _more_or_less_money(optimum: Optimum, frontier: Frontier) -> list[str]:
    tell, cash, told = teller(frontier.goal), money(optimum.problem.prices.currency), []
    for before, point in zip(frontier.points, frontier.points[1:], strict=False):
        if point.gain is None:
            continue
        sure = "" if point.gain.tells else ": no difference can be told"
        told.append(
            f"From {cash(before.budget)} to {cash(point.budget)}: {with_interval(point.gain, tell)} more{sure}."
        )
    return told


def _rests_on(optimum: Optimum) -> list[str]:
    problem = optimum.problem
    unknown = {
        "nothing": "parameters as the world says",
        "posterior": "parameters drawn from the posterior sample",
        "ranges": "parameters spread over their declared ranges",
    }[problem.uncertain]
    effort = problem.effort
    searched = (
        f"{len(optimum.found.points):,} plans by {optimum.found.way}, each in {effort.worlds} worlds "
        f"(seed {problem.seed}, {unknown})"
    )
    return [
        f"It rests on a search of {searched}; another search may find another plan as good.",
        "Prices are assumptions unless they are your own. Levers that have no price cost nothing here.",
    ]

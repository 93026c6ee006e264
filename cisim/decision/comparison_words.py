"""A comparison of plans in sentences that a board could read; every figure with its interval."""

from __future__ import annotations

import math
from collections.abc import Callable

from cisim.decision.compare import PlanComparison
from cisim.decision.compared import MonthsGained, PairFigures, PlanFigures
from cisim.decision.estimates import Estimate
from cisim.decision.trying import MONEY, MONEY_IN_ALL, REACHED

__all__ = ["money", "number", "percent", "sentences", "with_interval"]

CALLED = {
    REACHED: "the share of worlds that reach the target",
    MONEY: "money spent by the initiative",
    MONEY_IN_ALL: "money spent, partners' time included",
}


def sentences(comparison: PlanComparison) -> tuple[str, ...]:
    """What the comparison says: each plan against the first, then costs, then regret, then what it rests on."""
    told = []
    for plan, than in comparison.pairs():
        told += [_pair(comparison, comparison.pair(plan, than, outcome)) for outcome in comparison.outcomes]
        told += [_gained(comparison, comparison.gained(plan, than)), _extra(comparison, plan, than)]
    told += [_price(comparison, plan) for plan in range(len(comparison.plans))]
    told += [line for outcome in comparison.outcomes if (line := _regrets(comparison, outcome))]
    return (*told, *_rests_on(comparison))


def number(value: float) -> str:
    """A figure as a person reads it."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def percent(value: float) -> str:
    """A share as a percentage."""
    if 0.005 < abs(value) < 0.995 or value in (0, 1):
        return f"{100 * value:.0f} %"
    return f"{100 * value:.{2 if abs(value) < 0.5 else 4}g} %"


def money(currency: str) -> Callable[[float], str]:
    """A way to tell money in a currency, to three figures where there are more than three."""

    def tell(value: float) -> str:
        size = 0 if value == 0 else math.floor(math.log10(abs(value)))
        return f"{currency} {round(value, 2 - size):,.0f}" if abs(value) >= 1 else f"{currency} {value:.2g}"

    return tell


def with_interval(figure: Estimate, tell: Callable[[float], str] = number, level: float | None = None) -> str:
    """`0.12 (0.10 to 0.14)`; with a level it names it. A figure that cannot be bounded says so."""
    if math.isnan(figure.value) or figure.n == 0:
        return "not known"
    if not figure.bounded or (figure.n == 1 and figure.low == figure.high):  # one value is no interval
        return f"{tell(figure.value)} (interval cannot be told from {_worlds(figure.n)})"
    named = "" if level is None else f"{100 * level:g} % interval "
    return f"{tell(figure.value)} ({named}{tell(figure.low)} to {tell(figure.high)})"


def _worlds(count: int) -> str:
    return f"{count:,} world{'s' * (count != 1)}"


def _pair(comparison: PlanComparison, pair: PairFigures) -> str:
    tell = _teller(comparison, pair.outcome)
    name = _name(comparison, pair.plan)
    what = f"By month {comparison.month}, {_outcome(pair.outcome)}"
    if pair.difference.n < 2:
        few = "only 1 world has" if pair.difference.n == 1 else "no world has"
        return f"{what}: {few} a value of both {name} and {_name(comparison, pair.than)}."
    if pair.alike.value == 1:
        return f"{what} is the same with {name} as with {_name(comparison, pair.than)} in every world."
    size = pair.difference.times(1.0 if pair.difference.value >= 0 else -1.0)
    way = "higher" if pair.difference.value >= 0 else "lower"
    said = f"{what} is {with_interval(size, tell, comparison.level)} {way} with {name} than with {_name(comparison, pair.than)}"
    if not pair.difference.tells:
        said += ": no difference can be told"
    return f"{said}.{_how_often(name, pair)}"


def _how_often(name: str, pair: PairFigures) -> str:
    if pair.outcome in (MONEY, MONEY_IN_ALL):
        return ""
    if math.isnan(pair.better.value):
        return f" It is higher in {with_interval(pair.higher, percent)} of worlds."
    same = f", and as good in {percent(pair.alike.value)}" if pair.alike.value > 0 else ""
    return f" {name} is better in {with_interval(pair.better, percent)} of worlds{same}."


def _gained(comparison: PlanComparison, gained: MonthsGained) -> str:
    plan, than = _name(comparison, gained.plan), _name(comparison, gained.than)
    reach = (
        f"{plan} reaches the target by month {comparison.month} in {with_interval(gained.reach, percent)} of worlds, "
        f"{than} in {with_interval(gained.than_reach, percent)}"
    )
    if gained.where_both.n < 2:
        return f"{reach}; too few worlds reach it with both to tell months gained."
    months = with_interval(gained.where_both)
    return f"{reach}; where both do ({gained.where_both.n:,} worlds), {plan} gains {months} months."


def _extra(comparison: PlanComparison, plan: int, than: int) -> str:
    extra = comparison.extra_cost_per_hundredth(plan, than)
    tell = money(comparison.tried.prices.currency)
    both = f"{_called(comparison, plan)} against {_called(comparison, than)}"
    won, more = (comparison.pair(plan, than, outcome).difference for outcome in ("contribution", MONEY))
    if not extra.bounded:
        return f"{both}: the contribution does not differ clearly, so no price of a further 0.01 can be told."
    if won.value > 0 and more.high <= 0:
        return f"{both}: it contributes more and costs no more."
    if won.value < 0 and more.low >= 0:
        return f"{both}: it contributes less and costs no less."
    if won.value < 0:
        return f"{both}: it contributes less; each 0.01 given up saves {with_interval(extra, tell)}."
    return f"{both}: each further 0.01 of severity taken away costs {with_interval(extra, tell)} more."


def _price(comparison: PlanComparison, plan: int) -> str:
    tell = money(comparison.tried.prices.currency)
    spent = with_interval(comparison.of_plan(plan, MONEY).mean, tell)
    price = comparison.cost_per_hundredth(plan)
    won = comparison.of_plan(plan, "contribution").mean
    each = f"{with_interval(price, tell)} for each 0.01 of severity taken away"
    if not price.bounded:
        each = "its contribution cannot be told from 0, so it has no price of 0.01"
    elif won.high < 0:
        each = "it takes no severity away, but adds to it"
    return f"{_called(comparison, plan)} spends {spent} by month {comparison.month}: {each}."


def _regrets(comparison: PlanComparison, outcome: str) -> str:
    if outcome in (MONEY, MONEY_IN_ALL):
        return ""
    found = [comparison.of_plan(k, outcome) for k in range(len(comparison.plans))]
    if any(math.isnan(figures.regret.value) for figures in found):
        return ""
    least = min(found, key=lambda figures: figures.regret.value)
    if all(figures.regret.value == 0 for figures in found):
        return f"In {_outcome(outcome)} no plan is regretted in any world."
    others = "; ".join(_regret(comparison, figures) for figures in found)
    return f"Least regret in {_outcome(outcome)}: {_name(comparison, least.plan)}. Mean regret: {others}."


def _regret(comparison: PlanComparison, figures: PlanFigures) -> str:
    mean = with_interval(figures.regret)
    return f"{_name(comparison, figures.plan)} {mean}, in nine worlds of ten at most {with_interval(figures.regret_90)}"


def _rests_on(comparison: PlanComparison) -> list[str]:
    worlds = comparison.tried.worlds
    if worlds.told:
        return [f"It rests on {worlds.told}.", "Prices are assumptions unless they are your own."]
    unknown = {
        "nothing": "parameters as the world says",
        "posterior": "parameters drawn from the posterior sample",
        "ranges": "parameters spread over their declared ranges",
    }[worlds.uncertain]
    told = [
        f"It rests on {_worlds(worlds.replicates)} (seed {worlds.seed}, {unknown}), the same for every plan.",
        "Prices are assumptions unless they are your own.",
    ]
    roster = worlds.scenario.roster
    if not roster.members and not any(partner.member for partner in worlds.scenario.partner):
        told.append(
            "In this world nobody is a member at the start; a plan can only work through those it invites."
        )
    return told


def _teller(comparison: PlanComparison, outcome: str) -> Callable[[float], str]:
    if outcome == REACHED:
        return lambda value: f"{100 * value:.3g} points"
    return money(comparison.tried.prices.currency) if outcome in (MONEY, MONEY_IN_ALL) else number


def _outcome(outcome: str) -> str:
    return CALLED.get(outcome, outcome.replace("_", " "))


def _called(comparison: PlanComparison, plan: int) -> str:
    return comparison.tried.plans[plan].called


def _name(comparison: PlanComparison, name: str) -> str:
    return _called(comparison, comparison.plans.index(name))

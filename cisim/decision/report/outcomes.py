"""The sections on what comes of the plans: pictures, a table of outcomes, a table of differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cisim.decision.estimates import Estimate, mean_of, quantile_of, share_of
from cisim.decision.report.answer import middle_worlds, money_of
from cisim.decision.report.document import (
    Bold,
    Chart,
    Course,
    Paragraph,
    Point,
    Scatter,
    Section,
    Table,
    Text,
)
from cisim.decision.report.findings import LEVEL, OUTCOME, Findings
from cisim.decision.report.numbers import MONTHS, PERCENT, Unit, figure
from cisim.decision.trying import MONEY, MONEY_IN_ALL, REACHED
from cisim.insight.crossed import Crossed

__all__ = ["differences", "outcomes", "pictures"]

Array = np.ndarray[Any, Any]
LEAST_REACH = 0.01
"""Least reach of the axis of a difference, so that nothing looks large."""
Told = Callable[[Array], Estimate]


def pictures(found: Findings) -> Section:
    """Severity of each plan, its difference from the first plan, chance of the target, cost against outcome."""
    aim = found.question.world.issue.target
    severity = [found.tried.path(plan, OUTCOME) for plan in found.places]
    reached = [found.tried.path(plan, REACHED) for plan in found.places]
    first = found.called(0)
    drawn = (
        _chart(
            found, "Problem left", severity, _eight_of_ten(found), level=(aim, "target"),
            caption="What is left of today’s problem (severity, 100 % is today): the median world, and where 8 of 10 "
            "worlds lie.",
        ),
        _chart(
            found, f"Less of the problem than {first}", [severity[0] - path for path in severity[1:]],
            _with(mean_of, found), start=1, level=(0.0, f"as {first}"), around=0.0,
            caption=f"How much less of the problem each plan leaves than {first}, in the same worlds: mean with 95 % "
            "interval.",
        ),
        _chart(
            found, "Target reached", reached, _with(share_of, found),
            caption=f"Share of worlds that have reached the target ({100 * (1 - aim):.3g} % less) by each month, with "
            "95 % interval.",
        ),
        _cost(found),
    )  # fmt: skip
    return Section("What comes of each plan, month by month", drawn)


def outcomes(found: Findings) -> Section:
    """A row a plan: what is left, what the coalition takes away, the target, money, partners' time."""
    month, unit = found.question.month, money_of(found)
    cash = unit.word.strip()
    head = (
        "Plan", "Problem left, % of today’s", "in 8 of 10 worlds", "Taken away by the coalition, %", "Worlds that reach the target, %",
        f"Initiative’s money, {cash}", f"With partners’ time, {cash}", "Regret, %",
    )  # fmt: skip
    rows = tuple(_row(found, plan, unit) for plan in found.places)
    note = (
        f"Means over {found.question.replicates:,} simulated worlds with 95 % intervals in brackets. Taken away: against "
        "the same world in which partners work each on their own. Regret: how much more of the problem it leaves than "
        "the best of these plans in each world, in the mean. The intervals tell the chance of a limited number of "
        "worlds, not what is wrong with the model."
    )
    table = Table(f"Outcomes by month {month}", head, rows, tuple(range(1, len(head))))
    return Section(f"What comes of each plan by month {month}", (table, Paragraph((note,), "small")))


def differences(found: Findings) -> Section:
    """The chosen plan against every other: difference, share of worlds, months gained, money."""
    unit, chosen, month = money_of(found), found.chosen, found.question.month
    head = (
        "Against", "Less of the problem, %", "Better in, % of worlds", "Earlier at the target, months",
        f"More money, {unit.word.strip()}", "What may be said",
    )  # fmt: skip
    others = [plan for plan in found.places if plan != chosen]
    rows = tuple(_against(found, plan, unit) for plan in others)
    note = (
        "Differences are taken world by world: both plans meet the same world and the same chance. 95 % intervals, each on "
        f"its own; the last column takes all {len(others)} comparisons together (Bonferroni), and a difference counts "
        f"from {100 * found.question.least:.3g} % of today’s problem on (assumption). Earlier: a plan that has not "
        f"reached the target by month {month} counts as if it did then, which understates a gain."
    )
    table = Table(f"World by world, by month {month}", head, rows, (1, 2, 3, 4))
    return Section(f"{found.called(chosen)} against the others", (table, Paragraph((note,), "small")))


def _row(found: Findings, plan: int, unit: Unit) -> tuple[Text, ...]:
    def told(outcome: str, what: str, unit: Unit) -> Text:
        return figure(f"{what}, {found.named(plan)}", found.each.of_plan(plan, outcome).mean, unit, bare=True)

    low, high = middle_worlds(found, plan)
    lost = found.each.of_plan(plan, OUTCOME).regret
    regret = figure(f"regret, {found.named(plan)}", lost, PERCENT, bare=True)
    name = f"{found.letter(plan)} {found.question.plans[plan].called}"
    return (
        (Bold((name,)),) if plan == found.chosen else (name,),
        told(OUTCOME, "severity", PERCENT), (low, " to ", high), told("contribution", "contribution", PERCENT),
        told(REACHED, "target reached", PERCENT), told(MONEY, "spent", unit), told(MONEY_IN_ALL, "spent in all", unit),
        regret,
    )  # fmt: skip


def _against(found: Findings, plan: int, unit: Unit) -> tuple[Text, ...]:
    chosen = found.chosen
    pair = found.pair_named(chosen, plan)
    return (
        (f"{found.letter(plan)} {found.question.plans[plan].called}",),
        *(
            figure(f"{what}, {pair}", told, unit, sign=what != "worlds in which it does better", bare=True)
            for what, told, unit in (
                ("less of the problem", found.less(chosen, plan), PERCENT),
                ("worlds in which it does better", found.each.pair(chosen, plan, OUTCOME).better, PERCENT),
                ("months gained", found.each.gained(chosen, plan).in_all, MONTHS),
                ("more money", found.each.pair(chosen, plan, MONEY).difference, unit),
            )
        ),
        (_SAID[found.strength(chosen, plan)],),
    )  # fmt: skip


_SAID = {
    "reliably": "better in nearly all worlds", "mostly": "better in most worlds", "on average": "better on average",
    "alike": "no difference that matters", "unclear": "no difference can be told",
}  # fmt: skip


def _cost(found: Findings) -> Scatter:
    def ends(told: Estimate) -> tuple[float, float, float]:
        return (told.low, told.value, told.high)

    points = tuple(
        Point(
            f"{found.letter(plan)} {found.question.plans[plan].called}",
            ends(found.each.of_plan(plan, MONEY).mean), ends(found.each.of_plan(plan, "contribution").mean), plan,
        )
        for plan in found.places
    )  # fmt: skip
    currency, month = found.question.prices.currency, found.question.month
    return Scatter(
        "Cost against outcome",
        f"What the initiative spends by month {month} and what the coalition takes away from the problem: means with 95 % "
        "intervals (bars). A plan to the right of another and not above it costs more and does no better.",
        points, f"{currency} by month {month}", "taken away",
    )  # fmt: skip


def _chart(
    found: Findings,
    name: str,
    paths: Sequence[Array],
    tell: tuple[Told, Told, Told] | Told,
    *,
    caption: str,
    start: int = 0,
    level: tuple[float, str] | None = None,
    around: float | None = None,
) -> Chart:
    told = [_course(path, tell) for path in paths]
    courses = tuple(
        Course(
            f"{found.letter(at + start)} {found.question.plans[at + start].called}", *lines, style=at + start
        )
        for at, lines in enumerate(told)
    )
    ends = [end for _, low, high in told for end in (*low, *high) if np.isfinite(end)]
    return Chart(
        name, caption, courses, _limits(ends, level, around), found.question.month,
        _years(found, name, paths, tell, start), level,
    )  # fmt: skip


def _course(path: Array, tell: Any) -> tuple[list[float], list[float], list[float]]:
    if isinstance(tell, tuple):
        middle, low, high = ([one(column).value for column in path.T] for one in tell)
        return middle, low, high
    told = [tell(column) for column in path.T]
    return [one.value for one in told], [one.low for one in told], [one.high for one in told]


def _years(found: Findings, name: str, paths: Sequence[Array], tell: Any, start: int) -> Table:
    """The picture in numbers, at the end of each year and in the month asked for."""
    horizon = paths[0].shape[1] - 1
    months = sorted({*range(12, horizon + 1, 12), found.question.month})
    one = tell[0] if isinstance(tell, tuple) else tell
    places = range(start, start + len(paths))
    rows = tuple(
        (
            (str(month),),
            *(
                figure(
                    f"{name}, {found.question.plans[plan].name}, month {month}",
                    one(path[:, month]),
                    PERCENT,
                    bare=True,
                )
                for plan, path in zip(places, paths, strict=True)
            ),
        )
        for month in months
    )
    head = ("Month", *(f"{found.letter(plan)} {found.question.plans[plan].called}" for plan in places))
    return Table(f"{name}, in %", head, rows, tuple(range(1, len(head))))


def _limits(
    ends: Sequence[float], level: tuple[float, str] | None, around: float | None
) -> tuple[float, float]:
    told = [*ends, *([] if level is None else [level[0]])]
    if around is not None:
        low, high = min([around, *told]), max([around + LEAST_REACH, *told])
        return low - 0.08 * (high - low), high  # room for the word under the line
    low, high = min(told), max(told)
    room = 0.04 * (high - low) or LEAST_REACH
    return max(0.0, low - room), high + room


def _with(tell: Callable[[Array, float, Crossed | None], Estimate], found: Findings) -> Told:
    return lambda column: tell(column, LEVEL, found.tried.worlds.crossed)


def _eight_of_ten(found: Findings) -> tuple[Told, Told, Told]:
    """The middle and the ends of the band."""

    def at(q: float) -> Told:
        return lambda column: quantile_of(column, q, LEVEL, found.tried.worlds.crossed)

    return at(0.5), at(0.1), at(0.9)

"""The lines on top: what to do, how sure that is, what it rests on, what would change it."""

from __future__ import annotations

import numpy as np

from cisim.decision.prices import DECLARED
from cisim.decision.report.document import Bold, Number, Paragraph, Text
from cisim.decision.report.findings import OUTCOME, Findings
from cisim.decision.report.numbers import PERCENT, Unit, figure, money, plain
from cisim.decision.report.turning import turning
from cisim.decision.report.wording import BACKING, advice, claim
from cisim.decision.trying import MONEY, REACHED
from cisim.theory.parameters import UNCERTAINTIES
from cisim.theory.sources import ASSUMPTION
from cisim.world.scenario import Scenario

__all__ = ["UNPUBLISHED", "lead", "middle_worlds", "money_of", "partners_of", "title_of"]

UNPUBLISHED = sum(declared.basis == ASSUMPTION for declared in UNCERTAINTIES.values())
"""Uncertainties without a published basis."""


def title_of(found: Findings) -> str:
    """What the report is about."""
    world = found.question.world
    return f"{world.title or world.name}: what to do, judged at month {found.question.month}"


def lead(found: Findings) -> tuple[Paragraph, ...]:
    """Four lines, so that with the title the first five say all that a board has to hear."""
    lines = (
        ("What to do.", _do(found)), ("How sure.", _sure(found)), ("What it rests on.", _rests(found)),
        ("What would change it.", turning(found)),
    )  # fmt: skip
    return tuple(Paragraph((Bold((label,)), " ", *text), "lead") for label, text in lines)


def money_of(found: Findings) -> Unit:
    """The unit for all money of a report: by the largest sum in it."""
    sums = [found.each.of_plan(plan, MONEY).mean.value for plan in found.places]
    return money(found.question.prices.currency, max(sums))


def _do(found: Findings) -> Text:
    verb = advice(found.result, found.grade)
    return (
        f"{verb} {found.called(found.chosen)}: {_why(found)}", *_beyond_first(found), _moves(found),
        ". It costs the initiative ", *_cost(found), f" by month {found.question.month}{_beyond(found)}.",
    )  # fmt: skip


def _beyond_first(found: Findings) -> Text:
    """How much less of the problem the chosen plan leaves than the first, if that is not told elsewhere."""
    first, chosen = 0, found.chosen
    if first in (chosen, found.rival):
        return ()
    of = f"less of the problem, {found.pair_named(chosen, first)}"
    return (
        ", ",
        *figure(of, found.less(chosen, first), PERCENT),
        f" of today’s problem less than {found.called(first)}",
    )


def _moves(found: Findings) -> str:
    return "" if found.moves else "; by then it takes away too little to matter, or nothing that can be told"


def _beyond(found: Findings) -> str:
    """Where a search laid out a budget: that the chosen plan is not for that money, and which one is."""
    if found.searched is None or not found.beyond_budget(found.chosen):
        return ""
    unit = money_of(found)
    budget = f"{found.searched.problem.budget * unit.factor:,.4g}{unit.word}"
    return f", more than the budget of {budget}; for that money the search found “{found.searched.search.plan.called}”"


def _cost(found: Findings) -> Text:
    """What the chosen plan costs, and how that compares with the first plan where it is cheaper."""
    chosen, unit = found.chosen, money_of(found)
    spent = figure(f"spent, {found.named(chosen)}", found.each.of_plan(chosen, MONEY).mean, unit)
    saved = found.each.pair(0, chosen, MONEY).difference
    if chosen == 0 or saved.low <= 0:
        return spent
    of = f"money saved, {found.pair_named(chosen, 0)}"
    return (*spent, ", ", *figure(of, saved, unit), f" less than {found.called(0)},")


def _why(found: Findings) -> str:
    others = len(found.question.plans) - 1
    if found.chosen != found.leader:
        return (
            "no plan can be told to do better by an amount that matters, and of those as good it costs least"
        )
    if len(found.as_good) == others:
        return "no plan can be told to do better, and it costs no more than those as good"
    if found.as_good:
        ties = ", ".join(found.called(plan) for plan in found.as_good)
        return f"no plan does better, and it costs no more than those as good ({ties})"
    of_all = "the other plan" if others == 1 else f"each of the other {others} plans"
    return f"by month {found.question.month} it leaves less of the problem than {of_all}"


def _sure(found: Findings) -> Text:
    plan, than = (found.chosen, found.rival) if found.chosen == found.leader else (found.rival, found.chosen)
    called = found.called(than)
    if found.result not in ("alike", "unclear") and len(found.question.plans) > 2:
        called = f"{called}, the next best"
    begin = claim(found.result, worlds=f"{found.question.replicates:,}", plan=found.called(plan), than=called)
    told = found.less(plan, than)
    less = figure(f"less of the problem, {found.pair_named(plan, than)}", told, PERCENT, named=True)
    of = f"worlds in which it does better, {found.pair_named(plan, than)}"
    share = figure(of, found.each.pair(plan, than, OUTCOME).better, PERCENT)
    if found.result in ("alike", "unclear"):
        mean: Text = (
            ": the difference is ",
            *less,
            " of today’s problem, and ",
            found.called(plan),
            " leaves less in ",
        )
    else:
        mean = (": ", *less, " of today’s problem less in the mean, and less in ")
    return (begin, *mean, *share, " of the worlds. ", *_spread(found), *_target(found))


def middle_worlds(found: Findings, plan: int) -> tuple[Number, Number]:
    """Where 8 of 10 worlds lie under a plan, in percent of today's problem: a spread, not an interval of a mean."""
    values = found.tried.path(plan, OUTCOME)[:, found.question.month]
    of = f"severity, {found.named(plan)}"
    low, high = (
        Number(f"{of}, {word} percentile over worlds", float(end), plain(100 * float(end), 0))
        for word, end in zip(("10th", "90th"), np.quantile(values, (0.1, 0.9)), strict=True)
    )
    return low, high


def _spread(found: Findings) -> Text:
    """How far single worlds lie apart, so that nobody takes the interval of a mean for a forecast."""
    low, high = middle_worlds(found, found.chosen)
    return (
        "How much will be left is far less sure: in 8 of 10 worlds from ",
        low,
        " to ",
        high,
        " % of today’s. ",
    )


def _target(found: Findings) -> Text:
    question, chosen = found.question, found.chosen
    hit = figure(f"target reached, {found.named(chosen)}", found.each.of_plan(chosen, REACHED).mean, PERCENT)
    aim = f"{100 * (1 - question.world.issue.target):.3g} % less"
    alone = figure("target reached without a coalition", found.reached_by_chance, PERCENT)
    return (
        f"The target ({aim}) is reached by then in ", *hit, " of worlds under ", found.called(chosen),
        "; without a coalition, by chance, in ", *alone, ".",
    )  # fmt: skip


def partners_of(world: Scenario) -> str:
    """How many partners there are, and how many of them were told by name."""
    listed, partners = len(world.partner), len(world.ids) - 1
    if listed == partners:
        return f"{partners} partners told by name"
    return f"{partners} partners, {listed} of them told by name" if listed else f"{partners} made-up partners"


def _rests(found: Findings) -> Text:
    unknown, total = len(found.tried.worlds.unknown), len(UNCERTAINTIES)
    varied = f"{unknown} were varied, the others held" if unknown else "none was varied"
    return (
        f"A simulation, no forecast: {partners_of(found.question.world)}; ",
        f"{UNPUBLISHED} of {total} unknown numbers are assumptions without a published basis ({varied}); ",
        f"so are {_priced(found)}. {_capital(BACKING[found.grade])}.",
    )


def _priced(found: Findings) -> str:
    own = sum(getattr(found.question.prices, name) != price.default for name, price in DECLARED.items())
    if own == 0:
        return "all prices"
    return (
        f"{len(DECLARED) - own} of {len(DECLARED)} prices"
        if own < len(DECLARED)
        else "shares and sizes of events"
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

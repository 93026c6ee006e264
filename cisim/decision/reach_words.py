"""What it would take, in sentences and tables."""

from __future__ import annotations

from typing import Any

import polars as pl

from cisim.decision.comparison_words import money, percent, with_interval
from cisim.decision.optimize.search import way_of
from cisim.decision.reach import Reach
from cisim.insight.answer import Answer

__all__ = ["answer_of", "sentences"]


def answer_of(told: Reach) -> Answer:
    """The answer: sentences and the table of changes."""
    table = pl.DataFrame(
        [
            {"lever": change.lever, "from": _levels(change.before), "to": _levels(change.after),
             "share of its range": round(change.size, 3)}
            for change in told.changes
        ],
        schema={"lever": pl.String, "from": pl.String, "to": pl.String, "share of its range": pl.Float64},
    )  # fmt: skip
    figures = pl.DataFrame([{
        "verdict": told.verdict, "wanted": told.wanted.probability, **_ends("probability", told.probability),
        **_ends("before", told.before), **_ends("spent", told.spent), **_ends("extra", told.extra),
    }])  # fmt: skip
    return Answer(told, sentences(told), {"changes": table, "figures": figures}, ("changes",), dict)


def sentences(told: Reach) -> tuple[str, ...]:
    """The verdict first, then what to change, what it costs, and what it rests on."""
    wanted, cash = told.wanted, money(told.problem.prices.currency)
    aim = f"a severity of {wanted.severity:g} by month {wanted.month}"
    found = with_interval(told.probability, percent, 0.95)
    asked = percent(wanted.probability)
    before = f"Without any change it is {with_interval(told.before, percent)}{_enough_already(told)}."
    if told.verdict == "needs nothing":
        return (
            f"Nothing needs to change: {aim} is reached with probability {found}, {asked} asked.",
            _rests_on(told),
        )
    if told.verdict == "not reachable":
        return (
            f"Not reachable within these ranges: the best plan found reaches {aim} with probability {found}, {asked} asked.",
            before, _ranges(told), *_nobody(told), _rests_on(told),
        )  # fmt: skip
    close = (
        "" if told.verdict == "reachable" else " That is too close to what is asked to tell; run more worlds."
    )
    way = "The cheapest plan found" if told.by == "cost" else "The fewest and smallest changes found"
    return (
        f"Reachable: {aim} with probability {found}, {asked} asked." if told.verdict == "reachable"
        else f"Perhaps reachable: {aim} with probability {found}, {asked} asked.{close}",
        before,
        f"{way}: {_changes(told)}.",
        f"It spends {with_interval(told.spent, cash)} by then, {with_interval(told.extra, cash)} more than without.",
        _rests_on(told),
    )  # fmt: skip


def _enough_already(told: Reach) -> str:
    """The search asks for a standard error more, so it may change what fresh worlds show to be enough."""
    enough = told.before.value >= told.wanted.probability
    return ", which is what is asked: perhaps nothing needs to change; run more worlds" if enough else ""


def _changes(told: Reach) -> str:
    return "; ".join(
        f"{change.lever.replace('_', ' ')} from {_levels(change.before)} to {_levels(change.after)}"
        for change in told.changes
    )


def _levels(levels: tuple[float, ...]) -> str:
    """One level where it stays the same, else one for each period."""
    return f"{levels[0]:.3g}" if len(set(levels)) == 1 else ", then ".join(f"{level:.3g}" for level in levels)


def _ranges(told: Reach) -> str:
    ranges = ", ".join(
        f"{name.replace('_', ' ')} {low:g} to {high:g}" for name, (low, high) in told.problem.levers.items()
    )
    return f"The ranges: {ranges}."


def _nobody(told: Reach) -> list[str]:
    if not told.problem.start.isolated:
        return []
    return [
        "The plan begins with nobody a member, so levers work only through those whom invitations bring in."
    ]


def _rests_on(told: Reach) -> str:
    seed = f"(seed {told.problem.seed})"
    if told.verdict == "needs nothing":
        return f"Probabilities are of {told.probability.n:,} fresh worlds {seed}; nothing was searched for."
    way = way_of(len(told.problem.levers) * len(told.problem.periods))
    return (
        f"Probabilities are of {told.probability.n:,} fresh worlds that the search, by {way}, had not seen {seed}; "
        "something smaller may do that it did not find."
    )


def _ends(name: str, figure: Any) -> dict[str, float]:
    return {name: figure.value, f"{name}_low": figure.low, f"{name}_high": figure.high}

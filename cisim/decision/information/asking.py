"""The value of information as a question: plans and a world in, an answer out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cisim.decision.information.tables import bounds_table, largest_table, worth_table
from cisim.decision.information.words import information_said
from cisim.decision.information.worth import Information, point_faults, price_faults, value_of_information
from cisim.decision.plan import Plan
from cisim.decision.points import points_of
from cisim.decision.prices import Prices
from cisim.decision.robust.asking import check, needed
from cisim.decision.robust.words import worlds_said
from cisim.decision.trying import Progress, Tried, try_plans
from cisim.decision.worlds import Worlds
from cisim.errors import SpecError
from cisim.insight.answer import Answer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["answer_of", "ask", "check_information", "information_answer"]


def ask(
    plans: Sequence[Plan], worlds: Worlds, *, of: str, month: int, price: float | None = None,
    prices: Prices | None = None, level: float = 0.95, threads: int | None = None, progress: Progress | None = None,
) -> Answer:  # fmt: skip
    """Try plans in worlds, and say which unknown is worth measuring before one of them is chosen.

    price: what a unit of the outcome is worth in money; see `value_of_information`. Raises SpecError with every fault
    at once, RunError.
    """
    check_information(plans, worlds, of, month, price, level)
    tried = try_plans(worlds, plans, prices=prices, outcomes=needed(of), threads=threads, progress=progress)
    return answer_of(tried, of=of, month=month, price=price, level=level)


def check_information(
    plans: Sequence[Plan],
    worlds: Worlds,
    of: str,
    month: int,
    price: float | None = None,
    level: float = 0.95,
) -> None:
    """Raise SpecError with every fault of a question that can be told before anything runs."""
    faults: list[str] = []
    try:
        check(plans, worlds, of, month, level=level)
    except SpecError as error:
        faults += error.faults
    faults += [*point_faults(points_of(worlds)), *price_faults(price)]
    if faults:
        raise SpecError(faults, source="Question")


def answer_of(
    tried: Tried, *, of: str, month: int, price: float | None = None, level: float = 0.95
) -> Answer:
    """The answer from plans that were tried with `needed(of)`."""
    told = value_of_information(tried, of=of, month=month, price=price, level=level, seed=tried.worlds.seed)
    return information_answer(told, tried)


def information_answer(told: Information, tried: Tried) -> Answer:
    """The answer in sentences, tables and a picture."""
    called = {plan.name: plan.called for plan in tried.plans}
    posterior = None if tried.worlds.uncertain == "ranges" else tried.worlds.scenario.posterior
    as_told = tried.worlds.uncertain == "study"
    sentences = (
        *information_said(told, called, posterior, as_told=as_told),
        *_priced(told),
        worlds_said(tried.worlds),
    )
    tables = {
        "largest": largest_table(told, called), "bounds": bounds_table(told), "information": worth_table(told, called)
    }  # fmt: skip

    def draw() -> dict[str, Figure]:
        from cisim.decision.information.charts import worth_figure

        return {"information": worth_figure(told)}

    return Answer(told, sentences, tables, ("largest", "bounds"), draw)


def _priced(told: Information) -> tuple[str, ...]:
    if told.price is None:
        return (
            f"Figures are in units of {told.outcome}, whatever plans cost; with a price for a unit they are in money.",
        )
    worth = f"A unit of {told.outcome} is taken to be worth {told.price:,.0f} {told.unit} (*assumption*)"
    return (f"{worth}, less what the initiative spends at declared prices (*assumption*).",)

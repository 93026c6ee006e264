"""Robust choice as a question: plans and a world in, an answer out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

from cisim.decision.directions import sign_of
from cisim.decision.plan import Plan
from cisim.decision.prices import Prices
from cisim.decision.robust.choice import RobustChoice, robust_choice
from cisim.decision.robust.failing import STARTS, Failing, failing
from cisim.decision.robust.metrics import Settings
from cisim.decision.robust.tables import failing_table, metrics_table, plans_table, ranks_table
from cisim.decision.robust.thresholds import Threshold
from cisim.decision.robust.words import choice_said, failing_said, meanings_said, worlds_said
from cisim.decision.trying import Progress, Tried, outcome_faults, try_plans
from cisim.decision.worlds import Worlds
from cisim.errors import SpecError
from cisim.insight.answer import Answer
from cisim.insight.arrays import level_faults

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Robust", "answer_of", "ask", "check", "needed", "robust_answer"]


@dataclass(frozen=True)
class Robust:
    """The choice, and when each plan fails (empty without thresholds)."""

    choice: RobustChoice
    failing: tuple[Failing, ...]


def ask(
    plans: Sequence[Plan], worlds: Worlds, *, of: str, month: int, thresholds: Sequence[Threshold] = (),
    settings: Settings | None = None, prices: Prices | None = None, level: float = 0.95, threads: int | None = None,
    progress: Progress | None = None,
) -> Answer:  # fmt: skip
    """Try plans in worlds, rank them by every metric, and find when each fails, tested in as many fresh worlds.

    of, month: the outcome that is ranked. thresholds: what is good enough; without any, satisficing and failing are
    left out. Raises SpecError with every fault at once, RunError.
    """

    def tried_in(these: Worlds) -> Tried:
        outcomes = needed(of, thresholds)
        return try_plans(these, plans, prices=prices, outcomes=outcomes, threads=threads, progress=progress)

    check(plans, worlds, of, month, thresholds, level)
    tried = tried_in(worlds)
    fresh = tried_in(worlds.fresh()) if thresholds else None
    return answer_of(tried, fresh, of=of, month=month, thresholds=thresholds, settings=settings, level=level)


def check(
    plans: Sequence[Plan],
    worlds: Worlds,
    of: str,
    month: int,
    thresholds: Sequence[Threshold] = (),
    level: float = 0.95,
) -> None:
    """Raise SpecError with every fault of a question that can be told before anything runs."""
    horizon = worlds.scenario.months
    faults = [] if len(plans) > 1 else [f"give at least two plans, given {len(plans)}."]
    faults += outcome_faults([of])
    if not faults and isnan(sign_of(of)):
        faults.append(f"{of!r} is neither better more nor less, so plans cannot be ranked by it.")
    faults += [
        f"{name} {when} is not in 1 to {horizon}, the horizon of the world."
        for name, when in [("month", month), *((f"threshold {one}: month", one.month) for one in thresholds)]
        if not 1 <= when <= horizon
    ]
    if worlds.replicates < 2:
        faults.append(f"give at least two worlds, given {worlds.replicates}.")
    if faults := [*faults, *level_faults(level)]:
        raise SpecError(faults, source="Question")


def needed(of: str, thresholds: Sequence[Threshold] = ()) -> tuple[str, ...]:
    """The outcomes that plans must be tried with."""
    return tuple(dict.fromkeys([of, *(threshold.outcome for threshold in thresholds), *STARTS]))


def answer_of(
    tried: Tried, fresh: Tried | None, *, of: str, month: int, thresholds: Sequence[Threshold],
    settings: Settings | None = None, level: float = 0.95,
) -> Answer:  # fmt: skip
    """The answer from plans that were tried; fresh: the same in fresh worlds, needed with thresholds."""
    choice = robust_choice(
        tried,
        of=of,
        month=month,
        thresholds=thresholds,
        settings=settings,
        level=level,
        seed=tried.worlds.seed,
    )
    boxes = failing(tried, fresh, thresholds, level=level) if thresholds and fresh is not None else ()
    return robust_answer(Robust(choice, boxes), tried)


def robust_answer(told: Robust, tried: Tried) -> Answer:
    """The answer in sentences, tables and pictures; rank stability first."""
    called = {plan.name: plan.called for plan in tried.plans}
    choice, thresholds = told.choice, told.choice.thresholds
    sentences = [
        *choice_said(choice, called),
        *(failing_said(one, thresholds, called) for one in told.failing),
    ]
    tables = {"ranks": ranks_table(choice), "plans": plans_table(choice), "metrics": metrics_table(choice)}
    if told.failing:
        tables["failing"] = failing_table(told.failing)

    def draw() -> dict[str, Figure]:
        return {"ranks": _ranks(choice, called)} | {
            f"failing-{one.plan}": figure
            for one in told.failing
            if (figure := _box(one, tried, called)) is not None
        }

    restricted = [name for one in told.failing if one.box is not None for name in one.box.box.restrictions]
    sentences += [*meanings_said(restricted), worlds_said(tried.worlds)]
    return Answer(told, tuple(sentences), tables, ("ranks", "plans"), draw)


def _ranks(choice: RobustChoice, called: Mapping[str, str]) -> Figure:
    from cisim.decision.robust.charts import ranks_figure

    return ranks_figure(choice, called)


def _box(one: Failing, tried: Tried, called: Mapping[str, str]) -> Figure | None:
    from cisim.decision.robust.failing import features
    from cisim.insight.charts.bars import cut
    from cisim.insight.charts.discovery import box_figure

    if one.box is None:
        return None
    figure = box_figure(one.box, features(tried), one.scored)
    title = next(text for text in figure.texts if text.get_text() == "The box")
    title.set_text(f"When it fails: {cut(called[one.plan], 48)}")
    return figure

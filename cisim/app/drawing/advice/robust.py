"""Which plan holds up? The plans of the Desk in many worlds: how firm their order is, and when each fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from cisim.app.drawing.advice.asked import Answered, Question, Report
from cisim.app.drawing.advice.figures import ends
from cisim.app.drawing.desk_compared import rounded
from cisim.app.drawing.one_world import OneWorld, one_world
from cisim.decision import robust
from cisim.decision.robust.choice import RobustChoice
from cisim.decision.robust.thresholds import Threshold
from cisim.decision.robust.words import choice_said, failing_said, meanings_said, percent, worlds_said
from cisim.decision.worlds import Uncertain, Worlds, worlds_of

__all__ = ["answered", "check", "counted", "worlds_for"]

IN_WORDS = {
    "mean": "On average",
    "worst world": "In the worst world",
    "bad percentile": "Where it goes badly",
    "Hurwicz": "Half hope, half fear",
    "largest regret": "Largest regret",
    "regret percentile": "Regret, nine in ten",
    "mean less spread": "Average less spread",
    "signal to noise": "Steadiness",
    "satisficing": "Often good enough",
}
"""What each view of risk is called in a room; its own name stands beside it."""
AGREEMENT = (
    "A metric is a view of risk. Kendall's W says how alike they order the plans: 1 where all give the same order, 0 "
    "where their orders have nothing in common."
)


def worlds_for(question: Question, world: Any, count: int) -> Worlds:
    """The plausible worlds that plans are tried in; where nothing is unknown, a posterior that plans carry is left out."""
    asked = question.advice.unknown
    if asked == "nothing" and world.posterior is not None:
        world = world.replace(posterior=None)
    uncertain: Uncertain = (
        "ranges" if asked == "ranges" else "posterior" if asked == "posterior" else "nothing"
    )
    return worlds_of(world, count, question.seed, uncertain=uncertain)


def counted(report: Report, every: int) -> Callable[[str, int, int], None]:
    """What counts the worlds of plans that are tried one after another, some of them twice."""
    before, here, name = 0, 0, ""

    def tried(plan: str, done: int, _: int) -> None:
        nonlocal before, here, name
        if plan != name:
            before, name = before + here, plan
        here = done
        report(min(before + here, every), every)

    return tried


def check(question: Question) -> None:
    """Raise SpecError with what is wrong with the question."""
    _checked(question)


def answered(question: Question, report: Report) -> Answered:
    """The answer."""
    shared, worlds, limits = _checked(question)
    told = robust.ask(
        shared.plans, worlds, of=question.advice.outcome, month=question.month, thresholds=limits, threads=1,
        progress=counted(report, 2 * len(shared.plans) * worlds.replicates),
    )  # fmt: skip
    return _told(told.result, shared, worlds)


def _checked(question: Question) -> tuple[OneWorld, Worlds, tuple[Threshold, ...]]:
    shared = one_world(question.scenarios).until(question.month)
    worlds = worlds_for(question, shared.world, question.workload.robust)
    month = question.month
    limits = robust.thresholds_in([f"severity@{month}<={shared.world.issue.target:g}"], month)
    robust.check(shared.plans, worlds, question.advice.outcome, month, limits)
    return shared, worlds, limits


def _told(told: robust.Robust, shared: OneWorld, worlds: Worlds) -> Answered:
    called: Mapping[str, str] = {plan.name: plan.called for plan in shared.plans}
    choice = told.choice
    agreement, *lines = choice_said(choice, called)
    named = [name for one in told.failing if one.box is not None for name in one.box.box.restrictions]
    failing = [failing_said(one, choice.thresholds, called) for one in told.failing]
    return Answered(
        lines=[_in_short(choice, called), *lines],
        sections=[
            ("Where each plan fails", [*failing, *meanings_said(named)]),
            ("How far the views of risk agree", [agreement, AGREEMENT]),
            ("What it rests on", [worlds_said(worlds)]),
        ],
        picture={
            "kind": "ranks", "outcome": choice.outcome, "month": choice.month,
            "plans": [called[name] for name in choice.plans],
            "agreement": ends(choice.agreement),
            "best": [percent(share) for share in choice.best],
            "metrics": [_metric(choice, row) for row in range(len(choice.metrics))],
        },
    )  # fmt: skip


def _in_short(choice: RobustChoice, called: Mapping[str, str]) -> str:
    """Which plan holds up, in one sentence for a room."""
    if np.isnan(choice.agreement.value):
        return "No plan holds up better than another: by every view of risk they are alike."
    firsts, count = choice.firsts, len(choice.metrics)
    lead = int(np.argmax(firsts))
    most, best = float(firsts[lead]), choice.best[lead]
    plan = called[choice.plans[lead]]
    about = "" if most == round(most) else "about "  # plans that tie for a first place share it
    views = f"all {count}" if most == count else f"{about}{most:.0f} of {count}"
    start = (
        f"{plan} holds up best: it is" if 2 * most > count else f"No plan clearly holds up best: {plan} is"
    )
    share = "an unknown share" if best.n == 0 else f"{100 * best.value:.0f} %"
    return f"{start} first by {views} views of risk, and the best of these plans in {share} of worlds."


def _metric(choice: RobustChoice, row: int) -> dict[str, Any]:
    metric = choice.metrics[row]
    cells = [
        {
            "rank": float(choice.ranks[row, at]), "value": rounded(choice.values[row, at]),
            "low": rounded(choice.low[row, at]), "high": rounded(choice.high[row, at]),
            "first": rounded(choice.first[row, at]),
        }
        for at in range(len(choice.plans))
    ]  # fmt: skip
    name = IN_WORDS.get(metric.name, metric.name.capitalize())
    return {"name": name, "term": metric.name, "formula": metric.formula, "same": rounded(choice.same[row]), "cells": cells}  # fmt: skip

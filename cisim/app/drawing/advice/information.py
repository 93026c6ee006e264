"""What is worth measuring first? What knowing each unknown would be worth before one of the plans is chosen."""

from __future__ import annotations

from typing import Any

from cisim.app.drawing.advice.asked import Answered, Question, Report
from cisim.app.drawing.advice.figures import ends
from cisim.app.drawing.advice.robust import counted, worlds_for
from cisim.app.drawing.desk_compared import rounded
from cisim.app.drawing.one_world import OneWorld, one_world
from cisim.app.state.controls import label_of
from cisim.decision import information
from cisim.decision.information.estimate import Known
from cisim.decision.information.words import information_said, switch_said
from cisim.decision.robust.words import worlds_said
from cisim.decision.worlds import Worlds
from cisim.theory.parameters import UNCERTAINTIES

__all__ = ["answered", "check"]

SHOWN = 12
"""Unknowns in the picture, those that show any worth at all."""


def check(question: Question) -> None:
    """Raise SpecError with what is wrong with the question."""
    _checked(question)


def answered(question: Question, report: Report) -> Answered:
    """The answer."""
    shared, worlds = _checked(question)
    told = information.ask(
        shared.plans, worlds, of=question.advice.outcome, month=question.month, threads=1,
        progress=counted(report, len(shared.plans) * worlds.replicates),
    )  # fmt: skip
    return _told(told.result, shared, worlds)


def _checked(question: Question) -> tuple[OneWorld, Worlds]:
    shared = one_world(question.scenarios).until(question.month)
    worlds = worlds_for(question, shared.world, question.workload.known)
    information.check_information(shared.plans, worlds, question.advice.outcome, question.month)
    return shared, worlds


def _told(told: information.Information, shared: OneWorld, worlds: Worlds) -> Answered:
    called = {plan.name: plan.called for plan in shared.plans}
    posterior = None if worlds.uncertain == "ranges" else worlds.scenario.posterior
    both = [(one, False) for one in told.parameters] + [(one, True) for one in told.starts]
    worth = [pair for pair in both if pair[0].worth.value > 0]
    largest = sorted(worth, key=lambda pair: -pair[0].worth.value)[:SHOWN]
    return Answered(
        lines=[_in_short(both, told, called), *information_said(told, called, posterior)],
        sections=[("What it rests on", [worlds_said(worlds)])],
        picture={
            "kind": "worth",
            "unit": told.unit,
            "rows": [_row(one, start, told, called) for one, start in largest],
            "together": ends(told.together),
            "everything": ends(told.everything),
        },
    )


def _in_short(both: list[tuple[Known, bool]], told: information.Information, called: dict[str, str]) -> str:
    """What to measure first, in one sentence for a room."""
    best = called[told.plans[told.now]]
    above = [pair for pair in both if pair[0].above_chance]
    if not above:
        return f"Nothing is worth measuring by itself before choosing: {best} is best on average as things stand."
    one, start = max(above, key=lambda pair: pair[0].worth.value)
    name = label_of(one.name)
    what = f"{name[:1].lower()}{name[1:]}{' at the start' if start else ''}"
    changed = "less than 1 %" if one.changed < 0.005 else f"{100 * one.changed:.0f} %"
    return f"Measure first: {what}. Knowing it would change the choice of {best} in {changed} of worlds."


def _row(one: Known, start: bool, told: information.Information, called: dict[str, str]) -> dict[str, Any]:
    declared = None if start else UNCERTAINTIES.get(one.name)
    return {
        "label": f"{label_of(one.name)}{' (at the start)' if start else ''}",
        "meaning": declared.meaning if declared is not None else "what a first survey of the partners would tell",
        **ends(one.worth),
        "chance": rounded(one.chance_of_largest),
        "above": one.above_chance,
        "changed": rounded(one.changed),
        "where": switch_said(one, told, called),
    }  # fmt: skip

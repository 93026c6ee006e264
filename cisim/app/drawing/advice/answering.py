"""Each question with what checks it and what answers it, loaded when it is first asked."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from types import ModuleType

from cisim.app.drawing.advice.asked import Answered, Question, Report
from cisim.app.drawing.advice.words import in_full

__all__ = ["answer", "check"]

_OF = {"best": "best", "reach": "reached", "robust": "robust", "information": "information", "fork": "forked"}
_CHECKED_LATER = ("fork",)
"""Questions that need Mesa, which a server does not load: they are checked where they are answered."""


def check(question: Question) -> None:
    """Raise SpecError with every fault of a question that can be told before anything runs."""
    if question.kind not in _CHECKED_LATER:
        _module(question).check(question)


def answer(question: Question, report: Report) -> Answered:
    """The answer to a question; report: called as runs are done. Raises SpecError, RunError."""
    told: Answered = _module(question).answered(question, report)
    return replace(
        told,
        lines=[in_full(line) for line in told.lines],
        sections=[(heading, [in_full(line) for line in lines]) for heading, lines in told.sections],
        offers={key: replace(offer, text=in_full(offer.text)) for key, offer in told.offers.items()},
    )


def _module(question: Question) -> ModuleType:
    return import_module(f"cisim.app.drawing.advice.{_OF[question.kind]}")

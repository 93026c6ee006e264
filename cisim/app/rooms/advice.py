"""Advice on the Desk: a question at a time, its progress, its answer, and the plans that the answer offers."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cisim.app.drawing.advice.adviser import Adviser, the_adviser
from cisim.app.drawing.advice.answering import check
from cisim.app.drawing.advice.asked import Question, question_of
from cisim.app.drawing.advice.words import asked_in_words
from cisim.app.drawing.one_world import one_world
from cisim.app.pictures import AdviceNow, AdvicePicture
from cisim.app.rooms.tools import Tools
from cisim.app.state.history import History, remembered
from cisim.app.state.readings import Action, words
from cisim.app.state.session import Session
from cisim.app.state.session_actions import with_plan_beside
from cisim.decision.plan import Plan
from cisim.errors import SpecError
from cisim.world.scenario import Scenario

__all__ = ["AdviceRoom"]

NOTHING = AdviceNow(question="", state="", text="", done=0, all=0)
STARTING = "Starting …"


@dataclass(frozen=True)
class _Answer:
    """A question and what came of it. offers: plans as TOML, by key."""

    question: Question
    picture: AdvicePicture
    offers: Mapping[str, str] = field(default_factory=dict)


class AdviceRoom:
    """Asks the adviser and shows what comes; the last answer to each question stays until it is asked again.

    What the adviser says is taken in by the tab's own thread, as what the page shows is.
    """

    def __init__(self, tools: Tools, adviser: Adviser | None = None) -> None:
        self.tools = tools
        self._adviser = adviser
        self._asked: Question | None = None  # that is being answered
        self._lock = threading.Lock()  # of `_asked`, which the page's thread and the tab's own both write
        self._ever = False  # something was asked of the adviser
        self._now = NOTHING
        self._answers: dict[str, _Answer] = {}

    @property
    def adviser(self) -> Adviser:
        """Who answers; made when first needed."""
        return self._adviser or the_adviser()

    def enter(self, session: Session) -> None:
        """Say which answers are about other plans or inputs than those of the session; stop where the Desk is left."""
        if session.page != "desk":
            self.cancel()
        elif self._answers:
            self.tools.mail.put("advice compare", lambda: self._compare(session))

    def ask(self, session: Session) -> None:
        """Ask the question of this session; what is wrong with it becomes its answer."""
        self.cancel()
        question = question_of(session)
        with self._lock:
            self._asked = question
        try:
            check(question)
        except SpecError as error:
            self._heard(question, {"refused": error.faults})
            return
        self._ever = True
        self._mail("advice now", question, lambda: self._progress(question, {"note": STARTING}))
        self.adviser.ask(self.tools.client, question, lambda message: self._heard(question, message))

    def cancel(self) -> None:
        """Stop what is being answered; what has been answered stays."""
        with self._lock:
            asked, self._asked = self._asked, None
        if self._ever:  # whatever is known here of its end
            self.adviser.cancel(self.tools.client)
        if asked is not None:
            self.tools.mail.put("advice now", lambda: self._show_now(NOTHING))

    def taken(self, history: History, action: Action) -> History:
        """The history with a plan that an answer offers on the Desk.

        Raises SpecError where there is none, or where the plans of the Desk have moved to another world since.
        """
        plan = self._offered(history.present, words(action, "question", 1, 20), words(action, "key", 1, 20))
        done = with_plan_beside(history.present, plan, history.limits)
        return remembered(history, done, f"New plan: {plan.title}")

    def _offered(self, session: Session, question: str, key: str) -> Scenario:
        answer = self._answers.get(question)
        if answer is None or key not in answer.offers:
            raise SpecError("this plan is not offered any more; ask again.")
        plan = Plan.from_toml(answer.offers[key]).on(one_world([answer.question.scenario]).world)
        beside = session.plans[min(answer.question.advice.plan, len(session.plans) - 1)]
        try:
            one_world([beside, plan])
        except SpecError:
            raise SpecError(
                "this plan is one for the partners, assumptions, target and months that were asked about, and those of "
                "the Desk are others now; ask again."
            ) from None
        return plan

    def _mail(self, kind: str, question: Question, job: Any) -> None:
        """Have this done by the tab's thread, unless another question has been asked, or none, by then."""
        self.tools.mail.put(kind, lambda: job() if self._asked is question else None)

    def _heard(self, question: Question, message: Mapping[str, Any]) -> None:
        if "answer" in message:
            self._mail("advice answer", question, lambda: self._take(question, message["answer"]))
        elif "refused" in message:
            self._mail("advice answer", question, lambda: self._refuse(question, message["refused"]))
        else:
            self._mail("advice now", question, lambda: self._progress(question, message))

    def _progress(self, question: Question, message: Mapping[str, Any]) -> None:
        ahead = message.get("ahead", 0)
        text = f"Waiting: {ahead} question{'s' * (ahead > 1)} of others first." if ahead else ""
        self._show_now(
            AdviceNow(
                question=question.kind,
                state="waiting" if ahead else "running",
                text=message.get("note", text),
                done=message.get("done", 0),
                all=message.get("all", 0),
            )
        )

    def _ended(self, question: Question) -> bool:
        """True if this question was the one that is being answered, which none is from now on."""
        with self._lock:
            same = self._asked is question
            if same:
                self._asked = None
            return same

    def _take(self, question: Question, told: Mapping[str, Any]) -> None:
        if not self._ended(question):
            return
        picture = AdvicePicture(
            question=question.kind, state="done", asked=asked_in_words(question), stale=False, faults=[],
            lines=told["lines"], sections=[{"title": title, "lines": lines} for title, lines in told["sections"]],
            tables=told["tables"], picture=told["picture"],
            offers=[{"key": key, "title": one["title"], "text": one["text"]} for key, one in told["offers"].items()],
        )  # fmt: skip
        self._keep(_Answer(question, picture, {key: one["plan"] for key, one in told["offers"].items()}))

    def _refuse(self, question: Question, faults: Any) -> None:
        if not self._ended(question):
            return
        picture = AdvicePicture(
            question=question.kind, state="failed", asked="", stale=False, faults=list(faults), lines=[],
            sections=[], tables=[], offers=[], picture={},
        )  # fmt: skip
        self._keep(_Answer(question, picture))

    def _keep(self, answer: _Answer) -> None:
        self._answers[answer.question.kind] = answer
        self._show_now(NOTHING)
        self._show_answers()

    def _compare(self, session: Session) -> None:
        changed = False
        for kind, answer in self._answers.items():
            other = question_of(replace(session, advice=replace(session.advice, question=kind)))
            stale = other.key != answer.question.key
            if stale != answer.picture["stale"]:
                self._answers[kind] = replace(answer, picture={**answer.picture, "stale": stale})
                changed = True
        if changed:
            self._show_answers()

    def _show_now(self, now: AdviceNow) -> None:
        if now != self._now:
            self._now = now
            self.tools.post({"advice_now": now})

    def _show_answers(self) -> None:
        self.tools.post({"advice": {kind: answer.picture for kind, answer in self._answers.items()}})

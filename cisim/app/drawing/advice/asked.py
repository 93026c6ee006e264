"""A question as it is asked: the plans of the Desk, the inputs, and how much may be run for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from cisim.app.drawing.board_report import BoardReport
from cisim.app.pictures import Table
from cisim.app.state.advice import Advice
from cisim.app.state.session import Session
from cisim.decision.optimize import Effort
from cisim.decision.reach import EFFORT
from cisim.decision.worlds import Uncertain
from cisim.world.scenario import Scenario

__all__ = ["WORKLOADS", "Answered", "Errand", "Offer", "Question", "Report", "Workload", "question_of"]

Report = Callable[[int, int], None]
"""Called with (runs done, runs in all); 0 in all where nobody knows."""


@dataclass(frozen=True)
class Workload:
    """How much is run. robust, known, forks: worlds of these questions."""

    best: Effort
    reach: Effort
    robust: int
    known: int
    forks: int


WORKLOADS = {
    "quick": Workload(
        Effort(candidates=120, worlds=8, finalists=8, final_worlds=64, fresh=200),
        Effort(candidates=96, worlds=8, finalists=6, final_worlds=128, fresh=300),
        robust=200, known=300, forks=30,
    ),
    "thorough": Workload(Effort(), EFFORT, robust=1000, known=1000, forks=100),
}  # fmt: skip
"""Quick answers have wider intervals, and searches may miss a better plan; a minute or so against several."""


@dataclass(frozen=True)
class Question:
    """What is asked of these scenarios, the plans of the Desk; seed, replicate: of the worlds, and of the run shown."""

    advice: Advice
    scenarios: tuple[Scenario, ...]
    seed: int
    replicate: int
    workload: Workload

    @property
    def kind(self) -> str:
        """The question, one of `state.advice.QUESTIONS`."""
        return self.advice.question

    @property
    def scenario(self) -> Scenario:
        """The plan that the question is about."""
        return self.scenarios[self.advice.plan]

    @property
    def month(self) -> int:
        """The month by which an outcome counts, never beyond the horizon."""
        return min(self.advice.month, self.scenarios[0].months)

    @property
    def key(self) -> tuple[object, ...]:
        """What the answer depends on: two questions with one key have one answer."""
        asked = self.advice
        about = asked.plan, self.scenario
        search = (self.seed, asked.month, asked.phases, asked.levers)
        told: dict[str, tuple[object, ...]] = {
            "best": (about, search, asked.goal, asked.budget),
            "reach": (about, search, asked.severity, asked.probability, asked.by),
            "fork": (about, self.seed, self.replicate, asked.fork_month, asked.change),
        }
        plans = (self.scenarios, self.seed, asked.month, asked.outcome, asked.unknown)
        return (asked.question, asked.effort, *told.get(asked.question, plans))

    @property
    def uncertain(self) -> Uncertain:
        """What differs between the worlds of a search: what the Desk has set."""
        return "nothing" if self.scenarios[0].posterior is None else "posterior"


Errand = Question | BoardReport
"""What a process of its own is started for."""


def question_of(session: Session) -> Question:
    """The question that a session asks; about its last plan where the one it was about is gone."""
    plan = min(session.advice.plan, len(session.plans) - 1)
    advice = replace(session.advice, plan=plan)
    return Question(advice, session.plans, session.seed, session.replicate, WORKLOADS[advice.effort])


@dataclass(frozen=True)
class Offer:
    """A plan that an answer offers for the Desk; plan: as TOML, in the world of the question."""

    title: str
    text: str
    plan: str


@dataclass(frozen=True)
class Answered:
    """An answer as plain data. lines: the answer itself; sections: [(heading, sentences)]; offers: plans by key."""

    lines: list[str]
    sections: list[tuple[str, list[str]]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    offers: dict[str, Offer] = field(default_factory=dict)
    picture: dict[str, Any] = field(default_factory=dict)

"""What the runs of a question say: which plan to take, against which other, how strong that is, what would change it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from string import ascii_uppercase

import numpy as np

from cisim.decision.compare import PlanComparison, compare_plans
from cisim.decision.estimates import Estimate, share_of
from cisim.decision.information.estimate import Known, known
from cisim.decision.optimize.searched import Searched, tried_anew
from cisim.decision.points import points_of
from cisim.decision.report.change import Split, splits
from cisim.decision.report.question import Question
from cisim.decision.report.standing import differing_levers, grade_of
from cisim.decision.report.wording import Grade, Strength, strength_of
from cisim.decision.trying import MONEY, MONEY_IN_ALL, REACHED, Tried, try_plans

__all__ = ["LEVEL", "OUTCOME", "Findings", "find"]

LEVEL = 0.95
OUTCOME = "severity"
"""What decides: how much of the problem is left."""
FEWEST = 50
"""Fewest settings of unknown numbers by which the worth of knowing one is told."""
OUTCOMES = (OUTCOME, "contribution", REACHED, MONEY, MONEY_IN_ALL)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Findings:
    """The runs of a question, and what follows from them by fixed rules. Plans are told by their places.

    each: figures whose intervals hold each on its own; together: those that hold together over all other plans
    (Bonferroni), by which plans are ranked, as in multiple comparisons with the best (Hsu 1984, Annals of Statistics
    12:1136).
    """

    question: Question
    tried: Tried
    each: PlanComparison
    together: PlanComparison
    searched: Searched | None = None
    """What the plans of a search do, where one of the plans comes from a search."""

    @property
    def places(self) -> range:
        """The places of plans."""
        return range(len(self.question.plans))

    def letter(self, plan: int) -> str:
        """How tables and pictures call a plan."""
        return ascii_uppercase[plan]

    def called(self, plan: int) -> str:
        """How sentences call a plan."""
        return f"“{self.question.plans[plan].called}”"

    def named(self, plan: int) -> str:
        """How figures name a plan at the month asked for."""
        return f"{self.question.plans[plan].name}, month {self.question.month}"

    def pair_named(self, plan: int, than: int) -> str:
        """How figures name a plan held against another."""
        return f"{self.question.plans[plan].name} against {self.named(than)}"

    @cached_property
    def leader(self) -> int:
        """The plan that leaves least of the problem in the mean."""
        return min(self.places, key=lambda plan: self.each.of_plan(plan, OUTCOME).mean.value)

    def less(self, plan: int, than: int, *, together: bool = False) -> Estimate:
        """How much less of the problem one plan leaves than another, world by world; above 0 is better."""
        figures = (self.together if together else self.each).pair(plan, than, OUTCOME)
        return figures.difference.times(-1)

    def strength(self, plan: int, than: int) -> Strength:
        """How much better one plan does than another, all comparisons taken together."""
        share = self.together.pair(plan, than, OUTCOME).better
        return strength_of(self.less(plan, than, together=True), share, self.question.least)

    @cached_property
    def as_good(self) -> tuple[int, ...]:
        """Other plans that cannot be told apart from the leader, or that differ by less than what matters."""
        return tuple(
            plan
            for plan in self.places
            if plan != self.leader and self.strength(self.leader, plan) in ("alike", "unclear")
        )

    @cached_property
    def chosen(self) -> int:
        """The leader, or of those as good the one that costs least, where it is told to cost less than the leader."""
        cheaper = [
            plan for plan in self.as_good if self.each.pair(plan, self.leader, MONEY).difference.high < 0
        ]
        return min(cheaper, key=lambda plan: self.each.of_plan(plan, MONEY).mean.value, default=self.leader)

    @cached_property
    def rival(self) -> int:
        """What the chosen plan is held against: the leader, else the best of those not as good, else of all others."""
        if self.chosen != self.leader:
            return self.leader
        others = [plan for plan in self.places if plan != self.leader]
        pool = [plan for plan in others if plan not in self.as_good] or others
        return min(pool, key=lambda plan: self.each.of_plan(plan, OUTCOME).mean.value)

    @cached_property
    def result(self) -> Strength:
        """How strong the answer is."""
        if self.chosen != self.leader:
            return self.strength(self.leader, self.chosen)
        return self.strength(self.chosen, self.rival)

    @cached_property
    def levers(self) -> tuple[str, ...]:
        """What differs between the chosen plan and its rival."""
        return differing_levers(*(self.tried.ensembles[plan].scenario for plan in (self.chosen, self.rival)))

    @property
    def grade(self) -> Grade:
        """How far evidence backs the model in that."""
        return grade_of(self.levers)

    @cached_property
    def moves(self) -> bool:
        """True if the chosen plan is told to take something that matters away from the problem."""
        return self.each.of_plan(self.chosen, "contribution").mean.high >= self.question.least and (
            self.each.of_plan(self.chosen, "contribution").mean.low > 0
        )

    @cached_property
    def splits(self) -> list[Split]:
        """The difference between the chosen plan and its rival by each unknown that was varied."""
        values = self.each.values[OUTCOME]
        return splits(self.tried.worlds, values[:, self.rival] - values[:, self.chosen], LEVEL)

    @cached_property
    def worth_most(self) -> Known | None:
        """The unknown that is most worth knowing before choosing among all plans; None where too few worlds differ in it.

        In severity, by expected value of partial perfect information (see cisim.decision.information).
        """
        points = points_of(self.tried.worlds)
        if not points.names or len(points) < FEWEST:
            return None
        gains = points.mean(-self.each.values[OUTCOME])
        unknowns = {name: points.values[:, at] for at, name in enumerate(points.names)}
        return max(
            known(unknowns, gains, points.weights, level=LEVEL), key=lambda one: (one.worth.value, one.raw)
        )

    def beyond_budget(self, plan: int) -> bool:
        """True if a search laid out a budget, and the plan is told to spend more than that."""
        if self.searched is None:
            return False
        return self.each.of_plan(plan, MONEY).mean.low > self.searched.problem.budget

    @property
    def reached_by_chance(self) -> Estimate:
        """Share of worlds in which severity is at the target by the month without any coalition."""
        alone = self.tried.path(0, "severity_alone")[:, 1 : self.question.month + 1]
        below = np.asarray(alone <= self.question.world.issue.target)
        return share_of(np.any(below, axis=1), LEVEL, self.tried.worlds.crossed)


def find(question: Question, *, threads: int | None = None, progress: Progress | None = None) -> Findings:
    """Run every plan in every world, and compare. Raises SpecError, or RunError for a run that is not finite."""
    tried = try_plans(
        question.worlds(), question.plans, prices=question.prices, threads=threads, progress=progress
    )
    others = max(len(question.plans) - 1, 1)
    each = compare_plans(tried, question.month, OUTCOMES, LEVEL)
    together = compare_plans(tried, question.month, (OUTCOME,), 1 - (1 - LEVEL) / others)
    return Findings(question, tried, each, together, _searched(question, threads, progress))


def _searched(question: Question, threads: int | None, progress: Progress | None) -> Searched | None:
    search = question.search
    if search is None:
        return None
    done = 0

    def more(runs: int) -> None:
        nonlocal done
        done += runs
        if progress is not None:
            progress("search", done, search.planned)

    return tried_anew(search, threads=threads, progress=more)

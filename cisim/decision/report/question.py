"""What a report is asked, whole: everything that its runs follow from, as texts to keep and to read again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cisim.decision.optimize.searched import Search
from cisim.decision.plan import Plan
from cisim.decision.prices import Prices
from cisim.decision.worlds import Uncertain, Worlds, worlds_of
from cisim.errors import SpecError
from cisim.world.posterior import Posterior, shipped
from cisim.world.scenario import Scenario
from cisim.world.toml import dump, parse

__all__ = ["AS_IT_IS", "LEAST", "Question", "check", "digest_of", "question_of"]

LEAST = 0.01
"""The smallest difference in severity that matters: 1 % of the problem at the start. *Assumption*."""
AS_IT_IS = Plan(
    name="as-it-is", title="As it is", description="Nothing is changed in the world that was told."
)
MOST_PLANS = 8
UNCERTAIN = ("nothing", "posterior", "ranges")


@dataclass(frozen=True)
class Question:
    """Which of `plans` in `world` leaves least of the problem by `month`, in worlds that differ in what is `uncertain`.

    least: the smallest difference in severity that matters. Made by `question_of`, which checks.
    """

    world: Scenario
    plans: tuple[Plan, ...]
    month: int
    replicates: int = 1_000
    seed: int = 1
    uncertain: Uncertain = "posterior"
    unknown: tuple[str, ...] = ()
    prices: Prices = field(default_factory=Prices)
    least: float = LEAST
    search: Search | None = None
    """What a search found that one of the plans comes from."""

    def worlds(self) -> Worlds:
        """The worlds that plans are tried in."""
        return worlds_of(
            self.world, self.replicates, self.seed, uncertain=self.uncertain, unknown=self.unknown
        )

    def scenarios(self) -> tuple[Scenario, ...]:
        """The world with each plan in it."""
        return tuple(plan.on(self.world) for plan in self.plans)

    def parts(self) -> dict[str, str]:
        """Every part as TOML text, by its key: the question, the world, each plan, the prices."""
        asked: dict[str, Any] = {
            "month": self.month, "worlds": self.replicates, "seed": self.seed, "uncertain": self.uncertain,
            "least": self.least,
        }  # fmt: skip
        if self.unknown:
            asked["unknown"] = list(self.unknown)
        if (drawn := self.worlds().scenario.posterior) is not None:
            asked["posterior"] = f"{drawn.origin or 'own'} {drawn.digest}"
        plans = {f"plan {plan.name}": plan.to_toml() for plan in self.plans}
        return {
            "question": dump(asked),
            "world": self.world.to_toml(),
            **plans,
            "prices": dump(self.prices.model_dump()),
            **({} if self.search is None else {"search": self.search.to_toml()}),
        }

    @classmethod
    def of_parts(cls, parts: Mapping[str, str]) -> Question:
        """The question that these parts tell. Raises SpecError for what cannot be read."""
        lacking = [key for key in ("question", "world", "prices") if key not in parts]
        if lacking:
            raise SpecError(f"lacks its {', '.join(lacking)}.", source="Report")
        asked = parse(parts["question"])
        told = str(asked.pop("posterior", ""))
        plans = [Plan.from_toml(text, key) for key, text in parts.items() if key.startswith("plan ")]
        try:
            world, prices = Scenario.from_toml(parts["world"], "world"), Prices(**parse(parts["prices"]))
            search = Search.from_toml(parts["search"], world, prices) if "search" in parts else None
            question = question_of(
                world, plans, replicates=asked.pop("worlds"), prices=prices, search=search, baseline=False, **asked,
            )  # fmt: skip
        except (KeyError, TypeError, ValueError) as error:
            raise SpecError(f"its question cannot be read ({error}).", source="Report") from error
        drawn = question.worlds().scenario.posterior
        if told and (drawn is None or told.rpartition(" ")[2] != drawn.digest):
            raise SpecError(f"its posterior ({told}) is not the one at hand.", source="Report")
        return question


def question_of(
    world: Scenario,
    plans: Sequence[Plan],
    *,
    month: int,
    replicates: int = 1_000,
    seed: int = 1,
    uncertain: Uncertain = "posterior",
    unknown: Sequence[str] = (),
    prices: Prices | None = None,
    least: float = LEAST,
    baseline: bool = True,
    search: Search | None = None,
) -> Question:
    """A question that can be answered. baseline: the world as it is goes first, as a plan that changes nothing.

    search: what a search found in this world, at these prices; its frontier and neighbours are told as well.
    A shipped posterior that the world carries is kept by its name. Raises SpecError with every fault at once.
    """
    told = tuple(plans)
    if baseline and all(plan.name != AS_IT_IS.name for plan in told):
        told = (AS_IT_IS, *told)
    if world.posterior is not None and _is_shipped(world.posterior) and uncertain != "ranges":
        world, uncertain = world.replace(posterior=None), "posterior"
    question = Question(
        world, told, month, replicates, seed, uncertain, tuple(unknown), prices or Prices(), least,
        None if search is None else search.bound_to(world, prices or Prices(), uncertain),
    )  # fmt: skip
    check(question)
    return question


def check(question: Question) -> None:
    """Raise SpecError with every fault of a question at once."""
    faults = []
    if not 2 <= len(question.plans) <= MOST_PLANS:
        faults.append(
            f"there must be 2 to {MOST_PLANS} plans, the world as it is among them, given {len(question.plans)}."
        )
    names = [plan.name for plan in question.plans]
    faults += [f"two plans are called {name!r}." for name in dict.fromkeys(names) if names.count(name) > 1]
    titles = [plan.called for plan in question.plans]
    faults += [
        f"two plans have the title {title!r}; readers could not tell them apart."
        for title in dict.fromkeys(titles)
        if titles.count(title) > 1
    ]
    if not _whole(question.month, 1, question.world.months):
        faults.append(
            f"month must be 1 to {question.world.months}, the months of the world, given {question.month!r}."
        )
    if not _whole(question.replicates, 20, 1_000_000):
        faults.append(
            f"replicates must be 20 or more, so that intervals mean something, given {question.replicates!r}."
        )
    if question.uncertain not in UNCERTAIN:
        faults.append(f"uncertain must be one of {', '.join(UNCERTAIN)}, given {question.uncertain!r}.")
    if isinstance(question.least, bool) or not 0 <= question.least < 1:
        faults.append(f"least must be 0 to 1 of the severity at the start, given {question.least!r}.")
    if question.search is not None:
        faults += _search_faults(question, question.search)
    for plan in question.plans:
        try:
            plan.on(question.world)
        except SpecError as error:
            faults += [f"{error.source}: {fault}" for fault in error.faults]
    if not faults:
        try:
            question.worlds()
        except SpecError as error:
            faults += error.faults
    if faults:
        raise SpecError(faults, source="Report")


def _search_faults(question: Question, search: Search) -> list[str]:
    faults = []
    if question.seed == search.problem.seed:
        faults.append(
            f"seed {question.seed} gives the worlds in which the search chose; take another, so that figures are honest."
        )
    if question.month != search.problem.month:
        faults.append(f"month must be that of the search, {search.problem.month}, given {question.month!r}.")
    if not any(plan.levers == search.plan.levers for plan in question.plans):
        faults.append(
            "the plan that the search found must be among the plans, since the report tells what it buys."
        )
    return faults


def digest_of(text: str) -> str:
    """A short hash of a text; blanks at the ends of lines do not count."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return hashlib.blake2b("\n".join(lines).encode(), digest_size=8).hexdigest()


def _whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_shipped(posterior: Posterior) -> bool:
    origin = posterior.origin
    return origin in shipped() and Posterior.read(origin).digest == posterior.digest

"""The question of a report as options ask it: plans in a world, or what a search found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from cisim.cli.faults import Faults
from cisim.cli.plans import prices_from
from cisim.errors import SpecError

if TYPE_CHECKING:
    from cisim.decision.optimize.searched import Search
    from cisim.decision.plan import Plan
    from cisim.decision.prices import Prices
    from cisim.decision.report.question import Question
    from cisim.decision.worlds import Uncertain
    from cisim.world.scenario import Scenario

__all__ = ["Told"]


class Told(NamedTuple):
    """What the options say."""

    plans: list[str]
    world: str | None
    search: Path | None
    month: int | None
    uncertain: str | None
    unknown: list[str]
    replicates: int
    seed: int | None
    prices: Path | None
    least: float
    baseline: bool

    def question(self, *checks: Callable[[], object]) -> Question:
        """The question that they ask. Raises SpecError with what is wrong with any of them, checks included."""
        faults = Faults()
        for check in checks:
            faults.read(check)
        asked = self._of_world(faults) if self.search is None else self._of_search(faults, self.search)
        faults.check()
        if asked is None:
            raise faults.error()
        return asked

    def _of_world(self, faults: Faults) -> Question | None:
        from cisim import verbs
        from cisim.decision.plan import plans_in

        faults.read(self._needed)
        world = None if self.world is None else faults.read(lambda: verbs.load(self.world or ""))
        plans = faults.read(lambda: plans_in(self.plans))
        prices = faults.read(lambda: prices_from(self.prices))
        if world is None or plans is None:
            return None
        month = world.months if self.month is None else self.month
        return self._asked(faults, world, plans, month, self.uncertain or "posterior", 1, prices, None)

    def _of_search(self, faults: Faults, folder: Path) -> Question | None:
        from cisim.decision.optimize.searched import Search
        from cisim.decision.plan import plans_in
        from cisim.decision.worlds import OTHER_WORLDS

        faults.read(self._left_out)
        search = faults.read(lambda: Search.read(folder))
        found = [] if search is None else [search.plan]
        plans = faults.read(lambda: plans_in([*found, *self.plans]))
        if search is None or plans is None:
            return None
        problem = search.problem
        seed = (problem.seed + OTHER_WORLDS) % 2**32
        return self._asked(
            faults, problem.world, plans, problem.month, problem.uncertain, seed, problem.prices, search
        )

    def _asked(
        self, faults: Faults, world: Scenario, plans: Sequence[Plan], month: int, uncertain: str, seed: int,
        prices: Prices | None, search: Search | None,
    ) -> Question | None:  # fmt: skip
        from cisim.decision.report.question import question_of

        kind = cast("Uncertain", uncertain)  # question_of says what is allowed
        return faults.read(
            lambda: question_of(
                world, plans, month=month, replicates=self.replicates, seed=seed if self.seed is None else self.seed,
                uncertain=kind, unknown=self.unknown, prices=prices, least=self.least, baseline=self.baseline, search=search,
            )
        )  # fmt: skip

    def _needed(self) -> None:
        """Without a search, a world and a month must be told."""
        told = (("--world", self.world), ("--month", self.month))
        if lacking := [flag for flag, value in told if value is None]:
            raise SpecError(
                [f"{flag} is missing; give it, or --search with the folder of a search." for flag in lacking],
                source="Report",
            )

    def _left_out(self) -> None:
        """With a search, what it has told."""
        told = {
            "--world": self.world, "--month": self.month, "--uncertain": self.uncertain, "--prices": self.prices,
            "--unknown": self.unknown or None,
        }  # fmt: skip
        if given := [flag for flag, value in told.items() if value is not None]:
            raise SpecError(
                [f"leave out {flag}: the search has told it." for flag in given], source="--search"
            )

"""What the commands on plans share: their options, the worlds and prices that these ask for, and their answers."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from cisim.cli.faults import Faults
from cisim.cli.results import show_answer
from cisim.cli.run import COMPILING
from cisim.cli.screen import note, print_json, running, spinning

if TYPE_CHECKING:
    from cisim.decision.plan import Plan
    from cisim.decision.prices import Prices
    from cisim.decision.trying import Tried
    from cisim.decision.worlds import Uncertain, Worlds
    from cisim.insight.answer import Answer
    from cisim.world.scenario import Scenario

__all__ = [
    "Inputs", "Months", "Out", "PricesFile", "Replicates", "Seed", "Threads", "Uncertainty", "World", "checked_out",
    "comma", "compiled", "kept_answer", "prices_from", "tried_in",
]  # fmt: skip

World = Annotated[
    str | None, typer.Option("--world", metavar="NAME_OR_FILE", help="Who, where, and what is uncertain: a preset or scenario file.")
]  # fmt: skip
Months = Annotated[int | None, typer.Option(help="Another horizon than the world's.")]
Replicates = Annotated[int, typer.Option(help="Worlds in which every plan is tried.")]
Seed = Annotated[int, typer.Option(help="Of the worlds.")]
Uncertainty = Annotated[
    str, typer.Option("--uncertain", metavar="WHAT", help="nothing: parameters as the world says; posterior; ranges.")
]  # fmt: skip
PricesFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Your prices (TOML); default: declared ones, assumptions.")
]  # fmt: skip
Threads = Annotated[int | None, typer.Option(min=1, help="Default: one for each core.")]
Out = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Write tables (CSV) and pictures (PNG, SVG) here.")
]


def comma(told: str) -> list[str]:
    """Names in a list with commas, each once."""
    return list(dict.fromkeys(name.strip() for name in told.split(",") if name.strip()))


def checked_out(out: Path | None) -> None:
    """Make the folder before anything runs, so that no answer is lost to a name.

    Raises StoreError, also for a folder that holds something else than what a command on plans left there.
    """
    from cisim.insight.folder import refuse_foreign
    from cisim.world.disk import make_folder

    if out is not None:
        refuse_foreign(out, lambda: _is_answer(out) or _has_trials(out) or _is_fork(out), "answers of cisim")
        make_folder(out)


def prices_from(file: Path | None) -> Prices:
    """The prices in a file, or the declared ones."""
    from cisim.decision.prices import Prices

    return Prices() if file is None else Prices.read(file)


class Inputs:
    """Plans, worlds and prices that options ask for; what is wrong with any of them is kept until `check`."""

    def __init__(
        self, plans: Sequence[str], world: str, months: int | None, replicates: int, seed: int, uncertain: str,
        prices: Path | None,
    ) -> None:  # fmt: skip
        from cisim import verbs
        from cisim.decision.plan import plans_in
        from cisim.decision.worlds import worlds_of

        self.faults = faults = Faults()
        scenario = faults.read(lambda: verbs.change(verbs.load(world), months=months))
        self._plans = faults.read(lambda: plans_in(plans))
        self._prices = faults.read(lambda: prices_from(prices))
        kind = cast("Uncertain", uncertain)  # worlds_of says what is allowed
        stand_in = scenario or verbs.preset(
            "isolated-impact"
        )  # so that seed and the like are judged all the same
        worlds = faults.read(lambda: worlds_of(stand_in, replicates, seed, uncertain=kind))
        self._worlds = worlds if scenario is not None else None

    @property
    def worlds(self) -> Worlds:
        """The worlds. Raises SpecError if they were refused."""
        if self._worlds is None:
            raise self.faults.error()
        return self._worlds

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans. Raises SpecError if they were refused."""
        if self._plans is None:
            raise self.faults.error()
        return self._plans

    @property
    def prices(self) -> Prices:
        """The prices. Raises SpecError if they were refused."""
        if self._prices is None:
            raise self.faults.error()
        return self._prices

    def month(self, told: int | None) -> int:
        """The month asked for; if none is, the horizon of the world as far as it is known."""
        if told is not None:
            return told
        return 1 if self._worlds is None else self._worlds.scenario.months

    def check(self, *questions: Callable[[], object]) -> None:
        """Raise SpecError with all faults: of the inputs, of the question, and of each plan in the world.

        questions: what else is judged, of sound worlds and plans.
        """
        from cisim.decision.trying import check_trial

        if self._worlds is not None and self._plans is not None:
            for judged in (lambda: check_trial(self.worlds, self.plans, ()), *questions):
                self.faults.read(judged)
        self.faults.check()


def compiled(scenario: Scenario, quiet: bool) -> None:
    """Compile what is not compiled yet, and say so."""
    from cisim import verbs

    if not verbs.is_compiled(scenario):
        with spinning(COMPILING, quiet):
            verbs.compile_rules(scenario)


def tried_in(
    worlds: Worlds, plans: Sequence[Plan], prices: Prices, outcomes: Sequence[str], threads: int | None, quiet: bool
) -> Tried:  # fmt: skip
    """The plans tried in the worlds, with progress."""
    from cisim.decision.trying import try_plans

    compiled(worlds.scenario, quiet)
    done: dict[str, int] = {}
    with running(worlds.replicates * len(plans), quiet) as advance:

        def progress(name: str, now: int, whole: int) -> None:
            advance(name, now - done.get(name, 0))
            done[name] = now

        return try_plans(worlds, plans, prices=prices, outcomes=outcomes, threads=threads, progress=progress)


def _is_answer(folder: Path) -> bool:
    """True for what `kept_answer` left."""
    from cisim.insight.answer import MANIFEST

    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and told.get("kind") == "cisim answer"


def _has_trials(folder: Path) -> bool:
    """True for what a search left that ended early, even before its first trials were kept."""
    from cisim.decision.optimize.trials import KEPT
    from cisim.world.disk import is_draft

    place = folder / KEPT
    if not place.is_dir():
        return False
    parts = [part for part in place.iterdir() if not is_draft(part)]
    alone = all(entry == place or is_draft(entry) for entry in folder.iterdir())
    return all(re.fullmatch(r"\d{5,}\.json", part.name) for part in parts) and (bool(parts) or alone)


def _is_fork(folder: Path) -> bool:
    """True for what `cisim fork` left, whose story says what else is there."""
    from cisim.decision.fork.folder import SCENARIO, STORY

    try:
        return f"`{SCENARIO}`" in (folder / STORY).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False


def kept_answer(answer: Answer, out: Path | None, as_json: bool, quiet: bool, **asked: Any) -> None:
    """Show an answer, then write it where that is asked for; it is shown even if it cannot be written.

    asked: what it takes to ask again, completed where an option was left out; the manifest keeps it.
    """
    if as_json:
        tables = {name: table.to_dicts() for name, table in answer.tables.items()}
        print_json({"sentences": list(answer.sentences), **tables})
    else:
        show_answer(answer)
    if out is not None:
        files = answer.write(out, command=["cisim", *sys.argv[1:]], asked=asked)
        note(f"Written to {out}: {', '.join(files)}.", quiet)

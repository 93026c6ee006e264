"""`cisim reach`: what it would take to reach a severity by a month."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cisim.cli.faults import Faults
from cisim.cli.plans import (
    PricesFile,
    Seed,
    Threads,
    Uncertainty,
    checked_out,
    compiled,
    kept_answer,
    prices_from,
)
from cisim.cli.results import Json, Quiet
from cisim.cli.screen import note, running
from cisim.cli.tables import span
from cisim.errors import SpecError

if TYPE_CHECKING:
    from cisim.decision.optimize.problem import Effort, Problem
    from cisim.decision.reach import Wanted

__all__ = ["reach"]

LEVER = "A lever that may change and its range; can be repeated. Default: the usual levers within their declared ranges."


def reach(
    world: Annotated[str, typer.Argument(metavar="WORLD", help="A preset, or a scenario file.")],
    severity: Annotated[float, typer.Option(help="The severity to be reached; 1 is that at the start.")],
    month: Annotated[int, typer.Option(help="By which month.")],
    probability: Annotated[float, typer.Option(help="With which probability.")],
    start: Annotated[str | None, typer.Option("--from", metavar="PLAN", help="Look for the fewest and smallest changes of this plan; without, for the cheapest.")] = None,
    lever: Annotated[list[str] | None, typer.Option("--lever", metavar="NAME=LOW..HIGH", help=LEVER)] = None,
    periods: Annotated[str, typer.Option(metavar="1,25", help="First months of the periods in which levels may differ.")] = "1",
    candidates: Annotated[int, typer.Option(help="Plans tried in the search.")] = 240,
    worlds: Annotated[int, typer.Option(help="Fresh worlds in which the answer is tried.")] = 800,
    seed: Seed = 0, uncertain: Uncertainty = "nothing", prices: PricesFile = None, threads: Threads = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write plan.toml and tables here; what was run stays here.")] = None,
    as_json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """Say what it would take to bring severity down to a level by a month, or that nothing in the ranges does.

    Example: cisim reach collective-impact --severity 0.9 --month 60 --probability 0.5
    """
    from cisim.decision.reach import EFFORT, Wanted, planned_reach_runs
    from cisim.decision.reach import reach as smallest
    from cisim.decision.reach_words import answer_of

    by: Literal["cost", "changes"] = "cost" if start is None else "changes"
    wanted = Wanted(severity, month, probability)
    effort = type(EFFORT)(**{**EFFORT.model_dump(), "candidates": candidates, "fresh": worlds})
    problem = _asked(world, wanted, start, lever or [], periods, prices, uncertain, seed, effort)
    checked_out(out)
    compiled(problem.world, quiet or as_json)
    began = time.monotonic()
    with running(planned_reach_runs(problem, by), quiet or as_json) as advance:
        told = smallest(
            problem, wanted, by=by, threads=threads, folder=out, progress=lambda more: advance("reach", more)
        )
    note(f"{told.runs:,} runs in {span(time.monotonic() - began)}", quiet)
    if out is not None and told.changes:
        told.plan.write(out / "plan.toml")
        note(f"The plan: {out / 'plan.toml'}.", quiet)
    kept_answer(
        answer_of(told), out, as_json, quiet, world=world, severity=severity, month=month, probability=probability,
        start=start, levers=lever, periods=periods, candidates=candidates, worlds=worlds, seed=seed, uncertain=uncertain,
    )  # fmt: skip


def _asked(
    world: str, wanted: Wanted, start: str | None, lever: list[str], periods: str, prices: Path | None, uncertain: str,
    seed: int, effort: Effort,
) -> Problem:  # fmt: skip
    """The question; what is wrong with any part of it is told at once."""
    from cisim import verbs
    from cisim.decision.plan import plans_in
    from cisim.decision.reach import ask

    faults = Faults()
    scenario = faults.read(lambda: verbs.load(world))
    begun = None if start is None else faults.read(lambda: plans_in([start]))
    levers = faults.read(lambda: _ranges(lever))
    months = faults.read(lambda: _months(periods)) or (1,)
    priced = faults.read(lambda: prices_from(prices))
    stand_in = scenario or verbs.preset("isolated-impact")  # so that the rest is judged all the same
    problem = faults.read(
        lambda: ask(
            stand_in, wanted, start=begun[0] if begun else None, levers=levers, periods=months, prices=priced,
            uncertain=uncertain, seed=seed, effort=effort,
        )
    )  # fmt: skip
    faults.check()
    if problem is None:
        raise faults.error()
    if begun:
        begun[0].on(problem.world)
    return problem


def _ranges(given: list[str]) -> dict[str, tuple[float, float]] | None:
    found, faults = {}, []
    for entry in given:
        match = re.fullmatch(r"\s*(\w+)\s*=\s*([\d.eE+-]+?)\s*\.\.\s*([\d.eE+-]+)\s*", entry)
        try:
            name, low, high = match.groups() if match else ("", "", "")
            found[name] = (float(low), float(high))
        except ValueError:
            faults.append(f"{entry!r} is not NAME=LOW..HIGH, such as backbone_staff=0..4.")
    if faults:
        raise SpecError(faults, source="--lever")
    return found or None


def _months(told: str) -> tuple[int, ...]:
    try:
        return tuple(int(month) for month in told.split(","))
    except ValueError:
        raise SpecError(f"must be months such as 1,25; given {told!r}.", source="--periods") from None

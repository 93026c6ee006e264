"""`cisim optimize`: lays out a budget over levers and periods."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cisim.cli.plans import Threads, checked_out, compiled, kept_answer
from cisim.cli.results import Json, Quiet
from cisim.cli.screen import note, running
from cisim.cli.tables import span

if TYPE_CHECKING:
    from cisim.decision.optimize import Frontier, Optimum, Problem

__all__ = ["optimize"]

PROBLEM = "A TOML file of a problem (docs/what-if.md), or one that comes along: twenty-five-partners, small-town, statewide-sparse."  # fmt: skip


def optimize(
    problem: Annotated[str, typer.Argument(metavar="PROBLEM", help=PROBLEM)],
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write plan.toml, tables and pictures here; a search that ended early goes on from what is here.")] = None,
    budget: Annotated[float | None, typer.Option(help="Another budget than the problem's.")] = None,
    candidates: Annotated[int | None, typer.Option(help="Plans tried in the search; default: the problem's effort.")] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed than the problem's.")] = None,
    frontier: Annotated[bool, typer.Option("--frontier/--no-frontier", help="Find what other budgets would give.")] = True,
    threads: Threads = None, as_json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """Search for the plan that does most with a budget, and say honestly what it does in fresh worlds.

    plan.toml and world.toml in the folder can be given to cisim compare, the folder to cisim report --search. Interrupted,
    what was run stays in the folder.

    Example: cisim optimize small-town --out small-town
    """
    from cisim.decision.optimize import Problem
    from cisim.decision.optimize.answer import answer_of

    told = Problem.read(problem)
    changes = {"budget": budget, "seed": seed} | (
        {} if candidates is None else {"effort": {**told.effort.model_dump(), "candidates": candidates}}
    )
    told = told.with_(**{name: value for name, value in changes.items() if value is not None})
    checked_out(out)
    optimum, money = _sought(told, out, frontier, threads, quiet or as_json)
    if out is not None:
        from cisim.decision.optimize.searched import FILE, search_of
        from cisim.world.disk import write_whole

        write_whole(out / "problem.toml", told.to_toml().encode())
        write_whole(out / FILE, search_of(told, optimum.winner, optimum.near, money).to_toml().encode())
        told.world.write(out / "world.toml")
        optimum.plan.write(out / "plan.toml")
        note(f"The plan: {out / 'plan.toml'}.", quiet)
    kept_answer(answer_of(optimum, money), out, as_json, quiet, problem=told.to_toml())


def _sought(
    problem: Problem, out: Path | None, frontier: bool, threads: int | None, quiet: bool
) -> tuple[Optimum, Frontier | None]:
    from cisim.decision.optimize import frontier as along_budgets
    from cisim.decision.optimize.frontier import planned_frontier_runs
    from cisim.decision.optimize.optimum import found_by, planned_runs, trials_of

    started = time.monotonic()
    trials = trials_of(problem, threads=threads, folder=out)
    compiled(problem.world, quiet)
    planned = planned_runs(problem) + (planned_frontier_runs(problem) if frontier else 0)
    with running(planned, quiet) as advance:
        trials.progress = lambda more: advance(problem.name, more)
        try:
            optimum = found_by(trials)
            money = along_budgets(trials, optimum) if frontier else None
        finally:
            trials.save()
    note(f"{trials.ran:,} runs in {span(time.monotonic() - started)}", quiet)
    return optimum, money

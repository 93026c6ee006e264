"""`cisim report`: plans tried in the same worlds, told so that a board can read it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cisim.cli.plans import PricesFile, Threads, World, compiled
from cisim.cli.report_asked import Told
from cisim.cli.results import Json, Quiet
from cisim.cli.screen import note, print_json, running
from cisim.cli.tables import span
from cisim.errors import SpecError, StoreError

if TYPE_CHECKING:
    from cisim.decision.report.findings import Findings
    from cisim.decision.report.question import Question

__all__ = ["found_with_progress", "report"]

PLANS = "Plans, presets, or scenario files of which the plan is taken."
OUT = "A .html or .md file; can be repeated, for both from one set of runs."
SEARCH = (
    "What cisim optimize --out wrote: its plan is told with what other budgets buy and how firm it is. World, month and prices "
    "are those of the search; other plans can be given beside it."
)
KINDS = {".html": "html", ".htm": "html", ".md": "md"}


def report(
    plans: Annotated[list[str] | None, typer.Argument(metavar="[PLAN...]", help=PLANS)] = None,
    world: World = None,
    search: Annotated[Path | None, typer.Option(metavar="DIR", help=SEARCH)] = None,
    month: Annotated[int | None, typer.Option(help="The month by which plans are judged.")] = None,
    out: Annotated[list[Path] | None, typer.Option(metavar="FILE", help=OUT)] = None,
    uncertain: Annotated[str | None, typer.Option(metavar="WHAT", help="nothing, posterior (default), or ranges.")] = None,
    unknown: Annotated[
        list[str] | None,
        typer.Option("--unknown", metavar="NAME", help="With ranges: only this parameter; can be repeated."),
    ] = None,
    replicates: Annotated[int, typer.Option(help="Worlds in which every plan is tried.")] = 1_000,
    seed: Annotated[int | None, typer.Option(help="Of the worlds; default 1, with --search one that it did not use.")] = None,
    prices: PricesFile = None,
    least: Annotated[
        float, typer.Option(help="The smallest difference that matters, as a share of today's problem.")
    ] = 0.01,
    baseline: Annotated[
        bool, typer.Option(help="The world as it is goes first, as a plan that changes nothing.")
    ] = True,
    threads: Threads = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """Tell a board what to do, how sure that is, and what it rests on; every number can be verified.

    Example: cisim report collective-impact backbone-alone --world our-coalition.toml --month 60 --out report.html
    """
    from cisim.decision.report.answer import lead, title_of
    from cisim.decision.report.document import flat
    from cisim.decision.report.keys import run_key
    from cisim.decision.report.making import text_of_findings
    from cisim.world.disk import write_whole

    started = time.monotonic()
    files = out or []
    told = Told(
        plans or [], world, search, month, uncertain, unknown or [], replicates, seed, prices, least, baseline
    )
    asked = told.question(lambda: _check_files(files))
    found = found_with_progress(asked, threads, quiet or as_json)
    lines = [title_of(found), *(flat(block.text) for block in lead(found))]
    try:
        for path in files:
            text = text_of_findings(found, "html" if KINDS[path.suffix.lower()] == "html" else "md")
            write_whole(path, text.encode())
    finally:  # an answer that took time is shown even if it cannot be written
        if as_json:
            print_json({"answer": lines, "run_key": run_key(asked), "written": [str(path) for path in files]})
        else:
            typer.echo("\n".join(lines))
    note(
        f"Written to {', '.join(map(str, files))} in {span(time.monotonic() - started)}. Check it: cisim verify {files[0]}",
        quiet,
    )


def found_with_progress(asked: Question, threads: int | None, quiet: bool) -> Findings:
    """Run what a question asks, with progress on the screen."""
    from cisim.decision.report.findings import find

    compiled(asked.world, quiet)
    done: dict[str, int] = {}
    searched = 0 if asked.search is None else asked.search.planned
    with running(asked.replicates * len(asked.plans) + searched, quiet) as advance:

        def progress(name: str, now: int, whole: int) -> None:
            advance(name, now - done.get(name, 0))
            done[name] = now

        return find(asked, threads=threads, progress=progress)


def _check_files(out: list[Path]) -> None:
    """Refuse files of other kinds and folders that are not there, before anything runs."""
    if not out:
        raise SpecError("name a file for the report, such as --out report.html.", source="--out")
    faults = [
        f"{path}: the name must end in .html or .md." for path in out if path.suffix.lower() not in KINDS
    ]
    if faults:
        raise SpecError(faults, source="--out")
    for path in out:
        if not path.parent.is_dir():
            raise StoreError(f"{path}: its folder is not there; make it first.")

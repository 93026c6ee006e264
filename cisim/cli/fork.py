"""`cisim fork`: a run stopped in a month, one thing changed, every other draw kept; and what comes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from cisim.cli.faults import Faults
from cisim.cli.plans import checked_out
from cisim.cli.run import COMPILING
from cisim.cli.screen import note, print_json, running, spinning
from cisim.cli.tables import print_frame
from cisim.errors import SpecError

if TYPE_CHECKING:
    from cisim.decision.fork import Fork
    from cisim.world.scenario import Scenario

__all__ = ["fork"]

RUN = (
    "A preset, the TOML file of a scenario (or of a plan, with --world), or with --from a run KEY-REPLICATE."
)
CHANGE = (
    'lever=value, a kind of event with its values ("partner-leaves partner=partner-3"), or "without KIND" for one that '
    "was planned; can be repeated."
)
MOST_SHOWN = 12
"""Rows of a table on the screen."""


class _Of(NamedTuple):
    scenario: Scenario
    seed: int
    replicate: int


def fork(
    run: Annotated[str, typer.Argument(metavar="RUN", help=RUN)],
    month: Annotated[int, typer.Option(help="From this month on.")],
    change: Annotated[list[str], typer.Option(metavar="WHAT", help=CHANGE)],
    seed: Annotated[int | None, typer.Option(help="Of the run; default 0, or that of the study.")] = None,
    replicate: Annotated[int | None, typer.Option(help="Of the run; default 0, or that of the key.")] = None,
    world: Annotated[
        str | None, typer.Option(metavar="NAME_OR_FILE", help="The world in which RUN, a plan, is tried.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--from", metavar="DIR", help="The folder of runs that has RUN.")
    ] = None,
    study: Annotated[
        str | None, typer.Option("--study", help="Which study, where several share the run.")
    ] = None,
    worlds: Annotated[
        int | None, typer.Option(min=2, help="The same fork in so many replicates: how often, and how much.")
    ] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Default: one for each core.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Write story, tables, picture and the scenario with the change here."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no notes.")] = False,
) -> None:
    """Change one thing in a run from a month on, and tell who takes another course, through whom, and what comes of it.

    Example: cisim fork collective-impact --month 30 --change backbone-closes --worlds 50 --out forked
    """
    from cisim import verbs
    from cisim.decision.fork import fork as forked
    from cisim.decision.fork.change import read_changes
    from cisim.decision.fork.folder import write

    of = (
        _of_study(run, folder, study, seed, replicate, world)
        if folder
        else _of_file(run, seed, replicate, world)
    )
    if study is not None and folder is None:
        raise SpecError("--study needs --from, the folder of runs.", source="--study")
    read_changes(change, of.scenario, month)  # before anything is compiled or made
    if out is not None:
        checked_out(out)
    if not verbs.is_compiled(of.scenario):
        with spinning(COMPILING, quiet):
            verbs.compile_rules(of.scenario)
    told = forked(of.scenario, of.seed, of.replicate, month=month, change=change)
    if worlds is not None:
        told = _in_worlds(told, worlds, threads, quiet or as_json)
    notes: list[str] = []
    try:
        if out is not None:
            with spinning(f"Writing {out} …", quiet):
                notes = [*write(told, out), f"Written to {out}."]
    finally:  # an answer that took time is shown even if it cannot be written
        print_json(_plain(told)) if as_json else _show(told)
    for line in notes:
        note(line, quiet)


def _of_file(run: str, seed: int | None, replicate: int | None, world: str | None) -> _Of:
    from cisim import verbs
    from cisim.decision.plan import plans_in

    if world is None:
        return _Of(verbs.load(run), seed or 0, replicate or 0)
    faults = Faults()
    scenario = faults.read(lambda: verbs.load(world))
    plans = faults.read(lambda: plans_in([run]))
    faults.check()
    if scenario is None or plans is None:
        raise faults.error()
    return _Of(plans[0].on(scenario), seed or 0, replicate or 0)


def _of_study(
    run: str, folder: Path, study: str | None, seed: int | None, replicate: int | None, world: str | None
) -> _Of:
    from cisim.study.kept.replay import find

    given = {"--seed": seed, "--replicate": replicate, "--world": world}
    faults = [
        f"leave out {flag}: the key of the run tells it."
        for flag, value in given.items()
        if value is not None
    ]
    if faults:
        raise SpecError(faults, source="--from")
    found = find(run, folder, study)
    told = found.results.study
    if told.model is not None or told.rules:
        raise SpecError(
            f"study {told.name!r} has a model or rules of its own; only runs of the model's own rules can be forked.",
            source="Run",
        )
    return _Of(found.scenario, told.seed, found.replicate)


def _in_worlds(told: Fork, worlds: int, threads: int | None, quiet: bool) -> Fork:
    from cisim.decision.fork.worlds import in_worlds

    done = 0
    with running(worlds, quiet) as advance:

        def progress(now: int, _: int) -> None:
            nonlocal done
            advance("fork", now - done)
            done = now

        return in_worlds(told, worlds, threads=threads, progress=progress)


def _show(told: Fork) -> None:
    from cisim.decision.fork.tables import cascade_table, kinds_table

    typer.echo(told.story())
    shown = {
        "Who takes another course, from when on, by which way": cascade_table(told),
        f"How often, from month {told.month} on in this one world": kinds_table(told),
    }
    for title, frame in shown.items():
        typer.echo(title)
        print_frame(frame.drop("id", "differs", strict=False).head(MOST_SHOWN))
        if len(frame) > MOST_SHOWN:
            typer.echo(f"and {len(frame) - MOST_SHOWN} more; --out writes them all.\n")


def _plain(told: Fork) -> dict[str, Any]:
    from cisim.decision.fork.explaining import explain, sections

    answer = explain(told)
    return {
        "scenario": told.without.scenario.name, "seed": told.without.seed, "replicate": told.without.replicate,
        "month": told.month, "change": told.change, "story": sections(told),
        "worlds": None if told.worlds is None else told.worlds.worlds,
        "tables": {
            name: table.to_dicts() if name != "events" else table.filter(table["differs"] != "both").to_dicts()
            for name, table in answer.tables.items()
        },
    }  # fmt: skip

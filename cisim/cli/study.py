"""`cisim study ...`: many runs from one file: write it, check it, run it, look at what came out."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cisim.cli.results import Json, Quiet
from cisim.cli.screen import INTERRUPTED, note, print_json, spinning
from cisim.cli.tables import cell, print_frame, print_rows, size_of, span
from cisim.cli.watch import watching
from cisim.errors import SpecError, StoreError

if TYPE_CHECKING:
    import polars as pl

    from cisim.study.running.session import Report
    from cisim.study.study import Study

__all__ = ["check", "names", "new", "run"]

File = Annotated[Path, typer.Argument(metavar="FILE", help="A study file (cisim study new).")]
COMPILING = "Compiling the model for a rule set (once, about half a minute) …"
FAILED_RUNS = 1
MOST_SHOWN = 8
"""Factors of which values are shown."""
_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")] = Path("study.toml"),
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a study file to start from, with a comment on every key.

    Example: cisim study new sweep.toml
    """
    from cisim.study.template import TEMPLATE
    from cisim.world.disk import write_whole

    if file.exists() and not force:
        raise StoreError(f"{file}: is there already; name another file, or add --force.")
    write_whole(
        file,
        TEMPLATE.replace(
            "NAME", re.sub(r"[^a-z0-9-]+", "-", file.stem.lower()).strip("-") or "study"
        ).encode(),
    )
    note(f"Written to {file}. Next: cisim study check {file}")


def names(
    scenario: Annotated[
        str, typer.Argument(metavar="NAME_OR_FILE", help="A preset, or a scenario's TOML file.")
    ] = "collective-impact",
    as_json: Json = False,
) -> None:
    """List every name that a factor can have on a scenario, with its range.

    Example: cisim study names funder-leaves
    """
    from cisim import verbs
    from cisim.study.describe import declared_range, meaning_of
    from cisim.study.spec import targets

    base = verbs.load(scenario)
    found = [
        (name, targets.read(base, name), declared_range(name), meaning_of(name))
        for name in targets.options(base)
    ]
    if as_json:
        print_json([{"name": n, "value": v, "range": r, "meaning": m} for n, v, r, m in found])
        return
    print_rows(["factor", "here", "range", "meaning"], [(n, cell(v), r, m) for n, v, r, m in found])


def check(
    file: File,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Say what this folder already holds of it.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Estimate for so many. Default: one a core.")
    ] = None,
    probe: Annotated[bool, typer.Option(help="Try some runs to estimate time and disk.")] = True,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say what a study would do: factors, design, runs, time and disk, the first points. Keeps nothing.

    Example: cisim study check sweep.toml
    """
    from cisim.study.running.runners import cores

    study = _read(file)
    points = study.points()
    left = _left(study, points, out)
    hands = workers or cores()
    cost = None
    if probe:
        _warm(study, points, quiet)
        from cisim.study.cost import estimate

        with spinning("Trying some runs …", quiet):
            cost = estimate(study, points)
    if as_json:
        print_json(_plan(study, points, left, cost, hands))
        return
    typer.echo(study.describe())
    _tell_plans(study)
    if out is not None:
        typer.echo(f"{out} holds {len(points) * study.replicates - left:,} of these runs; {left:,} are left.")
    if cost is not None:
        hours = span(left * cost.seconds / hands)
        typer.echo(
            f"Estimate  about {hours} with {hands} worker{'' if hands == 1 else 's'}, "
            f"{size_of(cost.disk(left, hands))} on disk (from {cost.runs} run{'' if cost.runs == 1 else 's'} tried: "
            f"{1e3 * cost.seconds:.3g} ms and {cost.bytes:.0f} bytes a run; {size_of(cost.files)} for the study itself)"
        )
        if cost.failures:
            told = "\n  ".join(dict.fromkeys(cost.failures[:5]))
            typer.echo(f"{len(cost.failures)} of the {cost.runs} runs tried failed:\n  {told}")
    few = points.columns[:MOST_SHOWN]
    more = f", {len(few)} of {points.width} factors" if points.width > len(few) else ""
    typer.echo(f"\nThe first points{more}")
    print_frame(points.select(few).head(5))


def run(
    file: File,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where runs are kept; studies can share it.")],
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes. Default: one a core, where that pays.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler's address or file, or 'local'.")
    ] = None,
    budget: Annotated[
        str | None, typer.Option(metavar="TIME", help="Stop after this long: 90s, 10m, 2h.")
    ] = None,
    shard: Annotated[
        str | None, typer.Option(metavar="I/N", help="Only part I of N, to be merged later.")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="The same study at fresh points and with fresh seeds.")
    ] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Run again what failed before.")] = False,
    progress: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write progress as lines of JSON; - is stdout.")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run what is missing of a study, and keep every run. The same command goes on where it stopped.

    Exit code 1: some runs failed, all others are kept; 130: interrupted (143: by SIGTERM), what was done is kept.

    Example: cisim study run sweep.toml --out sweep --budget 10m
    """
    from cisim.study.running.ending import TERMINATED, Terminated, sigterm_heard
    from cisim.study.running.session import run_study

    seconds, part = _budget(budget), _shard(shard)
    try:
        with sigterm_heard():
            study = _read(file)
            if fresh:
                study = study.fresh()
            with watching(progress, quiet or as_json) as watch:
                report = run_study(
                    study, out, workers=workers, cluster=cluster, budget=seconds, shard=part, retry=retry, watch=watch,
                    compiling=lambda: note(COMPILING, quiet),
                    command=["cisim", *sys.argv[1:]],
                )  # fmt: skip
    except Terminated:  # before the first run
        note(f"Stopped. Go on with: {_again()}")
        raise typer.Exit(TERMINATED) from None
    if as_json:
        print_json(vars(report) | {"left": report.left, "out": str(out)})
    _tell(report, out, quiet)
    if report.stopped == "interrupted":
        raise typer.Exit(INTERRUPTED)
    if report.stopped == "terminated":
        raise typer.Exit(TERMINATED)
    if report.failed or report.failed_before:
        raise typer.Exit(FAILED_RUNS)


def _read(file: Path) -> Study:
    from cisim.study.study import Study

    return Study.read(file)


def _warm(study: Study, points: pl.DataFrame, quiet: bool) -> None:
    from cisim.study.running.engines import engine_for, warm_up

    warm_up(engine_for(study), points, before=lambda: note(COMPILING, quiet))


def _left(study: Study, points: pl.DataFrame, out: Path | None) -> int:
    from cisim.study.kept.store import Store
    from cisim.study.running.engines import engine_for
    from cisim.study.running.plan import Shard, keyed_points, left_to_do

    if out is None or not out.exists():
        return len(points) * study.replicates
    return len(left_to_do(study, keyed_points(study, engine_for(study).worlds), Store.open(out), Shard()))


def _plan(study: Study, points: pl.DataFrame, left: int, cost: Any, workers: int) -> dict[str, Any]:
    return {
        "study": study.name, "points": len(points), "replicates": study.replicates,
        "runs": len(points) * study.replicates, "left": left, "months": study.months,
        "factors": study.factor_names, "columns": list(study.columns.names),
        "plans": _plans(study),
        "seconds": None if cost is None else left * cost.seconds / workers,
        "bytes": None if cost is None else cost.disk(left, workers),
        "first_points": points.head(5).to_dicts(),
    }  # fmt: skip


def _plans(study: Study) -> list[dict[str, Any]]:
    """What each plan commits."""
    if not study.plans:
        return []
    from dataclasses import asdict

    from cisim.decision.plan_costs import committed_in

    return [asdict(plan) for plan in committed_in(study)]


def _tell_plans(study: Study) -> None:
    if study.plans:
        from cisim.decision.plan_costs import committed_said

        typer.echo("Plans")
        for line in committed_said(study):
            typer.echo(f"  {line}")
        typer.echo()


def _budget(text: str | None) -> float | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd]?)", text.strip())
    if found is None or float(found[1]) <= 0:
        raise SpecError(f"must be a time such as 90s, 10m or 2h, given {text!r}.", source="--budget")
    return float(found[1]) * _UNITS[found[2]]


def _shard(text: str | None) -> Any:
    from cisim.study.running.plan import Shard

    if text is None:
        return None
    found = re.fullmatch(r"(\d+)/(\d+)", text.strip())
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise SpecError(f"must be I/N such as 3/8, with I from 1 to N, given {text!r}.", source="--shard")
    return Shard(int(found[1]), int(found[2]))


def _tell(report: Report, out: Path, quiet: bool) -> None:
    rate = f", {report.done / report.seconds:,.0f} a second" if report.done and report.seconds else ""
    had = f", {report.already:,} were there already" if report.already else ""
    note(
        f"{report.done:,} runs made in {span(report.seconds)}{rate}{had}; {size_of(report.written)} written to {out}.",
        quiet,
    )
    if failed := report.failed + report.failed_before:
        before = (
            f" ({report.failed_before:,} of them before; --retry runs them again)"
            if report.failed_before
            else ""
        )
        show = shlex.join(["cisim", "study", "show", str(out), "--study", report.study, "--failures"])
        note(f"{failed:,} runs failed{before}; list them with: {show}")
    if report.stopped:
        why = "The time is up" if report.stopped == "budget" else "Stopped"
        kept = report.already + report.done
        note(f"{why}: {kept:,} of {report.whole:,} runs are kept. Go on with: {_again()}")
    elif not failed:
        note(
            f"Look at it with: cisim study show {out}{'' if _single(out) else f' --study {report.study}'}",
            quiet,
        )


def _again() -> str:
    """The command that was given, as it can be given again."""
    return shlex.join(["cisim", *sys.argv[1:]])


def _single(out: Path) -> bool:
    from cisim.study.kept.store import Store

    return len(Store.open(out).studies()) == 1

"""`cisim forecast`: wave 1 of a partnership in, wave 2 out; or how good that is where wave 2 is known."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cisim.cli.run import COMPILING
from cisim.cli.screen import note, print_json, running, spinning
from cisim.errors import SpecError

if TYPE_CHECKING:
    from cisim.evidence.forecast import Answer, Months, Partnership

__all__ = ["forecast"]


def forecast(
    wave1: Annotated[
        Path, typer.Option(metavar="FOLDER_OR_DYADS", help="Who named whom: dyads.csv, or a folder with it.")
    ],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the forecast goes.")],
    organizations: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Sectors and trust; default: organizations.csv of the folder."),
    ] = None,
    months: Annotated[int, typer.Option(help="Months between the waves.")] = 24,
    train: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER_OR_DYADS", help="Partnerships with both waves to fit naming to; default: shipped."
        ),
    ] = None,
    evaluate: Annotated[
        bool, typer.Option("--evaluate", help="Compare with wave 2, leave-one-partnership-out (or --train).")
    ] = False,
    replicates: Annotated[int, typer.Option(help="Runs of each partnership.")] = 400,
    seed: Annotated[int, typer.Option(help="The same seed gives the same forecast.")] = 0,
    posterior: Annotated[
        str | None, typer.Option(metavar="FILE_OR_NAME", help="Draws of parameters; replicate r has draw r.")
    ] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Default: one for each core.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no notes.")] = False,
) -> None:
    """Forecast who will name whom, and trust, from one wave of a survey; with --evaluate, say how good that is.

    Example: cisim forecast --wave1 our-partnership --months 24 --out forecast
    """
    from cisim.evidence.forecast import read_partnerships
    from cisim.evidence.forecast.folder import check_folder, manifest, write

    started = time.monotonic()
    check_folder(out)
    how = _how(months, replicates, seed, posterior, threads)
    told = read_partnerships(wave1, organizations)
    training = () if train is None else read_partnerships(train)
    if train is not None and train.resolve() == wave1.resolve() and evaluate:
        raise SpecError("is the data to be tested; leave it out for leave-one-out.", source="--train")
    _compile(told[0], quiet)
    found = _answered(told, training, how, evaluate, quiet)
    inputs = _inputs(wave1, organizations, train)
    seconds = time.monotonic() - started
    record = manifest(how, found.naming, inputs, ["cisim", *sys.argv[1:]], seconds)
    write(out, {**found.files, "manifest.json": record})
    if as_json:
        print_json(_as_json(found, out))
    else:
        typer.echo(found.text)
    note(f"Written to {out} in {time.monotonic() - started:.1f} s.", quiet)


def _how(months: int, replicates: int, seed: int, posterior: str | None, threads: int | None) -> Months:
    from cisim.engine.streams import check_address
    from cisim.evidence.forecast import Months
    from cisim.world.posterior import Posterior

    check_address(seed, replicates)
    if not 1 <= months <= 1_200:
        raise SpecError(f"must be 1 to 1200 months, given {months}.", source="--months")
    return Months(months, replicates, seed, None if posterior is None else Posterior.read(posterior), threads)


def _compile(told: Partnership, quiet: bool) -> None:
    from cisim import verbs
    from cisim.evidence.forecast.simulation import scenario_of

    scenario = scenario_of(told, 1)
    if not verbs.is_compiled(scenario):
        with spinning(COMPILING, quiet):
            verbs.compile_rules(scenario)


def _answered(
    told: tuple[Partnership, ...], training: tuple[Partnership, ...], how: Months, evaluate: bool, quiet: bool
) -> Answer:
    from cisim.evidence.forecast import answer, answer_evaluation

    asked = answer_evaluation if evaluate else answer
    with running(how.replicates * (len(told) + len(training)), quiet) as advance:
        return asked(told, how, training, advance)


def _inputs(wave1: Path, organizations: Path | None, train: Path | None) -> list[Path]:
    """Every file that was read."""
    files = [] if organizations is None else [organizations]
    for place in (wave1, train):
        if place is not None:
            files += [place] if place.is_file() else [place / "dyads.csv", place / "organizations.csv"]
    return [file for file in files if file.is_file()]


def _as_json(found: Answer, out: Path) -> dict[str, object]:
    from cisim.evidence.forecast import tables

    if found.evaluation is not None:
        return {"out": str(out), "scores": tables.scores_table(found.evaluation).to_dicts(),
                "trust": tables.trust_table(found.evaluation).to_dicts()}  # fmt: skip
    return {"out": str(out), "ties": tables.ties_table(found.predictions).to_dicts(),
            "organizations": tables.organizations_table(found.predictions).to_dicts()}  # fmt: skip

"""`cisim challenge`: searches for settings in which a claim about a coalition is false."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cisim.cli.run import COMPILING
from cisim.cli.screen import INTERRUPTED, note, print_json, running, spinning
from cisim.cli.tables import cell, print_rows, span
from cisim.errors import SpecError, did_you_mean

if TYPE_CHECKING:
    from cisim.evidence.challenge import Challenge
    from cisim.evidence.claims import Claim
    from cisim.world.posterior import Posterior

__all__ = ["challenge"]

MOST_SHOWN = 20
"""Settings shown as a table."""
DRAWS = "Draws of parameters from which the search starts: a CSV file, or a shipped sample."


def challenge(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A TOML file of claims (docs/claims.md).")],
    claim: Annotated[
        list[str] | None, typer.Option("--claim", metavar="NAME", help="Only this claim; can be repeated.")
    ] = None,
    runs: Annotated[
        int, typer.Option(help="Most runs for each claim; each side of a replicate is one.")
    ] = 20_000,
    seed: Annotated[int, typer.Option(help="Of the points and of the worlds.")] = 0,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write every point and a report for each claim to this folder."),
    ] = None,
    posterior: Annotated[str | None, typer.Option(metavar="FILE_OR_NAME", help=DRAWS)] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Default: one for each core.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no notes.")] = False,
) -> None:
    """Search for settings in which a claim is false, and say how much of the space is.

    A claim is refuted only by a setting that is false in fresh worlds. Exit code 130: interrupted; what was found
    until then is told and written.

    Example: cisim challenge claims.toml --claim backbone-lifts-trust --out challenged
    """
    from cisim.evidence.challenge import as_plain, check_challenge, check_folder, write
    from cisim.evidence.claims import read_claims
    from cisim.world.posterior import Posterior

    chosen = _chosen(read_claims(file), claim)
    draws = None if posterior is None else Posterior.read(posterior)
    for one in chosen:
        check_challenge(one, runs=runs, seed=seed, posterior=draws, threads=threads)
    if out is not None:
        check_folder(out, [one.name for one in chosen])
    _compile(chosen, quiet)
    found: list[Challenge] = []
    for one in chosen:
        told = _challenged(one, runs, seed, draws, threads, out, quiet or as_json)
        found.append(told)
        try:
            if out is not None:
                write(told, out)
                note(f"Written to {out / one.name}.", quiet)
        finally:  # an answer that took time is shown even if it cannot be written
            if not as_json:
                _show(told)
        if told.interrupted:
            break
    if as_json:
        print_json([as_plain(told) for told in found])
    if found[-1].interrupted:
        note("Interrupted.")
        raise typer.Exit(INTERRUPTED)


def _chosen(claims: Sequence[Claim], names: Sequence[str] | None) -> list[Claim]:
    known = [claim.name for claim in claims]
    faults = [
        f"there is no claim {name!r} in the file.{did_you_mean(name, known)}"
        for name in names or ()
        if name not in known
    ]
    if faults:
        raise SpecError(faults, source="--claim")
    return [claim for claim in claims if not names or claim.name in names]


def _compile(claims: Sequence[Claim], quiet: bool) -> None:
    """Compile what is not compiled yet, and say so."""
    from cisim import verbs

    for scenario in (side.scenario for claim in claims for side in claim.sides):
        if not verbs.is_compiled(scenario):
            with spinning(COMPILING, quiet):
                verbs.compile_rules(scenario)


def _challenged(
    claim: Claim,
    runs: int,
    seed: int,
    draws: Posterior | None,
    threads: int | None,
    out: Path | None,
    quiet: bool,
) -> Challenge:
    from cisim.evidence.challenge import challenge as challenged
    from cisim.evidence.challenge import write_points

    started = time.monotonic()
    with running(runs, quiet) as advance:
        told = challenged(
            claim, runs=runs, seed=seed, posterior=draws, threads=threads,
            progress=lambda more: advance(claim.name, more),
            keep=None if out is None else lambda trail: write_points(trail, out),
        )  # fmt: skip
    note(f"{claim.name}: {told.spent:,} runs in {span(time.monotonic() - started)}", quiet)
    return told


def _show(told: Challenge) -> None:
    from cisim.evidence.challenge import repeated, sentences, setting_rows

    typer.echo(f"{told.claim.name}: {told.verdict.upper()}")
    typer.echo(f"  {told.claim.says}\n  Tested: {told.claim.in_words()}.")
    for sentence in sentences(told):
        typer.echo(f"\n{sentence}")
    rows = setting_rows(told)
    if len(rows) > MOST_SHOWN:
        typer.echo(f"\nIt has {len(rows)} settings of its own; --out writes them all.")
    elif rows:
        print_rows(
            ["setting", "value", "range"],
            [(name, cell(value), f"{low:g} to {high:g}") for name, value, low, high in rows],
        )
    if told.verdict == "refuted":
        typer.echo("Repeat it with:")
        for line in told.lines:
            typer.echo(f"  {line.command}")
        typer.echo(repeated(told))
    typer.echo("")

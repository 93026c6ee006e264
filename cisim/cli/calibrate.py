"""`cisim calibrate`: with which parameters does the model show what is known of real coalitions?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cisim.cli.screen import note
from cisim.cli.tables import print_frame
from cisim.errors import SpecError

if TYPE_CHECKING:
    import polars as pl

    from cisim.evidence.calibration import Calibration
    from cisim.evidence.pattern import Pattern

__all__ = ["calibrate"]


def calibrate(
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where draws are kept, and the posterior goes.")
    ],
    pattern: Annotated[
        list[int] | None,
        typer.Option("--pattern", metavar="NUMBER", help="Patterns to meet; can be repeated."),
    ] = None,
    claims: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Meet the claims of this file too (docs/claims.md).")
    ] = None,
    parameter: Annotated[
        list[str] | None, typer.Option("--parameter", metavar="NAME", help="What may vary; can be repeated.")
    ] = None,
    draws: Annotated[int, typer.Option(help="Parameter sets a round.")] = 500,
    rounds: Annotated[int, typer.Option(help="Most rounds.")] = 6,
    replicates: Annotated[int, typer.Option(help="Runs of each scenario for a parameter set.")] = 16,
    keep: Annotated[int, typer.Option(help="Effective size of what is accepted.")] = 120,
    size: Annotated[int, typer.Option(help="Draws of the posterior.")] = 200,
    seed: Annotated[int, typer.Option(help="The same seed gives the same posterior.")] = 0,
    minutes: Annotated[float | None, typer.Option(help="After these no batch is begun.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no notes.")] = False,
) -> None:
    """Find which parameters make coalitions behave as real ones do; the same command goes on where it stopped.

    Writes posterior.csv, which `cisim run --posterior` and studies carry, and tables of what was learnt.

    Example: cisim calibrate --out calibration --minutes 20
    """
    from cisim.evidence.calibration import Prior
    from cisim.evidence.calibration import calibrate as search
    from cisim.evidence.claims import claims_in
    from cisim.evidence.plausible import CALIBRATED, CALIBRATED_TO, simulator_of, targets_of
    from cisim.evidence.validation import chosen
    from cisim.study.running.code import code_of_cisim
    from cisim.world.disk import write_whole
    from cisim.world.posterior import Posterior

    patterns: list[Pattern] = [*chosen(pattern or CALIBRATED_TO), *(claims_in(claims) if claims else ())]
    names = parameter or list(CALIBRATED)
    prior = Prior.explored(names)
    if replicates < 4:
        raise SpecError(f"replicates must be at least 4, given {replicates}.", source="--replicates")
    found = search(
        simulator_of(patterns, names, replicates), prior, targets_of(patterns),
        draws=draws, rounds=rounds, keep=keep, seed=seed, adjust=False, batch=25, folder=out,
        about={"code": code_of_cisim(), "replicates": str(replicates)},
        budget_seconds=None if minutes is None else 60 * minutes,
        watch=lambda step: note(f"round {step.number}: {step.done} of {step.draws} parameter sets", quiet),
    )  # fmt: skip
    rows = found.sample(size, seed).tolist()
    Posterior.from_table(found.names, rows, provenance=found.provenance()).write(out / "posterior.csv")
    for name, table in _tables(found).items():
        write_whole(out / f"{name}.csv", table.write_csv().encode())
    print_frame(found.target_table())
    note(f"Carry it with: cisim run collective-impact --posterior {out / 'posterior.csv'}", quiet)


def _tables(found: Calibration) -> dict[str, pl.DataFrame]:
    """What was learnt, by the name of the file."""
    return {
        "parameters": found.parameter_table(),
        "targets": found.target_table(),
        "pairs": found.pair_table(),
        "rounds": found.round_table(),
    }

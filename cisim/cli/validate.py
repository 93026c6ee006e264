"""`cisim validate`: does the model show what is known of real coalitions? `cisim calibrate`: with which parameters?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cisim.cli.screen import note, print_json, spinning
from cisim.cli.tables import print_frame, print_rows
from cisim.errors import SpecError

if TYPE_CHECKING:
    from cisim.evidence.pattern import Pattern
    from cisim.evidence.validation import Verdict

__all__ = ["calibrate", "validate"]

FAILED = 1


def validate(
    pattern: Annotated[
        list[int] | None, typer.Option("--pattern", metavar="NUMBER", help="Only this one; can be repeated.")
    ] = None,
    claims: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Test the claims of this file too (docs/claims.md).")
    ] = None,
    replicates: Annotated[int, typer.Option(help="At first; doubled where a verdict is undecided.")] = 100,
    most: Annotated[int, typer.Option(help="Most replicates.")] = 800,
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = 0,
    posterior: Annotated[
        str | None, typer.Option(metavar="FILE_OR_NAME", help="Draws of parameters in place of the defaults.")
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write evidence.md, evidence.csv and pictures there."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no notes.")] = False,
) -> None:
    """Test every pattern that is known of real coalitions, and say which hold, with figures and intervals.

    Exit code 1: a pattern that has to hold fails.

    Example: cisim validate --page docs
    """
    from cisim.evidence.claims import claims_in
    from cisim.evidence.validation import as_rows, chosen
    from cisim.evidence.validation import validate as test
    from cisim.world.posterior import Posterior

    patterns = [*chosen(pattern), *(claims_in(claims) if claims else ())]
    draws = None if posterior is None else Posterior.read(posterior)
    with spinning("Running what the patterns compare …", quiet):
        verdicts = test(
            patterns, replicates=replicates, most=most, seed=seed, posterior=draws,
            watch=lambda verdict: note(_line(verdict), quiet),
        )  # fmt: skip
    if page is not None:
        try:
            from cisim.evidence.page import write_page
        except ImportError:
            raise SpecError(
                'pictures need matplotlib; install it with: pip install "cisim[figures]"', source="--page"
            ) from None
        write_page(verdicts, page, f"the draws of {posterior}" if posterior else "the shipped defaults")
        note(f"Written to {page / 'evidence.md'}.", quiet)
    if as_json:
        print_json(as_rows(verdicts))
    else:
        _show(verdicts)
    if any(verdict.status == "fails" and verdict.pattern.must for verdict in verdicts):
        raise typer.Exit(FAILED)


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
    replicates: Annotated[int, typer.Option(help="Runs of each scenario for a parameter set.")] = 8,
    keep: Annotated[int, typer.Option(help="Effective size of what is accepted.")] = 100,
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
    for name, table in (("parameters", found.parameter_table()), ("targets", found.target_table()),
                        ("pairs", found.pair_table()), ("rounds", found.round_table())):  # fmt: skip
        table.write_csv(out / f"{name}.csv")
    print_frame(found.target_table())
    note(f"Carry it with: cisim run collective-impact --posterior {out / 'posterior.csv'}", quiet)


def _line(verdict: Verdict) -> str:
    return f"{verdict.pattern.number:3d}  {verdict.status:9}  {verdict.pattern.says}"


def _show(verdicts: Sequence[Verdict]) -> None:
    header = ("#", "figure", "model", "95 % interval", "must be", "seen", "")
    rows = [
        (
            str(verdict.pattern.number), f"{verdict.pattern.name}: {found.figure.name}", f"{found.value:.3f}",
            f"{found.low:.3f} to {found.high:.3f}", str(found.figure.band),
            "" if found.figure.seen is None else f"{found.figure.seen:.2f}", found.status,
        )
        for verdict in verdicts
        for found in verdict.estimates
    ]  # fmt: skip
    print_rows(header, rows)

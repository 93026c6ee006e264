"""`cisim validate`: does the model show what is known of real coalitions?"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cisim.cli.screen import note, print_json, spinning
from cisim.cli.tables import print_rows
from cisim.errors import SpecError

if TYPE_CHECKING:
    from cisim.evidence.validation import Verdict

__all__ = ["validate"]

FAILED = 1
SHIPPED = "shipped"
"""The posterior whose draws are shown beside the defaults."""


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
    draws: Annotated[
        int, typer.Option(min=2, help="Plausible settings beside the defaults, in the pictures of --page.")
    ] = 50,
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

    if page is not None:
        _check_figures()
    patterns = [*chosen(pattern), *(claims_in(claims) if claims else ())]
    carried = None if posterior is None else Posterior.read(posterior)
    with spinning("Running what the patterns compare …", quiet):
        verdicts = test(
            patterns, replicates=replicates, most=most, seed=seed, posterior=carried,
            watch=lambda verdict: note(_line(verdict), quiet),
        )  # fmt: skip
    if page is not None:
        with spinning(f"Running {draws} other plausible settings …", quiet):
            _write_page(verdicts, page, posterior, draws, seed)
        note(f"Written to {page / 'evidence.md'}.", quiet)
    if as_json:
        print_json(as_rows(verdicts))
    else:
        _show(verdicts)
    if any(verdict.status == "fails" and verdict.pattern.must for verdict in verdicts):
        raise typer.Exit(FAILED)


def _check_figures() -> None:
    if find_spec("matplotlib") is None:
        raise SpecError(
            'pictures need matplotlib; install it with: pip install "cisim[figures]"', source="--page"
        )


def _write_page(
    verdicts: tuple[Verdict, ...], page: Path, posterior: str | None, draws: int, seed: int
) -> None:
    from cisim.evidence.page import write_page
    from cisim.evidence.predictive import predict
    from cisim.evidence.words import DEFAULTS, Evidence, carried
    from cisim.world.posterior import Posterior

    plausible = Posterior.read(posterior or SHIPPED)
    predicted = predict([verdict.pattern for verdict in verdicts], plausible, draws=draws, seed=seed)
    worlds = carried(posterior) if posterior else DEFAULTS
    write_page(Evidence(verdicts, predicted, plausible, worlds), page)


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

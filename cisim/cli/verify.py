"""`cisim verify`: whether every number of a report is what its keys give."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from cisim.cli.plans import Threads
from cisim.cli.report import found_with_progress
from cisim.cli.results import Json, Quiet
from cisim.cli.screen import print_json

__all__ = ["verify"]

CODES = {"unaltered": 0, "altered": 1, "other version": 1, "words changed": 4}


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A report that cisim report wrote.")],
    threads: Threads = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run again all that a report rests on, and compare every figure, every point of a picture and every word.

    Exit code 1: a number, a picture or a key was altered, or another version of the code made it. 4: only words differ.

    Example: cisim verify report.html
    """
    from cisim.decision.report.making import Form, text_of_findings
    from cisim.decision.report.question import Question
    from cisim.decision.report.verifying import verify as verified
    from cisim.world.toml import text_of

    def again(asked: Question, form: Form) -> str:
        return text_of_findings(found_with_progress(asked, threads, quiet or as_json), form)

    verdict = verified(text_of(file), remake=again)
    if as_json:
        print_json(asdict(verdict) | {"sentences": list(verdict.sentences)})
    else:
        for sentence in verdict.sentences:
            typer.echo(sentence)
    if CODES[verdict.status]:
        raise typer.Exit(CODES[verdict.status])

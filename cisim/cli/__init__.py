"""The command line: `cisim run`, `describe`, `presets`, `parameters`, `measures`, `cite`, `import`, `study`,
`replay`, `challenge`, `forecast`, `agreement`, `validate`, `calibrate`, `compare`, `prices`, `fork`, `optimize`, `reach`,
`robust`, `information`, `report`, `verify`, `app`.

Every command reads its input, calls a verb, and prints. Nothing heavy is imported before it is needed.
Exit codes: 0 done, 1 a run failed, 2 the input cannot be used, 3 cannot be written, 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from cisim.cli import (
    agreement,
    calibrate,
    catalogue,
    challenge,
    cite,
    compare,
    forecast,
    fork,
    information,
    insight,
    optimize,
    prices,
    reach,
    replay,
    report,
    results,
    robust,
    run,
    serve,
    study,
    study_slurm,
    survey,
    validate,
    verify,
)
from cisim.cli.screen import INTERRUPTED, answering

__all__ = ["app", "main"]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: cisim run collective-impact isolated-impact --out results",
)
studies = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Many runs from one file: write it, check it, run it, read what came out.",
    epilog="Example: cisim study new sweep.toml, then: cisim study check sweep.toml",
)
app.add_typer(studies, name="study")


def _add(to: typer.Typer, *commands: Callable[..., None]) -> None:
    """Make each function a command of its name; the last paragraph of its docstring is the example."""
    for command in commands:
        told, _, example = (command.__doc__ or "").rpartition("\n\n")
        command.__doc__ = told
        to.command(command.__name__.strip("_"), epilog=example.strip())(answering(command))


_add(
    app, run.run, catalogue.describe, catalogue.presets, catalogue.parameters, catalogue.measures, cite.cite,
    survey.import_, replay.replay, challenge.challenge, forecast.forecast, agreement.agreement,
    validate.validate, calibrate.calibrate, compare.compare, prices.prices, optimize.optimize, reach.reach, fork.fork, robust.robust, information.information,
    report.report, verify.verify, serve.app_,
)  # fmt: skip
_add(
    studies, study.new, study.names, study.check, study.run, results.show, results.merge, results.export,
    study_slurm.slurm, insight.compare, insight.sensitivity, insight.attribution, insight.discover,
)  # fmt: skip


def _version(wanted: bool) -> None:
    if wanted:
        import cisim

        typer.echo(f"cisim {cisim.__version__}")
        raise typer.Exit


@app.callback()
def _cisim(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Simulate collective impact: what partners, a backbone and shared measurement do over years."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app()
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        sys.exit(INTERRUPTED)

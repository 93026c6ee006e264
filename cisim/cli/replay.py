"""`cisim replay`: one run of a study again, exactly."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cisim.cli.screen import note, print_json
from cisim.cli.tables import cell

if TYPE_CHECKING:
    from cisim.study.kept.replay import Replay

__all__ = ["replay"]


def replay(
    run: Annotated[
        str, typer.Argument(metavar="KEY-REPLICATE", help="A run, as tables and failures name it.")
    ],
    folder: Annotated[Path, typer.Option("--from", metavar="DIR", help="The folder of runs.")],
    study: Annotated[
        str | None, typer.Option("--study", help="Which study, where several share the run.")
    ] = None,
    scenario: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write its complete scenario, for cisim run or describe."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No notes.")] = False,
) -> None:
    """Make one run of a study again, and say whether it came out as it is kept.

    Example: cisim replay 3f2a9c0d-17 --from sweep --scenario run.toml
    """
    from cisim.study.kept.replay import find
    from cisim.study.kept.replay import replay as again

    found = find(run, folder, study)
    told = found.results.study
    if scenario is not None:  # first, so that it can be had of a run that fails as well
        found.scenario.write(scenario)
        note(
            f"Its scenario is in {scenario}, its world is replicate {found.replicate} of seed {told.seed}.",
            quiet,
        )
    made = again(run, folder, study)
    if as_json:
        print_json(
            {"study": told.name, "run": found.run, "point": found.point["point"].item(),
             "replicate": found.replicate, "seed": told.seed, "settings": found.settings, "values": made.values,
             "same": made.same}
        )  # fmt: skip
        return
    typer.echo(f"Run {found.run} of study {told.name}: replicate {found.replicate}, seed {told.seed}")
    for name, value in found.settings.items():
        typer.echo(f"  {name:<28} {cell(value)}")
    typer.echo("\nWhat is kept of it")
    for name, number in made.values.items():
        typer.echo(f"  {name:<28} {number:.10g}")
    typer.echo(f"\n{_verdict(made)}")


def _verdict(made: Replay) -> str:
    if made.same is None:
        return "The folder holds no result of this run to compare with."
    return (
        "The same as is kept, to the last bit."
        if made.same
        else "NOT the same as is kept: the code has changed."
    )

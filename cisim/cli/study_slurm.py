"""`cisim study slurm`: a study for a machine room that Slurm looks after."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["slurm"]


def slurm(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A study file (cisim study new).")],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where all runs go in the end; shards go to DIR-shards.")
    ],
    shards: Annotated[int, typer.Option(help="Tasks, each with its part of the runs.")] = 8,
    minutes: Annotated[
        int, typer.Option(help="Time of a task; what is left is done when it is sent again.")
    ] = 60,
    memory: Annotated[str, typer.Option(metavar="SIZE", help="Memory of a task: 4G.")] = "4G",
    cores: Annotated[int, typer.Option(help="Cores of a task, each with a worker.")] = 4,
) -> None:
    """Print a script for sbatch that runs a study in shards, each a task of an array job.

    Example: cisim study slurm sweep.toml --out sweep --shards 8 > sweep.sh
    """
    from cisim.study.running.slurm import slurm_script

    typer.echo(slurm_script(file, out, shards, minutes=minutes, memory=memory, cores=cores), nl=False)

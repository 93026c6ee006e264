"""A study as an array job of Slurm: each task runs one shard, and needs nothing of the others."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from cisim.errors import SpecError
from cisim.study.study import Study

__all__ = ["MOST_SHARDS", "shards_of", "slurm_script"]

MOST_SHARDS = 1000
"""Slurm's own limit for an array, unless a site says otherwise, is 1001."""
SHORTEST, LONGEST = 5, 60 * 24 * 30
"""Minutes that a task may ask for."""

_SCRIPT = """\
#!/bin/bash
# Study {name}: {runs:,} runs in {shards} shards. Send it with: sbatch THIS_FILE
# A task that is sent again goes on where it stopped. When all have ended, bring the shards together with:
#   cisim study merge {folders}/* --out {out}
#SBATCH --job-name=cisim-{name}
#SBATCH --array=1-{shards}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task={cores}
#SBATCH --mem={memory}
#SBATCH --time={minutes}
set -euo pipefail

# Make `cisim` known here if it is not yet, for example: source .venv/bin/activate
# The budget ends the runs before Slurm would.
cisim study run {file} --out {folders}/"$SLURM_ARRAY_TASK_ID"-of-{shards} \\
    --shard "$SLURM_ARRAY_TASK_ID"/{shards} --workers {cores} --budget {budget}s
"""


def slurm_script(file: Path, out: Path, shards: int, *, minutes: int, memory: str, cores: int) -> str:
    """A script for `sbatch` that runs each shard of a study in a task of its own.

    Shards go to folders in `shards_of(out)`, to be merged to `out`. shards: 1 to 1000. minutes: time of a task, from
    5 minutes to 30 days; cisim stops itself some minutes before. memory: of a task, in Slurm's way, such as 4G.
    cores: of a task, each with a worker. Raises SpecError with every fault at once, those of the study first.
    """
    study = Study.read(file)
    if faults := _faults(out, shards, minutes, memory, cores):
        raise SpecError(faults, source="Slurm script")
    return _SCRIPT.format(
        name=study.name, runs=study.size() * study.replicates, shards=shards, cores=cores, memory=memory,
        minutes=minutes, budget=_budget(minutes), file=_quoted(file), out=_quoted(out),
        folders=_quoted(shards_of(out)),
    )  # fmt: skip


def shards_of(out: Path) -> Path:
    """The folder beside `out` that holds a folder for each shard."""
    return out.with_name(f"{out.name}-shards")


def _budget(minutes: int) -> int:
    """Seconds of runs in so many minutes: a tenth, from 2 to 10 minutes, is left for start and end."""
    return round(60 * minutes - min(max(120, 6 * minutes), 600))


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))


def _faults(out: Path, shards: int, minutes: int, memory: str, cores: int) -> list[str]:
    faults = []
    if out.name in ("", ".."):
        faults.append(f"out: must be a folder with a name of its own, given {str(out)!r}.")
    if not 1 <= shards <= MOST_SHARDS:
        faults.append(f"shards: must be 1 to {MOST_SHARDS}, given {shards}.")
    if not SHORTEST <= minutes <= LONGEST:
        faults.append(f"minutes: must be {SHORTEST} to {LONGEST} (30 days), given {minutes}.")
    if not re.fullmatch(r"[1-9]\d*[KMGT]?", memory):
        faults.append(f"memory: must be a whole number with K, M, G or T, such as 4G, given {memory!r}.")
    if cores < 1:
        faults.append(f"cores: must be 1 or more, given {cores}.")
    return faults

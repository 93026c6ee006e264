"""A fork as a folder: the story, the tables, the picture, and the scenario with the change."""

from __future__ import annotations

from pathlib import Path

from cisim.decision.fork.explaining import explain, story
from cisim.decision.fork.forking import Fork
from cisim.errors import StoreError
from cisim.insight.folder import NO_FIGURES
from cisim.world.disk import make_folder, write_whole

__all__ = ["SCENARIO", "STORY", "write"]

STORY, SCENARIO = "story.md", "fork.toml"
HOLDS = """
## In this folder

- `fork.toml`: the scenario with the change. Replicate {replicate} of seed {seed} of it is the run told here:
  `cisim run fork.toml --seed {seed} --replicates {count}`.
- `cascade.png`, `cascade.svg`: the picture; `cascade.csv`: who differs from when on, and by which way.
- `events.csv`: both logs, and what differs; `kinds.csv`: the same counted; `outcomes.csv`: measures at the end.
- `traces.csv`: the first number of the state that differs for each organization, in which phase of which month.
"""


def write(fork: Fork, folder: Path) -> list[str]:
    """Write all of it, each file whole or not at all; notes for the reader. Raises StoreError."""
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder}: is a file; name a folder.")
    make_folder(folder)
    answer = explain(fork)
    holds = HOLDS.format(replicate=fork.with_.replicate, seed=fork.with_.seed, count=fork.with_.replicate + 1)
    if fork.worlds is not None:
        holds += (
            "- `worlds.csv`: how often each kind of consequence occurs over worlds, and what it changes.\n"
        )
    write_whole(folder / STORY, (story(fork) + holds).encode())
    write_whole(folder / SCENARIO, fork.with_.scenario.to_toml().encode())
    for name, table in answer.tables.items():
        write_whole(folder / f"{name}.csv", table.write_csv().encode())
    try:
        from cisim.insight.figures import drawn

        drawings = answer.draw()
    except ImportError as missing:
        if not (missing.name or "").startswith("matplotlib"):
            raise
        return [NO_FIGURES]
    for name, figure in drawings.items():
        for ending in ("png", "svg"):
            write_whole(folder / f"{name}.{ending}", drawn(figure, ending))
    return []

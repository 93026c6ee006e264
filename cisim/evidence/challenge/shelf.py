"""A folder that keeps challenges, one folder a claim, each file there whole or not at all.

<folder>/<claim>/points.csv     every point that was looked at
<folder>/<claim>/report.md      what came of it, for a reader
<folder>/<claim>/report.json    the same, for a program
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cisim.errors import StoreError
from cisim.evidence.challenge.findings import Challenge
from cisim.evidence.challenge.trail import Trail
from cisim.evidence.challenge.words import as_markdown, as_plain
from cisim.world.disk import is_draft, json_text, make_folder, sweep, write_whole

__all__ = ["check_folder", "write", "write_points"]

FILES = POINTS, REPORT, PLAIN = "points.csv", "report.md", "report.json"


def check_folder(folder: Path, names: Iterable[str]) -> None:
    """Make the folder. Raises StoreError if challenges of claims of these names cannot go there."""
    make_folder(folder)
    for name in names:
        place = folder / name
        strange = [file for file in place.glob("*") if file.name not in FILES and not is_draft(file)]
        if strange or (place.exists() and not place.is_dir()):
            raise StoreError(f"{place}: holds something else than a challenge; name another folder.")
        sweep(make_folder(place))


def write(told: Challenge, folder: Path) -> None:
    """Write the three files of a challenge; an earlier one of the claim is replaced. Raises StoreError."""
    write_points(told.trail, folder)
    place = folder / told.claim.name
    write_whole(place / REPORT, as_markdown(told).encode())
    write_whole(place / PLAIN, f"{json_text(as_plain(told))}\n".encode())


def write_points(trail: Trail, folder: Path) -> None:
    """Write the table of points so far. Raises StoreError."""
    write_whole(make_folder(folder / trail.claim.name) / POINTS, trail.table().write_csv().encode())

"""A folder that keeps a calibration as it comes, so that the same command goes on where it was stopped.

    calibration.json            what was asked; another question needs another folder
    round-00/draws.npz          where the round draws from, its draws and their seeds
    round-00/part-0000.npz      statistics of the first batch of them

Each file is there whole or not at all.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from cisim.errors import SpecError, StoreError
from cisim.evidence.calibration.proposal import Proposal
from cisim.world.disk import is_draft, make_folder, sweep, write_whole

__all__ = ["Shelf"]

Array = np.ndarray[Any, Any]

MARK = "calibration.json"
FORMAT = 1


class Shelf:
    """One calibration's folder; None in place of a folder keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    @classmethod
    def open(cls, folder: str | os.PathLike[str] | None, question: Mapping[str, Any]) -> Shelf:
        """The folder for this question: new, empty, or of the same question.

        Raises SpecError for the folder of another question, saying what differs; StoreError for one that
        holds something else, or cannot be written.
        """
        if folder is None:
            return cls(None)
        place = Path(folder)
        if place.exists() and not place.is_dir():
            raise StoreError(f"{place}: is a file; name a folder that is new, empty, or of this calibration.")
        told = json.loads(json.dumps({"kind": "cisim calibration", "format": FORMAT, **question}))
        if (place / MARK).exists():
            _refuse_another(place, told)
        elif place.is_dir() and any(not is_draft(file) for file in place.iterdir()):
            raise StoreError(f"{place}: holds something else than a calibration; name a new or empty folder.")
        else:
            write_whole(make_folder(place) / MARK, (json.dumps(told, indent=2) + "\n").encode())
        sweep(place)
        return cls(place)

    def draws(self, number: int) -> tuple[Proposal, Array, Array] | None:
        """(proposal, scores (n, d), seeds (n,)) of a round; None if it has not begun."""
        told = self._read(number, "draws")
        if told is None:
            return None
        proposal = Proposal(told["moved"], told["shares"], told["centres"], told["covariances"])
        return proposal, told["scores"], told["seeds"]

    def keep_draws(self, number: int, proposal: Proposal, scores: Array, seeds: Array) -> None:
        """Write what a round draws, before any of it runs."""
        self._write(
            number, "draws", scores=scores, seeds=seeds,
            moved=proposal.moved, shares=proposal.shares, centres=proposal.centres, covariances=proposal.covariances,
        )  # fmt: skip

    def part(self, number: int, batch: int) -> Array | None:
        """The statistics of a batch of a round; None if it has not been run."""
        told = self._read(number, f"part-{batch:04d}")
        return None if told is None else told["statistics"]

    def keep_part(self, number: int, batch: int, statistics: Array) -> None:
        """Write the statistics of a batch of a round."""
        self._write(number, f"part-{batch:04d}", statistics=statistics)

    def _path(self, number: int, name: str) -> Path | None:
        return None if self.folder is None else self.folder / f"round-{number:02d}" / f"{name}.npz"

    def _write(self, number: int, name: str, **arrays: Array) -> None:
        path = self._path(number, name)
        if path is None:
            return
        content = io.BytesIO()
        np.savez(content, **arrays)  # type: ignore[arg-type]
        make_folder(path.parent)
        write_whole(path, content.getvalue())

    def _read(self, number: int, name: str) -> dict[str, Array] | None:
        path = self._path(number, name)
        if path is None or not path.exists():
            return None
        try:
            with open(path, "rb") as file, np.load(file, allow_pickle=False) as told:
                return {key: told[key] for key in told.files}
        except (OSError, ValueError, zipfile.BadZipFile) as error:
            raise StoreError(
                f"{path}: cannot be read ({error}); cisim did not write it so. Take it away."
            ) from error


def _refuse_another(place: Path, asked: Mapping[str, Any]) -> None:
    try:
        kept = json.loads((place / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{place / MARK}: cannot be read ({error}).") from error
    if not isinstance(kept, dict) or kept.get("kind") != asked["kind"]:
        raise StoreError(f"{place}: holds something else than a calibration; name a new or empty folder.")
    keys = dict.fromkeys([*kept, *asked])
    faults = [
        f"{key} was {json.dumps(kept.get(key))}, now {json.dumps(asked.get(key))}; ask as before, or name another folder."
        for key in keys
        if kept.get(key) != asked.get(key)
    ]
    if faults:
        raise SpecError(faults, source=str(place))

"""A folder that keeps runs by what they rest on: nothing half, nothing twice, open to any reader of Parquet.

    store.json                         what this folder is
    runs/<columns>/columns.json        the numbers kept of each run of this table
    runs/<columns>/<part>.parquet      key, replicate, and those numbers; a row a run
    failures/<part>.parquet            runs without a result, and why
    studies/<name>/...                 see `record`

`key` stands for all that a run rests on except its replicate: code, scenario, horizon, seed. Two studies that
make the same run share it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from cisim.errors import StoreError
from cisim.study.kept.record import STUDIES
from cisim.world.disk import is_draft, make_folder, sweep, write_whole

if TYPE_CHECKING:
    import numpy as np

__all__ = ["FAILURE", "Store", "Table", "part_content"]

KIND = "cisim study store"
RUN = {"key": pl.String, "replicate": pl.UInt32}
FAILURE = RUN | {
    "columns": pl.String,
    "kind": pl.String,
    "message": pl.String,
    "month": pl.Int32,
    "study": pl.String,
}
"""columns: the table in which the run would have been; a run can fail for one measure and not for another."""
MARK = "store.json"


class Store:
    """One folder of runs. Raises StoreError if it is something else, or cannot be read or written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def open(cls, folder: str | os.PathLike[str]) -> Store:
        """A store that is there."""
        place = Path(folder)
        if not place.is_dir():
            raise StoreError(
                f"{place}: there is no such folder; make one with: cisim study run FILE --out {place}"
            )
        if not _is_store(place):
            raise StoreError(f"{place}: holds no runs of a study; name the folder given to --out.")
        return cls(place)

    @classmethod
    def make(cls, folder: str | os.PathLike[str]) -> Store:
        """The store in this folder, which is new, empty, or a store already."""
        place = Path(folder)
        if place.exists() and not place.is_dir():
            raise StoreError(f"{place}: is a file; name a folder that is new, empty, or a study's.")
        if not _is_store(place):
            others = place.is_dir() and any(not is_draft(file) for file in place.iterdir())
            if others and not _is_store(place):  # another process may have made it just now
                raise StoreError(
                    f"{place}: holds something else than runs of a study; name a new or empty folder."
                )
            make_folder(place)
            text = json.dumps({"kind": KIND, "format": 1}) + "\n"
            write_whole(place / MARK, text.encode())
        if not os.access(place, os.W_OK | os.X_OK):
            raise StoreError(f"{place}: cannot be written; check its permissions.")
        sweep(place)
        return cls(place)

    def studies(self) -> list[str]:
        """The names of the studies here."""
        return sorted(place.parent.name for place in (self.folder / STUDIES).glob("*/study.toml"))

    def table(self, columns: Sequence[str]) -> Table:
        """The table for runs of which exactly these numbers are kept, made if it is not there."""
        folder = make_folder(self.folder / "runs" / _name_of(columns))
        if not (folder / "columns.json").exists():
            write_whole(folder / "columns.json", (json.dumps(list(columns)) + "\n").encode())
        return Table(folder, tuple(columns))

    def tables_with(self, columns: Sequence[str]) -> list[Table]:
        """The tables that keep all these numbers, those with the fewest others first."""
        found = []
        for place in sorted((self.folder / "runs").glob("*/columns.json")):
            kept = tuple(json.loads(place.read_text(encoding="utf-8")))
            if set(columns) <= set(kept):
                found.append(Table(place.parent, kept))
        return sorted(found, key=lambda table: len(table.columns))

    def runs(self, columns: Sequence[str]) -> pl.LazyFrame:
        """key, replicate and these numbers, for all runs of which they are kept; each run once."""
        frames = [
            frame.select(*RUN, *columns) for table in self.tables_with(columns) for frame in table.parts()
        ]
        if not frames:
            return pl.LazyFrame(schema=RUN | dict.fromkeys(columns, pl.Float64))
        whole = pl.concat(frames)
        return whole.unique(list(RUN), keep="any", maintain_order=False)

    def failures(self, columns: Sequence[str]) -> pl.LazyFrame:
        """Runs without a result where these numbers were to be kept, and why; the latest word on each."""
        parts = sorted((self.folder / "failures").glob("*.parquet"))
        if not parts:
            return pl.LazyFrame(schema=FAILURE)
        told = pl.scan_parquet(parts).filter(pl.col("columns") == _name_of(columns))
        return told.unique(list(RUN), keep="last", maintain_order=True)

    def add_failures(self, columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
        """Write failures as one part."""
        frame = pl.DataFrame([{"columns": _name_of(columns), **row} for row in rows], schema=FAILURE)
        _write(make_folder(self.folder / "failures"), _parquet(frame))

    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())


class Table:
    """Parts of runs of which the same numbers are kept."""

    def __init__(self, folder: Path, columns: tuple[str, ...]) -> None:
        self.folder, self.columns = folder, columns

    def parts(self) -> list[pl.LazyFrame]:
        """The parts, one lazy frame for all of them."""
        files = sorted(self.folder.glob("*.parquet"))
        for file in files:
            if not _whole(file):
                raise StoreError(
                    f"{file}: is no whole Parquet file; cisim did not write it so. Take it away."
                )
        return [pl.scan_parquet(files)] if files else []

    def add(self, keys: Sequence[str], replicates: np.ndarray, values: np.ndarray) -> int:
        """Write runs as one part; gives its size in bytes. NaN becomes no value."""
        return _write(self.folder, part_content(keys, replicates, values, self.columns))


def part_content(
    keys: Sequence[str], replicates: np.ndarray, values: np.ndarray, columns: Sequence[str]
) -> bytes:
    """Runs as a Parquet file; NaN becomes no value."""
    index = {"key": pl.Series(keys, dtype=pl.String), "replicate": pl.Series(replicates, dtype=pl.UInt32)}
    told = {name: values[:, at] for at, name in enumerate(columns)}
    return _parquet(pl.DataFrame(index | told).with_columns(pl.col(*columns).fill_nan(None)))


def _parquet(frame: pl.DataFrame) -> bytes:
    content = io.BytesIO()
    frame.write_parquet(content, compression="zstd", compression_level=3)
    return content.getvalue()


def _write(folder: Path, content: bytes) -> int:
    """A new part; names sort by time, and no two writers meet in one."""
    write_whole(folder / f"{time.time_ns():020d}-{secrets.token_hex(4)}.parquet", content)
    return len(content)


def _whole(file: Path) -> bool:
    """True if a file ends as Parquet files do."""
    with open(file, "rb") as content:
        content.seek(-min(4, file.stat().st_size), os.SEEK_END)
        return content.read() == b"PAR1"


def _name_of(columns: Sequence[str]) -> str:
    """The name of the table that keeps these numbers."""
    return hashlib.blake2b("\0".join(columns).encode(), digest_size=6).hexdigest()


def _is_store(folder: Path) -> bool:
    try:
        told = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and told.get("kind") == KIND

"""Runs that were made apart, brought together in one store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from cisim.errors import StoreError
from cisim.study.kept.record import STUDIES
from cisim.study.kept.results import Results
from cisim.study.kept.store import Store
from cisim.world.disk import make_folder, write_whole

__all__ = ["merge"]


def merge(folders: Sequence[Path], out: Path) -> int:
    """Copy the parts, failures and studies of several stores into one; the number of parts that it did not have.

    A part has a name of its own for ever, so merging again adds nothing. Raises StoreError, before anything is
    copied, if a folder is no store or two hold different studies of one name.
    """
    stores = [Store.open(folder) for folder in folders]
    _refuse_namesakes([*stores, *([Store.open(out)] if out.is_dir() and any(out.iterdir()) else [])])
    target = Store.make(out)
    added = 0
    for store in stores:
        if store.folder.resolve() == target.folder.resolve():
            continue
        larger = {name for name in store.studies() if _replicates(store, name) > _replicates(target, name)}
        for place in _files(store.folder):
            copy = target.folder / place.relative_to(store.folder)
            if not copy.exists() or (copy.name == "study.toml" and copy.parent.name in larger):
                make_folder(copy.parent)
                write_whole(copy, place.read_bytes())
                added += copy.suffix == ".parquet" and copy.parent.parent.name != STUDIES
    return added


def _files(folder: Path) -> Iterator[Path]:
    """Parts after what describes them, studies last, so that a merge that is cut off leaves no part unexplained."""
    for pattern in ("runs/*/columns.json", "runs/*/*.parquet", "failures/*.parquet", f"{STUDIES}/*/**/*"):
        yield from sorted(p for p in folder.glob(pattern) if p.is_file() and not p.name.startswith("."))


def _refuse_namesakes(stores: Sequence[Store]) -> None:
    """Two studies of one name must be the same, point by point and key by key; only replicates may differ."""
    seen: dict[str, tuple[Store, pl.DataFrame]] = {}
    for store in stores:
        for name in store.studies():
            points = Results.open(store.folder, name).points()
            had, others = seen.setdefault(name, (store, points))
            if not others.equals(points):
                raise StoreError(
                    f"{store.folder} and {had.folder} hold different studies called {name!r}, or the same one run by "
                    "different code; give one of them another name, or run both with the same code and points."
                )


def _replicates(store: Store, name: str) -> int:
    """Replicates of a study in a store; 0 if it has no such study."""
    return Results.open(store.folder, name).study.replicates if name in store.studies() else 0

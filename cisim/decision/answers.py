"""An answer on disk: every file whole or not at all, and a manifest that tells how to repeat it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cisim.insight.answer import Answer
from cisim.study.kept.record import versions
from cisim.world.disk import json_text, make_folder, sweep, write_whole

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.figure import Figure

__all__ = ["MANIFEST", "write_answer"]

MANIFEST, SENTENCES = "manifest.json", "answer.txt"
PACKAGES = ("numpy", "numba", "scipy", "polars")
DOTS = 160  # an inch


def write_answer(
    answer: Answer, folder: Path, *, command: Sequence[str], asked: Mapping[str, Any]
) -> list[str]:
    """Write sentences, tables (CSV), pictures (PNG, SVG) and the manifest; the names of the files. Raises StoreError.

    Everything is made before anything is written, and the manifest is written last: a folder whose manifest names a
    file by its digest holds that file whole. command: what was typed; asked: what it takes to ask again.
    """
    files = dict(_files(answer))
    digests = {name: hashlib.blake2b(content, digest_size=16).hexdigest() for name, content in files.items()}
    told = {
        "kind": "cisim answer", "format": 1, "command": list(command), "asked": dict(asked),
        "sentences": list(answer.sentences), "files": digests, "versions": versions(PACKAGES),
    }  # fmt: skip
    sweep(make_folder(folder))
    for name, content in files.items():
        write_whole(folder / name, content)
    write_whole(folder / MANIFEST, (json_text(told) + "\n").encode())
    return [*files, MANIFEST]


def _files(answer: Answer) -> Iterator[tuple[str, bytes]]:
    yield SENTENCES, ("\n\n".join(answer.sentences) + "\n").encode()
    for name, table in answer.tables.items():
        yield f"{name}.csv", _flat(table).write_csv().encode()
    for name, figure in answer.draw().items():
        for ending in ("png", "svg"):
            yield f"{name}.{ending}", _drawn(figure, ending)


def _drawn(figure: Figure, ending: str) -> bytes:
    """A picture as a file; the same figure gives the same bytes."""
    from matplotlib import rc_context

    drawn = io.BytesIO()
    dates = {"Date": None} if ending == "svg" else {}
    with rc_context({"svg.hashsalt": "cisim"}):
        figure.savefig(drawn, format=ending, dpi=DOTS, facecolor="white", metadata=dates)
    return drawn.getvalue()


def _flat(table: pl.DataFrame) -> pl.DataFrame:
    """The table with lists as text, since a CSV has no lists."""
    import polars as pl

    lists = [name for name, kind in table.schema.items() if isinstance(kind, pl.List)]
    return table.with_columns(pl.col(name).list.join(" or ") for name in lists)

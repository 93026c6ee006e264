"""An answer: sentences to read, tables to check, figures to show; the same for every question."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cisim.study.kept.record import versions
from cisim.world.disk import json_text, make_folder, sweep, write_whole

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.figure import Figure

__all__ = ["MANIFEST", "Answer"]

MANIFEST, SENTENCES = "manifest.json", "answer.txt"
PACKAGES = ("numpy", "numba", "scipy", "polars")


@dataclass(frozen=True)
class Answer:
    """What came of a question to the results of a study.

    result: the full result (Sobol, Attribution, ...). sentences: what it says. tables: by name; shown: those that a
    person sees first. draw: makes the figures, by name; each has its numbers in a table of the same name or the
    one it starts with.
    """

    result: Any
    sentences: tuple[str, ...]
    tables: Mapping[str, pl.DataFrame]
    shown: tuple[str, ...]
    draw: Callable[[], Mapping[str, Figure]]

    def files(self) -> dict[str, bytes]:
        """Every table as CSV and every figure as PNG and SVG, by the name of the file."""
        from cisim.insight import figures

        made = {f"{name}.csv": _flat(table).write_csv().encode() for name, table in self.tables.items()}
        for name, figure in self.draw().items():
            made |= {f"{name}.{ending}": figures.drawn(figure, ending) for ending in ("png", "svg")}
        return made

    def write(
        self, folder: Path, *, command: Sequence[str] = (), asked: Mapping[str, Any] | None = None
    ) -> list[str]:
        """Write the files whole or not at all; their names. Raises StoreError.

        Everything is made before anything is written. asked: what it takes to ask again; then the sentences come along,
        and last a manifest: a folder whose manifest names a file by its digest holds that file whole. command: what
        was typed.
        """
        files = self.files()
        if asked is not None:
            files = {SENTENCES: ("\n\n".join(self.sentences) + "\n").encode(), **files}
            files[MANIFEST] = (json_text(self._manifest(files, command, asked)) + "\n").encode()
        sweep(make_folder(folder))
        for name, content in files.items():
            write_whole(folder / name, content)
        return list(files)

    def _manifest(
        self, files: Mapping[str, bytes], command: Sequence[str], asked: Mapping[str, Any]
    ) -> dict[str, Any]:
        digests = {
            name: hashlib.blake2b(content, digest_size=16).hexdigest() for name, content in files.items()
        }
        return {
            "kind": "cisim answer", "format": 1, "command": list(command), "asked": dict(asked),
            "sentences": list(self.sentences), "files": digests, "versions": versions(PACKAGES),
        }  # fmt: skip


def _flat(table: pl.DataFrame) -> pl.DataFrame:
    """The table with lists as text, since a CSV has no lists."""
    import polars as pl

    lists = [name for name, kind in table.schema.items() if isinstance(kind, pl.List)]
    return table.with_columns(pl.col(name).list.join(" or ") for name in lists)

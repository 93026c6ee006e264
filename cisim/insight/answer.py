"""An answer: sentences to read, tables to check, figures to show; the same for every question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cisim.errors import StoreError

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.figure import Figure

__all__ = ["Answer"]


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

    def write(self, folder: Path) -> list[str]:
        """Write every figure as PNG and SVG and every table as CSV; the names of the files. Raises StoreError."""
        from cisim.insight import figures

        written = []
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, table in self.tables.items():
                _flat(table).write_csv(folder / f"{name}.csv")
                written.append(f"{name}.csv")
            for name, figure in self.draw().items():
                for ending in ("png", "svg"):
                    figures.save(figure, folder / f"{name}.{ending}")
                    written.append(f"{name}.{ending}")
        except OSError as error:
            raise StoreError(f"{folder}: cannot be written ({error.strerror or error}).") from error
        return written


def _flat(table: pl.DataFrame) -> pl.DataFrame:
    """The table with lists as text, since a CSV has no lists."""
    import polars as pl

    lists = [name for name, kind in table.schema.items() if isinstance(kind, pl.List)]
    return table.with_columns(pl.col(name).list.join(" or ") for name in lists)

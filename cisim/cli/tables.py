"""Tables, times and sizes on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from cisim.cli.screen import console

if TYPE_CHECKING:
    import polars as pl

__all__ = ["cell", "print_frame", "print_rows", "size_of", "span"]


def print_frame(frame: pl.DataFrame) -> None:
    """A table on the screen."""
    print_rows(frame.columns, [[cell(value) for value in row] for row in frame.iter_rows()])


def print_rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Rows of text under their header."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in header:
        table.add_column(Text(name), overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console().print(table)


def cell(value: Any) -> str:
    """A value as a person reads it; a dash where there is none."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def span(seconds: float) -> str:
    """A time in seconds, minutes or hours."""
    if seconds < 90:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.1f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def size_of(count: float) -> str:
    """A number of bytes."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} GB"

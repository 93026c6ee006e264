"""The month as a picture in text: its phases in their order, then the measures, then the next month."""

from __future__ import annotations

from collections.abc import Sequence

from cisim.theory.month import MONTH
from tests.docs.tables import Generated, Passage

__all__ = ["drawn", "passages"]

ACROSS = 4
"""Steps in a line."""


def passages() -> dict[str, Generated]:
    """Every passage of this file by its name."""
    phases = [f"{at} {phase.name}" for at, phase in enumerate(MONTH, start=1)]
    return {"month-drawn": Passage(f"```text\n{drawn([*phases, 'measures'], 'next month')}\n```")}


def drawn(steps: Sequence[str], again: str) -> str:
    """Steps from left to right, line by line; the last leads back to the first, and `again` stands on that way."""
    width = max(map(len, steps)) + 2
    cells = [f"{step} ".ljust(width, "─") for step in steps]
    lines = ["> ".join(cells[at : at + ACROSS]) for at in range(0, len(cells), ACROSS)]
    across = max(map(len, lines))
    turn = "│ ┌" + "─" * (across + 2) + "┘\n│ └> "
    whole = turn.join(line.ljust(across, "─") + "┐\n" for line in lines)
    return f"┌──> {whole}└{f' {again} '.center(across + 4, '─')}┘"

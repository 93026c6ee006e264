"""What somebody will perhaps ask for next, within bounds of memory and time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cisim.app.drawing.requests import Step, first_count
from cisim.app.drawing.sheets import Sheet
from cisim.app.drawing.shelf import ROOM_AHEAD, Shelf

if TYPE_CHECKING:
    from cisim.world.scenario import Scenario

__all__ = ["MOST", "Guess", "steps_ahead"]

MOST = 256
"""Guesses about one client."""
SECONDS = 15.0  # of each core for the guesses about one client: a server at rest shall come to rest


@dataclass(frozen=True)
class Guess:
    """A scenario; whole: all of its runs are wanted, else only those of a first answer."""

    scenario: Scenario
    whole: bool


def steps_ahead(
    guesses: Sequence[Guess], keys: Sequence[str], shelf: Shelf, *, seed: int, replicates: int,
    draw: tuple[int, ...], seconds: float, threads: int, people: int,
) -> list[Step]:  # fmt: skip
    """A step for each guess, until there is neither room nor time for more; a world too large to be drawn is left out.

    keys: of the contents of the guesses. seconds: that a run takes for each pair and month. people: who share the room.
    """
    room, time_left = ROOM_AHEAD * shelf.row_bytes / max(1, people), SECONDS * threads
    made: dict[Sheet, int] = {}
    steps: list[Step] = []
    for guess, key in zip(guesses, keys, strict=True):
        sheet = shelf.sheet(guess.scenario, seed, key, ahead=True)
        count = replicates if guess.whole else first_count(sheet.size, replicates, seconds, threads)
        more = max(0, count - made.get(sheet, 0))
        made[sheet] = max(made.get(sheet, 0), count)
        room -= more * sheet.row_bytes()
        time_left -= more * sheet.size * seconds
        if room < 0 or time_left < 0:
            break
        if sheet.history_bytes() <= shelf.history_bytes:
            steps.append(Step((sheet,), tuple(sorted({*range(count), *draw})), (), draw))
    shelf.prefer([*made])
    return steps

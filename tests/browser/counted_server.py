"""`cisim app` as it is, but at each SIGUSR1 it writes down what it holds of the tabs that were opened.

Started as a program by `test_browser_rough.py`: what a process holds can be counted only from inside. The path of the
file to write is in the environment variable COUNTS.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
import tracemalloc
from pathlib import Path
from types import FrameType

from cisim.app.drawing.sheets import Sheet
from cisim.app.drawing.studio import the_studio
from cisim.cli import main
from cisim.world.scenario import Scenario

COUNTED = ("Tab", "StageRoom", "Mailbox", "Surface", "Screen", "VirtualKernelContext")
"""Classes of which each tab has one, from its thread up to Solara's own record of it."""


def counts() -> dict[str, float]:
    """Living objects of each class, threads, and bytes held by Python and NumPy since the first count but for the shelf.

    The shelf of runs grows to its bound whoever asks; it is no part of a tab. What is freed but not yet given back to the
    system is not counted, so that fragments are not taken for a leak.
    """
    gc.collect()
    if not tracemalloc.is_tracing():
        tracemalloc.start()
    found = dict.fromkeys(COUNTED, 0)
    for one in gc.get_objects():
        if type(one).__name__ in found:
            found[type(one).__name__] += 1
    shelf = the_studio().shelf
    kept = bytes_of([shelf._asked.sheets, shelf._ahead.sheets], set())
    return {
        **found,
        "threads": threading.active_count(),
        "bytes": tracemalloc.get_traced_memory()[0] - kept,
    }


def bytes_of(one: object, seen: set[int]) -> int:
    """What something takes with all that is in it, each part once."""
    if id(one) in seen:
        return 0
    seen.add(id(one))
    parts: list[object] = []
    if isinstance(one, dict):
        parts = [*one.keys(), *one.values()]
    elif isinstance(one, list | tuple | set):
        parts = [*one]
    elif isinstance(one, Sheet | Scenario):
        parts = [vars(one)]
    return sys.getsizeof(one) + sum(bytes_of(part, seen) for part in parts)


def write(signum: int, frame: FrameType | None) -> None:
    """Write the counts whole, then name them, so that no reader meets half of them."""
    path = Path(os.environ["COUNTS"])
    part = path.with_suffix(".part")
    part.write_text(json.dumps(counts()), encoding="utf-8")
    part.replace(path)


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, write)
    main()

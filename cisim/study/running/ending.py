"""How a sitting ends before its time: SIGTERM is heard as Ctrl-C is, and no worker outlives who started it.

Batch systems, containers and `kill` send SIGTERM, which by itself ends a process without a word.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["TERMINATED", "Terminated", "end_with_parent", "heard", "raised", "sigterm_heard"]

TERMINATED = 128 + signal.SIGTERM
"""Exit code of a command that SIGTERM ended: 143."""


class Terminated(KeyboardInterrupt):
    """SIGTERM came: whatever ends well at Ctrl-C ends well at this, too."""


@contextmanager
def sigterm_heard() -> Iterator[None]:
    """Within this SIGTERM raises `Terminated`; afterwards it is what it was. Signals are heard in the main thread only."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _raise)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL if before is None else before)


def heard() -> list[signal.Signals]:
    """The signals that end a sitting as of now: Ctrl-C, and SIGTERM where `sigterm_heard` holds."""
    return [signal.SIGINT, *([signal.SIGTERM] if signal.getsignal(signal.SIGTERM) is _raise else [])]


def raised(number: int) -> KeyboardInterrupt:
    """What a signal that ends a sitting raises."""
    return Terminated() if number == signal.SIGTERM else KeyboardInterrupt()


def end_with_parent() -> None:
    """In a worker process: end at once when the process that started it is gone, however that ended."""
    threading.Thread(target=_end_after_parent, name="cisim-parent", daemon=True).start()


def _end_after_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _raise(number: int, _: FrameType | None) -> None:
    raise raised(number)

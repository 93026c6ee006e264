"""Work for one tab, done by a thread of its own: the newest of each kind, so that a slow page holds up nobody."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

__all__ = ["Mailbox"]

log = logging.getLogger("cisim.app")


class Mailbox:
    """Jobs by kind; a newer job of a kind takes the place of one that has not begun."""

    def __init__(self, name: str) -> None:
        self._jobs: dict[str, Callable[[], None]] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._last: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def put(self, kind: str, job: Callable[[], None]) -> None:
        """Have this done soon, after what was put in before."""
        with self._changed:
            self._jobs.pop(kind, None)
            self._jobs[kind] = job
            self._changed.notify()

    def close(self, last: Callable[[], None]) -> None:
        """Begin no further job, and do the last one once that which is being done has ended; does not wait for it."""
        with self._changed:
            self._closed, self._last = True, last
            self._jobs.clear()
            self._changed.notify()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                job()
            except Exception:
                log.exception("something of a page could not be made")
            job = None  # what it holds, an answer with its runs, does not stay until the next one comes
        self._last()

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            while not self._jobs and not self._closed:
                self._changed.wait()
            return None if self._closed else self._jobs.pop(next(iter(self._jobs)))

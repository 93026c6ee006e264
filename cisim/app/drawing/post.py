"""The way of an answer to whoever asked."""

from __future__ import annotations

import logging
import queue
import threading

from cisim.app.drawing.requests import Answer, Request

__all__ = ["Post"]

log = logging.getLogger("cisim.app")


class Post:
    """Hands answers over in order, from a thread of its own; one that a later answer has overtaken is left out.

    lock: held by whoever writes to a request.
    """

    def __init__(self, lock: threading.Condition) -> None:
        self._lock = lock
        self._waiting: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self.thread = threading.Thread(target=self._deliver, name="cisim-answers", daemon=True)
        self.thread.start()

    def send(self, request: Request, answer: Answer) -> None:
        """Have this answer handed over soon."""
        request.outbox = answer
        self._waiting.put(request)

    def close(self) -> None:
        """End, once what was sent before is handed over."""
        self._waiting.put(None)

    def _deliver(self) -> None:
        while (request := self._waiting.get()) is not None:
            with self._lock:
                answer, request.outbox = request.outbox, None
                if answer is None or request.dropped or request.on_part is None:
                    continue
            try:
                request.on_part(answer)
            except Exception:
                log.exception("an answer could not be taken in")

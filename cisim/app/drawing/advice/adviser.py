"""Who answers the questions of all visitors: a few processes at a time, the first question first.

A tab of a visitor has one question at a time, and one report; asking again takes the place of it. Each is answered in a
process of its own that stands back behind everybody's sliders, and that can be ended at any moment.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from cisim.app.drawing.advice.asked import Errand

__all__ = ["Adviser", "the_adviser", "the_reporter"]

log = logging.getLogger("cisim.app")

Tell = Callable[[Mapping[str, Any]], None]
HERE = str(Path(__file__).parents[4])
START = "import sys; sys.path.append(sys.argv[1]); from cisim.app.drawing.advice.working import main; main()"
"""With -P, and with cisim's own folder last: a `queue.py` where the server was started must not pass for Python's."""
MOST = 2
"""Processes at a time, and never more than half of the cores."""
MOST_WAITING = 50
MINUTES = 30.0
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
TOO_MANY = "Too much is waiting on this server; ask again in some minutes."
TOO_LONG = "This took more than {:g} minutes and was ended. "
ADVICE = "Let fewer levers change, choose an earlier month, or a quick answer."
REPORT = "Show the Desk fewer worlds, or fewer plans."
REPORT_MINUTES = 10.0
ENDED = "The answer could not be computed; the reason is in the server's log."


class _Job:
    """A question of a client, and the process that answers it once it is its turn."""

    def __init__(self, client: str, question: Errand, tell: Tell) -> None:
        self.client, self.question, self.tell = client, question, tell
        self.process: subprocess.Popen[bytes] | None = None
        self.gone = self.late = False

    def end(self) -> None:
        """End the process, if there is one."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()


class Adviser:
    """Answers questions for many clients, a client for each tab; every method may be called from any thread and returns at once.

    most: questions that are answered at a time. minutes: after which an answer is given up; shorter: how to have it sooner.
    command: the process.
    """

    def __init__(
        self,
        most: int | None = None,
        *,
        minutes: float = MINUTES,
        shorter: str = ADVICE,
        command: Sequence[str] = (sys.executable, "-P", "-c", START, HERE),
    ) -> None:
        self.most, self.minutes = most or max(1, min(MOST, (os.cpu_count() or 1) // 2)), minutes
        self.too_long = TOO_LONG.format(minutes) + shorter
        self.command = list(command)
        self._waiting: list[_Job] = []
        self._running: list[_Job] = []
        self._lock = threading.RLock()
        atexit.register(self.close)

    def ask(self, client: str, question: Errand, tell: Tell) -> None:
        """Have a question answered. `tell` is called, from other threads, with messages one after another:

        {"ahead": questions that come before}, {"note": why it takes long}, {"done", "all": runs}, and last {"answer":
        as `Answered`, or the text of a report} or {"refused": sentences}.
        """
        with self._lock:
            self.cancel(client)
            if len(self._waiting) >= MOST_WAITING:
                tell({"refused": [TOO_MANY]})
                return
            self._waiting.append(_Job(client, question, tell))
            self._go_on()

    def cancel(self, client: str) -> None:
        """Drop what this client has asked; nothing is told of it any more."""
        with self._lock:
            for job in [*self._waiting, *self._running]:
                if job.client == client:
                    job.gone = True
                    job.end()
            if any(job.gone for job in self._waiting):
                self._waiting = [job for job in self._waiting if not job.gone]
                self._go_on()

    def close(self) -> None:
        """End everything."""
        with self._lock:
            for job in [*self._waiting, *self._running]:
                job.gone = True
                job.end()
            self._waiting = []
        atexit.unregister(self.close)

    @property
    def busy(self) -> tuple[int, int]:
        """(questions that are being answered, questions that wait)."""
        with self._lock:
            return len(self._running), len(self._waiting)

    def _go_on(self) -> None:
        """Begin what there is room for, and tell the others how many come before them."""
        while self._waiting and len(self._running) < self.most:
            job = self._waiting.pop(0)
            self._running.append(job)
            threading.Thread(target=self._answer, args=(job,), name="cisim-advice", daemon=True).start()
        ending = sum(job.gone for job in self._running)
        for ahead, job in enumerate(self._waiting, start=1 - ending):
            if ahead > 0:
                job.tell({"ahead": ahead})

    def _answer(self, job: _Job) -> None:
        try:
            told = self._listen(job)
            if not told and not job.gone:
                job.tell({"refused": [self.too_long if job.late else ENDED]})
        except Exception:
            log.exception("a question could not be answered")
            if not job.gone:
                job.tell({"refused": [ENDED]})
        finally:
            job.end()
            with self._lock:
                self._running.remove(job)
                self._go_on()

    def _listen(self, job: _Job) -> bool:
        """Pass on what the process says; True once it has come to an end of its own."""
        with self._lock:
            if job.gone:
                return True
            # a group keeps Ctrl-C away from it; in a session of its own, its low priority would not count against ours
            job.process = process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                env=os.environ | ONE_THREAD, process_group=0,
            )  # fmt: skip
        clock = threading.Timer(60 * self.minutes, self._give_up, (job,))
        clock.daemon = True
        clock.start()
        try:
            with process:
                return self._talk(job, process)
        finally:
            clock.cancel()

    def _talk(self, job: _Job, process: subprocess.Popen[bytes]) -> bool:
        assert process.stdin is not None and process.stdout is not None
        told = False
        try:
            try:
                process.stdin.write(pickle.dumps(job.question))
                process.stdin.close()
            except BrokenPipeError:
                log.warning("a process that answers a question ended before it was asked")
            for line in process.stdout:
                message = json.loads(line)
                if not job.gone:
                    job.tell(message)
                told = told or "answer" in message or "refused" in message
        except BaseException:
            job.end()  # whoever closes its pipes waits for it
            raise
        return told

    def _give_up(self, job: _Job) -> None:
        job.late = True
        job.end()


@lru_cache(maxsize=1)
def the_adviser() -> Adviser:
    """The adviser of this process."""
    return Adviser()


@lru_cache(maxsize=1)
def the_reporter() -> Adviser:
    """Who makes the reports of this process, one at a time: they take seconds, and do not wait for minutes of advice."""
    return Adviser(1, minutes=REPORT_MINUTES, shorter=REPORT)

"""One computing service for all who use the app: the newest request first, nobody starves, nothing twice.

Runs are made one or a few at a time, on as many threads as there are cores; the kernel lets go of Python's lock.
When no request waits, quiet threads make what is likely to be asked for next. Runs that have been made are
kept within bounds, so that going back is instant.
"""

from __future__ import annotations

import atexit
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from cisim.app.drawing.faults import sentence_of
from cisim.app.drawing.guesses import MOST, Guess, steps_ahead
from cisim.app.drawing.kernels import Kernels
from cisim.app.drawing.post import Post
from cisim.app.drawing.requests import Answer, Client, Request, Unit, steps_of
from cisim.app.drawing.sheets import RulesKey, content_keys
from cisim.app.drawing.shelf import Shelf
from cisim.app.drawing.turns import Turns
from cisim.engine.streams import check_address
from cisim.errors import CisimError, SpecError

if TYPE_CHECKING:
    from cisim.world.scenario import Scenario

__all__ = ["Answer", "Guess", "Studio", "the_studio"]

log = logging.getLogger("cisim.app")

MEGABYTE = 1_000_000
NO_NETWORK = "This coalition is too large for its history to be kept, so its network is not drawn."


class Studio:
    """Makes runs for many clients at once.

    threads: that run (default: one a core). row_bytes, history_bytes: bounds of what is kept. Every method may be
    called from any thread and returns at once. Answers come one after another from a thread of the studio.
    """

    def __init__(
        self,
        threads: int | None = None,
        *,
        row_bytes: int = 192 * MEGABYTE,
        history_bytes: int = 256 * MEGABYTE,
    ) -> None:
        self.threads = threads or _cores()
        self.shelf = Shelf(row_bytes, history_bytes)
        self.seconds = 2e-7  # that a run takes for each pair and month; measured as it goes
        self.made = 0  # runs so far
        self._turns = Turns()
        self._changed = threading.Condition()
        self._closed = False
        self._kernels = Kernels(self._kernel_changed)
        self._post = Post(self._changed)
        workers = [(self._work, quiet) for quiet in (False, True) for _ in range(self.threads)]
        self._threads = [
            threading.Thread(target=work, args=(quiet,), name=f"cisim-{'quiet' if quiet else 'runs'}", daemon=True)
            for work, quiet in workers
        ]  # fmt: skip
        for thread in self._threads:
            thread.start()
        atexit.register(self.close)

    def ask(
        self,
        client: str,
        scenarios: Scenario | Sequence[Scenario],
        on_part: Callable[[Answer], None],
        *,
        seed: int = 0,
        replicates: int = 50,
        keep: Iterable[int] = (),
        draw: Iterable[int] = (),
        channel: str = "",
        urgent: bool = True,
    ) -> None:
        """Ask for replicates 0, 1, ... of one or several scenarios on the same draws.

        keep, draw: replicates whose whole history, or network, is wanted, of the first scenario; they join the
        others. A history takes a hundred times the room of a network, so few of them are kept. `on_part` is called with
        a first answer and with the settled one; one of them if that is all there is to say. A newer request of the same
        client and channel takes the place of an older one, which is not answered any more. urgent: if not, it waits for all that are.
        """
        wanted = [scenarios] if not isinstance(scenarios, Sequence) else list(scenarios)
        kept, drawn = tuple(dict.fromkeys(keep)), tuple(dict.fromkeys(draw))
        try:
            check_address(seed, max(1, replicates, *(number + 1 for number in (*kept, *drawn))))
            self._ask(client, wanted, on_part, seed, replicates, kept, drawn, channel, urgent)
        except CisimError as error:
            with self._changed:
                self._turns.drop(client, channel)
            lone = Request(Client(client), wanted, (), on_part, urgent)
            self._post.send(lone, Answer((), True, lone.milliseconds(), error=sentence_of(error)))

    def expect(
        self,
        client: str,
        guesses: Iterable[Guess],
        *,
        seed: int = 0,
        replicates: int = 50,
        draw: Iterable[int] = (),
    ) -> None:
        """Say what the client will probably ask for next, the likeliest first; it is made when nothing else waits.

        It takes the place of what was expected of this client before. More than there is room for is not made.
        """  # fmt: skip
        drawn, wanted = tuple(dict.fromkeys(draw)), list(islice(guesses, MOST))
        keys = content_keys(guess.scenario for guess in wanted)  # takes a while; others need not wait for it
        with self._changed:
            known = None if self._closed else self._turns.admitted(client)
            if known is None:
                return
            steps = steps_ahead(
                wanted, keys, self.shelf, seed=seed, replicates=replicates, draw=drawn, seconds=self.seconds,
                threads=self.threads, people=len(self._turns.expected()) + (known.expected is None),
            )  # fmt: skip
            known.expected = Request(known, (), steps, None, urgent=False)
            self._changed.notify_all()

    def leave(self, client: str) -> None:
        """Drop all that this client has asked for and was expected to ask for."""
        with self._changed:
            self._turns.leave(client)

    def close(self) -> None:
        """Stop all threads; what has been asked for is not answered any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._post.close()
        for thread in (*self._threads, self._post.thread):
            if thread is not threading.current_thread():
                thread.join(timeout=60)
        atexit.unregister(self.close)

    @property
    def waiting(self) -> int:
        """How many requests are not settled."""
        with self._changed:
            return sum(1 for _ in self._turns.requests())

    # asking
    def _ask(
        self,
        name: str,
        scenarios: list[Scenario],
        on_part: Callable[[Answer], None],
        seed: int,
        replicates: int,
        keep: tuple[int, ...],
        draw: tuple[int, ...],
        channel: str,
        urgent: bool,
    ) -> None:
        keys = content_keys(scenarios)
        with self._changed:
            if self._closed:
                raise SpecError("The server is closing.", source="Studio")
            client = self._turns.asker(name, channel)
            sheets = [self.shelf.sheet(one, seed, key) for one, key in zip(scenarios, keys, strict=True)]
            also = (*keep, *draw)
            dropped = bool(also) and sheets[0].history_bytes() > self.shelf.history_bytes
            if dropped:
                keep, draw = (), ()
            steps = steps_of(sheets, replicates, also, keep, draw, self.seconds, self.threads)
            request = Request(client, scenarios, steps, on_part, urgent)
            request.note = NO_NETWORK if dropped else ""
            self._turns.drop(name, channel)
            client.requests[channel] = request
            for sheet in sheets:
                self._kernels.want(sheet)
            self._tell_note(request)
            self._advance(request)
            self._changed.notify_all()

    # running
    def _work(self, quiet: bool) -> None:
        if quiet:
            _step_back()
        while (unit := self._next(quiet)) is not None:
            begin = time.perf_counter()
            try:
                rows, history = unit.sheet.run(unit.replicates, unit.whole)
                drawn = history if unit.draw else None
                network = None if drawn is None else unit.sheet.drawn(unit.replicates[0], drawn)
            except CisimError as error:
                self._failed(unit, error)
                continue
            except Exception as error:
                log.exception("a run failed")
                self._failed(unit, error)
                continue
            seconds = time.perf_counter() - begin
            with self._changed:
                self._release(unit)
                if not unit.sheet.running:
                    unit.sheet.rest()
                self.shelf.add(unit.sheet, unit.replicates, rows, network, history if unit.keep else None)
                self.made += len(unit.replicates)
                unit.client.charge(seconds)
                if not quiet:
                    each = seconds / len(unit.replicates) / unit.sheet.size
                    self.seconds += 0.05 * (each - self.seconds)
                for request in self._turns.asking(unit.sheet):
                    self._advance(request)
                self._changed.notify_all()

    def _next(self, quiet: bool) -> Unit | None:
        """The next unit for a thread, once there is one; None when the studio closes."""
        with self._changed:
            while not self._closed:
                unit = self._turns.next(True, self._unit)
                if unit is not None and quiet:
                    unit = None  # for those who are not quiet
                elif unit is None and quiet:
                    unit = self._turns.next(False, self._unit)
                if unit is not None:
                    unit.sheet.running |= unit.marks()
                    return unit
                self._changed.wait()
            return None

    def _unit(self, request: Request) -> Unit | None:
        return request.unit(self.seconds, self.threads, self._kernels.ready)

    def _advance(self, request: Request) -> None:
        """Send what is in, if it is more than before."""
        if request.advance():
            self._post.send(request, request.answer())
        if request.finished:
            self._turns.settle(request)

    def _failed(self, unit: Unit, error: Exception) -> None:
        with self._changed:
            self._release(unit)
            unit.sheet.fault = error
            self._refuse(self._turns.asking(unit.sheet), error)
            for expected in self._turns.expected():
                if unit.sheet in expected.sheets():
                    expected.at += 1
            self._changed.notify_all()

    def _refuse(self, requests: Iterable[Request], error: Exception) -> None:
        for request in list(requests):
            self._turns.settle(request)
            self._post.send(request, Answer((), True, request.milliseconds(), error=sentence_of(error)))

    def _release(self, unit: Unit) -> None:
        unit.sheet.running -= unit.marks()

    # kernels
    def _kernel_changed(self, key: RulesKey) -> None:
        with self._changed:
            waiting = [
                request
                for request in self._turns.requests()
                if any(sheet.rules == key for sheet in request.sheets())
            ]
            if (fault := self._kernels.fault(key)) is not None:
                self._refuse(waiting, fault)
            else:
                for request in waiting:
                    self._tell_note(request)
            self._changed.notify_all()

    def _tell_note(self, request: Request) -> None:
        for sheet in request.sheets():
            if note := self._kernels.note(sheet.rules):
                self._post.send(request, Answer((), False, request.milliseconds(), note=note))


@lru_cache(maxsize=1)
def the_studio() -> Studio:
    """The studio of this process."""
    return Studio()


def _step_back() -> None:
    """Let the system prefer other threads to this one, where it can be told so for a single thread."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


def _cores() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

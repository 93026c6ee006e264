"""One computing service for all who use the app: the newest request first, nobody starves, nothing twice.

Runs are made one or a few at a time, on as many threads as there are cores; the kernel lets go of Python's lock.
When no request waits, quiet threads make what is likely to be asked for next. Runs that have been made are
kept within bounds, so that going back is instant.
"""

from __future__ import annotations

import atexit
import logging
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from cisim.app.drawing.kernels import Kernels
from cisim.app.drawing.requests import Answer, Client, Request, Step, Unit, steps_of
from cisim.app.drawing.sheets import RulesKey, Sheet, Shelf
from cisim.engine.streams import check_address
from cisim.errors import CisimError, RunError, SpecError

if TYPE_CHECKING:
    from cisim.world.scenario import Scenario

__all__ = ["Answer", "Studio", "sentence_of", "the_studio"]

log = logging.getLogger("cisim.app")

MEGABYTE = 1_000_000
HEAD_START = 0.25  # seconds of computing by which a first answer goes before the rest of somebody else's
MOST_CLIENTS = 256
MOST_CHANNELS = 16
MOST_EXPECTED = 64
TOO_MANY = "Too many people use this server just now; try again in a moment."
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
        self._clients: dict[str, Client] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._kernels = Kernels(self._kernel_changed)
        self._post: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        workers = [(self._work, quiet) for quiet in (False, True) for _ in range(self.threads)]
        self._threads = [
            threading.Thread(target=work, args=(quiet,), name=f"cisim-{'quiet' if quiet else 'runs'}", daemon=True)
            for work, quiet in workers
        ]  # fmt: skip
        self._threads.append(threading.Thread(target=self._deliver, name="cisim-answers", daemon=True))
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
        channel: str = "",
        urgent: bool = True,
    ) -> None:
        """Ask for replicates 0, 1, ... of one or several scenarios on the same draws.

        keep: replicates whose whole history is wanted, of the first scenario; they join the others. `on_part` is
        called with a first answer and with the settled one; one of them if that is all there is to say. A newer
        request of the same client and channel takes the place of an older one, which is not answered any more.
        urgent: if not, it waits for all that are.
        """
        wanted = [scenarios] if not isinstance(scenarios, Sequence) else list(scenarios)
        kept = tuple(dict.fromkeys(keep))
        try:
            check_address(seed, max(1, replicates, *(number + 1 for number in kept)))
            self._ask(client, wanted, on_part, seed, replicates, kept, channel, urgent)
        except CisimError as error:
            self._drop(client, channel)
            lone = Request(Client(client), wanted, (), on_part, urgent)
            self._send(lone, Answer((), True, lone.milliseconds(), error=sentence_of(error)))

    def expect(
        self,
        client: str,
        scenarios: Iterable[Scenario],
        *,
        seed: int = 0,
        replicates: int = 50,
        keep: Iterable[int] = (),
    ) -> None:
        """Say what the client will probably ask for next, the likeliest first; it is made when nothing else waits.

        It takes the place of what was expected of this client before.
        """  # fmt: skip
        kept = tuple(dict.fromkeys(keep))
        with self._changed:
            if self._closed or (client not in self._clients and len(self._clients) >= MOST_CLIENTS):
                return
            known = self._clients.setdefault(client, Client(client))
            wanted = list(scenarios)[:MOST_EXPECTED]
            numbers = tuple(sorted({*range(replicates), *kept}))
            sheets = [self.shelf.sheet(scenario, seed) for scenario in wanted]
            steps = [Step((sheet,), numbers, kept) for sheet in sheets if not self._too_large(sheet)]
            known.expected = Request(known, wanted, steps, None, urgent=False)
            self._changed.notify_all()

    def leave(self, client: str) -> None:
        """Drop all that this client has asked for and was expected to ask for."""
        with self._changed:
            gone = self._clients.pop(client, None)
            for request in gone.requests.values() if gone else ():
                request.dropped = True

    def close(self) -> None:
        """Stop all threads; what has been asked for is not answered any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._post.put(None)
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(timeout=60)
        atexit.unregister(self.close)

    @property
    def waiting(self) -> int:
        """How many requests are not settled."""
        with self._changed:
            return sum(len(client.requests) for client in self._clients.values())

    # asking
    def _ask(
        self,
        name: str,
        scenarios: list[Scenario],
        on_part: Callable[[Answer], None],
        seed: int,
        replicates: int,
        keep: tuple[int, ...],
        channel: str,
        urgent: bool,
    ) -> None:
        with self._changed:
            client = self._client(name, channel)
            sheets = [self.shelf.sheet(scenario, seed) for scenario in scenarios]
            dropped = bool(keep) and self._too_large(sheets[0])
            whole = () if dropped else keep
            steps = steps_of(sheets, replicates, keep, whole, self.seconds, self.threads)
            request = Request(client, scenarios, steps, on_part, urgent)
            request.note = NO_NETWORK if dropped else ""
            self._drop(name, channel)
            client.requests[channel] = request
            for sheet in sheets:
                self._kernels.want(sheet)
            self._tell_note(request)
            self._advance(request)
            self._changed.notify_all()

    def _client(self, name: str, channel: str) -> Client:
        known = self._clients.get(name)
        if self._closed:
            raise SpecError("The server is closing.", source="Studio")
        if known is None and len(self._clients) >= MOST_CLIENTS:
            raise SpecError(TOO_MANY, source="Studio")
        known = self._clients.setdefault(name, known or Client(name))
        if channel not in known.requests and len(known.requests) >= MOST_CHANNELS:
            raise SpecError("Too many questions at once; wait for an answer.", source="Studio")
        return known

    def _drop(self, name: str, channel: str) -> None:
        with self._changed:
            client = self._clients.get(name)
            older = client.requests.pop(channel, None) if client else None
            if older is not None:
                older.dropped = True

    def _too_large(self, sheet: Sheet) -> bool:
        return sheet.history_bytes() > self.shelf.history_bytes

    # running
    def _work(self, quiet: bool) -> None:
        if quiet:
            _step_back()
        while (unit := self._next(quiet)) is not None:
            begin = time.perf_counter()
            try:
                rows, history = unit.sheet.run(unit.replicates, unit.keep)
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
                self.shelf.add(unit.sheet, unit.replicates, rows, history)
                self.made += len(unit.replicates)
                unit.client.charge(seconds)
                if not quiet:
                    each = seconds / len(unit.replicates) / unit.sheet.size
                    self.seconds += 0.05 * (each - self.seconds)
                for request in self._asking(unit.sheet):
                    self._advance(request)
                self._changed.notify_all()

    def _next(self, quiet: bool) -> Unit | None:
        """The next unit for a thread, once there is one; None when the studio closes."""
        with self._changed:
            while not self._closed:
                unit = self._choose(True)
                if unit is not None and quiet:
                    unit = None  # for those who are not quiet
                elif unit is None and quiet:
                    unit = self._choose(False)
                if unit is not None:
                    unit.sheet.running |= _marks(unit)
                    return unit
                self._changed.wait()
            return None

    def _choose(self, urgent: bool) -> Unit | None:
        """The unit of whoever has used least lately; first answers have a head start, expectations come last."""
        ranked = []
        for client in self._clients.values():
            used = client.used()
            for request in client.requests.values():
                if request.urgent == urgent:
                    ranked.append((False, used + (HEAD_START if request.at else 0.0), request))
            if client.expected is not None and not urgent:
                client.expected.advance()
                ranked.append((True, used, client.expected))
        for _, _, request in sorted(ranked, key=lambda rank: rank[:2]):
            if (unit := request.unit(self.seconds, self.threads, self._kernels.ready)) is not None:
                return unit
        return None

    def _asking(self, sheet: Sheet) -> Iterator[Request]:
        for client in list(self._clients.values()):
            for request in list(client.requests.values()):
                if sheet in request.sheets():
                    yield request

    def _advance(self, request: Request) -> None:
        """Send what is in, if it is more than before."""
        if request.advance():
            self._send(request, request.answer())
        if request.finished:
            self._settle(request)

    def _settle(self, request: Request) -> None:
        for channel, other in list(request.client.requests.items()):
            if other is request:
                del request.client.requests[channel]

    def _failed(self, unit: Unit, error: Exception) -> None:
        with self._changed:
            self._release(unit)
            unit.sheet.fault = error
            self._refuse(self._asking(unit.sheet), error)
            for client in self._clients.values():
                if client.expected is not None and unit.sheet in client.expected.sheets():
                    client.expected.at += 1
            self._changed.notify_all()

    def _refuse(self, requests: Iterable[Request], error: Exception) -> None:
        for request in list(requests):
            self._settle(request)
            self._send(request, Answer((), True, request.milliseconds(), error=sentence_of(error)))

    def _release(self, unit: Unit) -> None:
        unit.sheet.running -= _marks(unit)

    # kernels
    def _kernel_changed(self, key: RulesKey) -> None:
        with self._changed:
            waiting = [
                request
                for client in self._clients.values()
                for request in client.requests.values()
                if any(sheet.rules == key for sheet in request.sheets())
            ]
            if (fault := self._kernels.fault(key)) is not None:
                self._refuse(waiting, fault)
            for request in waiting:
                self._tell_note(request)
            self._changed.notify_all()

    def _tell_note(self, request: Request) -> None:
        for sheet in request.sheets():
            if note := self._kernels.note(sheet.rules):
                self._send(request, Answer((), False, request.milliseconds(), note=note))

    # answering
    def _send(self, request: Request, answer: Answer) -> None:
        request.outbox = answer
        self._post.put(request)

    def _deliver(self) -> None:
        """Hand answers over in order; one that a later answer has overtaken is left out."""
        while (request := self._post.get()) is not None:
            with self._changed:
                answer, request.outbox = request.outbox, None
                if answer is None or request.dropped or request.on_part is None:
                    continue
            try:
                request.on_part(answer)
            except Exception:
                log.exception("an answer could not be taken in")


def sentence_of(error: Exception) -> str:
    """What went wrong, for the person at the page."""
    if isinstance(error, RunError):
        when = "" if error.month is None else f" in month {error.month}"
        return (
            f"Run {error.replicate} has no finite numbers any more{when}: {error.problem}. "
            "Bring the assumptions that you changed back towards their usual range."
        )
    if isinstance(error, SpecError):
        return " ".join(error.faults)
    if isinstance(error, MemoryError):
        return "There is not enough memory for this; choose fewer partners, months or runs."
    return "This could not be computed; the reason is in the server's log. Undo brings the last picture back."


@lru_cache(maxsize=1)
def the_studio() -> Studio:
    """The studio of this process."""
    return Studio()


def _marks(unit: Unit) -> set[tuple[int, bool]]:
    """What is marked as running: a run with its history gives its row as well."""
    marks = {(number, False) for number in unit.replicates}
    return marks | {(unit.replicates[0], True)} if unit.keep else marks


def _step_back() -> None:
    """Let the system prefer other threads to this one, where it can be told so for a single thread."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


def _cores() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

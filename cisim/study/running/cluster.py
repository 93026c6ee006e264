"""Batches on the workers of a Dask cluster: of this machine, or of as many as there are.

Here is the side that gives batches and takes what came of them; `ticket` is the side of the workers.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import re
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import resource_tracker
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from cisim.errors import SpecError
from cisim.study.running.ending import heard as signals_heard
from cisim.study.running.ending import raised
from cisim.study.running.engines import Outcome, Runs
from cisim.study.running.runners import AHEAD, Done, alone, cores, main_is_left_alone
from cisim.study.running.ticket import Refusal, hand_over, make, ticket_for

if TYPE_CHECKING:
    from cisim.study.study import Study

__all__ = ["LOCAL", "Cluster"]

LOCAL = "local"
"""The address that means: start workers on this machine."""
PATIENCE = 15.0
"""Seconds in which a scheduler must answer."""
LOOK = 1.0
"""Seconds between looks at how many workers there are."""
POLL = 0.02
"""Seconds between looks at whether a batch is done, or Ctrl-C was pressed."""
DEATHS = 1
"""How often a batch may end a worker of this machine and still be tried again."""
_HOW = (
    "start one with `dask scheduler` and workers with `dask worker ADDRESS --nthreads 1`, or say 'local' for "
    "workers on this machine."
)


class Cluster:
    """Runs batches on Dask workers, which may join and leave at any time; it waits for the first.

    address: "local" starts a worker a core on this machine, heard on no other; tcp://host:port (or tls://...) is a
    scheduler; else the scheduler file that `dask scheduler --scheduler-file` wrote. A batch whose worker dies is
    made by another; one that ends several is made here, run by run, and the run that ends a process is a failure.
    Connects at once; `map` can be used one time, and leaves nothing behind. Raises SpecError if Dask is missing, no
    scheduler answers within 15 seconds, or a worker's code is not the same.
    """

    def __init__(self, study: Study, address: str) -> None:
        self.study, self.address = study, address
        self.workers = 1  # batches that can be made at a time, as of the latest look
        self._looked = -math.inf
        with ExitStack() as opened:
            self._client = _connect(address, opened)
            self._ticket = self._client.submit(hand_over, ticket_for(study), key=_key("study"))
            self._look()
            self._opened = opened.pop_all()

    def map(self, batches: Iterable[Runs]) -> Iterator[Done]:
        """Each batch with its outcome, as they are done."""
        deadly: list[Runs] = []
        with _ctrl_c_waits() as heard, _closing(self._opened):
            yield from self._until_done(iter(batches), deadly, heard)
        for batch in deadly:
            yield from alone(self.study, batch)

    def _until_done(
        self, source: Iterator[Runs], deadly: list[Runs], heard: Callable[[], None]
    ) -> Iterator[Done]:
        done = _dask().as_completed(loop=self._client.loop)
        pending: dict[Any, Runs] = {}
        try:
            while True:
                self._look()
                while len(pending) < AHEAD * self.workers and (batch := next(source, None)) is not None:
                    future = self._client.submit(make, self._ticket, batch, key=_key("runs"))
                    pending[future] = batch
                    done.add(future)
                if not pending:
                    return
                while not (finished := done.next_batch(block=False)):
                    heard()
                    time.sleep(POLL)
                for future in finished:
                    batch, outcome = pending.pop(future), self._outcome(future)
                    if outcome is None:
                        deadly.append(batch)
                    else:
                        yield batch, outcome
                        heard()
        finally:
            with suppress(OSError):  # the scheduler may be gone
                self._client.cancel(list(pending))

    def _outcome(self, future: Any) -> Outcome | None:
        """What came of a batch; None if it ended its workers."""
        try:
            answer = future.result()
        except _dask().KilledWorker as error:
            if error.args[0] == self._ticket.key:
                raise self._refused("workers end as soon as they are given the study") from error
            return None
        except Exception as error:  # what runs raise is in their outcome; this is the cluster's
            if future.status != "error":  # no worker's word
                raise self._lost() from error
            raise self._refused(f"runs cannot be made there: {type(error).__name__}: {error}") from error
        if isinstance(answer, Refusal):
            raise self._refused(answer.why)
        return answer

    def _look(self) -> None:
        """Count the workers, unless that was just done."""
        if time.monotonic() - self._looked < LOOK:
            return
        try:
            self.workers = max(1, sum(self._client.nthreads().values()))
        except OSError:
            raise self._lost() from None
        self._looked = time.monotonic()

    def _refused(self, why: str) -> SpecError:
        advice = (
            "Workers need the same cisim as this program, and own code at the same path; then restart them."
        )
        if self.address == LOCAL:
            advice = "Start this program again if cisim was changed since; or leave out --cluster."
        return SpecError(f"{why.rstrip('.')}. {advice}", source=f"Cluster {self.address}")

    def _lost(self) -> SpecError:
        return SpecError(
            "the scheduler is gone; start it again and repeat the command, which goes on where this one stopped.",
            source=f"Cluster {self.address}",
        )


def _dask() -> Any:
    try:
        import distributed
    except ImportError:
        raise SpecError(
            'a cluster needs Dask; install it with: pip install "cisim[cluster]"', source="--cluster"
        ) from None
    return distributed


def _connect(address: str, opened: ExitStack) -> Any:
    """A client of the cluster; it and all that was started for it end with `opened`."""
    dask = _dask()
    place: Any = address if address == LOCAL else _scheduler_at(address)
    opened.enter_context(dask.utils.silence_logging_cmgr(logging.CRITICAL))  # errors tell what matters
    try:
        if address == LOCAL:
            opened.enter_context(main_is_left_alone())
            opened.enter_context(_scratch())
            place = _workers_here(dask, opened)
        return opened.enter_context(dask.Client(place, timeout=PATIENCE, set_as_default=False))
    except (OSError, RuntimeError, ValueError) as error:
        told = f"no scheduler answers at {place} ({error}); {_HOW}"
        if address == LOCAL:
            told = f"no workers can be started on this machine ({error}); leave out --cluster to do without."
        raise SpecError(told, source="--cluster") from error


def _workers_here(dask: Any, opened: ExitStack) -> Any:
    """A worker process a core, heard on this machine alone."""
    scheduler = {"dashboard": False, "allowed_failures": DEATHS}
    with _ctrl_c_waits(), _deaf():
        return opened.enter_context(
            dask.LocalCluster(
                n_workers=cores(), threads_per_worker=1, memory_limit=0, silence_logs=logging.CRITICAL,
                host="127.0.0.1", dashboard_address="127.0.0.1:0", scheduler_kwargs=scheduler,
            )
        )  # fmt: skip


@contextmanager
def _scratch() -> Iterator[None]:
    """A private folder for what Dask writes on this machine; it goes, and so does its place in `sys.path`."""
    import dask

    with TemporaryDirectory(prefix="cisim-", ignore_cleanup_errors=True) as place:
        try:
            with dask.config.set({"temporary-directory": place}):
                yield
        finally:
            sys.path[:] = [entry for entry in sys.path if not entry.startswith(place)]


@contextmanager
def _ctrl_c_waits() -> Iterator[Callable[[], None]]:
    """Ctrl-C, or SIGTERM, takes effect where the function that this gives is called, and after this; never amid Dask's work."""
    pressed: list[int] = []

    def heard() -> None:
        if pressed:
            number = pressed[0]
            pressed.clear()
            raise raised(number)

    if threading.current_thread() is not threading.main_thread():
        yield heard
        return
    before = {
        number: signal.signal(number, lambda number, _: pressed.append(number)) for number in signals_heard()
    }
    try:
        yield heard
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    heard()


@contextmanager
def _deaf() -> Iterator[None]:
    """Threads and processes that are started in this never hear of Ctrl-C."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it would let the signal through again where it is started
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


@contextmanager
def _closing(opened: ExitStack) -> Iterator[None]:
    """Close all of it at the end; what goes wrong there hides nothing of what came before."""
    try:
        yield
    finally:
        with suppress(Exception, asyncio.CancelledError):
            opened.close()


def _scheduler_at(address: str) -> str:
    """The address of the scheduler: as given, or from its file."""
    if re.fullmatch(r"(tcp|tls)://.+:\d+", address):
        return address
    try:
        told = json.loads(Path(address).read_text(encoding="utf-8"))
        return str(told["address"])
    except FileNotFoundError:
        fault = "is neither a scheduler file that exists nor an address such as tcp://host:8786"
    except OSError as error:
        fault = f"cannot be read as a scheduler file ({error.strerror})"
    except (ValueError, KeyError, TypeError):
        fault = "is no scheduler file (JSON with an address); dask scheduler --scheduler-file FILE writes one"
    raise SpecError(f"{address}: {fault}; {_HOW}", source="--cluster")


def _key(what: str) -> str:
    """A name that no other task of the scheduler has."""
    return f"cisim-{what}-{secrets.token_hex(8)}"

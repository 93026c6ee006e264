"""Where batches of runs are made: in this process, or in worker processes. `cluster` adds Dask.

A runner takes batches one by one and gives each back with its outcome as it is done, in any order. All use the
same task, and a run's result rests on nothing but itself, so every runner gives the same results.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import numpy as np

from cisim.errors import SpecError
from cisim.study.running.code import code_of_cisim, own_code
from cisim.study.running.ending import end_with_parent
from cisim.study.running.engines import Engine, Failure, Outcome, Runs, engine_for, timed

if TYPE_CHECKING:
    from cisim.study.study import Study

__all__ = ["AHEAD", "Done", "Processes", "Runner", "Serial", "alone", "cores", "main_is_left_alone"]

Done = tuple[Runs, Outcome]
CHANGED = (
    "the code was changed while the study runs; give the same command again, which goes on with the new code."
)
AHEAD = 2
"""Batches in hand for each worker, so that none waits for the next."""
_PRELOAD = ["cisim.study.running.engines", "cisim.engine.compilation", "cisim.engine.batch"]


class Runner(Protocol):
    """Makes batches of runs."""

    workers: int

    def map(self, batches: Iterable[Runs]) -> Iterator[Done]:
        """Each batch with its outcome, as they are done; batches are taken when there is room for them."""


class Serial:
    """One batch after another, in this process."""

    workers = 1

    def __init__(self, study: Study, engine: Engine | None = None) -> None:
        self.engine = engine or engine_for(study)

    def map(self, batches: Iterable[Runs]) -> Iterator[Done]:
        """Each batch with its outcome."""
        for batch in batches:
            yield batch, timed(self.engine, batch)


class Processes:
    """Batches in worker processes, forked from a server that holds nothing but the libraries.

    A worker that dies takes no other run with it: what it had in hand is tried again, run by run, and the run
    that ends a worker twice is a failure.
    """

    def __init__(self, study: Study, workers: int) -> None:
        self.study, self.workers = study, workers

    def map(self, batches: Iterable[Runs]) -> Iterator[Done]:
        """Each batch with its outcome, as they are done."""
        source = iter(batches)
        while True:
            broken: list[Runs] = []
            yield from self._until_broken(source, broken)
            if not broken:
                break
            for batch in broken:
                yield from alone(self.study, batch)

    def _until_broken(self, source: Iterator[Runs], broken: list[Runs]) -> Iterator[Done]:
        with _pool(self.study, self.workers) as pool:
            pending: dict[Future[Outcome], Runs] = {}
            while True:
                while len(pending) < AHEAD * self.workers and (batch := next(source, None)) is not None:
                    pending[pool.submit(_run, batch)] = batch
                if not pending:
                    return
                for future in wait(pending, return_when=FIRST_COMPLETED).done:
                    batch = pending.pop(future)
                    try:
                        outcome = future.result()
                    except BrokenProcessPool:
                        broken.extend([batch, *pending.values()])
                        return
                    yield batch, outcome


def alone(study: Study, batch: Runs) -> Iterator[Done]:
    """The runs of a batch that was in hand when a worker died, each in a pool that it cannot spoil for others."""
    parts = [batch.at(np.array([at])) for at in range(len(batch))]
    while parts:
        with _pool(study, 1) as pool:
            try:
                while parts:
                    yield parts[0], pool.submit(_run, parts[0]).result()
                    parts.pop(0)
            except BrokenProcessPool:
                failure = Failure("WorkerDied", "the worker process ended without a word (memory? a crash?)")
                width = len(study.columns.names)
                yield parts.pop(0), Outcome(np.full((1, width), np.nan), {0: failure})


@contextmanager
def _pool(study: Study, workers: int) -> Iterator[ProcessPoolExecutor]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOAD)
    with main_is_left_alone():
        code = (code_of_cisim(), own_code(engine_for(study)))
        pool = ProcessPoolExecutor(workers, context, _start_worker, (study, code))
        try:
            yield pool
            pool.shutdown()
        except BaseException:
            _end(pool)
            raise


_engine: Engine | SpecError  # of this worker process, or why it has none


def _start_worker(study: Study, code: tuple[str, str]) -> None:
    global _engine
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that writes
    end_with_parent()
    try:
        engine = engine_for(study)
        same = (code_of_cisim(), own_code(engine)) == code
        _engine = engine if same else SpecError(CHANGED, source=f"Study {study.name!r}")
    except SpecError as error:
        _engine = error


def _run(batch: Runs) -> Outcome:
    if isinstance(_engine, SpecError):
        raise _engine
    return timed(_engine, batch)


def _end(pool: ProcessPoolExecutor) -> None:
    """Stop at once; what workers have in hand is made again another time."""
    workers = list((pool._processes or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join(5)


@contextmanager
def main_is_left_alone() -> Iterator[None]:
    """Workers need nothing of the script that started them, so they do not import it once more.

    Without this a script that runs a study outside of `if __name__ == "__main__"` would run itself in each worker.
    """
    main = sys.modules["__main__"]
    kept = {name: getattr(main, name) for name in ("__file__", "__spec__") if hasattr(main, name)}
    for name in kept:
        setattr(main, name, None)
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(main, name, value)


def cores() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1

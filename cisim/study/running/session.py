"""One sitting of a study: what is missing is run, and kept as it comes."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.errors import StoreError
from cisim.study.kept.record import Session, keep_study, place_of
from cisim.study.kept.store import Store, Table
from cisim.study.running.ending import Terminated
from cisim.study.running.engines import Engine, Outcome, Runs, engine_for, warm_up
from cisim.study.running.plan import LARGEST, Shard, Todo, keyed_points, left_to_do
from cisim.study.running.runners import Processes, Runner, Serial, cores
from cisim.study.running.worlds import Worlds
from cisim.world.disk import make_folder

if TYPE_CHECKING:
    from cisim.study.study import Study

__all__ = ["Progress", "Report", "run_study"]

BATCH_SECONDS = 0.5
"""How long a batch should take: long beside what it costs to send, short beside a person's patience."""
FLUSH_SECONDS, FLUSH_SHARE = 1.0, 0.01
"""Runs are written at least this often, or after this share of the time so far: what a sudden end can cost."""
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)
"""What a disk says that knows no locks."""
TRIED = 3
"""Batches that are made in this process first, to see what a run costs."""
POOL_PAYS = 3.0
"""Seconds of work left from which on it pays to start worker processes."""


@dataclass(frozen=True)
class Progress:
    """How far a study is: runs done now and kept already, of the whole; failures; rate a second; bytes written."""

    done: int
    already: int
    whole: int
    failed: int
    seconds: float
    rate: float
    written: int

    @property
    def seconds_left(self) -> float:
        """Time left at the present rate."""
        return (self.whole - self.already - self.done) / self.rate if self.rate > 0 else float("inf")


@dataclass(frozen=True)
class Report:
    """How a sitting ended. `stopped`: None if all is done, else "budget", "interrupted" or "terminated".

    already: runs that were kept before, failures among them (failed_before).
    """

    study: str
    whole: int
    already: int
    done: int
    failed: int
    failed_before: int
    seconds: float
    written: int
    workers: int
    stopped: str | None = None

    @property
    def left(self) -> int:
        """Runs still to be made."""
        return self.whole - self.already - self.done


Watch = Callable[[Progress], None]


def run_study(
    study: Study,
    out: Path,
    *,
    workers: int | None = None,
    cluster: str | None = None,
    budget: float | None = None,
    shard: Shard | None = None,
    retry: bool = False,
    watch: Watch | None = None,
    compiling: Callable[[], None] = lambda: None,
    command: Sequence[str] = (),
    engine: Engine | None = None,
) -> Report:
    """Run what the store in `out` lacks of a study, and keep it there.

    workers: processes (default: one a core; none is started where that would not pay). cluster: address of a
    Dask scheduler, in place of processes. budget: seconds after which no batch is started. shard: only this part.
    retry: also runs that failed before. watch: called as runs are kept. compiling: called ahead of what takes half a
    minute, once for each rule set. engine: another one than the study's, in this process. Ctrl-C ends it with what is
    done kept; so does SIGTERM within `ending.sigterm_heard`. Raises StoreError.
    """
    store = Store.make(out)
    part = shard or Shard()
    local = engine or engine_for(study)
    worlds = getattr(local, "worlds", None) or Worlds(
        study.scenarios, study.factor_names, lambda _: repr(local), study.plans
    )
    points = keyed_points(study, worlds)
    with _only_one(place_of(store.folder, study.name), part):
        keep_study(store.folder, study, points)
        todo = left_to_do(study, points, store, part, retry=retry)
        if len(todo) and cluster is None:
            warm_up(local, points, before=compiling)
        sitting = _Sitting(study, store, todo, worlds, budget, watch)
        one = engine is not None or workers == 1
        runners = _Runners(study, Serial(study, local), 1 if one else workers or cores(), cluster)
        session = Session(store.folder, study, command, cluster or f"{runners.most} processes")
        return sitting.run(runners, session)


class _Runners:
    """First this process, to see what a run costs; then what suits the work that is left."""

    def __init__(self, study: Study, serial: Serial, most: int, cluster: str | None) -> None:
        self.study, self.serial, self.most, self.cluster = study, serial, most, cluster

    @property
    def tries_here(self) -> bool:
        """True if the first batches can be made here; an own model might end the process that it runs in."""
        return self.cluster is None and (self.most == 1 or self.study.model is None)

    def choose(self, seconds_left: float) -> Runner:
        if self.cluster is not None:
            from cisim.study.running.cluster import Cluster

            return Cluster(self.study, self.cluster)
        if self.most > 1 and seconds_left > POOL_PAYS:
            return Processes(self.study, self.most)
        return self.serial


class _Sitting:
    """The loop: take a batch, keep what came of it, tell how far it is."""

    def __init__(
        self,
        study: Study,
        store: Store,
        todo: Todo,
        worlds: Worlds,
        budget: float | None,
        watch: Watch | None,
    ) -> None:
        self.study, self.store, self.todo, self.worlds, self.watch = study, store, todo, worlds, watch
        self.started = time.monotonic()
        self.deadline = float("inf") if budget is None else self.started + budget
        self.table = store.table(study.columns.stored)
        self.waiting = _Waiting(store, self.table, study.name)
        self.done = self.failed = 0
        self.run_seconds = 0.0  # of one run in one worker
        self.runner: Runner | None = None

    @property
    def workers(self) -> int:
        """Workers as of now; those of a cluster join and leave."""
        return 1 if self.runner is None else self.runner.workers

    def run(self, runners: _Runners, session: Session) -> Report:
        stopped: str | None = None
        try:
            batches = self.todo.batches(self.worlds, self._size)
            if runners.tries_here:
                self._take(runners.serial, islice(batches, TRIED))
            if self.done < len(self.todo):
                self.runner = runners.choose(self.run_seconds * (len(self.todo) - self.done) or float("inf"))
                self._take(self.runner, batches)
            if self.done < len(self.todo):
                stopped = "budget"
        except KeyboardInterrupt as end:
            stopped = "terminated" if isinstance(end, Terminated) else "interrupted"
        except BaseException as error:
            with suppress(StoreError):
                self.waiting.flush()
            with suppress(StoreError):
                session.end(vars(self._report(f"{type(error).__name__}: {error}")))
            raise
        self.waiting.flush()
        report = self._report(stopped)
        session.end(vars(report))
        return report

    def _take(self, runner: Runner, batches: Iterator[Runs]) -> None:
        with closing(runner.map(batches)) as finished:  # type: ignore[type-var]
            for batch, outcome in finished:
                self._keep(batch, outcome)

    def _keep(self, batch: Runs, outcome: Outcome) -> None:
        self.waiting.add(batch, outcome)
        self.done += len(batch)
        self.failed += len(outcome.failures)
        latest = outcome.seconds / len(batch)
        self.run_seconds = latest if self.run_seconds == 0 else 0.7 * self.run_seconds + 0.3 * latest
        elapsed = time.monotonic() - self.started
        self.waiting.flush_after(max(FLUSH_SECONDS, FLUSH_SHARE * elapsed))
        if self.watch is not None:
            self.watch(self._progress(elapsed))

    def _size(self) -> int:
        """Runs of the next batch: few until it is known what they cost, none when the time is up."""
        if time.monotonic() + self.run_seconds >= self.deadline:
            return 0
        if self.done == 0:
            return 8
        fitting = min(BATCH_SECONDS, max(0.0, self.deadline - time.monotonic()))
        rest = -(-(len(self.todo) - self.done) // (4 * self.workers))  # so that workers end together
        return max(1, min(LARGEST, int(fitting / max(self.run_seconds, 1e-9)), max(rest, 16)))

    def _progress(self, elapsed: float) -> Progress:
        rate = self.done / elapsed if elapsed > 0 else 0.0
        todo = self.todo
        return Progress(self.done, todo.already, todo.whole, self.failed, elapsed, rate, self.waiting.written)

    def _report(self, stopped: str | None) -> Report:
        elapsed = time.monotonic() - self.started
        return Report(
            self.study.name, self.todo.whole, self.todo.already, self.waiting.kept, self.failed,
            self.todo.failed, round(elapsed, 3),
            self.waiting.written, self.workers, stopped,
        )  # fmt: skip


class _Waiting:
    """Batches that are done and not yet on the disk."""

    def __init__(self, store: Store, table: Table, study: str) -> None:
        self.store, self.table, self.study = store, table, study
        self.batches: list[tuple[Runs, Outcome]] = []
        self.kept = self.written = 0
        self.last = time.monotonic()

    def add(self, batch: Runs, outcome: Outcome) -> None:
        self.batches.append((batch, outcome))  # in one step, so that Ctrl-C cannot leave half of it

    def flush_after(self, seconds: float) -> None:
        """Write if it is that long since it was last done."""
        if time.monotonic() - self.last >= seconds:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        held = len(self.batches)
        if failures := [row for batch, outcome in self.batches for row in self._failures(batch, outcome)]:
            self.store.add_failures(self.table.columns, failures)
        sound = [_sound(batch, outcome) for batch, outcome in self.batches]
        if keys := [key for part in sound for key in part[0]]:
            replicates, values = (np.concatenate([part[at] for part in sound]) for at in (1, 2))
            self.written += self.table.add(keys, replicates, values)
        del self.batches[:held]
        self.kept += len(keys) + len(failures)
        self.last = time.monotonic()

    def _failures(self, batch: Runs, outcome: Outcome) -> list[dict[str, Any]]:
        return [
            {"key": batch.keys[at], "replicate": int(batch.replicates[at]), "study": self.study}
            | vars(failure)
            for at, failure in outcome.failures.items()
        ]


def _sound(batch: Runs, outcome: Outcome) -> tuple[list[str], np.ndarray, np.ndarray]:
    """(keys, replicates, values) of the runs that have a result."""
    if not outcome.failures:
        return batch.keys, batch.replicates, outcome.values
    kept = [at for at in range(len(batch)) if at not in outcome.failures]
    return [batch.keys[at] for at in kept], batch.replicates[kept], outcome.values[kept]


@contextmanager
def _only_one(place: Path, shard: Shard) -> Iterator[None]:
    """Refuse to run the same part of a study twice at the same time."""
    try:
        import fcntl
    except ImportError:  # not on every system
        yield
        return
    path = make_folder(place) / f".running-{shard.number}-of-{shard.of}"
    with ExitStack() as opened:
        try:
            file = opened.enter_context(open(path, "w"))
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(
                f"{place}: another process runs this study here; wait for it, or take a --shard."
            ) from None
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise StoreError(f"{path}: cannot be written ({error.strerror}).") from error
        yield

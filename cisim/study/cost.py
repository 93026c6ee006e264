"""What a study would cost, before anything is kept: time and disk, from some runs that are tried."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from cisim.study.running.plan import arrays_of

if TYPE_CHECKING:
    import polars as pl

    from cisim.study.running.engines import Compiled, MesaEngine, Outcome
    from cisim.study.study import Study

__all__ = ["Estimate", "estimate"]

PROBE_SECONDS, PROBE_RUNS = 1.0, 500
KEY_BYTES = 12
"""Bytes of a key, which nothing can make shorter: it is a hash."""


@dataclass(frozen=True)
class Estimate:
    """seconds: of one core a run. bytes: on disk a run. part, files: bytes of a part, and of the study, without runs.

    runs: tried for it; failures: why some of them failed.
    """

    seconds: float
    bytes: float
    part: float
    files: float
    runs: int
    failures: tuple[str, ...] = ()

    def disk(self, runs: int, workers: int) -> float:
        """Bytes on disk for so many more runs: theirs, those of the parts that they come in, those of the study's files."""
        if runs == 0:
            return 0.0
        return self.files + self.part * parts_in(runs * self.seconds / workers) + runs * self.bytes


def parts_in(seconds: float) -> float:
    """Parts that are written in this long: one a second, later one after each hundredth of the time, and the last."""
    from cisim.study.running.session import FLUSH_SECONDS, FLUSH_SHARE

    turn = FLUSH_SECONDS / FLUSH_SHARE
    late = math.log(seconds / turn) / FLUSH_SHARE if seconds > turn else 0.0
    return math.floor(min(seconds, turn) / FLUSH_SECONDS + late) + 1


def estimate(study: Study, points: pl.DataFrame) -> Estimate:
    """What a run costs, from about a second of runs at points spread over the design; nothing is kept.

    The first run is made twice and timed the second time, as the first time may have to compile or load something.
    """
    from cisim.study.running.engines import engine_for, warm_up

    engine = engine_for(study)
    warm_up(engine, points)
    rng = np.random.Generator(np.random.Philox(0))
    spread = rng.permutation(len(points))
    names = [rng.bytes(KEY_BYTES).hex() for _ in range(min(len(points), PROBE_RUNS))]
    seconds, tried, values = 0.0, 0, []
    failures: list[str] = []
    _try(study, engine, points, spread, np.arange(1))
    while seconds < PROBE_SECONDS and tried < PROBE_RUNS:
        places = np.arange(tried, min(PROBE_RUNS, tried + max(1, min(64, 2 * tried))))
        outcome = _try(study, engine, points, spread, places)
        values.append(outcome.values)
        failures += [f"{failure.kind}: {failure.message}" for failure in outcome.failures.values()]
        seconds, tried = seconds + outcome.seconds, tried + len(places)
    content = _Content(study, [names[at % len(points)] for at in range(tried)], np.concatenate(values))
    bytes_a_run, part = content.sizes()
    files = _files(study, points)
    return Estimate(outcome.seconds / len(places), bytes_a_run, part, files, tried, tuple(failures))


def _try(
    study: Study, engine: Compiled | MesaEngine, points: pl.DataFrame, spread: np.ndarray, places: np.ndarray
) -> Outcome:
    """Runs in the order of a study: all points in one world, then in the next, and the first world after the last."""
    from cisim.study.running.engines import Runs, timed

    part = points[spread[places % len(points)]]
    replicates = (places // len(points) % study.replicates).astype(np.uint32)
    return timed(engine, Runs([""] * len(part), arrays_of(part, engine.worlds), replicates))


@dataclass(frozen=True)
class _Content:
    """Runs that were tried, as they would be kept."""

    study: Study
    keys: list[str]
    values: np.ndarray

    def sizes(self) -> tuple[float, float]:
        """(bytes a run, bytes of a part beside its runs)."""
        count = len(self.keys)
        whole, one = self._size(count), self._size(1)
        if count == 1:
            return 0.1 * one, 0.9 * one
        a_run = max(0.0, (whole - one) / (count - 1))
        return a_run, max(0.0, one - a_run)

    def _size(self, count: int) -> int:
        from cisim.study.kept.store import part_content

        columns = self.study.columns.names
        return len(part_content(self.keys[:count], np.arange(count), self.values[:count], columns))


def _files(study: Study, points: pl.DataFrame) -> int:
    """Bytes of a store that has the study and its points and no runs yet, written in a folder that goes at once."""
    import polars as pl

    from cisim.study.kept.record import Session, keep_study
    from cisim.study.kept.store import Store

    rng = np.random.Generator(np.random.Philox(1))
    keys = [rng.bytes(KEY_BYTES).hex() for _ in range(len(points))]
    index = [pl.Series("point", range(len(points)), dtype=pl.UInt32), pl.Series("key", keys, dtype=pl.String)]
    with TemporaryDirectory(prefix="cisim-") as place:
        store = Store.make(Path(place) / "store")
        store.table(study.columns.stored)
        keep_study(store.folder, study, pl.DataFrame([*index, *points.get_columns()]))
        Session(store.folder, study, ["cisim"], "")
        return store.size()

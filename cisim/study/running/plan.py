"""What is left to do of a study, in which order, and in which batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cisim.study.running.engines import Runs

if TYPE_CHECKING:
    from cisim.study.kept.store import Store
    from cisim.study.running.worlds import Worlds
    from cisim.study.study import Study

__all__ = ["Shard", "Todo", "keyed_points", "left_to_do"]

_ORDER = 0x5EED
"""Seed of the order in which points are visited; it has no effect on any result."""
LARGEST = 4096
"""Most runs in a batch."""


@dataclass(frozen=True)
class Shard:
    """Part `number` of `of`, counting from 1."""

    number: int = 1
    of: int = 1


def keyed_points(study: Study, worlds: Worlds) -> pl.DataFrame:
    """The study's points with their number and key; a point that repeats another has its key."""
    points = study.points()
    keys: list[str] = []
    for part in points.iter_slices(20_000):
        keys += worlds.keys(arrays_of(part, worlds), len(part), study.seed)
    index = [pl.Series("point", range(len(points)), dtype=pl.UInt32), pl.Series("key", keys, dtype=pl.String)]
    return pl.DataFrame([*index, *points.get_columns()])


def arrays_of(points: pl.DataFrame, worlds: Worlds) -> dict[str, Any]:
    """Points as an engine takes them: arrays for numbers (NaN: inactive), lists for what makes another world."""
    numbers = {name: points[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for name in worlds.numbers}
    return numbers | {name: points[name].to_list() for name in worlds.structure}


class Todo:
    """Runs left to do, as positions in an order in which whatever has run is a fair sample of the whole.

    Replicate by replicate, and within one by a random permutation of the points.
    """

    def __init__(
        self, points: pl.DataFrame, replicates: int, shard: Shard, done: pl.DataFrame, failed: int = 0
    ) -> None:
        self.failed = failed
        self.distinct = points.unique("key", keep="first", maintain_order=True)
        count = len(self.distinct)
        order = np.random.Generator(np.random.Philox(_ORDER)).permutation(count)
        places = pl.DataFrame({"key": self.distinct["key"], "place": np.argsort(order).astype(np.int64)})
        had = np.zeros(count * replicates, dtype=bool)
        known = done.filter(pl.col("replicate") < replicates).join(places, on="key", how="inner")
        had[known["replicate"].to_numpy().astype(np.int64) * count + known["place"].to_numpy()] = True
        own = np.arange(count * replicates) % shard.of == shard.number - 1
        self.whole = int(own.sum())
        self.positions = np.flatnonzero(own & ~had)
        self._order, self._count = order, count

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def already(self) -> int:
        """Runs of this part that are kept already."""
        return self.whole - len(self)

    def batches(self, worlds: Worlds, size: Callable[[], int]) -> Iterator[Runs]:
        """Runs in order; `size()` says how many the next batch has, none ends it."""
        at = 0
        while at < len(self.positions) and (count := min(LARGEST, size())) > 0:
            chosen = self.positions[at : at + count]
            at += len(chosen)
            part = self.distinct[self._order[chosen % self._count]]
            replicates = (chosen // self._count).astype(np.uint32)
            yield Runs(part["key"].to_list(), arrays_of(part, worlds), replicates)


def left_to_do(
    study: Study, points: pl.DataFrame, store: Store | None, shard: Shard, *, retry: bool = False
) -> Todo:
    """The runs of a study, or of a part of it, that the store has neither results nor failures of."""
    done = failed = pl.DataFrame(schema={"key": pl.String, "replicate": pl.UInt32})
    if store is not None:
        index = [pl.col("key"), pl.col("replicate")]
        mine = points.lazy().select("key").unique()
        stored = study.columns.stored
        kept = store.runs(stored).select(index).join(mine, on="key", how="semi").collect()
        failures = store.failures(stored).select(index).join(mine, on="key", how="semi")
        failed = failures.join(kept.lazy(), on=["key", "replicate"], how="anti").collect()
        done = kept if retry else pl.concat([kept, failed])
    return Todo(points, study.replicates, shard, done, 0 if retry else failed.height)

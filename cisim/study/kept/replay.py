"""One run of a study again, exactly, from its key."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cisim.errors import RunError, SpecError
from cisim.study.kept.results import Results
from cisim.study.kept.store import Store
from cisim.study.running.engines import Runs, engine_for
from cisim.study.running.plan import arrays_of

if TYPE_CHECKING:
    import os

    from cisim.world.scenario import Scenario

__all__ = ["Found", "Replay", "find", "replay"]


@dataclass(frozen=True)
class Found:
    """A run of a store, found by its key and replicate; nothing is run yet."""

    results: Results
    point: pl.DataFrame
    replicate: int

    @property
    def run(self) -> str:
        """Its whole name, KEY-REPLICATE."""
        return f"{self.point['key'].item()}-{self.replicate}"

    @property
    def settings(self) -> dict[str, Any]:
        """{factor: value} of its point."""
        return self.results.study.settings_of(self._values, 0)

    @property
    def scenario(self) -> Scenario:
        """Its complete scenario. Raises SpecError where the point makes none that is sound."""
        return self.results.study.scenario_of(self._values, 0)[0]

    @property
    def _values(self) -> dict[str, Any]:
        return {name: self.point[name] for name in self.results.factors}


@dataclass(frozen=True)
class Replay:
    """A run made again: what is kept of it now (`values`), and the row that the store has (`kept`), if any."""

    found: Found
    values: dict[str, float]
    kept: dict[str, float] | None

    @property
    def same(self) -> bool | None:
        """True if both agree to the last bit; None where the store has no row for it."""
        if self.kept is None:
            return None
        return all(np.array_equal(self.values[name], self.kept[name], equal_nan=True) for name in self.values)


def find(run: str, folder: str | os.PathLike[str], study: str | None = None) -> Found:
    """The run `KEY-REPLICATE` of a store; the first letters of the key are enough.

    Raises SpecError if there is no such run, StoreError if there is no such store.
    """
    told = re.fullmatch(r"([0-9a-f]{4,24})-(\d{1,9})", run.strip())
    if told is None:
        raise SpecError(f"must be KEY-REPLICATE such as 3f2a9c0d-17, given {run!r}.", source="Run")
    start, replicate = told[1], int(told[2])
    results, points = _holding(start, replicate, folder, study)
    if len(points) > 1:
        raise SpecError(
            f"{len(points)} points have a key that starts with {start!r}; write more of it.", source="Run"
        )
    if replicate >= results.study.replicates:
        raise SpecError(
            f"study {results.study.name!r} has replicates 0 to {results.study.replicates - 1}, given {replicate}.",
            source="Run",
        )
    return Found(results, points, replicate)


def replay(run: str, folder: str | os.PathLike[str], study: str | None = None) -> Replay:
    """Make a run of a store again. Raises what `find` raises, and RunError if the run fails, as it did before."""
    found = find(run, folder, study)
    results, point = found.results, found.point
    engine = engine_for(results.study)
    replicates = np.array([found.replicate], np.uint32)
    outcome = engine.run(Runs(point["key"].to_list(), arrays_of(point, engine.worlds), replicates))
    if failure := outcome.failures.get(0):
        where = ["--from", str(results.store.folder), "--study", results.study.name]
        raise RunError(
            f"{failure.kind}: {failure.message}", scenario=results.study.name, replicate=found.replicate,
            month=failure.month, repeat=shlex.join(["cisim", "replay", found.run, *where]),
        )  # fmt: skip
    values = dict(zip(results.columns, outcome.values[0].tolist(), strict=True))
    of = (pl.col("point") == point["point"].item()) & (pl.col("replicate") == found.replicate)
    row = results.runs().filter(of).select(pl.col(results.columns).fill_null(np.nan)).collect()
    return Replay(found, values, row.row(0, named=True) if len(row) else None)


def _holding(
    start: str, replicate: int, folder: str | os.PathLike[str], study: str | None
) -> tuple[Results, pl.DataFrame]:
    """The study in which a point's key starts so, and those points; one with enough replicates, if any has."""
    known = Store.open(folder).studies() if study is None else [study]
    views = [Results.open(folder, name) for name in known]
    having = []
    for view in views:
        points = view.points().filter(pl.col("key").str.starts_with(start)).unique("key", maintain_order=True)
        if len(points):
            having.append((view, points))
    if not having:
        raise SpecError(
            f"no point of {', '.join(known) or 'any study'} has a key that starts with {start!r}.",
            source="Run",
        )
    return next((pair for pair in having if pair[0].study.replicates > replicate), having[0])

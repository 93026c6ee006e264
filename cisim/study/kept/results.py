"""What a store holds of one study, as tables: lazy, so that a million runs need not fit in memory.

results = Results.open("out")
results.runs()                        # a row a run: point, factors, replicate, and all kept numbers
results.series("severity")            # a row a run and month
results.points()                      # the design
"""

from __future__ import annotations

import hashlib
import os
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cisim.errors import SpecError, StoreError, did_you_mean
from cisim.study.kept.record import load_study, place_of, sessions
from cisim.study.kept.store import Store
from cisim.world.disk import write_whole

if TYPE_CHECKING:
    import pandas as pd

    from cisim.study.study import Study

__all__ = ["Results"]


class Results:
    """The runs of one study in a store; other studies there share the store and not this view."""

    def __init__(self, store: Store, study: Study) -> None:
        self.store, self.study = store, study

    @classmethod
    def open(cls, folder: str | os.PathLike[str], study: str | None = None) -> Results:
        """The results in a folder; `study` names one where there are several. Raises StoreError."""
        store = Store.open(folder)
        known = store.studies()
        if not known:
            raise StoreError(
                f"{folder}: holds no study yet; run one with: cisim study run FILE --out {folder}"
            )
        if study is None and len(known) > 1:
            raise StoreError(f"{folder}: holds several studies; name one of {', '.join(known)}.")
        if study is not None and study not in known:
            raise StoreError(f"{folder}: holds no study {study!r}.{did_you_mean(study, known)}")
        return cls(store, load_study(store.folder, study or known[0]))

    @property
    def factors(self) -> list[str]:
        """The names of the factors."""
        return self.study.factor_names

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the numbers kept of each run: `measure@month`, and summaries."""
        return self.study.columns.names

    def points(self) -> pl.DataFrame:
        """point, key, and the value of each factor (null: inactive); a row a point of the design."""
        return pl.read_parquet(place_of(self.store.folder, self.study.name) / "points.parquet")

    def runs(self, columns: Sequence[str] | None = None) -> pl.LazyFrame:
        """point, key, factors, replicate, and numbers kept, a row a run, in no particular order.

        columns: of the numbers kept (default: all). No value (null) stands where a measure has none, and for a
        month that was never reached.
        """
        wanted = self._known(columns)
        # points are the small side; the runs stream past them
        stored = dict(zip(self.columns, self.study.columns.stored, strict=True))
        kept = self.store.runs([stored[name] for name in wanted]).rename(
            {stored[name]: name for name in wanted}
        )
        runs = kept.filter(pl.col("replicate") < self.study.replicates)
        points = self.points().lazy()
        index = ["point", "key", *self.factors, "replicate"]
        return runs.join(points, on="key", how="inner", maintain_order="none").select(*index, *wanted)

    def table(self, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """The same as `runs`, collected, by point and replicate."""
        return self.runs(columns).collect(engine="streaming").sort("point", "replicate")

    def to_pandas(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """The table as pandas (needs pandas)."""
        try:
            import pandas as pd
        except ImportError as missing:
            raise SpecError("to_pandas needs pandas; install it with: pip install pandas") from missing
        frame = self.table(columns)
        return pd.DataFrame({name: frame[name].to_list() for name in frame.columns}).infer_objects()

    def series(self, measure: str) -> pl.LazyFrame:
        """point, factors, replicate, month, and the measure: a row a run and month kept."""
        months = {f"{measure}@{month}": month for month in self.study.columns.months}
        if measure not in self.study.columns.measures:
            raise SpecError(
                f"no measure {measure!r} was kept.{did_you_mean(measure, self.study.columns.measures)}"
            )
        long = self.runs(list(months)).unpivot(
            list(months),
            index=["point", "key", *self.factors, "replicate"],
            variable_name="month",
            value_name=measure,
        )
        return long.with_columns(pl.col("month").replace_strict(months, return_dtype=pl.UInt32))

    def array(self, column: str | Sequence[str]) -> np.ndarray:
        """(points, replicates), or (points, replicates, columns) of several; NaN where there is no run or value.

        Points that repeat another share its runs.
        """
        wanted = self._known([column] if isinstance(column, str) else column)
        points = self.points()
        found = np.full((len(points), self.study.replicates, len(wanted)), np.nan)
        table = self.runs(wanted).select("point", "replicate", *wanted).collect(engine="streaming")
        at = (table["point"].to_numpy(), table["replicate"].to_numpy())
        for place, name in enumerate(wanted):
            found[(*at, place)] = table[name].fill_null(np.nan).to_numpy()
        return found[:, :, 0] if isinstance(column, str) else found

    def made(self) -> np.ndarray:
        """(points, replicates): 1 where a run is kept, else NaN."""
        points = self.points()
        found = np.full((len(points), self.study.replicates), np.nan)
        table = self.runs([]).select("point", "replicate").collect(engine="streaming")
        found[table["point"].to_numpy(), table["replicate"].to_numpy()] = 1.0
        return found

    def __repr__(self) -> str:
        counts = self.counts()
        return f"<Results of study {self.study.name!r}: {counts['done']:,} of {counts['runs']:,} runs in {self.store.folder}>"

    def failures(self) -> pl.DataFrame:
        """run, point, factors, replicate, kind, message, month and the line that repeats it; a row a failed run."""
        stored = self.study.columns.stored
        done = self.store.runs(stored).select("key", "replicate")
        failed = self.store.failures(stored).filter(pl.col("replicate") < self.study.replicates)
        frame = (
            failed.join(done, on=["key", "replicate"], how="anti")
            .join(self.points().lazy(), on="key", how="inner")
            .collect()
            .sort("point", "replicate")
        )
        run = pl.format("{}-{}", "key", "replicate")
        where = shlex.join(["--from", str(self.store.folder), "--study", self.study.name])
        repeat = pl.format("cisim replay {} {}", run, pl.lit(where))
        columns = ["run", "point", *self.factors, "replicate", "kind", "message", "month", "repeat"]
        return frame.with_columns(run.alias("run"), repeat.alias("repeat")).select(columns)

    def counts(self) -> dict[str, int]:
        """points, runs in all, runs done, runs failed, runs left."""
        points = self.points().select("key").unique()
        whole = len(points) * self.study.replicates
        done = (
            self.store.runs(self.study.columns.stored)
            .filter(pl.col("replicate") < self.study.replicates)
            .join(points.lazy(), on="key", how="semi")
            .select(pl.len())
            .collect(engine="streaming")
            .item()
        )
        failed = self.failures().unique("run").height
        return {
            "points": len(points),
            "runs": whole,
            "done": done,
            "failed": failed,
            "left": whole - done - failed,
        }

    def digest(self) -> str:
        """A hash of the whole table by point and replicate: equal if and only if every number is."""
        frame = self.table()
        text = hashlib.blake2b("\0".join(frame.columns).encode(), digest_size=16)
        for name in frame.columns:
            column = frame[name]
            if column.dtype == pl.String:
                text.update("\0".join(value or "\1" for value in column.to_list()).encode())
            else:
                filled = column.cast(pl.Float64).fill_null(np.nan).to_numpy()
                text.update(np.ascontiguousarray(filled).tobytes())
        return text.hexdigest()

    def write(self, path: str | os.PathLike[str], table: pl.DataFrame | None = None) -> None:
        """Write the table, or another one of these runs, to one file, .parquet or .csv; whole or not at all."""
        import io

        target, content = Path(path), io.BytesIO()
        writers: Mapping[str, Any] = {".parquet": pl.DataFrame.write_parquet, ".csv": pl.DataFrame.write_csv}
        if target.suffix not in writers:
            raise SpecError(f"a table is written as .parquet or .csv, given {target.name!r}.")
        writers[target.suffix](self.table() if table is None else table, content)
        write_whole(target, content.getvalue())

    def sessions(self) -> list[dict[str, Any]]:
        """What each sitting of the study wrote down: command, code, packages, machine, times."""
        return sessions(self.store.folder, self.study.name)

    def _known(self, columns: Sequence[str] | None) -> list[str]:
        if columns is None:
            return list(self.columns)
        faults = [
            f"no number {c!r} was kept.{did_you_mean(c, self.columns)}"
            for c in columns
            if c not in self.columns
        ]
        if faults:
            raise SpecError(faults, source="Results")
        return list(columns)

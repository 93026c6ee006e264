"""Many replicates of one scenario, compiled and in parallel, as labelled results."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.engine.batch import Histories, kernel_for, run_batch, uncompiled
from cisim.engine.streams import check_address
from cisim.errors import RunError, SpecError, did_you_mean
from cisim.theory.measures import MEASURES
from cisim.world.blueprint import Blueprint
from cisim.world.fields import listed
from cisim.world.scenario import Scenario, check_scenario

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

__all__ = ["Ensemble", "History", "simulate"]

BATCH = 3_000_000  # pair-months: under a second, so that progress is seen and Ctrl-C is heard
Progress = Callable[[int, int], None]
Rule = Callable[..., Any]


@dataclass(frozen=True)
class History:
    """The whole coalition of one replicate, month by month.

    organizations: (months + 1, n + 1) and ties: (months + 1, ties), structured by the fields of
    `cisim.theory.state`; ids: of the organizations, the backbone last.
    """

    organizations: np.ndarray
    ties: np.ndarray
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Ensemble:
    """Replicates of one scenario: `values` (replicates, months + 1, measures), month 0 is the start.

    `ensemble["severity"]` is the (replicates, months + 1) array of one measure.
    """

    scenario: Scenario
    seed: int
    replicates: np.ndarray
    measures: tuple[str, ...]
    values: np.ndarray
    histories: Mapping[int, History] = field(default_factory=dict)

    @property
    def months(self) -> np.ndarray:
        """Month numbers, 0 to the horizon."""
        return np.arange(self.values.shape[1])

    def __getitem__(self, measure: str) -> np.ndarray:
        if measure not in self.measures:
            raise SpecError(f"no measure {measure!r} here.{did_you_mean(measure, self.measures)}")
        return self.values[:, :, self.measures.index(measure)]

    def sel(self, measure: str, *, month: int | None = None, replicate: int | None = None) -> Any:
        """One measure, of one month and replicate where these are given (by number)."""
        values = self[measure]
        if replicate is not None:
            values = values[self._position(replicate)]
        return values if month is None else values[..., month]

    def quantiles(self, measure: str, levels: Sequence[float] = (0.1, 0.5, 0.9)) -> np.ndarray:
        """Quantiles over replicates, (levels, months + 1); NaN only where every replicate has NaN."""
        asked = listed(levels, "levels")
        if not all(0.0 <= level <= 1.0 for level in asked):
            raise SpecError(f"levels must be shares from 0 to 1, such as [0.1, 0.5, 0.9], given {levels!r}.")
        values = self[measure]
        known = ~np.isnan(values).all(axis=0)
        result = np.full((len(asked), values.shape[1]), np.nan)
        result[:, known] = np.nanquantile(values[:, known], asked, axis=0)
        return result

    def months_to_target(self) -> np.ndarray:
        """First month in which severity is at or below the scenario's target; NaN if never."""
        reached = self["severity"] <= self.scenario.issue.target
        return np.where(reached.any(axis=1), reached.argmax(axis=1), np.nan)

    def history(self, replicate: int) -> History:
        """The whole history of a replicate that was kept with `keep_history`."""
        if replicate not in self.histories:
            kept = ", ".join(map(str, self.histories)) or "none"
            raise SpecError(
                f"history of replicate {replicate} was not kept; kept: {kept}. "
                f"Ask for it with simulate(..., keep_history=[{replicate}])."
            )
        return self.histories[replicate]

    def to_polars(self) -> pl.DataFrame:
        """A table with a row for each replicate and month, a column for each measure."""
        import polars as pl

        rows, months = self.values.shape[:2]
        index = {
            "replicate": np.repeat(self.replicates, months),
            "month": np.tile(self.months, rows),
        }
        columns = {name: self[name].ravel() for name in self.measures}
        return pl.DataFrame(index | columns)

    def to_pandas(self) -> pd.DataFrame:
        """The table of `to_polars` as pandas, indexed by replicate and month (needs pandas)."""
        try:
            import pandas as pd
        except ImportError as missing:
            raise SpecError("to_pandas needs pandas; install it with: pip install pandas") from missing
        frame = pd.DataFrame({name: self[name].ravel() for name in self.measures})
        frame.index = pd.MultiIndex.from_product([self.replicates, self.months], names=["replicate", "month"])
        return frame

    def _position(self, replicate: int) -> int:
        places = np.flatnonzero(self.replicates == replicate)
        if len(places) == 0:
            raise SpecError(f"no replicate {replicate} here; there are {len(self.replicates)}.")
        return int(places[0])


def simulate(
    scenario: Scenario,
    replicates: int | Sequence[int] = 100,
    seed: int = 0,
    *,
    measures: Iterable[str] | None = None,
    keep_history: Iterable[int] = (),
    threads: int | None = None,
    rules: Mapping[str, Rule] | None = None,
    parameters: np.ndarray | None = None,
    progress: Progress | None = None,
) -> Ensemble:
    """Run replicates of a scenario with the compiled engine.

    replicates: how many (0, 1, ...), or their numbers. seed: 0 to 2³² − 1; scenarios with the same seed
    live in the same worlds. measures: names to report (default: all). keep_history: numbers of replicates
    whose every organization and tie is kept for every month. threads: default, one a core. rules: own
    functions by slot. parameters: structured rows (one for all, or one a replicate in their order) in place of
    all that the scenario says of them, its posterior included; without, replicate r has draw r % P of P.
    progress: called with (done, all) as batches finish. Results do not depend on `threads`.

    Raises SpecError for what cannot be used, RunError if a replicate does not stay finite.
    """
    check_scenario(scenario, "simulate")
    if threads is not None and (not isinstance(threads, int) or threads < 1):
        raise SpecError(f"threads must be a whole number of at least 1, given {threads!r}.", source="Run")
    numbers = _replicate_numbers(replicates)
    check_address(seed, int(numbers.max()) + 1)
    names = _measure_names(measures)
    job = _Job(scenario.lower(), numbers, seed, names, listed(keep_history, "keep_history"), parameters)
    _run(job, kernel_for(job.blueprint, rules), threads or _cores(), progress, own=rules or {})
    ensemble = Ensemble(scenario, seed, numbers, names, job.values, job.histories())
    _refuse_nonsense(ensemble)
    return ensemble


class _Job:
    """The arrays of one ensemble, and the batches that fill them."""

    def __init__(
        self,
        blueprint: Blueprint,
        numbers: np.ndarray,
        seed: int,
        names: tuple[str, ...],
        keep: tuple[int, ...],
        parameters: np.ndarray | None,
    ) -> None:
        unknown = sorted(set(keep) - set(numbers.tolist()))
        if unknown:
            raise SpecError(f"keep_history names replicates that are not run: {unknown}.")
        self.blueprint, self.numbers, self.seed, self.keep = blueprint, numbers, seed, keep
        self.parameters = parameters
        if parameters is not None and (
            len(parameters) not in (1, len(numbers)) or parameters.dtype != blueprint.parameters.dtype
        ):
            raise SpecError(
                f"parameters must be 1 or {len(numbers)} rows of every declared parameter, given "
                f"{len(parameters)} rows; make them with cisim.theory.parameters.record."
            )
        months = blueprint.months + 1
        self.names = names
        _refuse_too_large(len(numbers) * months * len(names) * 8)
        self.values = np.empty((len(numbers), months, len(names)))
        self.kept = np.array([keep.index(n) if n in keep else -1 for n in numbers.tolist()], np.int64)
        self.rooms = Histories(blueprint, len(keep))

    def run(self, kernel: Rule, threads: int, progress: Progress | None) -> None:
        """Fill the arrays in batches, several at a time."""
        batches = self._batches(threads)
        done = 0
        with ThreadPoolExecutor(threads) as pool:
            for size in pool.map(lambda batch: self._fill(kernel, batch), batches):
                done += size
                if progress is not None:
                    progress(done, len(self.numbers))

    def histories(self) -> dict[int, History]:
        """The kept histories by replicate number."""
        ids = self.blueprint.ids
        rooms = self.rooms
        return {n: History(rooms.organizations[at], rooms.ties[at], ids) for at, n in enumerate(self.keep)}

    def _batches(self, threads: int) -> list[slice]:
        cost = (len(self.blueprint.ties) + 50) * self.blueprint.months  # pair-months a replicate
        size = max(1, min(-(-len(self.numbers) // (8 * threads)), BATCH // cost))
        return [slice(at, at + size) for at in range(0, len(self.numbers), size)]

    def _fill(self, kernel: Rule, batch: slice) -> int:
        rows = self.parameters
        if rows is not None and len(rows) > 1:
            rows = rows[batch]
        run_batch(
            kernel, self.blueprint, self.seed, self.numbers[batch], self.values[batch],
            measures=self.names, parameters=rows, kept=self.kept[batch], histories=self.rooms,
        )  # fmt: skip
        return len(self.numbers[batch])


def _run(job: _Job, kernel: Rule, threads: int, progress: Progress | None, own: Mapping[str, Rule]) -> None:
    try:
        job.run(kernel, threads, progress)
    except Exception as error:  # the compiler tells of faults in a rule by errors of many kinds
        if not own:
            raise
        raise uncompiled(own, error) from error


def _replicate_numbers(replicates: int | Sequence[int]) -> np.ndarray:
    """0, 1, ... or the numbers given; refuses none at all, numbers below 0 and what is no whole number."""
    given = np.asarray(replicates)
    whole = given.size > 0 and np.issubdtype(given.dtype, np.integer)
    if whole and given.ndim == 0:
        check_address(0, max(1, int(given)))
        _refuse_too_large(8 * int(given))
    numbers = np.arange(int(given)) if whole and given.ndim == 0 else np.atleast_1d(given)
    if not whole or numbers.ndim != 1 or len(numbers) == 0 or numbers.min() < 0:
        raise SpecError(
            "replicates must be a whole number of at least 1, or a list of whole numbers of at least 0, "
            f"given {replicates!r}.",
            source="Run",
        )
    return numbers.astype(np.int64)


def _measure_names(measures: Iterable[str] | None) -> tuple[str, ...]:
    names = tuple(MEASURES) if measures is None else listed(measures, "measures")
    unknown = [f"unknown measure {n!r}.{did_you_mean(str(n), MEASURES)}" for n in names if n not in MEASURES]
    if unknown:
        raise SpecError(unknown, source="Measures")
    return names


def _refuse_nonsense(ensemble: Ensemble) -> None:
    finite = [at for at, name in enumerate(ensemble.measures) if not MEASURES[name].undefined_while]
    wrong = np.argwhere(~np.isfinite(ensemble.values[:, :, finite]))
    if len(wrong):
        row, month, column = wrong[wrong[:, 1].argmin()]
        replicate = int(ensemble.replicates[row])
        name = ensemble.scenario.name
        raise RunError(
            f"measure {ensemble.measures[finite[column]]!r} is not a finite number",
            scenario=name,
            replicate=replicate,
            month=int(month),
            repeat=f"cisim.simulate(scenario, replicates=[{replicate}], seed={ensemble.seed})",
        )


def _refuse_too_large(size: int) -> None:
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError):  # not on every system
        return
    if size > 0.8 * memory:
        raise SpecError(
            f"results would take {size / 2**30:.1f} GiB and this machine has {memory / 2**30:.1f} GiB; "
            "run fewer replicates at a time, or name the measures that you need (measures=...).",
            source="Run",
        )


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1

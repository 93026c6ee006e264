"""Plans that a study has tried, read from its folder of runs: compared, ranked and priced without a new run.

results = Results.open("plans")
tried = tried_in_study(results)
compare_plans(tried, month=60)

A world is a setting of all other factors and a replicate; it counts where every plan has been run in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from cisim.decision.prices import Prices
from cisim.decision.trying import OWN, REACHED, Tried, outcome_of
from cisim.decision.worlds import Worlds
from cisim.engine.ensemble import Ensemble
from cisim.errors import SpecError
from cisim.insight.crossed import Crossed, drawn_from
from cisim.study.kept.results import Results
from cisim.study.plans.levels import COURSE, PLAN
from cisim.study.running.plan import arrays_of
from cisim.study.running.worlds import World
from cisim.study.running.worlds import Worlds as StudyWorlds

__all__ = ["KeptTried", "tried_in_study", "with_costs"]

Array = np.ndarray[Any, Any]
FEWEST = 2
"""Replicates where settings differ: with one, all share their luck, and no interval can be told."""


@dataclass(frozen=True)
class KeptTried(Tried):
    """The same as `Tried`, of months that were kept. parts: by plan, (places of worlds, their runs) for each scenario.

    first (worlds, plans): the month in which the target is first reached, NaN if never. kept: the months. left_out:
    worlds that were planned and in which some plan has no run.
    """

    parts: tuple[tuple[tuple[Array, Ensemble], ...], ...] = ()
    first: Array | None = None
    kept: tuple[int, ...] = ()
    left_out: int = 0

    def path(self, plan: int, outcome: str) -> Array:
        """(worlds, months + 1): one outcome of one plan in every world; NaN in months that were not kept."""
        horizon = len(self.ensembles[0].months)
        if outcome == REACHED and self.first is not None:
            return np.asarray(np.arange(horizon) >= self.first[:, plan, None], dtype=float)
        told = np.full((self.worlds.replicates, horizon), np.nan)
        for places, ensemble in self.parts[plan]:
            told[places] = outcome_of(ensemble, self.plans[plan], self.prices, outcome)
        return told

    def keep(self, outcome: str) -> str:
        """What to do so that an outcome can be told."""
        return f"write it in [keep] measures of the study, and run it again: now {', '.join(self.ensembles[0].measures)}"

    def at(self, outcome: str, month: int) -> Array:
        """(worlds, plans): one outcome in one month. Raises SpecError for what was not kept; of month 0, gives NaN."""
        faults = []
        if outcome not in OWN and outcome not in self.ensembles[0].measures:
            faults.append(f"{outcome!r} was not kept; {self.keep(outcome)}.")
        if outcome != REACHED and month and month not in self.kept:
            told = ", ".join(map(str, self.kept))
            faults.append(f"month {month} was not kept; the study keeps {told} ([keep] months).")
        if faults:
            raise SpecError(faults, source="Runs of a study")
        return super().at(outcome, month)


def tried_in_study(results: Results, prices: Prices | None = None) -> KeptTried:
    """The plans of a study as they were tried. prices: in place of those of the study, or else the declared ones.

    Raises SpecError for a study that tries no plans, or in which no world has a run of every plan.
    """
    study = results.study
    if len(study.plans) == 0:
        raise SpecError(
            f'it tries no plans: it has no [[factor]] with name = "{PLAN}" (docs/studies.md).',
            source=f"Study {study.name!r}",
        )
    points, settings = _settings(results)
    values, made = results.array(list(results.columns)), ~np.isnan(results.made())
    whole = made[points].all(axis=1)  # (settings, replicates)
    if not whole.any():
        raise SpecError(_no_world(results, len(settings)), source=f"Study {study.name!r}")
    setting, replicate = np.nonzero(whole)
    told = _Told(results, points[setting], replicate, values, prices or study.told.prices or Prices())
    return told.tried(int(whole.size - whole.sum()), _crossed(results, setting, replicate))


def with_costs(results: Results, frame: pl.DataFrame, prices: Prices | None = None) -> pl.DataFrame:
    """A table of runs (`results.table()`) with the name of each plan, and `spent@month`, `spent_in_all@month`.

    Unchanged for a study that tries no plans.
    """
    study = results.study
    if not study.plans:
        return frame
    of = prices or study.told.prices or Prices()
    names = pl.DataFrame({PLAN: list(study.plans), "plan_name": [plan.name for plan in study.plans.values()]})
    found = []
    for key, part in frame.group_by([PLAN], maintain_order=True):
        plan = study.plans[str(key[0])]
        values = part.select(results.columns).cast(pl.Float64).fill_null(np.nan).to_numpy()
        ensembles = _ensembles(
            results, part.select("point", *results.factors), values, part["replicate"].to_numpy()
        )
        columns = {f"{outcome}@{month}": np.full(len(part), np.nan) for outcome in OWN if outcome != REACHED for month in study.columns.months}  # fmt: skip
        for places, ensemble in ensembles:
            for name, column in columns.items():
                outcome, _, month = name.partition("@")
                column[places] = outcome_of(ensemble, plan, of, outcome)[:, int(month)]
        found.append(part.with_columns(pl.Series(name, column) for name, column in columns.items()))
    priced = pl.concat(found) if found else frame
    return priced.join(names, on=PLAN, how="left", maintain_order="left").sort("point", "replicate")


@dataclass(frozen=True)
class _Told:
    """points (worlds, plans): the point of each; replicate (worlds,); values (points, replicates, columns)."""

    results: Results
    points: Array
    replicate: Array
    values: Array
    prices: Prices

    def tried(self, left_out: int, crossed: Crossed | None) -> KeptTried:
        study, plans = self.results.study, tuple(self.results.study.plans.values())
        parts = tuple(self._parts(plan) for plan in range(len(plans)))
        place = [name for name in self.results.columns].index(COURSE[0].name)
        first = np.column_stack(
            [self.values[self.points[:, k], self.replicate, place] for k in range(len(plans))]
        )
        rows = self._rows()
        unknown = tuple(name for name in rows.dtype.names or () if np.ptp(rows[name]) > 0)
        worlds = Worlds(
            next(iter(study.scenarios.values())), len(self.replicate), study.seed, rows, unknown, "study",
            told=self._in_words(left_out, crossed), crossed=crossed,
        )  # fmt: skip
        return KeptTried(
            worlds, plans, self.prices, tuple(of[0][1] for of in parts), parts, first, study.columns.months, left_out
        )  # fmt: skip

    def _parts(self, plan: int) -> tuple[tuple[Array, Ensemble], ...]:
        values = self.values[self.points[:, plan], self.replicate]
        points = self.results.points()[self.points[:, plan]]
        return _ensembles(self.results, points, values, self.replicate)

    def _rows(self) -> Array:
        """(worlds,): the parameters of each, as they were run."""
        points = self.results.points()[self.points[:, 0]]
        found: list[tuple[Array, Array]] = []
        for world, places, numbers in _worlds(self.results, points):
            found.append((places, world.rows(numbers, self.replicate[places])[0]))
        rows = np.empty(len(points), dtype=found[0][1].dtype)
        for places, part in found:
            rows[places] = part
        return rows

    def _in_words(self, left_out: int, crossed: Crossed | None) -> str:
        study, worlds = self.results.study, len(self.replicate)
        others = [name for name in self.results.factors if name != PLAN]
        settings = len(np.unique(self.points[:, 0]))
        told = f"{worlds:,} worlds of study {study.name!r} (seed {study.seed}), the same for every plan"
        if crossed is not None:
            told += f": {settings:,} settings of {_some(others)}, each with the luck of up to {study.replicates:,} replicates"
        if any(scenario.posterior is not None for scenario in study.scenarios.values()):
            told += ", parameters drawn from its posterior sample"
        if left_out:
            told += f"; {left_out:,} worlds more are left out, as some plan has no run there yet, or failed"
        return told


def _settings(results: Results) -> tuple[Array, list[tuple[Any, ...]]]:
    """((settings, plans): the points in which they were tried, the settings of the other factors)."""
    others = [name for name in results.factors if name != PLAN]
    points = results.points()
    found: dict[tuple[Any, ...], dict[str, int]] = {}
    for row in points.select("point", PLAN, *others).iter_rows():
        found.setdefault(row[2:], {}).setdefault(row[1], int(row[0]))
    levels = list(results.study.plans)
    whole = {setting: places for setting, places in found.items() if set(levels) <= places.keys()}
    if not whole:
        raise SpecError(_no_world(results, 0), source=f"Study {results.study.name!r}")
    return np.array([[places[level] for level in levels] for places in whole.values()]), list(whole)


def _no_world(results: Results, settings: int) -> str:
    if settings:
        return "no world has a run of every plan yet; run more of it."
    return (
        f"no setting of the other factors is tried with every plan, as the design is {results.study.file.design.kind}; take a "
        "grid, or random, latin-hypercube or sobol, where every plan meets every point."
    )


def _crossed(results: Results, setting: Array, replicate: Array) -> Crossed | None:
    """What the worlds share: luck where settings differ, draws of a posterior that come more than once.

    None where nothing is shared. Raises SpecError for too few replicates.
    """
    replicates, at = np.unique(replicate, return_inverse=True)
    alike = drawn_from((results.study.base,), replicates)
    if len(np.unique(setting)) == 1:
        return alike if alike is None else replace(alike, points=alike.points[at], replicates=replicate)
    luck = replicate if alike is None else alike.points[at]
    if len(np.unique(luck)) < FEWEST:
        raise SpecError(
            "every setting has the same luck, as there is one replicate, so no interval can be told; write replicates = 20 "
            "or more, and run the study again: what is there is kept.",
            source=f"Study {results.study.name!r}",
        )
    return Crossed(setting, luck, results.study.file.design.sampled)


def _worlds(results: Results, points: pl.DataFrame) -> list[tuple[World, Array, Mapping[str, Array]]]:
    """(world, places of the points in it, the numbers in which they differ)."""
    study = results.study
    worlds = StudyWorlds(study.scenarios, study.factor_names, lambda _: "", study.plans)
    told = arrays_of(points, worlds)
    return [
        (worlds.at(settings), places, {name: told[name][places] for name in worlds.numbers})
        for settings, places in worlds.groups(told, len(points)).items()
    ]


def _ensembles(
    results: Results, points: pl.DataFrame, values: Array, replicates: Array
) -> tuple[tuple[Array, Ensemble], ...]:
    """(places, their runs) for each scenario of points (runs,) with values (runs, columns)."""
    return tuple(
        (places, _ensemble(results, world, values[places], replicates[places]))
        for world, places, _ in _worlds(results, points)
    )


def _ensemble(results: Results, world: World, values: Array, replicates: Array) -> Ensemble:
    """Runs as an ensemble: NaN in months that were not kept, and whether the coalition lives in every month."""
    columns, horizon = results.study.columns, results.study.months
    measures = (*(name for name in columns.measures if name != "alive"), "alive")
    told = np.full((len(values), horizon + 1, len(measures)), np.nan)
    for at, name in enumerate(measures[:-1]):
        places = [columns.names.index(f"{name}@{month}") for month in columns.months]
        told[:, list(columns.months), at] = values[:, places]
    ended = values[:, columns.names.index(COURSE[1].name), None]
    told[:, :, -1] = ~(np.arange(horizon + 1) >= ended)
    return Ensemble(world.scenario, results.study.seed, replicates, measures, told)


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:6])
    return f"{shown} and {len(names) - 6} more" if len(names) > 6 else shown

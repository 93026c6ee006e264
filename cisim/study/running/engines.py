"""What runs the runs of a study: the compiled kernel, or a Mesa model, own ones included.

An engine takes runs of any points and gives a row of kept numbers for each, or says why it has none. It is
made in every worker from the study; it holds worlds and kernels, and nothing of one batch reaches the next.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

import cisim
from cisim.errors import SpecError
from cisim.study.running.worlds import World, Worlds, code_of
from cisim.study.spec import own, targets
from cisim.study.spec.keep import Columns
from cisim.theory.measures import MEASURES
from cisim.theory.rules import default_choices, rule_set

if TYPE_CHECKING:
    import polars as pl

    from cisim.study.study import Study
    from cisim.world.scenario import Scenario

__all__ = ["Compiled", "Engine", "Failure", "MesaEngine", "Outcome", "Runs", "engine_for", "timed", "warm_up"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Runs:
    """Runs to make: of each the key, its point's values by factor (arrays of numbers, NaN: inactive), its replicate."""

    keys: list[str]
    points: Mapping[str, Any]
    replicates: Array

    def __len__(self) -> int:
        return len(self.replicates)

    def at(self, places: Array | Sequence[int]) -> Runs:
        """Some of these runs."""
        picked = {
            name: values[places] if isinstance(values, np.ndarray) else [values[at] for at in places]
            for name, values in self.points.items()
        }
        return Runs([self.keys[at] for at in places], picked, self.replicates[places])


@dataclass(frozen=True)
class Failure:
    """Why a run has no result: the kind of error, its message, the month if known."""

    kind: str
    message: str
    month: int | None = None


@dataclass
class Outcome:
    """values (runs, columns), NaN where there is none; the failures by position; how long the runs took."""

    values: Array
    failures: dict[int, Failure] = field(default_factory=dict)
    seconds: float = 0.0


class Engine(Protocol):
    """Anything that makes runs."""

    def run(self, runs: Runs) -> Outcome:
        """A row of kept numbers for each run, or a failure in its place."""


def timed(engine: Engine, runs: Runs) -> Outcome:
    """What the engine makes of the runs, with the time that it took."""
    started = time.perf_counter()
    outcome = engine.run(runs)
    outcome.seconds = time.perf_counter() - started
    return outcome


class Compiled:
    """The compiled kernel over all runs of a world at once; own rules are compiled with it."""

    def __init__(self, study: Study) -> None:
        self.columns, self.seed = study.columns, study.seed
        self.rules = own.load_all(study.rules)
        self.worlds = Worlds(
            study.scenarios, study.factor_names, lambda world: code_of(world, self.rules), study.plans
        )
        self._kernels: dict[Any, Callable[..., None]] = {}

    def run(self, runs: Runs) -> Outcome:
        outcome = Outcome(np.full((len(runs), len(self.columns.names)), np.nan))
        for settings, places in self.worlds.groups(runs.points, len(runs)).items():
            try:
                world = self.worlds.at(settings)
            except SpecError as error:
                outcome.failures |= dict.fromkeys(places.tolist(), _failure(error))
                continue
            numbers = {name: runs.points[name][places] for name in self.worlds.numbers}
            self._run_world(world, numbers, places, runs.replicates[places], outcome)
        return outcome

    def is_warm(self, settings: Mapping[str, Any]) -> bool:
        """True if what these settings need lies compiled on disk."""
        from cisim.engine.compilation import is_cached

        try:
            world = self.worlds.at(tuple(settings.get(name) for name in self.worlds.structure))
        except SpecError:
            return True
        return is_cached(rule_set(_choices(world), self.rules), len(world.blueprint.workstreams))

    def warm(self, settings: Mapping[str, Any]) -> None:
        """Compile what these settings need, if that was not done yet, and keep it for every later start."""
        from cisim.engine.batch import run_batch, uncompiled

        try:
            world = self.worlds.at(tuple(settings.get(name) for name in self.worlds.structure))
        except SpecError:
            return  # an unsound point becomes a failure when it is run
        values = np.empty((1, 1, len(self.columns.needs)))
        try:
            run_batch(self.kernel(world), world.blueprint, 0, np.zeros(1, np.int64), values,
                      measures=self.columns.needs, months=(0,))  # fmt: skip
        except Exception as error:
            if type(error).__module__.startswith("numba"):  # the compiler's word
                raise uncompiled(self.rules, error) from error

    def kernel(self, world: World) -> Callable[..., None]:
        """The kernel for the rules of this world."""
        from cisim.engine.batch import kernel_for

        if world.kernel is None:
            choices = (tuple(sorted(_choices(world).items())), len(world.blueprint.workstreams))
            if choices not in self._kernels:
                self._kernels[choices] = kernel_for(world.blueprint, self.rules)
            world.kernel = self._kernels[choices]
        return world.kernel

    def _run_world(
        self, world: World, numbers: Mapping[str, Array], places: Array, replicates: Array, outcome: Outcome
    ) -> None:
        parameters, start = world.rows(numbers, replicates)
        levers = world.plan.levers_from(start)
        for at in np.flatnonzero(world.plan.beyond(levers)):
            fault = SpecError(world.plan.faults_in(levers[:, at]), source=f"Scenario {world.scenario.name!r}")
            outcome.failures[int(places[at])] = _failure(fault)
        sound = np.flatnonzero([place not in outcome.failures for place in places.tolist()])
        self._attempt(world, parameters, levers, places, replicates, sound, outcome)

    def _attempt(
        self, world: World, parameters: Array, levers: Array, places: Array, replicates: Array,
        chosen: Array, outcome: Outcome,
    ) -> None:  # fmt: skip
        """Run the chosen; where that stops with an error, run each alone, so that one spoils no other."""
        from cisim.engine.batch import run_batch

        if len(chosen) == 0:
            return
        columns = self.columns
        values = np.empty((len(chosen), len(columns.reported), len(columns.needs)))
        try:
            run_batch(
                self.kernel(world), world.blueprint, self.seed, replicates[chosen].astype(np.int64), values,
                measures=columns.needs, months=columns.reported, parameters=parameters[chosen],
                levers=np.ascontiguousarray(levers[:, chosen]),  # laid out as in `warm`, or it would be compiled again
            )  # fmt: skip
        except Exception as error:  # own rules can raise anything
            if len(chosen) == 1:
                outcome.failures[int(places[chosen[0]])] = _failure(error)
                return
            for one in chosen:
                self._attempt(world, parameters, levers, places, replicates, np.array([one]), outcome)
            return
        _keep(columns, values, world.scenario.issue.target, places[chosen], outcome)


def warm_up(engine: Engine, points: pl.DataFrame, *, before: Callable[[], None] = lambda: None) -> None:
    """Compile every rule set that the points need, in this process, so that no worker has to.

    before: called ahead of each that is not compiled yet.
    """
    if not isinstance(engine, Compiled):
        return
    names = [name for name in engine.worlds.structure if targets.kind_of(name) in ("rule", "scenario")]
    for settings in points.select(names).unique(maintain_order=True).rows(named=True) if names else [{}]:
        if not engine.is_warm(settings):
            before()
        engine.warm(settings)


class MesaEngine:
    """One Mesa model a run; the only way for a model of one's own."""

    def __init__(self, study: Study) -> None:
        self.columns, self.seed, self.study = study.columns, study.seed, study
        self.rules = own.load_all(study.rules)
        self.model = own.load(study.model) if study.model else _mesa_model()
        self.worlds = Worlds(study.scenarios, study.factor_names, self._code, study.plans)

    def run(self, runs: Runs) -> Outcome:
        outcome = Outcome(np.full((len(runs), len(self.columns.names)), np.nan))
        for at in range(len(runs)):
            model = None
            try:
                scenario, keywords = self.study.scenario_of(runs.points, at)
                model = self.build(scenario, keywords, int(runs.replicates[at]))
                values = self._course(model)
                _keep(self.columns, values, scenario.issue.target, np.array([at]), outcome)
            except Exception as error:  # own models can raise anything
                outcome.failures[at] = _failure(error, getattr(model, "month", None))
        return outcome

    def build(self, scenario: Scenario, keywords: Mapping[str, Any], replicate: int) -> Any:
        """The model of one run, at month 0."""
        rules = {"rules": self.rules} if self.rules else {}
        return self.model(scenario, seed=self.seed, replicate=replicate, **rules, **keywords)

    def _course(self, model: Any) -> Array:
        """(1, reported months, needed measures) of one run."""
        columns = self.columns
        for _ in range(columns.reported[-1]):
            model.step()
        told = model.datacollector.model_vars
        return np.array(
            [[[told[name][month] for name in columns.needs] for month in columns.reported]], float
        )

    def _code(self, world: World) -> str:
        return f"{code_of(world, self.rules)} mesa {own.source_of(self.model)}"


def engine_for(study: Study) -> Compiled | MesaEngine:
    """The engine that the study asks for."""
    return MesaEngine(study) if study.engine == "mesa" else Compiled(study)


def _choices(world: World) -> dict[str, str]:
    return default_choices() | world.blueprint.choices


def _mesa_model() -> Any:
    from cisim.engine.model import CoalitionModel

    return CoalitionModel


def _keep(columns: Columns, values: Array, target: float, places: Array, outcome: Outcome) -> None:
    """Write what is kept of sound runs; a measure that must have a value and has none is a failure."""
    finite = [
        at for at, name in enumerate(columns.needs) if not getattr(MEASURES.get(name), "undefined_while", "x")
    ]
    wrong = ~np.isfinite(values[:, :, finite])
    broken = wrong.any(axis=(1, 2))
    for at in np.flatnonzero(broken):
        month, column = np.argwhere(wrong[at])[0]
        name, when = columns.needs[finite[column]], int(columns.reported[month])
        message = f"measure {name!r} is not a finite number in month {when}"
        outcome.failures[int(places[at])] = Failure("RunError", message, when)
    sound = ~broken
    outcome.values[places[sound]] = columns.of(values[sound], target)


def _failure(error: Exception, month: int | None = None) -> Failure:
    """The error as a row, with the line of own code in which it was raised."""
    lines = [step for step in traceback.extract_tb(error.__traceback__) if not _is_ours(step.filename)]
    where = f" ({Path(lines[-1].filename).name}, line {lines[-1].lineno})" if lines else ""
    return Failure(type(error).__name__, " ".join(str(error).split())[:2000] + where, month)


def _is_ours(file: str) -> bool:
    """True for a file of cisim or of an installed library."""
    return (
        Path(cisim.__file__).parent in Path(file).parents or "site-packages" in file or file.startswith("<")
    )

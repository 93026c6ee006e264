"""The runs that patterns look at: each scenario run once, and whatever of its histories is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cisim.engine.ensemble import simulate
from cisim.world.posterior import Posterior
from cisim.world.scenario import Scenario

__all__ = ["Snapshot", "Trial", "Trials"]

CHUNK = 25
"""Replicates whose whole history is held at a time."""


@dataclass(frozen=True)
class Trial:
    """A scenario to run, the measures to report, and the months of which the whole state is kept."""

    name: str
    scenario: Scenario
    measures: tuple[str, ...] = ()
    months: tuple[int, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """The state in one month: organizations (replicates, n + 1, the backbone last) and ties (replicates, ties)."""

    organizations: Any
    ties: Any


@dataclass
class Trials:
    """Runs trials on the same draws: replicate r of each lives in the same world.

    parameters: values in place of every scenario's own. posterior: draws to carry, one a replicate.
    """

    replicates: int = 100
    seed: int = 0
    parameters: Mapping[str, float] = field(default_factory=dict)
    posterior: Posterior | None = None
    threads: int | None = None
    _measured: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)
    _snapshots: dict[tuple[str, int], Snapshot] = field(default_factory=dict)
    _rows: dict[str, np.ndarray] = field(default_factory=dict)

    def measure(self, trial: Trial, name: str) -> np.ndarray:
        """A measure of every replicate and month, (replicates, months + 1)."""
        if (trial.name, name) not in self._measured:
            self._run(trial)
        return self._measured[trial.name, name]

    def at(self, trial: Trial, month: int) -> Snapshot:
        """The whole state in a month."""
        if (trial.name, month) not in self._snapshots:
            self._run(trial)
        return self._snapshots[trial.name, month]

    def parameter(self, trial: Trial, name: str) -> np.ndarray:
        """The value of a parameter in each replicate, (replicates,)."""
        rows = self._parameters(trial)[name]
        return np.asarray(rows[np.arange(self.replicates) % len(rows)])

    def parameters_of(self, trial: Trial, replicate: int) -> Any:
        """All parameters of a replicate by name, as rules take them."""
        rows = self._parameters(trial).view(np.recarray)
        return rows[replicate % len(rows)]

    def _parameters(self, trial: Trial) -> np.ndarray:
        if trial.name not in self._rows:
            self._rows[trial.name] = self._scenario(trial).lower().parameters
        return self._rows[trial.name]

    def _scenario(self, trial: Trial) -> Scenario:
        told = trial.scenario
        changes: dict[str, Any] = {"parameters": {**told.parameters, **self.parameters}}
        if self.posterior is not None:
            changes["posterior"] = self.posterior
        return told.replace(**changes)

    def _run(self, trial: Trial) -> None:
        scenario = self._scenario(trial)
        values: dict[str, list[np.ndarray]] = {name: [] for name in trial.measures}
        states: dict[int, list[tuple[Any, Any]]] = {month: [] for month in trial.months}
        for numbers in self._chunks(bool(trial.months)):
            ensemble = simulate(
                scenario, numbers, self.seed, measures=trial.measures,
                keep_history=numbers if trial.months else (), threads=self.threads,
            )  # fmt: skip
            for name in trial.measures:
                values[name].append(ensemble[name])
            for month, kept in states.items():
                for number in numbers:
                    history = ensemble.history(number)
                    kept.append((history.organizations[month].copy(), history.ties[month].copy()))
        self._measured |= {(trial.name, name): np.concatenate(parts) for name, parts in values.items()}
        for month, kept in states.items():
            organizations, ties = zip(*kept, strict=True)
            self._snapshots[trial.name, month] = Snapshot(np.stack(organizations), np.stack(ties))

    def _chunks(self, whole_histories: bool) -> Iterable[list[int]]:
        step = CHUNK if whole_histories else self.replicates
        for first in range(0, self.replicates, step):
            yield list(range(first, min(first + step, self.replicates)))

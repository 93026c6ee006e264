"""One run with its whole history: every organization and tie in every month, and the measures of the coalition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.engine.ensemble import Ensemble, simulate
from cisim.world.scenario import Scenario

__all__ = ["MEASURES_KEPT", "Run", "run_of", "runs_of"]

Array = np.ndarray[Any, Any]

MEASURES_KEPT = (
    "severity", "contribution", "effective_work", "members", "alive", "engagement", "trust_in_contacts",
    "monthly_density", "agenda_consensus", "indicator_coverage", "alignment", "backbone_support",
)  # fmt: skip
"""What is reported of the coalition as a whole."""
TOGETHER = 16
"""Whole histories held in memory at a time; that of 25 partners over 120 months takes 6 MB."""


@dataclass(frozen=True)
class Run:
    """One replicate. organizations (months + 1, n + 1; the backbone last), ties (months + 1, ties): as in the state."""

    scenario: Scenario
    seed: int
    replicate: int
    organizations: Array
    ties: Array
    measures: dict[str, Array]

    def __getitem__(self, measure: str) -> Array:
        """(months + 1,): one measure of the coalition."""
        return self.measures[measure]

    @property
    def ends(self) -> tuple[Array, Array]:
        """(ties,) twice: rows of the two organizations of each possible tie."""
        return self.ties["i"][0], self.ties["j"][0]


def run_of(scenario: Scenario, seed: int, replicate: int) -> Run:
    """Run one replicate and keep all of it. Raises SpecError, RunError as `simulate` does."""
    return next(runs_of(scenario, seed, [replicate]))


def runs_of(
    scenario: Scenario, seed: int, replicates: Sequence[int], threads: int | None = None
) -> Iterator[Run]:
    """Run replicates, a few at a time, and give each with its history."""
    for at in range(0, len(replicates), TOGETHER):
        some = list(replicates[at : at + TOGETHER])
        ensemble = simulate(scenario, some, seed, measures=MEASURES_KEPT, keep_history=some, threads=threads)
        for replicate in some:
            yield _run(ensemble, replicate)


def _run(ensemble: Ensemble, replicate: int) -> Run:
    history = ensemble.history(replicate)
    measures = {name: ensemble.sel(name, replicate=replicate) for name in ensemble.measures}
    return Run(ensemble.scenario, ensemble.seed, replicate, history.organizations, history.ties, measures)

"""The worlds that plans are tried in: the same for every plan, so that differences are the plans' own.

World r has the draws of replicate r (events of chance, people, ties) and a row of parameters: the scenario's own, a
draw of a posterior, or a point in declared ranges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
from scipy.stats import qmc

from cisim.engine.streams import check_address
from cisim.errors import SpecError, did_you_mean
from cisim.insight.crossed import Crossed, of_draws
from cisim.theory.parameters import UNCERTAINTIES, record
from cisim.world.posterior import posterior_of
from cisim.world.scenario import Scenario

__all__ = ["Uncertain", "Worlds", "worlds_of"]

Array = np.ndarray[Any, Any]
Uncertain = Literal["nothing", "posterior", "ranges"]
OTHER_WORLDS = 0x5EED_0000
"""Added to the seed, modulo 2³², for worlds that no choice has looked at."""


@dataclass(frozen=True)
class Worlds:
    """`scenario` tells who and where; world r is replicate `first` + r of `seed`; rows: parameters of each, (n,) or None.

    None: as the scenario says, its posterior included. unknown: the parameters that differ between worlds. told: where
    they come from, in words, if from a study; crossed: what worlds share, of a study or of draws of a posterior that come
    more than once; None: nothing.
    """

    scenario: Scenario
    replicates: int
    seed: int
    rows: Array | None
    unknown: tuple[str, ...]
    uncertain: Uncertain | Literal["study"]
    first: int = 0
    told: str = ""
    crossed: Crossed | None = None

    @property
    def numbers(self) -> Array:
        """(n,): the replicate number of each world, for `simulate`."""
        return np.arange(self.first, self.first + self.replicates)

    def fresh(self, replicates: int | None = None) -> Worlds:
        """Other worlds of the same kind, which share no draw of chance with these.

        They start at another draw of the posterior too; a sample of fewer draws than worlds is gone through again.
        """
        return worlds_of(
            self.scenario, self.replicates if replicates is None else replicates,
            (self.seed + OTHER_WORLDS) % 2**32,
            uncertain=self._again, unknown=self.unknown, first=self.first + self.replicates,
        )  # fmt: skip

    def part(self, first: int, replicates: int) -> Worlds:
        """Worlds of the same kind from number `first` on; parts that do not overlap share no draw of chance."""
        return worlds_of(
            self.scenario, replicates, self.seed, uncertain=self._again, unknown=self.unknown, first=first
        )

    @property
    def _again(self) -> Uncertain:
        if self.uncertain == "study":
            raise SpecError(
                "the worlds of a study are those that it ran; run more of it, or others with --fresh.",
                source="Worlds",
            )
        return self.uncertain

    def values(self, name: str) -> Array:
        """(n,): the value of one parameter in each world. Raises SpecError for an unknown name."""
        if name not in UNCERTAINTIES:
            raise SpecError(f"no parameter {name!r}.{did_you_mean(name, UNCERTAINTIES)}", source="Worlds")
        if self.rows is not None:
            return self.rows[name].astype(float)
        posterior = self.scenario.posterior
        if posterior is not None and name in posterior.names and name not in self.scenario.parameters:
            column = posterior.rows[:, posterior.names.index(name)]
            return np.asarray(column[self.numbers % len(column)], dtype=float)
        told = self.scenario.parameters.get(name, UNCERTAINTIES[name].default)
        return np.full(self.replicates, float(told))


def worlds_of(
    scenario: Scenario,
    replicates: int,
    seed: int,
    *,
    uncertain: Uncertain = "nothing",
    unknown: Sequence[str] = (),
    first: int = 0,
) -> Worlds:
    """Worlds of a scenario.

    uncertain: "nothing": parameters as the scenario says, its own posterior included; "posterior": the shipped sample
    unless the scenario has one; "ranges": the parameters `unknown` (default: all that the scenario does not set) at
    points of a Latin hypercube in their declared ranges, drawn by the seed and `first`. first: the number of the first
    world. Raises SpecError with every fault at once.
    """
    _check(seed, replicates, first, uncertain)
    if uncertain == "ranges":
        free = tuple(unknown) or tuple(name for name in UNCERTAINTIES if name not in scenario.parameters)
        if wrong := [name for name in free if name not in UNCERTAINTIES]:
            raise SpecError(
                [f"no parameter {name!r}.{did_you_mean(name, UNCERTAINTIES)}" for name in wrong],
                source="Worlds",
            )
        bare = scenario if scenario.posterior is None else scenario.replace(posterior=None)
        return Worlds(
            bare, replicates, seed, _points(bare, free, replicates, (seed, first)), free, uncertain, first
        )
    if uncertain == "posterior" and scenario.posterior is None:
        scenario = scenario.replace(posterior=posterior_of("shipped"))
    carried = scenario.posterior.names if scenario.posterior is not None else ()
    varied = tuple(name for name in carried if name not in scenario.parameters)
    worlds = Worlds(scenario, replicates, seed, None, varied, uncertain, first)
    if not varied:
        return worlds
    return replace(worlds, crossed=of_draws(np.column_stack([worlds.values(name) for name in varied])))


def _check(seed: int, replicates: int, first: int, uncertain: str) -> None:
    faults: list[str] = []
    try:
        check_address(seed, replicates)
        check_address(seed, first + replicates)
    except SpecError as error:
        faults += error.faults
    if uncertain not in get_args(Uncertain):
        faults.append(f"uncertain must be one of {', '.join(get_args(Uncertain))}; given {uncertain!r}.")
    if faults:
        raise SpecError(faults, source="Worlds")


def _points(scenario: Scenario, free: Sequence[str], replicates: int, address: tuple[int, int]) -> Array:
    rows = np.repeat(record(scenario.parameters, UNCERTAINTIES), replicates)
    spread = qmc.LatinHypercube(d=len(free), rng=np.random.default_rng(address)).random(replicates)
    for place, name in enumerate(free):
        declared = UNCERTAINTIES[name]
        rows[name] = declared.low + spread[:, place] * (declared.high - declared.low)
    return rows

"""What came of a calibration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cisim.errors import SpecError
from cisim.evidence.calibration import findings, tables
from cisim.evidence.calibration.pool import Accepted, Pool, effective_size
from cisim.evidence.calibration.prior import Prior
from cisim.evidence.calibration.targets import Target

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Calibration", "Step"]

Array = np.ndarray[Any, Any]

ENDINGS = {
    "met": "every accepted run is inside every band",
    "rounds": "all rounds are done",
    "time": "the time is out",
}
"""Why a calibration ended."""


class Step(NamedTuple):
    """A round: its runs, and of all runs up to it the tolerance, how many are accepted, and their effective size."""

    runs: int
    tolerance: float
    accepted: int
    effective: float


@dataclass(frozen=True)
class Calibration:
    """A weighted sample of the parameters: values (n, d) by the prior's names, weights (n,) summing to 1.

    steps: the rounds. ended: a key of ENDINGS. pool: all N runs. accepted: those that became the sample.
    """

    prior: Prior
    targets: tuple[Target, ...]
    seed: int
    keep: int
    steps: tuple[Step, ...]
    ended: str
    pool: Pool
    accepted: Accepted
    values: Array
    weights: Array
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters, in the order of the columns of `values`."""
        return self.prior.names

    @property
    def runs(self) -> int:
        """Runs of all rounds."""
        return len(self.pool.distances)

    @property
    def tolerance(self) -> float:
        """The largest distance of an accepted run: 0 if all bands are met."""
        return self.accepted.tolerance

    @cached_property
    def effective(self) -> float:
        """As many equally weighted draws say as much as the sample."""
        return effective_size(self.weights)

    def sample(self, count: int, seed: int = 0) -> Array:
        """Equally weighted draws (count, d) in an order of chance: as many of each as its weight says, or one more.

        More draws than the effective size repeat what there is. Raises SpecError.
        """
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise SpecError(f"count must be a whole number of at least 1, given {count!r}.", source="Sample")
        random = np.random.default_rng([seed, count])
        ladder = np.cumsum(self.weights)
        rungs = (np.arange(count) + random.random()) / count * ladder[-1]
        places = np.minimum(np.searchsorted(ladder, rungs, side="right"), len(ladder) - 1)
        return np.asarray(self.values[random.permutation(places)])

    @cached_property
    def meets(self) -> Array:
        """Which targets each run of the pool meets, (N, targets) of bool."""
        return findings.met(self.targets, self.pool.statistics)

    @cached_property
    def left(self) -> findings.Share:
        """The share of the prior's runs that no target rules out: inside all bands, within 3 sd of all values."""
        return findings.share(self.pool.weights, np.asarray(self.meets.all(axis=1)))

    @cached_property
    def narrowing(self) -> Array:
        """For each parameter, the part of the prior's width that is gone, (d,): see `findings.narrowing`."""
        return findings.narrowing(self.quantiles, self.weights)

    @cached_property
    def quantiles(self) -> Array:
        """Where in the prior each draw of the sample lies, (n, d), 0 to 1."""
        return self.prior.quantiles(self.values)

    @cached_property
    def joint(self) -> findings.Joint:
        """How targets are met together."""
        return findings.joint(self.meets, self.pool.weights)

    @cached_property
    def excluded(self) -> list[findings.Excluded]:
        """Pairs of targets that no run meets both."""
        return findings.excluded([target.name for target in self.targets], self.joint.counts, self.runs)

    def parameter_table(self) -> pl.DataFrame:
        """A row a parameter: prior's ends and scale; median, 5 % and 95 % of the sample; narrowed."""
        return tables.parameter_table(self)

    def target_table(self) -> pl.DataFrame:
        """A row a target: what is asked; nearest of all runs; prior's and sample's share that meet it; median."""
        return tables.target_table(self)

    def pair_table(self) -> pl.DataFrame:
        """A row a pair of targets, each way: runs that meet one, both; of those that meet one, the share of prior."""
        return tables.pair_table(self)

    def round_table(self) -> pl.DataFrame:
        """A row a round: runs, and up to it tolerance, accepted, effective size."""
        return tables.round_table(self)

    def provenance(self) -> dict[str, str]:
        """How the draws were made, a line of text by its key."""
        asked = "; ".join(f"{target.name} {target.in_words()}" for target in self.targets)
        return {
            **self.about,
            "method": "approximate Bayesian computation in rounds (cisim.evidence.calibration)",
            "targets": asked,
            "runs": f"{self.runs} in {len(self.steps)} rounds; {ENDINGS[self.ended]}",
            "tolerance": f"{self.tolerance:.4g}",
            "effective draws": f"{self.effective:.0f}",
            "prior left": self._left_in_words(),
            "seed": str(self.seed),
        }

    def _left_in_words(self) -> str:
        if not self.meets.all(axis=1).any():
            return "no run meets every target at once"
        return f"{self.left.value:.3g} (standard error {self.left.error:.2g})"

"""Approximate Bayesian computation in rounds: draw, run, see how far off, draw again where it was near.

The first round draws from the prior. After each round the nearest of all runs so far are accepted, as few as are
worth `keep` equal ones: their largest distance is the tolerance. The next round draws from a mixture of normals
fitted to them. The tolerance falls from round to round; at 0 every accepted run is inside every band, and no
more is to be done.

Sources: rounds: Sisson, Fan and Tanaka (2007), doi:10.1073/pnas.0607208104; Beaumont et al. (2009),
doi:10.1093/biomet/asp052; the tolerance from the runs themselves: Del Moral, Doucet and Jasra (2012),
doi:10.1007/s11222-011-9271-y.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from cisim.errors import SpecError
from cisim.evidence.calibration.adjustment import LEAST_PER_VALUE, adjusted
from cisim.evidence.calibration.pool import Accepted, Pool, Round, accept
from cisim.evidence.calibration.prior import Prior
from cisim.evidence.calibration.proposal import Proposal
from cisim.evidence.calibration.result import Calibration, Step
from cisim.evidence.calibration.shelf import Shelf
from cisim.evidence.calibration.targets import Target, check_targets

__all__ = ["Progress", "Simulator", "calibrate"]

Array = np.ndarray[Any, Any]
Simulator = Callable[[Array, Array], Array]
"""(values (n, d) by the prior's names, seeds (n,) from 0 to 2^32 - 2) to statistics (n, targets), NaN for missing."""

LEAST_KEPT = 20
MOST_ROUNDS = 99
ROUNDING = 1e-6  # of an effective size
SEEDS = 2**32 - 1
"""Seeds are below it, so that one may be the number of a replicate too."""


class Progress(NamedTuple):
    """How far a calibration is: `done` of `draws` runs of round `number`, of at most `rounds`, from 0."""

    number: int
    rounds: int
    done: int
    draws: int


@dataclass(frozen=True)
class _Task:
    """What stays the same in all rounds."""

    simulator: Simulator
    prior: Prior
    targets: tuple[Target, ...]
    draws: int
    rounds: int
    batch: int
    seed: int
    shelf: Shelf
    ends: float  # by the clock `time.monotonic`
    watch: Callable[[Progress], None] | None


def calibrate(
    simulator: Simulator,
    prior: Prior,
    targets: Sequence[Target],
    *,
    draws: int,
    rounds: int,
    keep: int,
    seed: int,
    adjust: bool = True,
    batch: int = 512,
    folder: str | os.PathLike[str] | None = None,
    about: Mapping[str, str] | None = None,
    budget_seconds: float | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> Calibration:
    """The parameters under which the simulator's statistics meet the targets, as a weighted sample.

    draws: runs a round. rounds: at most so many. keep: effective size of the accepted sample. adjust: whether
    the accepted are moved by regression to where values are met (see `adjustment`). batch: runs a call of the
    simulator. folder: where draws and statistics are kept as they come; the same call goes on there, and more
    rounds may be asked for. about: what else the runs rest on, such as the scenario and the code; kept in the
    folder, and refused there if it is not the same. budget_seconds: after it no batch is begun; what has been
    run by then counts. watch: called after every batch.

    The same for the same arguments, however often it was stopped. Raises SpecError with every fault,
    StoreError if the folder cannot be used.
    """
    targets = tuple(targets)
    _check(prior, targets, draws, rounds, keep, seed, adjust, batch, budget_seconds)
    question = {
        "parameters": prior.identity(), "targets": [target.identity() for target in targets], "draws": draws,
        "keep": keep, "seed": seed, "batch": batch, "about": dict(about or {}),
    }  # fmt: skip
    shelf = Shelf.open(folder, question)
    ends = time.monotonic() + (np.inf if budget_seconds is None else budget_seconds)
    task = _Task(simulator, prior, targets, draws, rounds, batch, seed, shelf, ends, watch)
    pool, accepted, steps, ended = _rounds(task, keep)
    scores, weights = pool.scores[accepted.places], accepted.weights
    if adjust:
        scores, weights = adjusted(pool, accepted, targets)
    return Calibration(
        prior, targets, seed, keep, tuple(steps), ended, pool, accepted,
        values=prior.values(scores), weights=weights, about=dict(about or {}),
    )  # fmt: skip


def _rounds(task: _Task, keep: int) -> tuple[Pool, Accepted, list[Step], str]:
    """Rounds until every band is met, time is out, or all are done; why it ended."""
    rounds = [_round(task, 0, None)]
    steps: list[Step] = []
    while True:
        pool = Pool.of(rounds, task.targets)
        accepted = accept(pool, keep)
        runs = len(rounds[-1].scores)
        steps.append(Step(runs, accepted.tolerance, len(accepted.places), accepted.effective))
        if accepted.tolerance == 0 and accepted.effective >= keep - ROUNDING:
            return pool, accepted, steps, "met"
        if runs == task.draws and len(rounds) == task.rounds:
            return pool, accepted, steps, "rounds"
        if runs < task.draws or time.monotonic() >= task.ends:
            return pool, accepted, steps, "time"
        rounds.append(_round(task, len(rounds), (pool, accepted)))


def _round(task: _Task, number: int, before: tuple[Pool, Accepted] | None) -> Round:
    """The runs of one round; fewer, but at least a batch, if time is out."""
    drawn = task.shelf.draws(number)
    if drawn is None:
        drawn = _draw(task, number, before)
        task.shelf.keep_draws(number, *drawn)
    proposal, scores, seeds = drawn
    parts: list[Array] = []
    for at, first in enumerate(range(0, task.draws, task.batch)):
        here = slice(first, min(first + task.batch, task.draws))
        statistics = task.shelf.part(number, at)
        if statistics is None:
            if parts and time.monotonic() >= task.ends:
                break
            statistics = _run(task, scores[here], seeds[here])
            task.shelf.keep_part(number, at, statistics)
        parts.append(statistics)
        if task.watch is not None:
            task.watch(Progress(number, task.rounds, here.stop, task.draws))
    statistics = np.concatenate(parts)
    return Round(proposal, scores[: len(statistics)], statistics)


def _draw(task: _Task, number: int, before: tuple[Pool, Accepted] | None) -> tuple[Proposal, Array, Array]:
    """Proposal, scores and seeds of a round; a function of the seed, the number and what was accepted before."""
    random = np.random.default_rng([task.seed, number])
    seeds = random.integers(SEEDS, size=task.draws)
    if before is None:
        return Proposal.prior(len(task.prior)), task.prior.scores(task.draws, task.seed), seeds
    pool, accepted = before
    proposal = Proposal.fitted(pool.scores[accepted.places], accepted.weights, random)
    return proposal, proposal.draw(task.draws, random), seeds


def _run(task: _Task, scores: Array, seeds: Array) -> Array:
    statistics = np.asarray(task.simulator(task.prior.values(scores), seeds), dtype=float)
    expected = (len(scores), len(task.targets))
    if statistics.shape != expected:
        raise SpecError(
            f"must give an array {expected}, a row a draw and a column a target; given {statistics.shape}.",
            source="Simulator",
        )
    return statistics


def _check(
    prior: Prior, targets: tuple[Target, ...], draws: int, rounds: int, keep: int, seed: int, adjust: bool,
    batch: int, budget_seconds: float | None,
) -> None:  # fmt: skip
    faults = [] if isinstance(prior, Prior) else [f"prior must be a Prior, given {prior!r}."]
    faults += check_targets(targets)
    values = sum(not target.is_band for target in targets if isinstance(target, Target))
    least = max(LEAST_KEPT, LEAST_PER_VALUE * (values + 1) if adjust else 0)
    faults += _whole("keep", keep, least, SEEDS)
    faults += _whole("draws", draws, keep if isinstance(keep, int) else least, SEEDS)
    faults += _whole("rounds", rounds, 1, MOST_ROUNDS)
    faults += _whole("seed", seed, 0, SEEDS - 1)
    faults += _whole("batch", batch, 1, SEEDS)
    if budget_seconds is not None and not budget_seconds > 0:
        faults.append(f"budget_seconds must be a number above 0, given {budget_seconds!r}.")
    if faults:
        raise SpecError(faults, source="Calibration")


def _whole(name: str, value: object, least: int, most: int) -> list[str]:
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return []
    return [f"{name} must be a whole number from {least:,} to {most:,}, given {value!r}."]

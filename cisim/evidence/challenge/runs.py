"""The runs of a challenge: points of a claim in the compiled engine, both sides in the same worlds."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from cisim.engine.batch import kernel_for, run_batch
from cisim.evidence.challenge.space import Space
from cisim.evidence.claims.claim import Claim
from cisim.study.running.runners import cores
from cisim.study.running.worlds import World

__all__ = ["Progress", "Runner"]

Array = np.ndarray[Any, Any]
Progress = Callable[[int], None]
"""Called with how many runs more are done."""

BATCH = 1_500_000  # pair-months: half a second, so that progress is seen and Ctrl-C is heard


class Runner:
    """Runs points of the space; `spent` counts runs, each side of a replicate as one, up to `allowed`."""

    def __init__(
        self, claim: Claim, space: Space, allowed: int, threads: int | None = None, progress: Progress | None = None
    ) -> None:  # fmt: skip
        self.claim, self.space, self.allowed, self.spent = claim, space, allowed, 0
        self.threads, self.progress = threads or cores(), progress
        scenarios = [side.scenario for side in claim.sides]
        self.worlds = [World(scenario, scenario.lower(), scenario.plan(), {}) for scenario in scenarios]
        self.kernels = [kernel_for(world.blueprint) for world in self.worlds]

    @property
    def sides(self) -> int:
        return len(self.worlds)

    def affordable(self, share: float = 1.0) -> int:
        """Replicates, with all sides, that are left until this share of what is allowed is spent."""
        return max(0, int(share * self.allowed) - self.spent) // self.sides

    def rows(self, values: Array, worlds: Array, seed: int) -> Array:
        """What points give for the figure: (n, r, 1 or 2), from values (n, d) and numbers of replicates (n, r)."""
        measured = self.measured(values, worlds, seed)
        other = measured[1].ravel() if self.sides > 1 else None
        return self.claim.rows(measured[0].ravel(), other).reshape(*worlds.shape, -1)

    def measured(self, values: Array, worlds: Array, seed: int) -> Array:
        """The measure on each side, (sides, n, r)."""
        points, count = worlds.shape
        numbers = worlds.ravel().astype(np.int64)
        rows = np.repeat(values, count, axis=0)
        found = np.empty((self.sides, len(numbers)))
        jobs = [(side, part) for part in self._parts(len(numbers)) for side in range(self.sides)]
        pool = ThreadPoolExecutor(self.threads)
        try:
            for size in pool.map(lambda job: self._fill(job[0], job[1], rows, numbers, seed, found), jobs):
                self.spent += size
                if self.progress is not None:
                    self.progress(size)
        finally:
            pool.shutdown(cancel_futures=True)
        return found.reshape(self.sides, points, count)

    def chunk(self, count: int) -> int:
        """Points with so many replicates that keep every thread busy for about a second."""
        return max(1, 2 * self.threads * self._batch() // (self.sides * count))

    def _batch(self) -> int:
        cost = max((len(world.blueprint.ties) + 50) * max(1, self.claim.month) for world in self.worlds)
        return max(1, BATCH // cost)

    def _parts(self, runs: int) -> list[slice]:
        size = max(1, min(-(-runs // (2 * self.threads)), self._batch()))
        return [slice(at, min(at + size, runs)) for at in range(0, runs, size)]

    def _fill(self, side: int, part: slice, rows: Array, numbers: Array, seed: int, found: Array) -> int:
        world, claim = self.worlds[side], self.claim
        fixed = claim.sides[side].settings
        told = {
            name: rows[part, at] for at, name in enumerate(self.space.names) if name not in fixed
        }  # fmt: skip
        parameters, start = world.rows(told, numbers[part])
        out = np.empty((len(numbers[part]), 1, 1))
        run_batch(
            self.kernels[side], world.blueprint, seed, numbers[part], out, measures=(claim.measure,),
            months=(claim.month,), parameters=parameters, levers=world.plan.levers_from(start),
        )  # fmt: skip
        found[side, part] = out[:, 0, 0]
        return len(out)

"""The same fork in many worlds: how often each kind of consequence occurs, and what it changes on the whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cisim.decision.fork.forking import Fork
from cisim.decision.fork.history import TOGETHER, runs_of
from cisim.decision.fork.kinds import KINDS
from cisim.decision.fork.log import count_of
from cisim.errors import SpecError
from cisim.insight.comparison import Comparison, compare

__all__ = ["InWorlds", "in_worlds"]

LEAST, LEVEL = 2, 0.95
OUTCOMES = ("severity", "contribution", "members", "trust_in_contacts", "monthly_density", "engagement")
"""Compared in the last month."""
Progress = Callable[[int, int], None]
"""Called with (worlds done, worlds in all)."""


@dataclass(frozen=True)
class InWorlds:
    """One fork in `worlds` replicates of one seed: with the change less without it, world by world.

    kinds: of each kind of happening, how often from the month of the fork on. outcomes: measures in the last month.
    Each is a paired comparison with Student and Wilson intervals. target: shares of worlds that reach it, as 0 and 1.
    """

    worlds: int
    kinds: dict[str, Comparison]
    outcomes: dict[str, Comparison]
    target: Comparison

    @property
    def common(self) -> dict[str, Comparison]:
        """The kinds that some world has more or less of, by their weight."""
        seen = {name: told for name, told in self.kinds.items() if float(told.b_equal.value) < 1.0}
        return dict(sorted(seen.items(), key=lambda item: -KINDS[item[0]].weight))

    @property
    def sure(self) -> dict[str, Comparison]:
        """Those of which the interval of the difference leaves out 0, by their weight."""
        return {name: told for name, told in self.common.items() if told.low > 0 or told.high < 0}


def in_worlds(
    fork: Fork, worlds: int, *, threads: int | None = None, progress: Progress | None = None
) -> Fork:
    """The fork with what it does in replicates 0 to worlds − 1 of its seed. Raises SpecError below two worlds."""
    if isinstance(worlds, bool) or not isinstance(worlds, int) or worlds < LEAST:
        raise SpecError(
            f"worlds must be a whole number of at least {LEAST}, given {worlds!r}; an interval needs two.",
            source="--worlds",
        )
    sides = (fork.without, fork.with_)
    counts = np.empty((2, worlds, len(KINDS)))
    ends = np.empty((2, worlds, len(OUTCOMES) + 1))
    for first in range(0, worlds, TOGETHER):  # side by side, so that progress is even
        some = range(first, min(first + TOGETHER, worlds))
        for side, told in enumerate(sides):
            for run in runs_of(told.scenario, told.seed, some, threads):
                counts[side, run.replicate] = [count_of(run, kind, fork.month) for kind in KINDS.values()]
                reached = (run["severity"] <= run.scenario.issue.target).any()
                ends[side, run.replicate] = [*(run[name][-1] for name in OUTCOMES), reached]
        if progress is not None:
            progress(some[-1] + 1, worlds)
    kinds = {name: _paired(counts[:, :, at], name) for at, name in enumerate(KINDS)}
    outcomes = {name: _paired(ends[:, :, at], name) for at, name in enumerate(OUTCOMES)}
    return replace(fork, worlds=InWorlds(worlds, kinds, outcomes, _paired(ends[:, :, -1], "target")))


def _paired(values: np.ndarray[Any, Any], name: str) -> Comparison:
    return compare(values[0], values[1], level=LEVEL, names=("without", "with"), measure=name)

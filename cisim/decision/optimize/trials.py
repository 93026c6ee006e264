"""Plans of a problem tried in numbered worlds; what has been tried before is looked up, so a search can go on.

The search is a function of its problem and seed: begun again with the same folder it asks for the same trials in the
same order, finds them kept, and goes on where it was ended.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from cisim.decision.optimize.allocation import Allocation
from cisim.decision.optimize.goals import Runs
from cisim.decision.optimize.problem import Problem
from cisim.decision.plan import Plan
from cisim.decision.trying import try_plans
from cisim.decision.worlds import Worlds
from cisim.errors import StoreError
from cisim.world.disk import json_text, make_folder, write_whole

__all__ = ["Trials"]

Array = np.ndarray[Any, Any]
KEPT = "trials"
PART = 200
"""Trials in a file of the folder."""


@dataclass
class Trials:
    """Tries levels in worlds. `ran` counts runs, those looked up not included; progress is called with runs more."""

    problem: Problem
    allocation: Allocation
    threads: int | None = None
    progress: Callable[[int], None] | None = None
    folder: Path | None = None
    ran: int = 0
    _known: dict[str, Runs] = field(default_factory=dict)
    _unsaved: dict[str, Runs] = field(default_factory=dict)
    _parts: int = 0

    def __post_init__(self) -> None:
        self._worlds = self.problem.worlds()
        self._fresh = self._worlds.fresh()
        self._key = _digest(self.problem)
        if self.folder is not None:
            self._recall(make_folder(self.folder / KEPT))

    def run(self, levels: Array, first: int, worlds: int, *, fresh: bool = False) -> Runs:
        """One plan in the worlds from number `first` on; fresh: those that no choice has looked at."""
        return self._known_or_run(
            _short(levels.tobytes()), self.allocation.plan(levels, "candidate"), first, worlds, fresh
        )

    def run_plan(self, plan: Plan, first: int, worlds: int, *, fresh: bool = False) -> Runs:
        """Any plan in the worlds from number `first` on."""
        return self._known_or_run(_short(plan.to_toml().encode()), plan, first, worlds, fresh)

    def run_all(self, plans: Sequence[Array], first: int, worlds: int, *, fresh: bool = False) -> list[Runs]:
        """Several plans in the same worlds."""
        return [self.run(levels, first, worlds, fresh=fresh) for levels in plans]

    def save(self) -> None:
        """Write what is not on the disk yet; nothing without a folder. Raises StoreError."""
        if self.folder is None or not self._unsaved:
            return
        told = {key: [values.tolist() for values in _columns(runs)] for key, runs in self._unsaved.items()}
        path = self.folder / KEPT / f"{self._parts:05d}.json"
        write_whole(path, json_text({"problem": self._key, "trials": told}).encode())
        self._parts += 1
        self._unsaved = {}

    def _known_or_run(self, name: str, plan: Plan, first: int, worlds: int, fresh: bool) -> Runs:
        of = (self._fresh if fresh else self._worlds).part(
            (self._fresh.first if fresh else 0) + first, worlds
        )
        key = f"{name}-{of.seed}-{of.first}-{worlds}"
        if key not in self._known:
            self._known[key] = self._tried(plan, of)
            self._unsaved[key] = self._known[key]
            self.ran += worlds
            if len(self._unsaved) >= PART:
                self.save()
        if self.progress is not None:
            self.progress(worlds)
        return replace(self._known[key], crossed=of.crossed)

    def _tried(self, plan: Plan, worlds: Worlds) -> Runs:
        tried = try_plans(worlds, [plan], prices=self.problem.prices, threads=self.threads)
        month, severity = self.problem.month, tried.path(0, "severity")
        return Runs(
            tried.path(0, "contribution")[:, month].copy(), tried.path(0, "spent")[:, month].copy(),
            severity[:, : month + 1].min(axis=1) - self.problem.world.issue.target,
        )  # fmt: skip

    def _recall(self, folder: Path) -> None:
        """What was tried before, if of this very problem and model."""
        for path in sorted(folder.glob("*.json")):
            try:
                told = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                raise StoreError(
                    f"{path}: cannot be read ({error}); remove it, its trials are run again."
                ) from error
            if told.get("problem") != self._key:
                raise StoreError(
                    f"{folder}: holds trials of another problem, or of another version of cisim; name another folder."
                )
            for key, (contribution, spent, above) in told["trials"].items():
                self._known[key] = Runs(np.array(contribution), np.array(spent), np.array(above))
            self._parts = int(path.stem) + 1


def _columns(runs: Runs) -> tuple[Array, Array, Array]:
    return runs.contribution, runs.spent, runs.above_target


def _digest(problem: Problem) -> str:
    """What a trial depends on: the problem but for its effort and name, and the rules of the model."""
    from cisim.engine.compilation import rule_fingerprint
    from cisim.theory.rules import default_choices, rule_set

    world = problem.world
    rules = rule_set(default_choices() | dict(world.rules))
    told = problem.with_(effort={}, name="any", title="", description="", goal="reached", budget=0.0)
    return _short(told.to_toml().encode() + rule_fingerprint(rules, len(world.workstreams)).encode())


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:20]

"""Worlds by their content, and the runs that have been made in them.

A world is what moves a result: everything of a scenario but words and the target. Runs of one world and seed lie
on a `Sheet`, a row a replicate; the row of a replicate does not depend on which others were run with it. Of a run that is
drawn the network is kept, a hundredth of its history; the history itself only where it is asked for.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.app.drawing.network import network_of
from cisim.app.drawing.outcomes import RECORDED
from cisim.engine.batch import Histories, kernel_for, run_batch
from cisim.engine.ensemble import Ensemble, History, simulate
from cisim.errors import RunError
from cisim.theory.measures import MEASURES
from cisim.theory.parameters import LEVERS, UNCERTAINTIES
from cisim.theory.rules import default_choices
from cisim.theory.state import ORGANIZATION, TIE, row_type

if TYPE_CHECKING:
    from cisim.app.pictures import Network
    from cisim.world.blueprint import Blueprint
    from cisim.world.scenario import Scenario

__all__ = ["Key", "RulesKey", "Sheet", "content_key", "content_keys"]

Array = np.ndarray[Any, Any]
Kernel = Callable[..., Any]
Key = tuple[str, int]
"""(what is in a world, `content_key`; seed)."""
RulesKey = tuple[tuple[tuple[str, str], ...], int]
"""What a kernel is made for: the variant of each choice, and the number of workstreams."""

_LEFT_OUT: Any = {
    **dict.fromkeys(("name", "title", "description", "sources", "levers", "parameters", "posterior"), True),
    "issue": {"target"},
}
_FINITE = [at for at, name in enumerate(RECORDED) if not MEASURES[name].undefined_while]


def content_key(scenario: Scenario) -> str:
    """A hash of what moves a result: two scenarios with one key give the same runs, bit for bit.

    Words, cited works and the target are left out; a number at its default is the same as one that is not told.
    """
    return _key(scenario, _rest(scenario))


def content_keys(scenarios: Iterable[Scenario]) -> list[str]:
    """The key of each; quickly where one shares all but its levers with the one before, as guesses do."""
    keys: list[str] = []
    last, rest = None, ""
    for scenario in scenarios:
        if last is None or not _share(last, scenario):
            rest = _rest(scenario)
        last = scenario
        keys.append(_key(scenario, rest))
    return keys


def _share(one: Scenario, other: Scenario) -> bool:
    names = (name for name in type(one).model_fields if name != "levers")
    return all(getattr(one, name) is getattr(other, name) for name in names)


def _rest(scenario: Scenario) -> str:
    """Everything that counts, as text, but levers and parameters."""
    return scenario.model_dump_json(by_alias=True, exclude=_LEFT_OUT)


def _key(scenario: Scenario, rest: str) -> str:
    levers = [float(scenario.levers.get(name, declared.default)) for name, declared in LEVERS.items()]
    draws = scenario.posterior.digest if scenario.posterior is not None else ""
    told = sorted(
        (name, float(value))
        for name, value in scenario.parameters.items()
        if draws or value != UNCERTAINTIES[name].default
    )
    return hashlib.blake2b(f"{rest}{levers}{told}{draws}".encode(), digest_size=16).hexdigest()


class Sheet:
    """The runs of one world and seed: {replicate: (months + 1, measures)}; networks and whole histories of some."""

    def __init__(self, key: Key, scenario: Scenario) -> None:
        self.key, self.scenario, self.seed = key, scenario, key[1]
        self.rows: dict[int, Array] = {}
        self.networks: dict[int, Network] = {}
        self.histories: dict[int, History] = {}
        self.running: set[tuple[int, bool]] = set()  # (replicate, with its history)
        self.fault: Exception | None = None
        self.size = _size(scenario)
        self.rules: RulesKey = (
            tuple(sorted((default_choices() | scenario.rules).items())),
            len(scenario.workstreams),
        )
        self._lock = threading.Lock()
        self._blueprint: Blueprint | None = None
        self._kernel: Kernel | None = None

    def blueprint(self) -> Blueprint:
        """The world as arrays, made when first asked for."""
        with self._lock:
            if self._blueprint is None:
                self._blueprint = self.scenario.lower()
            return self._blueprint

    def rest(self) -> None:
        """Forget the world as arrays, which takes as much room as many runs and is soon made again."""
        with self._lock:
            self._blueprint = None

    def kernel(self) -> Kernel:
        """The kernel for the rules of this world."""
        blueprint = self.blueprint()
        with self._lock:
            if self._kernel is None:
                self._kernel = kernel_for(blueprint)
            return self._kernel

    def history_bytes(self) -> int:
        """About what a whole history takes; told without lowering the world."""
        organization, tie = _item_bytes(len(self.scenario.workstreams))
        each = len(self.scenario.ids) * organization + _pairs(self.scenario) * tie
        return (self.scenario.months + 1) * each

    def row_bytes(self) -> int:
        """What one run takes without its history."""
        return 8 * (self.scenario.months + 1) * len(RECORDED)

    def run(self, replicates: Sequence[int], keep: bool) -> tuple[Array, History | None]:
        """(rows, the history of the first replicate if `keep`), as `simulate` would give them.

        Raises RunError as `simulate` does if a run does not stay finite.
        """
        blueprint, numbers = self.blueprint(), np.array(replicates, np.int64)
        values = np.empty((len(numbers), blueprint.months + 1, len(RECORDED)))
        rooms = Histories(blueprint, 1) if keep else None
        kept = np.full(len(numbers), -1, np.int64)
        kept[:1] = 0 if keep else -1
        run_batch(
            self.kernel(), blueprint, self.seed, numbers, values,
            measures=RECORDED, kept=kept, histories=rooms,
        )  # fmt: skip
        if not np.isfinite(values[:, :, _FINITE]).all():
            simulate(self.scenario, list(replicates), self.seed, measures=RECORDED)  # says where
            raise RunError(
                "not all of its measures are finite numbers", scenario=self.scenario.name, replicate=replicates[0],
                month=None, repeat=f"cisim.simulate(scenario, replicates=[{replicates[0]}], seed={self.seed})",
            )  # fmt: skip
        history = None if rooms is None else History(rooms.organizations[0], rooms.ties[0], blueprint.ids)
        return values, history

    def drawn(self, replicate: int, history: History) -> Network:
        """The network of a run of this world."""
        return network_of(history, self.scenario, replicate=replicate)

    def ensemble(self, scenario: Scenario, replicates: Iterable[int], keep: Iterable[int]) -> Ensemble:
        """These replicates as `simulate` gives them; `scenario` is the one asked for, which may have other words."""
        numbers = sorted(replicates)
        shape = (0, scenario.months + 1, len(RECORDED))
        values = np.stack([self.rows[number] for number in numbers]) if numbers else np.empty(shape)
        histories = {number: self.histories[number] for number in keep if number in self.histories}
        return Ensemble(scenario, self.seed, np.array(numbers, np.int64), RECORDED, values, histories)


@lru_cache(maxsize=64)
def _item_bytes(streams: int) -> tuple[int, int]:
    """What an organization and a tie take in one month."""
    return row_type(ORGANIZATION, streams).itemsize, row_type(TIE, streams).itemsize


def _size(scenario: Scenario) -> int:
    """Pairs and months of one run, in which its time grows."""
    return (_pairs(scenario) + 50) * scenario.months


def _pairs(scenario: Scenario) -> int:
    """About how many pairs of organizations could be in contact."""
    organizations, network = len(scenario.ids), scenario.network
    each = organizations if network.possible == "all" else 2 * network.ties_per_partner + 2
    return organizations * each // 2

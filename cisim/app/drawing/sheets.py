"""Worlds by their content, the runs that have been made in them, and which of them are kept.

A world is what moves a result: everything of a scenario but words and the target. Runs of one world and seed lie
on a `Sheet`, a row a replicate; the row of a replicate does not depend on which others were run with it. Of a run that is
drawn the network is kept, a hundredth of its history; the history itself only where it is asked for.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
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
    from cisim.app.protocol import Network
    from cisim.world.blueprint import Blueprint
    from cisim.world.scenario import Scenario

__all__ = ["RulesKey", "Sheet", "Shelf", "content_key"]

Array = np.ndarray[Any, Any]
Kernel = Callable[..., Any]
Key = tuple[str, int]
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
    levers = [float(scenario.levers.get(name, declared.default)) for name, declared in LEVERS.items()]
    draws = scenario.posterior.digest if scenario.posterior is not None else ""
    told = sorted(
        (name, float(value))
        for name, value in scenario.parameters.items()
        if draws or value != UNCERTAINTIES[name].default
    )
    text = scenario.model_dump_json(by_alias=True, exclude=_LEFT_OUT)
    return hashlib.blake2b(f"{text}{levers}{told}{draws}".encode(), digest_size=16).hexdigest()


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


class Shelf:
    """The sheets used last, within bounds: bytes of rows and networks, bytes of histories, and a number of sheets."""

    def __init__(self, row_bytes: int, history_bytes: int, sheets: int = 1024) -> None:
        self.row_bytes, self.history_bytes, self.most = row_bytes, history_bytes, sheets
        self._sheets: OrderedDict[Key, Sheet] = OrderedDict()
        self._histories: OrderedDict[tuple[Key, int], int] = OrderedDict()
        self._rows_held = self._histories_held = 0

    def __len__(self) -> int:
        return len(self._sheets)

    @property
    def held(self) -> tuple[int, int]:
        """Bytes of rows with networks, and of histories."""
        return self._rows_held, self._histories_held

    def sheet(self, scenario: Scenario, seed: int) -> Sheet:
        """The sheet of this world and seed, with what has been run; it is now the one used last."""
        key = (content_key(scenario), seed)
        if key in self._sheets and self._sheets[key].fault is not None:
            self._forget(key)
        if key not in self._sheets:
            self._sheets[key] = Sheet(key, scenario)
        found = self._sheets[key]
        self._sheets.move_to_end(key)
        for number in found.histories:
            self._histories.move_to_end((key, number))
        while len(self._sheets) > self.most:
            self._forget(next(iter(self._sheets)))
        return found

    def add(
        self,
        sheet: Sheet,
        replicates: Sequence[int],
        rows: Array,
        network: Network | None = None,
        history: History | None = None,
    ) -> None:
        """Write runs on a sheet; what was used longest ago goes if there is no room.

        network, history: of the first of these runs.
        """
        here = self._sheets.get(sheet.key) is sheet
        if network is not None and replicates[0] not in sheet.networks:
            sheet.networks[replicates[0]] = network
            self._rows_held += _network_bytes(network) if here else 0
        for number, row in zip(replicates, rows, strict=True):
            if number not in sheet.rows:
                sheet.rows[number] = row.copy()
                self._rows_held += row.nbytes if here else 0
        if history is not None and replicates[0] not in sheet.histories:
            sheet.histories[replicates[0]] = history
            if here:
                size = history.organizations.nbytes + history.ties.nbytes
                self._histories[sheet.key, replicates[0]] = size
                self._histories_held += size
        self._make_room()

    def _make_room(self) -> None:
        while self._histories_held > self.history_bytes and len(self._histories) > 1:
            self._drop(*next(iter(self._histories)))
        while self._rows_held > self.row_bytes and len(self._sheets) > 1:
            self._forget(next(iter(self._sheets)))

    def _forget(self, key: Key) -> None:
        sheet = self._sheets[key]
        self._rows_held -= sum(row.nbytes for row in sheet.rows.values())
        self._rows_held -= sum(_network_bytes(network) for network in sheet.networks.values())
        for replicate in list(sheet.histories):
            self._drop(key, replicate)
        del self._sheets[key]

    def _drop(self, key: Key, replicate: int) -> None:
        self._histories_held -= self._histories.pop((key, replicate))
        del self._sheets[key].histories[replicate]


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


def _network_bytes(network: Network) -> int:
    """About what a network takes, measured: its bytes as text, and what Python needs for each tie and happening."""
    texts = sum(len(value) for value in network.values() if isinstance(value, str))
    return texts + 90 * len(network["ties"]) + 330 * len(network["happenings"]) + 120 * len(network["ids"])

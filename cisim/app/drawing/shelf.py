"""What has been run and is kept, within bounds; what was asked for is not pushed out by what is only expected."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.app.drawing.sheets import Key, Sheet, content_key

if TYPE_CHECKING:
    from cisim.app.pictures import Network
    from cisim.engine.ensemble import History
    from cisim.world.scenario import Scenario

__all__ = ["ROOM_AHEAD", "Shelf"]

Array = np.ndarray[Any, Any]

ROOM_AHEAD = 0.5
"""Share of the room for rows, and of the sheets, that what is only expected keeps where room is short."""


class _Pile:
    """Sheets, the one used longest ago first, and the bytes of their rows and networks."""

    def __init__(self) -> None:
        self.sheets: OrderedDict[Key, Sheet] = OrderedDict()
        self.bytes = 0


class Shelf:
    """The sheets used last, within bounds: bytes of rows and networks, bytes of histories, and a number of sheets.

    A sheet that is only expected lies on a pile of its own until it is asked for. It has no lock of its own.
    """

    def __init__(self, row_bytes: int, history_bytes: int, sheets: int = 1024) -> None:
        self.row_bytes, self.history_bytes, self.most = row_bytes, history_bytes, sheets
        self._asked, self._ahead = _Pile(), _Pile()
        self._histories: OrderedDict[tuple[Key, int], int] = OrderedDict()
        self._histories_held = 0

    def __len__(self) -> int:
        return len(self._asked.sheets) + len(self._ahead.sheets)

    @property
    def held(self) -> tuple[int, int]:
        """Bytes of rows with networks, and of histories."""
        return self._asked.bytes + self._ahead.bytes, self._histories_held

    def sheet(self, scenario: Scenario, seed: int, content: str = "", *, ahead: bool = False) -> Sheet:
        """The sheet of this world and seed, with what has been run; it is now the one used last.

        content: the `content_key` where it is known. ahead: it is only expected, which does not count as a use of what
        was asked for before.
        """
        key = (content or content_key(scenario), seed)
        pile = self._pile(key)
        if pile is not None and pile.sheets[key].fault is not None:
            self._forget(pile, key)
            pile = None
        if pile is None:
            pile = self._ahead if ahead else self._asked
            pile.sheets[key] = Sheet(key, scenario)
        found = pile.sheets[key]
        if not ahead or pile is self._ahead:
            self._use(pile, found, self._ahead if ahead else self._asked)
        self._make_room()
        return found

    def prefer(self, sheets: Sequence[Sheet]) -> None:
        """Of what is expected these go last, the first of them as the very last."""
        for sheet in reversed(sheets):
            if sheet.key in self._ahead.sheets:
                self._ahead.sheets.move_to_end(sheet.key)

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
        pile = self._pile(sheet.key)
        if pile is None or pile.sheets[sheet.key] is not sheet:
            pile = _Pile()  # it had to go; whoever waits for it still gets it
        if network is not None and replicates[0] not in sheet.networks:
            sheet.networks[replicates[0]] = network
            pile.bytes += _network_bytes(network)
        for number, row in zip(replicates, rows, strict=True):
            if number not in sheet.rows:
                sheet.rows[number] = row.copy()
                pile.bytes += row.nbytes
        if history is not None and replicates[0] not in sheet.histories:
            sheet.histories[replicates[0]] = history
            if sheet.key in pile.sheets:
                size = history.organizations.nbytes + history.ties.nbytes
                self._histories[sheet.key, replicates[0]] = size
                self._histories_held += size
        self._make_room()

    def _pile(self, key: Key) -> _Pile | None:
        return next((pile for pile in (self._asked, self._ahead) if key in pile.sheets), None)

    def _use(self, pile: _Pile, sheet: Sheet, onto: _Pile) -> None:
        """It is now the last one of its pile, which may be another one than before."""
        if pile is not onto:
            del pile.sheets[sheet.key]
            size = _bytes(sheet)
            pile.bytes, onto.bytes = pile.bytes - size, onto.bytes + size
            onto.sheets[sheet.key] = sheet
        onto.sheets.move_to_end(sheet.key)
        for number in sheet.histories:
            self._histories.move_to_end((sheet.key, number))

    def _make_room(self) -> None:
        while self._histories_held > self.history_bytes and len(self._histories) > 1:
            self._drop(*next(iter(self._histories)))
        while len(self) > 1 and (self.held[0] > self.row_bytes or len(self) > self.most):
            pile = self._pile_to_cut()
            self._forget(pile, next(iter(pile.sheets)))

    def _pile_to_cut(self) -> _Pile:
        """What is expected where it has more than its share; never the only sheet that is asked for."""
        ahead = self._ahead
        much = ahead.bytes > ROOM_AHEAD * self.row_bytes or len(ahead.sheets) > ROOM_AHEAD * self.most
        return ahead if ahead.sheets and (much or len(self._asked.sheets) <= 1) else self._asked

    def _forget(self, pile: _Pile, key: Key) -> None:
        sheet = pile.sheets[key]
        for replicate in list(sheet.histories):
            self._drop(key, replicate)
        pile.bytes -= _bytes(sheet)
        del pile.sheets[key]

    def _drop(self, key: Key, replicate: int) -> None:
        self._histories_held -= self._histories.pop((key, replicate))
        pile = self._pile(key)
        if pile is not None:
            del pile.sheets[key].histories[replicate]


def _bytes(sheet: Sheet) -> int:
    """What its rows and networks take."""
    return sum(row.nbytes for row in sheet.rows.values()) + sum(map(_network_bytes, sheet.networks.values()))


def _network_bytes(network: Network) -> int:
    """About what a network takes, measured: its bytes as text, and what Python needs for each tie and happening."""
    texts = sum(len(value) for value in network.values() if isinstance(value, str))
    return texts + 90 * len(network["ties"]) + 330 * len(network["happenings"]) + 120 * len(network["ids"])

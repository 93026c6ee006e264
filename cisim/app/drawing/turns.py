"""Who has asked the studio for what, and whose turn it is: nobody starves, and what is only expected comes last."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cisim.app.drawing.requests import Client, Request, Unit
from cisim.app.drawing.sheets import Sheet
from cisim.errors import SpecError

__all__ = ["TOO_MANY", "Turns"]

HEAD_START = 0.25  # seconds of computing by which a first answer goes before the rest of somebody else's
MOST_CLIENTS = 256
MOST_CHANNELS = 16
TOO_MANY = "Too many people use this server just now; try again in a moment."


class Turns:
    """The clients, by name. It has no lock of its own: the studio holds one whenever it calls."""

    def __init__(self) -> None:
        self._clients: dict[str, Client] = {}

    def admitted(self, name: str) -> Client | None:
        """The client of this name, who may be new; None if there is no room for another."""
        if name not in self._clients and len(self._clients) >= MOST_CLIENTS:
            return None
        return self._clients.setdefault(name, Client(name))

    def asker(self, name: str, channel: str) -> Client:
        """The client who asks something on this channel. Raises SpecError where there is too much already."""
        known = self.admitted(name)
        if known is None:
            raise SpecError(TOO_MANY, source="Studio")
        if channel not in known.requests and len(known.requests) >= MOST_CHANNELS:
            raise SpecError("Too many questions at once; wait for an answer.", source="Studio")
        return known

    def drop(self, name: str, channel: str) -> None:
        """What was asked on this channel is not wanted any more."""
        client = self._clients.get(name)
        older = client.requests.pop(channel, None) if client else None
        if older is not None:
            older.dropped = True

    def leave(self, name: str) -> None:
        """Nothing is wanted of this client any more."""
        gone = self._clients.pop(name, None)
        for request in gone.requests.values() if gone else ():
            request.dropped = True

    def settle(self, request: Request) -> None:
        """It is answered, for good or ill."""
        for channel, other in list(request.client.requests.items()):
            if other is request:
                del request.client.requests[channel]

    def requests(self) -> Iterator[Request]:
        """All that is asked for."""
        for client in list(self._clients.values()):
            yield from list(client.requests.values())

    def asking(self, sheet: Sheet) -> Iterator[Request]:
        """Requests that wait for runs of this sheet."""
        return (request for request in self.requests() if sheet in request.sheets())

    def expected(self) -> list[Request]:
        """What is expected, of each client for whom something is."""
        return [client.expected for client in self._clients.values() if client.expected is not None]

    def next(self, urgent: bool, unit_of: Callable[[Request], Unit | None]) -> Unit | None:
        """The unit of whoever has used least lately; first answers have a head start, expectations come last."""
        ranked = []
        for client in self._clients.values():
            used = client.used()
            for request in client.requests.values():
                if request.urgent == urgent:
                    ranked.append((False, used + (HEAD_START if request.at else 0.0), request))
            if client.expected is not None and not urgent:
                client.expected.advance()
                ranked.append((True, used, client.expected))
        for _, _, request in sorted(ranked, key=lambda rank: rank[:2]):
            if (unit := unit_of(request)) is not None:
                return unit
        return None

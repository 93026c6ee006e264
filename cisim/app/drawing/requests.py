"""What somebody asks the studio for, in steps: a first answer from a few runs, then all of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cisim.app.drawing.sheets import Sheet

if TYPE_CHECKING:
    from cisim.app.pictures import Network
    from cisim.engine.ensemble import Ensemble
    from cisim.world.scenario import Scenario

__all__ = ["Answer", "Client", "Request", "Step", "Unit", "first_count", "steps_of"]

FEW = 8
FIRST_SECONDS = 0.035  # on each core, for a first answer
LONG_SECONDS = 0.4  # on each core; what takes longer is told in more than two steps
UNIT_SECONDS = 0.008  # a unit of work: no request waits longer than this for a thread, if a run is not longer


@dataclass(frozen=True)
class Answer:
    """What has come in for a request: an ensemble for each scenario asked for, all of the same replicates.

    settled: nothing more will come. milliseconds: since it was asked. error: a sentence; then there are no
    ensembles. note: why it takes long, or what is left out. Histories and networks asked for are of the first scenario.
    """

    ensembles: tuple[Ensemble, ...]
    settled: bool
    milliseconds: float
    error: str = ""
    note: str = ""
    networks: Mapping[int, Network] = field(default_factory=dict)

    @property
    def replicates(self) -> int:
        """How many replicates are in."""
        return len(self.ensembles[0].replicates) if self.ensembles else 0


@dataclass(frozen=True)
class Step:
    """Runs that an answer rests on: these replicates of these sheets; of the first sheet also whole histories, and
    networks (draw).
    """

    sheets: tuple[Sheet, ...]
    replicates: tuple[int, ...]
    keep: tuple[int, ...]
    draw: tuple[int, ...] = ()

    def done(self) -> bool:
        """True if all of them are in."""
        return not self._untold() and all(
            number in sheet.rows for sheet in self.sheets for number in self.replicates
        )

    def _untold(self) -> dict[int, bool]:
        """Replicates that must run with their history, {replicate: the history itself is wanted}."""
        first = self.sheets[0]
        drawn = {number: False for number in self.draw if number not in first.networks}
        return drawn | {number: True for number in self.keep if number not in first.histories}

    def missing(self) -> Iterator[tuple[Sheet, int, bool]]:
        """(sheet, replicate, with its history) that nobody runs yet."""
        first, coming = self.sheets[0], self._untold()
        for number in coming:
            if (number, True) not in first.running:
                yield first, number, True
        for sheet in self.sheets:
            for number in self.replicates:
                if number not in sheet.rows and (number, False) not in sheet.running:
                    if sheet is first and number in coming:
                        continue
                    yield sheet, number, False


@dataclass(frozen=True)
class Unit:
    """What one thread runs at a time: replicates of one sheet; one alone if its history is kept, or drawn."""

    client: Client
    sheet: Sheet
    replicates: tuple[int, ...]
    keep: bool = False
    draw: bool = False

    @property
    def whole(self) -> bool:
        """True if it runs with its history."""
        return self.keep or self.draw

    def marks(self) -> set[tuple[int, bool]]:
        """What is marked as running: a run with its history gives its row as well."""
        marks = {(number, False) for number in self.replicates}
        return marks | {(self.replicates[0], True)} if self.whole else marks


class Request:
    """Something asked for. `on_part` None: an expectation, which is only made ready."""

    def __init__(
        self,
        client: Client,
        scenarios: Sequence[Scenario],
        steps: Sequence[Step],
        on_part: Callable[[Answer], None] | None,
        urgent: bool,
    ) -> None:
        self.client, self.scenarios, self.on_part, self.urgent = client, tuple(scenarios), on_part, urgent
        self.steps, self.at = tuple(steps), 0
        self.began = time.perf_counter()
        self.outbox: Answer | None = None
        self.dropped = False
        self.note = ""

    @property
    def finished(self) -> bool:
        """True once every step is done."""
        return self.at >= len(self.steps)

    def sheets(self) -> set[Sheet]:
        """The sheets of the step that is being made."""
        return set() if self.finished else set(self.steps[self.at].sheets)

    def advance(self) -> bool:
        """Pass the steps that are done; True if there were any."""
        before = self.at
        while not self.finished and self.steps[self.at].done():
            self.at += 1
        return self.at > before

    def answer(self) -> Answer:
        """What the last step that is done gives."""
        step = self.steps[self.at - 1]
        ensembles = tuple(
            sheet.ensemble(scenario, step.replicates, step.keep if at == 0 else ())
            for at, (sheet, scenario) in enumerate(zip(step.sheets, self.scenarios, strict=True))
        )
        known = step.sheets[0].networks
        networks = {number: known[number] for number in step.draw if number in known}
        return Answer(ensembles, self.finished, self.milliseconds(), note=self.note, networks=networks)

    def milliseconds(self) -> float:
        """Time since it was asked."""
        return 1e3 * (time.perf_counter() - self.began)

    def unit(self, seconds: float, threads: int, ready: Callable[[Sheet], bool]) -> Unit | None:
        """The next runs to be made; seconds: that a run takes for each pair and month."""
        if self.finished:
            return None
        sheet: Sheet | None = None
        found: list[int] = []
        missing = 0
        step = self.steps[self.at]
        for here, number, whole in step.missing():
            if not ready(here):
                continue
            if whole:
                return Unit(self.client, here, (number,), number in step.keep, number in step.draw)
            sheet = sheet or here
            if here is sheet:
                missing += 1
                found.append(number)
        if sheet is None:
            return None
        room = int(UNIT_SECONDS / (seconds * sheet.size))
        count = max(1, min(room, -(-missing // threads)))
        return Unit(self.client, sheet, tuple(found[:count]))


class Client:
    """Who asks: the newest request of each channel, what is expected next, and the time used lately."""

    HALF_LIFE = 1.0

    def __init__(self, name: str) -> None:
        self.name = name
        self.requests: dict[str, Request] = {}
        self.expected: Request | None = None
        self._used, self._since = 0.0, time.perf_counter()

    def used(self) -> float:
        """Seconds of computing lately; what is long past counts for nothing."""
        return float(self._used * 0.5 ** ((time.perf_counter() - self._since) / self.HALF_LIFE))

    def charge(self, seconds: float) -> None:
        """Add time that was used."""
        self._used, self._since = self.used() + seconds, time.perf_counter()


def steps_of(
    sheets: Sequence[Sheet],
    replicates: int,
    also: Sequence[int],
    keep: Sequence[int],
    draw: Sequence[int],
    seconds: float,
    threads: int,
) -> list[Step]:
    """A first step of about FIRST_SECONDS with two to eight replicates, then all; more steps where all takes long.

    also: replicates that are in every step, wherever they lie. keep: those whose history is wanted, draw: network.
    """
    size = max(sheet.size for sheet in sheets)
    each = seconds * size / threads
    counts = [first_count(size, replicates, seconds, threads)]
    while (counts[-1] * 4 < replicates) and (replicates - counts[-1]) * each > LONG_SECONDS:
        counts.append(counts[-1] * 4)
    counts.append(replicates)
    return [
        Step(tuple(sheets), tuple(sorted({*range(count), *also})), tuple(keep), tuple(draw))
        for count in dict.fromkeys(counts)
    ]


def first_count(size: int, replicates: int, seconds: float, threads: int) -> int:
    """Replicates of a first answer; size: pairs and months of a run, seconds: that each of them takes."""
    return min(replicates, max(2, min(FEW, int(FIRST_SECONDS * threads / (seconds * size)))))

"""What a slider will probably be moved to next, so that it is made before it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cisim.app.drawing.guesses import Guess
from cisim.app.protocol import Control
from cisim.app.rooms.tools import Tools
from cisim.app.state.controls import CONDITIONS, declared_controls
from cisim.app.state.readings import number, refuse_monsters
from cisim.app.state.session import Session
from cisim.errors import SpecError
from cisim.theory.parameters import LEVERS
from cisim.world.scenario import Scenario

__all__ = ["Ahead", "likely"]

NEAR = 2
"""Steps of a slider at either side that come before all others."""
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


def likely(
    session: Session, control: Control, direction: int = 0, pointed: float | None = None
) -> list[Guess]:
    """What comes next while this slider is in hand, the likeliest first.

    direction: 1 after a move up, −1 after a move down, 0 where none is known. pointed: the value under the pointer,
    which a click would choose. First that value; then the steps beside the present one; then a first answer for every
    other place of the slider, so that wherever it goes something is there; then all runs for them, the nearest first;
    last the other sliders of the page. Values on a slider need no check.
    """
    here = _value(session.scenario, control)
    places = _outwards(control, here, direction)
    near, far = places[:NEAR], places[NEAR:]
    aimed = [] if pointed is None else [_on_slider(control, pointed)]
    around = [] if pointed is None else _outwards(control, aimed[0], 0)[:NEAR]
    order: list[tuple[float, bool]] = [(value, True) for value in (*aimed, *near)]
    order += [(value, False) for value in (*around, *far)]
    order += [(value, True) for value in (*around, *far)]
    guesses = [
        Guess(_with(session.scenario, control["name"], value), whole)
        for value, whole in order
        if value != here
    ]
    return [*guesses, *elsewhere(session, control["name"])]


def elsewhere(session: Session, hand: str = "") -> list[Guess]:
    """What comes next if a slider is taken that is not in hand.

    All runs of its next steps, for whoever uses keys; first answers everywhere, for whoever clicks; then its quarters.
    """
    controls = [declared_controls()[name] for name in CONDITIONS if name != hand]
    found: list[Guess] = []
    for whole, places in (
        (False, _beside),
        (True, _beside),
        (False, _every),
        (True, _quarters),
    ):
        for control in controls:
            here = _value(session.scenario, control)
            found += [
                Guess(_with(session.scenario, control["name"], value), whole)
                for value in places(control, here) if value != here
            ]  # fmt: skip
    return found


class Ahead:
    """Knows which slider is in hand and where it goes, and has the studio make what comes next."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools
        self._slider: tuple[str, int] | None = None
        self._pointed: float | None = None

    def focus(self, name: object, pointed: object = None) -> bool:
        """Somebody is about to move this slider, perhaps to the value under the pointer; False if there is none."""
        if not isinstance(name, str) or name not in LEVERS:
            return False
        direction = self._slider[1] if self._slider is not None and self._slider[0] == name else 0
        self._slider = (name, direction)
        self._pointed = _place(pointed)
        return True

    def moved(self, name: str, before: Session, now: Session) -> None:
        """A slider was moved, and will be moved on in the same direction."""
        if name in LEVERS:
            was, is_now = (one.scenario.levers.get(name, LEVERS[name].default) for one in (before, now))
            if was != is_now:
                self._slider, self._pointed = (name, 1 if is_now > was else -1), None

    def look(self, now: Session) -> None:
        """Say to the studio what comes next; to be called once a picture is whole, since it takes a moment."""
        if now.page != "stage":
            return
        if self._slider is None:
            guesses = elsewhere(now)
        else:
            name, direction = self._slider
            guesses = likely(now, declared_controls()[name], direction, self._pointed)
        self.tools.studio.expect(
            self.tools.client, guesses, seed=now.seed, replicates=now.replicates, draw=(now.replicate,)
        )


def _place(told: object) -> float | None:
    """A value under the pointer as the browser tells it; None where it is none."""
    try:
        refuse_monsters(told, 0)
        return number({"value": told}, "value", -1e9, 1e9)
    except SpecError:
        return None


def _value(scenario: Scenario, control: Control) -> float:
    return scenario.levers.get(control["name"], control["default"])


def _with(scenario: Scenario, name: str, value: float) -> Scenario:
    return scenario.model_copy(update={"levers": {**scenario.levers, name: value}})


def _on_slider(control: Control, value: float) -> float:
    """The nearest value that the slider can take, as the browser rounds it."""
    low, high, step = control["low"], control["high"], control["step"]
    inside = min(max(value, low), high)
    return round(low + round((inside - low) / step) * step, 10)


def _outwards(control: Control, value: float, direction: int) -> list[float]:
    """Every other place of the slider, the nearest first, and those ahead before those behind."""
    count = round((control["high"] - control["low"]) / control["step"])
    moves: Sequence[int] = [sign * away for away in range(1, count + 1) for sign in (1, -1)]
    if direction:  # one step back for two ahead
        moves = sorted(moves, key=lambda move: abs(move) * (1 if move * direction > 0 else 2.5))
    values = (round(value + move * control["step"], 10) for move in moves)
    return [near for near in values if control["low"] <= near <= control["high"]]


def _beside(control: Control, here: float) -> Sequence[float]:
    return _outwards(control, here, 0)[:NEAR]


def _quarters(control: Control, here: float) -> Iterator[float]:
    for share in QUARTERS:
        yield _on_slider(control, control["low"] + share * (control["high"] - control["low"]))


def _every(control: Control, here: float) -> Sequence[float]:
    return _outwards(control, here, 0)

"""What a slider will probably be moved to next, so that it is made before it is asked for."""

from __future__ import annotations

from cisim.app.protocol import Control
from cisim.app.rooms.tools import Tools
from cisim.app.state.controls import declared_controls
from cisim.app.state.session import Session
from cisim.theory.parameters import LEVERS
from cisim.world.scenario import Scenario

__all__ = ["Ahead", "nearby"]

STEPS = 8


def nearby(session: Session, control: Control, direction: int = 0) -> list[Scenario]:
    """The plan at the next steps of a lever's slider, the nearest first, and those ahead before those behind.

    direction: 1 after a move up, −1 after a move down, 0 where none is known. Values on a slider need no check.
    """
    scenario, name, step = session.scenario, control["name"], control["step"]
    value = scenario.levers.get(name, control["default"])
    steps = [sign * away for away in range(1, STEPS + 1) for sign in (1, -1)]
    if direction:  # one step back for two ahead
        steps.sort(key=lambda move: abs(move) * (1 if move * direction > 0 else 2.5))
    values = [round(value + move * step, 10) for move in steps]
    return [
        scenario.model_copy(update={"levers": {**scenario.levers, name: near}})
        for near in values
        if control["low"] <= near <= control["high"]
    ]


class Ahead:
    """Knows which slider is in hand and where it goes, and has the studio make what comes next."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools
        self._slider: tuple[str, int] | None = None

    def focus(self, name: object) -> bool:
        """Somebody is about to move this slider; False if there is none of that name."""
        if not isinstance(name, str) or name not in LEVERS:
            return False
        self._slider = (name, 0)
        return True

    def moved(self, name: str, before: Session, now: Session) -> None:
        """A slider was moved, and will be moved on in the same direction."""
        if name in LEVERS:
            was, is_now = (one.scenario.levers.get(name, LEVERS[name].default) for one in (before, now))
            if was != is_now:
                self._slider = (name, 1 if is_now > was else -1)

    def look(self, now: Session) -> None:
        """Say to the studio what comes next; to be called once a picture is whole, since it takes a moment."""
        if self._slider is not None and now.page == "stage":
            name, direction = self._slider
            self.tools.studio.expect(
                self.tools.client, nearby(now, declared_controls()[name], direction),
                seed=now.seed, replicates=now.replicates, keep=(now.replicate,),
            )  # fmt: skip

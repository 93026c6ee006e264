"""The model is compiled, and the first picture made, before a visitor asks for it."""

from __future__ import annotations

import threading

from cisim import verbs
from cisim.app.drawing.studio import Answer, Studio, the_studio
from cisim.app.state.session import FIRST

__all__ = ["WARMTH", "Warmth"]


class Warmth:
    """Asks the studio for the runs that every new visitor sees first; `ready` once they are in."""

    def __init__(self, studio: Studio | None = None) -> None:
        self.ready = threading.Event()
        self._studio = studio

    def start(self) -> None:
        """Begin; gives no answer and does not wait."""
        studio = self._studio or the_studio()
        studio.ask("warmth", verbs.preset(FIRST), self._taken, replicates=50, draw=(0,), urgent=False)

    def _taken(self, answer: Answer) -> None:
        if answer.settled:
            self.ready.set()


WARMTH = Warmth()
"""The one of this process."""

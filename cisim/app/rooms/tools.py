"""What the rooms of one tab share: the studio, a thread for drawing, and the way to the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cisim.app.drawing.studio import Answer, Studio
from cisim.app.mailbox import Mailbox

__all__ = ["Tools"]


@dataclass(frozen=True)
class Tools:
    """client: the name of the tab. post: shows properties on the page. say: tells a sentence: ("error", text).

    note: tells why an answer takes long, "" once it is there.
    """

    client: str
    studio: Studio
    mail: Mailbox
    post: Callable[[Mapping[str, Any]], None]
    say: Callable[[str, str], None]
    note: Callable[[str], None]

    def later(self, kind: str, take: Callable[[Answer], None]) -> Callable[[Answer], None]:
        """A function that hands an answer on to the tab's own thread; a newer answer of the kind overtakes it."""

        def taken(answer: Answer) -> None:
            if answer.note and not answer.ensembles and not answer.error:
                self.mail.put(f"{kind} note", lambda: self.note(answer.note))
            else:
                self.mail.put(kind, lambda: self._take(answer, take))

        return taken

    def _take(self, answer: Answer, take: Callable[[Answer], None]) -> None:
        self.note(answer.note)
        if answer.error:
            self.say("error", answer.error)
        take(answer)

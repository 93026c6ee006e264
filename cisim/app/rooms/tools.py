"""What the rooms of one tab share: the studio, a thread for drawing, and the way to the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cisim.app.drawing.studio import Answer, Studio
from cisim.app.mailbox import Mailbox
from cisim.app.protocol import Notice
from cisim.app.state.notices import notice

__all__ = ["Tools"]


@dataclass(frozen=True)
class Tools:
    """client: the name of the tab. post: shows properties on the page. say: tells a sentence: ("error", text).

    note: tells something of an answer, ("desk", "plans", Notice), for as long as it is so; None once it is not.
    """

    client: str
    studio: Studio
    mail: Mailbox
    post: Callable[[Mapping[str, Any]], None]
    say: Callable[[str, str], None]
    note: Callable[[str, str, Notice | None], None]

    def later(self, page: str, asked: str, take: Callable[[Answer], None]) -> Callable[[Answer], None]:
        """A function that hands answers on to the tab's own thread; a newer one to what this page asked overtakes it."""
        kind = f"{page} {asked}"
        self.note(page, asked, None)

        def taken(answer: Answer) -> None:
            if answer.note and not answer.ensembles and not answer.error:
                self.mail.put(f"{kind} note", lambda: self.note(page, asked, notice("wait", answer.note)))
            else:
                self.mail.put(kind, lambda: here(answer))

        def here(answer: Answer) -> None:
            if answer.error:
                self.say("error", answer.error)
            self.note(page, asked, notice("info", answer.note) if answer.note else None)
            take(answer)

        return taken

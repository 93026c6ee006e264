"""The Stage: one plan, its baseline, and the run that is shown as a network."""

from __future__ import annotations

from collections.abc import Callable

from cisim.app.drawing.picture import limits_in, stage_picture
from cisim.app.drawing.studio import Answer
from cisim.app.pictures import StagePicture
from cisim.app.rooms.tools import Tools
from cisim.app.state.session import Session
from cisim.engine.ensemble import Ensemble
from cisim.world.scenario import Scenario

__all__ = ["StageRoom"]

Shown = tuple[Scenario, Scenario | None, int, int, int]


class StageRoom:
    """Asks for the runs of the plan that is shown, and draws them; `drawn` is called after each whole picture."""

    def __init__(self, tools: Tools, drawn: Callable[[], None]) -> None:
        self.tools, self._drawn = tools, drawn
        self._question: tuple[Shown | None, int] = (None, 0)  # what was asked last, and the action it answers
        self._answered = False  # something of what was asked last is on the page
        self._picture: StagePicture | None = None

    def enter(self, session: Session, serial: int) -> None:
        """Show this session: at once if nothing that is drawn has changed."""
        wanted = (session.scenario, session.baseline, session.seed, session.replicates, session.replicate)
        asked = self._question[0]
        if asked is not None and _same(asked, wanted):
            self._question = (asked, serial)
            self.tools.mail.put("stage again", self._again)
            return
        self._question, self._answered = (wanted, serial), False
        plans = [session.scenario, *([session.baseline] if session.baseline is not None else [])]
        self.tools.studio.ask(
            self.tools.client, plans, self.tools.later("stage", "plan", lambda answer: self._take(answer, wanted)),
            seed=session.seed, replicates=session.replicates, draw=(session.replicate,), channel="stage",
        )  # fmt: skip

    def run(self, take: Callable[[Ensemble, int], None]) -> None:
        """Hand over the run that is shown with its whole history, and its number, once a picture of it is there.

        Only a story of a partner needs it. It takes a hundred times the room of a picture, so the studio alone keeps it,
        within its bounds, and is asked again each time.
        """
        asked = self._question[0]
        if asked is None or not self._answered:
            return

        def taken(answer: Answer) -> None:
            if self._question[0] is not asked:
                return  # the next picture brings the next one
            if answer.settled and answer.ensembles and asked[4] in answer.ensembles[0].histories:
                take(answer.ensembles[0], asked[4])

        self.tools.studio.ask(
            self.tools.client, asked[0], self.tools.later("stage", "run", taken),
            seed=asked[2], replicates=1, keep=(asked[4],), channel="run",
        )  # fmt: skip

    def _take(self, answer: Answer, wanted: Shown) -> None:
        if self._question[0] is not wanted:
            return  # a newer question is on its way
        if answer.error:
            self._question, self._answered = (None, self._question[1]), True
            self._again()
            return
        picture = stage_picture(
            answer.ensembles[0], replicate=wanted[4],
            baseline=answer.ensembles[1] if len(answer.ensembles) > 1 else None,
            network=answer.networks.get(wanted[4]),
            before=None if self._picture is None else limits_in(self._picture),
            settled=answer.settled, milliseconds=answer.milliseconds,
        )  # fmt: skip
        asked, serial = self._question
        if asked is wanted:
            self._picture, self._answered = {**picture, "serial": serial}, True
            self.tools.post({"picture": self._picture})
            if answer.settled:
                self._drawn()

    def _again(self) -> None:
        """The same picture as the answer to a later action, which changed nothing that is drawn."""
        asked, serial = self._question
        if self._picture is not None and self._answered:
            settled = self._picture["settled"] or asked is None
            self._picture = {**self._picture, "serial": serial, "settled": settled}
            self.tools.post({"picture_answered": {"serial": serial, "settled": settled}})


def _same(one: Shown, other: Shown) -> bool:
    """The same plans in the same worlds."""
    return one[2:] == other[2:] and one[0] == other[0] and one[1] == other[1]

"""The Bench: a study folder below the one that the server was given, and any of its runs on the Stage."""

from __future__ import annotations

from cisim.app.drawing.bench import bench_picture, no_study
from cisim.app.drawing.bench_answers import Answers, answers, fresh_of, with_answers
from cisim.app.drawing.bench_studies import BenchRun, bench_run, open_study, studies_in
from cisim.app.pictures import BenchPicture
from cisim.app.rooms.tools import Tools
from cisim.app.state.session import Bench, Session
from cisim.errors import CisimError
from cisim.study.kept.results import Results

__all__ = ["BenchRoom"]


class BenchRoom:
    """Opens a study in the tab's own thread, draws it, and then asks its questions."""

    def __init__(self, tools: Tools, folder: str) -> None:
        self.tools, self.folder = tools, folder or None
        self._look: Bench | None = None
        self._results: tuple[str, Results] | None = None
        self._picture: BenchPicture | None = None
        self._answers: tuple[tuple[str, str], Answers] | None = None  # of the study and outcome asked last

    def enter(self, session: Session, serial: int) -> None:
        """Show what the session has open."""
        self.tools.mail.put("bench", lambda: self._show(session.bench, serial))

    def run(self, asked: str, key: str, replicate: int) -> BenchRun:
        """One run of the study, for the Stage. Raises SpecError or StoreError where it cannot be shown."""
        return bench_run(self.folder, asked, key, replicate)

    def _show(self, look: Bench, serial: int) -> None:
        if look == self._look and self._picture is not None:
            self._post({**self._picture, "serial": serial})
            return
        self._look = look
        studies = studies_in(self.folder)
        if not look.folder:
            self._post(no_study(studies, serial=serial))
            return
        try:
            results = self._opened(look.folder)
            picture = bench_picture(
                results, studies, look.folder, x=look.x, y=look.y, outcome=look.outcome, serial=serial
            )
            self._post(picture)
            outcome = picture["scatter"]["outcome"] if picture["scatter"] else picture["outcomes"][0]
            if self._answers is None or self._answers[0] != (look.folder, outcome):
                fresh = fresh_of(self.folder, look.folder, studies)
                self._answers = ((look.folder, outcome), answers(results, outcome, fresh))
            self._post({**with_answers(picture, self._answers[1]), "serial": serial})
        except CisimError as error:
            self.tools.say("error", str(error))
            self._post(no_study(studies, serial=serial, text=str(error)))

    def _opened(self, folder: str) -> Results:
        if self._results is None or self._results[0] != folder:
            self._results = (folder, open_study(self.folder, folder))
        return self._results[1]

    def _post(self, picture: BenchPicture) -> None:
        self._picture = picture
        self.tools.post({"bench": picture})

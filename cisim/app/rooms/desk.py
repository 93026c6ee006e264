"""The Desk: plans side by side on the same draws, and what drives their difference."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cisim.app.drawing.advice.adviser import Adviser, the_reporter
from cisim.app.drawing.board_report import BoardReport
from cisim.app.drawing.desk import Compared, compared_of, desk_picture, parted
from cisim.app.drawing.desk_drivers import Subsets, condition_subsets, driver_replicates, driver_rows
from cisim.app.drawing.desk_outcomes import DESK_OUTCOMES
from cisim.app.drawing.one_world import leading
from cisim.app.drawing.result_page import result_page
from cisim.app.drawing.studio import Answer
from cisim.app.pictures import DeskPicture
from cisim.app.rooms.tools import Tools
from cisim.app.state.notices import notice
from cisim.app.state.session import Desk, Session
from cisim.errors import SpecError
from cisim.world.scenario import Scenario

__all__ = ["DeskRoom"]

MAKING = "The report is being made."
AFTER = "The report is made as soon as {} of others {} been."

Plans = tuple[tuple[Scenario, ...], int, int]


@dataclass(frozen=True)
class _Asked:
    """What the page wants to see: these plans, as the answer to the action `serial`, looked at like this."""

    plans: Plans
    serial: int
    look: Desk


@dataclass(frozen=True)
class _Known:
    """What there is: these plans, compared; settled: in all worlds that were asked for."""

    plans: Plans
    compared: Compared
    settled: bool


@dataclass(frozen=True, eq=False)
class _Question:
    """What drives the difference of `plan` from the first in an outcome and month; less: less of it is better."""

    plans: Plans
    plan: int
    outcome: str
    month: int
    less: bool


class DeskRoom:
    """Asks for the runs of all plans and compares them; asked to, it shares their difference out, or has a report made.

    The page's thread writes what is asked, the tab's own thread all that comes of it.
    """

    def __init__(self, tools: Tools, reporter: Adviser | None = None) -> None:
        self.tools = tools
        self._reporter = reporter
        self._reports = 0  # that were asked for; only the last is waited for
        self._asked: _Asked | None = None
        self._lock = threading.Lock()  # of `_asked`: the tab's own thread takes back what cannot be answered
        self._known: _Known | None = None
        self._picture: DeskPicture | None = None
        self._sent: Compared | None = None  # whose courses the browser has
        self._question: _Question | None = None
        self._rows: list[dict[str, Any]] = []
        self._state: dict[str, Any] = {"state": "none"}
        self._waiting: Callable[[str], None] | None = None

    def enter(self, session: Session, serial: int) -> None:
        """Show this session."""
        wanted = (session.plans, session.replicates, session.seed)
        with self._lock:
            before = self._asked
            plans = before.plans if before is not None and before.plans == wanted else wanted
            self._asked = _Asked(plans, serial, session.desk)
        if plans is not wanted:
            self.tools.mail.put("desk again", self._draw)
            return
        self.tools.studio.ask(
            self.tools.client, session.plans, self.tools.later("desk", "plans", lambda answer: self._take(answer, wanted)),
            seed=session.seed, replicates=session.replicates, channel="desk",
        )  # fmt: skip

    def drivers(self, plan: int, outcome: str) -> None:
        """Ask what drives the difference of a plan from the first, in the month that is looked at."""
        self.tools.mail.put("desk ask drivers", lambda: self._ask_drivers(plan, outcome))

    def result(self, give: Callable[[str], None]) -> None:
        """Give the page of results once the plans are compared."""
        self._waiting = give
        self.tools.mail.put("desk result", self._give)

    def report(self, session: Session, give: Callable[[str], None]) -> None:
        """Give the report on the plans, for a board, once it is made; what is shown goes on meanwhile.

        A newer one takes the place of one that is being made. Raises SpecError if the plans cannot be compared.
        """
        opened = session.openings[leading(session.plans)]
        wanted = BoardReport(
            session.plans, session.desk.month or session.months, session.replicates, session.seed,
            coalition=opened.title or opened.name,
        )  # fmt: skip
        wanted.check()
        self._reports = number = self._reports + 1
        self._tell_report(MAKING)

        def heard(message: Mapping[str, Any]) -> None:
            """Called by a thread of the reporter's, which shall not wait here."""
            self.tools.mail.put(f"report {number}", lambda: self._report(number, message, give))

        self.reporter.ask(self.tools.client, wanted, heard)

    def leave(self) -> None:
        """The tab is closed: nobody waits for the report any more."""
        if self._reports:
            self.reporter.cancel(self.tools.client)

    @property
    def reporter(self) -> Adviser:
        """Who makes reports; made when first needed."""
        return self._reporter or the_reporter()

    def _report(self, number: int, message: Mapping[str, Any], give: Callable[[str], None]) -> None:
        if number != self._reports:
            return  # a newer one is waited for
        if "ahead" in message:
            self._tell_report(AFTER.format(message["ahead"], "has" if message["ahead"] == 1 else "have"))
        elif "note" in message:
            self._tell_report(message["note"] or MAKING)
        elif "answer" in message or "refused" in message:
            for fault in message.get("refused", ()):
                self.tools.say("error", fault)
            self.tools.note("desk", "report", None)
            if "answer" in message:
                give(message["answer"])

    def _tell_report(self, text: str) -> None:
        self.tools.note("desk", "report", notice("wait", text))

    def _still(self, plans: Plans) -> _Asked | None:
        """What is asked, if it is still about these plans."""
        asked = self._asked
        return asked if asked is not None and asked.plans is plans else None

    def _take(self, answer: Answer, wanted: Plans) -> None:
        if self._still(wanted) is None:
            return
        if answer.error:
            self._stay(wanted)
            return
        try:
            compared = compared_of(answer.ensembles)
        except SpecError as error:
            self.tools.say("error", " ".join(error.faults))
            self._stay(wanted)
            return
        if self._known is None or self._known.plans is not wanted:
            self._question, self._rows, self._state = None, [], {"state": "none"}
        self._known = _Known(wanted, compared, answer.settled)
        self._draw()
        self._give()

    def _stay(self, wanted: Plans) -> None:
        """What is shown is all there will be: what was asked cannot be answered."""
        with self._lock:
            asked = self._still(wanted)
            if asked is None:
                return
            self._asked = self._waiting = None
        if self._picture is not None:
            rest = parted(self._picture)[1]
            self.tools.post({"desk": {**rest, "serial": asked.serial, "settled": True}})

    def _draw(self) -> None:
        known = self._known
        asked = None if known is None else self._still(known.plans)
        if known is None or asked is None:
            return  # a newer question is on its way
        self._picture = desk_picture(
            known.compared, month=asked.look.month or None, serial=asked.serial, settled=known.settled,
            drivers=self._rows, drivers_state=self._state,
        )  # fmt: skip
        courses, rest = parted(self._picture)
        if known.compared is self._sent:
            self.tools.post({"desk": rest})
        else:
            self._sent = known.compared
            self.tools.post({"desk": rest, "desk_courses": courses})

    def _give(self) -> None:
        known = self._settled_now()
        if self._waiting is not None and known is not None and self._picture is not None:
            give, self._waiting = self._waiting, None
            give(result_page(known.compared, self._picture, made=date.today().isoformat()))

    def _settled_now(self) -> _Known | None:
        """What is asked, compared in all its worlds, if it is there."""
        known = self._known
        return known if known is not None and known.settled and self._still(known.plans) else None

    def _ask_drivers(self, plan: int, outcome: str) -> None:
        known, picture = self._settled_now(), self._picture
        if known is None or picture is None:
            self.tools.say("info", "What drives a difference can be asked once all worlds are in.")
            return
        compared = known.compared
        if not 0 < plan < len(compared.ensembles):
            self.tools.say("error", f"There is no plan {plan + 1} to compare with the first.")
            return
        shown = next((one for one in DESK_OUTCOMES if one.name == outcome), DESK_OUTCOMES[0])
        question = _Question(known.plans, plan, shown.name, picture["month"], shown.better == "less")
        self._question = question
        try:
            subsets = condition_subsets(compared.ensembles[0].scenario, compared.ensembles[plan].scenario)
        except SpecError as error:
            self._tell_drivers([], {"state": "none", "text": " ".join(error.faults)})
            return
        runs = driver_replicates(subsets, compared.worlds)
        self._tell_drivers([], self._driver_state("running", 0, runs))
        self.tools.studio.ask(
            self.tools.client, subsets.scenarios,
            self.tools.later("desk", "drivers", lambda answer: self._take_drivers(answer, subsets, question, runs)),
            seed=compared.ensembles[0].seed, replicates=runs, channel="drivers", urgent=False,
        )  # fmt: skip

    def _take_drivers(self, answer: Answer, subsets: Subsets, question: _Question, runs: int) -> None:
        if question is not self._question or self._still(question.plans) is None:
            return
        if answer.error:
            self._tell_drivers([], {"state": "none", "text": answer.error})
            return
        rows = (
            driver_rows(subsets, answer.ensembles, question.outcome, question.month, less=question.less)
            if answer.replicates > 1
            else []
        )
        self._tell_drivers(
            rows, self._driver_state("done" if answer.settled else "running", answer.replicates, runs)
        )

    def _driver_state(self, state: str, done: int, runs: int) -> dict[str, Any]:
        question = self._question
        plan, outcome = (question.plan, question.outcome) if question is not None else (1, "")
        return {"state": state, "done": done, "all": runs, "plan": plan, "outcome": outcome, "text": ""}

    def _tell_drivers(self, rows: list[dict[str, Any]], state: dict[str, Any]) -> None:
        self._rows, self._state = rows, state
        self._draw()

"""One tab of one visitor: takes in what the browser sends, and shows what comes of it.

    action --> history (state/) --> view, at once
                   |
                   +--> room of the page (rooms/) --> studio --> picture, when it is there

A tab knows neither Solara nor the widget that it is shown in, so it can be tried without a browser.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from cisim.app.address import address_of, page_of
from cisim.app.drawing.advice.adviser import Adviser
from cisim.app.drawing.studio import Studio, the_studio
from cisim.app.mailbox import Mailbox
from cisim.app.protocol import Notice
from cisim.app.rooms.advice import AdviceRoom
from cisim.app.rooms.bench import BenchRoom
from cisim.app.rooms.desk import DeskRoom
from cisim.app.rooms.nearby import Ahead
from cisim.app.rooms.notes import Notes
from cisim.app.rooms.stage import StageRoom
from cisim.app.rooms.story import Story
from cisim.app.rooms.tools import Tools
from cisim.app.state.actions import act, with_scenario
from cisim.app.state.history import start, told
from cisim.app.state.limits import Limits
from cisim.app.state.link import link_of, restored
from cisim.app.state.notices import notice, refusal
from cisim.app.state.opening import file_name, scenario_text
from cisim.app.state.readings import whole_number, words
from cisim.app.state.session import beyond
from cisim.app.state.view import live_view, static_view
from cisim.errors import CisimError, SpecError
from cisim.world.scenario import Scenario

__all__ = ["Tab"]

log = logging.getLogger("cisim.app")

Show = Callable[[Mapping[str, Any]], None]

LOOKS = ("select", "predict", "desk", "advice", "bench-axes", "plan-title")
"""Actions that the browser's Back does not stop at: they look elsewhere, or are typed sign by sign."""
ASIDE = ("partner", "save-scenario", "save-result", "save-report", "dismiss", "advice-ask", "advice-cancel")
"""Actions that change nothing that is drawn."""
TOO_LONG = "This is too long for the address of a page, which would restore it. Save the plan as a scenario to keep it."
UNEXPECTED = (
    "That did not work, for a reason that nobody expected; it is in the server's log. The page goes on."
)


class Tab:
    """What one visitor has open. `show` is called with properties that changed, from several threads.

    Properties: static, live, picture, partner, desk, desk_courses, advice, advice_now, bench, download, address.
    """

    def __init__(
        self,
        show: Show,
        *,
        path: str = "/",
        query: str = "",
        scenarios: Sequence[Scenario] = (),
        limits: Limits | None = None,
        studies: str = "",
        studio: Studio | None = None,
        adviser: Adviser | None = None,
        reporter: Adviser | None = None,
    ) -> None:
        self.name = uuid4().hex
        self._show, self._lock = show, threading.RLock()
        self._notes = Notes()
        self._too_long, self._gone = False, False
        self._moves = 0
        self._mail = Mailbox(f"cisim-tab-{self.name[:8]}")
        self._studio = studio or the_studio()
        tools = Tools(self.name, self._studio, self._mail, self._post, self.say, self._noted)
        self._ahead = Ahead(tools)
        self._stage, self._bench = StageRoom(tools, self._drawn), BenchRoom(tools, studies)
        self._story = Story(tools, self._stage)
        self._desk, self._advice = DeskRoom(tools, reporter), AdviceRoom(tools, adviser)
        self.history = start(limits, scenarios)
        self._open(path, query)
        self._path = address_of(self.history.present.page, self._link())
        moved = self._moved("")
        self.first = {"static": static_view(self.history.limits), "live": self._live()}
        self._enter()
        self._post(moved)

    # what the browser sends
    def act(self, action: Any) -> None:
        """Take an action in; nothing that it can be makes this raise."""
        try:
            with self._lock:
                if not self._gone:
                    self._act(action)
        except Exception:
            log.exception("an action failed")
            self.say("error", UNEXPECTED)

    def went(self, path: str) -> None:
        """The browser shows another address: Back, Forward, or one that was typed."""
        with self._lock:
            if self._gone or path == self._path:
                return
            self._path = path
            where, _, query = path.partition("?")
            present = self.history.present
            if query != link_of(present, self.history.limits):
                self.history, _ = act(self.history, {"do": "open-link", "query": query})
            self._turn(page_of(where))
            self._enter()
            self._post({"live": self._live()})

    def leave(self) -> None:
        """The tab is closed: nothing is asked or shown any more, by what is being done for it neither."""
        with self._lock:  # a question that is being asked is asked before, and cancelled
            self._gone = True
            self._advice.cancel()
            self._desk.leave()
            self._studio.leave(self.name)
            self._mail.close(last=lambda: self._studio.leave(self.name))

    def say(self, kind: str, text: str) -> None:
        """Tell the person something."""
        with self._lock:
            self.history = told(self.history, [notice(kind, text)], done=False)
            self._post({"live": self._live()})

    # inside
    def _open(self, path: str, query: str) -> None:
        """Begin with what an address says."""
        first = self.history.present
        session, notices = restored(query, self.history.limits, first) if query else (first, [])
        self.history = told(replace(self.history, present=session), notices, done=False)
        self._turn(page_of(path))

    def _turn(self, page: str) -> None:
        self.history = replace(self.history, present=replace(self.history.present, page=page))

    def _act(self, action: Any) -> None:
        do = action.get("do") if isinstance(action, Mapping) else None
        if do == "focus":
            if self._ahead.focus(action.get("name"), action.get("value")):
                self._mail.put("ahead", self._look_ahead)
            return
        if do == "dismiss" and self._dismissed(action.get("index")):
            return
        before = self.history.present
        self.history, _ = act(self.history, action)
        self._answer(do, action)
        if do == "lever" and self.history.present is not before:
            self._ahead.moved(action["name"], before, self.history.present)
        moved = do not in ASIDE and (not self.history.drag or self.history.drag == "select")
        address = self._moved(str(do)) if moved else {}  # with the view: Back goes back from what is shown
        self._post({"live": self._live(), **address})
        if do not in ASIDE:
            self._enter()

    def _answer(self, do: object, action: Any) -> None:
        """What the reducer leaves to the page: a story, a file, a run of a study."""
        answers: dict[object, Callable[[Mapping[str, Any]], None]] = {
            "partner": self._partner, "save-scenario": self._save_scenario, "save-result": self._save_result,
            "save-report": self._save_report, "bench-point": self._bench_point, "desk": self._drivers,
            "advice-ask": lambda _: self._advice.ask(self.history.present), "advice-cancel": lambda _: self._advice.cancel(),
            "advice-take": self._take_advice,
        }  # fmt: skip
        if do not in answers:
            return
        try:
            answers[do](action)
        except CisimError as error:
            fault = error if isinstance(error, SpecError) else SpecError(str(error))
            self.history = told(self.history, [refusal(fault, what="That cannot be done")], done=False)

    def _partner(self, action: Mapping[str, Any]) -> None:
        key = action.get("id") or ""
        if not key:
            self._story.close()
            return
        month = whole_number(action, "month", 0, self.history.present.months)
        if not isinstance(key, str) or key not in self.history.present.scenario.names:
            raise SpecError("there is no such organization in this plan.")
        self._story.open(key, month)

    def _drivers(self, action: Mapping[str, Any]) -> None:
        if action.get("drivers") is True:
            self._desk.enter(self.history.present, self.history.serial)
            plan = whole_number(action, "plan", 0, len(self.history.present.plans) - 1)
            self._desk.drivers(plan, self.history.present.desk.outcome)

    def _save_scenario(self, action: Mapping[str, Any]) -> None:
        present = self.history.present
        plan = whole_number(action, "plan", 0, len(present.plans) - 1) if "plan" in action else present.shown
        self._give(file_name(present, plan), scenario_text(present, plan), "application/toml")

    def _save_result(self, action: Mapping[str, Any]) -> None:
        present = self.history.present
        self._desk.enter(present, self.history.serial)
        self._desk.result(lambda text: self._give(f"{present.scenario.name}-result.html", text, "text/html"))

    def _save_report(self, action: Mapping[str, Any]) -> None:
        self._desk.report(self.history.present, lambda text: self._give("report.html", text, "text/html"))

    def _bench_point(self, action: Mapping[str, Any]) -> None:
        key, replicate = words(action, "key", 1, 200), whole_number(action, "replicate", 0, 2**31)
        run = self._bench.run(self.history.present.bench.folder, key, replicate)
        if faults := beyond(run.scenario, self.history.limits):
            raise SpecError(faults)
        self.history = with_scenario(
            self.history, run.scenario, "A run of a study", seed=run.seed, replicate=run.replicate
        )
        self._turn("stage")
        self.history = told(self.history, [notice("info", run.text)], done=True)

    def _take_advice(self, action: Mapping[str, Any]) -> None:
        self.history = self._advice.taken(self.history, action)

    def _give(self, name: str, text: str, kind: str) -> None:
        self._post({"download": {"name": name, "text": text, "type": kind, "key": uuid4().hex}})

    def _drawn(self) -> None:
        """The picture is whole: what belongs to it, and what comes next."""
        self._story.tell()
        self._look_ahead()

    def _look_ahead(self) -> None:
        if not self._gone:
            self._ahead.look(self.history.present)

    def _enter(self) -> None:
        present, serial = self.history.present, self.history.serial
        rooms: dict[str, StageRoom | DeskRoom | BenchRoom] = {
            "stage": self._stage, "desk": self._desk, "bench": self._bench,
        }  # fmt: skip
        rooms[present.page].enter(present, serial)
        self._advice.enter(present)

    def _link(self) -> str:
        return link_of(self.history.present, self.history.limits) if self._changed() else ""

    def _changed(self) -> bool:
        """Whether anything is other than what a new visitor sees."""
        return replace(self.history.present, page=self.history.first.page) != self.history.first

    def _moved(self, do: str) -> dict[str, Any]:
        """The address that restores what is shown, if it is another one."""
        link = self._link()
        too_long = not link and self._changed()
        if too_long and not self._too_long:
            self.history = told(self.history, [notice("warning", TOO_LONG)], done=False)
        self._too_long = too_long
        path = address_of(self.history.present.page, link)
        step = path != self._path and do not in LOOKS and do != ""
        if path == self._path and do != "":
            return {}
        self._path, self._moves = path, self._moves + 1
        return {"address": {"path": path, "step": step, "move": self._moves}}

    def _live(self) -> dict[str, Any]:
        view: dict[str, Any] = dict(live_view(self.history))
        view["notices"] = [*view["notices"], *self._notes.of(self.history.present.page)]
        return view

    def _noted(self, page: str, asked: str, note: Notice | None) -> None:
        with self._lock:
            if self._notes.tell(page, asked, note) and page == self.history.present.page:
                self._post({"live": self._live()})

    def _dismissed(self, index: Any) -> bool:
        """Whether the person at the page has taken away one of its notes, which stand after the notices."""
        place = index - len(self.history.notices) if isinstance(index, int) else -1
        if not self._notes.dismiss(self.history.present.page, place):
            return False
        self._post({"live": self._live()})
        return True

    def _post(self, changes: Mapping[str, Any]) -> None:
        if not self._gone:
            self._show(changes)

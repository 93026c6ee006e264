"""A report for a board is made in a process of its own: the Desk goes on, and what goes wrong is told."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cisim.app.drawing.advice.adviser import Adviser
from cisim.app.drawing.board_report import BoardReport, board_question
from cisim.app.drawing.kernels import COMPILING
from cisim.app.drawing.studio import Studio
from cisim.app.shell import Tab
from cisim.decision.report import Question, verify
from tests.app.shown import Shown

STUB = Path(__file__).parent / "advice_stub.py"


@pytest.fixture
def opened(studio: Studio) -> Iterator[Callable[..., tuple[Tab, Shown, Adviser]]]:
    made: list[tuple[Tab, Adviser]] = []

    def opener(what: str = "") -> tuple[Tab, Shown, Adviser]:
        """A Desk with two plans; what: the part that the stub plays, "" for real reports."""
        shown = Shown()
        reporter = Adviser(1, command=(sys.executable, str(STUB), what)) if what else Adviser(1)
        made.append((Tab(shown, path="/desk", studio=studio, reporter=reporter), reporter))
        tab = made[-1][0]
        tab.act({"do": "plan-add", "serial": 1})
        tab.act({"do": "lever", "name": "measurement", "value": 0.0, "serial": 2})
        return tab, shown, reporter

    yield opener
    for tab, reporter in made:
        tab.leave()
        reporter.close()


def busy(reporter: Adviser, wanted: tuple[int, int], seconds: float = 30.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and reporter.busy != wanted:
        time.sleep(0.02)
    return reporter.busy == wanted


def asked_by(tab: Tab) -> BoardReport:
    """What the Desk asks of a reporter."""
    asked: list[BoardReport] = []
    reporter = Held()
    reporter.ask = lambda client, wanted, tell: asked.append(wanted)  # type: ignore[method-assign]
    tab._desk._reporter = reporter  # type: ignore[assignment]
    tab.act({"do": "save-report"})
    return asked[0]


def test_a_report_calls_plans_and_the_coalition_as_the_desk_does(opened):
    tab, _, _ = opened("waits")
    question = board_question(asked_by(tab))
    assert [plan.called for plan in question.plans] == [
        "Plan A: Collective impact", "Plan B: Collective impact (2)", "As it is",
    ]  # fmt: skip
    assert question.world.title == "Collective impact" and not question.world.description
    assert question.plans[1].levers["measurement"] == 0 and question.plans[0].levers["measurement"] == 1
    assert Question.of_parts(question.parts()) == question


def test_a_report_is_for_the_coalition_whatever_its_plans_are_called(opened):
    tab, _, _ = opened("waits")
    tab.act({"do": "plan-title", "index": 0, "title": "Measure less"})
    tab.act({"do": "story", "name": "isolated-impact", "plan": 1})
    question = board_question(asked_by(tab))
    assert [plan.called for plan in question.plans][:2] == ["Plan A: Measure less", "Plan B: Isolated impact"]
    assert question.world.title == "Collective impact"
    tab.act({"do": "plan-title", "index": 0, "title": "x" * 200})
    assert len(board_question(asked_by(tab)).plans[0].title) <= 200


@pytest.mark.slow
def test_the_plans_of_the_desk_become_a_report_that_can_be_verified(opened):
    tab, shown, _ = opened()
    tab.act({"do": "desk", "month": 24, "serial": 3})
    tab.act({"do": "save-report", "serial": 4})
    assert any("report is being made" in text for text in shown.notices)
    shown.wait(lambda now: "download" in now, 180)
    report = shown.now["download"]["text"]
    assert "24" in report and verify(report).status == "unaltered"
    assert "<h1>Collective impact: what to do, judged at month 24</h1>" in report
    assert "A Plan A: Collective impact" in report and "B Plan B: Collective impact (2)" in report
    assert verify(report.replace(" %", " % ", 1)).status != "unaltered"


def test_the_desk_goes_on_while_a_report_is_made(opened):
    tab, shown, reporter = opened("waits")
    tab.act({"do": "save-report", "serial": 3})
    assert busy(reporter, (1, 0))
    tab.act({"do": "lever", "name": "measurement", "value": 0.4, "serial": 4})
    shown.wait(lambda now: now.get("desk", {}).get("serial") == 4 and now["desk"]["settled"])
    assert reporter.busy == (1, 0) and "download" not in shown.now


def test_a_report_that_nobody_waits_for_any_more_is_dropped(opened):
    tab, _, reporter = opened("waits")
    tab.act({"do": "save-report", "serial": 3})
    assert busy(reporter, (1, 0))
    tab.leave()
    assert busy(reporter, (0, 0))


def waited(shown: Shown) -> list[str]:
    """What is told of the report; the Desk may wait for its rules besides."""
    return [text for text in shown.waits if text != COMPILING]


def test_a_report_is_waited_for_until_it_is_there(opened):
    tab, shown, _ = opened("reports")
    tab.act({"do": "save-report", "serial": 3})
    shown.wait(lambda now: now.get("download", {}).get("text") == "<!doctype html>")
    assert shown.now["download"]["name"] == "report.html" and not waited(shown)


@pytest.mark.parametrize(("what", "told"), [("refuses", "cannot be answered"), ("dies", "server's log")])
def test_a_report_that_cannot_be_made_is_told(opened, what, told):
    tab, shown, _ = opened(what)
    tab.act({"do": "save-report", "serial": 3})
    shown.wait(lambda now: any(told in text for text in shown.notices) and not waited(shown))
    assert "download" not in shown.now


class Held:
    """A reporter that says what a test has it say, of each report that was asked for."""

    def __init__(self) -> None:
        self.tells: list[Callable[[dict[str, object]], None]] = []

    def ask(self, client: str, wanted: object, tell: Callable[[dict[str, object]], None]) -> None:
        self.tells.append(tell)

    def cancel(self, client: str) -> None: ...


def test_only_the_last_report_that_was_asked_for_is_given(studio):
    shown, reporter = Shown(), Held()
    tab = Tab(shown, path="/desk", studio=studio, reporter=reporter)  # type: ignore[arg-type]
    given: list[str] = []
    shown.heard = lambda changes: given.append(changes["download"]["text"]) if "download" in changes else None
    for _ in range(2):
        tab.act({"do": "save-report"})
    old, new = reporter.tells
    new({"ahead": 2})
    shown.wait(lambda now: waited(shown) == ["The report is made as soon as 2 of others have been."])
    old({"answer": "old"})
    old({"refused": ["An old fault."]})
    new({"note": "Compiling."})
    shown.wait(lambda now: waited(shown) == ["Compiling."])
    new({"note": ""})
    shown.wait(lambda now: waited(shown) == ["The report is being made."])
    new({"answer": "new"})
    shown.wait(lambda now: "download" in now)
    assert given == ["new"] and "An old fault." not in shown.notices and not waited(shown)
    tab.leave()


def test_plans_of_other_partners_make_no_report(opened):
    tab, shown, reporter = opened("waits")
    tab.act({"do": "parameter", "name": "trust_gain", "value": 0.05, "plan": 1, "serial": 3})
    tab.act({"do": "save-report", "serial": 4})
    assert any("more than levers and events" in text for text in shown.notices)
    assert not any("being made" in text for text in shown.notices)
    assert reporter.busy == (0, 0)

"""A report for a board is made in a process of its own: the Desk goes on, and what goes wrong is told."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cisim.app.drawing.advice.adviser import Adviser
from cisim.app.drawing.studio import Studio
from cisim.app.shell import Tab
from cisim.decision.report import verify
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


@pytest.mark.slow
def test_the_plans_of_the_desk_become_a_report_that_can_be_verified(opened):
    tab, shown, _ = opened()
    tab.act({"do": "desk", "month": 24, "serial": 3})
    tab.act({"do": "save-report", "serial": 4})
    assert any("report is being made" in text for text in shown.notices)
    shown.wait(lambda now: "download" in now, 180)
    report = shown.now["download"]["text"]
    assert "24" in report and verify(report).status == "unaltered"
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


@pytest.mark.parametrize(("what", "told"), [("refuses", "cannot be answered"), ("dies", "server's log")])
def test_a_report_that_cannot_be_made_is_told(opened, what, told):
    tab, shown, _ = opened(what)
    tab.act({"do": "save-report", "serial": 3})
    shown.wait(lambda now: any(told in text for text in shown.notices))
    assert "download" not in shown.now


def test_plans_of_other_partners_make_no_report(opened):
    tab, shown, reporter = opened("waits")
    tab.act({"do": "parameter", "name": "trust_gain", "value": 0.05, "plan": 1, "serial": 3})
    tab.act({"do": "save-report", "serial": 4})
    assert any("more than levers and events" in text for text in shown.notices)
    assert not any("being made" in text for text in shown.notices)
    assert reporter.busy == (0, 0)

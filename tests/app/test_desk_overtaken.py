"""A plan is added while the Desk is being drawn: what the browser has still fits together, and the last comes."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import pytest

from cisim.app.drawing.studio import Studio
from cisim.app.rooms import desk
from cisim.app.shell import Tab
from tests.app.shown import Shown


class Browser(Shown):
    """Puts the two parts of a Desk together as root.vue does, after every message."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[tuple[int, int, int, bool]] = []  # plans, their courses, serial, settled

    def __call__(self, changes: Mapping[str, Any]) -> None:
        super().__call__(changes)
        if "desk" in changes:
            told, courses = self.now["desk"], self.now.get("desk_courses", {"plans": []})
            self.drawn.append((len(told["plans"]), len(courses["plans"]), told["serial"], told["settled"]))


def test_a_desk_whose_plans_change_while_it_is_drawn_fits_together(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
):
    plans = 1
    opened = threading.Event()  # the first drawing may begin before there is a tab to act on
    draw = desk.desk_picture

    def overtaken(*given: Any, **named: Any) -> Any:
        """Another plan comes each time, until there are six."""
        nonlocal plans
        assert opened.wait(60)
        if plans < 6:
            plans += 1
            tab.act({"do": "plan-add", "serial": plans})
        return draw(*given, **named)

    monkeypatch.setattr(desk, "desk_picture", overtaken)
    browser = Browser()
    tab = Tab(browser, path="/desk", studio=studio)
    opened.set()
    try:
        browser.wait(lambda now: now.get("desk", {}).get("serial") == 6 and now["desk"]["settled"])
    finally:
        tab.leave()
    assert all(told == courses for told, courses, _, _ in browser.drawn)
    assert all(told == serial for told, _, serial, settled in browser.drawn if settled and serial > 1)
    assert browser.drawn[-1][0] == 6

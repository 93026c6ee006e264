"""While rules are compiled, the page that waits for them says so, as long as it is so."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from cisim.app.drawing import kernels
from cisim.app.drawing.kernels import COMPILING
from cisim.app.drawing.sheets import Sheet
from cisim.app.drawing.studio import Studio
from cisim.app.shell import Tab
from cisim.errors import CisimError
from tests.app.shown import Shown


@pytest.fixture
def compiler(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Rules that are not the default count as new; their compilation ends when this event is set, and in vain."""
    gate, first_call = threading.Event(), kernels._first_call

    def held(sheet: Sheet) -> None:
        if sheet.scenario.rules:
            gate.wait(60)
            raise CisimError("These rules cannot be compiled.")
        first_call(sheet)

    monkeypatch.setattr(kernels, "_first_call", held)
    monkeypatch.setattr(kernels.verbs, "is_compiled", lambda scenario: not scenario.rules)
    yield gate
    gate.set()


def waited(shown: Shown) -> list[str]:
    return [one["text"] for one in shown.now["live"]["notices"] if one["kind"] == "wait"]


def test_a_page_tells_that_it_waits_for_rules_until_they_are_there(compiler):
    studio, shown = Studio(threads=1), Shown()
    tab = Tab(shown, path="/desk", studio=studio)
    tab.act({"do": "plan-add", "serial": 1})
    tab.act({"do": "rule", "plan": 1, "choice": "delivery", "variant": "minimum", "serial": 2})
    shown.wait(lambda now: waited(shown) == [COMPILING])

    tab.act({"do": "plan-show", "index": 0, "serial": 3})
    tab.act({"do": "page", "name": "stage", "serial": 4})
    shown.settled(4)
    assert not waited(shown)  # the plan on the Stage has rules that are there

    tab.act({"do": "page", "name": "desk", "serial": 5})
    assert waited(shown) == [COMPILING]
    compiler.set()
    shown.wait(lambda now: not waited(shown))
    assert any("could not be computed" in text for text in shown.notices)
    tab.leave()
    studio.close()

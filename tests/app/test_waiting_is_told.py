"""While rules are compiled, the page that waits for them says so, as long as it is so; what cannot be told is said."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from cisim.app.drawing import kernels
from cisim.app.drawing.kernels import COMPILING
from cisim.app.drawing.sheets import Sheet
from cisim.app.drawing.studio import Studio
from cisim.app.rooms import desk
from cisim.app.shell import Tab
from cisim.errors import CisimError, SpecError
from tests.app.shown import Shown

NOT_COMPUTED = "could not be computed"


@pytest.fixture
def compilers(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, threading.Event]]:
    """Variants of `delivery` count as new; the compilation of each ends when its event is set, and in vain."""
    gates, first_call = {name: threading.Event() for name in ("minimum", "linear")}, kernels._first_call

    def held(sheet: Sheet) -> None:
        if sheet.scenario.rules:
            gates[sheet.scenario.rules["delivery"]].wait(60)
            raise CisimError("These rules cannot be compiled.")
        first_call(sheet)

    monkeypatch.setattr(kernels, "_first_call", held)
    monkeypatch.setattr(kernels.verbs, "is_compiled", lambda scenario: not scenario.rules)
    yield gates
    for gate in gates.values():
        gate.set()


@pytest.fixture
def opened() -> Iterator[Callable[[], tuple[Tab, Shown]]]:
    """A Desk in a studio of its own, since a studio remembers which rules are compiled."""
    made: list[tuple[Tab, Studio]] = []

    def opener() -> tuple[Tab, Shown]:
        shown, studio = Shown(), Studio(threads=1)
        made.append((Tab(shown, path="/desk", studio=studio), studio))
        return made[-1][0], shown

    yield opener
    for tab, studio in made:
        tab.leave()
        studio.close()


def refused(shown: Shown) -> bool:
    """It is said that something cannot be computed, and nothing is waited for."""
    return any(NOT_COMPUTED in text for text in shown.notices) and not shown.waits


def test_a_page_tells_that_it_waits_for_rules_until_they_are_there(compilers, opened):
    tab, shown = opened()
    tab.act({"do": "plan-add", "serial": 1})
    tab.act({"do": "rule", "plan": 1, "choice": "delivery", "variant": "minimum", "serial": 2})
    shown.wait(lambda now: shown.waits == [COMPILING])

    tab.act({"do": "plan-show", "index": 0, "serial": 3})
    tab.act({"do": "page", "name": "stage", "serial": 4})
    shown.settled(4)
    assert not shown.waits  # the plan on the Stage has rules that are there

    tab.act({"do": "page", "name": "desk", "serial": 5})
    assert shown.waits == [COMPILING]
    compilers["minimum"].set()
    shown.wait(lambda now: refused(shown))


def test_one_plan_that_cannot_be_computed_ends_the_waiting_for_another(compilers, opened):
    tab, shown = opened()
    tab.act({"do": "plan-add", "serial": 1})
    for plan, variant in enumerate(compilers):
        tab.act({"do": "rule", "plan": plan, "choice": "delivery", "variant": variant, "serial": 2 + plan})
    shown.wait(lambda now: shown.waits == [COMPILING])
    compilers["minimum"].set()
    shown.wait(lambda now: refused(shown))


def test_what_is_waited_for_can_be_dismissed_and_is_not_told_of_the_next_answer(compilers, opened):
    tab, shown = opened()
    tab.act({"do": "rule", "choice": "delivery", "variant": "minimum", "serial": 1})
    shown.wait(lambda now: shown.waits == [COMPILING])
    tab.act({"do": "undo", "serial": 2})
    assert not shown.waits
    tab.act({"do": "redo", "serial": 3})
    shown.wait(lambda now: shown.waits == [COMPILING])
    tab.act({"do": "dismiss", "index": len(shown.now["live"]["notices"]) - 1, "serial": 4})
    assert not shown.waits


def test_plans_that_cannot_be_compared_leave_the_picture_that_is_there(opened, monkeypatch):
    tab, shown = opened()
    shown.wait(lambda now: now.get("desk", {}).get("settled"))
    headline = shown.now["desk"]["headline"]

    def no(ensembles: object) -> None:
        raise SpecError("these cannot be compared.")

    monkeypatch.setattr(desk, "compared_of", no)
    tab.act({"do": "lever", "name": "agenda", "value": 0.4, "serial": 1})
    shown.wait(lambda now: now["desk"]["serial"] == 1 and now["desk"]["settled"])
    assert shown.now["desk"]["headline"] == headline
    assert any("cannot be compared" in text for text in shown.notices)

"""Advice in a tab: asked, shown, marked as old once something has changed, cancelled, and taken onto the Desk."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cisim.app.drawing.advice.adviser import Adviser
from cisim.app.drawing.advice.asked import question_of
from cisim.app.drawing.studio import Studio
from cisim.app.shell import Tab
from tests.app.shown import Shown

STUB = Path(__file__).parent / "advice_stub.py"


class Answered(Shown):
    """The newest of each property of a page, and the answers among them."""

    def answer(self, question: str) -> dict[str, Any]:
        self.wait(lambda now: question in now.get("advice", {}))
        told: dict[str, Any] = self.now["advice"][question]
        return told


@pytest.fixture
def opened(studio: Studio) -> Iterator[Callable[..., tuple[Tab, Answered, Adviser]]]:
    made: list[tuple[Tab, Adviser]] = []

    def opener(what: str = "answers", path: str = "/desk") -> tuple[Tab, Answered, Adviser]:
        shown, adviser = Answered(), Adviser(1, command=(sys.executable, str(STUB), what))
        made.append((Tab(shown, path=path, studio=studio, adviser=adviser), adviser))
        return made[-1][0], shown, adviser

    yield opener
    for tab, adviser in made:
        tab.leave()
        adviser.close()


def test_a_question_is_answered_and_its_plan_put_on_the_desk(opened):
    tab, shown, _ = opened()
    tab.act({"do": "advice-ask"})
    told = shown.answer("best")
    assert told["state"] == "done" and not told["stale"] and told["lines"] == ["Meet more often."]
    assert told["asked"].startswith("Asked: the expected contribution by month 60, as large as USD 1,000,000")
    assert told["offers"] == [{"key": "best", "title": "A better plan", "text": "twice as good"}]
    assert "meetings = 3.5" not in shown.texts["advice_text"]  # the plan itself stays here
    shown.wait(lambda now: now["advice_now"]["state"] == "")
    tab.act({"do": "advice-take", "question": "best", "key": "best"})
    plans = tab.history.present.plans
    assert [plan.title for plan in plans] == ["Collective impact", "A better plan"]
    assert plans[1].levers["meetings"] == 3.5 and plans[1].ids == plans[0].ids
    assert tab.history.present.shown == 1
    tab.act({"do": "undo"})
    assert len(tab.history.present.plans) == 1


def test_an_answer_is_marked_once_its_inputs_or_plans_change(opened):
    tab, shown, _ = opened()
    tab.act({"do": "advice-ask"})
    shown.answer("best")
    tab.act({"do": "advice", "probability": 0.8})  # of another question
    tab.act({"do": "desk", "month": 20})
    tab.act({"do": "lever", "name": "meetings", "value": 1.0})
    shown.wait(lambda now: now["advice"]["best"]["stale"])
    tab.act({"do": "undo"})
    shown.wait(lambda now: not now["advice"]["best"]["stale"])
    tab.act({"do": "advice", "budget": 5})
    shown.wait(lambda now: now["advice"]["best"]["stale"])


def test_what_is_wrong_with_a_question_is_its_answer(opened):
    tab, shown, adviser = opened()
    tab.act({"do": "advice", "question": "robust"})
    tab.act({"do": "advice-ask"})
    told = shown.answer("robust")
    assert told["state"] == "failed" and told["faults"] == ["give at least two plans, given 1."]
    tab.act({"do": "advice", "question": "best", "levers": [["backbone_staff", 2.0, 4.0]], "budget": 10.0})
    tab.act({"do": "advice-ask"})
    assert "even the lowest levels" in shown.answer("best")["faults"][0]
    assert adviser.busy == (0, 0)


def test_plans_of_other_worlds_are_refused_by_name(opened):
    tab, shown, _ = opened()
    tab.act({"do": "plan-add"})
    tab.act({"do": "parameter", "name": "trust_gain", "value": 0.05, "plan": 1})
    tab.act({"do": "advice", "question": "information"})
    tab.act({"do": "advice-ask"})
    (fault,) = shown.answer("information")["faults"]
    assert fault.startswith("plan B and plan A differ in more than levers and events")


def test_progress_is_told_and_cancel_ends_it(opened):
    tab, shown, adviser = opened("waits")
    tab.act({"do": "advice-ask"})
    shown.wait(lambda now: now.get("advice_now", {}).get("done") == 1)
    assert shown.now["advice_now"]["all"] == 2 and shown.now["advice_now"]["question"] == "best"
    tab.act({"do": "advice-cancel"})
    shown.wait(lambda now: now["advice_now"]["state"] == "")
    assert "advice" not in shown.now and adviser.busy[1] == 0


@pytest.mark.parametrize("leave", [{"do": "page", "name": "stage"}, None])
def test_leaving_the_desk_or_the_tab_ends_it(opened, leave):
    tab, shown, adviser = opened("waits")
    tab.act({"do": "advice-ask"})
    shown.wait(lambda now: now.get("advice_now", {}).get("done") == 1)
    tab.leave() if leave is None else tab.act(leave)
    assert idle(adviser)


def test_a_tab_that_is_closed_while_its_question_is_checked_leaves_no_process(opened, monkeypatch):
    tab, _, adviser = opened("waits")
    checking, go_on = threading.Event(), threading.Event()

    def slow(question: object) -> None:
        checking.set()
        assert go_on.wait(30)

    monkeypatch.setattr("cisim.app.rooms.advice.check", slow)
    asks = threading.Thread(target=tab.act, args=({"do": "advice-ask"},))
    asks.start()
    assert checking.wait(30)
    leaves = threading.Thread(target=tab.leave)
    leaves.start()
    leaves.join(0.2)  # time to pass by, if it did
    go_on.set()
    asks.join(30)
    leaves.join(30)
    assert idle(adviser)


def idle(adviser: Adviser) -> bool:
    for _ in range(500):
        if adviser.busy == (0, 0):
            return True
        threading.Event().wait(0.02)
    return False


def test_an_answer_that_comes_after_the_next_question_does_not_take_its_place(opened):
    tab, shown, adviser = opened("waits")
    tab.act({"do": "advice-ask"})
    shown.wait(lambda now: now.get("advice_now", {}).get("done") == 1)
    room = tab._advice
    tab.act({"do": "advice", "budget": 5})
    tab.act({"do": "advice-ask"})
    room._refuse(question_of(tab.history.present), ["too late"])  # equal, but not the one that was asked
    assert room._asked is not None and "advice" not in shown.now
    tab.leave()
    assert idle(adviser)


@pytest.mark.parametrize(
    "moved",
    [{"do": "months", "value": 48}, {"do": "target", "value": 0.5}, {"do": "parameter", "name": "trust_gain", "value": 0.05}],
)  # fmt: skip
def test_an_offer_for_another_world_is_refused_until_it_is_asked_again(opened, moved):
    tab, shown, _ = opened()
    tab.act({"do": "advice-ask"})
    shown.answer("best")
    tab.act(moved)
    tab.act({"do": "advice-take", "question": "best", "key": "best"})
    assert len(tab.history.present.plans) == 1
    assert any("ask again" in str(one) for one in shown.now["live"]["notices"])
    tab.act({"do": "lever", "name": "meetings", "value": 1.0})  # is no other world
    tab.act({"do": "undo"})
    tab.act({"do": "undo"})
    tab.act({"do": "lever", "name": "meetings", "value": 1.0})
    tab.act({"do": "advice-take", "question": "best", "key": "best"})
    assert len(tab.history.present.plans) == 2


def test_asking_changes_nothing_that_is_drawn_nor_the_address(opened):
    tab, shown, _ = opened()
    address, present = shown.now["address"], tab.history.present
    tab.act({"do": "advice-ask"})
    shown.answer("best")
    assert shown.now["address"] == address and tab.history.present is present


@pytest.mark.parametrize(
    "action",
    [
        {"do": "advice-take"},
        {"do": "advice-take", "question": "best", "key": "gold"},
        {"do": "advice-take", "question": 3, "key": None},
        {"do": "advice-cancel", "question": "best"},
    ],
)
def test_a_hostile_action_is_a_sentence_or_nothing(opened, action):
    tab, shown, _ = opened()
    before = tab.history.present
    tab.act(action)
    assert tab.history.present == before
    assert action["do"] == "advice-cancel" or any("cannot be done" in one["text"] for one in shown.now["live"]["notices"])  # fmt: skip

"""The service that has questions answered: few at a time, one for each tab, ended at any moment."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from cisim import verbs
from cisim.app.drawing.advice.adviser import Adviser
from cisim.app.drawing.advice.asked import WORKLOADS, Question
from cisim.app.state.advice import Advice

STUB = Path(__file__).parent / "advice_stub.py"
QUESTION = Question(Advice(), (verbs.preset("collective-impact"),), 0, 0, WORKLOADS["quick"])


class Heard:
    """What was told of one question."""

    def __init__(self) -> None:
        self.messages: list[Mapping[str, Any]] = []
        self.changed = threading.Condition()

    def __call__(self, message: Mapping[str, Any]) -> None:
        with self.changed:
            self.messages.append(message)
            self.changed.notify_all()

    def wait(self, key: str, seconds: float = 30.0) -> Any:
        with self.changed:
            found = self.changed.wait_for(lambda: [m[key] for m in self.messages if key in m], seconds)
        assert found, self.messages
        return found[-1]


@pytest.fixture
def adviser() -> Iterator[Any]:
    made: list[Adviser] = []

    def make(what: str, most: int = 1, **told: Any) -> Adviser:
        made.append(Adviser(most, command=(sys.executable, str(STUB), what), **told))
        return made[-1]

    yield make
    for one in made:
        one.close()


def ended(pid: int, seconds: float = 10.0) -> bool:
    """True once there is no such process any more, or only its remains."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
                return True
            os.kill(pid, 0)
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


def idle(adviser: Adviser, seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and adviser.busy != (0, 0):
        time.sleep(0.02)
    return adviser.busy == (0, 0)


def test_a_question_is_answered_after_its_progress(adviser):
    heard, service = Heard(), adviser("answers")
    service.ask("me", QUESTION, heard)
    assert heard.wait("answer")["lines"] == ["Meet more often."]
    assert [m["done"] for m in heard.messages if "done" in m] == [0, 1]
    assert idle(service)


def test_others_wait_their_turn_and_are_told_how_many_come_first(adviser):
    service, heard = adviser("waits"), [Heard(), Heard(), Heard()]
    for name, one in zip("abc", heard, strict=True):
        service.ask(name, QUESTION, one)
    heard[0].wait("pid")
    assert service.busy == (1, 2)
    assert (heard[1].wait("ahead"), heard[2].wait("ahead")) == (1, 2)
    service.cancel("a")
    heard[1].wait("pid")  # it is its turn
    assert heard[2].messages[-1] == {"ahead": 1}
    assert service.busy == (1, 1)


def test_who_gives_up_waiting_lets_the_others_move_up(adviser):
    service, heard = adviser("waits"), [Heard(), Heard(), Heard()]
    for name, one in zip("abc", heard, strict=True):
        service.ask(name, QUESTION, one)
    heard[0].wait("pid")
    service.cancel("b")
    assert [m["ahead"] for m in heard[2].messages] == [2, 1]
    assert service.busy == (1, 1)


def test_a_question_that_was_dropped_comes_before_nobody(adviser):
    service, first, second, third = adviser("waits"), Heard(), Heard(), Heard()
    service.ask("me", QUESTION, first)
    first.wait("pid")
    service.ask("me", QUESTION, second)  # its own earlier one is ending, which nobody need know
    service.ask("you", QUESTION, third)
    second.wait("pid")
    assert not [m for m in second.messages if "ahead" in m]
    assert third.wait("ahead") == 1


def test_a_tab_has_one_question_at_a_time(adviser):
    service, first, second = adviser("waits", most=2), Heard(), Heard()
    service.ask("me", QUESTION, first)
    pid = first.wait("pid")
    service.ask("me", QUESTION, second)
    assert ended(pid) and second.wait("pid") != pid
    assert "refused" not in first.messages[-1]  # nothing more is told of what was dropped


def test_cancelling_ends_the_process_at_once(adviser):
    service, heard = adviser("waits"), Heard()
    service.ask("me", QUESTION, heard)
    pid = heard.wait("pid")
    service.cancel("me")
    assert ended(pid) and idle(service)
    assert not any("answer" in m or "refused" in m for m in heard.messages)


def test_what_takes_too_long_is_given_up_with_a_sentence(adviser):
    service, heard = adviser("waits", minutes=0.02), Heard()
    service.ask("me", QUESTION, heard)
    assert "more than 0.02 minutes" in heard.wait("refused")[0]
    assert idle(service)


@pytest.mark.parametrize(
    ("what", "told"),
    [("dies", "server's log"), ("refuses", "cannot be answered"), ("babbles", "server's log")],
)
def test_what_goes_wrong_is_told_in_a_sentence(adviser, what, told):
    service, heard = adviser(what), Heard()
    service.ask("me", QUESTION, heard)
    assert told in heard.wait("refused")[0]
    assert idle(service)


def test_closing_ends_everything(adviser):
    service, heard = adviser("waits"), Heard()
    service.ask("me", QUESTION, heard)
    service.ask("you", QUESTION, Heard())
    pid = heard.wait("pid")
    service.close()
    assert ended(pid) and idle(service)


@pytest.mark.slow
def test_the_real_process_answers(monkeypatch, tmp_path):
    (tmp_path / "queue.py").write_text("raise RuntimeError('a file where the server was started')")
    monkeypatch.chdir(tmp_path)
    service, heard = Adviser(1), Heard()
    small = verbs.preset("collective-impact").replace(months=24)
    asked = Question(Advice(question="fork", fork_month=6), (small,), 0, 0, WORKLOADS["quick"])
    service.ask("me", asked, heard)
    told = heard.wait("answer", 180)
    assert told["picture"]["kind"] == "cascade"
    assert "severity in month 24, over 30 worlds" in told["lines"][0]
    assert told["lines"][1].startswith("From month 6: ")
    bad = Question(Advice(question="fork", fork_month=60), (small,), 0, 0, WORKLOADS["quick"])
    service.ask("me", bad, heard)
    assert "month 60 is not in this run" in heard.wait("refused", 180)[0]
    service.close()

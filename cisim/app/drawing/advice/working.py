"""A process that answers one question, or makes one report, and ends; `adviser` starts it.

It reads the question from its input (pickled by the server that started it), and writes messages, a JSON text a line:
{"note"}, {"done", "all"}, and last {"answer"} or {"refused"}. It stands back behind everybody else.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from cisim import verbs
from cisim.app.drawing.advice.answering import answer
from cisim.app.drawing.advice.asked import Errand
from cisim.app.drawing.board_report import BoardReport, board_report
from cisim.app.drawing.faults import sentence_of
from cisim.app.drawing.kernels import COMPILING
from cisim.errors import CisimError, SpecError

__all__ = ["main", "work"]

Send = Callable[[dict[str, Any]], None]
EVERY = 0.2
"""Seconds between messages of progress."""
NICE = 19
"""As far back as a process can stand: sliders of all visitors come first, and what studios make ahead as well."""
NICE_REPORT = 5
"""A report takes seconds. On a machine that is never at rest it would take minutes as far back as advice."""
MISSING = 'This needs {}, which this server has not installed: pip install "cisim[study,decide]"'


def work(question: Errand, send: Send) -> None:
    """Answer, or say why not."""
    try:
        if not verbs.is_compiled(question.scenarios[0]):
            send({"note": COMPILING})
            verbs.compile_rules(question.scenarios[0])
        send({"note": ""})
        if isinstance(question, BoardReport):
            send({"answer": board_report(question)})
        else:
            send({"answer": asdict(answer(question, _throttled(send)))})
    except SpecError as error:
        send({"refused": list(error.faults)})
    except CisimError as error:
        send({"refused": [sentence_of(error)]})
    except ModuleNotFoundError as error:
        send({"refused": [MISSING.format(error.name)]})


def _throttled(send: Send) -> Callable[[int, int], None]:
    last = 0.0

    def report(done: int, count: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= EVERY or done == count:
            last = now
            send({"done": done, "all": count})

    return report


def main() -> None:
    """Read the question, answer it, and say so on what was the standard output."""
    question = pickle.load(sys.stdin.buffer)
    if hasattr(os, "nice"):
        os.nice(NICE_REPORT if isinstance(question, BoardReport) else NICE)
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints does not come between the messages

    def send(message: dict[str, Any]) -> None:
        out.write(json.dumps(message, allow_nan=False) + "\n")
        out.flush()

    work(question, send)

"""A process that plays the one that answers questions: `python advice_stub.py WHAT`, messages as that one sends them."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any


def send(**message: Any) -> None:
    print(json.dumps(message), flush=True)


def main(what: str) -> None:
    question = sys.stdin.buffer.read()
    if what == "dies" or not question:
        sys.exit(3)
    send(note="")
    if what == "reports":
        send(answer="<!doctype html>")
        return
    send(done=0, all=0)
    send(done=1, all=2, pid=os.getpid())
    if what == "babbles":
        print("this is no message", flush=True)
    if what in ("waits", "babbles"):
        time.sleep(60)
    if what == "refuses":
        send(refused=["this cannot be answered."])
        return
    offer = {
        "title": "A better plan", "text": "twice as good",
        "plan": 'name = "best-plan"\ntitle = "A better plan"\n[levers]\nmeetings = 3.5\n',
    }  # fmt: skip
    send(answer={
        "lines": ["Meet more often."], "sections": [["What it rests on", ["Nothing at all."]]],
        "tables": [], "offers": {"best": offer}, "picture": {"kind": "none"},
    })  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1])

"""The real server, as a process of its own, on a port that is free."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0
"""Seconds for a server to start, a first compilation of the kernel included."""


class Server:
    """`cisim app` as a user starts it; `address` is where it answers."""

    PROGRAM = ("-m", "cisim")

    def __init__(self, log: Path, arguments: Sequence[str] = (), **environment: str) -> None:
        self.log, self.arguments, self.environment = log, list(arguments), environment
        self.address = ""
        self.port = 0
        self.start()

    def start(self) -> None:
        """Start, on the same port as before if there was one, and wait until the model is compiled."""
        command = [
            sys.executable,
            *self.PROGRAM,
            "app",
            "--no-open",
            "--port",
            str(self.port),
            *self.arguments,
        ]
        with self.log.open("a", encoding="utf-8") as log:
            begun = log.tell()
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=ROOT, env=os.environ | self.environment
            )
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            told = re.search(r"cisim is at (http://[\d.:]+(\d+)/)", self.log.read_text()[begun:])
            if told:
                self.address = told[1].rstrip("/")
                self.port = int(self.address.rpartition(":")[2])
                if self.health()["compiled"]:
                    return
            assert self.process.poll() is None, f"the server ended:\n{self.log.read_text()}"
            time.sleep(0.1)
        raise AssertionError(f"no page after {PATIENCE:.0f} s:\n{self.log.read_text()}")

    def health(self) -> dict[str, object]:
        """What the server says of itself."""
        with urllib.request.urlopen(f"{self.address}/health", timeout=5) as answer:
            told: dict[str, object] = json.load(answer)
        return told

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *told: object) -> None:
        self.stop()

    def stop(self) -> int:
        """End it as Ctrl-C does; gives its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)

    def kill(self) -> None:
        """End it as a machine that loses its power does."""
        self.process.kill()
        self.process.wait(timeout=30)

    def megabytes(self) -> float:
        """Memory that it holds."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def tracebacks(self) -> list[str]:
        """Lines of the log that tell of an error nobody expected."""
        return [line for line in self.log.read_text().splitlines() if re.match(r"Traceback|ERROR", line)]

"""What a tab shows, without a page: for tests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from cisim.app.pages.surface import properties

__all__ = ["Shown"]


class Shown:
    """What a page would show: the newest of each property, and how often each came."""

    def __init__(self) -> None:
        self.now: dict[str, Any] = {}
        self.times: dict[str, int] = {}
        self.texts: dict[str, str] = {}
        self.heard: Callable[[Mapping[str, Any]], object] = lambda changes: None
        self._changed = threading.Condition()

    def __call__(self, changes: Mapping[str, Any]) -> None:
        self.heard(changes)
        with self._changed:
            self.texts.update(properties(changes))
            for name, value in changes.items():
                self.now[name] = value
                self.times[name] = self.times.get(name, 0) + 1
            self._changed.notify_all()

    def wait(self, holds: Callable[[dict[str, Any]], object], seconds: float = 60.0) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: holds(self.now), seconds), self.now.keys()

    def settled(self, serial: int) -> None:
        """Wait for the whole picture of this action."""

        def is_there(now: dict[str, Any]) -> bool:
            answered = now.get("picture_answered") or {}
            picture = now.get("picture") or {}
            last = answered if answered.get("serial", -1) > picture.get("serial", -1) else picture
            return bool(last.get("settled")) and last["serial"] >= serial

        self.wait(is_there)

    @property
    def waits(self) -> list[str]:
        """What the page says that it waits for."""
        return [one["text"] for one in self.now["live"]["notices"] if one["kind"] == "wait"]

    @property
    def notices(self) -> list[str]:
        return [one["text"] for one in self.now["live"]["notices"]]

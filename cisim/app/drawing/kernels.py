"""Compiled kernels by the rules they have: each is made ready once, apart from the threads that run."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import numpy as np

from cisim import verbs
from cisim.app.drawing.sheets import RulesKey, Sheet
from cisim.engine.batch import run_batch

__all__ = ["COMPILING", "Kernels"]

log = logging.getLogger("cisim.app")

COMPILING = (
    "These rules run for the first time on this computer and are being compiled, once; "
    "that takes about half a minute. The answer comes by itself."
)


class Kernels:
    """Which kernels are ready; making one ready takes a moment from the disk, or half a minute if it is new.

    changed: called from another thread, with the rules, whenever one is ready, has failed, or must be compiled.
    """

    def __init__(self, changed: Callable[[RulesKey], None]) -> None:
        self._changed = changed
        self._lock = threading.Lock()
        self._state: dict[RulesKey, str | Exception] = {}

    def ready(self, sheet: Sheet) -> bool:
        """True if runs of this world can start at once."""
        return self._state.get(sheet.rules) == "ready"

    def note(self, key: RulesKey) -> str:
        """What to tell somebody who waits; "" if it will not take long."""
        return COMPILING if self._state.get(key) == "compiling" else ""

    def fault(self, key: RulesKey) -> Exception | None:
        """Why the kernel for these rules cannot be made."""
        state = self._state.get(key)
        return state if isinstance(state, Exception) else None

    def want(self, sheet: Sheet) -> None:
        """Begin to make the kernel of this world ready, if nobody has."""
        key = sheet.rules
        with self._lock:
            if key in self._state and self.fault(key) is None:
                return
            self._state[key] = "loading"
        threading.Thread(target=self._make, args=(key, sheet), name="cisim-kernel", daemon=True).start()

    def _make(self, key: RulesKey, sheet: Sheet) -> None:
        try:
            if not verbs.is_compiled(sheet.scenario):
                self._tell(key, "compiling")
            _first_call(sheet)
        except Exception as error:
            log.exception("the rules %s could not be compiled", key)
            self._tell(key, error)
        else:
            self._tell(key, "ready")

    def _tell(self, key: RulesKey, state: str | Exception) -> None:
        self._state[key] = state
        self._changed(key)


def _first_call(sheet: Sheet) -> None:
    """Compile or load by computing no more than the start of a run."""
    one, out = np.zeros(1, np.int64), np.empty((1, 1, 1))
    run_batch(sheet.kernel(), sheet.blueprint(), sheet.seed, one, out, measures=["severity"], months=[0])

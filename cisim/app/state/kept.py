"""Something made of a record that cannot change, made once while the record is in use."""

from __future__ import annotations

import weakref
from collections import OrderedDict
from collections.abc import Callable
from threading import RLock
from typing import Generic, TypeVar

__all__ = ["Kept"]

Key = TypeVar("Key")
Made = TypeVar("Made")


class Kept(Generic[Key, Made]):
    """What `make` gives for the last so many records, found again by identity: nothing is hashed or compared.

    It is forgotten with its record, which is not kept alive.
    """

    def __init__(self, make: Callable[[Key], Made], most: int) -> None:
        self._make, self._most = make, most
        self._found: OrderedDict[int, tuple[weakref.ref[Key], Made]] = OrderedDict()
        self._lock = RLock()  # a record can end, and be forgotten, while this thread holds the lock

    def __len__(self) -> int:
        return len(self._found)

    def __call__(self, record: Key) -> Made:
        key = id(record)
        with self._lock:
            found = self._found.get(key)
            if found is not None and found[0]() is record:
                self._found.move_to_end(key)
                return found[1]
        made = self._make(record)
        with self._lock:
            self._found[key] = weakref.ref(record, lambda gone: self._forget(key, gone)), made
            self._found.move_to_end(key)
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return made

    def _forget(self, key: int, gone: weakref.ref[Key]) -> None:
        with self._lock:
            found = self._found.get(key)
            if found is not None and found[0] is gone:
                del self._found[key]

"""What is wrong with the several inputs of one command, told all at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from cisim.errors import SpecError

__all__ = ["Faults"]

T = TypeVar("T")


class Faults:
    """Reads one input after another, and keeps what is wrong with each until `check`."""

    def __init__(self) -> None:
        self.found: list[SpecError] = []

    def read(self, make: Callable[[], T]) -> T | None:
        """What `make` gives; None, with its faults kept, if it raises SpecError."""
        try:
            return make()
        except SpecError as error:
            self.found.append(error)
            return None

    def check(self) -> None:
        """Raise SpecError with every fault, each with its source where there are several."""
        if len(self.found) == 1:
            raise self.found[0]
        if self.found:
            told = [
                f"{error.source}: {fault}" if error.source else fault
                for error in self.found
                for fault in error.faults
            ]
            raise SpecError(list(dict.fromkeys(told)), source="This command")

    def error(self) -> SpecError:
        """The same as an error to raise, where something that was refused is asked for."""
        try:
            self.check()
        except SpecError as error:
            return error
        return SpecError("nothing was read.")

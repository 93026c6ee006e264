"""Sentences for the person at the page."""

from __future__ import annotations

from collections.abc import Iterable

from cisim.app.protocol import Notice
from cisim.errors import SpecError

__all__ = ["MOST_DETAILS", "notice", "refusal"]

MOST_DETAILS = 100
_LONGEST = 2_000


def notice(kind: str, text: str, details: Iterable[str] = ()) -> Notice:
    """A notice whose texts can be sent and read: no half characters, nothing endless."""
    lines = [_plain(line) for line in details]
    if len(lines) > MOST_DETAILS:
        lines = [*lines[:MOST_DETAILS], f"… and {len(lines) - MOST_DETAILS} more."]
    return Notice(kind=kind, text=_plain(text), details=lines)


def refusal(error: SpecError, *, kind: str = "error", what: str = "Nothing was changed") -> Notice:
    """What was wrong with an input: one fault as a sentence, several as a list."""
    faults = list(error.faults)
    if len(faults) == 1:
        return notice(kind, f"{what}: {faults[0]}")
    return notice(kind, f"{what}: there are {len(faults)} faults.", faults)


def _plain(text: str) -> str:
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"
    return short.encode("utf-8", "replace").decode("utf-8")

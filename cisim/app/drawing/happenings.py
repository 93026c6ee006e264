"""What happened to the coalition in one run, month by month, in words: read off its history."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.app.naming import readable_names

if TYPE_CHECKING:
    from cisim.engine.ensemble import History
    from cisim.world.scenario import Scenario

__all__ = ["Happening", "dissolved_in", "happenings"]

Happening = dict[str, Any]
"""{"month", "id": "" if of all, "about": ids, "text", "kind"}; kinds: event, joins, leaves, representative, dissolves."""


def happenings(history: History, scenario: Scenario) -> list[Happening]:
    """Everything that happened, by month: planned events first, then who joined, left, sent somebody new."""
    names = readable_names(scenario)
    planned = list(_planned(scenario, names))
    told = {(one["month"], key) for one in planned if one["kind"] == "event" for key in one["about"]}
    by_itself = [
        one
        for one in _of_partners(history, names)
        if one["kind"] not in ("joins", "leaves") or (one["month"], one["id"]) not in told
    ]
    found = [*planned, *by_itself, *_end(history)]
    return sorted(found, key=lambda happening: int(happening["month"]))


def dissolved_in(history: History) -> int | None:
    """The month in which the coalition dissolved: all members went at once; None if it goes on."""
    members = history.organizations["member"][:, :-1].sum(axis=1)
    left = history.organizations["left_this_month"][:, :-1].sum(axis=1)
    ended = np.flatnonzero((members[1:] == 0) & (members[:-1] > 0) & (left[1:] < members[:-1])) + 1
    return int(ended[0]) if len(ended) else None


def _planned(scenario: Scenario, names: dict[str, str]) -> Iterator[Happening]:
    for event in scenario.event:
        about = [
            getattr(event, field, None) or getattr(event, f"{field}_", None) for field in event.references
        ]
        what = event.what(names)
        text = f"{what[:1].upper()}{what[1:]}."
        yield _happening(event.month, [key for key in about if key], text, "event")


def _of_partners(history: History, names: dict[str, str]) -> Iterator[Happening]:
    rows = history.organizations[:, :-1]
    for field, text, kind in (
        ("joined_this_month", "{} joins.", "joins"),
        ("left_this_month", "{} leaves.", "leaves"),
        ("new_representative", "{} sends a new representative.", "representative"),
    ):
        for month, row in np.argwhere(rows[field][1:] == 1).tolist():
            name = history.ids[row]
            yield _happening(month + 1, [name], text.format(names.get(name, name)), kind)


def _end(history: History) -> Iterator[Happening]:
    month = dissolved_in(history)
    if month is not None:
        yield _happening(month, [], "The coalition dissolves: nobody is a member any more.", "dissolves")


def _happening(month: int, about: list[str], text: str, kind: str) -> Happening:
    return {"month": month, "id": about[0] if about else "", "about": about, "text": text, "kind": kind}

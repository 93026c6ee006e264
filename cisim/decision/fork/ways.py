"""How a difference can have come to an organization: through a tie in use, or through what all share.

This tells what the structure of the model allows, not what caused it: of several ties in use to organizations that
differed before, the one with most contact is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from cisim.decision.fork.history import Run

__all__ = ["BY_TIE", "CHANNELS", "THE_CHANGE", "Way", "contact_in", "way_to"]

Array = np.ndarray[Any, Any]
Moment = tuple[int, int]
"""A month and a place in it; differences at one moment cannot have come from each other."""

THE_CHANGE, BY_TIE = "the change itself", "a tie"
CHANNELS: dict[str, str] = {
    "events": THE_CHANGE,
    "contact": "meetings and introductions by the backbone",
    "trust": "reputation in the coalition",
    "agenda": "the agenda process and shared evidence",
    "plan": "the common plan",
    "activities": "the common plan and its coordination",
    "measurement": "shared measurement",
    "delivery": "pooled funding, meetings and reporting",
    "issue": "progress on the issue",
    "engagement": "visible progress and early wins",
    "membership": "invitations and visible progress",
}
"""What all share, by the phase of the month in which it reaches an organization."""


class Way(NamedTuple):
    """How a difference can have come. source: row of the organization it came from, or -1.

    channel: BY_TIE, THE_CHANGE, or one of CHANNELS. generation: 0 for those whom the change touches itself; else steps
    from it.
    """

    source: int
    channel: str
    generation: int


def contact_in(without: Run, with_: Run, month: int) -> Array:
    """(ties,): the most contact a month that a tie has in either run, at the end of this month or the one before."""
    months = slice(max(0, month - 1), month + 1)
    both = [run.ties["contact"][months].max(axis=0) for run in (without, with_)]
    return np.asarray(np.maximum(*both))


def way_to(
    organization: int,
    moment: Moment,
    earlier: Mapping[int, tuple[Moment, Way]],
    ties: tuple[Array, Array, Array],
    phase: str,
    partners: frozenset[int] = frozenset(),
) -> Way:
    """The way to an organization that first differs at a moment.

    earlier: when, and by which way, others first differed. ties: rows i, j and contact of each. phase: the phase of
    the month in which the difference came about. partners: other organizations in the same happening; a tie in use
    with one of them is named first.
    """
    i, j, contact = ties
    here = np.flatnonzero(((i == organization) | (j == organization)) & (contact > 0.0))
    found = []
    for tie in here.tolist():
        other = int(i[tie] + j[tie] - organization)
        if other in earlier and earlier[other][0] < moment:
            found.append((other in partners, float(contact[tie]), -other))
    if not found:
        return Way(-1, CHANNELS[phase], 1)
    source = -max(found)[2]
    return Way(source, BY_TIE, earlier[source][1].generation + 1)

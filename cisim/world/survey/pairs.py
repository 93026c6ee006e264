"""From reports to pairs: what two sides say is joined, and what neither says is filled."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from cisim.world.survey.columns import SurveyMap
from cisim.world.survey.faults import Faults
from cisim.world.survey.reports import Matrix, Reports
from cisim.world.survey.table import Table

__all__ = ["Pairs", "chance", "fill", "join_reports"]

UNLISTED = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Pairs:
    """All pairs i < j: contact a month and share of joint work, NaN where nobody answered."""

    i: NDArray[np.int64]
    j: NDArray[np.int64]
    contact: Matrix
    collaboration: Matrix
    listed: NDArray[np.bool_]
    contradictions: int  # pairs whose two sides differ on contact


def join_reports(
    table: Table, reports: Reports, survey_map: SurveyMap, ids: Sequence[str], faults: Faults
) -> Pairs:
    """One value for each pair: the answer of the one side that answered, or both joined by the rule."""
    i, j = (index.astype(np.int64) for index in np.triu_indices(len(ids), 1))
    lines = np.where(reports.line == 0, UNLISTED, reports.line)
    differ = reports.contact[i, j] != reports.contact[j, i]
    differ &= ~np.isnan(reports.contact[i, j]) & ~np.isnan(reports.contact[j, i])
    if survey_map.reciprocal == "error":
        for pair in np.flatnonzero(differ):
            _contradict(table, reports, ids, int(i[pair]), int(j[pair]), faults)
    contact, collaboration = (
        _joined(values[i, j], values[j, i], lines[i, j], lines[j, i], survey_map.reciprocal)
        for values in (reports.contact, reports.collaboration)
    )
    listed = (reports.line[i, j] > 0) | (reports.line[j, i] > 0)
    if not reports.directed and survey_map.unlisted == "absent":
        contact[~listed] = 0.0
        collaboration[~listed] = 0.0 if reports.asked_collaboration else np.nan
    return Pairs(i, j, contact, collaboration, listed, int(differ.sum()))


def _joined(a: Matrix, b: Matrix, line_a: NDArray[np.int64], line_b: NDArray[np.int64], rule: str) -> Matrix:
    if rule == "max":
        return np.fmax(a, b)
    first = np.where(line_a <= line_b, a, b) if rule == "first" else (a + b) / 2
    return np.where(np.isnan(a), b, np.where(np.isnan(b), a, first))


def _contradict(table: Table, reports: Reports, ids: Sequence[str], i: int, j: int, faults: Faults) -> None:
    def said(a: int, b: int) -> str:
        where = f"row {reports.line[a, b]}" if reports.line[a, b] else "not listed"
        return f"{ids[a]!r} on {ids[b]!r}: {reports.contact[a, b]:.3g} ({where})"

    faults.add(
        table.path,
        f"two reports contradict each other, in contacts a month: {said(i, j)}, {said(j, i)}; "
        'reciprocal = "error" allows none. Correct one, or use mean, max or first.',
        row=int(max(reports.line[i, j], reports.line[j, i])) or None,
    )


def fill(pairs: Pairs, ids: Sequence[str], backbone: int | None, seed: int, joint: bool) -> Pairs:
    """The pairs without gaps. `joint`: collaboration was asked.

    A pair without an answer copies it from an answered pair, drawn evenly with a chance that depends on
    `seed` and the two ids alone. Pairs with the backbone copy from such pairs, others from others, and a
    pair that is listed copies from listed ones, where any are answered. A pair with one of the two
    answers copies the other from those nearest in the one.
    """
    contact, collaboration = pairs.contact.copy(), pairs.collaboration.copy()
    gaps = np.isnan(pairs.contact) | (np.isnan(pairs.collaboration) & joint)
    hub = (pairs.i == backbone) | (pairs.j == backbone) if backbone is not None else np.zeros(len(gaps), bool)
    for group in (hub, ~hub):
        anyone = (group, np.ones(len(gaps), bool))
        for gap, circles in ((pairs.listed, (group & pairs.listed, *anyone)), (~pairs.listed, anyone)):
            places = np.flatnonzero(gaps & group & gap)
            donors = _donors(pairs, circles, joint) if len(places) else np.empty((0, 2))
            for pair in places:
                known = (pairs.contact[pair], pairs.collaboration[pair])
                drawn = _copy(donors, known, chance(seed, ids[pairs.i[pair]], ids[pairs.j[pair]]))
                contact[pair], collaboration[pair] = drawn
    return Pairs(pairs.i, pairs.j, contact, collaboration, pairs.listed, pairs.contradictions)


def _donors(pairs: Pairs, circles: Sequence[NDArray[np.bool_]], joint: bool) -> Matrix:
    """(contact, collaboration) of the answered pairs of the first circle that has any, by their values."""
    answered = ~np.isnan(pairs.contact)
    complete = answered & ~np.isnan(pairs.collaboration)
    wanted = complete if joint and complete.any() else answered
    circle = next(circle for circle in circles if (wanted & circle).any())
    values = np.column_stack([pairs.contact, pairs.collaboration])[wanted & circle]
    return values[np.lexsort((values[:, 1], values[:, 0]))]


def _copy(donors: Matrix, known: tuple[float, float], u: float) -> tuple[float, float]:
    for item, value in enumerate(known):
        if not np.isnan(value):
            gap = np.abs(donors[:, item] - value)
            donors = donors[gap == gap.min()] if not np.isnan(gap).any() else donors
    drawn = donors[int(u * len(donors))]
    contact, collaboration = (
        float(own if not np.isnan(own) else other) for own, other in zip(known, drawn, strict=True)
    )
    return contact, collaboration


def chance(seed: int, *ids: str) -> float:
    """A number in [0, 1) that depends on the seed and the ids alone, in any order."""
    digest = blake2b(json.dumps([seed, *sorted(ids)]).encode(), digest_size=8).digest()
    return (int.from_bytes(digest) >> 11) / 2**53

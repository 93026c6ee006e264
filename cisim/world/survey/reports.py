"""Answers decoded: who reports which contact, collaboration and trust with whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cisim.world.survey.claims import Claim
from cisim.world.survey.columns import SurveyMap
from cisim.world.survey.faults import Faults, Unreadable
from cisim.world.survey.scales import (
    COLLABORATION_SCALES,
    CONTACT_SCALES,
    Scale,
    collaboration_scale,
    contact_scale,
)
from cisim.world.survey.table import Table

__all__ = ["Matrix", "Reports", "is_directed", "read_reports"]

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Reports:
    """n × n matrices [reporter, other]; NaN where nothing is reported. `line` is 0 where not listed."""

    directed: bool
    contact: Matrix
    collaboration: Matrix
    trust: Matrix
    line: NDArray[np.int64]
    silent: NDArray[np.bool_]  # reported nothing at all: did not answer (directed surveys only)
    asked_collaboration: bool
    asked_trust: bool
    scales: tuple[str, str]  # of contact, of collaboration, by name
    notes: tuple[str, ...] = ()


def is_directed(survey_map: SurveyMap, claims: Sequence[Claim], notes: list[str]) -> bool:
    """As the map says; else directed if pairs are listed in both orders and differ in their answers."""
    if survey_map.directed is not None:
        return survey_map.directed
    answers = {
        (claim.source, claim.target): (claim.contact, claim.collaboration, claim.trust) for claim in claims
    }
    both = [pair for pair in answers if pair[0] < pair[1] and pair[::-1] in answers]
    differ = [pair for pair in both if answers[pair] != answers[pair[::-1]]]
    if survey_map.layout == "matrix" and _one_triangle(answers):
        notes.append("One triangle of the matrix is empty: read as undirected (guessed).")
        return False
    if survey_map.layout == "matrix":
        notes.append(f"The matrix is {'not ' if differ else ''}symmetric: read as "
                     f"{'directed' if differ else 'undirected'} (guessed).")  # fmt: skip
        return bool(differ)
    said = "in both orders: read as what each source reports (directed, guessed)"
    once = "each listed once: read as what is so of the pair (undirected, guessed)"
    notes.append(f"{f'{len(both)} pairs are listed {said}' if both else f'Pairs are {once}'}.")
    return bool(both)


def _one_triangle(answers: dict[tuple[int, int], Any]) -> bool:
    """Every answer below the diagonal is missing, or every one above."""
    upper = any(contact is not None for (i, j), (contact, *_) in answers.items() if i < j)
    lower = any(contact is not None for (i, j), (contact, *_) in answers.items() if i > j)
    return upper != lower


def read_reports(
    table: Table, claims: Sequence[Claim], survey_map: SurveyMap, size: int, faults: Faults
) -> Reports:
    """The claims as numbers; what is not listed is absent or missing, as the map says."""
    notes: list[str] = []
    directed = is_directed(survey_map, claims, notes)
    contact_by, joint_by = _scales(table, claims, survey_map, notes)
    contact, joint, trust = (np.full((size, size), np.nan) for _ in range(3))
    line = np.zeros((size, size), dtype=np.int64)
    answered = np.zeros(size, dtype=bool)
    for claim in claims:
        times = _read(table, claim, claim.contact, claim.column, contact_by, faults)
        share = _read(table, claim, claim.collaboration, survey_map.ties.collaboration, joint_by, faults)
        if claim.source == claim.target:
            _check_self(table, claim, times, faults)
            continue
        pair = claim.source, claim.target
        contact[pair], joint[pair], line[pair] = times, share, claim.line
        _set_trust(trust, claim, directed)
        answered[claim.source] |= claim.says_something
    asked_joint = bool(survey_map.ties.collaboration) and not np.isnan(joint).all()
    silent = directed & ~answered
    if directed and survey_map.unlisted == "absent":
        absent = (line == 0) & answered[:, None] & ~np.eye(size, dtype=bool)
        contact[absent] = 0.0
        joint[absent] = 0.0 if asked_joint else np.nan
    return Reports(
        directed, contact, joint, trust, line, silent, asked_joint,
        bool(survey_map.ties.trust or survey_map.ties.trust_back),
        (contact_by.name, joint_by.name), tuple(notes),
    )  # fmt: skip


def _scales(
    table: Table, claims: Sequence[Claim], survey_map: SurveyMap, notes: list[str]
) -> tuple[Scale, Scale]:
    """The scales of contact and collaboration, with a note on each that was guessed."""
    columns, comma = survey_map.ties, table.decimal_comma
    answers = {claim.contact for claim in claims if claim.contact is not None}
    levels = {claim.collaboration for claim in claims if claim.collaboration is not None}
    listed_only = survey_map.layout == "pairs" and not columns.contact
    if listed_only:
        notes.append(f"There is no column for contact: a pair listed stands for {columns.named:g} contacts a "
                     "month (an assumption: ties.named).")  # fmt: skip
    chosen = "named" if listed_only else columns.scale
    contact = contact_scale(chosen, answers, columns.named, comma)
    joint = collaboration_scale(columns.collaboration_scale, levels, comma)
    if not listed_only and (chosen is None or chosen in ("named", "crisis")):
        guessed = " (guessed)" if chosen is None else ""
        told = CONTACT_SCALES[contact.name].replace("`named`", f"{columns.named:g}")
        notes.append(f"Contact is read on the scale {contact.name!r}{guessed}: {told}.")
    if columns.collaboration and columns.collaboration_scale is None:
        told = COLLABORATION_SCALES[joint.name]
        notes.append(f"Collaboration is read on the scale {joint.name!r} (guessed): {told}.")
    return contact, joint


def _read(
    table: Table, claim: Claim, answer: str | None, column: str | None, scale: Scale, faults: Faults
) -> float:
    if answer is None:
        return float("nan")
    try:
        return scale.read(answer, decimal_comma=table.decimal_comma)
    except Unreadable as problem:
        faults.add(table.path, str(problem), row=claim.line, column=column)
        return float("nan")


def _check_self(table: Table, claim: Claim, times: float, faults: Faults) -> None:
    if times > 0:
        faults.add(
            table.path,
            f"a tie of an organization with itself, given {claim.contact!r}; allowed is 0 or no answer.",
            row=claim.line,
            column=claim.column,
        )


def _set_trust(trust: Matrix, claim: Claim, directed: bool) -> None:
    """Trust of the source in the target; of both in each other where an undirected pair has one answer."""
    there, back = (claim.source, claim.target), (claim.target, claim.source)
    if claim.trust is not None:
        trust[there] = claim.trust
        if not directed and claim.trust_back is None and np.isnan(trust[back]):
            trust[back] = claim.trust
    if claim.trust_back is not None:
        trust[back] = claim.trust_back

"""A coalition from two files of a survey: who was asked, and what they said of each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cisim.world.network import Network, Tie
from cisim.world.partners import BackbonePartner, Partner
from cisim.world.scenario import Scenario
from cisim.world.survey.claims import read_claims
from cisim.world.survey.columns import SurveyMap
from cisim.world.survey.faults import Faults
from cisim.world.survey.guesses import complete
from cisim.world.survey.organizations import Organization, Roll, ids_outside, read_roll, select
from cisim.world.survey.pairs import Pairs, fill, join_reports
from cisim.world.survey.reports import Reports, read_reports
from cisim.world.survey.summary import Summary, summarize
from cisim.world.survey.table import Table, read_table

__all__ = ["ImportedCoalition", "import_survey"]

DENSE = 200
"""Partners up to which all pairs are possible ties of the scenario; above, listed ties and a sparse rest."""


@dataclass(frozen=True)
class ImportedCoalition:
    """A scenario made from a survey, its figures, and what was guessed, missing and filled."""

    scenario: Scenario
    summary: Summary
    notes: tuple[str, ...]
    survey_map: SurveyMap  # as used, guesses included


def import_survey(
    organizations: Path | str,
    ties: Path | str,
    survey_map: SurveyMap | None = None,
    *,
    name: str,
    title: str = "",
    seed: int = 0,
) -> ImportedCoalition:
    """The coalition in two CSV files.

    Raises DataError with every fault of both files: file, row, column, value, what is allowed.
    """
    faults = Faults()
    asked, told = (read_table(Path(path), faults) for path in (organizations, ties))
    if asked is None or told is None:
        raise faults.error()
    settled, guesses = complete(survey_map or SurveyMap(), asked, told, faults)
    faults.check()
    roll = read_roll(asked, settled, faults)
    kept = select(asked, settled.where, Faults())
    outside = ids_outside(asked, str(settled.organizations.id), kept)
    claims = read_claims(told, settled, roll, outside, faults)
    reports = read_reports(told, claims, settled, len(roll.organizations), faults)
    pairs = join_reports(told, reports, settled, roll.ids, faults)
    if not faults and np.isnan(pairs.contact).all():
        faults.add(told.path, "no contact is answered at all.", column=settled.ties.contact or None)
    faults.check()
    hub = None if roll.backbone is None else roll.ids.index(roll.backbone)
    filled = fill(pairs, roll.ids, hub, seed, reports.asked_collaboration)
    summary = summarize(name, roll, reports, pairs, filled, bool(settled.organizations.trust))
    gaps = _gaps(roll, reports, summary, settled, seed)
    scenario = _scenario(name, title, roll, reports, filled, _description(asked, told, settled, gaps))
    notes = (*asked.notes, *told.notes, *guesses, *roll.notes, *reports.notes, *gaps)
    return ImportedCoalition(scenario, summary, notes, settled)


def _scenario(
    name: str, title: str, roll: Roll, reports: Reports, pairs: Pairs, description: str
) -> Scenario:
    partners = [organization for organization in roll.organizations if organization.id != roll.backbone]
    sparse = len(partners) > DENSE
    return Scenario(
        name=name,
        title=title or name.replace("-", " ").capitalize(),
        description=description,
        partner=tuple(map(_partner, partners)),
        backbone=_backbone(roll),
        network=Network(possible="sparse" if sparse else "all", unlisted="absent"),
        tie=_ties(roll.ids, reports, pairs),
        levers={"backbone_staff": 1.0} if roll.backbone is not None else {},
    )


def _partner(organization: Organization) -> Partner:
    return Partner(
        id=organization.id,
        name=organization.name if organization.name != organization.id else "",
        sector=organization.sector,
        capacity=organization.capacity,
        trust=organization.trust,
    )


def _backbone(roll: Roll) -> BackbonePartner:
    """The organization that is marked; else an empty seat whose id nobody has."""
    for organization in roll.organizations:
        if organization.id == roll.backbone:
            return BackbonePartner(id=organization.id, name=organization.name, sector=organization.sector)
    ident = "backbone"
    while ident in roll.ids:
        ident = f"no-{ident}"
    return BackbonePartner(id=ident)


def _ties(ids: Sequence[str], reports: Reports, pairs: Pairs) -> tuple[Tie, ...]:
    """Every pair in contact, with joint work, or with trust known; the others are absent."""
    there, back = reports.trust[pairs.i, pairs.j], reports.trust[pairs.j, pairs.i]
    known = ~np.isnan(there) | ~np.isnan(back)
    present = (pairs.contact > 0) | (pairs.collaboration > 0) | known
    return tuple(
        Tie(
            between=(ids[pairs.i[pair]], ids[pairs.j[pair]]),
            contact=_known(pairs.contact[pair]),
            collaboration=_known(pairs.collaboration[pair]),
            trust=(_known(there[pair]), _known(back[pair])) if known[pair] else None,
        )
        for pair in np.flatnonzero(present)
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _gaps(
    roll: Roll, reports: Reports, summary: Summary, survey_map: SurveyMap, seed: int
) -> tuple[str, ...]:
    """What was missing, and how it was filled: one sentence each."""
    notes = []
    contact, joint, trust = summary.contact, summary.collaboration, summary.trust
    if summary.silent:
        notes.append(
            f"{_few(summary.silent)} reported nothing and did not answer: their ties are what others report."
        )
    if summary.contradictions:
        notes.append(
            f"The two sides of {_count(summary.contradictions, 'pair')} report different contact: "
            f"{RECIPROCAL[survey_map.reciprocal]}."
        )
    for what, answers in (("Contact", contact), ("Collaboration", joint)):
        if answers.filled:
            notes.append(
                f"{what} of {_count(answers.filled, 'pair')} of {answers.asked} was missing and is copied from an "
                f"answered pair drawn with seed {seed}."
            )
    if joint.left:
        notes.append(
            f"Collaboration of {_count(joint.left, 'pair')} is missing and drawn for each replicate."
        )
    if not joint.asked:
        notes.append("Collaboration was not asked: that of pairs in contact is drawn for each replicate.")
    if trust.asked > trust.answered:
        notes.append(f"Trust of {trust.asked - trust.answered} of {trust.asked} organizations is missing and drawn for "
                     "each replicate.")  # fmt: skip
    if not trust.asked:
        notes.append("General trust was not asked: it is drawn for each replicate.")
    if not reports.asked_trust:
        notes.append("Trust of one organization in another was not asked: it is drawn for each replicate.")
    elif summary.tie_trust.answered < summary.tie_trust.asked:
        missing = summary.tie_trust.asked - summary.tie_trust.answered
        notes.append(f"Trust within listed ties is missing {missing} times and drawn for each replicate.")
    if roll.backbone is not None and any(
        o.id == roll.backbone and (o.trust or o.capacity) for o in roll.organizations
    ):
        notes.append("The backbone's own trust and capacity are not used: it delivers no services itself.")
    return tuple(notes)


RECIPROCAL = {
    "mean": "their mean counts",
    "max": "the higher one counts",
    "first": "the one listed first counts",
    "error": "none is allowed",
}


def _description(asked: Table, told: Table, survey_map: SurveyMap, gaps: Sequence[str]) -> str:
    network = ", ".join(f"{column} = {value}" for column, value in survey_map.where.items())
    origin = f"Imported from {asked.path.name} and {told.path.name}{f' ({network})' if network else ''}."
    unlisted = "absent" if survey_map.unlisted == "absent" else "missing"
    return " ".join([origin, f"Pairs not listed are {unlisted}.", *gaps])


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _few(ids: Sequence[str], most: int = 8) -> str:
    shown = ", ".join(ids[:most]) + (f" and {len(ids) - most} more" if len(ids) > most else "")
    return f"{_count(len(ids), 'organization')} ({shown})"

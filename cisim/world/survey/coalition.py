"""A coalition from two files of a survey: who was asked, and what they said of each other."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cisim.errors import SpecError
from cisim.theory.parameters import UNCERTAINTIES
from cisim.world.network import Network, Tie
from cisim.world.partners import BackbonePartner, Partner
from cisim.world.scenario import Scenario
from cisim.world.survey.claims import read_claims
from cisim.world.survey.columns import SurveyMap
from cisim.world.survey.faults import Faults
from cisim.world.survey.gaps import gaps
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
    survey_map: SurveyMap | Path | str | None = None,
    *,
    name: str,
    title: str = "",
    seed: int = 0,
) -> ImportedCoalition:
    """The coalition in two CSV files.

    survey_map: which column holds what, as a SurveyMap or the path of its TOML file; without, it is guessed.
    Raises SpecError for a map that cannot be used, DataError with every fault of both files: file, row, column, value,
    what is allowed.
    """
    wanted = _map_of(survey_map)
    faults = Faults()
    asked, told = (read_table(Path(path), faults) for path in (organizations, ties))
    if asked is None or told is None:
        raise faults.error()
    settled, guesses = complete(wanted, asked, told, faults)
    faults.check()
    roll = read_roll(asked, settled, faults)
    kept = select(asked, settled.where, Faults())
    outside = ids_outside(asked, str(settled.organizations.id), kept)
    claims = read_claims(told, settled, roll, outside, faults)
    reports = read_reports(told, claims, settled, len(roll.organizations), faults)
    pairs = join_reports(told, reports, settled, roll.ids, faults)
    answered = any(claim.contact is not None for claim in claims) and not np.isnan(pairs.contact).all()
    if not faults and not answered:
        faults.add(told.path, "no contact is answered at all.", column=settled.ties.contact or None)
    faults.check()
    hub = None if roll.backbone is None else roll.ids.index(roll.backbone)
    filled = fill(pairs, roll.ids, hub, seed, reports.asked_collaboration)
    summary = summarize(name, roll, reports, pairs, filled, bool(settled.organizations.trust))
    left_open = gaps(roll, summary, settled, seed)
    staff = _staff(filled, hub)
    left_open = (*left_open, *_told_staff(staff))
    description = _description(asked, told, settled, left_open)
    scenario = _scenario(name, title, roll, reports, filled, description, staff)
    notes = (*asked.notes, *told.notes, *guesses, *roll.notes, *reports.notes, *left_open)
    return ImportedCoalition(scenario, summary, notes, _as_used(settled, reports))


def _map_of(given: SurveyMap | Path | str | None) -> SurveyMap:
    if isinstance(given, (str, os.PathLike)):
        return SurveyMap.read(given)
    if given is not None and not isinstance(given, SurveyMap):
        raise SpecError(
            f"survey_map must be a SurveyMap or the path of its TOML file, given {given!r}; "
            "make one with cisim.SurveyMap.read(path) or cisim.SurveyMap.from_table(table).",
            source="Survey",
        )
    return given or SurveyMap()


def _as_used(survey_map: SurveyMap, reports: Reports) -> SurveyMap:
    """The map with direction and scales as they were settled."""
    contact, joint = reports.scales
    chosen: dict[str, str] = {}
    if survey_map.ties.scale is None:
        chosen["scale"] = contact
    if survey_map.ties.collaboration and survey_map.ties.collaboration_scale is None:
        chosen["collaboration_scale"] = joint
    ties = survey_map.ties.model_copy(update=chosen)
    return survey_map.model_copy(update={"directed": reports.directed, "ties": ties})


def _scenario(
    name: str, title: str, roll: Roll, reports: Reports, pairs: Pairs, description: str, staff: float
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
        levers={"backbone_staff": staff} if staff > 0 else {},
    )


def _staff(pairs: Pairs, hub: int | None) -> float:
    """Backbone staff that its reported contacts take, FTE; 0 without a backbone, else at least 0.1."""
    if hub is None:
        return 0.0
    contacts = float(np.nansum(pairs.contact[(pairs.i == hub) | (pairs.j == hub)]))
    return max(0.1, round(contacts / UNCERTAINTIES["contacts_per_fte"].default, 1))


def _told_staff(staff: float) -> tuple[str, ...]:
    if staff == 0:
        return ()
    held = UNCERTAINTIES["contacts_per_fte"].default
    note = (
        f"The backbone's staff was not asked: {staff:g} FTE, which its contacts take at {held:g} a month "
        "for each FTE (assumption)."
    )
    return (note,)


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


def _description(asked: Table, told: Table, survey_map: SurveyMap, left_open: Sequence[str]) -> str:
    network = ", ".join(f"{column} = {value}" for column, value in survey_map.where.items())
    origin = f"Imported from {asked.path.name} and {told.path.name}{f' ({network})' if network else ''}."
    unlisted = "absent" if survey_map.unlisted == "absent" else "missing"
    return " ".join([origin, f"Pairs not listed are {unlisted}.", *left_open])

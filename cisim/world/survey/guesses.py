"""Columns that a map leaves out, found by their obvious names; each guess is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cisim.world.survey.columns import OrganizationColumns, SurveyMap, TieColumns
from cisim.world.survey.faults import Faults, Unreadable
from cisim.world.survey.scales import number
from cisim.world.survey.table import Table

__all__ = ["columns_of", "complete", "id_text"]

ORGANIZATIONS = {
    "id": ("id", "org_id", "organization_id", "organisation_id", "partner_id", "code", "partner"),
    "name": ("name", "organization", "organisation", "organization_name", "organisation_name", "agency"),
    "sector": ("sector", "organization_type", "type", "category"),
    "capacity": ("capacity", "fte", "staff_fte"),
    "trust": ("trust", "trust_in_others"),
    "backbone": ("backbone", "is_backbone", "lead", "lead_agency", "hub"),
}
TIES = {
    "source": ("source", "from", "reporter", "respondent", "ego", "sender"),
    "target": ("target", "to", "partner", "alter", "receiver", "reported"),
    "contact": ("contact", "contacts", "frequency", "contact_frequency", "communication", "tie", "weight"),
    "collaboration": ("collaboration", "collaborates", "joint_work", "cooperation"),
    "trust": ("trust",),
    "trust_back": ("trust_back",),
}
NEEDED = {"organizations": ("id",), "ties": ("source", "target")}


def complete(
    survey_map: SurveyMap, organizations: Table, ties: Table, faults: Faults
) -> tuple[SurveyMap, list[str]]:
    """The map with every column settled, and a note for each guess; faults for columns not found."""
    notes: list[str] = []
    told = survey_map.organizations
    if survey_map.backbone:
        told = told.model_copy(update={"backbone": ""})
    chosen = _columns(told, ORGANIZATIONS, organizations, notes)
    if not chosen["id"] and chosen["name"] and survey_map.organizations.id is None:
        chosen["id"] = chosen["name"]
        notes.append(f"{organizations.path.name}: ids are taken from column {chosen['id']!r}.")
    _require(organizations, chosen, NEEDED["organizations"], "organizations", faults)
    layout = survey_map.layout or _layout(survey_map.ties, ties, notes)
    answers = _columns(survey_map.ties, TIES if layout == "pairs" else {}, ties, notes)
    if layout == "pairs":
        _require(ties, answers, NEEDED["ties"], "ties", faults)
        _check_contact(ties, answers, survey_map, faults)
    _check_where(survey_map.where, organizations, ties, faults)
    settled = survey_map.model_copy(
        update={
            "layout": layout,
            "organizations": OrganizationColumns(**chosen),
            "ties": TieColumns(**answers),
        }
    )
    return settled, notes


def _columns(
    given: OrganizationColumns | TieColumns,
    obvious: Mapping[str, tuple[str, ...]],
    table: Table,
    notes: list[str],
) -> dict[str, Any]:
    """The settings of one file, with what was left out guessed from obvious names."""
    settings: dict[str, Any] = {name: getattr(given, name) for name in type(given).model_fields}
    taken = {value for value in settings.values() if isinstance(value, str)}
    guessed = []
    for role, names in obvious.items():
        if settings[role] is not None:
            continue
        settings[role] = _obvious(names, table.columns, taken)
        if settings[role] and role.startswith("trust") and settings["trust_scale"] is None:
            settings.update(_unscaled_trust(settings[role], role, table, notes))
        if settings[role]:
            taken.add(settings[role])
            guessed.append(f"{role} = {settings[role]!r}")
    if guessed:
        notes.append(f"{table.path.name}: columns guessed by name: {', '.join(guessed)}.")
    return settings


def _obvious(names: Iterable[str], columns: Iterable[str], taken: set[str]) -> str:
    plain = {re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_"): name for name in columns}
    return next((plain[name] for name in names if name in plain and plain[name] not in taken), "")


def _unscaled_trust(column: str, role: str, table: Table, notes: list[str]) -> dict[str, Any]:
    """Trust whose range nobody stated is read only if all of it lies between 0 and 1."""
    if all(0 <= value <= 1 for value in _numbers(table, column)):
        return {"trust_scale": (0.0, 1.0)}
    notes.append(
        f"{table.path.name}: column {column!r} looks like {role} but no range is stated; not read. "
        "State trust_scale = [lowest, highest] to use it."
    )
    return {role: ""}


def _numbers(table: Table, column: str) -> list[float]:
    found = []
    for text in table.column(column):
        try:
            found.append(number(text, decimal_comma=table.decimal_comma))
        except Unreadable:
            continue
    return found


def _layout(given: TieColumns, table: Table, notes: list[str]) -> str:
    """A matrix if most labels of the columns are labels of the rows too."""
    if any((given.source, given.target, given.collaboration, given.trust)) or len(table.columns) < 2:
        return "pairs"
    columns = {id_text(name) for name in table.columns[1:]}
    rows = {id_text(row.cells[0]) for row in table.rows}
    if 2 * len(columns & rows) <= max(len(columns), 1):
        return "pairs"
    notes.append(
        f"{table.path.name} is read as an adjacency matrix: its columns carry the labels of its rows."
    )
    return "matrix"


def id_text(text: str) -> str:
    """An id as written, except that a whole number loses its decimal zeros (spreadsheets write 3.0)."""
    return re.sub(r"^(\d+)[.,]0+$", r"\1", text)


def _require(
    table: Table, settings: Mapping[str, Any], needed: tuple[str, ...], part: str, faults: Faults
) -> None:
    """A needed column must be known, and every column that is named must be in the file."""
    for role in needed:
        if not settings[role]:
            named = ", ".join(repr(name) for name in table.columns if name)
            faults.add(
                table.path,
                f"no column is known to hold {role!r}; columns: {named}. Say which: {part}.{role} = "
                '"column". If these are no names, the header row is missing.',
            )
    roles = ORGANIZATIONS if part == "organizations" else TIES
    for role in roles:
        for column in columns_of(settings[role]):
            if column not in table.columns:
                faults.add(table.path, f"{part}.{role}: {table.unknown(column)}", column=column)


def _check_contact(table: Table, settings: Mapping[str, Any], survey_map: SurveyMap, faults: Faults) -> None:
    """Being listed is the tie only if the map says so or no column is left that could hold contact."""
    if settings["contact"] or survey_map.ties.contact is not None:
        return
    read = {column for role in TIES for column in columns_of(settings[role])} | set(survey_map.where)
    left = [name for name in table.columns if name and name not in read]
    if left and settings["source"] and settings["target"]:
        faults.add(
            table.path,
            f"no column is known to hold 'contact'; left are {', '.join(map(repr, left))}. Say which: "
            'ties.contact = "column", or ties.contact = "" if every pair listed is a tie.',
        )


def columns_of(setting: str | tuple[str, ...] | None) -> tuple[str, ...]:
    """The columns that a setting names: none, one, or several items."""
    if not setting:
        return ()
    return (setting,) if isinstance(setting, str) else tuple(setting)


def _check_where(where: Mapping[str, str], organizations: Table, ties: Table, faults: Faults) -> None:
    for column in where:
        if column not in organizations.columns and column not in ties.columns:
            faults.add(organizations.path, f"where: {organizations.unknown(column)}", column=column)

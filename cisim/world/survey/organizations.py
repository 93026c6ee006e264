"""The organizations of a survey: who they are, their general trust, and which one is the backbone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cisim.errors import did_you_mean
from cisim.world.survey.columns import SurveyMap
from cisim.world.survey.faults import Faults, Unreadable
from cisim.world.survey.guesses import columns_of, id_text
from cisim.world.survey.scales import fold, number, trust_scale
from cisim.world.survey.table import Row, Table

__all__ = ["MOST_ORGANIZATIONS", "Organization", "Roll", "ids_outside", "read_answer", "read_roll", "select"]

MOST_ORGANIZATIONS = 5000
"""A survey asks about all pairs; beyond this many organizations a scenario should make its network."""
MOST_CAPACITY = 10_000.0
MOST_ID, MOST_NAME = 100, 200  # characters, as a scenario allows
MARKS = ("1", "yes", "true", "x")
"""Values that mark the backbone where the map names none."""


@dataclass(frozen=True)
class Organization:
    """One organization as the survey has it; None is an answer that is missing."""

    id: str
    name: str
    sector: str
    capacity: float | None
    trust: float | None


@dataclass(frozen=True)
class Roll:
    """The organizations in the order of the file, and the backbone's id."""

    organizations: tuple[Organization, ...]
    backbone: str | None
    notes: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(organization.id for organization in self.organizations)


def select(table: Table, where: Mapping[str, str], faults: Faults) -> tuple[Row, ...]:
    """The rows that carry the values of `where`, in the columns that this file has."""
    rows = table.rows
    for column, wanted in where.items():
        if column not in table.columns:
            continue
        place, before = table.position(column), rows
        rows = tuple(row for row in rows if id_text(row.cells[place]) == id_text(wanted))
        if before and not rows:
            values = sorted({row.cells[place] for row in before})
            shown = ", ".join(map(repr, values[:12])) + (", …" if len(values) > 12 else "")
            faults.add(table.path, f"no row has the value {wanted!r} that `where` asks for; it has {shown}.",
                       column=column)  # fmt: skip
    return rows


def ids_outside(table: Table, column: str, rows: Sequence[Row]) -> frozenset[str]:
    """Ids in the file that the filter leaves out."""
    place = table.position(column)
    return frozenset(id_text(row.cells[place]) for row in table.rows) - {
        id_text(row.cells[place]) for row in rows
    }


def read_answer(
    table: Table,
    row: Row,
    column: str | tuple[str, ...] | None,
    missing: Sequence[str],
    read: Callable[[str], float],
    faults: Faults,
) -> float | None:
    """The mean of the answered items of a row; None if the file has no such column or none is answered."""
    values = []
    for name in columns_of(column):
        text = row.cells[table.position(name)]
        if text in missing:
            continue
        try:
            values.append(read(text))
        except Unreadable as problem:
            faults.add(table.path, str(problem), row=row.line, column=name)
    return sum(values) / len(values) if values else None


def read_roll(table: Table, survey_map: SurveyMap, faults: Faults) -> Roll:
    """The organizations that the filter keeps; faults for ids, numbers and the backbone."""
    columns = survey_map.organizations
    rows = select(table, survey_map.where, faults)
    organizations = tuple(_organization(table, row, survey_map, faults) for row in rows)
    _check_ids(table, rows, organizations, str(columns.id), faults)
    if survey_map.backbone:
        return Roll(organizations, _by_id(table, survey_map.backbone, organizations, faults))
    if not columns.backbone:
        return Roll(organizations, None)
    return _by_mark(table, rows, organizations, survey_map, faults)


def _organization(table: Table, row: Row, survey_map: SurveyMap, faults: Faults) -> Organization:
    columns, missing = survey_map.organizations, survey_map.missing

    def text(column: str | None, most: int) -> str:
        cell = _words(table, row, column, most, faults) if column else ""
        return "" if cell in missing else cell

    def trust(answer: str) -> float:
        scale = trust_scale(columns.trust_scale or (0.0, 1.0))
        return scale.read(answer, decimal_comma=table.decimal_comma)

    def capacity(answer: str) -> float:
        value = number(answer, decimal_comma=table.decimal_comma)
        if not 0 < value <= MOST_CAPACITY:
            raise Unreadable(
                f"{answer!r} is no capacity; allowed is more than 0, up to {MOST_CAPACITY:g} FTE."
            )
        return value

    ident = _words(table, row, str(columns.id), MOST_ID, faults)
    return Organization(
        id=id_text(ident),
        name=text(columns.name, MOST_NAME) or ident,
        sector=text(columns.sector, MOST_NAME),
        capacity=read_answer(table, row, columns.capacity, missing, capacity, faults),
        trust=read_answer(table, row, columns.trust, missing, trust, faults),
    )


def _words(table: Table, row: Row, column: str, most: int, faults: Faults) -> str:
    """A cell on one line, at most so long as a scenario takes."""
    words = " ".join(row.cells[table.position(column)].split())
    if len(words) > most:
        faults.add(table.path, f"{words[:30] + '…'!r} has {len(words)} characters; allowed are {most}.",
                   row=row.line, column=column)  # fmt: skip
        return words[:most]
    return words


def _check_ids(
    table: Table, rows: Sequence[Row], organizations: Sequence[Organization], column: str, faults: Faults
) -> None:
    first: dict[str, int] = {}
    for row, organization in zip(rows, organizations, strict=True):
        if not organization.id:
            faults.add(
                table.path, "the id is empty; each organization needs one.", row=row.line, column=column
            )
        elif organization.id in first:
            faults.add(
                table.path,
                f"the id {organization.id!r} stands in row {first[organization.id]} already; ids are unique. "
                "If the file holds several networks, pick one with `where`.",
                row=row.line,
                column=column,
            )
        first.setdefault(organization.id, row.line)
    if not 2 <= len(first) <= MOST_ORGANIZATIONS and rows:
        faults.add(
            table.path, f"a coalition needs 2 to {MOST_ORGANIZATIONS} organizations, given {len(first)}."
        )


def _by_id(table: Table, ident: str, organizations: Sequence[Organization], faults: Faults) -> str | None:
    known = [organization.id for organization in organizations]
    if id_text(ident) in known:
        return id_text(ident)
    faults.add(
        table.path, f"the backbone {ident!r} is not among the organizations.{did_you_mean(ident, known)}"
    )
    return None


def _by_mark(
    table: Table,
    rows: Sequence[Row],
    organizations: Sequence[Organization],
    survey_map: SurveyMap,
    faults: Faults,
) -> Roll:
    column = str(survey_map.organizations.backbone)
    wanted = survey_map.organizations.backbone_value
    marks = MARKS if wanted is None else (fold(id_text(wanted)),)
    place = table.position(column)
    marked = [
        (row, organization)
        for row, organization in zip(rows, organizations, strict=True)
        if fold(id_text(row.cells[place])) in marks
    ]
    if len(marked) > 1:
        named = ", ".join(f"{organization.id!r} (row {row.line})" for row, organization in marked)
        faults.add(
            table.path,
            f"{len(marked)} organizations are marked as backbone, allowed is one: {named}.",
            row=marked[1][0].line,
            column=column,
        )
    if not marked and wanted is not None:
        values = ", ".join(sorted({repr(row.cells[place]) for row in rows})[:12])
        faults.add(table.path, f"no organization is marked as backbone with {wanted!r}; values are {values}.",
                   column=column)  # fmt: skip
    if not marked:
        return Roll(tuple(organizations), None, (f"Column {column!r} marks no organization as backbone.",))
    return Roll(tuple(organizations), marked[0][1].id)

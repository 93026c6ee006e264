"""What the file of ties says, answer by answer: pairs in rows, or an adjacency matrix."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cisim.errors import did_you_mean
from cisim.world.survey.columns import SurveyMap
from cisim.world.survey.faults import Faults
from cisim.world.survey.guesses import id_text
from cisim.world.survey.organizations import Roll, read_answer, select
from cisim.world.survey.scales import trust_scale
from cisim.world.survey.table import Row, Table

__all__ = ["Claim", "read_claims"]


@dataclass(frozen=True)
class Claim:
    """One answer about source and target (rows of the roll). None is an answer that is missing.

    `column` is the column that holds the answer on contact, or the target where being listed is the answer.
    """

    line: int
    column: str | None
    source: int
    target: int
    contact: str | None
    collaboration: str | None = None
    trust: float | None = None
    trust_back: float | None = None

    @property
    def says_something(self) -> bool:
        items = (self.contact, self.collaboration, self.trust, self.trust_back)
        return any(item is not None for item in items)


def read_claims(
    table: Table, survey_map: SurveyMap, roll: Roll, outside: Collection[str], faults: Faults
) -> list[Claim]:
    """Every answer about two organizations of the roll; faults for unknown ids and repeated pairs.

    Rows that name an organization in `outside` (left out by the filter) are left out too.
    """
    reader = _matrix if survey_map.layout == "matrix" else _pairs
    claims = reader(table, survey_map, _Ids(roll.ids, outside), faults)
    first: dict[tuple[int, int], int] = {}
    for claim in claims:
        pair = (claim.source, claim.target)
        if first.setdefault(pair, claim.line) != claim.line:
            names = " to ".join(repr(roll.ids[end]) for end in pair)
            faults.add(table.path, f"the pair {names} stands in row {first[pair]} already; list it once.",
                       row=claim.line)  # fmt: skip
    return claims


class _Ids:
    """Rows of the roll by id."""

    def __init__(self, ids: Sequence[str], outside: Collection[str]) -> None:
        self.rows = {ident: row for row, ident in enumerate(ids)}
        self.outside = frozenset(outside) - self.rows.keys()

    def fault(self, text: str) -> str | None:
        ident = id_text(text)
        if not ident:
            return "the id is empty; a tie needs two organizations."
        if ident in self.rows or ident in self.outside:
            return None
        known = did_you_mean(ident, self.rows)
        if len(self.rows) > 30 and known.startswith(" Known"):
            known = f" Known are {len(self.rows)} ids, from {min(self.rows)!r} to {max(self.rows)!r}."
        return f"{text!r} is no organization of the coalition.{known}"


def _pairs(table: Table, survey_map: SurveyMap, ids: _Ids, faults: Faults) -> list[Claim]:
    columns = survey_map.ties
    ends = [str(columns.source), str(columns.target)]
    claims = []
    for row in select(table, survey_map.where, faults):
        texts = [row.cells[table.position(column)] for column in ends]
        problems = [ids.fault(text) for text in texts]
        for column, problem in zip(ends, problems, strict=True):
            if problem:
                faults.add(table.path, problem, row=row.line, column=column)
        source, target = (ids.rows.get(id_text(text)) for text in texts)
        if source is not None and target is not None:
            claims.append(_claim(table, row, survey_map, source, target, faults))
    return claims


def _claim(table: Table, row: Row, survey_map: SurveyMap, source: int, target: int, faults: Faults) -> Claim:
    columns, missing = survey_map.ties, survey_map.missing

    def text(column: str | None) -> str | None:
        cell = row.cells[table.position(column)] if column else ""
        return None if not column or cell in missing else cell

    def trust(answer: str) -> float:
        scale = trust_scale(columns.trust_scale or (0.0, 1.0))
        return scale.read(answer, decimal_comma=table.decimal_comma)

    return Claim(
        line=row.line,
        column=columns.contact or columns.target,
        source=source,
        target=target,
        contact=text(columns.contact) if columns.contact else "1",
        collaboration=text(columns.collaboration),
        trust=read_answer(table, row, columns.trust, missing, trust, faults),
        trust_back=read_answer(table, row, columns.trust_back, missing, trust, faults),
    )


def _matrix(table: Table, survey_map: SurveyMap, ids: _Ids, faults: Faults) -> list[Claim]:
    targets = table.columns[1:]
    rows = select(table, survey_map.where, faults)
    _check_labels(table, rows, ids, faults)
    claims = []
    for row in rows:
        source = ids.rows.get(id_text(row.cells[0]))
        for label, text in zip(targets, row.cells[1:], strict=True):
            target = ids.rows.get(id_text(label))
            if source is not None and target is not None:
                answer = None if text in survey_map.missing else text
                claims.append(Claim(row.line, label, source, target, answer))
    return claims


def _check_labels(table: Table, rows: Sequence[Row], ids: _Ids, faults: Faults) -> None:
    """The labels of rows and columns are the same known organizations, each once."""
    down = {id_text(row.cells[0]): row.line for row in rows}
    across = {id_text(label): label for label in table.columns[1:]}
    for row in rows:
        if problem := ids.fault(row.cells[0]):
            faults.add(table.path, problem, row=row.line, column=table.columns[0] or None)
        if down[id_text(row.cells[0])] != row.line:
            faults.add(
                table.path, f"there are two rows {row.cells[0]!r}; each organization has one.", row=row.line
            )
    for label in table.columns[1:]:
        if problem := ids.fault(label):
            faults.add(table.path, problem, column=label)
        if across[id_text(label)] != label:
            faults.add(
                table.path,
                f"the columns {label!r} and {across[id_text(label)]!r} are one organization.",
                column=label,
            )
    for ident in [ident for ident in across if ident not in down]:
        faults.add(
            table.path,
            "the matrix is not square: this column has no row. For one that did not answer add an empty row.",
            column=across[ident],
        )
    for ident in [ident for ident in down if ident not in across]:
        faults.add(
            table.path, f"the matrix is not square: {ident!r} has a row but no column.", row=down[ident]
        )

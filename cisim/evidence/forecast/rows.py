"""What the two files of a forecast say, row by row: answers about pairs, and about organizations."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from cisim.world.survey.faults import Faults
from cisim.world.survey.guesses import id_text
from cisim.world.survey.table import Row, Table

__all__ = ["Dyads", "Organizations"]

Key = tuple[str, str]
"""(partnership, organization)."""

GROUPS = ("partnership", "estuary", "network", "coalition")
MISSING = ("", "NA", "--")
ANSWERS = {"0": 0.0, "1": 1.0, "0.0": 0.0, "1.0": 1.0}
_WAVE = re.compile(r"^(tie|trust)s?([_ \d].*)?$")


class Dyads:
    """The answers about pairs, (partnership, source, target) -> (wave 1, wave 2)."""

    def __init__(self, table: Table, alone: str, faults: Faults) -> None:
        self.table, self.alone = table, alone
        self.group = _group(table)
        ties = _waves(table, "tie")
        missing = [name for name in ("source", "target") if name not in table.columns]
        for name in missing:
            faults.add(table.path, table.unknown(name), column=name)
        if not ties:
            faults.add(
                table.path, "there is no column of ties, such as tie_1999; it holds 1 for named, 0 for not."
            )
        self.answers: dict[tuple[str, str, str], tuple[float, float]] = {}
        if not missing and ties:
            self._read(ties, faults)
        self.partnerships = tuple(dict.fromkeys(key[0] for key in self.answers))

    def _read(self, ties: Sequence[str], faults: Faults) -> None:
        for row in self.table.rows:
            group = self.of(row)
            source, target = (id_text(_cell(self.table, row, name)) for name in ("source", "target"))
            for name, text in ((self.group, group), ("source", source), ("target", target)):
                if not text:
                    faults.add(self.table.path, "is empty; each row needs it.", row=row.line, column=name)
            if source and source == target:
                faults.add(self.table.path, f"{source!r} names itself; take the row out.", row=row.line)
            if (group, source, target) in self.answers:
                faults.add(
                    self.table.path, f"the pair {source!r} to {target!r} is there already.", row=row.line
                )
            early, late = (_answer(self.table, row, name, faults) for name in (*ties, None)[:2])
            self.answers[group, source, target] = (early, late)

    def of(self, row: Row) -> str:
        """The partnership of a row."""
        return _cell(self.table, row, self.group) if self.group else self.alone


class Organizations:
    """Sector and trust by (partnership, organization), in the order of the file, then those only in dyads.

    ids: {partnership: {id: None}}; trust: (wave 1, wave 2).
    """

    def __init__(self, table: Table | None, dyads: Dyads, faults: Faults) -> None:
        self.sector: dict[Key, str] = {}
        self.trust: dict[Key, tuple[float, float]] = {}
        self.ids: dict[str, dict[str, None]] = {name: {} for name in dyads.partnerships}
        if table is not None and dyads.partnerships:
            self._read(table, dyads, faults)
        for group, source, target in dyads.answers:
            self.ids[group] |= {source: None, target: None}

    def _read(self, table: Table, dyads: Dyads, faults: Faults) -> None:
        if "id" not in table.columns:
            faults.add(table.path, table.unknown("id"), column="id")
            return
        group = _group(table)
        if fault := _grouping_fault(table, group, dyads):
            faults.add(table.path, fault, column=group)
            return
        trust = _waves(table, "trust")
        for row in table.rows:
            name = _cell(table, row, group) if group and dyads.group else dyads.partnerships[0]
            if name in self.ids:
                self._read_row(table, row, name, trust, faults)
        known = {(group, end) for group, *ends in dyads.answers for end in ends}
        if not faults and not known & set(self.sector):
            faults.add(
                table.path, f"no organization is one of those in {dyads.table.path.name}; check ids and partnerships.",
                column="id",
            )  # fmt: skip

    def _read_row(self, table: Table, row: Row, name: str, trust: Sequence[str], faults: Faults) -> None:
        key = (name, id_text(_cell(table, row, "id")))
        problem = "the id is empty." if not key[1] else f"the organization {key[1]!r} is there already."
        if not key[1] or key in self.sector:
            faults.add(table.path, problem, row=row.line, column="id")
        self.ids[name][key[1]] = None
        self.sector[key] = _cell(table, row, "sector") if "sector" in table.columns else ""
        early, late = (_trust(table, row, column, faults) for column in (*trust, None, None)[:2])
        self.trust[key] = (early, late)


def _group(table: Table) -> str | None:
    return next((name for name in GROUPS if name in table.columns), None)


def _grouping_fault(table: Table, group: str | None, dyads: Dyads) -> str:
    """What hinders telling which partnership an organization belongs to; "" if nothing does."""
    if group is None and len(dyads.partnerships) > 1:
        return f"there are {len(dyads.partnerships)} partnerships; a column {dyads.group!r} must say whose each row is."
    if group is not None and dyads.group is None and len(set(table.column(group))) > 1:
        return f"has several partnerships, and {dyads.table.path.name} has no column {group!r} that tells them apart."
    return ""


def _waves(table: Table, stem: str) -> list[str]:
    """Columns of an item, wave 1 first: by the number at the end, then as they stand."""
    found = [name for name in table.columns if (match := _WAVE.match(name.lower())) and match[1] == stem]
    return sorted(found, key=lambda name: int(re.findall(r"\d*$", name)[0] or 0))[:2]


def _cell(table: Table, row: Row, column: str) -> str:
    return row.cells[table.position(column)]


def _answer(table: Table, row: Row, column: str | None, faults: Faults) -> float:
    if column is None or (text := _cell(table, row, column)) in MISSING:
        return np.nan
    if text not in ANSWERS:
        faults.add(
            table.path, f"{text!r} is no answer; allowed: 1 named, 0 not named, empty not answered.", row=row.line,
            column=column,
        )  # fmt: skip
    return ANSWERS.get(text, np.nan)


def _trust(table: Table, row: Row, column: str | None, faults: Faults) -> float:
    if column is None or (text := _cell(table, row, column)) in MISSING:
        return np.nan
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not 0 <= value <= 10:
        faults.add(
            table.path,
            f"{text!r} is no answer on trust; allowed: 0 to 10, or empty.",
            row=row.line,
            column=column,
        )
    return value

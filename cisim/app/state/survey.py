"""A survey from one or two uploaded CSV files: shown first, with what was guessed; taken in when it is accepted.

The files lie in a temporary folder while they are read, and nowhere after.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cisim.app.state.files import Upload
from cisim.app.state.limits import Limits
from cisim.app.state.readings import refuse_monsters
from cisim.app.state.session import beyond
from cisim.errors import DataError, SpecError
from cisim.world.fields import short
from cisim.world.scenario import Scenario
from cisim.world.survey import SurveyMap, import_survey, summary_text
from cisim.world.survey.faults import Faults
from cisim.world.survey.guesses import columns_of, complete
from cisim.world.survey.table import Row, Table, read_table
from cisim.world.toml import parse

__all__ = ["Survey", "survey_of"]


@dataclass(frozen=True)
class Survey:
    """An uploaded survey as far as it could be read.

    columns: of each file, for the person to choose from. survey_map: as used, or as far as guessed. faults: file,
    row, column and problem of each, where there is no scenario.
    """

    files: tuple[Upload, ...]
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    survey_map: Mapping[str, Any] = field(default_factory=dict)
    summary: str = ""
    notes: tuple[str, ...] = ()
    faults: tuple[Mapping[str, Any], ...] = ()
    scenario: Scenario | None = None

    def lines(self) -> list[str]:
        """Every fault as a line: file, row, column, what is wrong."""
        return [_line(fault) for fault in self.faults]


def survey_of(files: Sequence[Upload], told: object, limits: Limits) -> Survey:
    """What the files say by this column map, or what is wrong with them. Raises SpecError for a faulty map."""
    if not 1 <= len(files) <= 2:
        raise SpecError(f"a survey is one or two CSV files (organizations and ties), given {len(files)}.")
    survey_map = _map(told, limits)
    with TemporaryDirectory(prefix="cisim-survey-") as folder:
        paths = {file.name: Path(folder) / file.name for file in files}
        for file in files:
            paths[file.name].write_bytes(file.data)
        return _read(files, paths, survey_map, limits)


def _map(told: object, limits: Limits) -> SurveyMap:
    """The column map in a table, or in a TOML text; a person's own file of it works as well."""
    table = parse(told) if isinstance(told, str) else {} if told is None else told
    refuse_monsters(table, limits.upload_bytes)
    if not isinstance(table, Mapping):
        raise SpecError(f"map: must be a table of settings, given {short(told)}.")
    return SurveyMap.from_table(table)


def _read(
    files: Sequence[Upload], paths: Mapping[str, Path], survey_map: SurveyMap, limits: Limits
) -> Survey:
    faults = Faults()
    tables = [read_table(paths[file.name], faults) for file in files]
    whole = [table for table in tables if table is not None]
    if faults or len(whole) < len(files):
        return Survey(tuple(files), faults=_told(faults.error()))
    asked, ties = _roles(files, whole, survey_map)
    if asked is None:
        asked = _named_in(ties, survey_map)
    columns = {"organizations": asked.columns, "ties": ties.columns}
    if larger := _too_much(asked, ties, limits):
        return Survey(tuple(files), columns, _plain(survey_map), faults=(larger,))
    try:
        imported = import_survey(asked.path, ties.path, survey_map, name=_slug(asked.path.stem))
    except DataError as error:
        guessed = complete(survey_map, asked, ties, Faults())[0]
        return Survey(tuple(files), columns, _plain(guessed), faults=_told(error))
    except SpecError as error:
        listed = tuple(_fault("", None, None, problem) for problem in error.faults)
        return Survey(tuple(files), columns, _plain(survey_map), faults=listed)
    if too_much := beyond(imported.scenario, limits):
        listed = tuple(_fault(asked.path.name, None, None, problem) for problem in too_much)
        return Survey(tuple(files), columns, _plain(imported.survey_map), faults=listed)
    return Survey(
        tuple(files), columns, _plain(imported.survey_map), summary_text(imported), imported.notes,
        scenario=imported.scenario,
    )  # fmt: skip


def _too_much(asked: Table, ties: Table, limits: Limits) -> Mapping[str, Any] | None:
    """The fault of a table that would take long to read; several networks in a file are a few times one."""
    sizes = (
        (asked, "rows", len(asked.rows), 10 * limits.partners),
        (ties, "rows", len(ties.rows), 2 * limits.partners**2),
        (ties, "columns", len(ties.columns), 2 * limits.partners + 50),
    )
    for table, what, given, most in sizes:
        if given > most:
            problem = f"{given:,} {what} are more than this page reads; allowed are up to {most:,}. Use: cisim import"
            return _fault(table.path.name, None, None, problem)
    return None


def _plain(survey_map: SurveyMap) -> dict[str, Any]:
    return survey_map.model_dump(mode="json", exclude_defaults=True)


def _roles(
    files: Sequence[Upload], tables: Sequence[Table], survey_map: SurveyMap
) -> tuple[Table | None, Table]:
    """(organizations, ties): as told, or in the order in which fewer columns are missing; one file holds ties."""
    if len(tables) == 1:
        return None, tables[0]
    first, second = tables
    if files[0].role == "ties" or files[1].role == "organizations":
        return second, first
    if files[0].role or files[1].role:
        return first, second
    return (
        (second, first)
        if _missing(second, first, survey_map) < _missing(first, second, survey_map)
        else (first, second)
    )


def _missing(asked: Table, ties: Table, survey_map: SurveyMap) -> int:
    faults = Faults()
    complete(survey_map, asked, ties, faults)
    return len(faults.error().faults) if faults else 0


def _named_in(ties: Table, survey_map: SurveyMap) -> Table:
    """A table of every organization that the ties name, written beside them, where nobody listed them."""
    path = ties.path.with_name(f"organizations of {ties.path.stem}.csv")
    nobody = Table(path, ("id",), ())
    settled = complete(survey_map, nobody, ties, Faults())[0]
    if settled.layout == "matrix":
        named = [*ties.columns[1:], *(row.cells[0] for row in ties.rows)]
    else:
        ends = [*columns_of(settled.ties.source), *columns_of(settled.ties.target)]
        named = [cell for end in ends if end in ties.columns for cell in ties.column(end)]
    missing = set(survey_map.missing)
    ids = [ident for ident in dict.fromkeys(named) if ident and ident not in missing]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([["id"], *([ident] for ident in ids)])
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return Table(path, ("id",), tuple(Row(at + 2, (ident,)) for at, ident in enumerate(ids)))


def _told(error: DataError) -> tuple[Mapping[str, Any], ...]:
    """The faults with the file as the person called it, never with the folder."""
    alone = Path(error.path).name
    return tuple(
        _fault(getattr(fault, "file", alone), fault.row, fault.column, fault.problem)
        for fault in error.faults
    )


def _fault(file: str, row: int | None, column: str | None, problem: str) -> Mapping[str, Any]:
    return {"file": file, "row": row, "column": column, "problem": problem}


def _line(fault: Mapping[str, Any]) -> str:
    place = [fault["file"]] if fault["file"] else []
    place += [f"row {fault['row']}"] if fault["row"] is not None else []
    place += [f"column {fault['column']!r}"] if fault["column"] is not None else []
    return f"{', '.join(place)}: {fault['problem']}" if place else str(fault["problem"])


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] or "coalition"

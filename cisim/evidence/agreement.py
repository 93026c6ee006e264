"""How well the two sides of a tie agree on it: the noise of the reports, and what no fit of ties can do better.

If both sides see the tie with independent errors of one size, the correlation of their answers is the share of an
answer's variance that is the tie's (its reliability), and nothing that knows the tie alone correlates with an answer by
more than the root of it. That the errors are independent and of one size is an *assumption*.

Source: reliability, Lord & Novick 1968; beyond chance, Scott 1955 (doi:10.1086/266577), as no side comes first. For
the same reason the correlation counts each pair in both orders; it equals Scott's pi with squared distances as weights.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cisim.evidence.forecast.rows import GROUPS
from cisim.world.survey.claims import Claim, read_claims
from cisim.world.survey.columns import OrganizationColumns, SurveyMap
from cisim.world.survey.faults import Faults
from cisim.world.survey.guesses import complete, id_text
from cisim.world.survey.organizations import MOST_ORGANIZATIONS, Organization, Roll, select
from cisim.world.survey.reports import Reports, read_reports
from cisim.world.survey.scales import contact_scale
from cisim.world.survey.table import Table, read_table

__all__ = ["ALL", "Agreement", "Compared", "compare_reports"]

Array = np.ndarray[Any, Any]

ALL = "all"
"""The name of all networks together, where there are several."""
FILES = ("ties.csv", "dyads.csv")
"""Names of the file in a folder."""


@dataclass(frozen=True)
class Agreement:
    """The reports of one network, over pairs of which both sides answered.

    either, both: pairs in contact as one side or both say. same: share of `both` told on the same level.
    beyond_chance: the same above what chance gives, 1 at best. correlation: of the levels of `both`.
    correlation_with_none: over all pairs, no contact as the lowest level. None: there are no two levels to compare.
    """

    network: str
    organizations: int
    answered: int
    either: int
    both: int
    same: float | None
    beyond_chance: float | None
    correlation: float | None
    correlation_with_none: float | None

    @property
    def ceiling(self) -> float | None:
        """The most that a fit of the tie can correlate with the answer of one side, on the level of ties."""
        return None if self.correlation is None else math.sqrt(max(0.0, self.correlation))


@dataclass(frozen=True)
class Compared:
    """Every network of a file, all together last where there are several, and what a reader should know."""

    networks: tuple[Agreement, ...]
    notes: tuple[str, ...]

    @property
    def whole(self) -> Agreement:
        """All networks together."""
        return self.networks[-1]


def compare_reports(path: Path, survey_map: SurveyMap | None = None) -> Compared:
    """The agreement of the reports in a file of ties, or in a folder with one, by network.

    Read as a survey is, each row what its source says. Raises DataError with every fault: row, column, what is
    allowed.
    """
    path = _file_in(path)
    faults = Faults()
    table = read_table(path, faults)
    if table is None:
        raise faults.error()
    settled, notes = complete(_of_ties(survey_map or SurveyMap()), _nobody(path), table, faults)
    faults.check()
    maps = _by_network(table, settled, faults)
    rolls = {network: _roll(table, one) for network, one in maps.items()}
    claims = {network: _claims(table, one, rolls[network], faults) for network, one in maps.items()}
    scale = _scale(table, settled, [claim for told in claims.values() for claim in told])
    reports = {}
    for network, one in maps.items():
        one = one.model_copy(update={"ties": settled.ties.model_copy(update={"scale": scale})})
        reports[network] = read_reports(table, claims[network], one, len(rolls[network].ids), faults)
    if not faults and not any(((told.line > 0) & (told.line.T > 0)).any() for told in reports.values()):
        faults.add(
            path, "no pair is listed in both orders; each row must be what its source says of its target."
        )
    faults.check()
    told_notes = (*table.notes, *notes, *(note for told in reports.values() for note in told.notes))
    return Compared(_agreements(reports), tuple(dict.fromkeys(told_notes)))


def _file_in(path: Path) -> Path:
    """The file of ties in a folder; the path itself if it is none or holds none."""
    return next((path / name for name in FILES if (path / name).exists()), path)


def _of_ties(told: SurveyMap) -> SurveyMap:
    """The map for contact alone, told by the source of each row."""
    only = {"collaboration": "", "trust": "", "trust_back": ""}
    return told.model_copy(
        update={
            "directed": True, "backbone": None, "organizations": OrganizationColumns(id="id"),
            "ties": told.ties.model_copy(update=only),
        }
    )  # fmt: skip


def _nobody(path: Path) -> Table:
    return Table(path, ("id",), ())


def _by_network(table: Table, settled: SurveyMap, faults: Faults) -> dict[str, SurveyMap]:
    """The map for each network: the one chosen, or all that a column tells apart, or the file as one."""
    column = next((name for name in GROUPS if name in table.columns and settled.layout == "pairs"), None)
    if column is None or column in settled.where:
        return {settled.where.get(column or "", table.path.stem): settled}
    for row in table.rows:
        if not row.cells[table.position(column)]:
            faults.add(table.path, "is empty; each row needs it.", row=row.line, column=column)
    networks = dict.fromkeys(table.column(column))
    return {
        name: settled.model_copy(update={"where": {**settled.where, column: name}})
        for name in networks if name
    }  # fmt: skip


def _roll(table: Table, settled: SurveyMap) -> Roll:
    """The organizations of a network: whoever reports or is reported, in the order of the file."""
    rows = select(table, settled.where, Faults())
    if settled.layout == "matrix":
        texts = [*table.columns[1:], *(row.cells[0] for row in rows)]
    else:
        ends = [table.position(str(column)) for column in (settled.ties.source, settled.ties.target)]
        texts = [row.cells[end] for row in rows for end in ends]
    ids = dict.fromkeys(filter(None, map(id_text, texts)))
    return Roll(tuple(Organization(ident, ident, "", None, None) for ident in ids), None)


def _claims(table: Table, settled: SurveyMap, roll: Roll, faults: Faults) -> list[Claim]:
    if len(roll.ids) > MOST_ORGANIZATIONS:
        faults.add(
            table.path, f"a network has {len(roll.ids)} organizations; allowed are {MOST_ORGANIZATIONS}."
        )
        return []
    return read_claims(table, settled, roll, (), faults)


def _scale(table: Table, settled: SurveyMap, claims: Sequence[Claim]) -> Any:
    """The scale of contact: as the map says, else the one that reads the answers of all networks."""
    told = settled.ties
    if told.scale is not None or (settled.layout == "pairs" and not told.contact):
        return told.scale
    answers = {claim.contact for claim in claims if claim.contact is not None}
    return contact_scale(None, answers, told.named, table.decimal_comma).name


def _answers(reports: Reports) -> Array:
    """(2, pairs): contact a month as either side says, of pairs of which both sides answered."""
    i, j = np.triu_indices(len(reports.contact), 1)
    sides = np.stack([reports.contact[i, j], reports.contact[j, i]])
    return sides[:, ~np.isnan(sides).any(axis=0)]


def _agreements(reports: dict[str, Reports]) -> tuple[Agreement, ...]:
    """One a network, with levels that are the same for all, and one for all together."""
    answers = {network: _answers(told) for network, told in reports.items()}
    steps = np.unique(np.concatenate([sides.ravel() for sides in answers.values()]))
    steps = steps[steps > 0]
    levels = {network: np.searchsorted(steps, sides, side="right") for network, sides in answers.items()}
    sizes = {network: (len(told.silent), int((~told.silent).sum())) for network, told in reports.items()}
    found = [_agreement(network, *sizes[network], levels[network], len(steps)) for network in reports]
    if len(found) > 1:
        whole = np.concatenate(list(levels.values()), axis=1)
        asked, answered = (sum(counts) for counts in zip(*sizes.values(), strict=True))
        found.append(_agreement(ALL, asked, answered, whole, len(steps)))
    return tuple(found)


def _agreement(network: str, organizations: int, answered: int, levels: Array, most: int) -> Agreement:
    """levels: (2, pairs) of whole numbers up to `most`, 0 for no contact."""
    both = levels[:, (levels > 0).all(axis=0)]
    same = float((both[0] == both[1]).mean()) if both.size and most > 1 else None
    return Agreement(
        network, organizations, answered, int((levels > 0).any(axis=0).sum()), both.shape[1],
        same, _beyond_chance(both, same), _correlation(both), _correlation(levels),
    )  # fmt: skip


def _beyond_chance(levels: Array, same: float | None) -> float | None:
    """Scott's pi: the share of equal answers above that of answers drawn from all, 1 if all are equal."""
    if same is None:
        return None
    shares = np.bincount(levels.ravel()) / levels.size
    expected = float((shares**2).sum())
    return (same - expected) / (1 - expected) if expected < 1 else None


def _correlation(levels: Array) -> float | None:
    """Correlation of the two sides over pairs in both orders; None if only one level is told."""
    ordered = np.concatenate([levels, levels[::-1]], axis=1)
    if not levels.size or np.ptp(levels) == 0:
        return None
    return float(np.corrcoef(ordered)[0, 1])

"""Partnerships in two waves: who named whom, and how far each organization trusts the others.

    dyads.csv           partnership, source, target, tie of wave 1, tie of wave 2 (0 or 1; empty: not answered)
    organizations.csv   id, partnership, sector, trust of wave 1, trust of wave 2 (0 to 10; empty: not answered)

The second file, the sectors, the trust and the whole second wave may be missing. Columns are found by their
names: `partnership`, `estuary`, `network` or `coalition`; whatever starts with `tie` or with `trust`, the earlier
wave first by the number at its end. Without a column of partnerships the file is one partnership.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cisim.errors import DataError
from cisim.evidence.forecast.rows import Dyads, Organizations
from cisim.world.survey.faults import Faults
from cisim.world.survey.table import read_table

__all__ = ["MOST", "Partnership", "read_partnerships"]

Array = np.ndarray[Any, Any]
MOST = 200
"""Organizations of one partnership: every pair is simulated."""
FEWEST = 3


@dataclass(frozen=True)
class Partnership:
    """n organizations and what they answered; NaN is no answer.

    named, named_later: (n, n) of 0 and 1, row i names column j, the diagonal NaN. trust, trust_later: (n,), 0 to 10.
    sectors: "" where unknown. notes: what a reader of the forecast should know of the answers.
    """

    name: str
    ids: tuple[str, ...]
    sectors: tuple[str, ...]
    named: Array
    named_later: Array
    trust: Array
    trust_later: Array
    notes: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many organizations."""
        return len(self.ids)

    @property
    def asked(self) -> Array:
        """(n, n) True where wave 1 has an answer."""
        return ~np.isnan(self.named)

    @property
    def names(self) -> Array:
        """(n, n) 1 where wave 1 names a tie, 0 where it does not or is not answered."""
        return np.nan_to_num(self.named)

    @property
    def in_both_waves(self) -> Array:
        """(n, n) True where both waves have an answer."""
        return self.asked & ~np.isnan(self.named_later)


def read_partnerships(wave1: Path, organizations: Path | None = None) -> tuple[Partnership, ...]:
    """Every partnership in a folder with dyads.csv (and organizations.csv), or in a file of dyads.

    Raises DataError with every fault of both files: row, column, what was given, what is allowed.
    """
    dyads = wave1 / "dyads.csv" if wave1.is_dir() else wave1
    beside = wave1 / "organizations.csv"
    if organizations is None and wave1.is_dir() and beside.exists():
        organizations = beside
    faults = Faults()
    told = read_table(dyads, faults)
    listed = None if organizations is None else read_table(organizations, faults)
    if told is None:
        raise faults.error()
    faults.check()
    answers = Dyads(told, dyads.parent.name if wave1.is_dir() else dyads.stem, faults)
    roll = Organizations(listed, answers, faults)
    faults.check()
    found = tuple(_partnership(name, answers, roll) for name in answers.partnerships)
    if problems := [problem for one in found for problem in _unusable(one)]:
        raise DataError(dyads, problems)
    return found


def _partnership(name: str, dyads: Dyads, roll: Organizations) -> Partnership:
    ids = tuple(roll.ids[name])
    at = {ident: row for row, ident in enumerate(ids)}
    waves = np.full((2, len(ids), len(ids)), np.nan)
    for (group, source, target), answer in dyads.answers.items():
        if group == name:
            waves[:, at[source], at[target]] = answer
    notes = [_zeros_meant(waves[0])]
    _zeros_meant(waves[1])
    trust = np.array([roll.trust.get((name, ident), (np.nan, np.nan)) for ident in ids])
    silent = int(np.isnan(waves[0]).all(axis=1).sum())
    if silent:
        notes.append(f"{silent} of {len(ids)} organizations did not say whom they work with.")
    if unsaid := int(np.isnan(trust[:, 0]).sum()):
        notes.append(f"{unsaid} of {len(ids)} organizations did not answer on trust; theirs is drawn.")
    sectors = tuple(roll.sector.get((name, ident), "") for ident in ids)
    return Partnership(
        name, ids, sectors, waves[0], waves[1], trust[:, 0], trust[:, 1], tuple(filter(None, notes))
    )


def _zeros_meant(wave: Array) -> str:
    """Fill 0 in a list of named ties only; whoever names nobody there did not answer, as far as can be known."""
    if not (wave == 1).any() or (wave == 0).any():
        return ""
    naming = (wave == 1).any(axis=1)
    wave[naming] = np.where(np.isnan(wave[naming]), 0.0, 1.0)
    np.fill_diagonal(wave, np.nan)
    return "Only named ties are listed: others of those who name anyone are taken for not named."


def _unusable(one: Partnership) -> list[str]:
    here = f"partnership {one.name!r}"
    if not FEWEST <= one.size <= MOST:
        return [f"{here} has {one.size} organizations; allowed is {FEWEST} to {MOST}."]
    if not one.names.any():
        return [f"{here} names no tie at wave 1; a forecast starts from those."]
    if one.names[one.asked].all():
        return [f"{here} names every tie that it was asked about; then there is nothing to tell apart."]
    return []

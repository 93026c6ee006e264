"""One screen on an imported coalition: its shape, its trust, and what was missing and filled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cisim.theory.measures.network import ANY, MONTHLY, WEEKLY
from cisim.world.survey.organizations import Roll
from cisim.world.survey.pairs import Pairs
from cisim.world.survey.reports import Matrix, Reports

__all__ = ["LEVELS", "Answers", "Spread", "Summary", "centralization", "spearman", "summarize"]

LEVELS = {"any": ANY, "monthly": MONTHLY, "weekly": WEEKLY}
"""Least contacts a month of each level of contact, as the measures of a run count it."""

JOINT_WORK = {"none": 0.0, "informal": 1 / 3, "formal": 2 / 3, "several projects": 1.0}
"""Most collaboration of each level; a pair between two levels counts for the higher."""

EXACT = 1e-9


@dataclass(frozen=True)
class Spread:
    """How many answered out of how many were asked, their mean and standard deviation (0 to 1)."""

    answered: int
    asked: int
    mean: float | None = None
    sd: float | None = None


@dataclass(frozen=True)
class Answers:
    """Pairs asked about, answered by at least one side, and filled; the rest is left to the model."""

    asked: int
    answered: int
    filled: int

    @property
    def left(self) -> int:
        return self.asked - self.answered - self.filled


@dataclass(frozen=True)
class Summary:
    """Figures of the coalition as imported, after joining reports and filling gaps.

    density, centralization: by level of contact, over all pairs, the backbone included; centralization
    is Freeman's for degree, None below three organizations. reports_density, reciprocity, agreement: of
    a directed survey, over answers as given: share of reports that name a contact; share of named
    contacts that name back; share of pairs naming each other with the same answer. spearman: contact
    with collaboration over pairs where both were answered.
    """

    name: str
    organizations: int
    backbone: str | None
    directed: bool
    density: dict[str, float]
    centralization: dict[str, float | None]
    trust: Spread
    tie_trust: Spread
    contact: Answers
    collaboration: Answers
    levels: dict[str, int] = field(default_factory=dict)
    spearman: float | None = None
    reports_density: float | None = None
    reciprocity: float | None = None
    agreement: float | None = None
    contradictions: int = 0
    silent: tuple[str, ...] = ()


def summarize(
    name: str, roll: Roll, reports: Reports, pairs: Pairs, filled: Pairs, trust_asked: bool
) -> Summary:
    """The figures of one import. `pairs` holds what was answered, `filled` what the scenario holds."""
    size = len(roll.ids)
    names = {organization.id: organization.name for organization in roll.organizations}
    networks = {level: _network(filled, size, least) for level, least in LEVELS.items()}
    trusts = [organization.trust for organization in roll.organizations if organization.trust is not None]
    return Summary(
        name=name,
        organizations=size,
        backbone=None if roll.backbone is None else names[roll.backbone],
        directed=reports.directed,
        density={level: float(network.sum() / (size * (size - 1))) for level, network in networks.items()},
        centralization={level: centralization(network) for level, network in networks.items()},
        trust=_spread(trusts, size if trust_asked else 0),
        tie_trust=_spread(
            reports.trust[~np.isnan(reports.trust)].tolist(),
            int(np.count_nonzero((reports.line + reports.line.T) > 0)) if reports.asked_trust else 0,
        ),
        contact=_answers(pairs.contact, filled.contact, True),
        collaboration=_answers(pairs.collaboration, filled.collaboration, reports.asked_collaboration),
        levels=_levels(filled.collaboration) if reports.asked_collaboration else {},
        spearman=spearman(pairs.contact, pairs.collaboration),
        contradictions=pairs.contradictions,
        silent=tuple(ident for ident, silent in zip(roll.ids, reports.silent, strict=True) if silent),
        **(_directed(reports.contact) if reports.directed else {}),
    )


def _network(pairs: Pairs, size: int, least: float) -> NDArray[np.bool_]:
    network = np.zeros((size, size), dtype=bool)
    present = pairs.contact >= least - EXACT
    network[pairs.i[present], pairs.j[present]] = True
    return network | network.T


def centralization(network: NDArray[np.bool_]) -> float | None:
    """Freeman's degree centralization: 1 for a star, 0 if all degrees are equal (Freeman 1978)."""
    size = len(network)
    if size < 3:
        return None
    degree = network.sum(axis=0)
    return float((degree.max() - degree).sum() / ((size - 1) * (size - 2)))


def spearman(x: Matrix, y: Matrix) -> float | None:
    """Spearman's rank correlation over places where both are known; ties share their mean rank."""
    known = ~np.isnan(x) & ~np.isnan(y)
    if known.sum() < 3 or np.ptp(x[known]) == 0 or np.ptp(y[known]) == 0:
        return None
    return float(np.corrcoef(_ranks(x[known]), _ranks(y[known]))[0, 1])


def _ranks(values: Matrix) -> Matrix:
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray((last - (count - 1) / 2)[place], dtype=np.float64)


def _spread(values: Sequence[float], asked: int) -> Spread:
    if not values:
        return Spread(0, asked)
    mean = math.fsum(values) / len(values)
    squares = math.fsum((value - mean) ** 2 for value in values)
    return Spread(
        len(values), asked, mean, math.sqrt(squares / (len(values) - 1)) if len(values) > 1 else None
    )


def _answers(before: Matrix, after: Matrix, asked: bool) -> Answers:
    if not asked:
        return Answers(0, 0, 0)
    answered = int((~np.isnan(before)).sum())
    return Answers(len(before), answered, int((~np.isnan(after)).sum()) - answered)


def _levels(collaboration: Matrix) -> dict[str, int]:
    known = collaboration[~np.isnan(collaboration)]
    upper = np.array(list(JOINT_WORK.values()))
    level = np.searchsorted(upper, known - EXACT)
    return {name: int((level == place).sum()) for place, name in enumerate(JOINT_WORK)}


def _directed(contact: Matrix) -> dict[str, float | None]:
    """Density of reports, reciprocity and exact agreement, over answers as given."""
    said = ~np.isnan(contact)
    named = contact > 0
    both = said & said.T
    mutual = named & named.T
    same = mutual & (np.abs(contact - contact.T) < EXACT)
    return {
        "reports_density": _share(named, said),
        "reciprocity": _share(mutual, named & both),
        "agreement": _share(same, mutual),
    }


def _share(part: np.ndarray, whole: np.ndarray) -> float | None:
    """How many are true in one for each that is true in the other; None if there is none."""
    return int(part.sum()) / int(whole.sum()) if whole.any() else None

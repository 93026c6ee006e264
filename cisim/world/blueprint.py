"""A scenario as arrays: what an engine starts from. NaN marks what each replicate draws for itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2s
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.theory.parameters import UNCERTAINTIES, record
from cisim.theory.rules import default_choices
from cisim.theory.state import INITIATIVE, ISSUE, ORGANIZATION, TIE, incidence, row_type
from cisim.world.network import distinct_pairs, every_pair, sparse_pairs
from cisim.world.partners import Partner
from cisim.world.posterior import Posterior

if TYPE_CHECKING:
    from cisim.world.scenario import Scenario

__all__ = ["Blueprint", "addresses", "lower"]

Array = np.ndarray[Any, Any]

_FLOOR = 1e-4
"""Least share of a workstream in a given profile, so that plans that need a little of all exist."""

_NUMBERS = {
    "capacity": "capacity",
    "relational_capacity": "relational_capacity",
    "engagement": "engagement",
    "practice": "practice",
    "propensity": "trust",
}
"""Fields of an organization's row and what a listed partner calls them."""

_PROFILES = ("mission", "framing", "portfolio")


@dataclass(frozen=True)
class Blueprint:
    """One scenario lowered. The arrays are shared and must not be written to: copy before a run.

    organizations (n + 1 rows, the backbone last), ties (possible pairs i < j, sorted), incident and
    starts (see State), levers (months + 1 rows; row m is in force in month m), effects (by month),
    initiative, issue (one row each), parameters (P rows, the draws of the posterior; one row without it;
    replicate r has row r % P). sectors[number] is the name of a sector.
    """

    name: str
    months: int
    organizations: Array
    ties: Array
    incident: Array
    starts: Array
    levers: Array
    effects: Array
    initiative: Array
    issue: Array
    parameters: Array
    choices: dict[str, str]
    ids: tuple[str, ...]
    sectors: tuple[str, ...]
    workstreams: tuple[str, ...]


def lower(scenario: Scenario) -> Blueprint:
    """The arrays of a scenario."""
    ids, plan = scenario.ids, scenario.plan()
    sector, sectors = _sectors(scenario)
    ties = _ties(scenario, sector, sectors)
    incident, starts = incidence(ties["i"], ties["j"], len(ids))
    return Blueprint(
        name=scenario.name,
        months=scenario.months,
        organizations=_organizations(scenario, sector),
        ties=ties,
        incident=incident,
        starts=starts,
        levers=plan.levers(),
        effects=plan.effects(),
        initiative=_initiative(len(scenario.workstreams)),
        issue=_issue(scenario),
        parameters=_parameters(scenario),
        choices=default_choices() | scenario.rules,
        ids=ids,
        sectors=sectors,
        workstreams=scenario.workstreams,
    )


def addresses(ids: Iterable[str]) -> list[int]:
    """The address of each organization's random draws: 32 bits that depend on its id alone.

    Where two ids meet in one address, the later is hashed again until it has one of its own.
    """
    taken: dict[int, None] = {}
    for name in ids:
        salt = 0
        while (address := _hash(name, salt)) in taken:
            salt += 1
        taken[address] = None
    return list(taken)


def _hash(name: str, salt: int) -> int:
    digest = blake2s(name.encode(), digest_size=4, salt=salt.to_bytes(8, "big"))
    return int.from_bytes(digest.digest(), "big")


def _sectors(scenario: Scenario) -> tuple[Array, tuple[str, ...]]:
    """(number of each organization's sector, sector names). Listed sectors win over generated ones."""
    cycle = scenario.roster.sectors
    told = {partner.id: partner.sector for partner in scenario.partner}
    of = [
        told.get(name) or (cycle[row % len(cycle)] if row < scenario.roster.count else "")
        for row, name in enumerate(scenario.ids[:-1])
    ]
    of.append(scenario.backbone.sector)
    known = {name: number for number, name in enumerate(dict.fromkeys(of))}
    return np.array([known[name] for name in of], dtype=np.int64), tuple(known)


def _organizations(scenario: Scenario, sector: Array) -> Array:
    """One row an organization; given fields that nobody gives are NaN."""
    ids, roster = scenario.ids, scenario.roster
    rows = np.zeros(len(ids), dtype=row_type(ORGANIZATION, len(scenario.workstreams)))
    for field in (*_NUMBERS, *_PROFILES):
        rows[field] = np.nan
    rows["address"] = addresses(ids)
    rows["sector"] = sector
    rows["present"] = 1
    rows["member"][:-1] = roster.members
    rows["may_join"][:-1] = roster.may_join
    _tell_partners(rows, scenario.partner, {name: row for row, name in enumerate(ids)})
    backbone = rows[-1:]
    backbone["is_backbone"] = backbone["engagement"] = 1
    backbone["capacity"] = backbone["relational_capacity"] = backbone["practice"] = 0
    for profile in _PROFILES:
        backbone[profile] = 1.0 / len(scenario.workstreams)
    return rows


def _tell_partners(rows: Array, partners: Sequence[Partner], row_of: dict[str, int]) -> None:
    """Write what listed partners say of themselves."""
    for partner in partners:
        at = row_of[partner.id]
        for field in ("member", "may_join"):
            if (said := getattr(partner, field)) is not None:
                rows[field][at] = said
        for field, told in _NUMBERS.items():
            if (number := getattr(partner, told)) is not None:
                rows[field][at] = number
        for profile in _PROFILES:
            if (shares := getattr(partner, profile)) is not None:
                rows[profile][at] = _floored(shares)


def _floored(shares: Sequence[float]) -> Array:
    floored: Array = np.maximum(np.array(shares), _FLOOR)
    floored /= floored.sum()
    return floored


def _ties(scenario: Scenario, sector: Array, sectors: tuple[str, ...]) -> Array:
    """One row a possible pair, sorted; every partner has a possible tie with the backbone."""
    ids, network = scenario.ids, scenario.network
    partners, row_of = len(ids) - 1, {name: row for row, name in enumerate(ids)}
    listed = np.array([[row_of[end] for end in tie.between] for tie in scenario.tie], dtype=np.int64)
    listed = listed.reshape(-1, 2)
    i, j = _possible(scenario, partners, listed)
    ties = np.zeros(len(i), dtype=row_type(TIE, len(scenario.workstreams)))
    ties["i"], ties["j"], ties["trust"] = i, j, np.nan
    known = np.array([name != "" for name in sectors])
    ties["same_sector"] = (sector[i] == sector[j]) & known[sector[i]] & (j < partners)
    unlisted = 0.0 if network.unlisted == "absent" else np.nan
    for field in ("contact", "collaboration"):
        ties[field] = np.where(j < partners, unlisted, 0.0)
    _tell_ties(ties, scenario, listed)
    return ties


def _possible(scenario: Scenario, partners: int, listed: Array) -> tuple[Array, Array]:
    network = scenario.network
    if network.possible == "all":
        return every_pair(partners + 1)
    i, j = sparse_pairs(partners, network.ties_per_partner, network.seed)
    everyone = np.arange(partners, dtype=np.int64)
    hub = np.full(partners, partners, dtype=np.int64)
    return distinct_pairs(
        np.concatenate([i, everyone, listed[:, 0]]), np.concatenate([j, hub, listed[:, 1]]), partners + 1
    )


def _tell_ties(ties: Array, scenario: Scenario, listed: Array) -> None:
    """Write what is known of listed pairs. What they leave open is drawn, or 0 with the backbone."""
    if not scenario.tie:
        return
    size = len(scenario.ids)
    low, high = listed.min(axis=1), listed.max(axis=1)
    at = np.searchsorted(ties["i"] * size + ties["j"], low * size + high)
    for field in ("contact", "collaboration"):
        given = np.array([np.nan if (x := getattr(tie, field)) is None else x for tie in scenario.tie])
        ties[field][at] = np.where(np.isnan(given) & (high == size - 1), 0.0, given)
    both = [(None, None) if tie.trust is None else tie.trust for tie in scenario.tie]
    trust = np.array([[np.nan if x is None else x for x in pair] for pair in both])
    turned = listed[:, 0] > listed[:, 1]
    ties["trust"][at] = np.where(turned[:, None], trust[:, ::-1], trust)


def _parameters(scenario: Scenario) -> Array:
    if scenario.posterior is None:
        return record(scenario.parameters, UNCERTAINTIES)
    return _drawn(scenario.posterior, tuple(scenario.parameters.items()))


@lru_cache(maxsize=8)
def _drawn(posterior: Posterior, told: tuple[tuple[str, float], ...]) -> Array:
    """Kept, as the many worlds of a study share them."""
    return posterior.parameters(dict(told))


def _initiative(workstreams: int) -> Array:
    row = np.zeros(1, dtype=row_type(INITIATIVE, workstreams))
    row["alive"] = 1
    row["agenda"] = 1.0 / workstreams
    row["factors"] = 1.0
    return row


def _issue(scenario: Scenario) -> Array:
    row = np.zeros(1, dtype=row_type(ISSUE, len(scenario.workstreams)))
    row["target"] = scenario.issue.target
    row["need"] = np.nan if scenario.issue.need is None else _floored(scenario.issue.need)
    return row

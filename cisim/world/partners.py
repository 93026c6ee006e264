"""Who takes part: generated partners, listed partners, the backbone; and the issue they work on."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from cisim.errors import SpecError
from cisim.world.fields import Simplex, short, text, truth, whole, within
from cisim.world.record import Record

__all__ = ["SECTORS", "BackbonePartner", "Issue", "Partner", "Roster", "generated_id"]

SECTORS = ("government", "nonprofit", "business", "philanthropy", "community")

OrganizationName = Annotated[str, text(0, 200)]
OrganizationId = Annotated[str, text(1, 100)]
DrawnShare = Annotated[float | None, within(0, 1, drawn=True)]


def generated_id(number: int) -> str:
    """The id of the generated partner with this number, counting from 1."""
    return f"partner-{number}"


def _sectors(value: object) -> object:
    if not isinstance(value, (list, tuple)) or not value:
        raise SpecError(f"must be a list of one or more names, given {short(value)}.")
    if len(set(map(str, value))) < len(value):
        raise SpecError(f"names a sector twice, given {short(value)}; name each once.")
    return value


class Roster(Record):
    """Generated partners partner-1 to partner-N; the sector cycles through `sectors`.

    `members`, `may_join`: what holds for a partner that does not say it itself.
    """

    count: Annotated[int, whole(0, 20_000, "partners")] = 25
    sectors: Annotated[tuple[Annotated[str, text(1, 100)], ...], BeforeValidator(_sectors)] = SECTORS
    members: Annotated[bool, truth()] = True
    may_join: Annotated[bool, truth()] = True


class Partner(Record):
    """A listed partner. What is None is drawn for each replicate (numbers) or as the roster says.

    capacity: FTE for the issue; relational_capacity: contacts a month it can sustain; trust: propensity
    to trust; mission, framing, portfolio: one number a workstream, kept as shares.
    """

    id: OrganizationId
    name: OrganizationName = ""
    sector: OrganizationName = ""
    member: Annotated[bool | None, truth(optional=True)] = None
    may_join: Annotated[bool | None, truth(optional=True)] = None
    capacity: Annotated[float | None, within(0.001, 100_000, "FTE", drawn=True)] = None
    relational_capacity: Annotated[float | None, within(0, 10_000, "contacts a month", drawn=True)] = None
    engagement: DrawnShare = None
    practice: DrawnShare = None
    trust: DrawnShare = None
    mission: Simplex = None
    framing: Simplex = None
    portfolio: Simplex = None


class BackbonePartner(Record):
    """The backbone: always there as the last organization, active only while it has staff."""

    id: OrganizationId = "backbone"
    name: OrganizationName = "Backbone"
    sector: OrganizationName = ""


class Issue(Record):
    """The problem: the true mix of work that it needs (None: drawn), and the severity to be reached."""

    need: Simplex = None
    target: Annotated[float, within(0, 1, "(severity; 1 at the start, 0 solved)")] = 0.7

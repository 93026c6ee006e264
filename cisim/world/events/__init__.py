"""What may happen on the way. A new event is one record class; importing its file makes it known."""

from cisim.world.events.conditions import (
    BackboneCloses,
    CutBackboneStaff,
    DropSharedMeasurement,
    FunderEnters,
    FunderLeaves,
    HireBackboneStaff,
    LaunchSharedMeasurement,
    RampLever,
    SetLever,
)
from cisim.world.events.event import KINDS, AnyEvent, Event, Names, OrganizationId, PartnerId, Refers
from cisim.world.events.partnership import (
    BackboneMoves,
    IssueShock,
    LeaderChanges,
    Merger,
    PartnerJoins,
    PartnerLeaves,
    PolicyWindow,
    TrustBreach,
)

__all__ = [
    "KINDS",
    "AnyEvent",
    "BackboneCloses",
    "BackboneMoves",
    "CutBackboneStaff",
    "DropSharedMeasurement",
    "Event",
    "FunderEnters",
    "FunderLeaves",
    "HireBackboneStaff",
    "IssueShock",
    "LaunchSharedMeasurement",
    "LeaderChanges",
    "Merger",
    "Names",
    "OrganizationId",
    "PartnerId",
    "PartnerJoins",
    "PartnerLeaves",
    "PolicyWindow",
    "RampLever",
    "Refers",
    "SetLever",
    "TrustBreach",
]

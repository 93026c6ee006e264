"""The agents of the Mesa model: organizations, and the backbone; `partners` and `ties` have the others.

Each is a view of a row of the state (see `rows`); what it does in a phase of the month is a method that
gathers what it can see, calls a rule, and writes the answer.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import mesa

from cisim.engine.rows import OrganizationRow
from cisim.engine.streams import (
    PROPENSITY,
    block,
    normal,
)
from cisim.errors import SpecError

if TYPE_CHECKING:
    from cisim.engine.model import CoalitionModel
    from cisim.engine.ties import Tie

__all__ = ["Backbone", "Bond", "Organization"]


class _CountedByModel:
    """Numbers agents within their model, which Mesa 3.3 does in a table that keeps every model alive."""

    def __getitem__(self, model: Any) -> Iterator[int]:
        return model.__dict__.setdefault("_agent_numbers", itertools.count(1))


class Bond(NamedTuple):
    """A tie as one of its two organizations sees it."""

    tie: Tie
    other: Organization
    side: int

    @property
    def trust(self) -> float:
        """Trust in the other, 0 to 1."""
        return float(self.tie.trust[self.side])

    @property
    def closeness(self) -> float:
        """Chance that the two meet in a month."""
        return 1.0 - self.tie.silence

    @property
    def with_partner(self) -> bool:
        """True unless the tie is one with the backbone."""
        return not self.tie.with_backbone


class Organization(OrganizationRow, mesa.Agent):
    """An organization with ties. `bonds` are its ties in order, as it sees them."""

    model: CoalitionModel
    _ids = _CountedByModel()

    def __init__(self, model: CoalitionModel, name: str) -> None:
        super().__init__(model)
        self.name = name
        self.bonds: list[Bond] = []

    def trust_in(self, other: Organization) -> float:
        """Trust in another organization; raises KeyError if the two have no possible tie."""
        return self.bond_with(other).trust

    def contact_with(self, other: Organization) -> float:
        """Contacts a month with another organization."""
        return float(self.bond_with(other).tie.contact)

    def bond_with(self, other: Organization) -> Bond:
        """The tie with another organization as this one sees it; trust_in and contact_with ask for it too.

        Raises SpecError for what is no organization, such as the name of one, KeyError if there is no possible tie.
        """
        for bond in self.bonds:
            if bond.other is other:
                return bond
        if not isinstance(other, Organization):
            named = [
                f"model.partners[{at}]" for at, one in enumerate(self.model.partners) if one.name == other
            ]
            named += ["model.backbone"] if other == self.model.backbone.name else []
            meant = named[0] if named else "model.backbone or one of model.partners"
            raise SpecError(
                f"must be with an organization of the model, given {other!r}; pass {meant}.", source="A tie"
            )
        raise KeyError(f"{self.name} and {other.name} have no possible tie")

    @property
    def can_meet(self) -> bool:
        """True for a backbone, and for a partner with relational capacity (one that is gone has none)."""
        return self.is_backbone == 1 or self.relational_capacity > 0.0

    def take_reputation(self) -> None:
        """Mean trust in it of all who can meet others."""
        held, holders = 0.0, 0.0
        for tie, other, side in self.bonds:
            if self.can_meet and other.can_meet:
                held += tie.trust[1 - side]
                holders += 1.0
        self.holders = holders
        self.reputation = held / holders if holders > 0.0 else self.model.parameters.trust_mean

    def judge(self, bond: Bond, contacts: int, u: float) -> float:
        """Trust in the other after this month's contacts, kept or broken as this side sees them."""
        rules, p = self.model.rules, self.model.parameters
        trust = bond.trust
        if contacts > 0:
            chance = rules.kept_probability(
                bond.tie.agreement, bond.other.engagement, self.help_communication, p
            )
            kept = rules.kept_contacts(contacts, chance, u)
            trust = rules.trust(trust, kept, contacts - kept, p)
        prior = rules.prior_trust(bond.other.reputation, self.propensity)
        return float(rules.relax(trust, prior, bond.tie.silence, p))

    def drift(self) -> None:
        """The propensity to trust drifts."""
        words = block(self.model.at, PROPENSITY, self.address, 0)
        self.propensity = self.model.rules.drift(
            self.propensity, self.propensity_level, normal(words[0], words[1]), self.model.parameters
        )

    def take_stock(self) -> None:
        """Total contact, trust in those met (by closeness), members met."""
        total, trusted, met, reach = 0.0, 0.0, 0.0, 0.0
        for bond in self.bonds:
            if bond.tie.contact > 0.0:
                total += bond.tie.contact
                if bond.with_partner:
                    trusted += bond.closeness * bond.trust
                    met += bond.closeness
                    reach += bond.closeness * bond.other.member
        self.contact_total, self.contact_trust, self.met, self.reach = total, trusted, met, reach
        if self.is_backbone == 0:
            self.contact_trust = trusted / met if met > 0.0 else self.propensity


class Backbone(Organization):
    """The backbone: carries the agenda, spreads its staff over the members it can reach."""

    def carry(self) -> None:
        """Its framing and its work are the agenda."""
        self.framing[:] = self.model.initiative.agenda
        self.portfolio[:] = self.model.initiative.agenda

    def meet_members(self) -> None:
        """Its staff is spread over the members it can reach."""
        rules, p = self.model.rules, self.model.parameters
        reached = sum(bond.other.member for bond in self.bonds)
        offered = rules.offered_contact(self.model.levers.backbone_staff, reached, p)
        for bond in self.bonds:
            trust, member = float(bond.tie.trust[0]), float(bond.other.member)
            appetite = rules.backbone_appetite(trust, bond.other.engagement, member, p)
            bond.tie.settle(rules.backbone_frequency(offered, appetite))
            if bond.tie.contact > offered:  # staff that is gone meets nobody
                bond.tie.contact = offered
                bond.tie.silence = math.exp(-offered)

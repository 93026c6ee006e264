"""The tie between two organizations: what it is worth, what becomes of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cisim.engine.organizations import Backbone, Bond, Organization
from cisim.engine.rows import TieRow
from cisim.engine.streams import (
    AFFINITY,
    CONTACTS,
    block,
    normal,
    uniform,
)

if TYPE_CHECKING:
    from cisim.engine.model import CoalitionModel

__all__ = ["Tie"]


class Tie(TieRow):
    """A possible tie between two organizations: contact, trust of each in the other, joint work."""

    def __init__(self, model: CoalitionModel, ends: tuple[Organization, Organization]) -> None:
        self.model, self.ends = model, ends
        self.with_backbone = isinstance(ends[1], Backbone)

    def renew(self) -> None:
        """Once a year programmes end and begin, and with them what the two have to do with each other."""
        model, (first, second) = self.model, self.ends
        if (first.address + second.address + model.month) % 12 == 0 and first.can_meet and second.can_meet:
            rules, p = model.rules, model.parameters
            words = block(model.at, AFFINITY, first.address, second.address)
            usual = rules.usual_affinity(first.popularity, second.popularity, p)
            z = normal(words[0], words[1])
            self.affinity = rules.renewed_affinity(self.affinity, usual, z, p)

    def common_worth(self) -> float:
        """Worth, to both, of being introduced by the backbone and of meeting where both attend."""
        rules, p = self.model.rules, self.model.parameters
        first, second = self.ends
        worth = rules.brokered(first.help_communication, second.help_communication, p)
        if self.model.convening > 0.0:
            attendance = first.member * first.engagement, second.member * second.engagement
            worth += rules.convened(self.model.convening, *attendance, self.shared_work, p)
        return float(worth)

    def meet(self) -> None:
        """Two partners meet at the geometric mean of what both would give."""
        given = [end.share * float(self.value[side]) for side, end in enumerate(self.ends)]
        self.settle(self.model.rules.meeting_frequency(*given))

    def settle(self, wanted: float) -> None:
        """Contact moves to what is wanted."""
        if wanted > 0.0 or self.contact > 0.0:
            self.contact = self.model.rules.next_contact(self.contact, wanted, self.model.parameters)
            self.silence = math.exp(-self.contact)

    def keep_promises(self) -> None:
        """The month's contacts change trust on both sides, and joint work with it."""
        rules, p = self.model.rules, self.model.parameters
        first, second = self.ends
        contacts, words, joint = 0, (0, 0, 0, 0), 0.5
        if self.contact > 0.0 or self.collaboration > 0.0:
            words = block(self.model.at, CONTACTS, first.address, second.address)
            joint = uniform(words[3])
            contacts = rules.contacts_in_month(self.contact, self.silence, uniform(words[0]))
        trust = (
            first.judge(Bond(self, second, 0), contacts, uniform(words[1])),
            second.judge(Bond(self, first, 1), contacts, uniform(words[2])),
        )
        self.trust[:] = trust
        self.collaboration = rules.next_collaboration(
            self.collaboration, 1.0 - self.silence, math.sqrt(trust[0] * trust[1]), self.shared_work, joint, p
        )

    def compare(self, field: str) -> np.ndarray:
        """The two organizations' values of a workstream field, (2, K)."""
        return np.stack([getattr(end, field) for end in self.ends])

    def compare_framings(self) -> None:
        """Agreement of the two framings."""
        distance = 0.0
        for own, other in self.compare("framing").T.tolist():
            distance += abs(own - other)
        self.agreement = 1.0 - 0.5 * distance

    def compare_work(self) -> None:
        """Overlap of the two portfolios."""
        overlap = 0.0
        for own, other in self.compare("portfolio").T.tolist():
            overlap += min(own, other)
        self.shared_work = overlap

    def succeed(self) -> None:
        """New representatives start with what was not personal in trust and contact."""
        rules, p = self.model.rules, self.model.parameters
        first, second = self.ends
        for _ in range(first.new_representative + second.new_representative):
            prior = rules.prior_trust(second.reputation, first.propensity)
            self.trust[0] = rules.kept_by_successor(float(self.trust[0]), prior, p.representative_loss)
            prior = rules.prior_trust(first.reputation, second.propensity)
            self.trust[1] = rules.kept_by_successor(float(self.trust[1]), prior, p.representative_loss)
            self.contact *= 1.0 - p.representative_loss
            self.silence = math.exp(-self.contact)

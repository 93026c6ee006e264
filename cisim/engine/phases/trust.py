"""Promises kept and broken."""

from __future__ import annotations

import math
from typing import Any

from cisim.engine.streams import CONTACTS, PROPENSITY, At, block, normal, uniform
from cisim.theory.state import State

rules: Any = None  # bound by `compilation`


def trust(s: State, p: Any, at: At) -> None:
    """Contacts are kept or broken; unused trust fades; joint work follows; propensities drift."""
    reputations(s, p)
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        i = s.organizations[tie.i]
        j = s.organizations[tie.j]
        trust_i = tie.trust[0]
        trust_j = tie.trust[1]
        joint = 0.5  # without contact and joint work there is nothing to draw
        if tie.contact > 0.0 or tie.collaboration > 0.0:
            words = block(at, CONTACTS, i.address, j.address)
            joint = uniform(words[3])
            contacts = rules.contacts_in_month(tie.contact, tie.silence, uniform(words[0]))
            if contacts > 0:
                chance = rules.kept_probability(tie.agreement, j.engagement, i.help_communication, p)
                kept = rules.kept_contacts(contacts, chance, uniform(words[1]))
                trust_i = rules.trust(trust_i, kept, contacts - kept, p)
                chance = rules.kept_probability(tie.agreement, i.engagement, j.help_communication, p)
                kept = rules.kept_contacts(contacts, chance, uniform(words[2]))
                trust_j = rules.trust(trust_j, kept, contacts - kept, p)
        trust_i = rules.relax(trust_i, rules.prior_trust(j.reputation, i.propensity), tie.silence, p)
        trust_j = rules.relax(trust_j, rules.prior_trust(i.reputation, j.propensity), tie.silence, p)
        tie.trust[0] = trust_i
        tie.trust[1] = trust_j
        tie.collaboration = rules.next_collaboration(
            tie.collaboration, 1.0 - tie.silence, math.sqrt(trust_i * trust_j), tie.shared_work, joint, p
        )
    for i in range(s.organizations.shape[0]):
        row = s.organizations[i]
        words = block(at, PROPENSITY, row.address, 0)
        row.propensity = rules.drift(row.propensity, row.propensity_level, normal(words[0], words[1]), p)


def reputations(s: State, p: Any) -> None:
    """Mean trust in each organization of all who can meet others; the usual propensity if nobody can."""
    backbone = s.organizations.shape[0] - 1
    for i in range(s.organizations.shape[0]):
        s.organizations[i].reputation = 0.0
        s.organizations[i].holders = 0.0
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        i = s.organizations[tie.i]
        j = s.organizations[tie.j]
        if i.relational_capacity > 0.0 and (j.relational_capacity > 0.0 or tie.j == backbone):
            i.reputation += tie.trust[1]
            i.holders += 1.0
            j.reputation += tie.trust[0]
            j.holders += 1.0
    for i in range(s.organizations.shape[0]):
        row = s.organizations[i]
        row.reputation = row.reputation / row.holders if row.holders > 0.0 else p.trust_mean

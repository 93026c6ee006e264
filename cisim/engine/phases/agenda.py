"""Framings move together; an agenda emerges."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cisim.engine.streams import EVIDENCE_OWN, EVIDENCE_SHARED, At, block, normal
from cisim.theory.state import State

rules: Any = None  # bound by `compilation`


def agenda(s: State, p: Any, at: At) -> None:
    """Framings move together; the emerging agenda is the members' mean, by capacity."""
    backbone = s.organizations.shape[0] - 1
    width = s.initiative[0].agenda.shape[0]
    gather_pull(s, p)
    root = rules.root(p)
    coverage = s.initiative[0].coverage
    prototyping = s.levers[0].prototyping
    process = rules.carried_out(s.levers[0].agenda, s.initiative[0].execution)
    shared = np.empty(width)
    for k in range(width):
        words = block(at, EVIDENCE_SHARED, k, 0)
        shared[k] = normal(words[0], words[1])
    for i in range(backbone):
        row = s.organizations[i]
        for k in range(width):
            row.framing[k] = rules.influenced(
                row.framing[k], row.framing_origin[k], row.pull[k], row.pull_weight, root, p
            )
        if row.member == 1:
            part = rules.facilitation(process, row.help_agenda, p)
            for k in range(width):
                row.framing[k] += part * (s.initiative[0].agenda[k] - row.framing[k])
            part = rules.evidence_pull(coverage, row.adoption, prototyping, row.engagement, p)
            if part > 0.0:
                follow_evidence(s, p, at, row, part, shared)
    emerge(s)
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        i = s.organizations[tie.i]
        j = s.organizations[tie.j]
        distance = 0.0
        for k in range(width):
            distance += abs(i.framing[k] - j.framing[k])
        tie.agreement = 1.0 - 0.5 * distance


def gather_pull(s: State, p: Any) -> None:
    """Weighted sums of contacts' framings, for every partner, from today's framings."""
    backbone = s.organizations.shape[0] - 1
    width = s.initiative[0].agenda.shape[0]
    for i in range(s.organizations.shape[0]):
        row = s.organizations[i]
        row.pull_weight = 0.0
        for k in range(width):
            row.pull[k] = 0.0
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        if tie.j != backbone and tie.contact > 0.0:
            i = s.organizations[tie.i]
            j = s.organizations[tie.j]
            closeness = 1.0 - tie.silence
            weight = rules.influence_weight(tie.trust[0], closeness, 1.0 - tie.agreement, p)
            i.pull_weight += weight
            for k in range(width):
                i.pull[k] += weight * j.framing[k]
            weight = rules.influence_weight(tie.trust[1], closeness, 1.0 - tie.agreement, p)
            j.pull_weight += weight
            for k in range(width):
                j.pull[k] += weight * i.framing[k]


def follow_evidence(s: State, p: Any, at: At, row: Any, part: float, shared: Any) -> None:
    """Move a member's framing to the need as shared data, or its own prototypes, show it."""
    prototyping = s.levers[0].prototyping
    noise = rules.evidence_noise(s.initiative[0].coverage, prototyping, p)
    width = shared.shape[0]
    seen = np.empty(width)
    total = 0.0
    for k in range(width):
        z = shared[k]
        if prototyping > 0.0:
            words = block(at, EVIDENCE_OWN, row.address, k)
            own = normal(words[0], words[1])
            z = (z + prototyping * own) / math.sqrt(1.0 + prototyping * prototyping)
        seen[k] = rules.sighting(s.issue[0].need[k], s.issue[0].blind_spot[k], noise, z, p)
        total += seen[k]
    for k in range(width):
        row.framing[k] += part * (seen[k] / total - row.framing[k])


def emerge(s: State) -> None:
    """The agenda is the members' mean framing by capacity; the backbone carries it."""
    backbone = s.organizations.shape[0] - 1
    width = s.initiative[0].agenda.shape[0]
    weight = 0.0
    total = np.zeros(width)
    for i in range(backbone):
        row = s.organizations[i]
        if row.member == 1:
            weight += row.capacity
            for k in range(width):
                total[k] += row.capacity * row.framing[k]
    for k in range(width):
        if weight > 0.0:
            s.initiative[0].agenda[k] = total[k] / weight
        s.organizations[backbone].framing[k] = s.initiative[0].agenda[k]
        s.organizations[backbone].portfolio[k] = s.initiative[0].agenda[k]


def agreement_with_agenda(s: State, row: Any) -> float:
    """Agreement of an organization's framing with the emerging agenda."""
    distance = 0.0
    for k in range(s.initiative[0].agenda.shape[0]):
        distance += abs(row.framing[k] - s.initiative[0].agenda[k])
    return 1.0 - 0.5 * distance

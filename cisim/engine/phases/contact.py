"""Worth of every contact, the competition for capacity, the new frequencies."""

from __future__ import annotations

import math
from typing import Any

from cisim.engine.streams import AFFINITY, At, block, normal
from cisim.theory.state import State

rules: Any = None  # bound by `compilation`


def contact(s: State, p: Any, at: At) -> None:
    """Worth of every contact, the competition for capacity, the new frequencies."""
    prepare_contact(s, p)
    meet_backbone(s, p)
    backbone = s.organizations.shape[0] - 1
    strength = rules.carried_out(rules.convening(s.levers[0].meetings, p), s.initiative[0].execution)
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        i = s.organizations[tie.i]
        j = s.organizations[tie.j]
        tie.value[0] = 0.0
        tie.value[1] = 0.0
        if tie.j != backbone and i.relational_capacity > 0.0 and j.relational_capacity > 0.0:
            common = rules.brokered(i.help_communication, j.help_communication, p)
            if strength > 0.0:
                common += rules.convened(
                    strength, i.member * i.engagement, j.member * j.engagement, tie.shared_work, p
                )
            if (i.address + j.address + at[2]) % 12 == 0:
                renew(tie, i, j, p, at)
            to_i = rules.bilateral(
                tie.trust[0], tie.agreement, tie.shared_work, tie.collaboration,
                i.engagement, j.engagement, tie.same_sector, tie.affinity, p,
            )  # fmt: skip
            to_j = rules.bilateral(
                tie.trust[1], tie.agreement, tie.shared_work, tie.collaboration,
                j.engagement, i.engagement, tie.same_sector, tie.affinity, p,
            )  # fmt: skip
            tie.value[0] = rules.attention(to_i + common, p)
            tie.value[1] = rules.attention(to_j + common, p)
            i.attention += tie.value[0]
            j.attention += tie.value[1]
    for i in range(backbone):
        row = s.organizations[i]
        row.share = rules.share(row.room, row.attention)
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        if tie.j != backbone:
            i = s.organizations[tie.i]
            j = s.organizations[tie.j]
            settle(tie, rules.meeting_frequency(i.share * tie.value[0], j.share * tie.value[1]), p)


def renew(tie: Any, i: Any, j: Any, p: Any, at: At) -> None:
    """Once a year programmes end and begin, and with them what two partners have to do with each other."""
    words = block(at, AFFINITY, i.address, j.address)
    usual = rules.usual_affinity(i.popularity, j.popularity, p)
    tie.affinity = rules.renewed_affinity(tie.affinity, usual, normal(words[0], words[1]), p)


def prepare_contact(s: State, p: Any) -> None:
    """Help of the backbone through today's ties, room for partners, attention at the outside option."""
    levers = s.levers[0]
    backbone = s.organizations.shape[0] - 1
    outside = rules.attention(p.outside_option, p)
    for i in range(s.organizations.shape[0]):
        row = s.organizations[i]
        row.attention = outside
        row.room = row.relational_capacity
        row.help_agenda = 0.0
        row.help_activities = 0.0
        row.help_measurement = 0.0
        row.help_communication = 0.0
    for at in range(s.starts[backbone], s.starts[backbone + 1]):
        tie = s.ties[s.incident[at]]
        row = s.organizations[tie.i]
        row.room = rules.room_for_partners(row.relational_capacity, tie.contact)
        if row.member == 1 and levers.backbone_staff > 0.0:
            trust = tie.trust[0]
            execution = s.initiative[0].execution
            help_now = rules.backbone_help(trust, tie.contact, levers.focus_agenda, p)
            row.help_agenda = rules.carried_out(help_now, execution)
            help_now = rules.backbone_help(trust, tie.contact, levers.focus_activities, p)
            row.help_activities = rules.carried_out(help_now, execution)
            help_now = rules.backbone_help(trust, tie.contact, levers.focus_measurement, p)
            row.help_measurement = rules.carried_out(help_now, execution)
            help_now = rules.backbone_help(trust, tie.contact, levers.focus_communication, p)
            row.help_communication = rules.carried_out(help_now, execution)


def meet_backbone(s: State, p: Any) -> None:
    """The backbone's staff is spread over the members it can reach."""
    backbone = s.organizations.shape[0] - 1
    reached = 0
    for at in range(s.starts[backbone], s.starts[backbone + 1]):
        reached += s.organizations[s.ties[s.incident[at]].i].member
    offered = rules.offered_contact(s.levers[0].backbone_staff, reached, p)
    for at in range(s.starts[backbone], s.starts[backbone + 1]):
        tie = s.ties[s.incident[at]]
        row = s.organizations[tie.i]
        appetite = rules.backbone_appetite(tie.trust[0], row.engagement, float(row.member), p)
        settle(tie, rules.backbone_frequency(offered, appetite), p)
        if tie.contact > offered:  # staff that is gone meets nobody
            tie.contact = offered
            tie.silence = math.exp(-offered)


def settle(tie: Any, wanted: float, p: Any) -> None:
    """Contact moves to what is wanted."""
    if wanted > 0.0 or tie.contact > 0.0:
        tie.contact = rules.next_contact(tie.contact, wanted, p)
        tie.silence = math.exp(-tie.contact)

"""The first state of a replicate: what the scenario gives stays, what it leaves open is drawn.

Both engines run this text: interpreted over agents and rows, compiled over arrays.
"""

from __future__ import annotations

import math
from typing import Any

from cisim.engine.streams import (
    ORIGIN_CHARACTER,
    ORIGIN_COALITION,
    ORIGIN_CONTACT,
    ORIGIN_DRIFT,
    ORIGIN_MISSION,
    ORIGIN_NEED,
    ORIGIN_PARTNER,
    ORIGIN_TRUST,
    At,
    block,
    normal,
    uniform,
)
from cisim.theory.rules.plan import PLAN_ROUNDS, PLAN_TOLERANCE
from cisim.theory.state import State

rules: Any = None  # bound by `compilation`, and by the Mesa model


def originate(s: State, p: Any, at: At) -> None:
    """Fill every number that the scenario left open (NaN), and all that follows from them."""
    draw_need(s, p, at)
    draw_coalition(s, p, at)
    for i in range(s.organizations.shape[0]):
        row = s.organizations[i]
        draw_character(row, p, at)
        if row.is_backbone == 0:
            draw_views(row, s.issue[0], p, at)
        sharpen(row, s.issue[0].need.shape[0], p)
        for k in range(s.issue[0].need.shape[0]):
            row.framing_origin[k] = row.framing[k]
            row.role[k] = row.mission[k]
    for t in range(s.ties.shape[0]):
        draw_tie(s, s.ties[t], p, at)
    start_initiative(s, p)
    start_issue(s, p)


def draw_need(s: State, p: Any, at: At) -> None:
    """The true need, unless given."""
    need = s.issue[0].need
    if math.isnan(need[0]):
        total = 0.0
        for k in range(need.shape[0]):
            words = block(at, ORIGIN_NEED, k, 0)
            need[k] = rules.mission_weight(p.need_spread, normal(words[0], words[1]))
            total += need[k]
        for k in range(need.shape[0]):
            need[k] = need[k] / total


def draw_coalition(s: State, p: Any, at: At) -> None:
    """How well the coalition will carry out what it puts in place, and what its community misjudges alike."""
    words = block(at, ORIGIN_COALITION, 0, 0)
    s.initiative[0].execution = rules.execution_at_start(normal(words[0], words[1]), p)
    for k in range(s.issue[0].need.shape[0]):
        words = block(at, ORIGIN_COALITION, k, 1)
        s.issue[0].blind_spot[k] = rules.blind_spot_at_start(normal(words[0], words[1]), p)


def draw_character(row: Any, p: Any, at: At) -> None:
    """Capacity, practice, engagement, propensity and popularity of one organization."""
    words = block(at, ORIGIN_PARTNER, row.address, 0)
    if math.isnan(row.capacity):
        row.capacity = rules.lognormal(p.capacity_median, p.capacity_spread, normal(words[0], words[1]))
    if math.isnan(row.relational_capacity):
        z = normal(words[2], words[3])
        spread = p.relational_capacity_spread
        row.relational_capacity = min(300.0, rules.lognormal(p.relational_capacity_median, spread, z))
    words = block(at, ORIGIN_CHARACTER, row.address, 0)
    if math.isnan(row.practice):
        z = normal(words[0], words[1])
        row.practice = rules.clipped_normal(p.practice_start, p.practice_start_spread, z)
    row.practice_alone = row.practice
    if math.isnan(row.engagement):
        row.engagement = rules.engagement_alone(p)
    row.engagement_alone = row.engagement
    z = normal(words[2], words[3])
    words = block(at, ORIGIN_DRIFT, row.address, 0)
    persistence = p.propensity_persistence
    wander = p.propensity_shock / math.sqrt(max(1e-6, 1.0 - persistence * persistence))
    settled = math.sqrt(max(0.0, p.trust_spread * p.trust_spread - wander * wander))
    if math.isnan(row.propensity):
        row.propensity_level = rules.clipped_normal(p.trust_mean, settled, z)
        row.propensity = rules.clipped_normal(row.propensity_level, wander, normal(words[2], words[3]))
    else:
        # regression to the mean: the level behind an answer is nearer to the mean than the answer
        part = settled * settled / max(1e-9, settled * settled + wander * wander)
        row.propensity_level = p.trust_mean + part * (row.propensity - p.trust_mean)
    row.popularity = rules.lognormal(1.0, p.contact_popularity, normal(words[0], words[1]))


def draw_views(row: Any, issue: Any, p: Any, at: At) -> None:
    """Mission, framing and portfolio of one partner, unless given."""
    width = issue.need.shape[0]
    given_mission = not math.isnan(row.mission[0])
    given_framing = not math.isnan(row.framing[0])
    total = 0.0
    if not given_mission:
        for k in range(width):
            words = block(at, ORIGIN_MISSION, row.address, k)
            row.mission[k] = rules.mission_weight(p.mission_spread, normal(words[0], words[1]))
            total += row.mission[k]
        for k in range(width):
            row.mission[k] = row.mission[k] / total
    if not given_framing:
        total = 0.0
        for k in range(width):
            words = block(at, ORIGIN_MISSION, row.address, k)
            z = normal(words[2], words[3])
            row.framing[k] = rules.framing_weight(row.mission[k], issue.need[k], issue.blind_spot[k], z, p)
            total += row.framing[k]
        for k in range(width):
            row.framing[k] = row.framing[k] / total
    if math.isnan(row.portfolio[0]):
        for k in range(width):
            row.portfolio[k] = row.mission[k]


def sharpen(row: Any, width: int, p: Any) -> None:
    """What one organization excels at."""
    total = 0.0
    for k in range(width):
        row.strength[k] = rules.strength_weight(row.mission[k], p)
        total += row.strength[k]
    for k in range(width):
        row.strength[k] = row.strength[k] / total


def draw_tie(s: State, tie: Any, p: Any, at: At) -> None:
    """Contact, trust and joint work of one possible tie, unless given."""
    i = s.organizations[tie.i]
    j = s.organizations[tie.j]
    origin = block(at, ORIGIN_CONTACT, i.address, j.address)
    chance = rules.contact_chance(i.popularity, j.popularity, p)
    rank = uniform(origin[0])
    if math.isnan(tie.contact):
        tie.contact = rules.contact_at_start(rank, chance)
    else:
        rank = rules.rank_of_contact(tie.contact, chance, rank)
    tie.affinity = rules.affinity_at_start(rules.usual_affinity(i.popularity, j.popularity, p), rank, p)
    tie.silence = math.exp(-tie.contact)
    words = block(at, ORIGIN_TRUST, i.address, j.address)
    if math.isnan(tie.trust[0]):
        tie.trust[0] = first_trust(i.propensity, j, normal(words[0], words[1]), p)
    if math.isnan(tie.trust[1]):
        tie.trust[1] = first_trust(j.propensity, i, normal(words[2], words[3]), p)
    if math.isnan(tie.collaboration):
        mutual = math.sqrt(tie.trust[0] * tie.trust[1])
        tie.collaboration = rules.collaboration_at_start(tie.silence, mutual, uniform(origin[2]), p)
    distance = 0.0
    overlap = 0.0
    for k in range(s.issue[0].need.shape[0]):
        distance += abs(i.framing[k] - j.framing[k])
        overlap += min(i.portfolio[k], j.portfolio[k])
    tie.agreement = 1.0 - 0.5 * distance
    tie.shared_work = overlap


def first_trust(propensity: float, other: Any, z: float, p: Any) -> float:
    """Trust without history: in a partner by propensity and popularity, in the backbone by its name."""
    if other.is_backbone == 1:
        return rules.clipped_normal(p.trust_in_backbone, p.trust_of_pairs * p.trust_spread, z)
    return rules.trust_at_start(propensity, other.popularity, z, p)


def start_initiative(s: State, p: Any) -> None:
    """Reputation, the first agenda, and what partners know of their contacts."""
    backbone = s.organizations.shape[0] - 1
    initiative = s.initiative[0]
    for i in range(backbone + 1):
        row = s.organizations[i]
        held = 0.0
        holders = 0
        met = 0.0
        trusted = 0.0
        for a in range(s.starts[i], s.starts[i + 1]):
            tie = s.ties[s.incident[a]]
            side = 0 if tie.i == i else 1
            other = s.organizations[tie.j if side == 0 else tie.i]
            if other.is_backbone == 1 or other.relational_capacity > 0.0:
                held += tie.trust[1 - side]
                holders += 1
            row.contact_total += tie.contact
            if tie.j != backbone:
                met += 1.0 - tie.silence
                trusted += (1.0 - tie.silence) * tie.trust[side]
        row.reputation = held / holders if holders > 0 else p.trust_mean
        row.contact_trust = trusted / met if met > 0.0 else row.propensity
    initiative.members = 0
    weight = 0.0
    for i in range(backbone):
        initiative.members += s.organizations[i].member
        weight += s.organizations[i].capacity * s.organizations[i].member
    for k in range(initiative.agenda.shape[0]):
        total = 0.0
        for i in range(backbone):
            row = s.organizations[i]
            total += row.capacity * row.framing[k] * row.member
        if weight > 0.0:
            initiative.agenda[k] = total / weight
        s.organizations[backbone].framing[k] = initiative.agenda[k]
        s.organizations[backbone].portfolio[k] = initiative.agenda[k]
    start_plan(s)


def start_plan(s: State) -> None:
    """Roles for the first agenda, and how far members' activities are already in line with them."""
    initiative = s.initiative[0]
    rules.assign_roles(s.organizations, initiative.agenda, initiative.factors, PLAN_ROUNDS, PLAN_TOLERANCE)
    for i in range(s.organizations.shape[0] - 1):
        row = s.organizations[i]
        distance = 0.0
        for k in range(initiative.agenda.shape[0]):
            distance += abs(row.portfolio[k] - row.role[k])
        row.alignment = (1.0 - 0.5 * distance) * row.member


def start_issue(s: State, p: Any) -> None:
    """The status quo: severity 1 is what the partners, each on its own, have held so far."""
    issue = s.issue[0]
    width = issue.need.shape[0]
    capacity = 0.0
    for i in range(s.organizations.shape[0] - 1):
        capacity += s.organizations[i].capacity
    issue.required = p.need_intensity * capacity if capacity > 0.0 else 1.0
    total = rules.work_start()
    for k in range(width):
        work = 0.0
        for i in range(s.organizations.shape[0] - 1):
            row = s.organizations[i]
            work += row.mission[k] * rules.organization_output(
                row.capacity, row.engagement_alone, row.practice_alone, 0.0, 0.0
            )
        total = rules.work_join(total, rules.work_term(issue.need[k], work, issue.required, p))
    status_quo = rules.work_whole(total, p)
    issue.effective = status_quo
    issue.effective_alone = status_quo
    issue.system = status_quo
    issue.system_alone = status_quo
    issue.system_start = status_quo
    issue.severity = 1.0
    issue.severity_alone = 1.0
    issue.severity_observed = 1.0

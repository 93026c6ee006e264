"""The month, compiled: the same rules in the same order as the Mesa model, over many replicates.

The functions here are plain Python; `compilation` compiles them with a rule set bound to the name `rules`
and the chosen measures to `measure_all`. Nothing here decides anything: it gathers numbers, calls a rule,
and writes the answer. Sums run in the order of rows and ties, as they do in the agents.

s: State; p: parameters; at: (seed, replicate, month).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cisim.engine.origin import originate
from cisim.engine.streams import (
    CONTACTS,
    DISSOLUTION,
    EVIDENCE_OWN,
    EVIDENCE_SHARED,
    EXIT,
    ISSUE,
    JOIN,
    PROPENSITY,
    REPRESENTATIVE,
    At,
    block,
    normal,
    uniform,
)
from cisim.theory.rules.plan import PLAN_ROUNDS, PLAN_TOLERANCE
from cisim.theory.state import State

rules: Any = None  # bound by `compilation`
measure_all: Any = None  # bound by `compilation`


def run_replicates(
    seed: int,
    replicates: Any,
    organizations: Any,
    ties: Any,
    incident: Any,
    starts: Any,
    levers: Any,
    effects: Any,
    initiative: Any,
    issue: Any,
    parameters: Any,
    columns: Any,
    out: Any,
    kept: Any,
    organization_history: Any,
    tie_history: Any,
) -> None:
    """Run each replicate from its origin to the last month.

    replicates (R): their numbers. parameters (1 or R rows). columns (measures): position in `out`
    (R, months + 1, columns), or -1. kept (R): position in the histories (kept, months + 1, rows), or -1.
    """
    for r in range(replicates.shape[0]):
        p = parameters[r if parameters.shape[0] > 1 else 0]
        s = State(
            organizations.copy(), ties.copy(), initiative.copy(), issue.copy(), levers[0:1].copy(),
            incident, starts,
        )  # fmt: skip
        originate(s, p, (seed, replicates[r], 0))
        next_effect = 0
        for month in range(levers.shape[0]):
            if month > 0:
                at = (seed, replicates[r], month)
                next_effect = events(s, levers, effects, next_effect, at)
                contact(s, p)
                trust(s, p, at)
                agenda(s, p, at)
                plan(s)
                activities(s, p)
                measurement(s, p)
                delivery(s, p)
                issue_moves(s, p, at)
                engagement(s, p)
                membership(s, p, at)
            measure_all(s, p, columns, out[r, month])
            if kept[r] >= 0:
                organization_history[kept[r], month] = s.organizations
                tie_history[kept[r], month] = s.ties


def events(s: State, levers: Any, effects: Any, next_effect: int, at: At) -> int:
    """Levers of the month (none once the coalition has dissolved), then the month's effects."""
    month = at[2]
    set_levers(s, levers, month)
    for i in range(s.organizations.shape[0]):
        row = s.organizations[i]
        row.left_this_month = 0
        row.joined_this_month = 0
        row.new_representative = 0
    while next_effect < effects.shape[0] and effects[next_effect].month <= month:
        effect = effects[next_effect]
        rules.apply_effect(s, effect.code, effect.a, effect.b, effect.x)
        next_effect += 1
    return next_effect


def set_levers(s: State, levers: Any, month: int) -> None:
    """Copy the month's row of the schedule; the last row, all zero, once the coalition is gone."""
    s.levers[0] = levers[month]
    if s.initiative[0].alive == 0:
        idle = s.levers[0]
        idle.agenda = 0.0
        idle.measurement = 0.0
        idle.coordination = 0.0
        idle.meetings = 0.0
        idle.backbone_staff = 0.0
        idle.prototyping = 0.0
        idle.pooled_funding = 0.0
        idle.invitations = 0.0
        idle.funded = 0.0


def contact(s: State, p: Any) -> None:
    """Worth of every contact, the competition for capacity, the new frequencies."""
    prepare_contact(s, p)
    meet_backbone(s, p)
    backbone = s.organizations.shape[0] - 1
    strength = rules.convening(s.levers[0].meetings, p)
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        i = s.organizations[tie.i]
        j = s.organizations[tie.j]
        tie.value[0] = 0.0
        tie.value[1] = 0.0
        if tie.j != backbone and i.present == 1 and j.present == 1:
            common = rules.brokered(i.help_communication, j.help_communication, p)
            if strength > 0.0:
                common += rules.convened(
                    strength, i.member * i.engagement, j.member * j.engagement, tie.shared_work, p
                )
            to_i = rules.bilateral(
                tie.trust[0], tie.agreement, tie.shared_work, tie.collaboration,
                i.engagement, j.engagement, tie.same_sector, p,
            )  # fmt: skip
            to_j = rules.bilateral(
                tie.trust[1], tie.agreement, tie.shared_work, tie.collaboration,
                j.engagement, i.engagement, tie.same_sector, p,
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
            row.help_agenda = rules.backbone_help(trust, tie.contact, levers.focus_agenda, p)
            row.help_activities = rules.backbone_help(trust, tie.contact, levers.focus_activities, p)
            row.help_measurement = rules.backbone_help(trust, tie.contact, levers.focus_measurement, p)
            row.help_communication = rules.backbone_help(trust, tie.contact, levers.focus_communication, p)


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


def settle(tie: Any, wanted: float, p: Any) -> None:
    """Contact moves to what is wanted."""
    if wanted > 0.0 or tie.contact > 0.0:
        tie.contact = rules.next_contact(tie.contact, wanted, p)
        tie.silence = math.exp(-tie.contact)


def trust(s: State, p: Any, at: At) -> None:
    """Contacts are kept or broken; unused trust fades; joint work follows; propensities drift."""
    reputations(s, p)
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        i = s.organizations[tie.i]
        j = s.organizations[tie.j]
        trust_i = tie.trust[0]
        trust_j = tie.trust[1]
        if tie.contact > 0.0:
            words = block(at, CONTACTS, i.address, j.address)
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
            tie.collaboration, 1.0 - tie.silence, math.sqrt(trust_i * trust_j), tie.shared_work, p
        )
    for i in range(s.organizations.shape[0]):
        row = s.organizations[i]
        words = block(at, PROPENSITY, row.address, 0)
        row.propensity = rules.drift(row.propensity, row.propensity_level, normal(words[0], words[1]), p)


def reputations(s: State, p: Any) -> None:
    """Mean trust that existing others hold in each organization; the usual propensity if nobody can."""
    for i in range(s.organizations.shape[0]):
        s.organizations[i].reputation = 0.0
        s.organizations[i].holders = 0.0
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        i = s.organizations[tie.i]
        j = s.organizations[tie.j]
        if i.present == 1 and j.present == 1:
            i.reputation += tie.trust[1]
            i.holders += 1.0
            j.reputation += tie.trust[0]
            j.holders += 1.0
    for i in range(s.organizations.shape[0]):
        row = s.organizations[i]
        row.reputation = row.reputation / row.holders if row.holders > 0.0 else p.trust_mean


def agenda(s: State, p: Any, at: At) -> None:
    """Framings move together; the emerging agenda is the members' mean, by capacity."""
    backbone = s.organizations.shape[0] - 1
    width = s.initiative[0].agenda.shape[0]
    gather_pull(s, p)
    root = rules.root(p)
    coverage = s.initiative[0].coverage
    prototyping = s.levers[0].prototyping
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
            part = rules.facilitation(s.levers[0].agenda, row.help_agenda, p)
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
        seen[k] = rules.sighting(s.issue[0].need[k], noise, z)
        total += seen[k]
    for k in range(width):
        row.framing[k] += part * (seen[k] / total - row.framing[k])


def emerge(s: State) -> None:
    """The agenda is the members' mean framing by capacity; the backbone carries it."""
    backbone = s.organizations.shape[0] - 1
    width = s.initiative[0].agenda.shape[0]
    weight = 0.0
    for i in range(backbone):
        if s.organizations[i].member == 1:
            weight += s.organizations[i].capacity
    for k in range(width):
        if weight > 0.0:
            total = 0.0
            for i in range(backbone):
                if s.organizations[i].member == 1:
                    total += s.organizations[i].capacity * s.organizations[i].framing[k]
            s.initiative[0].agenda[k] = total / weight
        s.organizations[backbone].framing[k] = s.initiative[0].agenda[k]
        s.organizations[backbone].portfolio[k] = s.initiative[0].agenda[k]


def plan(s: State) -> None:
    """Roles that together cover the agenda."""
    rules.assign_roles(
        s.organizations, s.initiative[0].agenda, s.initiative[0].factors, PLAN_ROUNDS, PLAN_TOLERANCE
    )


def activities(s: State, p: Any) -> None:
    """Members move towards their roles as far as they are reached, supported and willing."""
    backbone = s.organizations.shape[0] - 1
    width = s.initiative[0].agenda.shape[0]
    gather_contacts(s)
    members = count_members(s)
    for i in range(backbone):
        row = s.organizations[i]
        row.coordination = 0.0
        if row.member == 1:
            reach = min(1.0, row.reach / (members - 1.0)) if members > 1 else 0.0
            row.coordination = rules.coordination(
                s.levers[0].coordination, reach, row.help_activities, row.engagement, row.contact_trust,
                agreement_with_agenda(s, row), p,
            )  # fmt: skip
        row.alignment = 0.0
        distance = 0.0
        for k in range(width):
            row.portfolio[k] = rules.realigned(
                row.portfolio[k], row.role[k], row.mission[k], row.coordination, p
            )
            distance += abs(row.portfolio[k] - row.role[k])
        if row.member == 1:
            row.alignment = 1.0 - 0.5 * distance
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        i = s.organizations[tie.i]
        j = s.organizations[tie.j]
        overlap = 0.0
        for k in range(width):
            overlap += min(i.portfolio[k], j.portfolio[k])
        tie.shared_work = overlap


def gather_contacts(s: State) -> None:
    """Total contact, trust in those met (by closeness), and members met, for every partner."""
    backbone = s.organizations.shape[0] - 1
    for i in range(s.organizations.shape[0]):
        row = s.organizations[i]
        row.contact_total = 0.0
        row.contact_trust = 0.0
        row.met = 0.0
        row.reach = 0.0
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        if tie.contact > 0.0:
            i = s.organizations[tie.i]
            j = s.organizations[tie.j]
            i.contact_total += tie.contact
            j.contact_total += tie.contact
            if tie.j != backbone:
                closeness = 1.0 - tie.silence
                i.contact_trust += closeness * tie.trust[0]
                j.contact_trust += closeness * tie.trust[1]
                i.met += closeness
                j.met += closeness
                i.reach += closeness * j.member
                j.reach += closeness * i.member
    for i in range(backbone):
        row = s.organizations[i]
        row.contact_trust = row.contact_trust / row.met if row.met > 0.0 else row.propensity


def agreement_with_agenda(s: State, row: Any) -> float:
    """Agreement of an organization's framing with the emerging agenda."""
    distance = 0.0
    for k in range(s.initiative[0].agenda.shape[0]):
        distance += abs(row.framing[k] - s.initiative[0].agenda[k])
    return 1.0 - 0.5 * distance


def count_members(s: State) -> int:
    """Members, backbone not counted."""
    members = 0
    for i in range(s.organizations.shape[0] - 1):
        members += s.organizations[i].member
    return members


def measurement(s: State, p: Any) -> None:
    """Indicators spread; coverage makes progress visible; practice is learnt."""
    backbone = s.organizations.shape[0] - 1
    level = s.levers[0].measurement
    weight = 0.0
    covered = 0.0
    best = 0.0
    for i in range(backbone):
        row = s.organizations[i]
        asked = level * row.member
        row.adoption = rules.next_adoption(row.adoption, asked, row.help_measurement, row.engagement, p)
        row.lesson = 0.0
        row.lesson_weight = 0.0
        if row.member == 1:
            weight += row.capacity
            covered += row.capacity * row.adoption
            best = max(best, row.practice)
    initiative = s.initiative[0]
    initiative.coverage = covered / weight if weight > 0.0 else 0.0
    initiative.visibility = rules.visibility(initiative.coverage, p)
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        if tie.j != backbone and tie.contact > 0.0:
            i = s.organizations[tie.i]
            j = s.organizations[tie.j]
            passing = rules.passing(tie.collaboration, p)
            closeness = 1.0 - tie.silence
            taught = rules.lesson_weight(passing, tie.trust[0], closeness)
            i.lesson += taught * max(0.0, j.practice - i.practice)
            i.lesson_weight += taught
            taught = rules.lesson_weight(passing, tie.trust[1], closeness)
            j.lesson += taught * max(0.0, i.practice - j.practice)
            j.lesson_weight += taught
    for i in range(backbone):
        row = s.organizations[i]
        tried = s.levers[0].prototyping * row.member
        direct = row.lesson / (1.0 + row.lesson_weight)
        pooled = initiative.coverage * row.adoption * max(0.0, best - row.practice) * row.member
        learnt = rules.next_practice(row.practice, direct, pooled, tried, row.engagement, p)
        row.practice = rules.experienced(learnt, row.engagement, p)
        row.practice_alone = rules.experienced(row.practice_alone, row.engagement_alone, p)


def delivery(s: State, p: Any) -> None:
    """Partners deliver; overhead costs; the workstreams combine, with and without the coalition."""
    backbone = s.organizations.shape[0] - 1
    levers = s.levers[0]
    issue = s.issue[0]
    width = issue.need.shape[0]
    work = np.zeros(width)
    alone = np.zeros(width)
    pooled_per_fte = prepare_delivery(s, levers)
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        if tie.j != backbone:
            i = s.organizations[tie.i]
            j = s.organizations[tie.j]
            i.reinforcement += rules.complement(tie.collaboration, tie.trust[0], tie.shared_work, j.alignment)
            j.reinforcement += rules.complement(tie.collaboration, tie.trust[1], tie.shared_work, i.alignment)
    for i in range(backbone):
        row = s.organizations[i]
        row.reinforcement = rules.reinforcement(row.reinforcement, row.coordination, p)
        spend_time(s, p, row, levers)
        overhead = rules.overhead(row.load, levers.prototyping * row.member, p)
        staff = row.capacity * (1.0 + pooled_per_fte * row.member)
        row.output = rules.organization_output(
            staff, row.engagement, row.practice, row.reinforcement, overhead
        )
        output_alone = rules.organization_output(
            row.capacity, row.engagement_alone, row.practice_alone, 0.0, 0.0
        )
        for k in range(width):
            work[k] += row.output * row.portfolio[k]
            alone[k] += output_alone * row.mission[k]
    initiative = s.initiative[0]
    initiative.staff_cost += levers.backbone_staff
    initiative.pooled_cost += levers.pooled_funding if pooled_per_fte > 0.0 else 0.0
    issue.effective = combined(work, issue, p)
    issue.effective_alone = combined(alone, issue, p)


def prepare_delivery(s: State, levers: Any) -> float:
    """Clear the sums; return pooled funding per FTE of members' capacity."""
    weight = 0.0
    for i in range(s.organizations.shape[0] - 1):
        row = s.organizations[i]
        row.reinforcement = 0.0
        if row.member == 1:
            weight += row.capacity
    return levers.pooled_funding / weight if weight > 0.0 else 0.0


def spend_time(s: State, p: Any, row: Any, levers: Any) -> None:
    """Add up the time that meetings, contact and reporting take, and what load that is."""
    meetings = rules.meeting_time(levers.meetings, row.member * row.engagement, p)
    contacts = rules.contact_time(row.contact_total, p)
    reporting = rules.reporting_time(levers.measurement * row.member, row.adoption, p)
    initiative = s.initiative[0]
    initiative.meeting_cost += meetings
    initiative.contact_cost += contacts
    initiative.reporting_cost += reporting
    row.load = (meetings + contacts + reporting) / row.capacity if row.capacity > 0.0 else 0.0


def combined(work: Any, issue: Any, p: Any) -> float:
    """Effective work of all workstreams over what the whole need takes."""
    total = rules.work_start()
    for k in range(work.shape[0]):
        total = rules.work_join(total, rules.work_term(issue.need[k], work[k], issue.required, p))
    return rules.work_whole(total, p)


def issue_moves(s: State, p: Any, at: At) -> None:
    """System change and severity take a month's step, with and without the coalition."""
    issue = s.issue[0]
    words = block(at, ISSUE, 0, 0)
    issue.drift = rules.next_drift(issue.drift, normal(words[0], words[1]), p)
    issue.system = rules.lagged(issue.system, issue.effective, p.system_lag)
    issue.system_alone = rules.lagged(issue.system_alone, issue.effective_alone, p.system_lag)
    level = rules.severity_level(issue.system, issue.system_start, issue.drift, p)
    alone = rules.severity_level(issue.system_alone, issue.system_start, issue.drift, p)
    issue.severity = rules.lagged(issue.severity, level, p.population_lag)
    issue.severity_alone = rules.lagged(issue.severity_alone, alone, p.population_lag)
    issue.severity_observed = rules.observed(issue.severity, normal(words[2], words[3]), p)


def engagement(s: State, p: Any) -> None:
    """Members weigh progress, trust, agreement, wins and load; others return to their own level."""
    initiative = s.initiative[0]
    issue = s.issue[0]
    initiative.progress = rules.visible_progress(issue.severity_observed, initiative.visibility)
    initiative.wins = rules.early_wins(issue.system, issue.system_start, p)
    alone = rules.engagement_alone(p)
    for i in range(s.organizations.shape[0] - 1):
        row = s.organizations[i]
        row.engagement_alone = rules.next_engagement(row.engagement_alone, alone, p)
        if row.present == 1:
            goal = alone
            if row.member == 1:
                goal = rules.engagement_goal(
                    initiative.progress, row.contact_trust, agreement_with_agenda(s, row),
                    initiative.wins, row.load, p,
                )  # fmt: skip
                helped = row.help_agenda + row.help_activities + row.help_measurement
                benefit = rules.net_benefit(
                    row.contact_trust, 0.25 * (helped + row.help_communication), row.reinforcement,
                    initiative.progress, row.load, p,
                )  # fmt: skip
                row.balance = rules.next_balance(row.balance, benefit, p)
            row.engagement = rules.next_engagement(row.engagement, goal, p)


def membership(s: State, p: Any, at: At) -> None:
    """Members leave, outsiders join, representatives change, the coalition may end."""
    initiative = s.initiative[0]
    backbone = s.organizations.shape[0] - 1
    invited = 0
    for i in range(backbone):
        row = s.organizations[i]
        if row.member == 0 and row.may_join == 1 and row.present == 1:
            invited += 1
    changed = rules.representative_chance(p)
    successors = 0
    for i in range(backbone):
        row = s.organizations[i]
        if row.present == 1:
            change_membership(s, p, at, row, invited)
            words = block(at, REPRESENTATIVE, row.address, 0)
            if uniform(words[0]) < changed:
                row.new_representative = 1
                successors += 1
    if successors > 0:
        succeed(s, p)
    initiative.exits = 0
    initiative.joins = 0
    for i in range(backbone):
        initiative.exits += s.organizations[i].left_this_month
        initiative.joins += s.organizations[i].joined_this_month
    initiative.members = count_members(s)
    dissolve(s, p, at)


def change_membership(s: State, p: Any, at: At, row: Any, invited: int) -> None:
    """One organization leaves, joins, or stays what it is."""
    initiative = s.initiative[0]
    if row.member == 1:
        words = block(at, EXIT, row.address, 0)
        if uniform(words[0]) < rules.exit_chance(row.balance, row.tenure, p):
            row.member = 0
            row.left_this_month = 1
        else:
            row.tenure += 1
    elif row.may_join == 1 and s.levers[0].invitations > 0.0:
        interest = rules.join_interest(
            initiative.visibility, initiative.progress, initiative.wins, min(1.0, row.reach), p
        )
        words = block(at, JOIN, row.address, 0)
        if uniform(words[0]) < rules.join_chance(interest, invited, s.levers[0].invitations):
            row.member = 1
            row.tenure = 0
            row.balance = 0.0
            row.joined_this_month = 1


def succeed(s: State, p: Any) -> None:
    """New representatives start with what was not personal in trust and contact."""
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        i = s.organizations[tie.i]
        j = s.organizations[tie.j]
        for _ in range(i.new_representative + j.new_representative):
            prior = rules.prior_trust(j.reputation, i.propensity)
            tie.trust[0] = rules.kept_by_successor(tie.trust[0], prior, p.representative_loss)
            prior = rules.prior_trust(i.reputation, j.propensity)
            tie.trust[1] = rules.kept_by_successor(tie.trust[1], prior, p.representative_loss)
            tie.contact *= 1.0 - p.representative_loss
            tie.silence = math.exp(-tie.contact)


def dissolve(s: State, p: Any, at: At) -> None:
    """A coalition that once had enough members ends when it has too few, or by chance without funds."""
    initiative = s.initiative[0]
    if initiative.members >= p.fewest_members:
        initiative.formed = 1
    if initiative.formed == 1 and initiative.alive == 1:
        words = block(at, DISSOLUTION, 0, 0)
        if uniform(words[0]) < rules.dissolution_chance(initiative.members, s.levers[0].funded, p):
            initiative.alive = 0
            initiative.members = 0
            for i in range(s.organizations.shape[0] - 1):
                s.organizations[i].member = 0

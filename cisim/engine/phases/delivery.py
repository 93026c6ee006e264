"""What gets done, with and without the coalition."""

from __future__ import annotations

from typing import Any

import numpy as np

from cisim.theory.state import State

rules: Any = None  # bound by `compilation`


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

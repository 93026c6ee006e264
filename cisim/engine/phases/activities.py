"""The plan, and how far members follow it."""

from __future__ import annotations

from typing import Any

from cisim.engine.phases.agenda import agreement_with_agenda
from cisim.theory.rules.plan import PLAN_ROUNDS, PLAN_TOLERANCE
from cisim.theory.state import State

rules: Any = None  # bound by `compilation`


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
    level = rules.carried_out(s.levers[0].coordination, s.initiative[0].execution)
    for i in range(backbone):
        row = s.organizations[i]
        row.coordination = 0.0
        if row.member == 1:
            reach = min(1.0, row.reach / (members - 1.0)) if members > 1 else 0.0
            row.coordination = rules.coordination(
                level, reach, row.help_activities, row.engagement, row.contact_trust,
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


def count_members(s: State) -> int:
    """Members, backbone not counted."""
    members = 0
    for i in range(s.organizations.shape[0] - 1):
        members += s.organizations[i].member
    return members

"""Who leaves, joins, sends somebody new; whether the coalition goes on."""

from __future__ import annotations

import math
from typing import Any

from cisim.engine.phases.activities import count_members
from cisim.engine.streams import DISSOLUTION, EXIT, JOIN, REPRESENTATIVE, At, block, uniform
from cisim.theory.state import State

rules: Any = None  # bound by `compilation`


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

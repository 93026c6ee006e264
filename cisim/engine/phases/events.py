"""Levers of the month, and effects of events."""

from __future__ import annotations

from typing import Any

from cisim.engine.streams import At
from cisim.theory.state import State

rules: Any = None  # bound by `compilation`


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
    """Copy the month's row of the schedule; nothing is put in place once the coalition is gone."""
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

"""The month, compiled: the same rules in the same order as the Mesa model, over many replicates.

`compilation` compiles `run_replicates` with a rule set bound to the name `rules`, and the chosen measures to
`measure_all`.
"""

from __future__ import annotations

from typing import Any

from cisim.engine.origin import originate
from cisim.engine.phases.activities import activities, plan
from cisim.engine.phases.agenda import agenda
from cisim.engine.phases.contact import contact
from cisim.engine.phases.delivery import delivery
from cisim.engine.phases.engagement import engagement
from cisim.engine.phases.events import events
from cisim.engine.phases.issue import issue_moves
from cisim.engine.phases.measurement import measurement
from cisim.engine.phases.membership import membership
from cisim.engine.phases.trust import trust
from cisim.theory.state import State

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
    slots: Any,
    out: Any,
    kept: Any,
    organization_history: Any,
    tie_history: Any,
) -> None:
    """Run each replicate from its origin to the last month.

    replicates (R): their numbers. parameters (1 or R rows). levers (months + 1, 1 or R). columns (measures)
    and slots (months + 1): position in `out` (R, slots, columns), or -1. kept (R): position in the histories
    (kept, months + 1, rows), or -1.
    """
    for r in range(replicates.shape[0]):
        p = parameters[r if parameters.shape[0] > 1 else 0]
        schedule = levers[:, r if levers.shape[1] > 1 else 0]
        s = State(
            organizations.copy(), ties.copy(), initiative.copy(), issue.copy(), schedule[0:1].copy(),
            incident, starts,
        )  # fmt: skip
        originate(s, p, (seed, replicates[r], 0))
        next_effect = 0
        for month in range(schedule.shape[0]):
            if month > 0:
                at = (seed, replicates[r], month)
                next_effect = events(s, schedule, effects, next_effect, at)
                contact(s, p, at)
                trust(s, p, at)
                agenda(s, p, at)
                plan(s)
                activities(s, p)
                measurement(s, p)
                delivery(s, p)
                issue_moves(s, p, at)
                engagement(s, p)
                membership(s, p, at)
            if slots[month] >= 0:
                measure_all(s, p, columns, out[r, slots[month]])
            if kept[r] >= 0:
                organization_history[kept[r], month] = s.organizations
                tie_history[kept[r], month] = s.ties

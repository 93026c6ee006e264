"""What members see, and what they make of it."""

from __future__ import annotations

from typing import Any

from cisim.engine.phases.agenda import agreement_with_agenda
from cisim.theory.state import State

rules: Any = None  # bound by `compilation`


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
                    initiative.wins, row.contact_total, row.load, p,
                )  # fmt: skip
                helped = row.help_agenda + row.help_activities + row.help_measurement
                benefit = rules.net_benefit(
                    row.contact_trust, 0.25 * (helped + row.help_communication), row.reinforcement,
                    initiative.progress, row.load, p,
                )  # fmt: skip
                row.balance = rules.next_balance(row.balance, benefit, p)
            row.engagement = rules.next_engagement(row.engagement, goal, p)

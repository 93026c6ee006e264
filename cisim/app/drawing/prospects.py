"""What a partner is about to do, with chances; if things stay as they are."""

from __future__ import annotations

from cisim.app.drawing.moment import Moment
from cisim.app.drawing.reasons import (
    Reason,
    benefit_of,
    benefit_reasons,
    engagement_goal_of,
    engagement_reasons,
    exit_chances,
)

__all__ = ["prospects_of"]

_STEADY = 0.01  # of engagement; less is no movement worth telling
_TELLING = 0.005


def prospects_of(moment: Moment, row: int) -> list[str]:
    """Sentences on engagement, membership and what changes by chance."""
    own = moment.rows[row]
    if row == len(moment.rows) - 1 or own["present"] == 0:
        return []
    told = [_engagement(moment, row)]
    told += _leaving(moment, row) if own["member"] == 1 else _joining(moment, row)
    return [*told, _successor(moment), *_planned(moment, row)]


def _engagement(moment: Moment, row: int) -> str:
    now, goal = float(moment.rows["engagement"][row]), engagement_goal_of(moment, row)
    reasons = engagement_reasons(moment, row)
    if not reasons:
        return f"On its own it goes back to {100 * goal:.0f} % engagement (now {100 * now:.0f} %)."
    if abs(goal - now) < _STEADY:
        start = f"Its engagement stays near {100 * now:.0f} %"
    else:
        start = f"Its engagement is {'rising' if goal > now else 'falling'} from {100 * now:.0f} towards {100 * goal:.0f} %"
    return f"{start}: {_balance(reasons, 'points of engagement')}."


def _balance(reasons: list[Reason], unit: str) -> str:
    """The largest part for it and the largest against it."""
    lifts = next((reason for reason in reasons if reason.size > _TELLING), None)
    drags = next((reason for reason in reasons if reason.size < -_TELLING), None)
    told = []
    if lifts is not None:
        told.append(f"{lifts.text} adds most (+{100 * lifts.size:.0f} {unit})")
    if drags is not None:
        told.append(f"{drags.text} costs most ({100 * drags.size:.0f})")
    return ", ".join(told).replace("-", "\N{MINUS SIGN}") or "nothing pulls it far either way"


def _leaving(moment: Moment, row: int) -> list[str]:
    own = moment.rows[row]
    soon, year = exit_chances(moment, row)
    benefit, reasons = benefit_of(moment, row), benefit_reasons(moment, row)
    needed = float(moment.p.benefit_expected)
    worth = f"Belonging is worth {100 * (benefit + needed):.0f} points to it at present, and {100 * needed:.0f} make up for the effort"
    feeling = f"{worth}: {_balance(reasons, 'points')}."
    left = int(moment.p.grace) - int(own["tenure"])
    if left > 0:
        return [
            f"It is new and will not think of leaving for {left} more month{'' if left == 1 else 's'}.",
            feeling,
        ]
    chance = f"Chance that it leaves next month: {_percent(soon)}; within a year, if things stay as they are: {_percent(year)}."
    return [chance, feeling]


def _joining(moment: Moment, row: int) -> list[str]:
    rows, rules, p = moment.rows, moment.rules, moment.p
    if not moment.alive:
        return ["There is no coalition any more that it could join."]
    invitations = float(moment.levers["invitations"])
    if rows["may_join"][row] == 0 or invitations == 0:
        return ["It is not going to join: it would not come, or nobody is invited."]
    others = rows[:-1]
    invited = int(((others["member"] == 0) & (others["may_join"] == 1) & (others["present"] == 1)).sum())
    interest = rules.join_interest(
        moment.visibility, moment.progress, moment.wins, min(1.0, float(rows["reach"][row])), p
    )
    chance = float(rules.join_chance(interest, invited, invitations))
    others_too = f"It is one of {invited} that may be invited, and would say yes in {_percent(float(interest))} of cases."
    return [f"Chance that it joins next month: {_percent(chance)}. {others_too}"]


def _successor(moment: Moment) -> str:
    year = 1.0 - (1.0 - float(moment.rules.representative_chance(moment.p))) ** 12
    return f"Chance that it sends a new representative within a year: {_percent(year)}."


def _planned(moment: Moment, row: int) -> list[str]:
    """What the plan has in store for it."""
    key = moment.history.ids[row]
    coming = [
        event
        for event in moment.scenario.event
        if event.month > moment.month and key in (getattr(event, field, None) for field in event.references)
    ]
    return [
        f"Planned for month {event.month}: {event.what(moment.names)}."
        for event in sorted(coming, key=lambda event: event.month)
    ]


def _percent(share: float) -> str:
    if 0 < share < 0.001:
        return "under 0.1 %"
    return f"{100 * share:.1f} %" if share < 0.1 else f"{100 * share:.0f} %"

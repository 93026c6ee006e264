"""Why a partner moves: each part of a rule, as what would change if that part were neutral.

The model's own rules are asked twice, once as things are and once with one part made neutral; so the reasons stay
true when a rule changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cisim.app.drawing.moment import Moment

__all__ = [
    "Reason",
    "benefit_of",
    "benefit_reasons",
    "engagement_goal_of",
    "engagement_reasons",
    "exit_chances",
]

Parts = dict[str, float]


@dataclass(frozen=True)
class Reason:
    """A part of a rule in words, and how much it moves the outcome, + or -, in the outcome's own unit."""

    name: str
    text: str
    size: float


def engagement_goal_of(moment: Moment, row: int) -> float:
    """The engagement that an organization moves to."""
    if moment.rows["member"][row] == 0:
        return float(moment.rules.engagement_alone(moment.p))
    return _goal(moment)(_engagement_parts(moment, row))


def engagement_reasons(moment: Moment, row: int) -> list[Reason]:
    """What draws a member's engagement up or down, the largest first; empty for others."""
    if moment.rows["member"][row] == 0:
        return []
    neutral = {
        "progress": 0.0,
        "trust": float(moment.p.trust_mean),
        "agreement": 0.5,
        "wins": 0.0,
        "load": 0.0,
    }
    return _reasons(_goal(moment), _engagement_parts(moment, row), neutral, _ENGAGEMENT)


def benefit_of(moment: Moment, row: int) -> float:
    """What a member makes of belonging this month: benefit less cost."""
    return _benefit(moment)(_benefit_parts(moment, row))


def benefit_reasons(moment: Moment, row: int) -> list[Reason]:
    """What speaks for and against belonging, the largest first."""
    neutral = {
        "trust": float(moment.p.trust_mean),
        "help": 0.0,
        "reinforcement": 0.0,
        "progress": 0.0,
        "load": 0.0,
    }
    return _reasons(_benefit(moment), _benefit_parts(moment, row), neutral, _BELONGING)


def exit_chances(moment: Moment, row: int, months: int = 12) -> tuple[float, float]:
    """(chance to leave next month, within `months`) if what it sees stays as it is."""
    rules, p, own = moment.rules, moment.p, moment.rows[row]
    benefit, balance, tenure = benefit_of(moment, row), float(own["balance"]), int(own["tenure"])
    stays, first = 1.0, 0.0
    for at in range(months):
        balance = rules.next_balance(balance, benefit, p)
        chance = rules.exit_chance(balance, tenure + at, p)
        first = chance if at == 0 else first
        stays *= 1.0 - chance
    return float(first), float(1.0 - stays)


_ENGAGEMENT = {
    "progress": "the progress it sees",
    "trust": "how far it trusts those it meets",
    "agreement": "how well the shared agenda fits its own view",
    "wins": "early wins",
    "load": "the time that working together takes",
}
_BELONGING = {
    "trust": "trust in those it meets",
    "help": "help from the backbone",
    "reinforcement": "others' work that strengthens its own",
    "progress": "the progress it sees",
    "load": "the time that working together takes",
}


def _engagement_parts(moment: Moment, row: int) -> Parts:
    own = moment.rows[row]
    return {
        "progress": moment.progress,
        "trust": float(own["contact_trust"]),
        "agreement": moment.agreement_with_agenda(row),
        "wins": moment.wins,
        "contacts": float(own["contact_total"]),
        "load": float(own["load"]),
    }


def _benefit_parts(moment: Moment, row: int) -> Parts:
    own = moment.rows[row]
    return {
        "trust": float(own["contact_trust"]),
        "help": moment.help(row),
        "reinforcement": float(own["reinforcement"]),
        "progress": moment.progress,
        "load": float(own["load"]),
    }


def _goal(moment: Moment) -> Callable[[Parts], float]:
    return lambda parts: float(moment.rules.engagement_goal(*parts.values(), moment.p))


def _benefit(moment: Moment) -> Callable[[Parts], float]:
    return lambda parts: float(moment.rules.net_benefit(*parts.values(), moment.p))


def _reasons(
    rule: Callable[[Parts], float], parts: Parts, neutral: Parts, words: dict[str, str]
) -> list[Reason]:
    whole = rule(parts)
    found = [
        Reason(name, words[name], whole - rule(parts | {name: value})) for name, value in neutral.items()
    ]
    return sorted(found, key=lambda reason: -abs(reason.size))

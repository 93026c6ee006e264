"""Shared measurement: adoption, visibility, learning from each other, and from trying.

Adoption fixed point with lever 1, help h, engagement e: 1 (decay acts only where nobody asks).
Information spreads mostly indirectly (pooled data), commitment does not; a practice passes along a tie
with a chance that rises with joint work.

Source: passing along ties, Luke et al. 2013 (0.07 / 0.40 / 0.63 / 0.88 by level of collaboration);
indirect spread, scd2021; size of the gain, proxy Ivers et al. 2012; form, assumption.
"""

from __future__ import annotations

from typing import Any

from cisim.theory.rules.shapes import logistic


def next_adoption(adoption: float, level: float, help_received: float, engagement: float, p: Any) -> float:
    """Use of common indicators, a month later, in [0, 1]."""
    aided = p.unaided_adoption + (1.0 - p.unaided_adoption) * help_received
    won = p.adoption_rate * level * aided * engagement * (1.0 - adoption)
    return adoption + won - p.adoption_decay * (1.0 - level) * adoption


def visibility(coverage: float, p: Any) -> float:
    """Share of progress that is seen: a base, and all of it at full coverage."""
    return p.visibility_base + (1.0 - p.visibility_base) * coverage


def passing(collaboration: float, p: Any) -> float:
    """Chance a year that a practice passes between two partners, logistic in their joint work."""
    return logistic(p.passing_base + p.passing_by_collaboration * collaboration)


def lesson_weight(passing: float, trust: float, closeness: float) -> float:
    """Weight of a partner as a teacher: chance of passing × trust × closeness."""
    return passing * trust * closeness


def next_practice(
    practice: float, direct: float, pooled: float, prototyping: float, engagement: float, p: Any
) -> float:
    """Practice, a month later, in [0, 1]: learnt from contacts, from pooled data, and by prototypes.

    direct: mean shortfall against better contacts × how well they reach; pooled: shortfall against
    better members that the shared data show. Prototyping raises discovery in proportion to engagement.
    """
    learnt = p.learning_rate * ((1.0 - p.pooled_learning) * direct + p.pooled_learning * pooled)
    tried = p.discovery_rate * prototyping * engagement * (1.0 - practice)
    return min(1.0, practice + learnt + tried)


def experienced(practice: float, engagement: float, p: Any) -> float:
    """Practice after a month of own experience; limit 1, reached by nobody soon."""
    return practice + p.experience_rate * engagement * (1.0 - practice)


RULES = {
    "next_adoption": next_adoption,
    "visibility": visibility,
    "passing": passing,
    "lesson_weight": lesson_weight,
    "next_practice": next_practice,
    "experienced": experienced,
}
CHOICES: dict[str, dict[str, dict[str, Any]]] = {}
SOURCES: dict[str, str] = {
    "luke2013": "a practice passes along ties of joint work",
    "scd2021": "information spreads mostly indirectly",
    "ivers2012": "size of the gain from audit and feedback, a proxy",
}
VARIANT_SOURCES: dict[tuple[str, str], dict[str, str]] = {}

"""Indicators spread, practice is learnt."""

from __future__ import annotations

from typing import Any

from cisim.theory.state import State

rules: Any = None  # bound by `compilation`


def measurement(s: State, p: Any) -> None:
    """Indicators spread; coverage makes progress visible; practice is learnt."""
    backbone = s.organizations.shape[0] - 1
    level = rules.carried_out(s.levers[0].measurement, s.initiative[0].execution)
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

"""System change and severity, with and without the coalition."""

from __future__ import annotations

from typing import Any

from cisim.engine.streams import ISSUE, At, block, normal
from cisim.theory.state import State

rules: Any = None  # bound by `compilation`


def issue_moves(s: State, p: Any, at: At) -> None:
    """System change and severity take a month's step, with and without the coalition."""
    issue = s.issue[0]
    words = block(at, ISSUE, 0, 0)
    issue.drift = rules.next_drift(issue.drift, normal(words[0], words[1]), p)
    issue.system = rules.lagged(issue.system, issue.effective, p.system_lag)
    issue.system_alone = rules.lagged(issue.system_alone, issue.effective_alone, p.system_lag)
    level = rules.severity_level(issue.system, issue.system_start, issue.drift, p)
    alone = rules.severity_level(issue.system_alone, issue.system_start, issue.drift, p)
    issue.severity = rules.lagged(issue.severity, level, p.population_lag)
    issue.severity_alone = rules.lagged(issue.severity_alone, alone, p.population_lag)
    issue.severity_observed = rules.observed(issue.severity, normal(words[2], words[3]), p)

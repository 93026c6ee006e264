"""Measures of the social issue, and of the coalition's contribution to it."""

from __future__ import annotations

import math
from typing import Any

from cisim.theory.measures.declare import measure

INF = math.inf


@measure("share of start", 0, 3, "S")
def severity(s: Any, p: Any) -> float:
    """The population indicator: 1 at the start, 0 solved."""
    return s.issue[0].severity


@measure("share of start", 0, INF, "max(0, S + noise)")
def severity_observed(s: Any, p: Any) -> float:
    """The indicator as published, with noise."""
    return s.issue[0].severity_observed


@measure("share of start", 0, 3, "S in the world without the coalition")
def severity_alone(s: Any, p: Any) -> float:
    """Severity in the same world, same draws, had the partners each worked on their own."""
    return s.issue[0].severity_alone


@measure("share of start", -3, 3, "S_alone - S")
def contribution(s: Any, p: Any) -> float:
    """What the coalition changed: severity without it less severity with it."""
    return s.issue[0].severity_alone - s.issue[0].severity


@measure("needs covered", -INF, INF, "Z - Z_status quo")
def system_change(s: Any, p: Any) -> float:
    """Change of policies, practices and services against the status quo at the start."""
    return s.issue[0].system - s.issue[0].system_start


@measure("share of need", 0, INF, "Y")
def effective_work(s: Any, p: Any) -> float:
    """Work of all workstreams, combined, over what the whole need takes."""
    return s.issue[0].effective


@measure("share of target", -INF, INF, "(1 - S) / (1 - target)")
def target_share(s: Any, p: Any) -> float:
    """Share of the way to the target severity: 1 reached, 0 nothing, negative worse than at the start."""
    left = 1.0 - s.issue[0].target
    return (1.0 - s.issue[0].severity) / left if left > 0.0 else 0.0

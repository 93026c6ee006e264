"""What the initiative costs, by purpose. Partners' time is counted as staff time (FTE-months)."""

from __future__ import annotations

import math
from typing import Any

from cisim.theory.measures.declare import measure


@measure("FTE-months", 0, math.inf)
def cost_backbone(s: Any, p: Any) -> float:
    """Backbone staff so far."""
    return s.initiative[0].staff_cost


@measure("FTE-months", 0, math.inf)
def cost_meetings(s: Any, p: Any) -> float:
    """Members' time in convened meetings so far."""
    return s.initiative[0].meeting_cost


@measure("FTE-months", 0, math.inf)
def cost_contact(s: Any, p: Any) -> float:
    """Partners' time for contact with each other and the backbone so far."""
    return s.initiative[0].contact_cost


@measure("FTE-months", 0, math.inf)
def cost_reporting(s: Any, p: Any) -> float:
    """Members' time for indicator reporting so far."""
    return s.initiative[0].reporting_cost


@measure("FTE-months", 0, math.inf)
def cost_pooled(s: Any, p: Any) -> float:
    """Pooled delivery funding so far, as the staff it pays."""
    return s.initiative[0].pooled_cost


@measure("FTE-months", 0, math.inf, "sum of the five costs")
def cost_total(s: Any, p: Any) -> float:
    """All costs so far."""
    row = s.initiative[0]
    time = row.meeting_cost + row.contact_cost + row.reporting_cost
    return row.staff_cost + row.pooled_cost + time


@measure(
    "FTE-months per 0.01 severity", 0, math.inf, "cost_total / (100 · contribution)",
    undefined_while="the coalition has taken no severity away",
)  # fmt: skip
def cost_per_contribution(s: Any, p: Any) -> float:
    """Cost so far for each hundredth of severity that the coalition took away; NaN while it took none."""
    won = s.issue[0].severity_alone - s.issue[0].severity
    return cost_total(s, p) / (100.0 * won) if won > 1e-6 else math.nan

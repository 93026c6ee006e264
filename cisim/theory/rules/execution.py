"""Execution: how much of what a coalition puts in place is carried out, and what its community misjudges alike.

Coalitions with the same levers differ in how well they run them. `execution` is drawn once for a coalition:
logit-normal, in (0, 1). Benefits follow level × execution; meetings, reports and staff cost as much either way.
What a whole community misjudges alike is drawn once as well: log errors in how it sees the need. Averaging over
partners does not remove them, and indicators that the same community chose keep a part.

Source: Durlak & DuPre 2008 (levels near 60 % are usual, few exceed 80 %, and effects are two to three times as large
where programmes are carried out well); form and spread, and the common error, assumption.
"""

from __future__ import annotations

import math
from typing import Any

from cisim.theory.rules.shapes import logistic


def execution_at_start(z: float, p: Any) -> float:
    """Share of what is put in place that is carried out: logit-normal around `execution_median`."""
    middle = math.log(p.execution_median / (1.0 - p.execution_median))
    return logistic(middle + p.execution_spread * z)


def carried_out(level: float, execution: float) -> float:
    """What of a level, or of help, takes effect: level × execution; nothing where nothing is put in place."""
    return level * execution


def blind_spot_at_start(z: float, p: Any) -> float:
    """Log error of a whole community in how much a workstream is needed."""
    return p.blind_spot * z


RULES = {
    "execution_at_start": execution_at_start,
    "carried_out": carried_out,
    "blind_spot_at_start": blind_spot_at_start,
}
CHOICES: dict[str, dict[str, dict[str, Any]]] = {}
SOURCES: dict[str, str] = {"durlak2008": "programmes are carried out in part, and effects follow how well"}
VARIANT_SOURCES: dict[tuple[str, str], dict[str, str]] = {}

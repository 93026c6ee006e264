"""Events that change members, ties or the world directly; lever changes are in the schedule.

An event of `world/events.py` lowers itself into these few effects, so both engines and every event share
one text. Codes are append-only. Assumption: the sizes; the directions follow model.md §6.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cisim.theory.state import State

__all__ = ["EFFECT", "EFFECTS", "apply_effect"]

EFFECTS: dict[str, int] = {
    "trust_between": 1,  # a, b, x: trust of a and b in each other times 1 - x
    "trust_in": 2,  # a, x: others' trust in a times 1 - x
    "membership": 3,  # a, x: 1 joins, 0 leaves
    "representative": 4,  # a, x: share x of personal trust in, and contact with, a is lost
    "capacity": 5,  # a, x: capacity times x
    "issue_shock": 6,  # x: change of log severity, in both worlds
    "policy_window": 7,  # x: system change grows by x times effective work, each world by its own
    "merge": 8,  # a, b: b becomes part of a
    "backbone_moves": 9,  # x: share x of trust in, and contact with, the backbone is lost
    "engagement": 10,  # a, x: engagement becomes x
}

EFFECT = np.dtype(
    [("month", np.int64), ("code", np.int64), ("a", np.int64), ("b", np.int64), ("x", np.float64)]
)

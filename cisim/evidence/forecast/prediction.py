"""The forecast of one partnership: chances of ties, and answers on trust, at the last month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.evidence.forecast.naming import NamingModel
from cisim.evidence.forecast.simulation import Course
from cisim.evidence.forecast.waves import Partnership

__all__ = ["Prediction", "predict"]

Array = np.ndarray[Any, Any]

INTERVAL = (0.1, 0.9)
POINT = 1.0
"""A rise or fall of trust is at least this many points of the item."""


@dataclass(frozen=True)
class Prediction:
    """What is expected of n organizations at the last month, over replicates.

    chance: (n, n) that i names j. pushes: (3, n, n) log odds that contact, joint work and reputation add to it,
    against the mean pair. contact_before, contact (a month), joint_work, trust (of i in j), (n, n): means.
    item: (3, n) mean, 10 % and 90 % of the answer on trust, 0 to 10; rises, falls: (n,) chance of a change of at least
    a point from the answer at wave 1, or from the start of each replicate where there is none.
    """

    told: Partnership
    chance: Array
    pushes: Array
    contact_before: Array
    contact: Array
    joint_work: Array
    trust: Array
    item: Array
    rises: Array
    falls: Array


def predict(told: Partnership, course: Course, naming: NamingModel) -> Prediction:
    """The forecast from a simulated course and an observation model."""
    end, start = course.end, course.start
    before = np.where(np.isnan(told.trust), start.item, told.trust)
    change = end.item - before
    return Prediction(
        told=told,
        chance=naming.probabilities(told, end),
        pushes=naming.pushes(end),
        contact_before=start.contact.mean(axis=0),
        contact=end.contact.mean(axis=0),
        joint_work=end.joint_work.mean(axis=0),
        trust=end.trust.mean(axis=0),
        item=np.stack([end.item.mean(axis=0), *np.quantile(end.item, INTERVAL, axis=0)]),
        rises=(change >= POINT).mean(axis=0),
        falls=(change <= -POINT).mean(axis=0),
    )

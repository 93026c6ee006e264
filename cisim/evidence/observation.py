"""What a survey would make of the state: answers on its scales, the few ties that are named, the trust item.

The model's numbers are finer than any questionnaire. Patterns and forecasts compare what was *observed*, so
these functions stand between the two; the dynamics know nothing of them.

Source: contact and joint work, scales of Luke et al. 2013; naming and trust item, Berardo & Scholz 2010.
"""

from __future__ import annotations

import numpy as np

from cisim.engine.streams import At, block, normal
from cisim.theory.measures.network import ANY, MONTHLY, WEEKLY

__all__ = [
    "ITEM_NOISE", "NAMED", "contact_level", "joint_work_level", "matrices", "named_ties", "trust_item",
]  # fmt: skip

Array = np.ndarray

CONTACT_EDGES = np.array([ANY, np.sqrt(1 / 12 / 3), MONTHLY, WEEKLY, np.sqrt(50 / 12 * 250 / 12)])
"""Contacts a month between never, yearly, quarterly, monthly, weekly and daily: half-way, in ratio."""
JOINT_WORK_EDGES = np.array([1, 3, 5]) / 6
"""Joint work between none, informal, formal and several projects: half-way."""
NAMED = 2
"""Ties that a partner names: the mean of the estuaries (density 0.098 of about 20 organizations)."""
ITEM_NOISE = 0.5
"""SD of an answer about trust on its scale of 0 to 10, besides rounding. Assumption."""
_OBSERVER = 1_000_000  # month of draws that belong to whoever asks, not to the model


def contact_level(contact: Array) -> Array:
    """Answer to "how often": 0 never, 1 yearly, 2 quarterly, 3 monthly, 4 weekly, 5 daily."""
    return np.asarray(np.digitize(contact, CONTACT_EDGES))


def joint_work_level(collaboration: Array) -> Array:
    """Answer to "how do you work together": 0 none, 1 informal, 2 formal, 3 several projects."""
    return np.asarray(np.digitize(collaboration, JOINT_WORK_EDGES))


def matrices(ties: Array, count: int) -> tuple[Array, Array, Array]:
    """(contact, joint work, trust), each (count, count); trust[i, j] is of i in j. The diagonal is 0."""
    contact, work, trust = (np.zeros((count, count)) for _ in range(3))
    i, j = ties["i"], ties["j"]
    contact[i, j] = contact[j, i] = ties["contact"]
    work[i, j] = work[j, i] = ties["collaboration"]
    trust[i, j], trust[j, i] = ties["trust"][:, 0], ties["trust"][:, 1]
    return contact, work, trust


def named_ties(contact: Array, trust: Array, most: int = NAMED) -> Array:
    """Whom each organization names, (n, n) of True and False: at most `most`, the closest that it trusts.

    A tie is as strong as contact × trust in the other; nobody is named without contact.
    """
    strength = np.where(contact_level(contact) > 0, contact * trust, 0.0)
    order = np.argsort(-strength, axis=1, kind="stable")[:, :most]
    named = np.zeros(strength.shape, bool)
    np.put_along_axis(named, order, True, axis=1)
    return named & (strength > 0)


def trust_item(propensity: Array, at: At) -> Array:
    """Answer to "how far do you trust the others", 0 to 10, of one replicate's organizations, (n,).

    Single items measure an organization's own propensity more than its single ties. at: (seed, replicate,
    month); the same question at another month is answered with another error.
    """
    errors = np.empty(len(propensity))
    for i in range(len(propensity)):
        words = block((at[0], at[1], _OBSERVER + at[2]), 0, i, 0)
        errors[i] = normal(words[0], words[1])
    return np.clip(np.round(10 * propensity + ITEM_NOISE * errors), 0, 10)

"""The floor: what no implementation of the month can avoid doing for each pair, and nothing else.

For each pair and month: one block of random words, a Poisson count of contacts from it and, if there are any,
a binomial count of those kept from each side; four exponentials (the chance of silence, two chances that a
promise is kept, the chance that a practice passes), two real powers (the worth of the contact to each side), a
square root; loading what both organizations believe and do
(two vectors of workstreams each); loading and storing contact, silence, joint work and trust on both sides.
No sums over organizations, no other phases, no measures.
"""

from __future__ import annotations

import math
import time

import numpy as np
from numba import njit

from cisim.engine import streams
from cisim.engine.binding import bind
from cisim.theory.rules.contact import contacts_in_month
from cisim.theory.rules.trust import kept_contacts

compiled = njit(error_model="numpy")
block = compiled(streams.block)
uniform = compiled(streams.uniform)
poisson = compiled(contacts_in_month)
binomial = bind(kept_contacts, {}, compiled)


@njit(nogil=True, error_model="numpy")
def floor_months(ends: np.ndarray, views: np.ndarray, state: np.ndarray, months: int) -> float:
    """Walk `months` over the pairs; returns a checksum.

    ends (pairs, 2): organizations; views (organizations, 2, workstreams): beliefs, work; state (pairs, 5).
    """
    total = 0.0
    for month in range(months):
        for t in range(state.shape[0]):
            i, j = ends[t, 0], ends[t, 1]
            agreement, overlap = 1.0, 0.0
            for k in range(views.shape[2]):
                agreement -= 0.5 * abs(views[i, 0, k] - views[j, 0, k])
                overlap += min(views[i, 1, k], views[j, 1, k])
            contact, joint = state[t, 0], state[t, 2]
            trust_i, trust_j = state[t, 3], state[t, 4]
            words = block((1, 2, month), 1, i, j)
            worth = math.pow(agreement + trust_i, 2.5) * math.pow(agreement + trust_j, 2.5)
            contact += 0.1 * (0.25 * math.sqrt(worth) - contact)
            silence = math.exp(-contact)
            contacts = poisson(contact, silence, uniform(words[0]))
            if contacts > 0:
                chance = 1.0 / (1.0 + math.exp(-joint - trust_j))
                trust_i += 0.03 * (binomial(contacts, chance, uniform(words[1])) / contacts - trust_i)
                chance = 1.0 / (1.0 + math.exp(-joint - trust_i))
                trust_j += 0.03 * (binomial(contacts, chance, uniform(words[2])) / contacts - trust_j)
            joint += 0.06 * (overlap * (1.0 - silence) / (1.0 + math.exp(-joint)) - joint)
            state[t, 0], state[t, 1], state[t, 2] = contact, silence, joint
            state[t, 3], state[t, 4] = trust_i, trust_j
        total += state[0, 0]
    return total


def floor_seconds(organizations: int, months: int, workstreams: int, runs: int) -> float:
    """Seconds that the floor takes for one replicate of a dense coalition, mean of `runs`."""
    rng = np.random.default_rng(1)
    ends = np.column_stack(np.triu_indices(organizations, 1))
    views = rng.dirichlet(np.ones(workstreams), (organizations, 2))
    state = rng.random((len(ends), 5))
    floor_months(ends, views, state.copy(), 1)
    start = time.perf_counter()
    for _ in range(runs):
        floor_months(ends, views, state.copy(), months)
    return (time.perf_counter() - start) / runs

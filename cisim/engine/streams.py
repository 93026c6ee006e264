"""Randomness by address: a draw is a pure function of (seed, replicate, stream, month, entity or pair).

Philox-4x32 with 10 rounds (Salmon et al. 2011, doi:10.1145/2063384.2063405): the key is (seed,
replicate), the counter (entity, other entity, month, stream). No generator is stored or passed around,
so two scenarios with the same seed share every draw that both make, whatever else they draw.

The text is plain arithmetic on whole numbers and gives the same bits interpreted and compiled: products
that overflow 64 bits wrap in compiled code, and the masks keep only bits that wrapping leaves alone.
"""

from __future__ import annotations

import math

from cisim.errors import SpecError

__all__ = ["At", "Words", "block", "check_address", "normal", "uniform"]

At = tuple[int, int, int]
"""(seed, replicate, month)."""
Words = tuple[int, int, int, int]

# Streams are named decisions; numbers are never used again for another decision.
CONTACTS = 1  # pair, month: contacts; kept, seen from each side; joint work
PROPENSITY = 2  # organization, month
EVIDENCE_SHARED = 3  # workstream, month
EVIDENCE_OWN = 4  # organization, workstream, month
ISSUE = 5  # month: drift, observation
EXIT = 6  # organization, month
JOIN = 7  # organization, month
REPRESENTATIVE = 8  # organization, month
DISSOLUTION = 9  # month
ORIGIN_PARTNER = 10  # organization: capacity, relational capacity
ORIGIN_CHARACTER = 11  # organization: practice, propensity level
ORIGIN_DRIFT = 12  # organization: popularity, present propensity
ORIGIN_MISSION = 13  # organization, workstream: mission, framing
ORIGIN_NEED = 14  # workstream
ORIGIN_CONTACT = 15  # pair: how often; joint work
ORIGIN_TRUST = 16  # pair: trust of each side
AFFINITY = 17  # pair, month: a year's change of what the two have to do with each other
ORIGIN_COALITION = 18  # coalition: execution; workstream: what the community misjudges alike

MASK = 0xFFFFFFFF
SCALE = 1.0 / 4294967296.0
TWO_PI = 2.0 * math.pi


def block(at: At, stream: int, a: int, b: int) -> Words:
    """Four independent 32-bit words for one decision of `a` (and `b`) in the month `at[2]`."""
    k0, k1 = at[0], at[1]
    c0, c1, c2, c3 = a, b, at[2], stream
    for _ in range(10):
        left = 0xD2511F53 * c0
        right = 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (
            ((right >> 32) & MASK) ^ c1 ^ k0,
            right & MASK,
            ((left >> 32) & MASK) ^ c3 ^ k1,
            left & MASK,
        )
        k0 = (k0 + 0x9E3779B9) & MASK
        k1 = (k1 + 0xBB67AE85) & MASK
    return c0, c1, c2, c3


def uniform(word: int) -> float:
    """A uniform draw in (0, 1), never 0 or 1."""
    return (word + 0.5) * SCALE


def normal(word: int, other: int) -> float:
    """A standard normal draw from two words (Box and Muller 1958)."""
    return math.sqrt(-2.0 * math.log(uniform(word))) * math.cos(TWO_PI * uniform(other))


def check_address(seed: int, replicates: int) -> None:
    """Refuse seeds and numbers of replicates that have no address: whole numbers, 0 to 2³² − 1."""
    faults = []
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= MASK:
        faults.append(f"seed must be a whole number from 0 to {MASK}, given {seed!r}.")
    if isinstance(replicates, bool) or not isinstance(replicates, int) or not 1 <= replicates <= MASK:
        faults.append(f"replicates must be a whole number from 1 to {MASK}, given {replicates!r}.")
    if faults:
        raise SpecError(faults, source="Run")

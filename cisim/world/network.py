"""Who can be in contact with whom, and what is known of it at the start."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator

from cisim.errors import SpecError
from cisim.world.fields import DRAWN, one_of, scalar, short, text, whole, within
from cisim.world.record import Record

__all__ = ["MOST_DENSE", "Network", "Tie", "distinct_pairs", "every_pair", "sparse_pairs"]

MOST_DENSE = 2_000
"""Partners up to which every pair may be possible; above that the list of pairs is too long."""

Pairs = np.ndarray[Any, np.dtype[np.int64]]


class Network(Record):
    """possible "all": every pair; "sparse": about ties_per_partner a partner, made from `seed`.

    unlisted "drawn": pairs not listed start as drawn for each replicate; "absent": without contact and
    joint work (a survey that asked for all ties).
    """

    possible: Annotated[Literal["all", "sparse"], one_of("all", "sparse")] = "all"
    ties_per_partner: Annotated[int, whole(0, 1_000, "possible ties")] = 20
    unlisted: Annotated[Literal["drawn", "absent"], one_of("drawn", "absent")] = "drawn"
    seed: Annotated[int, whole(0, 2**63 - 1)] = 0


_share = within(0, 1).func


def _two_ids(value: object) -> object:
    check: Any = text(1, 100).func
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise SpecError(f"must name two organizations, given {short(value)}; for example ['a', 'b'].")
    return tuple(check(end) for end in value)


def _two_trusts(value: object) -> object:
    if value is None:
        return None
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise SpecError(
            f"must be two numbers from 0 to 1 (first in second, second in first), given {short(value)}; "
            f"write {DRAWN!r} for one that nobody knows."
        )
    check: Any = _share
    return tuple(None if scalar(side) in (None, DRAWN) else check(side) for side in value)


class Tie(Record):
    """What is known of a pair: contacts a month, trust of each in the other, joint work.

    trust: (first in second, second in first). What is None is drawn for each replicate; of a tie with
    the backbone it is 0 (contact, collaboration) or the parameter trust_in_backbone.
    """

    between: Annotated[tuple[str, str], BeforeValidator(_two_ids)]
    contact: Annotated[float | None, within(0, 500, "contacts a month", drawn=True)] = None
    trust: Annotated[tuple[float | None, float | None] | None, BeforeValidator(_two_trusts)] = None
    collaboration: Annotated[float | None, within(0, 1, drawn=True)] = None


def every_pair(partners: int) -> tuple[Pairs, Pairs]:
    """Every pair i < j, in order."""
    i, j = np.triu_indices(partners, k=1)
    return i.astype(np.int64), j.astype(np.int64)


def sparse_pairs(partners: int, ties_per_partner: int, seed: int) -> tuple[Pairs, Pairs]:
    """About `ties_per_partner` possible ties a partner: half with neighbours on a ring, half anywhere.

    The ring stands for the place or field that partners share, so contacts of a contact are often
    contacts too; the rest spans the country. The same seed gives the same pairs. Assumption.
    """
    if ties_per_partner >= partners - 1:
        return every_pair(partners)
    reach = ties_per_partner // 4
    here = np.arange(partners, dtype=np.int64)
    near_i = np.tile(here, reach)
    near_j = (near_i + np.repeat(np.arange(1, reach + 1, dtype=np.int64), partners)) % partners
    anywhere = partners * (ties_per_partner - 2 * reach) // 2
    raw = np.random.PCG64(seed).random_raw(2 * anywhere) % np.uint64(partners)
    far = raw.astype(np.int64).reshape(2, anywhere)
    return distinct_pairs(np.concatenate([near_i, far[0]]), np.concatenate([near_j, far[1]]), partners)


def distinct_pairs(i: Pairs, j: Pairs, organizations: int) -> tuple[Pairs, Pairs]:
    """Each pair once, smaller row first, sorted; a pair of one organization with itself is left out."""
    low, high = np.minimum(i, j), np.maximum(i, j)
    apart = low != high
    keys = np.unique(low[apart] * organizations + high[apart])
    return keys // organizations, keys % organizations

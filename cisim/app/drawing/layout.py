"""Where partners stand: sectors side by side around the backbone, the same whatever else changes.

Places follow from ids and sectors alone, so that a partner stays where it is while sliders move.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

__all__ = ["layout", "room_for"]

Array = np.ndarray[Any, Any]

OUTER = 0.94
INNER = 0.34  # keeps a clearing for the backbone
GAP = 0.3  # between sectors, over the angle that one of their partners takes, times the root of their number


@lru_cache(maxsize=64)
def layout(ids: tuple[str, ...], sectors: tuple[int, ...]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """(x, y) of every organization, -1 to 1; the last is the backbone, in the middle.

    Each sector has a wedge as wide as it has partners; they stand on rings, on as many as keep them furthest apart.
    """
    partners = len(ids) - 1
    if partners == 0:
        return (0.0,), (0.0,)
    best, apart = None, -1.0
    for rings in range(1, max(2, math.isqrt(partners)) + 1):
        places = _on_rings(sectors[:-1], rings)
        nearest = _nearest(places)
        if nearest > 1.05 * apart:  # one more ring must be worth it
            best, apart = places, nearest
    found = np.zeros((partners + 1, 2)) if best is None else np.vstack([best, np.zeros((1, 2))])
    return tuple(np.round(found[:, 0], 4).tolist()), tuple(np.round(found[:, 1], 4).tolist())


def room_for(x: Sequence[float], y: Sequence[float], size: Sequence[float], most: float = 0.075) -> float:
    """The largest radius of a partner of size 1 at which no two organizations overlap."""
    places, radius = np.column_stack([x, y]), np.asarray(size, float)
    distance = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    together = radius[:, None] + radius[None]
    np.fill_diagonal(distance, np.inf)
    return float(min(most, 0.98 * (distance / together).min()))


def _nearest(places: Array) -> float:
    """The smallest distance of two partners, or of one to the middle."""
    every = np.vstack([places, np.zeros((1, 2))])
    distance = np.hypot(*(every[:, None] - every[None]).transpose(2, 0, 1))
    return float(distance[~np.eye(len(every), dtype=bool)].min())


def _on_rings(sectors: tuple[int, ...], rings: int) -> Array:
    """(partners, 2): every sector fills its wedge, ring by ring, outer rings with more."""
    radii = [OUTER] if rings == 1 else np.linspace(OUTER, INNER, rings).tolist()
    groups = _groups(sectors)
    gap = GAP if len(groups) > 1 else 0.0
    whole = sum(len(group) + gap * math.sqrt(len(group)) for group in groups)
    places = np.zeros((len(sectors), 2))
    start = -math.pi / 2
    for group in groups:
        width = 2 * math.pi * (len(group) + gap * math.sqrt(len(group))) / whole
        inner = width * len(group) / (len(group) + gap * math.sqrt(len(group)))
        for member, (angle, radius) in zip(group, _places(len(group), radii, inner), strict=True):
            at = start + (width - inner) / 2 + angle
            places[member] = radius * math.cos(at), radius * math.sin(at)
        start += width
    return places


def _groups(sectors: tuple[int, ...]) -> list[list[int]]:
    """The partners of each sector, sectors in the order in which they first appear."""
    groups: dict[int, list[int]] = {}
    for partner, sector in enumerate(sectors):
        groups.setdefault(sector, []).append(partner)
    return list(groups.values())


def _places(count: int, radii: list[float], width: float) -> Iterator[tuple[float, float]]:
    """(angle, radius) for `count` partners in a wedge, in the order of angle."""
    shares = [count * radius / sum(radii) for radius in radii]
    numbers = [int(share) for share in shares]
    rest = sorted(range(len(radii)), key=lambda ring: numbers[ring] - shares[ring])
    for ring in rest[: count - sum(numbers)]:
        numbers[ring] += 1
    found = [
        (width * (at + 0.5) / number, radius)
        for number, radius in zip(numbers, radii, strict=True)
        for at in range(number)
    ]
    yield from sorted(found)

"""Slices taken from a box, and put back: the moves of the patient rule induction method.

Source: Friedman & Fisher (1999), Statistics and Computing 9:123.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from cisim.insight.discovery.factors import Column, Points

__all__ = ["Allowed", "pasted", "peeling"]

Allowed = dict[str, np.ndarray]
"""What a box allows of each factor that it restricts: truths over the factor's levels, and last over null."""


def peeling(points: Points, peel: float, least_mass: float) -> Iterator[Allowed]:
    """What is allowed after each step; nothing is left out at first.

    Each step takes the slice in which hits are rarest, the larger of two alike, until none has fewer than the
    box or the box would hold less than the least mass.
    """
    allowed: Allowed = {}
    least = max(1, int(np.ceil(least_mass * len(points))))
    inside = np.arange(len(points))
    while True:
        yield dict(allowed)
        hit = points.hit[inside]
        best, rarest, stay = None, (float(hit.mean()), 0), inside
        for column in points.columns:
            here = column.codes[inside]
            for slimmer in _slimmer(column, here, allowed.get(column.name, column.anything()), peel):
                stays = slimmer[here]
                gone = int((~stays).sum())
                if gone == 0 or len(inside) - gone < least:
                    continue
                rare = (float(hit[~stays].mean()), -gone)
                if rare < rarest and rare[0] < float(hit.mean()):
                    best, rarest, stay = (column.name, slimmer), rare, inside[stays]
        if best is None:
            return
        allowed[best[0]] = best[1]
        inside = stay


def _slimmer(column: Column, here: np.ndarray, allowed: np.ndarray, peel: float) -> Iterator[np.ndarray]:
    """What could be allowed of a factor after one more step, from the levels that points in the box have."""
    if not column.numeric:
        for level in np.unique(here):
            yield _without(allowed, level)
        return
    active, end = here[here >= 0], len(allowed) - 1
    slice_size = max(1, int(peel * len(here)))
    if len(active) < len(here):
        yield _without(allowed, -1)
    if len(active) > slice_size:
        low = int(np.partition(active, slice_size)[slice_size])
        yield _without(allowed, slice(0, low if low > active.min() else low + 1))
        high = int(np.partition(active, -1 - slice_size)[-1 - slice_size])
        yield _without(allowed, slice(high + 1 if high < active.max() else high, end))
    elif len(active) < len(here):  # the last numbers go together, and leave inactive points only
        yield _without(allowed, slice(0, end))


def _without(allowed: np.ndarray, levels: Any) -> np.ndarray:
    less = allowed.copy()
    less[levels] = False
    return less


def pasted(points: Points, allowed: Allowed, peel: float) -> Allowed:
    """What is allowed when slices are put back at the faces of a box as long as that raises its density."""
    while True:
        inside = _inside(points, allowed)
        best, most = None, float(points.hit[inside].mean())
        slice_size = max(1, int(peel * int(inside.sum())))
        for column in points.columns:
            if column.name not in allowed:
                continue
            others = _inside(points, {name: a for name, a in allowed.items() if name != column.name})
            for wider in _wider(column, column.codes[others], allowed[column.name], slice_size):
                with_slice = others & wider[column.codes]
                if (mean := float(points.hit[with_slice].mean())) > most:
                    best, most = (column.name, wider), mean
        if best is None:
            return allowed
        allowed[best[0]] = best[1]


def _wider(column: Column, here: np.ndarray, allowed: np.ndarray, slice_size: int) -> Iterator[np.ndarray]:
    """What could be allowed of a factor with one slice more, from levels that points beyond its face have."""
    beyond = np.unique(here[~allowed[here]])
    for level in beyond[beyond < 0] if column.numeric else beyond:
        yield _with(allowed, level)
    if not column.numeric or not allowed[:-1].any():
        return
    kept = np.flatnonzero(allowed[:-1])
    below, above = here[(here >= 0) & (here < kept[0])], here[here > kept[-1]]
    if len(below):
        edge = np.sort(below)[-slice_size:][0]
        yield _with(allowed, slice(int(edge), int(kept[0])))
    if len(above):
        edge = np.sort(above)[:slice_size][-1]
        yield _with(allowed, slice(int(kept[-1]) + 1, int(edge) + 1))


def _with(allowed: np.ndarray, levels: Any) -> np.ndarray:
    more = allowed.copy()
    more[levels] = True
    return more


def _inside(points: Points, allowed: Mapping[str, np.ndarray]) -> np.ndarray:
    inside = np.ones(len(points), dtype=bool)
    for column in points.columns:
        if column.name in allowed:
            inside &= allowed[column.name][column.codes]
    return inside

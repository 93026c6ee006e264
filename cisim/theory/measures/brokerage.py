"""How far the backbone is the short way between partners."""

from __future__ import annotations

from typing import Any

import numpy as np

from cisim.theory.measures.declare import measure
from cisim.theory.measures.network import MONTHLY, present_partners


@measure("share", 0, 1, "ego betweenness of the backbone, monthly contact (Everett and Borgatti 2005)")
def backbone_betweenness(s: Any, p: Any) -> float:
    """Share of pairs of partners for whom the backbone is the short way to each other.

    A pair of its monthly contacts that does not meet monthly counts 1 / (two-step ways between them).
    """
    count = s.organizations.shape[0]
    backbone = count - 1
    ego = np.zeros(count, np.int64)
    degree = 0
    for at in range(s.starts[backbone], s.starts[backbone + 1]):
        tie = s.ties[s.incident[at]]
        if tie.contact >= MONTHLY:
            ego[tie.i] = 1
            degree += 1
    partners = present_partners(s)
    if degree < 2 or partners < 2:
        return 0.0
    near, first = monthly_neighbours(s, ego)
    ways = np.zeros(count, np.int64)
    found = np.empty(count, np.int64)
    total = 0.0
    for u in range(backbone):
        if ego[u] == 1:
            total += short_ways(u, near, first, ways, found, degree)
    return 0.5 * total / (0.5 * partners * (partners - 1))


def monthly_neighbours(s: Any, ego: Any) -> Any:
    """(near, first): the monthly contacts within `ego` of organization u are near[first[u]:first[u+1]]."""
    count = ego.shape[0]
    first = np.zeros(count + 1, np.int64)
    linked = np.empty(s.ties.shape[0], np.int64)
    links = 0
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        if tie.contact >= MONTHLY and ego[tie.i] + ego[tie.j] == 2:
            linked[links] = t
            links += 1
            first[tie.i + 1] += 1
            first[tie.j + 1] += 1
    for u in range(count):
        first[u + 1] += first[u]
    near = np.empty(2 * links, np.int64)
    filled = first.copy()
    for at in range(links):
        tie = s.ties[linked[at]]
        near[filled[tie.i]] = tie.j
        near[filled[tie.j]] = tie.i
        filled[tie.i] += 1
        filled[tie.j] += 1
    return near, first


def short_ways(u: int, near: Any, first: Any, ways: Any, found: Any, degree: int) -> float:
    """Sum over the ego network's other members v not in contact with u of 1 / (two-step ways u to v)."""
    seen = 0
    for a in range(first[u], first[u + 1]):
        middle = near[a]
        for b in range(first[middle], first[middle + 1]):
            v = near[b]
            if v != u:
                if ways[v] == 0:
                    found[seen] = v
                    seen += 1
                ways[v] += 1
    for a in range(first[u], first[u + 1]):
        ways[near[a]] = -1
    total = 0.0
    linked = 0
    for at in range(seen):
        v = found[at]
        if ways[v] > 0:
            total += 1.0 / (1.0 + ways[v])
            linked += 1
        ways[v] = 0
    for a in range(first[u], first[u + 1]):
        ways[near[a]] = 0
    return total + (degree - 1 - linked - (first[u + 1] - first[u]))

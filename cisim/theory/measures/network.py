"""Measures of the network of contact and trust.

Contact counts as what a survey's scale would make of it: the nearest of never, yearly, quarterly, monthly and
weekly, so the limits lie half-way between two answers, in ratio.
Pairs are pairs of existing organizations that could meet; the backbone counts as one of them while it
has staff or contact.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cisim.theory.measures.declare import measure

ANY = 0.5 / 12.0  # half of once a year
MONTHLY = math.sqrt(1.0 / 3.0 * 1.0)  # between quarterly and monthly
WEEKLY = math.sqrt(1.0 * 50.0 / 12.0)  # between monthly and weekly
DIFFUSING = 0.5  # chance a year that a practice passes


@measure("share of pairs", 0, 1, "pairs with contact >= 1/24 a month / pairs")
def contact_density(s: Any, p: Any) -> float:
    """Pairs of organizations in contact, if only about once a year."""
    return density(s, ANY)


@measure("share of pairs", 0, 1, "pairs with contact >= 0.58 a month / pairs")
def monthly_density(s: Any, p: Any) -> float:
    """Pairs of organizations in contact about monthly or more often."""
    return density(s, MONTHLY)


@measure("share of pairs", 0, 1, "pairs with contact >= 2.04 a month / pairs")
def weekly_density(s: Any, p: Any) -> float:
    """Pairs of organizations in contact about weekly or more often."""
    return density(s, WEEKLY)


@measure("share", 0, 1, "Freeman: Σ (d_max - d_i) / ((n - 1)(n - 2))")
def centralization_any(s: Any, p: Any) -> float:
    """Degree centralization of any contact."""
    return centralization(s, ANY)


@measure("share", 0, 1, "Freeman: Σ (d_max - d_i) / ((n - 1)(n - 2))")
def centralization_monthly(s: Any, p: Any) -> float:
    """Degree centralization of monthly contact: near 1 where one organization is the hub."""
    return centralization(s, MONTHLY)


@measure("share", 0, 1, "Freeman: Σ (d_max - d_i) / ((n - 1)(n - 2))")
def centralization_weekly(s: Any, p: Any) -> float:
    """Degree centralization of weekly contact."""
    return centralization(s, WEEKLY)


@measure("share", 0, 1, "mean of T_ij over possible ties of partners")
def trust_mean(s: Any, p: Any) -> float:
    """Mean trust of partners in each other, over all pairs that could meet."""
    return trust_moment(s, False)


@measure("share", 0, 0.5, "SD of T_ij over possible ties of partners")
def trust_spread(s: Any, p: Any) -> float:
    """Spread of partners' trust in each other."""
    return trust_moment(s, True)


@measure("share of ties", 0, 1, "share of T_ij < 0.4")
def low_trust(s: Any, p: Any) -> float:
    """Share of directed pairs of partners with trust below 0.4."""
    return trust_share(s, 0.0, 0.4)


@measure("share of ties", 0, 1, "share of T_ij >= 0.7")
def high_trust(s: Any, p: Any) -> float:
    """Share of directed pairs of partners with trust of at least 0.7."""
    return trust_share(s, 0.7, 2.0)


@measure("share", 0, 1, "mean of closeness-weighted trust over partners")
def trust_in_contacts(s: Any, p: Any) -> float:
    """Partners' trust in those they really meet."""
    total = 0.0
    count = 0
    for i in range(s.organizations.shape[0] - 1):
        row = s.organizations[i]
        if row.present == 1:
            total += row.contact_trust
            count += 1
    return total / count if count > 0 else 0.0


@measure("share", 0, 1, "Σ min(T_ij, T_ji) / Σ max(T_ij, T_ji)")
def trust_reciprocity(s: Any, p: Any) -> float:
    """How mutual trust is, over pairs of partners in contact; 1 if always equal, 0 without contact."""
    least = 0.0
    most = 0.0
    backbone = s.organizations.shape[0] - 1
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        if tie.j != backbone and tie.contact >= ANY:
            least += min(tie.trust[0], tie.trust[1])
            most += max(tie.trust[0], tie.trust[1])
    return least / most if most > 0.0 else 0.0


@measure("share", 0, 1, "mean over partner pairs in contact")
def collaboration(s: Any, p: Any) -> float:
    """Joint work of partners in contact with each other."""
    total = 0.0
    count = 0
    backbone = s.organizations.shape[0] - 1
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        if tie.j != backbone and tie.contact >= ANY:
            total += tie.collaboration
            count += 1
    return total / count if count > 0 else 0.0


@measure("share", 0, 1, "mean over partner pairs of Σ_k min(a_ik, a_jk)")
def shared_work(s: Any, p: Any) -> float:
    """Overlap of what two partners do, mean over pairs that could meet."""
    total = 0.0
    count = 0
    backbone = s.organizations.shape[0] - 1
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        if tie.j != backbone:
            total += tie.shared_work
            count += 1
    return total / count if count > 0 else 0.0


@measure("components", 0, math.inf, "connected components of any contact")
def components(s: Any, p: Any) -> float:
    """Separate parts of the network of any contact."""
    return float(parts(s, ANY, True, False)[0])


@measure("share", 0, 1, "pairs connected only through the backbone / pairs connected")
def fragmentation(s: Any, p: Any) -> float:
    """Share of connected pairs of partners that losing the backbone would cut (monthly contact)."""
    whole = parts(s, MONTHLY, True, False)[1]
    left = parts(s, MONTHLY, False, False)[1]
    return (whole - left) / whole if whole > 0 else 0.0


@measure("components", 0, math.inf, "components of ties with chance of passing >= 0.5 a year")
def diffusion_components(s: Any, p: Any) -> float:
    """Separate parts of the network along which practice passes more likely than not within a year."""
    return float(parts(s, diffusing_collaboration(p), True, True)[0])


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


def present_partners(s: Any) -> int:
    """Partners that exist."""
    count = 0
    for i in range(s.organizations.shape[0] - 1):
        count += s.organizations[i].present
    return count


def backbone_counts(s: Any) -> bool:
    """True while the backbone has staff, or contact left from when it had."""
    if s.levers[0].backbone_staff > 0.0:
        return True
    backbone = s.organizations.shape[0] - 1
    for at in range(s.starts[backbone], s.starts[backbone + 1]):
        if s.ties[s.incident[at]].contact >= ANY:
            return True
    return False


def density(s: Any, least: float) -> float:
    """Share of possible pairs with contact of at least `least`."""
    whole = backbone_counts(s)
    backbone = s.organizations.shape[0] - 1
    pairs = 0
    active = 0
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        if whole or tie.j != backbone:
            pairs += s.organizations[tie.i].present * s.organizations[tie.j].present
            if tie.contact >= least:
                active += 1
    return active / pairs if pairs > 0 else 0.0


def centralization(s: Any, least: float) -> float:
    """Freeman degree centralization of the network of contacts of at least `least`."""
    count = s.organizations.shape[0]
    degree = np.zeros(count, np.int64)
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        if tie.contact >= least:
            degree[tie.i] += 1
            degree[tie.j] += 1
    nodes = present_partners(s)
    if backbone_counts(s):
        nodes += 1
    most = 0
    total = 0
    for i in range(count):
        most = max(most, degree[i])
        total += degree[i]
    return (nodes * most - total) / ((nodes - 1.0) * (nodes - 2.0)) if nodes > 2 else 0.0


def trust_moment(s: Any, spread: bool) -> float:
    """Mean, or SD, of trust over the directed possible ties of partners."""
    total = 0.0
    squares = 0.0
    count = 0
    backbone = s.organizations.shape[0] - 1
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        if tie.j != backbone:
            total += tie.trust[0] + tie.trust[1]
            squares += tie.trust[0] * tie.trust[0] + tie.trust[1] * tie.trust[1]
            count += 2
    if count == 0:
        return 0.0
    mean = total / count
    return math.sqrt(max(0.0, squares / count - mean * mean)) if spread else mean


def trust_share(s: Any, low: float, high: float) -> float:
    """Share of directed possible ties of partners with low <= trust < high."""
    inside = 0
    count = 0
    backbone = s.organizations.shape[0] - 1
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        if tie.j != backbone:
            for side in range(2):
                if low <= tie.trust[side] < high:
                    inside += 1
            count += 2
    return inside / count if count > 0 else 0.0


def diffusing_collaboration(p: Any) -> float:
    """Joint work at which a practice passes with a chance of DIFFUSING a year."""
    if p.passing_by_collaboration <= 0.0:
        return 0.0 if p.passing_base >= math.log(DIFFUSING / (1.0 - DIFFUSING)) else math.inf
    return (math.log(DIFFUSING / (1.0 - DIFFUSING)) - p.passing_base) / p.passing_by_collaboration


def parts(s: Any, least: float, with_backbone: bool, diffusion: bool) -> Any:
    """(components, connected pairs of partners) of ties with contact, or joint work, >= least."""
    count = s.organizations.shape[0]
    backbone = count - 1
    root = np.arange(count)
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        strength = tie.collaboration if diffusion else tie.contact
        if strength >= least and tie.contact >= ANY and (with_backbone or tie.j != backbone):
            a, b = tie.i, tie.j
            while root[a] != a:
                root[a] = root[root[a]]
                a = root[a]
            while root[b] != b:
                root[b] = root[root[b]]
                b = root[b]
            root[max(a, b)] = min(a, b)
    size = np.zeros(count, np.int64)
    for i in range(backbone):
        if s.organizations[i].present == 1:
            a = i
            while root[a] != a:
                a = root[a]
            size[a] += 1
    pieces = 0
    pairs = 0
    for i in range(count):
        if size[i] > 0:
            pieces += 1
            pairs += size[i] * (size[i] - 1) // 2
    return pieces, pairs

"""Measures of the network of contact.

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


def present_partners(s: Any) -> int:
    """Partners that exist."""
    return s.organizations.shape[0] - 1 - s.initiative[0].gone


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
    """Share of possible pairs of existing organizations with contact of at least `least`."""
    whole = backbone_counts(s)
    backbone = s.organizations.shape[0] - 1
    all_here = s.initiative[0].gone == 0
    pairs = 0
    active = 0
    for t in range(s.ties.shape[0]):
        tie = s.ties[t]
        if whole or tie.j != backbone:
            if all_here or s.organizations[tie.i].present * s.organizations[tie.j].present == 1:
                pairs += 1
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

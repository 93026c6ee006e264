"""Common agenda: framings follow trusted contacts, facilitation and evidence, held back by origins.

Influence is `b ← b + rate · [(1 − s)·W b + s·b₀ − b]`, W the row-normalised weights of trusted contacts
and of oneself, s the pull of the own origin. Equilibrium (Friedkin–Johnsen): (I − (1 − s)W)⁻¹ s b₀;
DeGroot: s = 0, everyone counts; bounded confidence (Hegselmann–Krause): s = 0, only framings within
`openness` count. The default bounds confidence *and* keeps origins; with openness = 1 it is classical
Friedkin–Johnsen. Distance is ½‖·‖₁ in [0, 1]. The agenda can be wrong: nothing here knows the need but
the evidence.

Source: Friedkin & Johnsen 1990, DeGroot 1974, Hegselmann & Krause 2002; facilitation, assumption.
"""

from __future__ import annotations

import math
from typing import Any


def within_openness(trust: float, closeness: float, distance: float, p: Any) -> float:
    """Weight of a contact's framing: trust × closeness if not further than `openness`, else 0."""
    return trust * closeness if distance <= p.openness else 0.0


def everyone(trust: float, closeness: float, distance: float, p: Any) -> float:
    """Weight of a contact's framing: trust × closeness, however far its framing."""
    return trust * closeness


def rooted(p: Any) -> float:
    """Weight of the own origin: `stubbornness`."""
    return p.stubbornness


def rootless(p: Any) -> float:
    """Weight of the own origin: none."""
    return 0.0


def influenced(own: float, origin: float, pull: float, pull_weight: float, root: float, p: Any) -> float:
    """One component of a framing after influence; rows stay on the simplex (a convex mean of rows)."""
    mean = (p.self_weight * own + pull) / (p.self_weight + pull_weight)
    return own + p.influence_rate * ((1.0 - root) * mean + root * origin - own)


def facilitation(agenda_level: float, help_received: float, p: Any) -> float:
    """Share of the way to the emerging agenda that the agenda process takes a member this month."""
    aided = p.unaided_agenda + (1.0 - p.unaided_agenda) * help_received
    return p.facilitation_rate * agenda_level * aided


def evidence_pull(coverage: float, adoption: float, prototyping: float, engagement: float, p: Any) -> float:
    """Share of the way to the evidence taken this month: shared data used, or own prototypes."""
    strength = coverage * adoption
    return p.evidence_rate * (strength + (1.0 - strength) * prototyping * engagement)


def evidence_noise(coverage: float, prototyping: float, p: Any) -> float:
    """Log SD of the evidence: falls as 1/√(1 + gain · information) with what is pooled and tried."""
    information = coverage + p.prototype_information * prototyping
    return p.evidence_noise / math.sqrt(1.0 + p.evidence_gain * information)


def sighting(need: float, blind_spot: float, noise: float, z: float, p: Any) -> float:
    """Unnormalised share of a workstream as evidence shows it: need · exp(blind_indicators · blind spot + noise · z)."""
    return need * math.exp(p.blind_indicators * blind_spot + noise * z)


def towards(value: float, goal: float, part: float) -> float:
    """`value` moved a part of the way to `goal`."""
    return value + part * (goal - value)


RULES = {
    "influenced": influenced,
    "facilitation": facilitation,
    "evidence_pull": evidence_pull,
    "evidence_noise": evidence_noise,
    "sighting": sighting,
}
CHOICES: dict[str, dict[str, dict[str, Any]]] = {
    "influence": {
        "friedkin-johnsen": {"influence_weight": within_openness, "root": rooted},
        "bounded-confidence": {"influence_weight": within_openness, "root": rootless},
        "degroot": {"influence_weight": everyone, "root": rootless},
    }
}
SOURCES: dict[str, str] = {}
VARIANT_SOURCES: dict[tuple[str, str], dict[str, str]] = {
    ("influence", "friedkin-johnsen"): {
        "friedkin1990": "influence held back by the own origin",
        "hegselmann2002": "influence within openness only",
    },
    ("influence", "bounded-confidence"): {"hegselmann2002": "influence within openness only"},
    ("influence", "degroot"): {"degroot1974": "influence by averaging"},
}

"""Contact: what a meeting is worth, and how finite relational capacity is spent.

The worth of j to i is the sum of bilateral, convened and brokered contact. Capacity h is shared out by
worth, `h · v^γ / (Σ v^γ + o^γ)`, γ = `attention_focus` > 1, o = `outside_option`, and a pair meets at
the geometric mean of both shares. Contact with the backbone is what its staff can offer or the member wants,
whichever is less, and takes room from contact with partners. Merely summing small desires would put every pair in contact and none
weekly; competing for capacity makes a few strong ties and many absent ones.

Source: form, assumption (model.md §4.2, §10); relational capacity, Luke et al. 2013.
"""

from __future__ import annotations

import math
from typing import Any


def bilateral(
    trust: float,
    agreement: float,
    shared_work: float,
    collaboration: float,
    engagement: float,
    other_engagement: float,
    same_sector: float,
    affinity: float,
    p: Any,
) -> float:
    """Worth of bilateral work: affinity × trust × agreement × both engagements, with bonuses. >= 0.

    Zero if there is no trust, no agreement, or if either side gives nothing.
    """
    bonus = (
        (1.0 + p.sector_bonus * same_sector)
        * (1.0 + p.work_bonus * shared_work)
        * (1.0 + p.habit_bonus * collaboration)
    )
    return p.bilateral_rate * affinity * agreement * bonus * (engagement * other_engagement) * trust


def usual_affinity(popularity_i: float, popularity_j: float, p: Any) -> float:
    """Affinity that a pair's returns to: (popularity of both)^attraction; 1 for a pair of median popularity."""
    return math.pow(popularity_i * popularity_j, p.attraction)


def renewed_affinity(affinity: float, usual: float, z: float, p: Any) -> float:
    """Affinity of a pair after its yearly renewal: log AR(1) around the usual one, z a standard normal draw.

    Stationary log SD: `affinity_spread`.
    """
    kept = p.affinity_persistence
    shock = p.affinity_spread * math.sqrt(1.0 - kept * kept) * z
    return usual * math.pow(affinity / usual, kept) * math.exp(shock)


def convening(meetings: float, p: Any) -> float:
    """Strength of convened contact: concave in meetings a month, log(1 + meetings); 0 at none."""
    return p.convened_rate * math.log1p(meetings)


def convened(
    strength: float, attendance: float, other_attendance: float, shared_work: float, p: Any
) -> float:
    """Worth of meeting where both attend: a plenary part and a working-group part ∝ shared work."""
    group = p.working_group_share
    return strength * attendance * other_attendance * (1.0 - group + group * shared_work)


def brokered(help_i: float, help_j: float, p: Any) -> float:
    """Worth of an introduction by the backbone ∝ its help to both; 0 unless both work with it."""
    return p.broker_rate * help_i * help_j


def backbone_appetite(trust: float, engagement: float, member: float, p: Any) -> float:
    """Contacts a month that a member wants with the backbone ∝ trust in it and own engagement."""
    return p.backbone_pull * trust * engagement * member


def attention(worth: float, p: Any) -> float:
    """Weight of a contact in the competition for capacity: worth^γ; 0 at 0."""
    return math.pow(worth, p.attention_focus) if worth > 0.0 else 0.0


def share(capacity: float, total: float) -> float:
    """Contacts a month that capacity leaves for a unit of weight. `total` weight has the outside option, > 0."""
    return capacity / total


def meeting_frequency(share_i: float, share_j: float) -> float:
    """The pair meets at the geometric mean of what both would give; 0 if either gives nothing."""
    return math.sqrt(share_i * share_j)


def backbone_frequency(offered: float, appetite: float) -> float:
    """Contact with the backbone: what its staff can offer, or less if the partner wants less."""
    return min(offered, appetite)


def room_for_partners(capacity: float, backbone_contact: float) -> float:
    """Relational capacity that contact with the backbone leaves for partners."""
    return max(0.0, capacity - backbone_contact)


def next_contact(contact: float, wanted: float, p: Any) -> float:
    """Contact moves to what is wanted at `contact_rate`; a tie not worth its cost lapses to 0.

    Fixed point: `wanted` where wanted >= tie_cost, else 0.
    """
    target = wanted if wanted >= p.tie_cost else 0.0
    moved = contact + p.contact_rate * (target - contact)
    return 0.0 if target == 0.0 and moved < p.tie_cost else moved


def contacts_in_month(contact: float, silence: float, u: float) -> int:
    """Poisson count with mean `contact`, by inversion of the uniform draw u; silence = exp(-contact)."""
    count = 0
    chance = silence
    cumulative = silence
    while u > cumulative and count < 2000:
        count += 1
        chance = chance * contact / count
        cumulative += chance
    return count


RULES = {
    "bilateral": bilateral,
    "usual_affinity": usual_affinity,
    "renewed_affinity": renewed_affinity,
    "convening": convening,
    "convened": convened,
    "brokered": brokered,
    "backbone_appetite": backbone_appetite,
    "attention": attention,
    "share": share,
    "meeting_frequency": meeting_frequency,
    "backbone_frequency": backbone_frequency,
    "room_for_partners": room_for_partners,
    "next_contact": next_contact,
    "contacts_in_month": contacts_in_month,
}
CHOICES: dict[str, dict[str, dict[str, Any]]] = {}
SOURCES: dict[str, str] = {"luke2013": "contacts that a partner sustains"}
VARIANT_SOURCES: dict[tuple[str, str], dict[str, str]] = {}

"""Backbone: help passes through its ties, is limited by staff, and is worth as much as it is trusted.

`help = skill · T · (1 − exp(−4 · focus · c))`: with an even focus (1/4 each) this is model.md's
`T · (1 − exp(−c))`. With few staff and many partners c falls, and help with it: the bottleneck.

Source: four functions, Turner et al. 2012; bottleneck, Bitterman & Koliba 2020; form, assumption.
"""

from __future__ import annotations

import math
from typing import Any


def offered_contact(staff: float, reached: int, p: Any) -> float:
    """Contacts a month that staff can offer each of `reached` members: spread evenly; 0 if none."""
    return staff * p.contacts_per_fte / reached if reached > 0 else 0.0


def backbone_help(trust: float, contact: float, focus: float, p: Any) -> float:
    """Help with one function, in [0, 1): `focus` is the share of staff time on it. 0 without contact."""
    return p.backbone_skill * trust * (1.0 - math.exp(-4.0 * focus * contact))


RULES = {"offered_contact": offered_contact, "backbone_help": backbone_help}
CHOICES: dict[str, dict[str, dict[str, Any]]] = {}
SOURCES: dict[str, str] = {
    "turner2012": "the functions of a backbone",
    "bitterman2020": "a centre with little capacity is a bottleneck",
}
VARIANT_SOURCES: dict[tuple[str, str], dict[str, str]] = {}

"""The patterns that cisim is held to, one module a subject; `PATTERNS` has all by number."""

from __future__ import annotations

from cisim.evidence.pattern import Pattern
from cisim.evidence.patterns.diffusion import INFORMATION, PASSING
from cisim.evidence.patterns.inclusion import BOTTLENECK, PHASED_INCLUSION, SURVIVAL
from cisim.evidence.patterns.measured import MEASUREMENT
from cisim.evidence.patterns.structure import BACKBONE_LOST, CONTACT_AND_WORK, DENSITY, HUB
from cisim.evidence.patterns.success import BOUNDS, EFFECTIVENESS, INTERACTION, ORDER
from cisim.evidence.patterns.ties import AGE, FORMATION, TURNOVER
from cisim.evidence.patterns.trust import UNTREATED_TRUST

__all__ = ["PATTERNS"]

PATTERNS: dict[int, Pattern] = {
    pattern.number: pattern
    for pattern in (
        HUB, DENSITY, CONTACT_AND_WORK, PASSING, TURNOVER, FORMATION, UNTREATED_TRUST, AGE, BACKBONE_LOST,
        EFFECTIVENESS, ORDER, SURVIVAL, INTERACTION, INFORMATION, MEASUREMENT, PHASED_INCLUSION, BOTTLENECK, BOUNDS,
    )
}  # fmt: skip

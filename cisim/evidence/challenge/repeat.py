"""The lines of `cisim run` that repeat a point: one for each side of the claim."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from cisim.errors import SpecError
from cisim.evidence.claims.claim import Claim, Side

__all__ = ["Line", "lines"]


@dataclass(frozen=True)
class Line:
    """A command, and the month of which its results show the figures of the claim."""

    command: str
    at_the_end: bool


def lines(claim: Claim, settings: Mapping[str, float], replicates: int, seed: int) -> tuple[Line, ...]:
    """The commands that run the claim's sides at these settings, in the same worlds.

    A run ends in the month of the claim, so that its table shows it; unless events come later, or the claim is of
    month 0: then the month has to be looked up in what --out writes.
    """
    return tuple(_line(claim, side, settings, replicates, seed) for side in claim.sides)


def _line(claim: Claim, side: Side, settings: Mapping[str, float], replicates: int, seed: int) -> Line:
    parts = ["cisim", "run", side.told]
    for name, value in {**settings, **side.settings}.items():
        parts += ["--set", f"{name}={value}"]
    shown = _can_end(claim.month, side)
    if shown and claim.month != side.scenario.months:
        parts += ["--months", str(claim.month)]
    parts += ["--replicates", str(replicates), "--seed", str(seed), "--measures", claim.measure]
    return Line(shlex.join(parts), shown)


def _can_end(month: int, side: Side) -> bool:
    """True if the scenario can end in this month."""
    if month < 1:
        return False
    try:
        side.scenario.replace(months=month)
    except SpecError:
        return False
    return True

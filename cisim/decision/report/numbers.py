"""Figures with their intervals, as a reader sees them: no figure without an interval, no digit that chance decides."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cisim.decision.estimates import Estimate
from cisim.decision.report.document import Number, Text

__all__ = ["COUNT", "MONTHS", "PERCENT", "Unit", "decimals_for", "figure", "money", "plain"]

MINUS = "\N{MINUS SIGN}"
MOST_DECIMALS = 4
NEVER = "cannot be told"


@dataclass(frozen=True)
class Unit:
    """How a figure is shown: times `factor`, with `word` after it; most: decimals that a reader can use."""

    factor: float
    word: str
    most: int = MOST_DECIMALS


PERCENT = Unit(100.0, " %", 2)
MONTHS = Unit(1.0, " months", 1)
COUNT = Unit(1.0, "", 4)


def money(currency: str, size: float) -> Unit:
    """Money in millions, thousands or single units, by the size of what is told."""
    if abs(size) >= 1e6:
        return Unit(1e-6, f" million {currency}", 3)
    if abs(size) >= 1e4:
        return Unit(1e-3, f" thousand {currency}", 1)
    return Unit(1.0, f" {currency}", 0)


def figure(
    of: str,
    told: Estimate,
    unit: Unit = COUNT,
    *,
    sign: bool = False,
    named: bool = False,
    bare: bool = False,
) -> Text:
    """A figure with the ends of its interval, or words where it has none.

    of: what it is of. sign: with a plus where it is above 0. named: the interval is called by its name. bare: without
    the unit, for a column whose head tells it.
    """
    if not told.bounded:
        return (NEVER,)
    word = "" if bare else unit.word
    value, low, high = (end * unit.factor for end in (told.value, told.low, told.high))
    if low == high:
        text = plain(value, min(unit.most, decimals_for(value, value, value)))
        plus = "+" if sign and value > 0 else ""
        return (Number(of, told.value, f"{plus}{text}"), f"{word} (in every world)")
    decimals = min(unit.most, decimals_for(low, high, value))
    first = plain(value, decimals)
    if sign and value > 0 and first.strip("0.,"):
        first = f"+{first}"
    middle = Number(of, told.value, first)
    ends = [
        Number(f"{of}, {end} end", at, plain(at * unit.factor, decimals))
        for end, at in (("low", told.low), ("high", told.high))
    ]
    lead = "95 % interval " if named else ""
    return (middle, f"{word} ({lead}", ends[0], " to ", ends[1], f"{word})")


def decimals_for(low: float, high: float, value: float) -> int:
    """Decimals that show the first digit of an interval's half-width; three digits of the value if it has no width."""
    width = (high - low) / 2
    size = width if width > 0 else abs(value) / 100
    if not math.isfinite(size) or size <= 0:
        return 0
    return min(MOST_DECIMALS, max(0, math.ceil(-math.log10(size) - 1e-12)))


def plain(value: float, decimals: int) -> str:
    """A number with a real minus sign and thousands apart; never minus zero."""
    text = f"{abs(value):,.{decimals}f}"
    return MINUS + text if value < 0 and text.strip("0.,") else text

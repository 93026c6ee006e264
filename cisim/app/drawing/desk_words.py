"""Differences between plans in honest sentences: with interval, with the number of worlds, never stronger."""

from __future__ import annotations

import math

from cisim.app.drawing.desk_outcomes import DeskOutcome

__all__ = [
    "chance_sentence",
    "decimals_for",
    "difference_sentence",
    "number",
    "reached_sentence",
    "share_text",
    "signed",
]

MINUS = "\N{MINUS SIGN}"
MOST_DECIMALS = 4


def decimals_for(low: float | None, high: float | None, value: float = 1.0) -> int:
    """Decimals that show the first digit of an interval's half-width; of the value itself where it has no width."""
    width = 0.0 if low is None or high is None else (high - low) / 2
    size = width if width > 0 else abs(value) / 10
    if not math.isfinite(size) or size <= 0:
        return 2
    return min(MOST_DECIMALS, max(0, math.ceil(-math.log10(size))))


def number(value: float, decimals: int) -> str:
    """A number as it is printed, with a real minus sign and thousands apart."""
    text = f"{abs(value):,.{decimals}f}"
    return text if float(text.replace(",", "")) == 0 or value >= 0 else MINUS + text


def signed(value: float, decimals: int) -> str:
    """A number with its sign."""
    text = number(value, decimals)
    return text if text.startswith(MINUS) or not text.strip("0.,") else "+" + text


def share_text(share: float, low: float, high: float, worlds: int) -> str:
    """A share of worlds as a count, with its interval."""
    return f"{round(share * worlds)} of {worlds} worlds (95 % interval {100 * low:.0f} to {100 * high:.0f} %)"


def difference_sentence(
    names: tuple[str, str],
    outcome: DeskOutcome,
    interval: tuple[float, float | None, float | None],
    share: tuple[float, float, float],
    worlds: int,
    when: str,
) -> str:
    """What plan B changes in one outcome, b less a.

    when: "" for the end, else "In month 60". share: of worlds in which B is better (higher, where neither is
    better), with its Wilson interval. An interval without ends: too few worlds.
    """
    value, low, high = interval
    a, b = names
    if low is None or high is None:
        return f"One world alone shows no difference in {outcome.noun}: run more replicates."
    start = f"{when}, " if when else ""
    if low == high == 0:
        return _capital(f"{start}{b} and {a} are alike in {outcome.noun} in each of {worlds} worlds.")
    decimals = decimals_for(low, high, value)
    in_worlds = f"{_word(outcome)} in {share_text(*share, worlds)}"
    if low <= 0 <= high:
        ends = f"95 % interval {number(low, decimals)} to {number(high, decimals)}"
        size = number(value, decimals)
        told = f"{b} less {a} is {size}{_of(outcome.unit, size)} ({ends})"
        return _capital(f"{start}no difference in {outcome.noun} can be told: {told}; {b} is {in_worlds}.")
    first, last = (low, high) if value > 0 else (-high, -low)
    ends = f"95 % interval {number(first, decimals)} to {number(last, decimals)}"
    way = "higher" if value > 0 else "lower"
    size = number(abs(value), decimals)
    much = f"{size}{_of(outcome.unit, size)} {way}"
    return f"{start}{b} {'is' if when else 'ends'} {much} in {outcome.noun} ({ends}); it is {in_worlds}."


def chance_sentence(
    names: tuple[str, str], interval: tuple[float, float | None, float | None], month: int
) -> str:
    """How many more worlds in a hundred reach the target by a month under plan B."""
    value, low, high = interval
    a, b = names
    if low is None or high is None:
        return "One world alone shows no chance: run more replicates."
    if low <= 0 <= high:
        ends = f"95 % interval {_more(low)} to {_more(high)}"
        told = f"{_more(value)} of 100 worlds under {b} than under {a} ({ends})"
        return f"By month {month} no difference in reaching the target can be told: {told}."
    first, last = (low, high) if value > 0 else (-high, -low)
    ends = f"95 % interval {number(100 * first, 0)} to {number(100 * last, 0)}"
    return (
        f"By month {month}, {_more(value)} of 100 worlds reach the target under {b} than under {a} ({ends})."
    )


def _more(share: float) -> str:
    size = number(100 * abs(share), 0)
    return f"{size} {'fewer' if share < 0 and size != '0' else 'more'}"


def reached_sentence(
    names: list[str], shares: list[tuple[float, float, float]], worlds: int, month: int
) -> str:
    """How often each plan reaches the target by a month."""
    told = [f"{name} in {share_text(*share, worlds)}" for name, share in zip(names, shares, strict=True)]
    return f"The target is reached by month {month}: {'; '.join(told)}."


def _word(outcome: DeskOutcome) -> str:
    if outcome.tier == "cost":
        return "cheaper"
    return "better" if outcome.better else "higher"


def _of(unit: str, size: str) -> str:
    """The unit after a number, singular after 1; a share has none."""
    if not unit or "share" in unit:
        return ""
    return f" {unit.removesuffix('s') if size.lstrip(MINUS) == '1' and ' ' not in unit else unit}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

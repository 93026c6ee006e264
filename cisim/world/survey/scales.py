"""What an answer stands for: contacts a month, a share of joint work, a share of trust.

A scale is a table of answers, or a range of numbers, or both. The values of the named scales for
contact are contacts a month: the yearly counts 1, 4, 12, 50, 250 of the Indiana survey over twelve.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from cisim.errors import did_you_mean
from cisim.world.survey.faults import Unreadable

__all__ = [
    "COLLABORATION_SCALES",
    "CONTACT_SCALES",
    "Scale",
    "collaboration_scale",
    "contact_scale",
    "fold",
    "number",
    "ranks",
    "trust_scale",
]

YEARLY, QUARTERLY, MONTHLY, WEEKLY, DAILY = (times / 12 for times in (1, 4, 12, 50, 250))
MOST_CONTACTS = 1000.0
"""More contacts a month between two organizations are taken for a slip."""

FREQUENCY = {
    "never": 0.0,
    "yearly": YEARLY,
    "annually": YEARLY,
    "quarterly": QUARTERLY,
    "monthly": MONTHLY,
    "weekly": WEEKLY,
    "daily": DAILY,
}
CODES = {str(code): times for code, times in enumerate((0.0, YEARLY, QUARTERLY, MONTHLY, WEEKLY, DAILY))}
CRISIS = {
    "never": 0.0,
    "daily or less": QUARTERLY,
    "every few hours": MONTHLY,
    "hourly": WEEKLY,
    "continuous": DAILY,
}
NAMED = {"0": 0.0, "no": 0.0, "false": 0.0, "1": 1.0, "yes": 1.0, "true": 1.0, "x": 1.0}
LEVELS = {"none": 0.0, "informal": 1 / 3, "formal": 2 / 3, "several projects": 1.0}

CONTACT_SCALES = {
    "frequency": "never, yearly, quarterly, monthly, weekly, daily = 0, 1/12, 1/3, 1, 50/12, 250/12",
    "codes": "0, 1, 2, 3, 4, 5 = never, yearly, quarterly, monthly, weekly, daily",
    "named": "0 or 1 (no, yes): named or not; a named tie stands for `named` contacts a month (an "
    "assumption: ties.named)",
    "crisis": "daily or less, every few hours, hourly, continuous = 1/3, 1, 50/12, 250/12: the tempo of a "
    "crisis read, rank by rank, as the tempo of a coalition (an assumption)",
    "contacts": f"numbers: contacts a month, 0 to {MOST_CONTACTS:g}",
}
COLLABORATION_SCALES = {
    "levels": "none, informal, formal, several projects = 0, 1/3, 2/3, 1",
    "share": "numbers from 0 to 1",
    "ranks": "the numbers that occur, in order, evenly spaced from 0 to 1",
}

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def fold(text: str) -> str:
    """An answer without regard to case, blanks and underscores."""
    return " ".join(text.replace("_", " ").split()).casefold()


def number(text: str, *, decimal_comma: bool = False) -> float:
    """The number in a cell; a decimal comma counts where the file's separator is not a comma."""
    plain = text.replace("−", "-")
    if decimal_comma and plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        hint = " Write it with a decimal point and no thousands mark." if "," in text else ""
        hint = hint or " If it means no answer, name it in `missing`."
        raise Unreadable(f"{text!r} is not a number.{hint}")
    return float(plain)


@dataclass(frozen=True)
class Scale:
    """Answers and what they stand for. `least` to `most` also reads numbers, moved to 0..1 if `unit`."""

    name: str
    table: Mapping[str, float] = field(default_factory=dict)
    least: float | None = None
    most: float | None = None
    unit: bool = False

    def read(self, text: str, *, decimal_comma: bool = False) -> float:
        """The value of one answer; Unreadable names what is allowed and the nearest known answer."""
        known = {fold(answer): value for answer, value in self.table.items()}
        if fold(text) in known:
            return known[fold(text)]
        if self.least is not None and self.most is not None:
            return self._in_range(text, self.least, self.most, decimal_comma)
        if (value := _same_number(text, known, decimal_comma)) is not None:
            return value
        near = did_you_mean(fold(text), known)
        raise Unreadable(
            f"{text!r} is not an answer of the scale {self.name!r}; allowed: {', '.join(known)}."
            + ("" if near.startswith(" Known") else near)
        )

    def _in_range(self, text: str, least: float, most: float, decimal_comma: bool) -> float:
        value = number(text, decimal_comma=decimal_comma)
        if not min(least, most) <= value <= max(least, most):
            raise Unreadable(f"{text!r} is off the scale {self.name!r}; allowed is {least:g} to {most:g}.")
        return (value - least) / (most - least) if self.unit else value


def _same_number(text: str, known: Mapping[str, float], decimal_comma: bool) -> float | None:
    """The value of an answer that is the same number as a known one: 1.0 for 1, as spreadsheets write."""
    given = _maybe(text, decimal_comma)
    if given is None:
        return None
    return next((value for answer, value in known.items() if _maybe(answer, False) == given), None)


def _maybe(text: str, decimal_comma: bool) -> float | None:
    try:
        return number(text, decimal_comma=decimal_comma)
    except Unreadable:
        return None


def contact_scale(
    chosen: str | Mapping[str, float] | None, answers: Collection[str], named: float, decimal_comma: bool
) -> Scale:
    """The scale for contact: the chosen one, else the first that reads every answer."""
    scales = {
        "frequency": Scale("frequency", FREQUENCY),
        "named": Scale("named", {answer: value * named for answer, value in NAMED.items()}),
        "crisis": Scale("crisis", CRISIS),
        "contacts": Scale("contacts", least=0.0, most=MOST_CONTACTS),
        "codes": Scale("codes", CODES),
    }
    if isinstance(chosen, str):
        return scales[chosen]
    if chosen is not None:
        return Scale("given in the map", chosen)
    return _first_reader(scales.values(), answers, decimal_comma)


def collaboration_scale(
    chosen: str | Mapping[str, float] | None, answers: Collection[str], decimal_comma: bool
) -> Scale:
    """The scale for collaboration: the chosen one, else the first that reads every answer."""
    scales = {
        "levels": Scale("levels", LEVELS),
        "share": Scale("share", least=0.0, most=1.0),
        "ranks": ranks(answers, decimal_comma),
    }
    if isinstance(chosen, str):
        return scales[chosen]
    if chosen is not None:
        return Scale("given in the map", chosen)
    return _first_reader(scales.values(), answers, decimal_comma)


def trust_scale(ends: tuple[float, float]) -> Scale:
    """A trust item from `ends[0]` (no trust) to `ends[1]` (full trust), read as 0 to 1."""
    return Scale("trust", least=ends[0], most=ends[1], unit=True)


def ranks(answers: Iterable[str], decimal_comma: bool) -> Scale:
    """The numbers that occur, evenly spaced from 0 (the lowest) to 1 (the highest)."""
    values = {answer: _maybe(answer, decimal_comma) for answer in answers}
    order = sorted({value for value in values.values() if value is not None})
    steps = max(len(order) - 1, 1)
    table = {answer: order.index(value) / steps for answer, value in values.items() if value is not None}
    return Scale("ranks", table)


def _first_reader(scales: Iterable[Scale], answers: Collection[str], decimal_comma: bool) -> Scale:
    """The first scale that reads all answers; if none does, the one that reads most of them."""

    def unread(scale: Scale) -> int:
        return sum(not _reads(scale, answer, decimal_comma) for answer in answers)

    return min(scales, key=unread)


def _reads(scale: Scale, answer: str, decimal_comma: bool) -> bool:
    try:
        scale.read(answer, decimal_comma=decimal_comma)
    except Unreadable:
        return False
    return True

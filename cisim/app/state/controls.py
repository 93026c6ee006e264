"""Sliders and rows of the drawer, made from the declared numbers; a new parameter needs nothing here."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from cisim.app.protocol import Control
from cisim.theory.parameters import LEVERS, UNCERTAINTIES, Parameter
from cisim.theory.sources import ASSUMPTION, SOURCES, Source

__all__ = ["CONDITIONS", "declared_controls", "label_of", "short_reference", "step_of", "value_in_words"]  # fmt: skip

CONDITIONS = MappingProxyType(
    {
        "agenda": "Common agenda",
        "measurement": "Shared measurement",
        "coordination": "Mutually reinforcing activities",
        "meetings": "Continuous communication",
        "backbone_staff": "Backbone support",
        "pooled_funding": "Funding for delivery",
    }
)
"""The five conditions of collective impact and funding, by lever, as a room calls them (Kania and Kramer 2011)."""

_LABELS = {"funded": "Core funding", "focus_agenda": "Backbone time: agenda"} | {
    f"focus_{what}": f"Backbone time: {what}" for what in ("activities", "measurement", "communication")
}
_STEPS = (5.0, 2.0, 1.0)


def label_of(name: str) -> str:
    """A lever or parameter in words: as a room calls it, or else its own name."""
    words = name.replace("_", " ").replace("fte", "FTE")
    return CONDITIONS.get(name) or _LABELS.get(name) or f"{words[0].upper()}{words[1:]}"


def value_in_words(declared: Parameter, value: float) -> str:
    """A value with its unit, where the unit says more than the label."""
    shown = f"{value:.4g}"
    return shown if declared.unit in ("level", "share", "ratio", "exponent") else f"{shown} {declared.unit}"


@cache
def declared_controls() -> Mapping[str, Control]:
    """Every lever and uncertainty at its default, by name."""
    return MappingProxyType({name: _declared(entry) for name, entry in (LEVERS | UNCERTAINTIES).items()})


def _declared(entry: Parameter) -> Control:
    source = SOURCES.get(entry.basis)
    return Control(
        name=entry.name,
        label=label_of(entry.name),
        meaning=_meaning(entry),
        value=entry.default,
        default=entry.default,
        low=entry.low,
        high=entry.high,
        least=entry.least,
        most=entry.most,
        step=step_of(entry.low, entry.default, entry.high),
        unit=entry.unit,
        part="condition" if entry.name in CONDITIONS else entry.part,
        basis=ASSUMPTION if source is None else short_reference(source),
        reference="" if source is None else str(source),
        changed=False,
        opened=entry.default,
        drawn=None,
    )


def _meaning(entry: Parameter) -> str:
    """What it means, also where the declaration goes on from the base of the same sum ("… per unit of help")."""
    start, by, _ = entry.name.partition("_by_")
    base = UNCERTAINTIES.get(f"{start}_base")
    if not entry.meaning.startswith("… ") or not by or base is None:
        return entry.meaning
    sum_of = base.meaning.partition(":")[0] if ":" in base.meaning else start.replace("_", " ")
    return f"{sum_of}: {entry.meaning[2:]}"


def step_of(low: float, default: float, high: float) -> float:
    """The largest round step of at least 20 to a slider on which its ends and the default lie."""
    width = high - low
    for power in range(math.floor(math.log10(width / 20)), -6, -1):
        for step in (round(first * 10.0**power, 6) for first in _STEPS):
            if step <= width / 20 and all(_on(end, low, step) for end in (default, high)):
                return step
    return width / 100


def _on(value: float, low: float, step: float) -> bool:
    steps = (value - low) / step
    return abs(steps - round(steps)) < 1e-6


def short_reference(source: Source) -> str:
    """A source as it is cited in a line: surnames of one or two authors, or the first one's, and the year."""
    people = re.findall(r"([^,]+), (?:[A-Z]\.[ -]?)+", source.authors)
    surnames = [re.sub(r"^\s*(and )?", "", person) for person in people]
    if not surnames:
        return f"{source.authors.removesuffix(' and others')} {source.year}"
    if "and others" in source.authors or len(surnames) > 2:
        return f"{surnames[0]} et al. {source.year}"
    return f"{' and '.join(surnames)} {source.year}"

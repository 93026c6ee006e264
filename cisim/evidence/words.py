"""Verdicts, bands and draws in plain words, for readers who do not model."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cisim.evidence.pattern import ABOVE_NOTHING, Band, Figure
from cisim.evidence.predictive import Predictive, shown_by
from cisim.evidence.validation import Verdict
from cisim.theory.sources import ASSUMPTION
from cisim.world.posterior import Posterior

__all__ = [
    "DEFAULTS", "TOLD", "Evidence", "Worlds", "band_in_words", "carried", "how_chosen", "in_one_sentence", "number",
    "told_ends",
]  # fmt: skip

WHOLE = 1.0
"""An end of a band that is as far off says nothing beyond the sign."""
TOLD = {"holds": "holds", "fails": "does not hold", "undecided": "not clear yet"}
_VERDICTS = {
    "holds": "this holds", "fails": "this does not hold", "undecided": "it is not clear yet whether this holds",
}  # fmt: skip


@dataclass(frozen=True)
class Worlds:
    """What verdicts were run with, and what is shown beside it: in a sentence, in its beginning, beside a picture."""

    run_with: str
    begin: str
    mark: str
    others: str
    other_marks: str


DEFAULTS = Worlds(
    "the shipped defaults", "With the default settings", "defaults", "other plausible settings", "others"
)


@dataclass(frozen=True)
class Evidence:
    """Verdicts, and by the number of the pattern its figures with draws of this posterior."""

    verdicts: tuple[Verdict, ...]
    predicted: Mapping[int, Sequence[Predictive]]
    posterior: Posterior
    worlds: Worlds = DEFAULTS


def carried(name: str) -> Worlds:
    """Verdicts run with the draws of a posterior themselves, one a replicate."""
    return Worlds(f"the draws of {name}", "With all draws together", "all draws", "single draws", "draws")


def in_one_sentence(verdict: Verdict, predicted: Sequence[Predictive], worlds: Worlds = DEFAULTS) -> str:
    """What the verdict on a pattern is, and how many other settings show it."""
    draws = len(predicted[0].values)
    shown = shown_by(predicted)
    count = {0: "none", draws: "all"}.get(shown, str(shown))
    where = " in every row" if len(predicted) > 1 else ""
    verb = "shows" if shown in (0, 1) else "show"
    return (
        f"{worlds.begin} {_VERDICTS[verdict.status]}. Of {draws} {worlds.others}, {count} {verb} it{where}."
    )


def how_chosen(number: int, fitted: Collection[int] | None) -> str:
    """Whether draws were chosen with an eye to the pattern of this number; fitted: those that were looked at."""
    if fitted is None:
        return ""
    if number in fitted:
        return "Calibration chose these settings to come near this pattern, among others."
    return "Calibration chose these settings without a look at this pattern."


def band_in_words(figure: Figure) -> str:
    """What is known of a figure, or what we take to be known, on the scale of its picture."""
    band = figure.band
    told = "we assume" if band.basis == ASSUMPTION else "known"
    return f"{told}: {_range(figure, band)}"


def told_ends(band: Band) -> tuple[float, float]:
    """The ends of a band that say something; infinite is one that only a sign leaves far off."""
    low = -math.inf if band.high == -ABOVE_NOTHING and band.low <= -WHOLE else band.low
    return low, math.inf if band.low == ABOVE_NOTHING and band.high >= WHOLE else band.high


def number(figure: Figure, value: float, digits: int = 3) -> str:
    """A value of the figure on the scale of its picture."""
    if math.isnan(value):
        return "no value"
    scaled = f"{100 * value if figure.percent else value:.{digits}g}".replace("inf", "∞").replace("-", "−")
    return f"{scaled} %" if figure.percent else scaled


def _range(figure: Figure, band: Band) -> str:
    ends = told_ends(band)
    low, high = (number(figure, end) for end in ends)
    least = "above 0" if band.low == ABOVE_NOTHING else f"at least {low}"
    most = "below 0" if band.high == -ABOVE_NOTHING else f"at most {high}"
    if math.isinf(ends[0]) or math.isinf(ends[1]):
        return most if math.isinf(ends[0]) else least
    if ABOVE_NOTHING in (band.low, -band.high):
        return f"{least}, {most}"
    return f"{low.removesuffix(' %')} to {high}"

"""A picture of each pattern for readers who do not model: what is known, the defaults, other plausible settings."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from cisim.evidence.words import DEFAULTS, TOLD, Worlds, band_in_words, in_one_sentence, number, told_ends
from cisim.insight.drawing import COLOURS, GREY, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from cisim.evidence.pattern import Estimate
    from cisim.evidence.predictive import Predictive
    from cisim.evidence.validation import Verdict

__all__ = ["picture"]

WIDTH, HEAD, FOOT, ROW, STRIPS = 8.2, 0.42, 0.70, 1.38, 0.74  # inches
LEFT, START, END, RIGHT = 0.02, 0.45, 0.80, 0.82  # of the width: words, axes from and to, verdicts
LETTERS, LINES, TITLE, SENTENCE = 37, 5, 80, 112
LINE = {"title": 0.21, "words": 0.17, "small": 0.155}
"""Height of a line of text, inches."""
FAR = 8.0
"""An end of a band so many times further than the nearer end and the interval is not shown."""
EDGE = 0.02
"""Share of the draws at either end that may lie beyond the axis, where a triangle stands for them."""
DEFAULT_AT, DRAWS_AT, SPREAD_AT = 0.82, 0.41, 0.07
"""Heights of the defaults, of the draws and of their spread in a row, from 0 to 1."""
STACK, STEP, BINS = 0.40, 0.068, 70
"""Height that draws in one place may take, the step from one to the next, places along an axis."""
BAND, FITS, MISSES = "#CBE6DD", COLOURS[0], COLOURS[1]
MARKS = {"holds": "✓", "fails": "✗", "undecided": "?"}
SIZES = {"title": 12.5, "words": 9.6, "small": 8.6}


def picture(
    verdict: Verdict, predicted: Sequence[Predictive], worlds: Worlds = DEFAULTS, chosen: str = ""
) -> Canvas:
    """A row a figure, each on a scale of its own, under a title and a sentence that says what they show.

    chosen: in words, how the draws came about.
    """
    count = len(verdict.estimates)
    head = {
        "title": textwrap.wrap(f"{verdict.pattern.number}. {verdict.pattern.says}", TITLE),
        "words": textwrap.wrap(in_one_sentence(verdict, predicted, worlds), SENTENCE),
        "small": textwrap.wrap(chosen, SENTENCE),
    }
    height = HEAD + sum(LINE[size] * len(lines) for size, lines in head.items()) + ROW * count + FOOT
    canvas = Canvas(figsize=(WIDTH, height), facecolor="white")
    FigureCanvasAgg(canvas)
    _head(canvas, head)
    for at, (estimated, found) in enumerate(zip(verdict.estimates, predicted, strict=True)):
        axes = _row(canvas, FOOT + ROW * (count - 1 - at) + 0.46, estimated, found)
        axes.set_yticks([DEFAULT_AT, DRAWS_AT], [worlds.mark, f"{len(found.values)} {worlds.other_marks}"])
    _key(canvas, predicted, worlds)
    return canvas


def _head(canvas: Canvas, head: Mapping[str, Sequence[str]]) -> None:
    """The lines at the top, by size."""
    height = canvas.get_figheight()
    top = height - 0.12
    looks = {"title": {"weight": "bold"}, "small": {"color": GREY}}
    for size, lines in head.items():
        _text(canvas, LEFT, top / height, "\n".join(lines), size=size, va="top", **looks.get(size, {}))
        top -= 0.08 + LINE[size] * len(lines)


def _row(canvas: Canvas, bottom: float, estimated: Estimate, found: Predictive) -> Axes:
    """One figure: words to the left, strips with their axis, verdicts to the right. bottom: of the strips, inches."""
    height = canvas.get_figheight()
    axes = canvas.add_axes((START, bottom / height, END - START, STRIPS / height))
    _frame(axes, estimated, found)
    _band(axes, estimated)
    _draws(axes, found)
    _defaults(axes, estimated)
    upper, lower = ((bottom + STRIPS * at) / height for at in (DEFAULT_AT, DRAWS_AT))
    words = textwrap.fill(estimated.figure.says, LETTERS, max_lines=LINES, placeholder=" …")
    _text(canvas, LEFT, (bottom + STRIPS) / height, words, size="words", va="top")
    below = bottom + STRIPS - 0.05 - LINE["words"] * (words.count("\n") + 1)
    _text(canvas, LEFT, below / height, band_in_words(estimated.figure), color=GREY, va="top")
    told = f"{MARKS[estimated.status]} {TOLD[estimated.status]}"
    _text(canvas, RIGHT, upper, told, size="words", weight="bold")
    _text(canvas, RIGHT, lower, f"{int(found.inside.sum())} of {len(found.values)} fit")
    return axes


def _text(canvas: Canvas, x: float, y: float, words: str, size: str = "small", **how: Any) -> None:
    canvas.text(x, y, words, fontsize=SIZES[size], **{"va": "center", "color": INK, **how})


def _frame(axes: Axes, estimated: Estimate, found: Predictive) -> None:
    """The scale of a row and what it counts."""
    low, high = _ends(estimated, found)
    axes.set_xlim(low, high)
    axes.set_ylim(0, 1)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#999999")
    axes.tick_params(labelsize=SIZES["small"], colors=INK, length=3)
    axes.tick_params(axis="y", length=0, labelcolor=GREY)
    axes.locator_params(axis="x", nbins=5)
    figure = estimated.figure
    axes.xaxis.set_major_formatter(lambda value, _: number(figure, value, 6))
    axes.set_xlabel(figure.axis or figure.unit, fontsize=SIZES["small"], color=GREY, labelpad=1.5)


def _ends(estimated: Estimate, found: Predictive) -> tuple[float, float]:
    """From and to where the axis goes: the defaults, nearly all draws, what was seen, the band as far as it helps."""
    ends = [estimated.low, estimated.high, estimated.value, *_edges(estimated)]
    ends += [] if estimated.figure.seen is None else [estimated.figure.seen]
    finite = found.values[np.isfinite(found.values)]
    ends += np.quantile(finite, (EDGE, 1 - EDGE)).tolist() if finite.size else []
    ends = [end for end in ends if math.isfinite(end)] or [0.0, 1.0]
    low, high = min(ends), max(ends)
    room = 0.06 * (high - low) if high > low else 0.1
    more_low, more_high = (1 if math.isfinite(end) else 3 for end in told_ends(estimated.figure.band))
    return low - more_low * room, high + more_high * room


def _edges(estimated: Estimate) -> list[float]:
    """The ends of the band to show: the nearer one, and the other unless it would squeeze the rest to a point."""
    found = sorted(told_ends(estimated.figure.band), key=lambda edge: abs(edge - estimated.value))
    near = abs(found[0] - estimated.value) + estimated.high - estimated.low
    far = abs(found[1] - estimated.value)
    return found if math.isfinite(far) and (near == 0 or far <= FAR * near) else found[:1]


def _band(axes: Axes, estimated: Estimate) -> None:
    """What is known, as far as the axis goes, with a line at each end that lies on it."""
    low, high = axes.get_xlim()
    ends = told_ends(estimated.figure.band)
    axes.axvspan(max(ends[0], low), min(ends[1], high), color=BAND, linewidth=0, zorder=1)
    for edge in ends:
        if low < edge < high:
            axes.axvline(edge, color="#5FA591", linewidth=0.9, zorder=2)


def _defaults(axes: Axes, estimated: Estimate) -> None:
    """The figure with the defaults and its 95 % interval; what was seen in real coalitions."""
    axes.plot([estimated.low, estimated.high], [DEFAULT_AT] * 2, **_MARGIN, zorder=4)
    axes.plot([estimated.value], [DEFAULT_AT], **_DEFAULTS, zorder=5)
    if (seen := estimated.figure.seen) is not None:
        axes.plot([seen], [DEFAULT_AT], **_SEEN, zorder=6)


def _draws(axes: Axes, found: Predictive) -> None:
    """A mark a draw, filled where it fits; below them 10 % to 90 % and the median. Beyond the axis: a triangle."""
    low, high = axes.get_xlim()
    left, middle, right = found.spread
    if not math.isnan(middle):
        axes.plot(np.clip([left, right], low, high), [SPREAD_AT] * 2, **_SPREAD, zorder=3)
        axes.plot(np.clip([middle], low, high), [SPREAD_AT], **_MIDDLE, zorder=4)
    known = ~np.isnan(found.values)
    inside, values = found.inside[known], found.values[known]
    heights = DRAWS_AT + np.array(list(_stacked(np.clip(values, low, high), low, high)))
    on = (values > low) & (values < high)
    for chosen, look in ((inside & on, _FITS), (~inside & on, _MISSES)):
        axes.plot(values[chosen], heights[chosen], **look, zorder=4)
    edge = 0.012 * (high - low)
    for beyond, at, mark in ((values <= low, low + edge, "<"), (values >= high, high - edge, ">")):
        for fits, look in ((inside, _FITS), (~inside, _MISSES)):
            there = beyond & fits
            axes.plot(np.full(there.sum(), at), heights[there], **{**look, "marker": mark}, zorder=4)


def _stacked(values: Any, low: float, high: float) -> Iterator[float]:
    """How far above or below the middle each mark stands, so that marks in one place do not hide each other."""
    places = np.floor((values - low) / (high - low) * BINS)
    for at, place in enumerate(places):
        count = int((places == place).sum())
        before = int((places[:at] == place).sum())
        step = min(STEP, STACK / max(1, count - 1))
        yield step * (before - 0.5 * (count - 1))


_FITS: dict[str, Any] = {
    "marker": "o", "linestyle": "", "color": FITS, "markersize": 4.2, "markeredgewidth": 0.8, "alpha": 0.75,
    "clip_on": False,
}  # fmt: skip
_MISSES: dict[str, Any] = {**_FITS, "markerfacecolor": "white", "markeredgecolor": MISSES, "alpha": 1.0}
_SEEN: dict[str, Any] = {
    "marker": "D",
    "linestyle": "",
    "markerfacecolor": "white",
    "markeredgecolor": INK,
    "markersize": 6.8,
}
_MARGIN: dict[str, Any] = {"color": INK, "linewidth": 2.6, "solid_capstyle": "butt"}
_DEFAULTS: dict[str, Any] = {"color": INK, "marker": "o", "markersize": 6.5, "linestyle": ""}
_SPREAD: dict[str, Any] = {"color": FITS, "linewidth": 2.2, "solid_capstyle": "butt"}
_MIDDLE: dict[str, Any] = {
    "color": FITS,
    "marker": "|",
    "markersize": 9,
    "markeredgewidth": 2.4,
    "linestyle": "",
}


def _key(canvas: Canvas, predicted: Sequence[Predictive], worlds: Worlds) -> None:
    """What each mark stands for; what was seen in real coalitions, if any figure was."""
    others = f"{len(predicted[0].values)} {worlds.other_marks}"
    seen = any(found.figure.seen is not None for found in predicted)
    marks: list[tuple[Any, str]] = [
        (Patch(color=BAND), "what is known, or assumed"),
        (Line2D([], [], **{**_DEFAULTS, **_MARGIN, "linestyle": "-"}), f"{worlds.mark}, with margin of error"),
        (Line2D([], [], **_FITS), f"one of the {others}: fits"),
        (Line2D([], [], **_MISSES), "one that does not fit"),
        (Line2D([], [], **{**_MIDDLE, **_SPREAD, "linestyle": "-"}), "8 in 10 of them, and the middle one"),
        *([(Line2D([], [], **_SEEN), "seen in real coalitions")] if seen else []),
    ]  # fmt: skip
    handles, labels = zip(*marks, strict=True)
    canvas.legend(
        handles, labels, loc="lower left", bbox_to_anchor=(0.005, 0.0), ncols=3, fontsize=SIZES["small"],
        labelcolor=INK, frameon=False, columnspacing=1.6, handletextpad=0.6,
    )  # fmt: skip

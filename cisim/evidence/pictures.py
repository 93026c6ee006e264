"""A small picture of each pattern: where each figure must lie, where it lies, and what was seen."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas

from cisim.insight.drawing import COLOURS, GREY, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from cisim.evidence.pattern import Estimate
    from cisim.evidence.validation import Verdict

__all__ = ["picture"]

WIDTH, HEAD, FOOT, ROW = 8.2, 0.75, 0.45, 0.95  # inches
LETTERS = 44
FAR = 8.0
"""An end of a band so many times further than the nearer end and the interval is not shown."""
MARKS = {"holds": COLOURS[2], "fails": COLOURS[1], "undecided": COLOURS[4]}
TOLD = {"holds": "holds", "fails": "does not hold", "undecided": "cannot be told yet"}


def picture(verdict: Verdict) -> Canvas:
    """A row a figure, each on a scale of its own: grey band, dot with 95 % interval, diamond for real data."""
    count = len(verdict.estimates)
    height = HEAD + FOOT + ROW * count
    canvas = Canvas(figsize=(WIDTH, height), facecolor="white")
    FigureCanvasAgg(canvas)
    title = f"{verdict.pattern.number}. {verdict.pattern.says}"
    size = 11.5 if len(title) < 75 else 10.0
    canvas.text(0.02, 1 - 0.28 / height, textwrap.shorten(title, 95), fontsize=size, color=INK, weight="bold")
    for at, estimated in enumerate(verdict.estimates):
        bottom = FOOT + ROW * (count - 1 - at) + 0.36
        axes = canvas.add_axes((0.42, bottom / height, 0.40, 0.34 / height))
        _row(axes, estimated)
        middle = (bottom + 0.17) / height
        words = textwrap.fill(estimated.figure.says, LETTERS)
        canvas.text(0.02, middle, words, fontsize=8.8, color=INK, va="center")
        colour = MARKS[estimated.status]
        canvas.text(
            0.84, middle, TOLD[estimated.status], fontsize=9.5, color=colour, va="center", weight="bold"
        )
    key = "grey: where it must lie    dot: the model, with its 95 % interval    diamond: seen in real coalitions"
    canvas.text(0.02, 0.12 / height, key, fontsize=8.2, color=GREY)
    return canvas


def _row(axes: Axes, estimated: Estimate) -> None:
    figure = estimated.figure
    ends = [estimated.low, estimated.high, estimated.value]
    ends += [] if figure.seen is None else [figure.seen]
    ends += _edges(estimated)
    if math.isinf(figure.band.high):
        ends.append(1.3 * max(ends))
    low, high = min(ends), max(ends)
    room = 0.08 * (high - low) if high > low else 0.1
    axes.set_xlim(low - room, high + room)
    left, right = max(figure.band.low, low - room), min(figure.band.high, high + room)
    axes.axvspan(left, right, color="#DDDDDD", zorder=1)
    colour = MARKS[estimated.status]
    axes.plot(
        [estimated.low, estimated.high], [0, 0], color=colour, linewidth=3.2, zorder=3, solid_capstyle="butt"
    )
    axes.plot([estimated.value], [0], "o", color=colour, markersize=6.5, zorder=4)
    if figure.seen is not None:
        axes.plot(
            [figure.seen], [0], "D", markerfacecolor="white", markeredgecolor=INK, markersize=7, zorder=5
        )
    axes.set_ylim(-1, 1)
    axes.set_yticks([])
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#999999")
    axes.tick_params(labelsize=8, colors=INK, length=2)
    axes.locator_params(axis="x", nbins=5)


def _edges(estimated: Estimate) -> list[float]:
    """The ends of the band to show: the nearer one, and the other unless it would squeeze the rest to a point."""
    band = estimated.figure.band
    found = sorted((band.low, band.high), key=lambda edge: abs(edge - estimated.value))
    near = abs(found[0] - estimated.value) + estimated.high - estimated.low
    far = abs(found[1] - estimated.value)
    return found if math.isfinite(far) and (near == 0 or far <= FAR * near) else found[:1]

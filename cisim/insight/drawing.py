"""What figures are drawn with: lines, bands, names beside the ends of lines, axes in years, captions.

Colours can be told apart by readers who are colour-blind (after Okabe and Ito).
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from cisim.insight.summary import LEVELS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from cisim.engine.ensemble import Ensemble

__all__ = [
    "COLOURS", "GREY", "INK", "ROW", "Line", "apart", "caption", "colours", "draw", "end_bar", "line_of",
    "name_ends", "shade", "title_of", "titles", "years_axis",
]  # fmt: skip

COLOURS = ("#0072B2", "#C44E00", "#007F5F", "#A6478A", "#8A6D00", "#3D8EC4", "#4A3AA8")
GREY, INK, FAINT = "#6B6B6B", "#222222", "#DADADA"
ROW = 0.195  # inches of a line of text


@dataclass(frozen=True)
class Line:
    """One world's median and band over time, and how it is drawn and called."""

    quantiles: np.ndarray  # (low, median, high) x months
    colour: str
    label: str
    dashed: bool = False
    again: bool = False  # the colour is in use for another line already


def line_of(ensemble: Ensemble, measure: str, place: int) -> Line:
    colour = COLOURS[place % len(COLOURS)]
    again = place >= len(COLOURS)
    return Line(ensemble.quantiles(measure, LEVELS), colour, title_of(ensemble), again=again)


def draw(axes: Axes, line: Line, width: float = 2.2) -> None:
    median = line.quantiles[1]
    style: Any = (0, (4, 2.5)) if line.dashed else (0, (8, 1.5, 1.5, 1.5)) if line.again else "-"
    axes.plot(
        np.arange(len(median)) / 12, median, color=line.colour, linewidth=width, linestyle=style, zorder=4,
        label=line.label,
    )  # fmt: skip


def shade(axes: Axes, line: Line, place: int = 0) -> None:
    """The band over the whole run: filled, or between thin dashed lines for a dashed line."""
    low, _, high = line.quantiles
    years = np.arange(len(low)) / 12
    if not line.dashed:
        axes.fill_between(years, low, high, color=line.colour, alpha=0.15, linewidth=0, zorder=2)
        return
    for edge in (low, high):
        axes.plot(years, edge, color=line.colour, linewidth=0.9, linestyle=(0, (3, 3)), zorder=3)


def end_bar(axes: Axes, line: Line, place: int) -> None:
    """The band at the end of the run, beside the axes."""
    low, median, high = line.quantiles[:, -1]
    at = axes.transAxes.inverted().transform((axes.bbox.x1 + 9 + 7 * place, 0))[0]
    beside = axes.get_yaxis_transform()
    axes.plot(
        [at, at], [low, high], color=line.colour, linewidth=2.4, alpha=0.55, clip_on=False, transform=beside
    )
    axes.plot(
        [at], [median], "o", color=line.colour, markersize=3.6, clip_on=False, zorder=5, transform=beside
    )


def name_ends(axes: Axes, lines: Sequence[Line], labels: Sequence[str], bars: int) -> None:
    """Name each line beside its end, moved apart where names would overlap."""
    bottom, top = axes.get_ylim()
    height = axes.bbox.height / axes.get_figure(root=True).dpi  # type: ignore[union-attr]
    one_row = (top - bottom) * ROW / height
    gaps = [one_row * (label.count("\n") + 1.35) for label in labels]
    ends = [float(line.quantiles[1, -1]) for line in lines]
    for line, label, place in zip(lines, labels, apart(ends, gaps, bottom, top), strict=True):
        axes.annotate(
            label, (1, place), (12 + 5.04 * bars, 0), xycoords=axes.get_yaxis_transform(),
            textcoords="offset points", color=line.colour, fontsize=10.5, va="center", linespacing=1.15,
            annotation_clip=False,
        )  # fmt: skip


def apart(places: Sequence[float], gaps: Sequence[float], low: float, high: float) -> list[float]:
    """Places moved no further than needed so that entry i has `gaps[i]` for itself, within low to high.

    The order is kept. If there is too little room, entries fill it from the bottom and overlap the top.
    """
    order = sorted(range(len(places)), key=lambda at: places[at])
    blocks: list[tuple[list[int], float]] = []  # entries that touch, and the bottom of their pile
    for at in order:
        members, bottom = [at], min(max(places[at] - gaps[at] / 2, low), high - gaps[at])
        while blocks and _top(blocks[-1], gaps) > bottom:
            below, _ = blocks.pop()
            members = below + members
            size = sum(gaps[m] for m in members)
            middle = sum(places[m] for m in members) / len(members)
            bottom = max(low, min(middle - size / 2, high - size))
        blocks.append((members, bottom))
    settled = [0.0] * len(places)
    for members, bottom in blocks:
        for m in members:
            settled[m] = bottom + gaps[m] / 2
            bottom += gaps[m]
    return settled


def _top(block: tuple[list[int], float], gaps: Sequence[float]) -> float:
    return block[1] + sum(gaps[m] for m in block[0])


def years_axis(axes: Axes, ensembles: Sequence[Ensemble], labelled: bool = True) -> None:
    months = max(len(ensemble.months) - 1 for ensemble in ensembles)
    axes.set_xlim(0, months / 12)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=10 if labelled else 5, integer=months >= 24))
    if labelled:
        axes.set_xlabel("years", color=INK, fontsize=10.5)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#999999")
    axes.tick_params(length=0, labelcolor=INK, labelsize=10 if labelled else 8.5)
    axes.grid(axis="y", color=FAINT, linewidth=0.7)
    axes.set_axisbelow(True)


def titles(figure: Figure, title: str, subtitle: str) -> None:
    height, left = figure.get_figheight(), 0.62 / figure.get_figwidth()
    figure.text(left, 1 - 0.16 / height, title, fontsize=15, fontweight="bold", color=INK, va="top")
    figure.text(left, 1 - 0.48 / height, subtitle, fontsize=10.5, color=GREY, va="top")


def caption(figure: Figure, ensembles: Sequence[Ensemble], bands: str | None) -> None:
    first = ensembles[0]
    count = f"{len(first.replicates):,} replicate{'' if len(first.replicates) == 1 else 's'}"
    text = f"Lines: median of {count}"
    text += f"; {bands}: the middle 80 % of them (10th to 90th percentile)." if bands else "."
    text += f" Seed {first.seed}"
    text += "; every scenario meets the same worlds and draws." if len(ensembles) > 1 else "."
    wrapped = textwrap.fill(text, int(figure.get_figwidth() * 13))
    figure.text(0.62 / figure.get_figwidth(), 0.1 / figure.get_figheight(), wrapped, fontsize=8.5, color=GREY,
                va="bottom", linespacing=1.3)  # fmt: skip


def title_of(ensemble: Ensemble) -> str:
    return ensemble.scenario.title or ensemble.scenario.name


def colours(count: int) -> list[str]:
    return [COLOURS[at % len(COLOURS)] for at in range(count)]

"""What bars of factors are drawn with: a row for each, whiskers, and the floor of chance under the bar."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from cisim.insight.drawing import COLOURS, GREY, INK

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = [
    "DARK", "LIGHT", "SAME", "VARYING", "bar", "caption", "cut", "diamond", "diamond_key", "fit", "floor",
    "floor_key", "head", "largest_first", "patch_key", "rows", "short", "value_beside", "whisker",
    "whisker_key",
]  # fmt: skip

DARK, LIGHT = COLOURS[0], "#9CCAE6"
SAME, VARYING = "#C8C8C8", "#8C8C8C"
"""Chance that is the same at all settings, and chance that falls otherwise at each."""
HATCHED: Any = {"facecolor": "white", "edgecolor": "#6B6B6B", "hatch": "////////", "linewidth": 0.6}
ROW, HEAD, FOOT, WIDTH = 0.4, 1.42, 1.1, 9.6  # inches
LETTER, LONGEST = 0.083, 34  # inches of a letter of a name, letters


def rows(labels: Sequence[str], places: Sequence[float]) -> tuple[Figure, Axes]:
    """A figure with a labelled row at each place, the first on top."""
    height = HEAD + FOOT + ROW * (places[-1] + 1)
    left = max(1.2, 0.35 + LETTER * max(len(label) for label in labels))
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    figure.subplots_adjust(
        left=left / WIDTH, right=1 - 0.45 / WIDTH, top=1 - HEAD / height, bottom=FOOT / height
    )
    axes.set_yticks(places, labels)
    axes.set_ylim(places[-1] + 0.6, places[0] - 0.5)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#999999")
    axes.tick_params(length=0, labelcolor=INK, labelsize=10)
    axes.tick_params(axis="y", pad=7)
    axes.grid(axis="x", color="#DADADA", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=9))
    axes.axvline(0, color=INK, linewidth=0.9, zorder=5)
    return figure, axes


def fit(axes: Axes) -> None:
    """Ends of the axis with room for the figures beside bars; 0 to 1 where nothing is drawn."""
    low, high = min(axes.dataLim.x0, 0.0), max(axes.dataLim.x1, 0.0)
    if not high > low:
        low, high = 0.0, 1.0
    axes.set_xlim(low - 0.03 * (high - low) * (low < 0), high + 0.09 * (high - low))


def bar(axes: Axes, place: float, value: float, colour: str, height: float = 0.5, start: float = 0.0) -> None:
    axes.barh(place, value, height, left=start, color=colour, linewidth=0, zorder=3)


def floor(axes: Axes, place: float, value: float) -> None:
    """What chance alone would show, as a hatched strip under the bar."""
    axes.barh(place + 0.36, value, 0.15, zorder=3, **HATCHED)


def whisker(axes: Axes, place: float, value: float, reach: float) -> None:
    axes.errorbar(
        value, place, xerr=reach, fmt="none", ecolor=INK, elinewidth=1.0, capsize=2.2, capthick=1.0, zorder=6
    )


def diamond(axes: Axes, place: float, value: float) -> None:
    axes.plot([value], [place], "D", color="white", markeredgecolor=INK, markeredgewidth=1.0, markersize=4.6,
              zorder=7, linestyle="none", clip_on=False)  # fmt: skip


def value_beside(axes: Axes, place: float, end: float, text: str) -> None:
    """A figure to the right of what is drawn in the row."""
    if np.isfinite(end):
        axes.annotate(text, (max(end, 0.0), place), (6, 0), textcoords="offset points", va="center",
                      fontsize=9, color=INK)  # fmt: skip


def patch_key(colour: str, label: str) -> Patch:
    return Patch(facecolor=colour, label=label)


def floor_key(label: str) -> Patch:
    return Patch(**HATCHED, label=label)


def diamond_key(label: str) -> Line2D:
    return Line2D([], [], marker="D", color="white", markeredgecolor=INK, markersize=4.6, linestyle="none",
                  label=label)  # fmt: skip


def whisker_key(label: str) -> Line2D:
    return Line2D([], [], color=INK, linewidth=1.0, marker="|", markersize=5, label=label)


def head(figure: Figure, keys: Sequence[Artist], columns: int) -> None:
    """The keys, under the titles."""
    width, height = figure.get_figwidth(), figure.get_figheight()
    figure.legend(
        handles=list(keys), ncols=columns, loc="upper left", bbox_to_anchor=(0.54 / width, 1 - 0.76 / height),
        frameon=False, fontsize=9, labelcolor=INK, handlelength=1.6, columnspacing=1.6, borderaxespad=0,
    )  # fmt: skip


def caption(figure: Figure, text: str) -> None:
    """Small print at the foot, in lines that fit."""
    wrapped = textwrap.fill(text.replace(" %", "\N{NO-BREAK SPACE}%"), int(figure.get_figwidth() * 13.4))
    figure.text(
        0.62 / figure.get_figwidth(), 0.1 / figure.get_figheight(), wrapped, fontsize=8.5, color=GREY,
        va="bottom", linespacing=1.3,
    )  # fmt: skip


def cut(text: str, longest: int) -> str:
    """The text, no longer than its room."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def short(name: str, longest: int = LONGEST) -> str:
    """A factor's name as it is read, no longer than its room."""
    return cut(name.replace("_", " "), longest)


def largest_first(values: np.ndarray) -> np.ndarray:
    """Places of the values, largest first, as given where they are alike, NaN last."""
    return np.argsort(-np.nan_to_num(values, nan=-np.inf), kind="stable")

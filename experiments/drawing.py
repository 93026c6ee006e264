"""How experiments draw their findings: curves over a number, and rows of points, both with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from cisim.insight.charts.bars import caption
from cisim.insight.drawing import COLOURS, GREY, INK, titles
from experiments.findings import Finding

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Curve", "curves", "dots"]

FAINT = "#DADADA"
HEIGHT, ROW = 4.4, 0.3  # inches
FEW = 5
"""Places on the axis below which each is a tick of its own."""


class Curve(NamedTuple):
    """A named line: its places on the axis, and a finding at each."""

    name: str
    across: Sequence[float]
    findings: Sequence[Finding]


def curves(
    panels: Mapping[str, Sequence[Curve]], title: str, subtitle: str, across: str, *, worlds: int
) -> Figure:
    """A panel for each heading, its curves with bands; the key stands in the first panel."""
    width = 1.0 + (4.3 if len(panels) < 3 else 3.5) * len(panels)
    figure = Figure(figsize=(width, HEIGHT), facecolor="white")
    FigureCanvasAgg(figure)
    grid = figure.subplots(1, len(panels), squeeze=False)[0]
    figure.subplots_adjust(
        left=0.62 / width, right=1 - 0.3 / width, top=1 - 1.15 / HEIGHT, bottom=0.95 / HEIGHT, wspace=0.2
    )
    for axes, (heading, lines) in zip(grid, panels.items(), strict=True):
        for colour, line in zip(COLOURS, lines, strict=False):
            _curve(axes, line, colour)
        _plain(axes, heading, across)
        if len(lines[0].across) < FEW:
            axes.set_xticks(list(lines[0].across))
        axes.grid(axis="y", color=FAINT, linewidth=0.7)
        axes.axhline(0, color=INK, linewidth=0.9, zorder=2)
    grid[0].legend(frameon=False, fontsize=9.5, labelcolor=INK)
    titles(figure, title, subtitle)
    _small_print(figure, worlds)
    return figure


def dots(
    panels: Mapping[str, Sequence[tuple[str, Finding]]],
    title: str,
    subtitle: str,
    *,
    marks: Sequence[float],
    worlds: int,
) -> Figure:
    """A panel of named rows for each heading, side by side; `marks` are values that all are compared with."""
    names = [name for name, _ in next(iter(panels.values()))]
    width, height = 1.9 + 0.05 * max(map(len, names)) + 2.9 * len(panels), 2.1 + ROW * len(names)
    figure = Figure(figsize=(width, height), facecolor="white")
    FigureCanvasAgg(figure)
    grid = figure.subplots(1, len(panels), squeeze=False, sharex=True, sharey=True)[0]
    left = 0.35 + 0.078 * max(map(len, names))
    figure.subplots_adjust(
        left=left / width, right=1 - 0.3 / width, top=1 - 1.15 / height, bottom=0.8 / height, wspace=0.12
    )
    for colour, axes, (heading, rows) in zip(COLOURS, grid, panels.items(), strict=False):
        for place, (_, one) in enumerate(rows):
            axes.plot([one.low, one.high], [place, place], color=colour, linewidth=2.0, zorder=3)
            axes.plot([one.value], [place], "o", color=colour, markersize=6, zorder=4)
        _plain(axes, heading, "")
        axes.set_yticks(range(len(names)), names)
        for mark in marks:
            axes.axvline(mark, color=INK, linewidth=0.9, zorder=2)
        axes.grid(axis="both", color=FAINT, linewidth=0.7)
    grid[0].set_ylim(len(names) - 0.5, -0.5)
    titles(figure, title, subtitle)
    _small_print(figure, worlds)
    return figure


def _curve(axes: Axes, line: Curve, colour: str) -> None:
    values = [[getattr(one, end) for one in line.findings] for end in ("low", "value", "high")]
    axes.fill_between(line.across, values[0], values[2], color=colour, alpha=0.18, linewidth=0, zorder=2)
    axes.plot(
        line.across, values[1], "o-", color=colour, linewidth=2.0, markersize=4.5, zorder=4, label=line.name
    )


def _plain(axes: Axes, heading: str, across: str) -> None:
    axes.set_title(heading, loc="left", fontsize=10.5, color=INK)
    axes.set_xlabel(across, color=GREY, fontsize=10)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#999999")
    axes.tick_params(length=0, labelcolor=INK, labelsize=9.5)
    axes.set_axisbelow(True)


def _small_print(figure: Figure, worlds: int) -> None:
    caption(
        figure,
        f"Mean over {worlds} worlds, each with a draw of the posterior. Bars and bands: 95 % intervals.",
    )

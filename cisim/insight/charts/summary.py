"""A study at a glance: for each measure the median and the middle 80 % of all runs, over the months kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from cisim.insight.charts import bars
from cisim.insight.drawing import COLOURS, GREY, INK, titles
from cisim.theory.measures import MEASURES

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes

__all__ = ["summary_figure"]

COLUMNS, MOST = 3, 12
HEAD, FOOT, PANEL = 0.95, 0.85, 2.0  # inches


def summary_figure(
    overall: pl.DataFrame, measures: Sequence[str], months: Sequence[int], *, title: str, runs: int
) -> Figure:
    """A small panel for each measure (the first twelve): median and 10 to 90 % of all runs in each month kept.

    overall: a row for each number `measure@month` with low, median, high.
    """
    shown = measures[:MOST]
    columns = min(COLUMNS, len(shown))
    rows = -(-len(shown) // columns)
    width, height = 3.3 * max(2, columns) + 0.4, HEAD + FOOT + rows * PANEL
    figure = Figure(figsize=(width, height), facecolor="white")
    FigureCanvasAgg(figure)
    grid = figure.subplots(rows, columns, squeeze=False)
    figure.subplots_adjust(
        left=0.62 / width,
        right=0.97,
        top=1 - (HEAD + 0.3) / height,
        bottom=FOOT / height,
        hspace=0.55,
        wspace=0.28,
    )
    bands = {row["number"]: row for row in overall.iter_rows(named=True)}
    for place, axes in enumerate(grid.flat):
        if place < len(shown):
            _panel(axes, shown[place], months, bands)
        else:
            axes.set_visible(False)
    titles(figure, title, "all settings and worlds together")
    more = f" {len(measures) - MOST} more measures are in the table." if len(measures) > MOST else ""
    bars.caption(
        figure,
        f"Lines: median of {runs:,} runs; bands: the middle 80 % of them, over settings and worlds.{more}",
    )
    return figure


def _panel(axes: Axes, measure: str, months: Sequence[int], bands: dict[str, dict[str, float]]) -> None:
    told = [bands[f"{measure}@{month}"] for month in months]
    years = [month / 12 for month, row in zip(months, told, strict=True) if row["median"] is not None]
    low, median, high = (
        [row[name] for row in told if row["median"] is not None] for name in ("low", "median", "high")
    )
    if len(years) > 1:
        axes.fill_between(years, low, high, color=COLOURS[0], alpha=0.18, linewidth=0)
    else:
        axes.vlines(years, low, high, color=COLOURS[0], alpha=0.35, linewidth=5)
    axes.plot(
        years, median, color=COLOURS[0], linewidth=2, marker="o", markersize=3.5 if len(years) < 13 else 0
    )
    unit = MEASURES[measure].unit if measure in MEASURES else ""
    axes.set_title(measure.replace("_", " "), fontsize=10, loc="left", color=INK)
    axes.set_ylabel(unit, fontsize=8, color=GREY)
    axes.set_xlabel("years", fontsize=8.5, color=INK)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.tick_params(length=0, labelcolor=INK, labelsize=8)
    axes.grid(color="#E4E4E4", linewidth=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)

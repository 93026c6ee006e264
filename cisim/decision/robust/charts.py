"""A robust choice drawn: the rank of every plan by every metric, and how firm it is."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cisim.decision.robust.choice import RobustChoice
from cisim.insight.charts.bars import caption, cut
from cisim.insight.drawing import GREY, INK, titles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ranks_figure"]

FILL = LinearSegmentedColormap.from_list("last to first", ["#F4F6F8", "#9CCAE6", "#0072B2"])
ROW, CELL, HEAD, FOOT = 0.62, 1.02, 1.55, 0.95  # inches


def ranks_figure(told: RobustChoice, called: Mapping[str, str]) -> Figure:
    """A cell for each plan and metric: its rank, large, and its value; darker is better.

    Plans that are first most often are on top. Below each rank, the share of resampled worlds in which it is first.
    """
    order = np.lexsort((told.ranks.mean(axis=0), -told.firsts))
    names = [textwrap.fill(cut(called[told.plans[at]], 44), 24) for at in order]
    left = 0.5 + 0.088 * max(max(map(len, name.split("\n"))) for name in names)
    width = max(left + CELL * len(told.metrics) + 0.3, 7.6)
    height = HEAD + ROW * len(order) + FOOT
    figure = Figure(figsize=(width, height), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes(
        (left / width, FOOT / height, CELL * len(told.metrics) / width, ROW * len(order) / height)
    )
    for row, plan in enumerate(order):
        for column in range(len(told.metrics)):
            _cell(axes, row, column, told, int(plan))
        axes.text(
            -0.12, row + 0.5, names[row], ha="right", va="center", fontsize=10.5, color=INK, linespacing=1.1
        )
    for column, metric in enumerate(told.metrics):
        axes.text(column + 0.5, -0.1, textwrap.fill(metric.name, 11), ha="center", va="bottom", fontsize=9.5,
                  color=INK, linespacing=1.1)  # fmt: skip
    axes.set_xlim(0, len(told.metrics))
    axes.set_ylim(len(order), 0)
    axes.axis("off")
    outcome = told.outcome.replace("_", " ")
    w = told.agreement
    titles(figure, "Which plan is first, by every view of risk",
           f"ranks on {outcome} in month {told.month}; Kendall's W {w.value:.2f} ({w.low:.2f} to {w.high:.2f}; 1: all metrics agree)")  # fmt: skip
    caption(
        figure,
        f"Large: rank, 1 is best; ties share. Small: the metric's value, and the share of resampled worlds in which "
        f"the plan is first by it. {told.worlds:,} worlds, the same for every plan.",
    )
    return figure


def _cell(axes: Axes, row: int, column: int, told: RobustChoice, plan: int) -> None:
    rank, plans = float(told.ranks[column, plan]), len(told.plans)
    shade = 1 - (rank - 1) / max(plans - 1, 1)
    ink, faint = ("white", "#E8F1F8") if shade > 0.85 else (INK, INK if shade > 0.6 else GREY)
    axes.add_patch(Rectangle((column + 0.02, row + 0.03), 0.96, 0.94, facecolor=FILL(shade), linewidth=0))
    axes.text(
        column + 0.5,
        row + 0.36,
        f"{rank:g}",
        ha="center",
        va="center",
        fontsize=13,
        fontweight="bold",
        color=ink,
    )
    first = f"{100 * told.first[column, plan]:.0f} %"
    axes.text(column + 0.5, row + 0.76, f"{told.values[column, plan]:.3g} · {first}", ha="center", va="center",
              fontsize=7.8, color=faint)  # fmt: skip

"""Plans compared, drawn: what each changes against the first in every outcome, world by world, with its interval."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, MaxNLocator

from cisim.decision.compare import PlanComparison
from cisim.decision.directions import better_of
from cisim.insight.charts.bars import caption, cut
from cisim.insight.drawing import COLOURS, GREY, INK, titles

__all__ = ["plans_figure"]

WIDTH, ROW, HEAD, FOOT = 9.6, 0.42, 1.0, 1.0
PANEL = 0.85  # inches of a panel's heading and axis
DOTS = 300


def plans_figure(comparison: PlanComparison) -> Figure:
    """A panel for each outcome, a row for each plan: differences in single worlds, their mean and its interval."""
    pairs, outcomes = comparison.pairs(), comparison.outcomes
    panel = PANEL + ROW * len(pairs)
    height = HEAD + FOOT + panel * len(outcomes)
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    FigureCanvasAgg(figure)
    for at, outcome in enumerate(outcomes):
        bottom = height - HEAD - panel * (at + 1) + 0.45
        axes = figure.add_axes(
            (2.6 / WIDTH, bottom / height, (WIDTH - 3.0) / WIDTH, ROW * len(pairs) / height)
        )
        _panel(axes, comparison, pairs, outcome)
    first = comparison.tried.plans[0].called
    titles(figure, f"Against {cut(first, 50)}", f"month {comparison.month}, the same worlds for every plan")
    caption(
        figure,
        f"Dots: the difference in single worlds (of {comparison.worlds:,}; the middle 95 % are drawn). Line and diamond: "
        f"mean difference and its {100 * comparison.level:g} % interval (Student t). Arrow: which way is better.",
    )
    return figure


def _panel(axes: Axes, comparison: PlanComparison, pairs: Sequence[tuple[int, int]], outcome: str) -> None:
    for row, (plan, than) in enumerate(pairs):
        _row(axes, comparison, plan, than, outcome, row)
    axes.axvline(0, color=INK, linewidth=1.0, zorder=3)
    names = [cut(comparison.tried.plans[plan].called, 30) for plan, _ in pairs]
    axes.set_yticks(range(len(pairs)), names)
    axes.set_ylim(len(pairs) - 0.5, -0.5)
    way = {"less": "  ← better", "more": "  better →", "neither": ""}[better_of(outcome)]
    axes.set_title(f"{outcome.replace('_', ' ')}{way}", loc="left", fontsize=10.5, color=INK, pad=5)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#999999")
    axes.tick_params(length=0, labelcolor=INK, labelsize=9.5)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=7))
    if max(map(abs, axes.get_xlim())) >= 1e5:
        axes.xaxis.set_major_formatter(EngFormatter(sep=""))


def _row(axes: Axes, comparison: PlanComparison, plan: int, than: int, outcome: str, row: int) -> None:
    values = comparison.values[outcome]
    changes = values[:, plan] - values[:, than]
    known = np.sort(changes[~np.isnan(changes)])
    cut_off = len(known) // 40
    drawn = known[cut_off : len(known) - cut_off]
    some = drawn[:: max(1, len(drawn) // DOTS)]
    up = row + 0.22 * np.cos(
        np.arange(len(some)) * 2.4
    )  # a fixed scatter, so that the figure is the same each time
    axes.plot(some, up, "o", color=GREY, markersize=2.2, alpha=0.35, zorder=2, linestyle="none")
    figure = comparison.pair(plan, than, outcome).difference
    colour = COLOURS[(plan - 1) % len(COLOURS)]
    if figure.bounded:
        axes.plot([figure.low, figure.high], [row, row], color=colour, linewidth=3.0, zorder=5)
    axes.plot([figure.value], [row], "D", color=colour, markersize=5.5, zorder=6)

"""Pictures of a budget laid out: cost against outcome, and how far each lever may move without being worse."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, MaxNLocator

from cisim.decision.optimize.frontier import Frontier
from cisim.decision.optimize.optimum import Optimum
from cisim.decision.optimize.problem import GOALS
from cisim.insight.charts.bars import caption, cut
from cisim.insight.drawing import COLOURS, GREY, INK, titles

__all__ = ["flatness_figure", "frontier_figure"]

WIDTH, HEIGHT = 8.4, 5.0


def frontier_figure(optimum: Optimum, frontier: Frontier) -> Figure:
    """The goal of the best plan found for each budget, with its interval, against the money spent."""
    figure, axes = _sheet(HEIGHT)
    spent = [point.best.spent.value for point in frontier.points]
    figures = [point.best.figures[frontier.goal] for point in frontier.points]
    axes.plot(
        spent, [each.value for each in figures], "-", color=COLOURS[0], linewidth=1.2, alpha=0.6, zorder=3
    )
    for point, at, each in zip(frontier.points, spent, figures, strict=True):
        own = point.budget == optimum.problem.budget
        colour = COLOURS[1] if own else COLOURS[0]
        axes.plot([at, at], [each.low, each.high], color=colour, linewidth=2.4, zorder=4)
        axes.plot([at], [each.value], "D" if own else "o", color=colour, markersize=7 if own else 5, zorder=5)
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))
    axes.set_xlabel(
        f"{optimum.problem.prices.currency} spent by month {optimum.problem.month}", color=INK, fontsize=10
    )
    titles(figure, "What money buys", f"{GOALS[frontier.goal]}, month {optimum.problem.month}")
    caption(
        figure,
        f"Best plan found for each budget, tried in {figures[0].n:,} fresh worlds, the same for all; lines: 95 % interval "
        "of each (differences between budgets are surer than these). Diamond: the budget of the problem.",
    )
    return figure


def flatness_figure(optimum: Optimum) -> Figure:
    """For each lever its range, the span of plans that cannot be told from the best, and the best itself."""
    ranges = optimum.near.ranges()
    figure, axes = _sheet(1.9 + 0.45 * len(ranges))
    for row, (name, (own, low, high)) in enumerate(ranges.items()):
        least, most = optimum.problem.levers[name]
        own, low, high = ((value - least) / (most - least) for value in (own, low, high))
        axes.plot([0, 1], [row, row], color="#DADADA", linewidth=1.2, zorder=2)
        axes.plot(
            [low, high],
            [row, row],
            color=COLOURS[0],
            linewidth=7,
            alpha=0.45,
            zorder=3,
            solid_capstyle="butt",
        )
        axes.plot([own], [row], "D", color=COLOURS[1], markersize=6.5, zorder=5)
        axes.text(-0.02, row, f"{least:g}", ha="right", va="center", fontsize=8.5, color=GREY)
        axes.text(1.02, row, f"{most:g}", ha="left", va="center", fontsize=8.5, color=GREY)
    axes.set_yticks(range(len(ranges)), [cut(name.replace("_", " "), 24) for name in ranges])
    axes.tick_params(axis="y", pad=24)
    axes.set_ylim(len(ranges) - 0.5, -0.5)
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.spines["bottom"].set_visible(False)
    titles(
        figure,
        "How much may levers differ?",
        "mean level over the periods, from the lowest to the highest allowed",
    )
    near = optimum.near
    caption(
        figure,
        f"Diamond: the plan found. Bar: span among the {len(near.as_good)} of {len(near.neighbours)} other plans that "
        f"{optimum.figure.n:,} fresh worlds cannot tell from it.",
    )
    return figure


def _sheet(height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    figure.subplots_adjust(
        left=1.9 / WIDTH, right=1 - 0.6 / WIDTH, top=1 - 0.85 / height, bottom=0.95 / height
    )
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#999999")
    axes.tick_params(length=0, labelcolor=INK, labelsize=9.5)
    axes.grid(axis="y", color="#DADADA", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6))
    return figure, axes

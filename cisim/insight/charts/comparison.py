"""Two scenarios in the same worlds, drawn: the difference over the years, and pair by pair at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, MaxNLocator

from cisim.insight.charts.bars import caption, cut
from cisim.insight.drawing import COLOURS, GREY, INK, titles

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

    from cisim.insight.comparison import Comparison

__all__ = ["comparison_figure"]

DOTS = 150
"""Pairs up to which each is a dot of its own; above, they are counted in bars."""
BINS = 25
TALL = 8  # of a pile that fills the panel, at least
HEIGHT = 4.8  # inches


def comparison_figure(comparison: Comparison) -> Figure:
    """The mean difference over the years with its interval, and every pair's difference in the last month.

    Without months, or with one, there are the pairs alone.
    """
    months = comparison.months
    panels = 1 if months is None or len(months) < 2 else 2
    width = 3.4 + 3.1 * panels
    figure = Figure(figsize=(width, HEIGHT), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.subplots(1, panels, squeeze=False, width_ratios=[1.4, 1][:panels])[0]
    figure.subplots_adjust(
        left=0.72 / width, right=1 - 0.35 / width, top=1 - 1.35 / HEIGHT, bottom=1.12 / HEIGHT, wspace=0.14
    )
    if months is not None and panels > 1:
        _over_time(axes[0], comparison, np.asarray(months) / 12)
    _pairs(axes[-1], comparison)
    a, b = (cut(name, 3 + 20 * panels) for name in comparison.names)
    measure = cut((comparison.measure or "outcome").replace("_", " "), 24)
    titles(figure, f"{b}: what it changes", f"{measure}, compared with {a}")
    _caption(figure, comparison)
    return figure


def _over_time(axes: Axes, comparison: Comparison, years: np.ndarray) -> None:
    low, high = (np.where(np.isfinite(edge), edge, np.nan) for edge in (comparison.low, comparison.high))
    axes.fill_between(years, low, high, color=COLOURS[0], alpha=0.22, linewidth=0, zorder=2)
    few = len(years) < 25
    axes.plot(
        years, comparison.difference, color=COLOURS[0], linewidth=2.2, zorder=4,
        marker="o" if few else None, markersize=4, clip_on=not few,
    )  # fmt: skip
    axes.axhline(0, color=INK, linewidth=1.1, zorder=3)
    axes.set_xlim(years.min(), years.max())
    axes.xaxis.set_major_locator(MaxNLocator(nbins=10, integer=bool(years.max() >= 2)))
    axes.set_xlabel("years", color=INK, fontsize=10.5)
    axes.grid(axis="y", color="#DADADA", linewidth=0.7)
    _short(axes.yaxis, axes.get_ylim())
    _heading(axes, f"Mean difference, with its {100 * comparison.level:g} % interval", _interval(comparison))
    _plain(axes)


def _pairs(axes: Axes, comparison: Comparison) -> None:
    """Each pair's difference in the last month, as dots in piles or as bars."""
    months = comparison.months
    paired = comparison.paired if months is None else comparison.paired[:, -1]
    _heading(axes, f"Pairs{'' if months is None else f' in month {months[-1]}'}", _shares(comparison))
    axes.set_yticks([])
    axes.axvline(0, color=INK, linewidth=1.1, zorder=3)
    axes.set_xlabel("difference", color=INK, fontsize=10.5)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6))
    _plain(axes)
    known = paired[np.isfinite(paired)]
    if len(known) == 0:
        axes.text(0.5, 0.5, "no pair has a value", transform=axes.transAxes, ha="center", color=GREY)
        return
    edges = np.histogram_bin_edges(np.append(known, 0.0), bins=BINS)
    counts = np.histogram(known, edges)[0]
    if len(known) <= DOTS:
        across = np.repeat((edges[:-1] + edges[1:]) / 2, counts)
        up = np.concatenate([np.arange(count) + 0.5 for count in counts])
        axes.plot(across, up, "o", color=COLOURS[0], markersize=4.4, alpha=0.8, zorder=4, linestyle="none")
    else:
        axes.bar(edges[:-1], counts, np.diff(edges), align="edge", color=COLOURS[0], alpha=0.6,
                 edgecolor="white", linewidth=0.6, zorder=2)  # fmt: skip
    tall = max(int(counts.max()), TALL)
    axes.set_ylim(-0.17 * tall, 1.03 * tall)
    _mean(axes, comparison, -0.09 * tall)
    _short(axes.xaxis, axes.get_xlim())


def _mean(axes: Axes, comparison: Comparison, place: float) -> None:
    """The mean of the last month and its interval, below the pairs."""
    middle, low, high = _end(comparison)
    if np.isfinite(low):
        axes.plot([low, high], [place, place], color=COLOURS[1], linewidth=2.6, zorder=5)
    axes.plot([middle], [place], "D", color=COLOURS[1], markersize=5.5, zorder=6, linestyle="none")


def _end(comparison: Comparison) -> tuple[float, float, float]:
    return tuple(  # type: ignore[return-value]
        float(np.atleast_1d(values)[-1])
        for values in (comparison.difference, comparison.low, comparison.high)
    )


def _interval(comparison: Comparison) -> str:
    middle, low, high = _end(comparison)
    if np.isnan(middle):
        return "no value at the end"
    ends = f"{_number(low)} to {_number(high)}" if np.isfinite(low) else "interval needs two pairs"
    return f"at the end {_number(middle)} ({ends})"


def _shares(comparison: Comparison) -> str:
    told = []
    for name in ("higher", "equal", "lower"):
        share = float(np.atleast_1d(getattr(comparison, f"b_{name}").value)[-1])
        if share > 0:
            told.append(f"{name} in {100 * share:.0f} %")
    return ", ".join(told)


def _caption(figure: Figure, comparison: Comparison) -> None:
    n = int(np.atleast_1d(comparison.n)[-1])
    left_out = int(np.atleast_1d(comparison.left_out)[-1])
    text = f"{n:,} pair{'' if n == 1 else 's'} of replicates that met the same world"
    text += f"; {left_out:,} left out, without a value in one of the two. " if left_out else ". "
    text += f"Mark below the pairs: mean and {100 * comparison.level:g} % interval (Student t). "
    text += _gain(float(np.atleast_1d(comparison.variance_reduction)[-1]))
    caption(figure, text)


def _number(value: float) -> str:
    told = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return told.replace("-", "\N{MINUS SIGN}")


def _gain(times: float) -> str:
    """What pairing was worth, in words."""
    if not np.isfinite(times):
        return ""
    if 0.95 < times < 1.05:
        return "Pairing made no difference to the interval."
    return f"Pairing did the work of {times:.2g} times the replicates."


def _short(axis: Axis, ends: tuple[float, float]) -> None:
    """Name 100k in place of 100000, which would not fit."""
    if max(map(abs, ends)) >= 1e5:
        axis.set_major_formatter(EngFormatter(sep=""))


def _heading(axes: Axes, text: str, below: str) -> None:
    axes.set_title(text, loc="left", fontsize=10.5, color=INK, pad=19)
    axes.text(0, 1.03, below, transform=axes.transAxes, fontsize=9, color=GREY)


def _plain(axes: Axes) -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#999999")
    axes.tick_params(length=0, labelcolor=INK, labelsize=10)
    axes.set_axisbelow(True)

"""Scenario discovery drawn: the peeling, a box against the whole range of each factor, and its points."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cisim.errors import SpecError
from cisim.insight.charts.lanes import Lane, lane, most_restricted
from cisim.insight.discovery.boxes import Box, Range, Restriction, number
from cisim.insight.discovery.factors import read_hits
from cisim.insight.drawing import COLOURS, GREY, INK, titles

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.axes import Axes

    from cisim.insight.discovery import Found, Prim, Score, Share

__all__ = ["box_figure", "peeling_figure", "points_figure"]

BLUE, ORANGE, FAINT = COLOURS[0], COLOURS[1], "#DADADA"
HITS = LinearSegmentedColormap.from_list("never to always", ["#B9C4CC", "#E0A27C", ORANGE])
LINE, FOOT = 0.2, 1.25  # inches
LONGEST = 28  # letters of a factor's name
OPTIMISTIC = "Shares are in sample, of the points that found the box, hence optimistic."


def peeling_figure(result: Prim, chosen: Found | None = None, fresh: Score | None = None) -> Figure:
    """Density against coverage along the peeling, the chosen box ringed, and its figures on fresh points.

    chosen: default `result.choose()`. fresh: its score on points that had no part in finding it, drawn with
    intervals. Numbers along the line are how many factors are restricted.
    """
    chosen = result.choose() if chosen is None else chosen
    told = _wrapped(f"Chosen: {chosen.box.sentence()}", 7.6)
    head = 0.48 + LINE * len(told) + 0.35
    height = head + 4.3 + FOOT
    figure = Figure(figsize=(7.6, height), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.72 / 7.6, (FOOT) / height, 6.5 / 7.6, 4.3 / height))
    coverage, density = ([getattr(step, name) for step in result.steps] for name in ("coverage", "density"))
    axes.plot(coverage, density, "o-", color=BLUE, markersize=4, linewidth=1.2, zorder=3)
    _count_factors(axes, result)
    axes.axhline(result.base, color=GREY, linewidth=1, linestyle=(0, (1, 2)), zorder=2)
    axes.annotate(f"all points: {result.base:.2f}", (0, result.base), (4, -4), textcoords="offset points",
                  fontsize=9, color=GREY, va="top")  # fmt: skip
    axes.plot([chosen.coverage], [chosen.density], "o", markersize=13, markerfacecolor="none",
              markeredgecolor=INK, markeredgewidth=1.8, zorder=5)  # fmt: skip
    if fresh is not None:
        _cross(axes, fresh.coverage, fresh.density)
    axes.set_xlim(-0.02, 1.04)
    axes.set_ylim(-0.02, 1.06)
    axes.set_xlabel("coverage: share of all cases of the outcome that lie in the box", fontsize=10, color=INK)
    axes.set_ylabel("density: share of the box with the outcome", fontsize=10, color=INK)
    axes.grid(color=FAINT, linewidth=0.7)
    _plain(axes)
    titles(figure, "From the whole space to a box", "\n".join(told))
    text = (
        f"Each dot is a box of the peeling, {len(result.steps)} in all; numbers: factors restricted. "
        f"Ring: the chosen box, pasted and simplified. {OPTIMISTIC}"
    )
    if fresh is not None:
        text += (
            f" Orange: the chosen box on {fresh.points:,} fresh points, {100 * fresh.level:g} % intervals."
        )
    _caption(figure, text)
    return figure


def box_figure(chosen: Found, frame: pl.DataFrame, fresh: Score | None = None) -> Figure:
    """What a box allows of each restricted factor, against all that the points of a table have.

    fresh: the box's score on fresh points, to be told in place of the optimistic figures. Raises SpecError if
    the table lacks a restricted factor.
    """
    names = most_restricted(chosen.box, frame)
    told = _wrapped(_figures(chosen, fresh), 8.6)
    head = 0.48 + LINE * len(told) + 0.2
    height = head + 0.78 * max(len(names), 1) + 0.75
    figure = Figure(figsize=(8.6, height), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((2.75 / 8.6, 0.75 / height, 4.6 / 8.6, 1 - (head + 0.75) / height))
    for row, name in enumerate(names):
        _track(axes, row, lane(frame, name), chosen.box.restrictions[name])
        axes.text(-0.04, row, _short(name), ha="right", va="center", fontsize=10.5, color=INK)
        p = (chosen.box.quasi_p if fresh is None else fresh.quasi_p).get(name)
        if p is not None:
            axes.text(
                1.04, row, "p < 0.001" if p < 0.001 else f"p = {p:.3f}", va="center", fontsize=9, color=GREY
            )
    if not names:
        axes.text(0, 0, chosen.box.sentence(), va="center", fontsize=10.5, color=INK)
    axes.set_xlim(0, 1)
    axes.set_ylim(max(len(names), 1) - 0.5, -0.5)
    axes.axis("off")
    titles(figure, "The box", "\n".join(told))
    source = "in sample: it sorts restrictions and is no test" if fresh is None else "on the fresh points"
    _caption(
        figure, f"Blue: inside the box; grey: the whole range. p: quasi-p-value of a restriction, {source}."
    )
    return figure


def points_figure(box: Box, frame: pl.DataFrame, hit: Any) -> Figure:
    """The points over the two factors that the box restricts most, with the box drawn around what it allows.

    Points that another restriction leaves out are small and faint. frame, hit: as for `prim`. Raises
    SpecError if the table has fewer than two factors or lacks a restricted one.
    """
    faults: list[str] = []
    shares = read_hits(hit, len(frame), faults)
    if faults:
        raise SpecError(faults, source="Figure")
    across, down = _two(box, frame)
    others = Box({name: r for name, r in box.restrictions.items() if name not in (across, down)})
    told = _wrapped(f"Box: {box.sentence()}", 7.6)
    head = 0.48 + LINE * len(told) + 0.6
    height = head + 4.6 + FOOT
    figure = Figure(figsize=(7.6, height), facecolor="white")
    FigureCanvasAgg(figure)
    lanes = lane(frame, across), lane(frame, down)
    names = [text for _, text in lanes[1].ticks()]
    left = max(0.85, 0.4 + 0.085 * max(map(len, names), default=0))
    axes = figure.add_axes((left / 7.6, (FOOT) / height, (7.2 - left) / 7.6, 4.6 / height))
    x, y = lanes[0].places(seed=1), lanes[1].places(seed=2)
    shown = others.contains(frame)
    order = np.argsort(shares, kind="stable")  # hits last, so that they are not hidden
    for mask, size, alpha in ((~shown, 6, 0.35), (shown, 18, 0.9)):
        at = order[mask[order]]
        axes.scatter(x[at], y[at], s=size, c=shares[at], cmap=HITS, vmin=0, vmax=1, alpha=alpha, linewidths=0)
    for a, b in lanes[0].spans(box.restrictions.get(across)):
        for c, d in lanes[1].spans(box.restrictions.get(down)):
            axes.add_patch(
                Rectangle((a, c), b - a, d - c, facecolor="none", edgecolor=INK, linewidth=2, zorder=5)
            )
    _scales(axes, lanes, (across, down))
    _plain(axes)
    titles(figure, f"{_short(across)} and {_short(down)}", "\n".join(told))
    _hit_key(figure, 1 - (head - 0.3) / height, shares)
    text = f"{len(shares):,} points. " + (
        "Small and faint: left out by another restriction of the box. " if others.restrictions else ""
    )
    _caption(figure, f"{text}Points of one category are spread at random over its width.")
    return figure


def _count_factors(axes: Axes, result: Prim) -> None:
    """Write the number of restricted factors where it changes, the larger where two would overlap."""
    written: list[tuple[float, float]] = []
    counts = [len(step.box.restrictions) for step in result.steps]
    for at in range(len(counts) - 1, 0, -1):
        place = (result.steps[at].coverage, result.steps[at].density)
        near = any(abs(place[0] - x) < 0.04 and abs(place[1] - y) < 0.05 for x, y in written)
        if counts[at] != counts[at - 1] and not near:
            written.append(place)
            axes.annotate(str(counts[at]), place, (5, 5), textcoords="offset points", fontsize=9, color=BLUE,
                          fontweight="bold")  # fmt: skip


def _cross(axes: Axes, coverage: Share, density: Share) -> None:
    """A share of each axis with its interval; the name where the line of the peeling does not run."""
    axes.plot([coverage.low, coverage.high], [density.value] * 2, color=ORANGE, linewidth=2, zorder=6)
    axes.plot([coverage.value] * 2, [density.low, density.high], color=ORANGE, linewidth=2, zorder=6)
    axes.plot([coverage.value], [density.value], "D", color=ORANGE, markersize=6, zorder=7)
    room = coverage.high < 0.85
    axes.annotate("fresh points", (coverage.high if room else coverage.low, density.value), (6 if room else -6, 0),
                  textcoords="offset points", fontsize=9.5, color=ORANGE, ha="left" if room else "right",
                  va="center")  # fmt: skip


def _track(axes: Axes, row: int, factor: Lane, restriction: Restriction) -> None:
    """A factor's whole range as a grey bar from 0 to 1, what is allowed of it in blue."""

    def along(value: float) -> float:
        return (value - factor.low) / (factor.high - factor.low or 1.0)

    spans = factor.spans(restriction)
    whole = factor.tracks()
    for parts, colour in ((whole, "#E6E6E6"), (spans, BLUE)):
        for low, high in parts:
            axes.add_patch(
                Rectangle((along(low), row - 0.13), along(high) - along(low), 0.26, color=colour, linewidth=0)
            )
    for place, text in factor.ticks():
        inside = any(low <= place <= high for low, high in spans)
        axes.text(along(place), row + 0.3, textwrap.shorten(text, 16, placeholder=" …"), ha="center", va="center",
                  fontsize=9, color=BLUE if inside else GREY)  # fmt: skip
    if not factor.column.numeric:
        return
    for place, level, side in zip(whole[0], factor.ends(), ("left", "right"), strict=True):
        axes.text(along(place), row + 0.3, level, fontsize=9, va="center", ha=side, color=GREY)
    if isinstance(restriction, Range):
        for end, place in ((restriction.low, spans[0][0]), (restriction.high, spans[0][1])):
            if np.isfinite(end):
                axes.text(
                    along(place), row - 0.28, number(end), fontsize=9.5, va="center", ha="center", color=BLUE
                )


def _two(box: Box, frame: pl.DataFrame) -> tuple[str, str]:
    """The two factors that the box restricts most; if it restricts fewer, other factors of the table."""
    names = most_restricted(box, frame)
    names += [name for name in frame.columns if name not in names]
    if len(names) < 2:
        raise SpecError("the table must have at least two factors, for two axes.", source="Figure")
    return names[0], names[1]


def _scales(axes: Axes, lanes: tuple[Lane, Lane], names: tuple[str, str]) -> None:
    for axis, factor, name in zip((axes.xaxis, axes.yaxis), lanes, names, strict=True):
        margin = 0.02 * (factor.high - factor.low)
        axis.set_view_interval(factor.low - margin, factor.high + margin, ignore=True)
        axis.set_label_text(_short(name), fontsize=10, color=INK)
        ticks = factor.ticks()
        if factor.column.numeric:
            last = factor.high if factor.null is None else factor.null - factor.width
            marks = [place for place in axis.get_major_locator().tick_values(factor.low, last)
                     if factor.low <= place <= last]  # fmt: skip
            ticks = [*((place, number(place)) for place in marks), *ticks]
        axis.set_ticks([place for place, _ in ticks], [text for _, text in ticks])


def _hit_key(figure: Figure, top: float, shares: np.ndarray) -> None:
    known = [(0.0, "outcome does not happen"), (1.0, "happens")]
    if not np.isin(shares, (0, 1)).all():
        known = [(0.0, "outcome never happens"), (0.5, "in half of replicates"), (1.0, "always")]
    at = 0.62
    for share, text in known:
        figure.text(at / 7.6, top, "●", fontsize=11, color=HITS(share), va="center")
        figure.text((at + 0.17) / 7.6, top, text, fontsize=10, color=INK, va="center")
        at += 0.5 + 0.076 * len(text)


def _figures(chosen: Found, fresh: Score | None) -> str:
    if fresh is not None:
        return fresh.sentence()
    return (
        f"{chosen.box.sentence()}: density {chosen.density:.2f}, coverage {chosen.coverage:.2f}, with "
        f"{100 * chosen.mass:.0f} % of points. {OPTIMISTIC}"
    )


def _plain(axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("bottom", "left"):
        axes.spines[side].set_color("#999999")
    axes.tick_params(length=0, labelcolor=INK, labelsize=10)
    axes.set_axisbelow(True)


def _short(name: str) -> str:
    """A name that is too long without its middle, since names often differ at the end."""
    name = name.replace("_", " ")
    return name if len(name) <= LONGEST else f"{name[: LONGEST // 2]}…{name[-(LONGEST // 2) + 1 :]}"


def _wrapped(text: str, width: float) -> list[str]:
    """Lines of a subtitle in a figure so many inches wide."""
    return textwrap.wrap(text.replace(" %", "\N{NO-BREAK SPACE}%"), int((width - 1.0) * 11.6))


def _caption(figure: Figure, text: str) -> None:
    wrapped = textwrap.fill(text.replace(" %", "\N{NO-BREAK SPACE}%"), int(figure.get_figwidth() * 13))
    figure.text(0.62 / figure.get_figwidth(), 0.1 / figure.get_figheight(), wrapped, fontsize=8.5, color=GREY,
                va="bottom", linespacing=1.3)  # fmt: skip

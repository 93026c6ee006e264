"""Figures of ensembles. Each function gives a matplotlib Figure and touches no global state.

A line is the median over replicates, a band the middle 80 % of them; lines are named where they end.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator

from cisim.insight.drawing import (
    COLOURS,
    GREY,
    INK,
    ROW,
    Line,
    caption,
    colours,
    draw,
    end_bar,
    line_of,
    name_ends,
    shade,
    title_of,
    titles,
    years_axis,
)  # fmt: skip
from cisim.insight.summary import LEVELS
from cisim.theory.measures import MEASURES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from cisim.engine.ensemble import Ensemble

__all__ = ["PANELS", "conditions_figure", "save", "severity_figure"]

WITHOUT = "Without the coalition"
MOST_BANDS = 3
"""Ensembles up to which bands are filled over the whole run; above, they are drawn at its end."""

PANELS = (
    "agenda_consensus", "indicator_coverage", "alignment",
    "trust_in_contacts", "monthly_density", "engagement",
    "effective_work", "system_change", "contribution",
)  # fmt: skip
"""From early to late: the conditions as achieved, relations, then what they change."""


def severity_figure(ensembles: Sequence[Ensemble]) -> Figure:
    """Severity over the years: every scenario, and dashed the same worlds without the coalition."""
    lines = _severity_lines(ensembles)
    many = len(ensembles) > MOST_BANDS
    labels = [
        f"{textwrap.fill(line.label, 21 if many else 25)}  {line.quantiles[1, -1]:.2f}" for line in lines
    ]
    room = ROW * sum(label.count("\n") + 1.35 for label in labels) + 0.3
    height = max(5.3, room + 1.6)
    width = 9.6 + (0.07 * len(lines) if many else 0)
    figure = Figure(figsize=(width, height), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    figure.subplots_adjust(left=0.72 / width, right=7.06 / width, top=1 - 0.8 / height, bottom=0.95 / height)
    for place, line in enumerate(lines):
        draw(axes, line)
        (end_bar if many else shade)(axes, line, place)
    years_axis(axes, ensembles)
    marks = _events(ensembles)
    values = [*_targets(ensembles), *(v for line in lines for v in line.quantiles.flat if np.isfinite(v))]
    low, high = min(0.95, *values), max(1.05, *values)
    strip = (high - low) * (0.04 + 0.055 * len(marks))
    axes.set_ylim(low - strip if low > strip else min(0.0, low - strip), high + (high - low) * 0.05)
    _target_lines(axes, ensembles)
    _mark_events(axes, marks)
    name_ends(axes, lines, labels, len(lines) if many else 0)
    titles(figure, "Severity of the issue", "share of the severity at the start; lower is better")
    caption(figure, ensembles, "bars at the end" if many else "bands")
    return figure


def conditions_figure(ensembles: Sequence[Ensemble], measures: Iterable[str] = PANELS) -> Figure | None:
    """A small panel for each measure that every ensemble has; None if there is no such measure."""
    shown = [name for name in measures if all(name in ensemble.measures for ensemble in ensembles)]
    if not shown:
        return None
    columns = min(3, len(shown))
    rows = -(-len(shown) // columns)
    width = 3.4 * max(2, columns) + 0.4
    key = _key_rows(ensembles, int(8.6 * width))
    head, foot, height = 0.98 + 0.24 * len(key), 0.85, 2.05
    whole = head + foot + rows * height
    figure = Figure(figsize=(width, whole), facecolor="white")
    FigureCanvasAgg(figure)
    grid = figure.subplots(rows, columns, squeeze=False)
    left = 0.62 / width
    figure.subplots_adjust(
        left=left, right=0.975, top=1 - (head + 0.32) / whole, bottom=foot / whole, hspace=0.52, wspace=0.24
    )
    many = len(ensembles) > MOST_BANDS
    for place, axes in enumerate(grid.flat):
        if place >= len(shown):
            axes.set_visible(False)
            continue
        _panel(axes, ensembles, shown[place], many)
        if place + columns >= len(shown):
            axes.set_xlabel("years", fontsize=8.5, color=INK)
    titles(figure, "From conditions to change", "as achieved, not as put in place")
    _write_key(figure, key, 1 - 0.82 / whole, 0.24 / whole)
    caption(figure, ensembles, None if many else "bands")
    return figure


def drawn(figure: Figure, ending: str) -> bytes:
    """A figure as a file of this format; the same figure gives the same bytes."""
    from matplotlib import rc_context

    content = io.BytesIO()
    dates: dict[str, Any] = {"Date": None} if ending == "svg" else {}
    with rc_context({"svg.hashsalt": "cisim"}):
        figure.savefig(content, format=ending, dpi=160, facecolor="white", metadata=dates)
    return content.getvalue()


def save(figure: Figure, path: Path) -> None:
    """Write a figure in the format of the path's ending; the same figure gives the same file."""
    path.write_bytes(drawn(figure, path.suffix[1:]))


def _severity_lines(ensembles: Sequence[Ensemble]) -> list[Line]:
    """A solid line each scenario; a dashed one each different world without its coalition."""
    lines, alone = [], []
    for place, ensemble in enumerate(ensembles):
        lines.append(line_of(ensemble, "severity", place))
        if "severity_alone" in ensemble.measures:
            alone.append(Line(ensemble.quantiles("severity_alone", LEVELS), GREY, WITHOUT, dashed=True))
    kept: list[Line] = []
    for line in alone:
        if not any(_look_alike(line, other) for other in kept):
            kept.append(line)
    if len(kept) == 1:
        return [*lines, *kept]
    named = zip(alone, lines, strict=True) if len(alone) == len(lines) else ()
    return [*lines, *(Line(line.quantiles, own.colour, f"{WITHOUT}: {own.label}", dashed=True)
                      for line, own in named if any(line is other for other in kept))]  # fmt: skip


def _look_alike(line: Line, other: Line) -> bool:
    """True if no reader could tell the two apart."""
    same_run = line.quantiles.shape == other.quantiles.shape
    return same_run and np.allclose(line.quantiles, other.quantiles, rtol=0, atol=0.008, equal_nan=True)


def _targets(ensembles: Sequence[Ensemble]) -> list[float]:
    return sorted({ensemble.scenario.issue.target for ensemble in ensembles})


def _target_lines(axes: Axes, ensembles: Sequence[Ensemble]) -> None:
    for target in _targets(ensembles):
        axes.axhline(target, color=INK, linewidth=1.1, linestyle=(0, (1, 2)), zorder=3)
        axes.annotate(
            f"target {target:g}", (0, target), (5, 3), textcoords="offset points", fontsize=9.5, color=INK
        )


def _events(ensembles: Sequence[Ensemble]) -> dict[tuple[str, str], list[int]]:
    """Months of events, by (kind in words, colour of the scenario)."""
    marks: dict[tuple[str, str], list[int]] = {}
    for ensemble, colour in zip(ensembles, colours(len(ensembles)), strict=True):
        for event in sorted(ensemble.scenario.event, key=lambda event: event.month):
            months = marks.setdefault((event.kind.replace("-", " "), colour), [])
            if event.month not in months:
                months.append(event.month)
    return marks


def _mark_events(axes: Axes, marks: dict[tuple[str, str], list[int]]) -> None:
    """A row above the time axis for each kind of event, named beside its last (or before its first) mark."""
    across = axes.get_xaxis_transform()
    height, last = axes.bbox.height / axes.get_figure(root=True).dpi, axes.get_xlim()[1]  # type: ignore[union-attr]
    for row, ((kind, colour), months) in enumerate(marks.items()):
        place = (0.1 + 0.19 * row) / height
        axes.plot([m / 12 for m in months], [place] * len(months), "^", color=colour, markersize=6.5,
                  transform=across, zorder=6, clip_on=False, linestyle="none")  # fmt: skip
        told = textwrap.shorten(", ".join(map(str, months)), 24, placeholder=" …")
        late = months[-1] / 12 > 0.62 * last
        axes.annotate(
            f"{kind}, month{'s' if len(months) > 1 else ''} {told}",
            ((months[0] if late else months[-1]) / 12, place), (-8 if late else 8, 0), xycoords=across,
            textcoords="offset points", fontsize=9, color=colour, ha="right" if late else "left", va="center",
        )  # fmt: skip


def _panel(axes: Axes, ensembles: Sequence[Ensemble], name: str, many: bool) -> None:
    for place, ensemble in enumerate(ensembles):
        line = line_of(ensemble, name, place)
        draw(axes, line, width=1.7)
        if not many:
            shade(axes, line)
    years_axis(axes, ensembles, labelled=False)
    entry = MEASURES[name]
    low, high = axes.get_ylim()
    low = 0.0 if entry.low >= 0 else low
    whole = entry.high == 1 and high > 0.6
    axes.set_ylim(low, 1.02 if whole else high)
    axes.yaxis.set_major_locator(FixedLocator([0, 0.25, 0.5, 0.75, 1]) if whole else MaxNLocator(nbins=4))
    axes.set_title(name.replace("_", " "), loc="left", fontsize=10.5, color=INK, pad=17)
    axes.text(0, 1.045, entry.unit, transform=axes.transAxes, fontsize=8.5, color=GREY)


def _key_rows(ensembles: Sequence[Ensemble], width: int) -> list[list[tuple[str, str]]]:
    """Coloured names in rows that fit the figure."""
    rows: list[list[tuple[str, str]]] = [[]]
    used = 0
    for ensemble, colour in zip(ensembles, colours(len(ensembles)), strict=True):
        name = textwrap.shorten(title_of(ensemble), 44, placeholder=" …")
        if rows[-1] and used + len(name) > width:
            rows.append([])
            used = 0
        again = sum(map(len, rows)) >= len(COLOURS)
        rows[-1].append((f"{'╍' if again else '━'} {name}", colour))
        used += len(name) + 5
    return rows


def _write_key(figure: Figure, rows: Sequence[Sequence[tuple[str, str]]], top: float, step: float) -> None:
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    for row, names in enumerate(rows):
        at = 0.62 / figure.get_figwidth()
        for name, colour in names:
            text = figure.text(at, top - row * step, name, color=colour, fontsize=10.5, va="top")
            at = text.get_window_extent(renderer).transformed(figure.transFigure.inverted()).x1 + 0.028

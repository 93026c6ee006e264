"""A fork as one picture: who differs from when on and through whom, the differences that tell most, two outcomes."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from matplotlib.ticker import MaxNLocator

from cisim.decision.fork.cascade import Step
from cisim.decision.fork.choosing import most_telling
from cisim.decision.fork.forking import Fork
from cisim.decision.fork.paths import draw_paths
from cisim.decision.fork.telling import Telling
from cisim.decision.fork.words import told_in_words
from cisim.insight.drawing import COLOURS, GREY, INK, titles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["MOST_ROWS", "cascade_figure"]

MOST_ROWS, MOST_NUMBERED = 40, 8
"""Organizations that have a row, and differences that are numbered and told."""
WIDTH, ROW, HEAD, PATHS, LINE, FOOT = 11.0, 0.235, 1.15, 1.75, 0.2, 0.5  # inches
LETTERS, TITLE = 150, 72  # letters of a line of the key, of the title
FAINT, BUSY = "#E6E6E6", "#8DB9DA"
ORIGIN = COLOURS[1]
STEPS = (ORIGIN, COLOURS[0], COLOURS[2], COLOURS[3], COLOURS[4])
GENERATIONS = ("touched by it", "step 1", "step 2", "step 3", "later steps")
"""Generations in colour and words; the last for all that follow."""


def cascade_figure(fork: Fork) -> Figure:
    """Organizations by row and months across; numbered differences are told below, then the paths of two outcomes."""
    steps = _rows(fork)
    told = most_telling(fork, MOST_NUMBERED)
    key = [f"{at}  {told_in_words(fork, each)}" for at, each in enumerate(told, 1)]
    lines = [line for text in key for line in textwrap.wrap(text, LETTERS, subsequent_indent="    ")]
    left = 0.3 + 0.078 * max((len(fork.names[step.organization]) for step in steps), default=8)
    height = HEAD + ROW * (len(steps) + 1) + 0.62 + LINE * len(lines) + PATHS + 0.75 + FOOT
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    FigureCanvasAgg(figure)
    top = height - HEAD
    bottom = top - ROW * (len(steps) + 1)
    axes = figure.add_axes(
        (left / WIDTH, bottom / height, (WIDTH - left - 0.3) / WIDTH, (top - bottom) / height)
    )
    _cascade(axes, fork, steps, told)
    _key(figure, steps, top / height)
    told_from = bottom - 0.55
    for at, line in enumerate(lines):
        figure.text(0.35 / WIDTH, (told_from - LINE * at) / height, line, fontsize=9, color=INK, va="top")
    draw_paths(figure, fork, FOOT + 0.3, PATHS)
    _heads(figure, fork, len(fork.cascade) - len(steps))
    return figure


def _rows(fork: Fork) -> list[Step]:
    """The steps that have a row, from top to bottom."""
    first = sorted(
        fork.cascade, key=lambda s: (s.way.generation > 0, s.month, s.way.generation, s.organization)
    )
    return first[:MOST_ROWS]


def _cascade(axes: Axes, fork: Fork, steps: list[Step], told: tuple[Telling, ...]) -> None:
    place = {step.organization: at for at, step in enumerate(steps)}
    last = max([step.month for step in steps] + [each.happening.month for each in told], default=fork.month)
    end = min(fork.without.scenario.months, max(last + 4, fork.month + 24))
    axes.set_xlim(fork.month - 1.5, end + 1)
    axes.set_ylim(len(steps) - 0.4, -0.9)
    axes.set_yticks(range(len(steps)), [fork.names[step.organization] for step in steps])
    axes.axvline(fork.month, color=ORIGIN, linewidth=1.3, zorder=1)
    _busy(axes, fork, place)
    for step in steps:
        if step.way.source in place:
            _arrow(axes, fork, steps[place[step.way.source]], step, place)
    for at, step in enumerate(steps):
        marker = "o" if step.way.source >= 0 or not step.way.generation else "s"
        colour = STEPS[min(step.way.generation, len(STEPS) - 1)]
        axes.plot([step.month], [at], marker, color=colour, markersize=6, zorder=5, linestyle="none")
    _number(axes, told, place)
    _dress(axes)


def _busy(axes: Axes, fork: Fork, place: dict[int, int]) -> None:
    """A stroke in each month in which something differs for an organization."""
    marks = {
        (each.month, place[row])
        for each in fork.difference.every
        for row in each.organizations
        if row in place
    }
    if marks:
        months, rows = zip(*sorted(marks), strict=True)
        axes.plot(months, rows, "|", color=BUSY, markersize=8, markeredgewidth=1.3, zorder=1)


def _arrow(axes: Axes, fork: Fork, source: Step, step: Step, place: dict[int, int]) -> None:
    start = fork.month if not source.way.generation else source.month
    colour = STEPS[min(step.way.generation, len(STEPS) - 1)]
    bend = 0.0 if start == step.month else 0.12
    axes.add_patch(
        FancyArrowPatch(
            (start, place[source.organization]), (step.month, place[step.organization]),
            connectionstyle=f"arc3,rad={bend}", arrowstyle="-|>", mutation_scale=7, color=colour, alpha=0.45,
            linewidth=0.9, zorder=3, shrinkA=2, shrinkB=4,
        )
    )  # fmt: skip


def _number(axes: Axes, told: tuple[Telling, ...], place: dict[int, int]) -> None:
    """A numbered mark for each difference told, on the rows of those whom it concerns."""
    taken: list[tuple[float, int]] = []
    low, high = axes.get_xlim()
    room = 0.022 * (high - low)
    for number, each in enumerate(told, 1):
        rows = sorted(place[row] for row in each.happening.organizations if row in place)
        if not rows:
            continue
        month = float(each.happening.month)
        while any(row == rows[0] and abs(month - other) < room for other, row in taken):
            month += room
        taken.append((month, rows[0]))
        if len(rows) == 2:
            axes.plot([month, month], rows, color=INK, linewidth=0.9, zorder=4)
            axes.plot([month], rows[1:], "o", color=INK, markersize=4, zorder=6)
        axes.text(month, rows[0], str(number), fontsize=8, color="white", ha="center", va="center", zorder=7,
                  fontweight="bold", bbox={"boxstyle": "circle,pad=0.22", "facecolor": INK, "edgecolor": "white"})  # fmt: skip


def _dress(axes: Axes) -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#999999")
    axes.tick_params(length=0, labelcolor=INK, labelsize=9)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=10, integer=True))
    axes.grid(axis="x", color=FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_xlabel("month", fontsize=9.5, color=INK, labelpad=2)


def _key(figure: Figure, steps: list[Step], top: float) -> None:
    """What the marks mean, in one line over the rows."""
    seen = sorted({min(step.way.generation, len(STEPS) - 1) for step in steps})
    marks: list[Any] = [Line2D([], [], color=ORIGIN, linewidth=1.3, label="the change")]
    marks += [
        Line2D([], [], marker="o", linestyle="none", color=STEPS[at], markersize=6, label=GENERATIONS[at])
        for at in seen
    ]
    if any(step.way.generation and step.way.source < 0 for step in steps):
        marks.append(Line2D([], [], marker="s", linestyle="none", color=STEPS[1], markersize=6,
                            label="by what all share"))  # fmt: skip
    marks.append(Line2D([], [], marker="|", linestyle="none", color=BUSY, markersize=8, markeredgewidth=1.3,
                        label="something differs"))  # fmt: skip
    marks.append(Line2D([], [], marker="o", linestyle="none", color=INK, markersize=8, label="told below"))
    figure.legend(handles=marks, loc="lower left", bbox_to_anchor=(0.3 / WIDTH, top), ncols=len(marks), frameon=False,
                  fontsize=8.5, handletextpad=0.3, handlelength=1.2, columnspacing=1.3, borderaxespad=0)  # fmt: skip


def _heads(figure: Figure, fork: Fork, left_out: int) -> None:
    scenario = fork.without.scenario
    titles(
        figure,
        textwrap.shorten(f"From month {fork.month}: {fork.change}", TITLE, placeholder=" …"),
        f"{scenario.title or scenario.name}: who takes another course, from when on, and through whom it can have come"
        + (f" (the first {MOST_ROWS}; {left_out} more differ)" if left_out else ""),
    )
    figure.text(
        0.35 / WIDTH, 0.12 / figure.get_figheight(),
        f"One world: seed {fork.without.seed}, replicate {fork.without.replicate}. All draws are the same with and without "
        "the change; another world may differ.", fontsize=8.5, color=GREY, va="bottom",
    )  # fmt: skip

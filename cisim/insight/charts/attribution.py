"""What each condition brings, drawn: shares beside the gain alone and the loss when removed, and pairs."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from cisim.insight.drawing import COLOURS, GREY, INK, titles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from cisim.insight.attribution import Attribution, Estimate

__all__ = ["interactions_figure", "shares_figure"]

BLUE, ORANGE, PALE = COLOURS[0], COLOURS[1], "#9CCAE6"
DIVERGING = LinearSegmentedColormap.from_list("overlap to need", [ORANGE, "#F7F7F7", BLUE])
ROW, WIDTH, FOOT, LEFT = 0.52, 9.6, 1.15, 2.1  # inches
CELL = (1.26, 0.62)  # inches of a pair across and down
LINE = 0.2  # inches of a line of the subtitle
LONGEST = 26  # letters of a name


def shares_figure(result: Attribution, *, month: int | None = None, outcome: str = "the outcome") -> Figure:
    """A bar for each player's share of the whole gain; beside it the gain alone and the loss when removed.

    month: default the last. outcome: its name and unit. Where the whole gain is not distinguishable from 0
    there are no shares, and the bars are Shapley values. Raises SpecError for a month that is not there.
    """
    m = result.place(month)
    order = np.argsort(-result.shapley.mean[:, m], kind="stable")
    labels = [_short(result.players[at]) for at in order]
    verdict = _wrapped(result.verdict(month), WIDTH)
    head = 0.48 + LINE * len(verdict) + 0.5
    height = head + FOOT + ROW * len(order)
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=[1, 1.25])
    room = max(1.0, 0.6 + 0.083 * max(map(len, labels)))
    figure.subplots_adjust(
        left=room / WIDTH, right=1 - 0.35 / WIDTH, top=1 - head / height, bottom=FOOT / height, wspace=0.12
    )
    _shares(left, result, order, m)
    _apart(right, result, order, m, outcome)
    left.set_yticks(range(len(order)), labels)
    left.set_ylim(len(order) - 0.45, -0.55)
    titles(figure, f"What each brings{_when(result, m)}", "\n".join(verdict))
    _caption(
        figure,
        result,
        "Share: Shapley value over the whole gain; the Shapley value is the gain from a player averaged over "
        "all orders in which players can be put in place.",
    )
    return figure


def interactions_figure(
    result: Attribution, *, month: int | None = None, outcome: str = "the outcome"
) -> Figure:
    """The Shapley interaction index of every pair, written and coloured; framed if its interval excludes 0.

    month: default the last. outcome: its name and unit. Raises SpecError for a month that is not there.
    """
    m = result.place(month)
    n = len(result.players)
    width = max(7.2, LEFT + CELL[0] * (n - 1) + 0.4)
    verdict = _wrapped(result.verdict(month), width)
    head = 0.48 + LINE * len(verdict) + 0.75
    height = head + CELL[1] * (n - 1) + FOOT + 0.35
    figure = Figure(figsize=(width, height), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes(
        (LEFT / width, (FOOT + 0.35) / height, CELL[0] * (n - 1) / width, CELL[1] * (n - 1) / height)
    )
    _cells(axes, result, m)
    axes.set_xticks(np.arange(n - 1) + 0.5, [_short(name, 14) for name in result.players[:-1]])
    axes.set_yticks(np.arange(n - 1) + 0.5, [_short(name, 20) for name in result.players[1:]])
    _plain(axes)
    axes.spines["bottom"].set_visible(False)
    titles(figure, f"Which pairs need each other{_when(result, m)}", "\n".join(verdict))
    _key(figure, 1 - (head - 0.4) / height, outcome)
    _caption(
        figure,
        result,
        "Number: what a pair adds beyond its two players apart, averaged over what else is in place (Shapley "
        "interaction index). Framed: the interval excludes 0; by chance so does that "
        f"of one in {1 / (1 - result.level):.0f} pairs that do not interact.",
    )
    return figure


def _shares(axes: Axes, result: Attribution, order: np.ndarray, m: int) -> None:
    known = bool(np.isfinite(result.share.mean[:, m]).all())
    part, scale = (result.share, 100.0) if known else (result.shapley, 1.0)
    for row, player in enumerate(order):
        mean, low, high = (scale * end for end in part.at(player, m))
        axes.barh(row, mean, 0.5, color=BLUE, zorder=2)
        axes.plot([low, high], [row, row], color=INK, linewidth=1.5, zorder=4)
        if known:
            axes.annotate(_signed(f"{mean:.0f}"), (max(high, 0.0), row), (5, 0),
                          textcoords="offset points", va="center", fontsize=10, color=INK)  # fmt: skip
    axes.margins(x=0.12)
    axes.axvline(0, color="#999999", linewidth=0.9, zorder=3)
    _heading(axes, "Share of the whole gain, %" if known else "Shapley value (no shares: gain may be 0)")
    _plain(axes)


def _apart(axes: Axes, result: Attribution, order: np.ndarray, m: int, outcome: str) -> None:
    for row, player in enumerate(order):
        for part, colour, at in ((result.alone, PALE, row - 0.18), (result.removed, ORANGE, row + 0.18)):
            mean, low, high = part.at(player, m)
            axes.barh(at, mean, 0.32, color=colour, zorder=2)
            axes.plot([low, high], [at, at], color=INK, linewidth=1.3, zorder=4)
    axes.axvline(0, color="#999999", linewidth=0.9, zorder=3)
    handles = [Patch(color=PALE, label="gain alone"), Patch(color=ORANGE, label="loss when removed")]
    axes.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.015, 1.0), ncols=2, frameon=False,
                fontsize=10, handlelength=1.0, borderpad=0.2, columnspacing=1.4)  # fmt: skip
    axes.set_xlabel(outcome, fontsize=10, color=INK)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6))
    axes.tick_params(labelleft=False)
    _plain(axes)


def _cells(axes: Axes, result: Attribution, m: int) -> None:
    """A rectangle for each pair, the earlier player across, the later down."""
    part = result.interaction
    largest = float(np.abs(part.mean[:, m]).max()) or 1.0
    places = _places(part, m)
    for at, (first, second) in enumerate(result.pairs):
        across, down = result.players.index(first), result.players.index(second) - 1
        mean, low, high = (round(end, places) + 0.0 for end in part.at(at, m))  # + 0.0: no minus before 0
        framed = bool(part.sign[at, m])
        edge, colour = INK if framed else "none", DIVERGING(0.5 + 0.5 * mean / largest)
        axes.add_patch(
            Rectangle(
                (across + 0.03, down + 0.05), 0.94, 0.9, linewidth=1.8, facecolor=colour, edgecolor=edge
            )
        )
        ink = "white" if abs(mean) > 0.55 * largest else INK
        written = f"{mean:{'+' if mean else ''}.{places}f}"
        axes.text(across + 0.5, down + 0.37, _signed(written), ha="center", va="center", fontsize=11, color=ink,
                  fontweight="bold" if framed else "normal")  # fmt: skip
        axes.text(across + 0.5, down + 0.7, _signed(f"{low:.{places}f} to {high:.{places}f}"), ha="center",
                  va="center", fontsize=7.6, color=ink)  # fmt: skip
    axes.set_xlim(0, len(result.players) - 1)
    axes.set_ylim(len(result.players) - 1, 0)


def _places(part: Estimate, m: int) -> int:
    """Decimals that show the width of most intervals, but no more than three figures of the largest number."""
    farthest = float(max(np.abs(part.low[:, m]).max(), np.abs(part.high[:, m]).max()))
    width = float(np.median(part.high[:, m] - part.low[:, m])) / 2
    if farthest == 0:
        return 0
    most = 2 - np.floor(np.log10(farthest))
    return int(np.clip(most if width == 0 else min(most, -np.floor(np.log10(width))), 0, 6))


def _signed(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")


def _wrapped(text: str, width: float) -> list[str]:
    """Lines of a subtitle in a figure so many inches wide."""
    return textwrap.wrap(text.replace(" %", "\N{NO-BREAK SPACE}%"), int((width - 1.0) * 11.6))


def _key(figure: Figure, top: float, outcome: str) -> None:
    handles = [Patch(color=BLUE, label="need each other"), Patch(color=ORANGE, label="overlap")]
    figure.legend(handles=handles, loc="center left", bbox_to_anchor=(0.5 / figure.get_figwidth(), top), ncols=2,
                  frameon=False, fontsize=10, handlelength=1.0, columnspacing=1.4,
                  title=f"in {outcome}", alignment="left")  # fmt: skip


def _heading(axes: Axes, text: str) -> None:
    axes.set_title(text, loc="left", fontsize=10.5, color=INK, pad=7)


def _plain(axes: Axes) -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#999999")
    axes.tick_params(length=0, labelcolor=INK, labelsize=10)
    axes.set_axisbelow(True)


def _when(result: Attribution, m: int) -> str:
    return "" if result.months[m] is None else f", month {result.months[m]}"


def _short(name: str, letters: int = LONGEST) -> str:
    """A name that is too long without its middle, since names often differ at the end."""
    name = name.replace("_", " ")
    return name if len(name) <= letters else f"{name[: letters // 2]}…{name[-(letters // 2) + 1 :]}"


def _caption(figure: Figure, result: Attribution, text: str) -> None:
    text = (
        f"Means of {result.replicates:,} replicates; every combination meets the same worlds. Lines and ranges: "
        f"{100 * result.level:g} % intervals (Student t), each on its own. {text}"
    )
    wrapped = textwrap.fill(text.replace(" %", "\N{NO-BREAK SPACE}%"), int(figure.get_figwidth() * 13))
    figure.text(0.62 / figure.get_figwidth(), 0.1 / figure.get_figheight(), wrapped, fontsize=8.5, color=GREY,
                va="bottom", linespacing=1.3)  # fmt: skip

"""Sensitivity drawn: a bar for each factor, the floor of chance under it, chance itself; and over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from cisim.errors import SpecError
from cisim.insight.charts import bars
from cisim.insight.drawing import COLOURS, GREY, INK, Line, name_ends, titles

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from cisim.insight.sensitivity import Morris, Sobol

__all__ = ["LINES", "TOP", "morris_figure", "sobol_figure", "sobol_over_time_figure"]

TOP = 20
"""Factors that have a bar of their own; the others are summed up in one row."""
LINES = 6
"""Factors that have a line of their own over time."""
CHANCE = "chance"


def sobol_figure(
    result: Sobol, *, month: int | None = None, outcome: str = "the outcome", top: int = TOP
) -> Figure:
    """A bar for each factor in one month (default: the last), largest total first, and one for chance.

    Light: total index; dark: first order; hatched: the floor, which chance alone would show. Factors after
    the first `top` are one row. Raises SpecError for a month that the result does not have.
    """
    at = _column(result, month)
    order = bars.largest_first(result.total[:, at])
    figure, axes, places = _rows(result, order, top, [CHANCE])
    for place, factor in zip(places, order[:top], strict=False):
        _factor(axes, place, result, factor, at)
    if len(order) > top:
        rest = order[top:]
        _rest(axes, places[top], result.total[rest, at].sum(), result.floor[rest, at].sum())
    _chance(axes, places[-1], result, at)
    axes.axhline(places[-1] - 0.68, color="#999999", linewidth=0.8)
    bars.fit(axes)
    axes.set_xlabel("share of variance", color=INK, fontsize=10)
    titles(figure, f"What {outcome} depends on", _subtitle(result, at))
    bars.head(figure, _keys(result.replicates), 3)
    text = (
        f"Factors: Sobol’ indices, shares of the variance of the mean over {_replicates(result)} at each "
        f"setting (N = {result.base:,}). Chance: its share of the variance of a single run. Whiskers: "
        f"{100 * result.level:g} % intervals. {result.note}"
    )
    bars.caption(figure, text.strip())
    return figure


def morris_figure(
    result: Morris, *, month: int | None = None, outcome: str = "the outcome", top: int = TOP
) -> Figure:
    """A bar for each factor's elementary effects in one month (default: the last), largest mu_star first.

    Light: mu_star; dark: size of mu; hatched: the floor, which chance alone would show. Raises SpecError
    for a month that the result does not have.
    """
    at = _column(result, month)
    order = bars.largest_first(result.mu_star[:, at])
    figure, axes, places = _rows(result, order, top, [])
    for place, factor in zip(places, order[:top], strict=False):
        size, mean, reach = result.mu_star[factor, at], result.mu[factor, at], result.mu_star_conf[factor, at]
        bars.bar(axes, place, size, bars.LIGHT)
        bars.bar(axes, place, abs(mean), bars.DARK, 0.22)
        bars.whisker(axes, place - 0.18, size, reach)
        bars.diamond(axes, place + 0.17, result.sigma[factor, at])
        bars.floor(axes, place, result.floor[factor, at])
        sign = "\N{UPWARDS ARROW}" if mean > 0 else "\N{DOWNWARDS ARROW}" if mean < 0 else ""
        bars.value_beside(axes, place, max(size + reach, result.sigma[factor, at]), f"{size:.3g} {sign}")
    if len(order) > top:
        rest = order[top:]
        axes.text(0, places[top], f"  at most {result.mu_star[rest, at].max():.3g} each", va="center",
                  fontsize=9, color=GREY)  # fmt: skip
    bars.fit(axes)
    axes.set_xlabel("change of the outcome, from end to end of the factor’s range", color=INK, fontsize=10)
    titles(figure, f"What {outcome} depends on", _subtitle(result, at))
    keys: list[Artist] = [
        bars.patch_key(bars.LIGHT, "size of effects (μ*)"),
        bars.patch_key(bars.DARK, "net effect (size of μ)"),
        bars.floor_key("what chance alone would show"),
        bars.diamond_key("how much effects differ (σ)"),
        bars.whisker_key(f"{100 * result.level:g} % interval of μ*"),
    ]
    bars.head(figure, keys, 3)
    text = (
        f"Elementary effects in {result.trajectories:,} trajectories, of the mean over "
        f"{_replicates(result)}. Arrows: the outcome rises or falls with the factor. {result.note}"
    )
    bars.caption(figure, text.strip())
    return figure


def sobol_over_time_figure(result: Sobol, *, outcome: str = "the outcome", top: int = LINES) -> Figure:
    """The largest total effects and chance over the years, as shares of the variance of a single run.

    With one replicate, chance is unknown: the lines are then shares of the variance of that run's outcome.
    Raises SpecError for a result of fewer than two months.
    """
    if result.months is None or len(result.months) < 2:
        raise SpecError("a figure over time needs indices of two months at least.", source="Sensitivity")
    years = np.asarray(result.months) / 12
    effects = result.total if result.replicates < 2 else result.freed * result.split.shares[0]
    order = bars.largest_first(np.nan_to_num(effects).mean(axis=1))[:top]
    lines = [
        Line(
            np.stack([effects[factor]] * 3), COLOURS[at % len(COLOURS)], bars.short(result.names[factor], 28)
        )
        for at, factor in enumerate(order)
    ]
    if result.replicates > 1:
        split = result.split
        band = np.stack([split.chance_low, split.chance, split.chance_high])
        lines.append(Line(band, INK, CHANCE, dashed=True))
    figure = _over_years(years, [line for line in lines if np.isfinite(line.quantiles[1, -1])])
    titles(figure, f"What {outcome} depends on, over time", _scale(result))
    text = "Lines of factors: total Sobol’ indices. "
    text += f"N = {result.base:,}, {_replicates(result)} at each setting. "
    if result.replicates > 1:
        text += f"Band: {100 * result.level:g} % interval of chance. "
    bars.caption(figure, (text + result.note).strip())
    return figure


def _scale(result: Sobol) -> str:
    if result.replicates < 2:
        return "total effects, as shares of the variance over settings"
    return "total effects without chance, and chance, as shares of the variance of a single run"


def _over_years(years: np.ndarray, lines: list[Line]) -> Figure:
    width, height = 9.6, 5.2
    figure = Figure(figsize=(width, height), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    figure.subplots_adjust(left=0.72 / width, right=6.7 / width, top=1 - 0.95 / height, bottom=1.1 / height)
    few = len(years) < 25
    for line in lines:
        if line.dashed:
            axes.fill_between(
                years, line.quantiles[0], line.quantiles[2], color=GREY, alpha=0.14, linewidth=0
            )
        axes.plot(
            years, line.quantiles[1], color=line.colour, linewidth=2.2, zorder=4, clip_on=not few,
            linestyle=(0, (4, 2.5)) if line.dashed else "-", marker="o" if few else None, markersize=4,
        )  # fmt: skip
    _time_axes(axes, years)
    name_ends(axes, lines, [f"{line.label}  {line.quantiles[1, -1]:.2f}" for line in lines], 0)
    return figure


def _time_axes(axes: Axes, years: np.ndarray) -> None:
    axes.set_xlim(years.min(), years.max())
    low, high = min(0.0, axes.dataLim.y0), max(0.1, axes.dataLim.y1)
    axes.set_ylim(low - 0.03 * (high - low), high + 0.04 * (high - low))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=10, integer=bool(years.max() >= 2)))
    axes.set_xlabel("years", color=INK, fontsize=10.5)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#999999")
    axes.tick_params(length=0, labelcolor=INK, labelsize=10)
    axes.grid(axis="y", color="#DADADA", linewidth=0.7)
    axes.set_axisbelow(True)


def _rows(
    result: Sobol | Morris, order: np.ndarray, top: int, last: list[str]
) -> tuple[Figure, Axes, list[float]]:
    """A row for each factor shown, one for the others, and the last a little apart."""
    labels = [bars.short(result.names[factor]) for factor in order[:top]]
    if len(order) > top:
        labels.append(f"and {len(order) - top} more")
    places = [float(place) for place in range(len(labels))]
    places += [places[-1] + 1.35 for _ in last]
    figure, axes = bars.rows([*labels, *last], places)
    if len(order) > top:
        axes.get_yticklabels()[top].set_color(GREY)
    return figure, axes, places


def _factor(axes: Axes, place: float, result: Sobol, factor: int, at: int) -> None:
    total, reach = result.total[factor, at], result.total_conf[factor, at]
    bars.bar(axes, place, total, bars.LIGHT)
    bars.bar(axes, place, result.first[factor, at], bars.DARK, 0.22)
    bars.whisker(axes, place - 0.18, total, reach)
    bars.whisker(axes, place, result.first[factor, at], result.first_conf[factor, at])
    bars.diamond(axes, place + 0.17, result.freed[factor, at])
    bars.floor(axes, place, result.floor[factor, at])
    end = max(total + reach, result.first[factor, at] + result.first_conf[factor, at])
    bars.value_beside(axes, place, end, f"{total:.2f}")


def _rest(axes: Axes, place: float, total: float, floor: float) -> None:
    text = f"  together {total:.2f}"
    text += f"; chance alone would show {floor:.2f}" if np.isfinite(floor) else ""
    axes.text(0, place, text, va="center", fontsize=9, color=GREY)


def _chance(axes: Axes, place: float, result: Sobol, at: int) -> None:
    split = result.split
    if not np.isfinite(split.chance[at]):
        why = "every point was run once" if result.replicates < 2 else "the outcome is constant"
        axes.text(0, place, f"  cannot be told: {why}", va="center", fontsize=9, color=GREY)
        return
    _, world, interaction = split.shares[:, at]
    bars.bar(axes, place, world, bars.SAME)
    bars.bar(axes, place, interaction, bars.VARYING, start=world)
    low, high = split.chance_low[at], split.chance_high[at]
    axes.errorbar((low + high) / 2, place, xerr=(high - low) / 2, fmt="none", ecolor=INK, elinewidth=1.0,
                  capsize=2.2, zorder=6)  # fmt: skip
    bars.value_beside(axes, place, max(high, split.chance[at]), f"{split.chance[at]:.2f}")


def _keys(replicates: int) -> list[Artist]:
    keys: list[Artist] = [
        bars.patch_key(bars.LIGHT, "total, alone and with others"),
        bars.patch_key(bars.DARK, "alone (first order)"),
    ]
    if replicates < 2:
        return keys
    return [
        *keys,
        bars.floor_key("what chance alone would show as total"),
        bars.diamond_key("total without chance"),
        bars.patch_key(bars.SAME, "chance alike at all settings (world)"),
        bars.patch_key(bars.VARYING, "chance other at each setting"),
    ]


def _subtitle(result: Sobol | Morris, at: int) -> str:
    when = "" if result.months is None else f"month {result.months[at]}; "
    return f"{when}{len(result.names)} factors, the largest first"


def _replicates(result: Sobol | Morris) -> str:
    return f"{result.replicates:,} replicate{'' if result.replicates == 1 else 's'}"


def _column(result: Sobol | Morris, month: int | None) -> int:
    """The place of a month; of the last by default."""
    if month is None:
        return -1
    known = [] if result.months is None else result.months.tolist()
    if month not in known:
        told = ", ".join(map(str, known)) or "none"
        raise SpecError(f"no month {month!r} in this result; its months: {told}.", source="Sensitivity")
    return known.index(month)

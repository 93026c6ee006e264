"""Two outcomes over time as small pictures: severity, and what else the change moves most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from cisim.decision.fork.forking import Fork
from cisim.insight.drawing import COLOURS, GREY, INK
from cisim.theory.measures import MEASURES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_paths"]

SECOND = (
    "engagement",
    "trust_in_contacts",
    "monthly_density",
    "alignment",
    "indicator_coverage",
    "effective_work",
)
"""Of these, the one that the change moves most, in its own spread, is drawn beside severity."""


def draw_paths(figure: Figure, fork: Fork, bottom: float, tall: float) -> None:
    """Two outcomes in this world, without and with the change; bottom, tall: inches."""
    width, height = figure.get_size_inches()
    for at, name in enumerate(("severity", _moved_most(fork))):
        axes = figure.add_axes(((0.75 + at * 5.15) / width, bottom / height, 4.2 / width, tall / height))
        axes.plot(fork.without[name], color=GREY, linewidth=1.8, label="without")
        axes.plot(fork.with_[name], color=COLOURS[0], linewidth=1.8, label="with the change")
        axes.axvline(fork.month, color=COLOURS[1], linewidth=1.0)
        title = f"{name.replace('_', ' ').capitalize()} ({MEASURES[name].unit})"
        axes.set_title(title, loc="left", fontsize=9.5, color=INK)
        axes.set_xlim(0, fork.without.scenario.months)
        _dress(axes)
        if name == "severity":
            _target(axes, fork.without.scenario.issue.target)


def _moved_most(fork: Fork) -> str:
    def moved(name: str) -> float:
        without, with_ = fork.without[name], fork.with_[name]
        spread = float(np.ptp(np.concatenate([without, with_]))) or 1.0
        return float(np.abs(with_ - without).mean()) / spread

    return max(SECOND, key=moved)


def _target(axes: Axes, target: float) -> None:
    axes.axhline(target, color=INK, linewidth=0.9, linestyle=(0, (1, 2)))
    axes.annotate(
        f"target {target:g}", (0, target), (3, 2), textcoords="offset points", fontsize=8, color=INK
    )
    axes.legend(
        loc="lower right", bbox_to_anchor=(1, 1), ncols=2, borderaxespad=0.1, fontsize=8.5, frameon=False
    )


def _dress(axes: Axes) -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#999999")
    axes.tick_params(length=0, labelcolor=INK, labelsize=8.5)
    axes.grid(axis="y", color="#E6E6E6", linewidth=0.7)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4))
    axes.set_xlabel("month", fontsize=8.5, color=INK, labelpad=1)

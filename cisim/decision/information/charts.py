"""The value of information drawn: what each unknown is worth knowing, against what chance alone would show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import EngFormatter

from cisim.decision.information.worth import Information
from cisim.insight.charts import bars
from cisim.insight.drawing import INK, titles

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["worth_figure"]

SHOWN = 12


def worth_figure(told: Information) -> Figure:
    """A bar for each of the unknowns that are worth most, with its interval; the floor of chance dashed."""
    both = [(one, "") for one in told.parameters] + [(one, " at the start") for one in told.starts]
    shown = sorted(both, key=lambda pair: -pair[0].worth.value)[:SHOWN]
    labels = [bars.short(f"{one.name}{when}") for one, when in shown]
    figure, axes = bars.rows([*labels, "all parameters, at least"], [*range(len(shown)), len(shown) + 0.6])
    for place, (one, _) in enumerate(shown):
        colour = bars.DARK if one.above_chance else bars.LIGHT
        _bar(axes, place, one.worth.value, one.worth.low, one.worth.high, colour)
        axes.plot([one.chance_of_largest] * 2, [place - 0.36, place + 0.36], color=INK, linewidth=1.1,
                  linestyle=(0, (2, 1.5)), zorder=7)  # fmt: skip
    together = told.together
    _bar(
        axes, len(shown) + 0.6, max(together.value, 0.0), max(together.low, 0.0), together.high, bars.VARYING
    )
    bars.fit(axes)
    unit = told.unit if told.price is not None else f"units of {told.outcome.replace('_', ' ')}"
    axes.set_xlabel(f"expected worth of knowing it before choosing ({unit})", color=INK, fontsize=10)
    if told.price is not None:
        axes.xaxis.set_major_formatter(EngFormatter())
    bars.head(figure, [bars.patch_key(bars.DARK, "above chance"), bars.patch_key(bars.LIGHT, "no more than chance"),
                       bars.whisker_key(f"{100 * told.level:g} % interval")], 3)  # fmt: skip
    titles(figure, "Which unknown is worth measuring before deciding",
           f"{len(told.plans)} plans, {told.outcome.replace('_', ' ')} in month {told.month}")  # fmt: skip
    bars.caption(
        figure,
        "Dashed: what the largest of all unknowns shows in 95 % of shuffled worlds, where knowing is worth nothing "
        f"(before correction). {told.worlds:,} worlds. Knowing everything, luck included: at most "
        f"{told.everything.high:.3g}.",
    )
    return figure


def _bar(axes: object, place: float, value: float, low: float, high: float, colour: str) -> None:
    bars.bar(axes, place, value, colour)  # type: ignore[arg-type]
    ends = np.array([[value - low], [high - value]])
    axes.errorbar(value, place, xerr=np.maximum(ends, 0), fmt="none", ecolor=INK, elinewidth=1.0, capsize=2.2,  # type: ignore[attr-defined]
                  capthick=1.0, zorder=6)  # fmt: skip

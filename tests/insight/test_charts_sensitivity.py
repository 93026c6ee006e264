"""Figures of sensitivity hold the numbers that they claim, and can be read whatever these are."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from matplotlib.text import Text
from SALib.sample import morris as morris_design
from SALib.sample import sobol as sobol_design

from cisim.errors import SpecError
from cisim.insight import figures
from cisim.insight.charts.sensitivity import morris_figure, sobol_figure, sobol_over_time_figure
from cisim.insight.sensitivity import morris, sobol

MANY = [f"factor_{at}_of_a_rather_long_name_indeed" for at in range(24)]
FEW = ["slope", "half", "nothing"]


def problem(names):
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def outcomes(unit, replicates=4, months=3, noise=0.2):
    """Factors that matter less and less, in months that tell more and more, with noise in every run."""
    mean = unit @ 0.6 ** np.arange(unit.shape[1])
    drawn = np.random.default_rng(2).normal(size=(len(unit), replicates, months))
    return mean[:, None, None] * np.linspace(0.5, 1, months) + noise * drawn


def indices(names=MANY, replicates=4, months=(12, 60, 120), **options):
    unit = sobol_design.sample(problem(names), 64, calc_second_order=False, seed=1)
    return sobol(outcomes(unit, replicates, len(months), **options), names, months=months)


def effects(names=FEW, replicates=4):
    unit = morris_design.sample(problem(names), 10, num_levels=4, seed=1)
    return morris(unit, outcomes(unit, replicates), names, levels=4, months=[12, 60, 120])


def bars(axes, *, hatched=False, height=None):
    """Lengths of bars from the top down."""
    found = [
        patch for patch in axes.patches
        if bool(patch.get_hatch()) == hatched and height in (None, pytest.approx(patch.get_height()))
    ]  # fmt: skip
    return [patch.get_width() for patch in sorted(found, key=lambda patch: patch.get_y())]


def labels(axes):
    return [text.get_text() for text in axes.get_yticklabels()]


def texts(figure):
    return [text.get_text() for text in [*figure.texts, *(t for axes in figure.axes for t in axes.texts)]]


def test_bars_are_the_largest_totals_with_their_floors_and_chance():
    told = indices()
    figure = sobol_figure(told, outcome="severity", top=5)
    (axes,) = figure.axes
    order = np.argsort(-told.total[:, -1])
    assert labels(axes)[5:] == ["and 19 more", "chance"]
    assert labels(axes)[0].startswith("factor 0 of a")
    *totals, world, interaction = bars(axes, height=0.5)
    assert totals == pytest.approx(told.total[order[:5], -1])
    assert bars(axes, height=0.22) == pytest.approx(told.first[order[:5], -1])
    assert bars(axes, hatched=True) == pytest.approx(told.floor[order[:5], -1])
    assert world + interaction == pytest.approx(told.split.chance[-1])
    rest = order[5:]
    together, floor = told.total[rest, -1].sum(), told.floor[rest, -1].sum()
    assert any(
        f"together {together:.2f}; chance alone would show {floor:.2f}" in text for text in texts(figure)
    )
    assert "What severity depends on" in texts(figure)


def test_a_month_can_be_chosen_and_must_be_there():
    told = indices(FEW)
    (axes,) = sobol_figure(told, month=12).axes
    assert bars(axes, height=0.5)[:3] == pytest.approx(np.sort(told.total[:, 0])[::-1])
    for draw, result in ((sobol_figure, told), (morris_figure, effects())):
        with pytest.raises(SpecError, match="no month 13 in this result; its months: 12, 60, 120"):
            draw(result, month=13)


def test_lines_are_shares_of_a_single_run_and_chance_is_one_of_them():
    told = indices()
    (axes,) = sobol_over_time_figure(told, top=2).axes
    first, second, chance = [line for line in axes.lines if len(line.get_xdata()) == 3]
    assert np.array_equal(first.get_xdata(), [1, 5, 10])
    for line, factor in ((first, 0), (second, 1)):
        assert line.get_ydata() == pytest.approx(told.freed[factor] * told.split.shares[0])
    assert chance.is_dashed() and chance.get_ydata() == pytest.approx(told.split.chance)
    once = indices(replicates=1)
    (axes,) = sobol_over_time_figure(once, top=2).axes
    assert axes.lines[0].get_ydata() == pytest.approx(once.total[0])
    assert not any(line.is_dashed() for line in axes.lines)
    with pytest.raises(SpecError, match="two months at least"):
        sobol_over_time_figure(indices(FEW, months=(120,)))


def test_effects_have_their_size_their_net_and_their_floor():
    told = effects()
    (axes,) = morris_figure(told).axes
    order = np.argsort(-told.mu_star[:, -1])
    assert labels(axes) == [FEW[at] for at in order]
    assert bars(axes, height=0.5) == pytest.approx(told.mu_star[order, -1])
    assert bars(axes, height=0.22) == pytest.approx(np.abs(told.mu[order, -1]))
    assert bars(axes, hatched=True) == pytest.approx(told.floor[order, -1])


DRAWN = {
    "many factors": lambda: sobol_figure(indices()),
    "one replicate": lambda: sobol_figure(indices(replicates=1)),
    "without months": lambda: sobol_figure(sobol(np.ones((10, 2)) * [[1.0]], FEW)),
    "one factor": lambda: sobol_figure(indices(["alone"])),
    "nothing but chance": lambda: sobol_figure(indices(FEW, noise=50.0)),
    "over time": lambda: sobol_over_time_figure(indices()),
    "over time, lost in chance": lambda: sobol_over_time_figure(indices(FEW, noise=50.0)),
    "effects": lambda: morris_figure(effects()),
    "many effects": lambda: morris_figure(effects(MANY, replicates=1)),
}


@pytest.mark.parametrize("kind", DRAWN)
def test_every_figure_can_be_drawn_and_nothing_overlaps_or_leaves_it(kind, tmp_path):
    figure = DRAWN[kind]()
    for ending in ("png", "svg"):
        figures.save(figure, tmp_path / f"figure.{ending}")
    assert "matplotlib.pyplot" not in sys.modules
    figure.canvas.draw()  # places what is measured, which saving did in another size
    renderer = figure.canvas.get_renderer()
    (axes,) = figure.axes
    within = [*axes.get_children(), axes.xaxis.label, *axes.get_yticklabels()]
    key = [text for legend in figure.legends for text in legend.get_texts()]
    named = [part for part in [*figure.texts, *within, *key] if isinstance(part, Text) and part.get_text()]
    low, high = sorted(axes.get_ylim())
    named = [
        part for part in named if part not in axes.get_yticklabels() or low <= part.get_position()[1] <= high
    ]
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in named]
    for at, (text, box) in enumerate(boxes):
        assert box.x0 >= 0 and box.x1 <= figure.bbox.x1 and box.y0 >= 0 and box.y1 <= figure.bbox.y1, text
        assert not [other for other, below in boxes[at + 1 :] if box.overlaps(below)], text

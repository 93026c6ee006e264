"""Summaries against plain arithmetic, and figures that hold the series that they claim."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest

from cisim import verbs
from cisim.engine.ensemble import Ensemble
from cisim.insight import figures, summary
from cisim.insight.drawing import apart
from cisim.theory.measures import MEASURES

MONTHS = 24


def ensemble(name="collective-impact", severity=None, alone=0.0, **columns):
    """An ensemble with told values: 5 replicates whose severity falls to 1 - fall."""
    scenario = verbs.preset(name).replace(months=MONTHS, event=())
    falls = np.array([0.0, 0.1, 0.2, 0.4, 0.5])[:, None] * np.linspace(0, 1, MONTHS + 1)
    values = {"severity": 1 - falls, "severity_alone": 1 - alone * falls, **columns}
    stacked = np.stack(list(values.values()), axis=-1)
    return Ensemble(scenario, 3, np.arange(5), tuple(values), stacked)


def test_a_band_is_the_middle_of_the_replicates_that_have_a_value():
    column = np.full((5, MONTHS + 1), math.nan)
    column[:4, -1] = [1.0, 2.0, 3.0, 4.0]
    told = ensemble(cost_per_contribution=column)
    assert summary.band(told, "cost_per_contribution") == summary.Band(1.3, 2.5, 3.7)
    assert math.isnan(summary.band(told, "cost_per_contribution", month=0).median)


def test_replicates_that_never_reach_the_target_count_as_late():
    told = ensemble()
    assert summary.share_reaching_target(told) == 0.4  # severity 0.6 and 0.5, target 0.7
    assert summary.months_to_target(told) == summary.Band(15.0, math.inf, math.inf)


def test_the_table_has_a_value_for_each_ensemble_and_every_declared_unit():
    rows = summary.table([ensemble(), ensemble("isolated-impact")], ["severity", "severity_alone"])
    assert [row.name for row in rows] == ["severity", "target reached", "months to target", "severity_alone"]
    assert all(len(row.values) == 2 for row in rows)
    assert rows[0].unit == MEASURES["severity"].unit and rows[0].values[0].median == pytest.approx(0.8)


def test_telling_measures_and_panels_exist():
    assert {name for names in summary.TELLING.values() for name in names} <= set(MEASURES)
    assert set(figures.PANELS) <= set(MEASURES)


def lines(figure):
    return {line.get_label(): line for line in figure.axes[0].lines if not line.get_label().startswith("_")}


def texts(figure):
    return [text.get_text() for text in [*figure.texts, *(t for axes in figure.axes for t in axes.texts)]]


def test_severity_has_each_scenario_in_years_and_the_world_without_it_dashed():
    told = ensemble()
    figure = figures.severity_figure([told])
    shown = lines(figure)
    assert set(shown) == {"Collective impact", "Without the coalition"}
    years, median = shown["Collective impact"].get_data()
    assert years[-1] == MONTHS / 12
    assert np.array_equal(median, told.quantiles("severity")[1])
    assert shown["Without the coalition"].is_dashed() and not shown["Collective impact"].is_dashed()
    assert any("target 0.7" in text for text in texts(figure))
    assert any("10th to 90th percentile" in text and "5 replicates" in text for text in texts(figure))
    assert figure.axes[0].get_legend() is None


def test_one_world_without_the_coalition_is_drawn_once_and_two_are_named():
    alike = figures.severity_figure([ensemble(), ensemble("funder-leaves")])
    assert sum(line.is_dashed() for line in lines(alike).values()) == 1
    apart_worlds = figures.severity_figure([ensemble(), ensemble("funder-leaves", alone=0.5)])
    assert "Without the coalition: The funder leaves" in lines(apart_worlds)


def test_an_event_is_marked_at_its_month():
    told = verbs.run("funder-leaves", replicates=2, months=40, measures=["severity"])
    figure = figures.severity_figure(told)
    (mark,) = [line for line in figure.axes[0].lines if line.get_marker() == "^"]
    assert list(mark.get_xdata()) == [3.0]
    assert any("funder leaves, month 36" in text for text in texts(figure))


@pytest.mark.parametrize("count", [1, 2, 5, 13])
def test_names_do_not_overlap_each_other_nor_leave_the_figure(count, tmp_path):
    shown = [name for name in verbs.presets() if name != "statewide-coalition"][:count]
    ensembles = verbs.run(*shown, replicates=2, measures=["severity", "severity_alone", "engagement"])
    for figure in (figures.severity_figure(ensembles), figures.conditions_figure(ensembles)):
        figures.save(figure, tmp_path / "figure.png")
        renderer = figure.canvas.get_renderer()
        named = [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
        boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in named]
        for at, (text, box) in enumerate(boxes):
            assert box.x0 >= 0 and box.x1 <= figure.bbox.x1 and box.y0 >= 0 and box.y1 <= figure.bbox.y1, text
            assert not [other for other, below in boxes[at + 1 :] if box.overlaps(below)], text


def test_conditions_have_a_panel_for_each_measure_there_is():
    figure = figures.conditions_figure([ensemble(engagement=np.full((5, MONTHS + 1), 0.5))])
    assert [axes.get_title(loc="left") for axes in figure.axes if axes.get_visible()] == ["engagement"]
    assert figures.conditions_figure([ensemble()]) is None


def test_saving_is_repeatable_and_never_touches_pyplot(tmp_path):
    assert "matplotlib.pyplot" not in sys.modules
    for name in ("a.png", "b.png"):
        figures.save(figures.severity_figure([ensemble()]), tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    figures.save(figures.severity_figure([ensemble()]), tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_text().startswith("<?xml")


@pytest.mark.parametrize("seed", range(20))
def test_places_are_moved_apart_in_order_and_within_bounds(seed):
    random = np.random.default_rng(seed)
    places, gaps = random.uniform(-0.2, 1.2, 6), random.uniform(0.05, 0.15, 6)
    moved = np.array(apart(list(places), list(gaps), 0.0, 1.0))
    order = np.argsort(places, kind="stable")
    free = np.diff(moved[order]) - (gaps[order][1:] + gaps[order][:-1]) / 2
    assert (free > -1e-9).all()
    assert (moved - gaps / 2 > -1e-9).all() and (moved + gaps / 2 < 1 + 1e-9).all()


def test_places_with_room_stay_where_they_are():
    assert apart([0.2, 0.8], [0.1, 0.1], 0, 1) == pytest.approx([0.2, 0.8])


def test_a_single_replicate_and_a_single_month_can_be_drawn():
    told = verbs.run("isolated-impact", replicates=1, months=1)
    assert isinstance(figures.severity_figure(told).axes, list) and figures.conditions_figure(told)

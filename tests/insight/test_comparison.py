"""Paired comparison against known answers: coverage, gain from pairing, replicates needed, and its figure."""

from __future__ import annotations

import math

import numpy as np
import pytest
from matplotlib.text import Text

from cisim import verbs
from cisim.engine.ensemble import Ensemble
from cisim.errors import SpecError
from cisim.insight import figures
from cisim.insight.charts.comparison import comparison_figure
from cisim.insight.comparison import compare, compare_ensembles

MONTHS = 24


def ensemble(name="collective-impact", seed=3, replicates=5, months=MONTHS, fall=0.4):
    scenario = verbs.preset(name).replace(months=months, event=())
    severity = 1 - fall * np.linspace(0.5, 1, replicates)[:, None] * np.linspace(0, 1, months + 1)
    return Ensemble(scenario, seed, np.arange(replicates), ("severity",), severity[:, :, None])


def standardised(count, seed=0):
    """Numbers with mean 0 and standard deviation 1, exactly but for rounding."""
    drawn = np.random.default_rng(seed).normal(size=count)
    return (drawn - drawn.mean()) / drawn.std(ddof=1)


def test_the_difference_is_b_less_a():
    told = compare([1.0, 2.0, 4.0], [2.0, 2.0, 7.0])
    assert (told.mean_a, told.mean_b) == pytest.approx((7 / 3, 11 / 3))
    assert told.difference == pytest.approx(4 / 3)
    assert told.paired.tolist() == [1.0, 0.0, 3.0]
    # by hand: sd √(7/3), t(2) at 97.5 % is 4.302653
    assert told.sd == pytest.approx(math.sqrt(7 / 3))
    reach = 4.302653 * math.sqrt(7 / 3 / 3)
    assert (told.low, told.high) == pytest.approx((4 / 3 - reach, 4 / 3 + reach), rel=1e-6)
    assert (told.b_higher.value, told.b_equal.value, told.b_lower.value) == pytest.approx((2 / 3, 1 / 3, 0))


def test_the_interval_holds_the_true_difference_in_95_of_100_trials():
    """1,000 trials of 12 pairs; 0.93 to 0.97 is 2.9 standard errors of a share of 0.95 to either side."""
    stream = np.random.default_rng(4)
    world = 3 * stream.normal(size=(12, 1000))
    a, b = (world + stream.normal(size=world.shape) for _ in range(2))
    told = compare(a, b + 0.5)
    assert 0.93 < np.mean((told.low <= 0.5) & (told.high >= 0.5)) < 0.97


def test_pairing_gains_what_the_shared_world_is_worth():
    """World's variance 3, own noise 0.5 each: (3.5 + 3.5) / (0.5 + 0.5) = 7; standard error 1.4 % of it."""
    stream = np.random.default_rng(5)
    world = math.sqrt(3) * stream.normal(size=20_000)
    a, b = (world + math.sqrt(0.5) * stream.normal(size=20_000) for _ in range(2))
    assert compare(a, b).variance_reduction == pytest.approx(7, rel=4 * 0.014)
    assert compare(a, stream.permutation(b)).variance_reduction == pytest.approx(1, rel=4 * 0.014)


def test_replicates_needed_are_the_fewest_that_do():
    """Squared half-widths over 8,000 trials: standard error 0.16 %; a replicate more or less is worth 1 %."""
    pilot = standardised(50)
    needed = compare(np.zeros(50), pilot).replicates_for(0.2)
    assert (needed.in_all, needed.still) == (99, 49)
    mean_square = {}
    for count in (98, 99):
        drawn = np.random.default_rng(6).normal(size=(count, 8000))
        told = compare(np.zeros_like(drawn), drawn)
        mean_square[count] = np.mean(((told.high - told.low) / 2) ** 2)
    assert mean_square[99] < 0.2**2 < mean_square[98]


def test_replicates_needed_count_those_without_a_value_and_know_their_limits():
    pilot = standardised(50)
    half = np.concatenate([pilot, np.full(50, np.nan)])
    assert compare(np.zeros(100), half).replicates_for(0.2).in_all == 198
    assert compare(np.zeros(50), pilot).replicates_for(10).in_all == 2
    assert compare(np.zeros(50), pilot).replicates_for(10).still == 0
    assert compare(np.zeros(3), np.ones(3)).replicates_for(0.1).in_all == 2
    assert compare(np.zeros(50), pilot).replicates_for(1e-9).in_all == math.inf
    one_known = compare(np.zeros((2, 2)), [[1.0, math.nan], [2.0, 1.0]]).replicates_for(0.1)
    assert math.isnan(one_known.in_all[1]) and one_known.in_all[0] > 2
    assert math.isnan(compare([math.nan], [1.0]).replicates_for(0.1).in_all)
    with pytest.raises(SpecError, match="half_width must be above 0"):
        compare(np.zeros(50), pilot).replicates_for(0.0)


def test_wilson_intervals_are_those_of_the_tables():
    told = compare(np.zeros(10), [1.0] * 5 + [-1.0] * 5)
    assert (told.b_higher.low, told.b_higher.high) == pytest.approx((0.2366, 0.7634), abs=5e-5)
    assert (told.b_equal.value, told.b_equal.low) == (0, 0)
    assert told.b_equal.high == pytest.approx(0.2775, abs=5e-5)


def test_pairs_without_a_value_are_left_out_and_counted():
    a = np.array([[1.0, math.nan], [2.0, 1.0], [3.0, 5.0]])
    b = np.array([[2.0, 1.0], [math.nan, 3.0], [5.0, math.nan]])
    told = compare(a, b, months=[12, 24])
    assert told.n.tolist() == [2, 1] and told.left_out.tolist() == [1, 2]
    assert told.mean_a.tolist() == [2.0, 1.0] and told.difference.tolist() == [1.5, 2.0]
    assert told.b_higher.value.tolist() == [1.0, 1.0]


def test_one_pair_none_and_pairs_that_differ_alike():
    one = compare([1.0], [3.0])
    assert one.difference == 2 and math.isnan(one.sd) and (one.low, one.high) == (-math.inf, math.inf)
    none = compare([math.nan], [3.0])
    assert none.n == 0 and math.isnan(none.difference) and math.isnan(none.low)
    assert math.isnan(none.b_higher.value)
    worlds = standardised(9)
    alike = compare(worlds, worlds + 0.3)  # alike but for rounding
    assert alike.sd == 0 and alike.low == alike.high == pytest.approx(0.3)
    assert alike.variance_reduction == math.inf
    still = compare(np.full(4, 0.1), np.full(4, 0.3))
    assert still.sd == 0 and still.variance_reduction == 1


def test_the_table_has_a_row_a_month():
    told = compare(np.zeros((4, 3)), np.arange(12.0).reshape(4, 3), months=[12, 24, 36])
    table = told.table()
    assert table["month"].to_list() == [12, 24, 36]
    assert table["difference"].to_list() == told.difference.tolist()
    assert {"low", "high", "sd", "n", "b_lower_high", "variance_reduction"} <= set(table.columns)
    assert compare(np.zeros(4), np.ones(4)).table()["month"].to_list() == [None]


def test_ensembles_of_the_same_worlds_are_compared_by_measure():
    told = compare_ensembles(ensemble("isolated-impact", fall=0.1), ensemble(), "severity", level=0.9)
    assert told.names == ("Isolated impact", "Collective impact")
    assert told.measure == "severity" and told.level == 0.9
    assert told.months.tolist() == list(range(MONTHS + 1))
    assert told.difference[-1] == pytest.approx(-0.3 * 0.75)


def test_ensembles_of_other_worlds_cannot_be_paired_and_every_reason_is_told():
    with pytest.raises(SpecError) as refused:
        compare_ensembles(ensemble(), ensemble(seed=4, replicates=6, months=36), "severty", level=2)
    told = str(refused.value)
    assert len(refused.value.faults) == 6
    for part in ("seeds 3 and 4", "different worlds", "5 replicates (0 to 4)", "24 and 36 months",
                 "Did you mean 'severity'", "level"):  # fmt: skip
        assert part in told


def test_arrays_that_cannot_be_paired_are_refused_with_every_reason():
    with pytest.raises(SpecError) as refused:
        compare([1.0, math.inf], [1.0, 2.0, 3.0], months=[1], level=0)
    assert len(refused.value.faults) == 4
    with pytest.raises(SpecError, match="a must be an array of numbers"):
        compare(["x"], [1.0])
    with pytest.raises(SpecError, match="not empty"):
        compare([], [])
    with pytest.raises(SpecError, match="one whole number for each of the 3 months"):
        compare(np.zeros((2, 3)), np.zeros((2, 3)), months=[1])


def texts(figure):
    return [text.get_text() for text in [*figure.texts, *(t for axes in figure.axes for t in axes.texts)]]


def test_the_figure_holds_the_difference_its_interval_and_every_pair():
    told = compare_ensembles(ensemble("isolated-impact", fall=0.1), ensemble(), "severity")
    over_time, pairs = comparison_figure(told).axes
    line = over_time.lines[0]
    assert np.array_equal(line.get_xdata(), told.months / 12)
    assert np.array_equal(line.get_ydata(), told.difference)
    band = over_time.collections[0].get_paths()[0].vertices[:, 1]
    assert band.min() == pytest.approx(told.low.min()) and band.max() == pytest.approx(told.high.max())
    assert any(np.all(np.asarray(line.get_ydata()) == 0) for line in over_time.lines)
    (dots,) = [line for line in pairs.lines if line.get_marker() == "o"]
    assert len(dots.get_xdata()) == 5
    many = comparison_figure(compare(np.zeros(400), standardised(400))).axes[-1]
    assert sum(bar.get_height() for bar in many.patches) == 400


@pytest.mark.parametrize(
    "told",
    [
        compare([math.nan], [1.0]),
        compare([1.0], [2.0]),
        compare(np.zeros((6, 2)), np.ones((6, 2)), months=[0, 120]),
        compare(np.zeros(200), 1e6 * standardised(200), names=("a" * 70, "b" * 70), measure="c" * 40),
        compare(np.zeros((6, 2)), 1e6 * standardised(12).reshape(6, 2), names=("a" * 70, "b" * 70)),
    ],
    ids=["no pair", "one pair", "alike", "long and alone", "long"],
)
def test_every_figure_can_be_drawn_and_nothing_overlaps_or_leaves_it(told, tmp_path):
    figure = comparison_figure(told)
    for ending in ("png", "svg"):
        figures.save(figure, tmp_path / f"figure.{ending}")
    figure.canvas.draw()  # places what is measured, which saving did in another size
    renderer = figure.canvas.get_renderer()
    within = [part for axes in figure.axes for part in [*axes.get_children(), axes.xaxis.label]]
    named = [part for part in [*figure.texts, *within] if isinstance(part, Text) and part.get_text()]
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in named]
    for at, (text, box) in enumerate(boxes):
        assert box.x0 >= 0 and box.x1 <= figure.bbox.x1 and box.y0 >= 0 and box.y1 <= figure.bbox.y1, text
        assert not [other for other, below in boxes[at + 1 :] if box.overlaps(below)], text

"""The value of information equals what can be worked out, within its interval, and nothing is worth nothing."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from cisim.decision.information import all_known, ask, everything_known, known, value_of_information
from cisim.decision.information.splines import smoother
from cisim.decision.plan import plans_in
from cisim.decision.points import points_of
from cisim.decision.robust import needed
from cisim.decision.trying import try_plans
from cisim.decision.worlds import worlds_of
from cisim.errors import SpecError
from cisim.verbs import load

MONTHS = 24
PLANS = ("collective-impact", "isolated-impact")


def unit_loss(mean: float, spread: float) -> float:
    """E max(0, X) - max(0, E X) for X normal: what knowing X is worth between X and nothing (Raiffa & Schlaifer 1961)."""
    return spread * norm.pdf(mean / spread) - abs(mean) * norm.cdf(-abs(mean) / spread)


def two_plans(stream, n, mean, slope, noise):
    """(an unknown, gains of doing nothing and of a plan that gains mean + slope · unknown + luck)."""
    unknown = stream.standard_normal(n)
    return unknown, np.column_stack([np.zeros(n), mean + slope * unknown + noise * stream.standard_normal(n)])


def knowing(unknown, gains, seed=0, **how):
    return known({"x": unknown}, gains, np.full(len(gains), 1 / len(gains)), seed=seed, **how)[0]


def test_knowing_an_unknown_is_worth_what_the_normal_linear_case_says():
    unknown, gains = two_plans(np.random.default_rng(1), 2000, -0.3, 1.0, 1.0)
    told = knowing(unknown, gains)
    assert told.worth.low <= unit_loss(-0.3, 1.0) <= told.worth.high
    assert told.worth.high - told.worth.low < 0.1
    assert told.above_chance
    assert [part.plan for part in told.parts] == [0, 1]
    assert told.parts[1].low == pytest.approx(0.3, abs=0.15)
    assert told.changed == pytest.approx(norm.cdf(-0.3), abs=0.06)


def test_knowing_everything_is_worth_what_the_normal_case_says():
    _, gains = two_plans(np.random.default_rng(2), 4000, -0.3, 1.0, 1.0)
    told = everything_known(gains, np.arange(len(gains)))
    assert told.low <= unit_loss(-0.3, np.sqrt(2)) <= told.high
    assert told.high - told.low < 0.06


def test_a_curve_is_followed_where_a_line_would_see_nothing():
    """Gain x² - 1/3 for x even on -1 to 1, 0 on average: worth the mean of its positive part; a line sees none of it."""
    stream = np.random.default_rng(3)
    unknown = stream.uniform(-1, 1, 2000)
    gains = np.column_stack([np.zeros(2000), unknown**2 - 1 / 3 + 0.3 * stream.standard_normal(2000)])
    grid = np.linspace(-1, 1, 200_001)
    truth = np.maximum(0, grid**2 - 1 / 3).mean()
    told = knowing(unknown, gains)
    assert told.worth.low <= truth <= told.worth.high
    assert [part.plan for part in told.parts] == [1, 0, 1]


@pytest.mark.parametrize(
    ("mean", "slope", "noise"), [(-0.3, 0.5, 1.0), (-0.1, 0.2, 1.0), (0.0, 0.5, 2.0), (-0.2, 0.1, 1.0)]
)
def test_the_interval_covers_the_truth(mean, slope, noise):
    """At least 87 of 100 intervals: two standard errors below the 92 % of the hardest case (a draw, drowned in luck)."""
    truth, stream, hits = unit_loss(mean, slope), np.random.default_rng(4), 0
    for seed in range(100):
        told = knowing(
            *two_plans(stream, 300, mean, slope, noise), seed=seed, shuffles=1, resamples=200
        ).worth
        hits += told.low <= truth <= told.high
    assert hits >= 87


def test_the_corrected_figure_is_nearer_the_truth_than_the_raw_one():
    """No difference, no effect: the raw figure is what chance makes of it, with a mean above 0."""
    stream = np.random.default_rng(5)
    told = [
        knowing(*two_plans(stream, 300, -0.1, 0.2, 1.0), seed=s, shuffles=1, resamples=200)
        for s in range(100)
    ]
    values = np.array([one.worth.value for one in told])
    assert abs(values.mean() - unit_loss(-0.1, 0.2)) < 3 * values.std() / 10 + 0.005


def test_what_has_nothing_to_do_with_plans_seldom_rises_above_chance():
    """60 analyses of 8 unknowns that do nothing: 5 % show one above chance, 3 ± 1.7; 9 is 3.5 standard errors up."""
    stream, above = np.random.default_rng(6), 0
    for seed in range(60):
        unknowns = {f"x{k}": stream.random(200) for k in range(8)}
        gains = stream.standard_normal((200, 3))
        told = known(unknowns, gains, np.full(200, 1 / 200), seed=seed, resamples=20, shuffles=100)
        above += any(one.above_chance for one in told)
    assert above <= 9


def test_all_unknowns_at_once_are_worth_a_lower_bound_that_is_near():
    """Ten unknowns of slope 0.3 each: worth unit_loss(-0.3, √0.9); choosing by a fitted line gets most of it."""
    stream = np.random.default_rng(7)
    unknowns = stream.standard_normal((2000, 10))
    gains = np.column_stack(
        [np.zeros(2000), -0.3 + 0.3 * unknowns.sum(axis=1) + stream.standard_normal(2000)]
    )
    told = all_known(unknowns, gains, np.arange(2000))
    truth = unit_loss(-0.3, np.sqrt(0.9))
    assert told.low <= truth and told.value > 0.8 * truth - (told.high - told.value)
    assert told.low > 0


def test_all_unknowns_at_once_are_worth_nothing_where_they_do_nothing():
    """Without an effect the mean over 40 tables is no more than luck: an estimate free of the winner's curse."""
    stream = np.random.default_rng(8)
    told = [all_known(stream.random((200, 30)), stream.standard_normal((200, 2)), np.arange(200), seed=s).value
            for s in range(40)]  # fmt: skip
    assert np.mean(told) < 3 * np.std(told) / np.sqrt(40)


def test_the_same_plan_twice_leaves_nothing_to_learn():
    unknown, gains = two_plans(np.random.default_rng(9), 300, 0.2, 1.0, 1.0)
    same = gains[:, [1, 1]]
    told = knowing(unknown, same)
    assert told.worth.value == told.worth.low == told.worth.high == told.raw == 0
    assert not told.above_chance
    assert everything_known(same, np.arange(300)).value == 0


def test_weights_tell_the_same_as_repeated_worlds():
    unknown = np.random.default_rng(10).standard_normal(200)
    counts = np.random.default_rng(11).integers(1, 4, 200)
    whole = smoother(np.repeat(unknown, counts), np.full(counts.sum(), 1 / counts.sum()))
    part = smoother(unknown, counts / counts.sum())
    assert np.allclose(
        np.abs(np.repeat(part.basis, counts, axis=0))[:, 0], np.abs(whole.basis)[:, 0], atol=1e-6
    )


def test_a_straight_line_is_left_as_it_is_and_few_values_get_means_of_their_own():
    x = np.random.default_rng(12).random(100)
    weights = np.full(100, 0.01)
    for unknown, values in ((x, 2 * x), (np.round(x * 2), np.round(x * 2) == 1)):
        smooth = smoother(unknown, weights)
        around = (values - np.mean(values))[:, None]
        fitted = smooth.curve(smooth.shrunk(smooth.coefficients(around), weights @ around**2))
        assert np.allclose(fitted, around, atol=1e-7)


@pytest.fixture(scope="module")
def world():
    scenario = load("collective-impact")
    return scenario.replace(months=MONTHS, roster=scenario.roster.model_copy(update={"count": 6}))


def test_worlds_of_a_posterior_are_gathered_by_their_draw(world):
    worlds = worlds_of(world, 250, 0, uncertain="posterior")
    points = points_of(worlds)
    assert points.weights.sum() == pytest.approx(1) and len(points) <= 200
    column = points.values[points.of_world, points.names.index(worlds.unknown[0])]
    assert np.array_equal(column, worlds.values(worlds.unknown[0]))
    values = np.random.default_rng(1).random((250, 2))
    assert np.allclose(points.weights @ points.mean(values), values.mean(axis=0))


def test_figures_of_the_model_are_in_order_and_in_money_where_a_price_is_given(world):
    worlds = worlds_of(
        world, 80, 1, uncertain="ranges", unknown=("capacity_median", "need_intensity", "trend")
    )
    tried = try_plans(worlds, plans_in(PLANS), outcomes=needed("contribution"))
    told = value_of_information(tried, of="contribution", month=MONTHS)
    assert {one.name for one in told.parameters} == {"capacity_median", "need_intensity", "trend"}
    assert told.unit == "contribution" and told.price is None
    worths = [one.worth.value for one in told.parameters]
    assert worths == sorted(worths, reverse=True)
    priced = value_of_information(tried, of="contribution", month=MONTHS, price=0.0)
    assert (
        priced.unit == "USD" and priced.plans[priced.now] == "isolated-impact"
    )  # if nothing is won, the cheaper
    assert priced.lead.value == pytest.approx(np.mean(tried.at("spent", MONTHS) @ [1, -1]))


def test_a_question_tells_every_fault_before_anything_runs(world, monkeypatch):
    monkeypatch.setattr("cisim.decision.information.asking.try_plans", None)
    with pytest.raises(SpecError) as told:
        ask(plans_in(PLANS), worlds_of(world, 20, 0, uncertain="ranges"), of="severity", month=0, price=-1)
    assert len(told.value.faults) == 3
    with pytest.raises(SpecError, match="nothing is left to know"):
        ask(plans_in(PLANS), worlds_of(world, 60, 0), of="severity", month=12)

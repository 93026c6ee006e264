"""Robust choice: how firm ranks are, thresholds, and boxes of failing that hold in worlds which did not find them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from cisim.decision.plan import plans_in
from cisim.decision.robust import (
    Settings,
    answer_of,
    ask,
    failing,
    met,
    needed,
    rank,
    robust_choice,
    thresholds_in,
)
from cisim.decision.robust.failing import _apart, _one, features
from cisim.decision.trying import try_plans
from cisim.decision.worlds import worlds_of
from cisim.errors import SpecError
from cisim.insight.crossed import Crossed
from cisim.verbs import load

PLANS = ("collective-impact", "isolated-impact")
MONTHS = 24


@pytest.fixture(scope="module")
def world():
    scenario = load("collective-impact")
    roster = scenario.roster.model_copy(update={"count": 6})
    return scenario.replace(months=MONTHS, roster=roster, parameters={"trend_shock": 0.005})


@pytest.fixture(scope="module")
def tried(world):
    """Two plans in 120 worlds of ranges, and in as many fresh ones."""
    worlds = worlds_of(world, 120, 3, uncertain="ranges", unknown=("trend", "trust_mean", "need_intensity"))
    return tuple(
        try_plans(each, plans_in(PLANS), outcomes=needed("severity")) for each in (worlds, worlds.fresh())
    )


def ranked(gains, good=None, thresholds=(), **told):
    names = tuple(f"plan-{at}" for at in range(gains.shape[1]))
    how = {
        "settings": Settings(),
        "level": 0.95,
        "resamples": 200,
        "seed": 1,
        "month": 1,
        "outcome": "severity",
    } | told
    good = np.ones(gains.shape, dtype=bool) if good is None else good
    return rank(gains, good, 1.0, plans=names, thresholds=thresholds, **how)


def test_a_plan_that_is_better_in_every_world_is_first_by_every_metric_and_stays_so():
    base = np.random.default_rng(1).normal(size=(60, 1))
    told = ranked(np.hstack([base, base + 0.5, base - 1]))
    assert (told.ranks == [2, 1, 3]).all()
    assert told.agreement.value == told.agreement.low == told.agreement.high == 1
    assert (told.first[:, 1] == 1).all() and (told.same == 1).all()
    assert told.best[1].value == 1 and told.firsts.tolist() == [0, len(told.metrics), 0]


def test_plans_that_differ_by_chance_alone_swap_places_when_worlds_are_drawn_again():
    told = ranked(np.random.default_rng(2).normal(size=(200, 2)), resamples=1000)
    assert (told.first[0] > 0.02).all()  # a mean difference of 0 ± 0.1 is within two standard errors
    assert np.allclose(told.first.sum(axis=1), 1)


def test_the_order_of_plans_does_not_matter():
    gains = np.random.default_rng(3).normal(size=(50, 3))
    one, other = ranked(gains), ranked(gains[:, ::-1])
    for name in ("values", "low", "high", "ranks", "first"):
        assert np.array_equal(getattr(one, name), getattr(other, name)[:, ::-1])


def test_worlds_that_share_parameters_are_drawn_together():
    """Ten copies of each of 20 worlds tell no more than the 20: the interval of the mean is as wide."""
    gains = np.random.default_rng(4).normal(size=(20, 2))
    copies, shared = (
        np.repeat(gains, 10, axis=0),
        Crossed(np.repeat(np.arange(20), 10), np.arange(200), drawn=True),
    )
    widths = [np.ptp([t.low[0, 0], t.high[0, 0]]) for t in
              (ranked(gains, resamples=300), ranked(copies, crossed=shared, resamples=300), ranked(copies, resamples=300))]  # fmt: skip
    assert widths[1] == pytest.approx(widths[0], rel=0.3)  # an end from 300 draws scatters by about 9 %
    assert widths[2] < 0.5 * widths[0]


@pytest.mark.slow
def test_the_interval_of_the_mean_covers_the_truth():
    """95 % of 100 tables, ± 3 standard errors of 2.2 %, and 1 % for the bootstrap of 60 worlds."""
    stream = np.random.default_rng(5)
    hits = 0
    for seed in range(100):
        told = ranked(stream.normal(0.3, 1, size=(60, 2)), seed=seed)
        hits += told.low[0, 0] <= 0.3 <= told.high[0, 0]
    assert hits / 100 >= 0.95 - 0.066 - 0.01


def test_what_cannot_be_told_is_left_out_and_said():
    told = ranked(np.random.default_rng(6).normal(-2, 0.1, size=(30, 2)))
    assert [note.split(":")[0] for note in told.left_out] == ["signal to noise", "satisficing"]


def test_thresholds_are_read_and_every_fault_is_told():
    first, second = thresholds_in(["severity<=0.7", "reached@12 >= 1"], 60)
    assert (str(first), str(second)) == ("severity@60<=0.7", "reached@12>=1")
    with pytest.raises(SpecError) as told:
        thresholds_in(["severity=1", "sevrity<=0.7"], 60)
    assert len(told.value.faults) == 2 and "'severity'" in told.value.faults[1]


def test_a_world_meets_thresholds_if_it_meets_all(tried):
    one, two = thresholds_in(["severity<=1"], MONTHS), thresholds_in(["contribution>=0"], MONTHS)
    both = met(tried[0], [*one, *two])
    assert np.array_equal(both, met(tried[0], one) & met(tried[0], two))
    assert np.array_equal(met(tried[0], one), tried[0].at("severity", MONTHS) <= 1)


def test_a_planted_box_is_found_and_holds_in_fresh_worlds():
    """Fails in 80 % of worlds where a < 0.3 and b > 0.5, in 10 % elsewhere, among 40 unknowns."""
    stream = np.random.default_rng(7)

    def drawn():
        frame = pl.DataFrame({name: stream.random(800) for name in ["a", "b", *(f"x{k}" for k in range(38))]})
        inside = (frame["a"] < 0.3).to_numpy() & (frame["b"] > 0.5).to_numpy()
        return frame, stream.random(800) < np.where(inside, 0.8, 0.1)

    told = _one("plan", *drawn(), *drawn(), 0.95)
    assert told.holds and set(told.box.box.restrictions) == {"a", "b"}
    assert told.inside.low <= 0.8 <= told.inside.high + 0.05
    assert told.elsewhere.value == pytest.approx(0.1, abs=0.06)
    assert told.box.density > told.inside.value - 0.05  # in sample is optimistic


def test_where_failing_is_luck_no_box_holds():
    """40 analyses of nothing, 30 unknowns each: boxes that hold in fresh worlds by chance are under 2.5 %."""
    stream = np.random.default_rng(8)
    held = 0
    for _ in range(40):
        found, tests = ({f"x{k}": stream.random(200) for k in range(30)} for _ in range(2))
        told = _one(
            "plan",
            pl.DataFrame(found),
            stream.random(200) < 0.4,
            pl.DataFrame(tests),
            stream.random(200) < 0.4,
            0.95,
        )
        held += told.holds
    assert held <= 2


def test_boxes_are_found_and_tested_in_different_worlds(tried):
    limits = thresholds_in(["severity<=1"], MONTHS)
    told = failing(*tried, limits)
    assert [one.plan for one in told] == list(PLANS)
    fails = ~met(tried[1], limits)
    for at, one in enumerate(told):
        assert one.failed.value == pytest.approx(fails[:, at].mean())
        assert (
            one.holds and "trend" in one.box.box.restrictions
        )  # after two years severity is what it was, and its trend
    assert {"trend", "trust_mean", "need_intensity", "trust_mean at the start"} <= set(
        features(tried[0]).columns
    )


def test_draws_of_a_posterior_either_find_or_test(world):
    for count in (60, 250):  # fewer and more than its 200 draws
        worlds = worlds_of(world, count, 0, uncertain="posterior")
        fresh = worlds.fresh()
        finds, tests = _apart(worlds, fresh)
        assert min(finds.sum(), tests.sum()) > 0.4 * count
        name = worlds.unknown[0]
        assert not set(worlds.values(name)[finds]) & set(fresh.values(name)[tests])


def test_an_answer_tells_how_firm_ranks_are_first_and_has_a_picture_of_them(tried, tmp_path):
    limits = thresholds_in(["severity<=1"], MONTHS)
    answer = answer_of(*tried, of="severity", month=MONTHS, thresholds=limits)
    assert answer.sentences[0].startswith("The metrics ")
    assert "Kendall's W" in answer.sentences[0] and "resampled worlds" in answer.sentences[1]
    assert "*assumption*" in answer.sentences[-1]
    assert set(answer.tables) == {"ranks", "plans", "metrics", "failing"}
    assert {"ranks"} < set(answer.draw())
    figures = answer.tables["metrics"]
    assert (figures["low"] <= figures["value"]).all() and (figures["value"] <= figures["high"]).all()


def test_a_question_tells_every_fault_before_anything_runs(world, monkeypatch):
    monkeypatch.setattr("cisim.decision.robust.asking.try_plans", None)
    worlds = worlds_of(world, 5, 0, uncertain="ranges")
    with pytest.raises(SpecError) as told:
        ask(
            plans_in(PLANS[:1]),
            worlds,
            of="severity",
            month=25,
            thresholds=thresholds_in(["severity@99<=1"], 5),
        )
    assert len(told.value.faults) == 3
    with pytest.raises(SpecError, match="neither better more nor less"):
        ask(plans_in(PLANS), worlds, of="components", month=12)


def test_an_outcome_without_a_value_is_refused(world):
    worlds = worlds_of(world, 4, 0, uncertain="ranges")
    tried = try_plans(worlds, plans_in(PLANS), outcomes=["cost_per_contribution"])
    with pytest.raises(SpecError, match="has no value in month 1"):
        robust_choice(tried, of="cost_per_contribution", month=1, thresholds=())

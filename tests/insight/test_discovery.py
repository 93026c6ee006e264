"""Scenario discovery against boxes planted in advance, on fresh points, and against outcomes by chance."""

from __future__ import annotations

import math
import sys

import numpy as np
import polars as pl
import pytest
from scipy.stats import binomtest
from sklearn.tree import DecisionTreeRegressor

from cisim.errors import SpecError
from cisim.insight.discovery import Box, Range, prim, score, tree
from cisim.insight.discovery.boxes import found
from cisim.insight.discovery.factors import read
from cisim.insight.discovery.peeling import pasted
from cisim.insight.discovery.tree import _penalties, _standing

OFTEN, SELDOM = 0.9, 0.1
"""How often the outcome happens inside a planted box, and outside."""


def space(points, seed):
    """Points of a study: numbers, integers, categories, a Boolean, a factor that is inactive without it."""
    random = np.random.default_rng(seed)
    leaves = random.random(points) < 0.5
    month = random.integers(12, 61, points)
    return pl.DataFrame(
        {
            "backbone_staff": random.uniform(0, 5, points),
            "trust": random.choice(["symmetric", "asymmetric", "forgiving"], points),
            "meetings": random.integers(0, 6, points),
            "funder_leaves": leaves,
            "leave_month": pl.Series(
                [int(m) if told else None for m, told in zip(month, leaves, strict=True)]
            ),
            "noise": random.uniform(0, 1, points),
        }
    )


PLANTED = {
    "numbers": {"backbone_staff": Range(1.2, 3.7), "noise": Range(high=0.6)},
    "integers": {"meetings": Range(low=3)},
    "categories": {"backbone_staff": Range(high=1.8), "trust": frozenset(["symmetric", "asymmetric"])},
    "one of a Boolean": {"funder_leaves": frozenset([False]), "meetings": Range(high=3)},
    "late or inactive": {"leave_month": Range(low=40, inactive=True), "meetings": Range(low=3)},
    "active only": {"leave_month": Range(inactive=False), "backbone_staff": Range(low=2)},
    "inactive only": {"leave_month": frozenset([None]), "backbone_staff": Range(low=2)},
}
SMALL = pl.DataFrame({"month": [12, None, 24, 36, None]})
TWINS = {"funder_leaves", "leave_month"}  # the month is inactive exactly where no funder leaves


def outcome(frame, box, seed):
    return np.random.default_rng(seed).random(len(frame)) < np.where(box.contains(frame), OFTEN, SELDOM)


def overlap(box, planted, frame):
    """Points in both over points in either."""
    ours, theirs = box.contains(frame), planted.contains(frame)
    return (ours & theirs).sum() / (ours | theirs).sum()


@pytest.mark.parametrize("name", PLANTED)
def test_prim_finds_a_planted_box_that_holds_on_fresh_points(name):
    """1,000 points to find it, 4,000 fresh ones to judge. A peel of 0.05 may miss a slice at each of two faces:
    the box overlaps the planted one by at least 0.95 ** 2 less what chance moves, so 0.85 is asked."""
    planted = Box(PLANTED[name])
    frame, fresh = space(1000, 1), space(4000, 2)
    chosen = prim(frame, outcome(frame, planted, 3)).choose()
    assert overlap(chosen.box, planted, fresh) > 0.85
    assert set(chosen.box.restrictions) - TWINS == set(PLANTED[name]) - TWINS
    happened = outcome(fresh, planted, 4)
    told = score(chosen.box, fresh, happened)
    inside = planted.contains(fresh).mean()
    base = OFTEN * inside + SELDOM * (1 - inside)
    assert told.base.low < base < told.base.high
    assert told.density.value > OFTEN - 0.1 and told.coverage.value > 0.85 * OFTEN * inside / base
    assert told.mass.value == pytest.approx(inside, abs=0.07)


def test_figures_in_sample_are_optimistic_and_fresh_points_tell_the_truth():
    """40 outcomes by chance (half of 300 points each): densest boxes look dense, and are not on fresh points."""
    looked, were = [], []
    for seed in range(40):
        frame, fresh = space(300, seed), space(300, 100 + seed)
        random = np.random.default_rng(200 + seed)
        dense = prim(frame, random.random(300) < 0.5).choose(coverage=0.2, doubt=None)
        looked.append(dense.density)
        were.append(score(dense.box, fresh, random.random(300) < 0.5).density.value)
    error = np.std(were, ddof=1) / math.sqrt(40)
    assert np.mean(looked) > 0.65
    assert np.mean(were) == pytest.approx(0.5, abs=3 * error) and error < 0.02


def test_an_outcome_by_chance_gives_no_box_or_one_that_fresh_points_unmask():
    """20 outcomes by chance; the interval at 95 % holds the true density in all but few (binomial: 4 at most)."""
    missed, restricted = 0, 0
    for seed in range(20):
        frame, fresh = space(400, seed), space(2000, 100 + seed)
        random = np.random.default_rng(300 + seed)
        box = prim(frame, random.random(400) < 0.3).choose().box
        told = score(box, fresh, random.random(2000) < 0.3).density
        missed += not told.low <= 0.3 <= told.high
        restricted += bool(box.restrictions)
    assert missed <= 4 and restricted <= 6


def test_a_peeling_goes_from_everything_inwards():
    frame = space(800, 1)
    result = prim(frame, outcome(frame, Box(PLANTED["categories"]), 3), peel=0.1, least_mass=0.1)
    first, *rest = result.steps
    assert (first.coverage, first.mass, first.points, first.box.restrictions) == (1, 1, 800, {})
    assert result.base == first.density
    before = np.ones(800, dtype=bool)
    for step, last in zip(rest, result.steps, strict=False):
        inside = step.box.contains(frame)
        assert not (inside & ~before).any() and inside.sum() == step.points < last.points
        assert step.density > last.density and step.coverage <= last.coverage
        before = inside
    assert rest[-1].mass >= 0.1
    table = result.table()
    assert table.height == len(result.steps) and set(table["sample"]) == {"in sample (optimistic)"}
    assert table["restricted"].to_list() == [len(step.box.restrictions) for step in result.steps]


def test_rules_choose_a_box_and_doubtful_restrictions_are_dropped():
    frame = space(800, 1)
    result = prim(frame, outcome(frame, Box(PLANTED["categories"]), 3))
    covering = result.choose(coverage=0.9)
    assert covering.coverage >= 0.9
    assert covering.density >= max(step.density for step in result.steps if step.coverage >= 0.9) - 0.05
    dense = result.choose(density=0.6)
    assert dense.density >= 0.6
    assert dense.coverage >= max(step.coverage for step in result.steps if step.density >= 0.6)
    every, few = result.choose(coverage=0.3, doubt=None), result.choose(coverage=0.3)
    doubtful = {name for name, p in every.box.quasi_p.items() if p > 0.05}
    assert doubtful and not doubtful & set(few.box.restrictions)
    assert set(few.box.restrictions) == set(PLANTED["categories"]) and few.coverage >= every.coverage
    assert all(p <= 0.05 for p in few.box.quasi_p.values())
    # a doubtful restriction stays if the box would otherwise be less dense than asked
    assert result.choose(density=every.density).density >= every.density > few.density
    for rule, problem in (
        ({"coverage": 1.2}, "coverage must be a share"),
        ({"coverage": 0.5, "density": 0.5}, "not both"),
    ):
        with pytest.raises(SpecError, match=problem):
            result.choose(**rule)
    with pytest.raises(SpecError, match=r"no box has a density of 0\.5; the densest has 0\.4"):
        prim(frame, np.full(800, 0.4)).choose(density=0.5)


def test_pasting_gives_back_what_was_peeled_too_far():
    """A box that reaches into a planted one grows to its faces and no further, in numbers and in categories.

    Hits are 0.95 inside and 0.05 outside, without chance; a face stops within a slice of 0.05.
    """
    frame = space(2000, 1)
    planted = Box({"noise": Range(0.3, 0.7), "trust": frozenset(["symmetric", "forgiving"])})
    points = read(frame, planted.contains(frame) * 0.9 + 0.05)
    by_name = {column.name: column for column in points.columns}
    noise, trust = by_name["noise"], by_name["trust"]
    inner = np.append((noise.levels > 0.5) & (noise.levels < 0.55), True)
    outer = np.append((noise.levels > 0.5) & (noise.levels < 0.8), True)
    two = np.append(trust.levels != "asymmetric", True)
    cut = {"noise": inner, "trust": two}
    assert found(points, pasted(points, cut, 0.05)) == found(points, cut)  # nothing makes it denser
    grown = found(points, pasted(points, {"noise": outer, "trust": two}, 0.05)).box.restrictions
    assert grown["noise"].low == pytest.approx(0.3, abs=0.02) and grown["noise"].high == pytest.approx(
        0.8, abs=0.02
    )
    mixed = {"noise": inner, "trust": np.append(trust.levels != "forgiving", True)}
    assert found(points, pasted(points, mixed, 0.05)).box.restrictions.keys() == {"noise"}


def test_quasi_p_is_the_tail_of_a_binomial():
    frame = space(200, 1)
    happened = outcome(frame, Box(PLANTED["categories"]), 3)
    allowed = prim(frame, happened)._allowed[10]
    told = found(read(frame, happened), allowed)
    assert len(told.box.quasi_p) > 1
    for name, p in told.box.quasi_p.items():
        without = Box({other: r for other, r in told.box.restrictions.items() if other != name})
        share = happened[without.contains(frame)].mean()
        hits = int(happened[told.box.contains(frame)].sum())
        assert p == pytest.approx(binomtest(hits, told.points, share, alternative="greater").pvalue)


@pytest.mark.parametrize("name", PLANTED)
def test_a_tree_has_a_planted_box_among_its_leaves(name):
    planted = Box(PLANTED[name])
    frame, fresh = space(1500, 1), space(2000, 2)
    result = tree(frame, outcome(frame, planted, 3), depth=5)
    densest = result.leaves[0]
    assert overlap(densest.box, planted, fresh) > 0.85
    held = np.array([leaf.box.contains(fresh) for leaf in result.leaves])
    assert (held.sum(axis=0) == 1).all()  # every point, fresh ones too, lies in exactly one leaf
    assert sum(leaf.coverage for leaf in result.leaves) == pytest.approx(1)
    assert sum(leaf.points for leaf in result.leaves) == 1500 and densest.mass >= 0.05
    assert result.depth <= 5 and result.table().height == len(result.leaves)
    assert result.table()["density"].is_sorted(descending=True)


def test_a_tree_is_cut_back_as_scikit_learn_does_it():
    """Trees of 10 outcomes, at every cost at which they change: the same prediction for each point."""
    for seed in range(10):
        random = np.random.default_rng(seed)
        table = random.integers(0, 20, (300, 4)).astype(float)
        hit = (random.random(300) < 0.2 + 0.6 * (table[:, 0] > 8) * (table[:, 1] < 12)).astype(float)
        settings = {"max_depth": 5, "min_samples_leaf": 0.03, "random_state": 0}
        whole = DecisionTreeRegressor(**settings).fit(table, hit)
        for penalty in _penalties(whole.cost_complexity_pruning_path(table, hit).ccp_alphas):
            cut = DecisionTreeRegressor(**settings, ccp_alpha=penalty).fit(table, hit)
            ours = whole.tree_.value[_standing(whole.tree_, penalty)[whole.apply(table)], 0, 0]
            assert ours == pytest.approx(cut.predict(table))


def test_a_tree_is_repeatable_and_cut_back_where_errors_are_alike():
    frame = space(600, 1)
    happened = outcome(frame, Box(PLANTED["categories"]), 3)
    first, again, other = tree(frame, happened), tree(frame, happened), tree(frame, happened, seed=7)
    assert first.leaves == again.leaves and np.array_equal(first.errors, again.errors)
    assert not np.array_equal(first.errors, other.errors)
    told = first.pruning().filter("in_use").row(0, named=True)
    least = first.errors.argmin()
    assert told["error"] <= first.errors[least] + first.spreads[least] and told["penalty"] == first.penalty
    assert first.penalty >= first.penalties[least]


def test_an_outcome_by_chance_gives_a_single_leaf():
    """Of 10 outcomes by chance at most 2 grow a tree: the rule of one standard error is no exact test."""
    grown = 0
    for seed in range(10):
        happened = np.random.default_rng(400 + seed).random(300) < 0.4
        grown += len(tree(space(300, seed), happened).leaves) > 1
    assert grown <= 2


def test_shares_of_replicates_say_more_than_their_rounding():
    """With shares of 10 replicates the box is found in 150 points."""
    planted, frame, fresh = Box(PLANTED["late or inactive"]), space(150, 1), space(2000, 2)
    chance = np.where(planted.contains(frame), 0.8, 0.15)
    shares = np.random.default_rng(3).binomial(10, chance) / 10
    assert overlap(prim(frame, shares).choose().box, planted, fresh) > 0.8
    assert overlap(tree(frame, shares).leaves[0].box, planted, fresh) > 0.8


def test_constant_factors_and_outcomes_that_always_happen_give_no_box():
    frame = pl.DataFrame({"same": [1.0] * 40, "kind": ["a"] * 40, "x": range(40)})
    assert [step.box.restrictions for step in prim(frame, np.ones(40)).steps] == [{}]
    assert set(prim(frame, np.arange(40) < 10).choose().box.restrictions) == {"x"}
    assert len(prim(frame, np.arange(40) < 10, factors=["same"]).steps) == 1
    with pytest.raises(SpecError, match="every factor is constant"):
        tree(frame, np.arange(40) < 10, factors=["same", "kind"])


def test_faults_of_factors_and_hits_are_told_at_once():
    frame = pl.DataFrame({"x": [1.0, math.nan, math.inf, 2.0], "y": [[1], [2], [3], [4]], "ok": [1, 2, 3, 4]})
    with pytest.raises(SpecError) as told:
        prim(frame, [0, 1, 2, math.nan])
    assert len(told.value.faults) == 3
    for part in ("'x' is NaN or infinite in 2 points", "'y' has type List(Int64)", "2 of 4 entries are not"):
        assert part in str(told.value)
    for hit, factors, problem in (
        ([True] * 3, None, r"one entry for each of the 4 points, given shape \(3,\)"),
        ([0, 0, 0, 0], ["ok"], "hit is 0 in every point"),
        ([0, 1, 0, 1], ["okay"], "no factor 'okay'. Did you mean 'ok'"),
        ([0, 1, 0, 1], [], "there are no factors"),
        (["a"] * 4, ["ok"], "hit must be an array of numbers"),
    ):
        with pytest.raises(SpecError, match=problem):
            prim(frame, hit, factors=factors)


def test_settings_out_of_range_are_refused():
    frame, hit = SMALL, [0, 1, 0, 1, 1]
    with pytest.raises(SpecError) as told:
        prim(frame, hit, peel=0.9, least_mass=0)
    assert len(told.value.faults) == 2
    with pytest.raises(SpecError) as told:
        tree(frame, hit, depth=0, least_mass=0.9, folds=1)
    assert len(told.value.faults) == 3
    with pytest.raises(SpecError, match="level must be a share"):
        score(Box(), frame, hit, level=95)


def test_a_missing_scikit_learn_is_asked_for_by_name(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.tree", None)
    with pytest.raises(SpecError, match=r'pip install "cisim\[study\]"'):
        tree(SMALL, [0, 1, 0, 1, 1])

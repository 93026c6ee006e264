"""Worlds with the same draw of a posterior tell less than as many different ones, and every interval says so."""

from __future__ import annotations

import numpy as np
import pytest

import cisim
from cisim.decision.estimates import mean_of, quantile_of, ratio_of, share_of
from cisim.decision.worlds import worlds_of
from cisim.insight.comparison import compare
from cisim.insight.crossed import Crossed, of_draws
from cisim.world.posterior import posterior_of

DRAWS, COPIES = 40, 10
ONES = np.random.default_rng(1).normal(1.0, 1.0, DRAWS)
MANY = np.repeat(ONES, COPIES)
SHARED = Crossed(np.repeat(np.arange(DRAWS), COPIES), np.arange(DRAWS * COPIES), drawn=True)


def width(told):
    return told.high - told.low


@pytest.mark.parametrize(
    "tell",
    [
        mean_of,
        lambda values, level, crossed=None: share_of(values > 1, level, crossed),
        lambda values, level, crossed=None: quantile_of(values, 0.5, level, crossed),
        lambda values, level, crossed=None: ratio_of(values, 2 + values**2, level, crossed),
    ],
    ids=["mean", "share", "quantile", "ratio"],
)
def test_copies_of_a_draw_make_no_interval_narrower(tell):
    once, copied, shared = tell(ONES, 0.95), tell(MANY, 0.95), tell(MANY, 0.95, SHARED)
    assert width(shared) == pytest.approx(width(once), rel=0.25)
    assert width(copied) < 0.5 * width(once)


def test_worlds_of_a_posterior_know_which_draws_they_share():
    drawn = worlds_of(cisim.preset("collective-impact"), 200, 1, uncertain="posterior")
    distinct = len(np.unique(posterior_of("shipped").rows, axis=0))
    assert distinct < 200 and drawn.crossed is not None and drawn.crossed.nested
    assert len(np.unique(drawn.crossed.points)) == distinct
    assert drawn.crossed.freedom == distinct - 1
    few = worlds_of(cisim.preset("collective-impact"), 2, 1, uncertain="posterior")
    assert few.crossed is None  # its two draws differ
    assert worlds_of(cisim.preset("collective-impact"), 50, 1).crossed is None


def test_a_sample_of_nested_worlds_takes_whole_settings():
    for places in SHARED.samples(20, 3):
        settings, counts = np.unique(SHARED.points[places], return_counts=True)
        assert len(places) == DRAWS * COPIES and (counts % COPIES == 0).all()
        assert len(settings) < DRAWS


def test_a_comparison_is_as_sure_as_its_draws_are_many():
    """Each of 40 draws in ten worlds: intervals of difference and shares are as wide as from one world each."""
    values = np.column_stack([ONES, ONES - 0.5])
    copies = np.repeat(values, COPIES, axis=0)
    copies[3, 1] = np.nan
    once = compare(np.zeros_like(values), values)
    alone = compare(np.zeros_like(copies), copies)
    shared = compare(np.zeros_like(copies), copies, crossed=SHARED)
    assert np.array_equal(shared.difference, alone.difference)
    for of in (lambda told: told.high - told.low, lambda told: told.b_higher.high - told.b_higher.low):
        assert of(shared) == pytest.approx(of(once), rel=0.1)
        assert (of(alone) < 0.5 * of(once)).all()
    assert shared.shared and np.isnan(shared.replicates_for(0.1).in_all).all()
    same = compare(copies, copies, crossed=SHARED)
    assert (same.difference == 0).all() and (same.high == 0).all() and (same.low == 0).all()


def test_one_draw_is_a_setting_like_any_other():
    assert of_draws(np.ones((50, 3))) is None
    assert of_draws(np.arange(50.0)[:, None]) is None
    assert of_draws(np.repeat(np.arange(25.0), 2)[:, None]) is not None

"""Boxes: which points they hold and what they say, and their scores on fresh points."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from scipy.stats import binomtest

from cisim.errors import SpecError
from cisim.insight.discovery import Box, Range, score

FRAME = pl.DataFrame(
    {
        "staff": [0.0, 1.0, 2.5, None, 4.0],
        "month": pl.Series([12, None, 24, 36, None], dtype=pl.Int64),
        "trust": ["a", "b", None, "a", "c"],
        "leaves": [True, False, None, True, False],
        "kind": pl.Series(["x", "y", "x", None, "y"], dtype=pl.Categorical),
    }
)


@pytest.mark.parametrize(
    "restrictions, inside, words",
    [
        ({}, [1, 1, 1, 1, 1], "anywhere: no factor is restricted"),
        ({"staff": Range(high=2.5)}, [1, 1, 1, 0, 0], "staff at most 2.5"),
        ({"staff": Range(1, 3, inactive=True)}, [0, 1, 1, 1, 0], "staff between 1 and 3 or inactive"),
        ({"staff": Range()}, [1, 1, 1, 0, 1], "staff is active"),
        ({"staff": Range(inactive=True)}, [1, 1, 1, 1, 1], "staff is anything"),
        ({"month": Range(low=24)}, [0, 0, 1, 1, 0], "month at least 24"),
        ({"month": Range(24, 24)}, [0, 0, 1, 0, 0], "month is 24"),
        ({"month": frozenset([None])}, [0, 1, 0, 0, 1], "month is inactive"),
        ({"trust": frozenset(["b", "a"])}, [1, 1, 0, 1, 0], "trust is 'a' or 'b'"),
        ({"trust": frozenset(["c", None])}, [0, 0, 1, 0, 1], "trust is 'c' or inactive"),
        ({"leaves": frozenset([True])}, [1, 0, 0, 1, 0], "leaves is true"),
        ({"kind": frozenset(["x"])}, [1, 0, 1, 0, 0], "kind is 'x'"),
        ({"staff": Range(low=1), "leaves": frozenset([False])}, [0, 1, 0, 0, 1],
         "staff at least 1 and leaves is false"),
    ],
)  # fmt: skip
def test_a_box_says_what_it_is_and_which_points_it_holds(restrictions, inside, words):
    box = Box(restrictions)
    assert box.contains(FRAME).tolist() == [bool(told) for told in inside]
    assert box.sentence() == words
    assert box.table()["factor"].to_list() == list(restrictions)


def test_the_table_of_a_box_has_ends_categories_and_p():
    box = Box({"staff": Range(high=1.4, inactive=True), "leaves": frozenset([True, None])}, {"staff": 0.01})
    assert box.table().to_dicts() == [
        {"factor": "staff", "low": None, "high": 1.4, "categories": None, "inactive": True, "quasi_p": 0.01},
        {
            "factor": "leaves",
            "low": None,
            "high": None,
            "categories": ["true"],
            "inactive": True,
            "quasi_p": None,
        },
    ]


def test_a_box_refuses_a_table_that_is_not_of_its_factors():
    box = Box({"staffs": Range(high=1), "trust": Range(low=1), "staff": frozenset(["a"])})
    with pytest.raises(SpecError) as told:
        box.contains(FRAME)
    assert len(told.value.faults) == 3
    assert "no column for the restricted factor 'staffs'" in str(told.value)
    assert "'trust' must hold numbers" in str(told.value) and "'staff' must hold categories" in str(
        told.value
    )


def test_scores_of_truths_have_wilson_intervals():
    random = np.random.default_rng(1)
    frame = pl.DataFrame({"staff": random.uniform(0, 5, 500), "trust": random.choice(["a", "b", "c"], 500)})
    box = Box({"staff": Range(high=1.8), "trust": frozenset(["a", "b"])})
    inside = box.contains(frame)
    happened = random.random(500) < np.where(inside, 0.9, 0.1)
    told = score(box, frame, happened, level=0.9)
    for share, hits, of in (
        (told.density, (happened & inside).sum(), inside.sum()),
        (told.coverage, (happened & inside).sum(), happened.sum()),
        (told.mass, inside.sum(), 500),
        (told.base, happened.sum(), 500),
    ):
        ends = binomtest(int(hits), int(of)).proportion_ci(0.9, method="wilson")
        assert (share.value, share.low, share.high) == pytest.approx((hits / of, ends.low, ends.high))
    assert told.table().shape == (4, 5) and (told.points, told.inside) == (500, inside.sum())
    assert (
        f"in {100 * told.density.value:.0f} % (" in told.sentence() and "500 fresh points" in told.sentence()
    )
    assert set(told.quasi_p) == set(box.restrictions)


def test_intervals_of_shares_hold_the_truth_about_as_often_as_they_say():
    """600 studies of 150 points with 5 replicates each; 0.95 within 4 standard errors, and 0.01 for Wilson's own."""
    box, trials, held = Box({"x": Range(high=0.5)}), 600, np.zeros(2)
    for seed in range(trials):
        random = np.random.default_rng(seed)
        x = random.uniform(0, 1, 150)
        shares = random.binomial(5, np.where(x <= 0.5, 0.6, 0.2)) / 5
        told = score(box, pl.DataFrame({"x": x}), shares)
        held += [told.density.low < 0.6 < told.density.high, told.coverage.low < 0.75 < told.coverage.high]
    assert held / trials == pytest.approx(0.95, abs=0.01 + 4 * math.sqrt(0.95 * 0.05 / trials))


def test_an_empty_box_has_no_density():
    told = score(Box({"month": Range(low=99)}), FRAME, np.ones(5))
    assert told.coverage.value == 0 and math.isnan(told.density.value) and told.inside == 0
    assert "an unknown share" in told.sentence()


def test_fresh_points_may_be_without_a_case_and_have_columns_that_are_no_factors():
    told = score(Box({"month": Range(low=24)}), FRAME.with_columns(note=pl.lit([1])), np.zeros(5))
    assert told.density.value == told.base.value == 0 and math.isnan(told.coverage.value)
    assert told.density.high < 1 and told.quasi_p == {"month": 1.0}
    with pytest.raises(SpecError, match="one entry for each of the 5 points"):
        score(Box(), FRAME, [True])

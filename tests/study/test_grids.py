"""Points from lists of values: all combinations, side by side, and one at a time from the base."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest

from cisim.study.designs import Design, points, size
from cisim.study.designs.factors import Factor


def ends(name: str, **more: object) -> Factor:
    return Factor(**{"name": name, "low": 0, "high": 4, **more})


def test_a_grid_is_every_combination_with_the_first_factor_slowest():
    factors = [Factor(name="a", levels=["u", "v"]), ends("b", integer=True, steps=3), ends("c", steps=2)]
    table = points(Design(kind="grid"), factors)
    assert table.rows() == list(itertools.product(["u", "v"], [0, 2, 4], [0.0, 4.0]))
    assert size(Design(kind="grid"), factors) == 12
    assert table.schema == {"a": pl.String, "b": pl.Int64, "c": pl.Float64}


def test_a_grid_has_no_point_twice_where_factors_are_inactive():
    factors = [
        ends("skill", steps=2, when={"staff": {"low": 1}}),
        Factor(name="staff", levels=[0, 1, 2], when={"backbone": True}),
        Factor(name="backbone", levels=[True, False]),
        Factor(name="rule", levels=["u", "v"]),
    ]
    table = points(Design(kind="grid"), factors)
    with_backbone = [(None, 0), (0.0, 1), (0.0, 2), (4.0, 1), (4.0, 2)]
    expected = {(*pair, True, rule) for pair in with_backbone for rule in "uv"} | {
        (None, None, False, r) for r in "uv"
    }
    assert set(table.rows()) == expected and table.height == len(expected)
    assert size(Design(kind="grid"), factors) == len(expected) == 12
    assert table.columns == ["skill", "staff", "backbone", "rule"]


@pytest.mark.parametrize("seed", range(40))
def test_a_grid_is_the_full_product_with_idle_cells_emptied_and_repetitions_dropped(seed):
    draws = np.random.Generator(np.random.Philox(seed))
    factors = []
    for at in draws.permutation(5):
        waits = draws.permutation([f.name for f in factors])[: draws.integers(0, 3)]
        when = {str(name): draws.permutation(3)[: draws.integers(1, 3)].tolist() for name in waits}
        factors.append(Factor(name=f"f{at}", levels=[0, 1, 2], when=when))
    order = sorted(factors, key=lambda factor: factor.name)
    expected = {}
    for values in itertools.product([0, 1, 2], repeat=5):
        point = dict(zip((factor.name for factor in order), values, strict=True))
        for factor in factors:  # each after those that it waits for
            if any(point[name] not in when for name, when in factor.when.items()):
                point[factor.name] = None
        expected[tuple(point.values())] = None
    table = points(Design(kind="grid"), order)
    assert set(table.rows()) == set(expected)
    assert table.height == len(expected) == size(Design(kind="grid"), order)


def test_values_of_a_continuous_factor_with_steps_can_be_named_in_when():
    factors = [
        Factor(name="a", low=0, high=1, steps=11),
        Factor(name="b", levels=[1, 2], when={"a": [0.3, 0.7]}),
    ]
    table = points(Design(kind="grid"), factors)
    assert table.height == 13
    assert table.filter(pl.col("b").is_not_null())["a"].to_list() == [0.3, 0.3, 0.7, 0.7]


def test_a_zip_takes_values_side_by_side():
    factors = [
        Factor(name="a", levels=["u", "v", "w"]),
        ends("b", steps=3),
        ends("c", steps=3, when={"a": ["u", "w"]}),
    ]
    table = points(Design(kind="zip"), factors)
    assert table.rows() == [("u", 0, 0), ("v", 2, None), ("w", 4, 4)]
    assert size(Design(kind="zip"), factors) == 3


def test_one_at_a_time_is_the_base_and_each_factor_alone():
    factors = [
        ends("a"),
        ends("b", integer=True),
        ends("c", steps=3),
        Factor(name="d", levels=["u", "v", "w"]),
        Factor(name="e", levels=[1, 2], when={"d": "w"}),
        Factor(name="f", levels=[1, 2], when={"d": "v"}),
    ]
    base = {"a": 1, "b": np.int64(4), "c": 2.0, "d": "v", "e": 2, "f": 1.5, "more": None}
    table = points(Design(kind="one-at-a-time"), factors, base)
    assert table.rows() == [
        (1, 4, 2, "v", None, 1.5),
        (0, 4, 2, "v", None, 1.5),
        (4, 4, 2, "v", None, 1.5),
        (1, 0, 2, "v", None, 1.5),
        (1, 4, 0, "v", None, 1.5),
        (1, 4, 4, "v", None, 1.5),
        (1, 4, 2, "u", None, None),
        (1, 4, 2, "w", 2, None),
        (1, 4, 2, "v", None, 1),
        (1, 4, 2, "v", None, 2),
    ]
    assert size(Design(kind="one-at-a-time"), factors, base) == table.height
    assert table["b"].dtype == pl.Int64 and table["f"].dtype == pl.Float64


def test_a_base_may_lie_outside_the_levels():
    factors = [Factor(name="rule", levels=["u", "v"]), ends("x")]
    table = points(Design(kind="one-at-a-time"), factors, {"rule": "w", "x": 9})
    assert table.rows() == [("w", 9), ("u", 9), ("v", 9), ("w", 0), ("w", 4)]


def test_a_large_grid_is_counted_without_being_laid_out():
    factors = [Factor(name=f"f{at}", levels=[0, 1]) for at in range(24)]
    assert size(Design(kind="grid"), factors) == 2**24

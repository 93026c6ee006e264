"""Factors: quantiles, values for grids, what makes sense when, and every fault with its sentence."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import polars as pl
import pytest

from cisim.errors import SpecError
from cisim.study.designs.factors import Factor, factor_faults, in_order
from cisim.study.designs.when import Range, holds
from cisim.world.toml import parse

MIDDLES = (np.arange(1_000) + 0.5) / 1_000
"""The middles of a thousand equal strips, so that shares can be counted exactly."""


def share(factor: Factor) -> dict[object, float]:
    counts = Counter(factor.from_unit(MIDDLES).to_list())
    return {value: count / len(MIDDLES) for value, count in counts.items()}


def test_a_linear_factor_goes_evenly_from_low_to_high():
    values = Factor(name="x", low=-2, high=6).from_unit(np.array([0, 0.25, 0.5, 1]))
    assert values.to_list() == [-2, 0, 2, 6]
    assert values.name == "x" and values.dtype == pl.Float64


def test_on_a_log_scale_equal_ratios_are_equally_likely():
    values = Factor(name="x", low=0.01, high=100, scale="log").from_unit(np.array([0, 0.25, 0.5, 0.75, 1]))
    np.testing.assert_allclose(values, [0.01, 0.1, 1, 10, 100], rtol=1e-12)
    assert values[0] >= 0.01 and values[-1] <= 100


def test_whole_numbers_are_equally_likely_ends_included():
    assert share(Factor(name="x", low=3, high=7, integer=True)) == dict.fromkeys(range(3, 8), 0.2)


def test_on_a_log_scale_a_whole_number_stands_for_all_that_round_to_it():
    factor = Factor(name="x", low=1, high=20, integer=True, scale="log")
    whole = math.log(20.5 / 0.5)
    for value, found in share(factor).items():
        assert found == pytest.approx(math.log((value + 0.5) / (value - 0.5)) / whole, abs=1.1e-3)
    assert factor.from_unit(np.array([0.0, 1.0])).to_list() == [1, 20]


@pytest.mark.parametrize("levels", [("a", "b", "c", "d"), (1, 2, 3, 4), (0.0, 0.5, 1.0, 7.0), (True, False)])
def test_levels_are_equally_likely_and_of_their_own_type(levels):
    factor = Factor(name="x", levels=levels)
    assert share(factor) == dict.fromkeys(levels, 1 / len(levels))
    assert factor.from_unit(np.array([0.0, 1.0])).to_list() == [levels[0], levels[-1]]


@pytest.mark.parametrize(
    ("told", "kind", "dtype"),
    [
        ({"low": 0, "high": 1}, "continuous", pl.Float64),
        ({"low": 0, "high": 1, "integer": True}, "discrete", pl.Int64),
        ({"levels": [1, 2]}, "discrete", pl.Int64),
        ({"levels": [1, 2.5]}, "discrete", pl.Float64),
        ({"levels": [np.float64(1.5), np.int64(2)]}, "discrete", pl.Float64),
        ({"levels": ["a"]}, "categorical", pl.String),
        ({"levels": [True, False]}, "categorical", pl.Boolean),
    ],
)
def test_a_factor_has_a_kind_and_a_type_of_column(told, kind, dtype):
    factor = Factor(name="x", **told)
    assert (factor.kind, factor.dtype()) == (kind, dtype)
    assert factor.from_unit(np.array([0.3])).dtype == dtype


@pytest.mark.parametrize(
    ("told", "values"),
    [
        ({"low": 0, "high": 1, "steps": 11}, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]),
        ({"low": 1, "high": 1000, "scale": "log", "steps": 4}, [1, 10, 100, 1000]),
        ({"low": 2, "high": 5, "integer": True}, [2, 3, 4, 5]),
        ({"low": 0, "high": 100, "integer": True, "steps": 3}, [0, 50, 100]),
        ({"low": 0, "high": 3, "integer": True, "steps": 3}, [0, 2, 3]),
        ({"low": 1, "high": 100, "integer": True, "scale": "log", "steps": 12},
         [1, 2, 4, 5, 8, 12, 19, 28, 43, 66, 100]),
        ({"low": 1, "high": 1 + 4e-13, "steps": 5}, [1, 1 + 4e-13]),
        ({"levels": ["b", "a"]}, ["b", "a"]),
    ],
)  # fmt: skip
def test_a_grid_takes_levels_steps_or_all_whole_numbers(told, values):
    found = Factor(name="x", **told).grid_values()
    assert found == values
    assert {type(value) for value in found} <= {str, int if told.get("integer") else float}


def test_a_factor_without_a_range_is_completed_and_another_is_left_alone():
    factor = Factor(name="trust_gain", scale="log", when={"a": 1})
    assert factor.incomplete
    completed = factor.complete(0.01, 0.08)
    assert not completed.incomplete
    assert completed == Factor(name="trust_gain", scale="log", when={"a": 1}, low=0.01, high=0.08)
    assert completed.complete(0, 1) is completed
    levels = Factor(name="x", levels=[1, 2])
    assert levels.complete(0, 1) is levels
    with pytest.raises(SpecError, match="'trust_gain' has a log scale, given low = 0; allowed is above 0"):
        factor.complete(0, 1)
    with pytest.raises(SpecError, match="'trust_gain' has neither low and high nor levels"):
        factor.from_unit(MIDDLES)


def test_when_is_a_value_or_a_list_or_a_range():
    when = parse('when = { a = "x", b = [1, 2], c = { low = 0.5 }, d = { low = 1, high = 2 }, "e.f" = true }')
    factor = Factor(name="z", **when)
    assert factor.when == {
        "a": ("x",), "b": (1, 2), "c": Range(low=0.5), "d": Range(low=1, high=2), "e.f": (True,),
    }  # fmt: skip
    assert [str(factor.when["c"]), str(factor.when["d"]), str(Range(high=3))] == [
        "0.5 or more",
        "1 to 2",
        "3 or less",
    ]
    assert factor.replace(when=factor.when) == factor == Factor(**factor.model_dump(exclude_defaults=True))


def test_when_holds_at_the_ends_and_never_where_there_is_no_value():
    values = pl.Series([0.5, 1.0, 2.0, None])
    assert holds(values, Range(low=1, high=2)).to_list() == [False, True, True, False]
    assert holds(values, Range(high=1)).to_list() == [True, True, False, False]
    assert holds(values, (2, 0.5)).to_list() == [True, False, True, False]
    assert holds(pl.Series([1, 2, None]), (2.0,)).to_list() == [False, True, False]
    assert holds(pl.Series([True, False, None]), (False,)).to_list() == [False, True, False]
    assert holds(pl.Series(["a", None]), ("a", "b")).to_list() == [True, False]


def test_factors_are_put_after_those_that_they_wait_for():
    a, b, c = Factor(name="a", when={"b": 1}), Factor(name="b", when={"c": 1}), Factor(name="c")
    assert in_order([a, b, c]) == [c, b, a]


ONE = {
    "no name": ({"low": 0, "high": 1}, ["name: is missing"]),
    "unknown key": ({"name": "x", "hihg": 1}, ["hihg: is not a known key", "Did you mean 'high'?"]),
    "low text": ({"name": "x", "low": "a", "high": 1}, ["low: must be a number", "'a'"]),
    "low nan": ({"name": "x", "low": math.nan, "high": 1}, ["low: must be a finite number"]),
    "low too far": ({"name": "x", "low": -1e16, "high": 1}, ["low: is out of range", "-1e+15"]),
    "only low": ({"name": "x", "low": 1}, ["'x' has low = 1 and no high; give both."]),
    "only high": ({"name": "x", "high": 1}, ["'x' has high = 1 and no low; give both."]),
    "low above high": ({"name": "x", "low": 5, "high": 3}, ["'x' goes from 5 to 3; low must be below high."]),
    "low is high": ({"name": "x", "low": 3, "high": 3}, ["goes from 3 to 3"]),
    "levels and range": (
        {"name": "x", "low": 1, "high": 3, "levels": [1]},
        ["'x' has levels and also low and high; take one of them out."],
    ),
    "levels and steps": ({"name": "x", "steps": 3, "levels": [1]}, ["'x' has levels and also steps;"]),
    "levels and integer": ({"name": "x", "integer": True, "levels": [1]}, ["has levels and also integer;"]),
    "levels and scale": ({"name": "x", "scale": "log", "levels": [1]}, ["has levels and also scale;"]),
    "levels no list": ({"name": "x", "levels": "ab"}, ["levels: must be a list of values", "'ab'"]),
    "levels a table": ({"name": "x", "levels": {"a": 1}}, ["levels: must be a list of values"]),
    "no levels": ({"name": "x", "levels": []}, ["levels:", "one or more values", "given []"]),
    "levels twice": ({"name": "x", "levels": [1, 2, 1.0]}, ["levels: has 1.0 more than once", "each value once"]),
    "levels mixed": (
        {"name": "x", "levels": [1, "a", True]},
        ["levels: mixes numbers and text and truth values, given [1, 'a', True]", "of one kind"],
    ),
    "level of another kind": ({"name": "x", "levels": [[1]]}, ["levels: value 1 must be a number, text, true or"]),
    "level infinite": ({"name": "x", "levels": [1, math.inf]}, ["value 2 is out of range, given inf"]),
    "level empty": ({"name": "x", "levels": [""]}, ["value 1 has 0 characters"]),
    "level with blanks": ({"name": "x", "levels": ["a "]}, ["value 1 has blanks around it, given 'a '"]),
    "integer low": (
        {"name": "x", "low": 0.5, "high": 3, "integer": True},
        ["'x' has whole numbers only, given low = 0.5; nearest is 1."],
    ),
    "integer high": ({"name": "x", "low": 0, "high": 3.5, "integer": True}, ["high = 3.5; nearest is 3."]),
    "integer word": ({"name": "x", "integer": "yes"}, ["integer: must be true or false"]),
    "scale word": ({"name": "x", "scale": "log10"}, ["scale: given 'log10'", "'linear', 'log'", "Did you mean 'log'?"]),
    "log from 0": (
        {"name": "x", "low": 0, "high": 3, "scale": "log"},
        ["'x' has a log scale, given low = 0; allowed is above 0."],
    ),
    "one step": ({"name": "x", "low": 0, "high": 3, "steps": 1}, ["steps:", "given 1", "from 2 to 100000 values"]),
    "steps text": ({"name": "x", "low": 0, "high": 3, "steps": "3"}, ["steps: must be a whole number", "'3'"]),
    "when no table": ({"name": "x", "when": "y"}, ["when: must be a table", "given 'y'", "condition.backbone"]),
    "when of nothing": ({"name": "x", "when": {"y": []}}, ["when: y: must be a list of one or more"]),
    "when a range of nothing": ({"name": "x", "when": {"y": {}}}, ["when: y: must have low or high or both"]),
    "when a range backwards": (
        {"name": "x", "when": {"y": {"low": 2, "high": 1}}},
        ["when: y: goes from 2 to 1; low must not be above high."],
    ),
    "when another key": ({"name": "x", "when": {"y": {"lo": 1}}}, ["when: y:", "lo", "Did you mean 'low'?"]),
    "when of two kinds": ({"name": "x", "when": {"y": [1, "a"]}}, ["when: y: mixes numbers and text"]),
}  # fmt: skip


@pytest.mark.parametrize("case", ONE)
def test_a_fault_of_one_factor_is_told_once_with_all_that_helps(case):
    told, fragments = ONE[case]
    with pytest.raises(SpecError) as caught:
        Factor(**told)
    assert len(caught.value.faults) == 1, caught.value
    assert [part for part in fragments if part not in str(caught.value)] == [], caught.value


def test_all_faults_of_a_factor_are_told_at_once():
    with pytest.raises(SpecError) as caught:
        Factor(name="x", low=0.5, high=-1.5, integer=True)
    assert len(caught.value.faults) == 3
    with pytest.raises(SpecError) as caught:
        Factor(low="a", levels=[], steps=1, when={"y": [], "z": {}})
    assert len(caught.value.faults) == 6


def ends(name: str, **more: object) -> Factor:
    return Factor(**{"name": name, "low": 0, "high": 4, **more})


TOGETHER = {
    "namesakes": ([ends("x"), ends("x")], ["factor 'x' is there 2 times; name each once."]),
    "unknown": (
        [ends("trust_gain"), ends("x", when={"trust_gian": 1})],
        ["factor 'x': when names 'trust_gian', which is no factor here.", "Did you mean 'trust_gain'?"],
    ),
    "itself": ([ends("x", when={"x": 1})], ["factor 'x': when names the factor itself; name another."]),
    "circle": (
        [ends("a", when={"b": {"low": 1}}), ends("b", when={"c": {"low": 1}}), ends("c", when={"a": {"low": 1}})],
        ["when goes in a circle", "'a' needs 'b'", "'b' needs 'c'", "'c' needs 'a'", "take one of them out"],
    ),
    "word that is no level": (
        [Factor(name="trust", levels=["symmetric", "asymmetric"]), ends("x", when={"trust": "symetric"})],
        ["'trust' is never 'symetric'; it is 'symmetric', 'asymmetric'.", "Did you mean 'symmetric'?"],
    ),
    "number for a truth value": (
        [Factor(name="b", levels=[True, False]), ends("x", when={"b": 1})],
        ["factor 'x': when: 'b' is never 1; it is True, False."],
    ),
    "truth value for a number": ([Factor(name="b", levels=[0, 1]), ends("x", when={"b": True})], ["never True; it is 0, 1."]),
    "text for a range": ([ends("b"), ends("x", when={"b": "high"})], ["'b' is never 'high'; give a range"]),
    "value of a continuous one": (
        [ends("b"), ends("x", when={"b": 2})],
        ["'b' is never 2; give a range, such as { low = 1 }."],
    ),
    "value between steps": (
        [ends("b", steps=3), ends("x", when={"b": 1})],
        ["'b' is never 1; it is 0 to 4."],
    ),
    "fraction": ([ends("b", integer=True), ends("x", when={"b": 1.5})], ["'b' is never 1.5; it is whole numbers from 0 to 4."]),
    "whole number outside": ([ends("b", integer=True), ends("x", when={"b": 5})], ["'b' is never 5"]),
    "range outside": ([ends("b"), ends("x", when={"b": {"low": 5}})], ["'b' is never 5 or more; it is 0 to 4."]),
    "range between whole numbers": (
        [ends("b", integer=True), ends("x", when={"b": {"low": 1.2, "high": 1.8}})],
        ["'b' is never 1.2 to 1.8"],
    ),
    "range between levels": (
        [Factor(name="b", levels=[1, 2]), ends("x", when={"b": {"low": 1.2, "high": 1.8}})],
        ["'b' is never 1.2 to 1.8; it is 1, 2."],
    ),
    "range of words": (
        [Factor(name="b", levels=["u", "v"]), ends("x", when={"b": {"low": 1}})],
        ["'b' is never 1 or more; it is 'u', 'v'."],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TOGETHER)
def test_a_fault_of_factors_together_is_told_once(case):
    factors, fragments = TOGETHER[case]
    faults = factor_faults(factors)
    assert len(faults) == 1, faults
    assert [part for part in fragments if part not in faults[0]] == [], faults


def test_all_faults_of_factors_together_are_told_at_once():
    pair = [ends("p", when={"q": {"low": 1}}), ends("q", when={"p": {"low": 1}})]
    other = [ends("r", when={"s": {"low": 1}}), ends("s", when={"r": {"low": 1}, "no": 1, "s": 1})]
    faults = factor_faults([*pair, *other, ends("t", when={"q": {"low": 9}})])
    assert len(faults) == 5
    assert sum("circle" in fault for fault in faults) == 2


def test_sound_factors_have_no_fault_and_incomplete_ones_are_not_judged():
    sound = [
        ends("a", steps=5, when={"b": [1, 4]}),
        ends("b", integer=True, when={"c": {"high": 0}}),
        ends("c"),
        ends("d", when={"a": 3, "e": "u"}),
        Factor(name="e", levels=["u"]),
        ends("g", when={"f": {"low": 100}}),
        Factor(name="f"),
    ]
    assert factor_faults(sound) == []

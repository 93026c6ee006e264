"""What a calibration is asked: ranges to explore, and targets with their distances."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import kstest

from cisim.errors import SpecError
from cisim.evidence.calibration import Prior, Target
from cisim.evidence.calibration.targets import FAR, far_from_all
from cisim.theory.parameters import UNCERTAINTIES

POINTS = 4096


def test_all_uncertainties_lie_within_their_declared_ranges():
    prior = Prior.explored()
    values = prior.values(prior.scores(1000, seed=3))
    assert prior.names == tuple(UNCERTAINTIES) and values.shape == (1000, len(prior))
    for at, declared in enumerate(UNCERTAINTIES.values()):
        assert declared.low <= values[:, at].min() and values[:, at].max() <= declared.high
        assert np.ptp(values[:, at]) > 0.95 * (declared.high - declared.low)


def test_a_range_of_more_than_a_factor_of_ten_is_uniform_in_its_logarithm():
    prior = Prior.over(
        {"wide": (0.01, 1.0), "ten": (1.0, 10.0), "from zero": (0.0, 1.0), "below": (-1.0, 9.0)}
    )
    assert prior.log.tolist() == [True, False, False, False]
    values = prior.values(prior.scores(POINTS, seed=1))
    scaled = np.column_stack([np.log10(values[:, 0]) / 2 + 1, values[:, 1:] @ np.diag([1 / 9, 1, 0.1])])
    scaled -= [0, 1 / 9, 0, -0.1]
    for column in scaled.T:  # one in each strip
        assert np.abs(np.sort(column) - (np.arange(POINTS) + 0.5) / POINTS).max() < 1 / POINTS
    assert prior.quantiles(values) == pytest.approx(scaled, abs=1e-12)


def test_narrowing_keeps_the_scale_that_was_declared():
    wide = UNCERTAINTIES["convened_rate"]
    assert wide.high / wide.low > 10
    prior = Prior.explored(["convened_rate", "openness"], narrowed={"convened_rate": (0.2, 0.6)})
    assert prior.low.tolist() == [0.2, UNCERTAINTIES["openness"].low] and prior.log.tolist() == [True, False]
    middle = prior.values(np.zeros((1, 2)))[0]
    assert middle[0] == pytest.approx(math.sqrt(0.2 * 0.6))
    assert middle[1] == pytest.approx((UNCERTAINTIES["openness"].low + UNCERTAINTIES["openness"].high) / 2)


def test_scores_are_those_of_the_seed_and_standard_normal():
    prior = Prior.over({"a": (0, 1), "b": (5, 6)})
    assert np.array_equal(prior.scores(100, 1), prior.scores(100, 1))
    assert not np.array_equal(prior.scores(100, 1), prior.scores(100, 2))
    assert np.array_equal(prior.scores(200, 1)[:100], prior.scores(100, 1))
    assert kstest(prior.scores(1000, 5)[:, 1], "norm").pvalue > 1e-3
    assert np.isfinite(prior.values(np.array([[-40.0, 40.0]]))).all()


def test_every_fault_of_a_prior_is_told_at_once():
    with pytest.raises(SpecError) as told:
        Prior.explored(
            ["openess", "stubbornness", "stubbornness", "exit_rate", "grace"],
            narrowed={"exit_rate": (0.01, 0.1), "grace": (9, 9), "openness": (0.2, 0.3)},
        )
    text = str(told.value)
    assert len(told.value.faults) == 5
    for part in ("'openess'. Did you mean 'openness'?", "named 2 times", "'openness' is narrowed but not explored",
                 "0.01 to 0.1 is not within the range worth exploring, 0.03 to 0.25 per year", "given (9, 9)"):  # fmt: skip
        assert part in text
    with pytest.raises(SpecError, match="name at least one"):
        Prior.explored([])
    with pytest.raises(SpecError) as told:
        Prior.over({"a": (1, 0), "b": (0, math.inf), "c": "ab"})
    assert len(told.value.faults) == 3


def test_distance_is_none_in_a_band_and_counts_half_widths_outside():
    target = Target("density", band=(0.2, 0.6))
    told = target.distance(np.array([0.2, 0.4, 0.6, 0.0, 0.8, 1.0]))
    assert told == pytest.approx([0, 0, 0, 1, 1, 2])
    assert target.met(np.array([0.2, 0.6, 0.61])).tolist() == [True, True, False]
    assert target.is_band and target.in_words() == "0.2 to 0.6"


def test_distance_from_a_value_counts_standard_deviations():
    target = Target("trust", value=0.6, sd=0.1)
    assert target.distance(np.array([0.6, 0.5, 0.9])) == pytest.approx([0, 1, 3])
    assert target.met(np.array([0.31, 0.29, 0.89])).tolist() == [True, False, True]
    assert not target.is_band and target.in_words() == "0.6 ± 0.1"


@pytest.mark.parametrize("target", [Target("x", band=(0, 1)), Target("x", value=0, sd=1)])
def test_what_is_missing_is_far(target):
    told = np.array([math.nan, math.inf, -math.inf, 1e300])
    assert target.distance(told).tolist() == [FAR] * 4
    assert not target.met(told).any()


def test_distances_add_up_by_their_weights():
    targets = [Target("a", band=(0, 2), weight=4), Target("b", value=0, sd=1)]
    assert far_from_all(targets, np.array([[1.0, 0.0], [3.0, 0.0], [3.0, 3.0]])) == pytest.approx(
        [0, 2, 13**0.5]
    )


@pytest.mark.parametrize(
    "told, faults",
    [
        ({}, ["either band"]),
        ({"band": (0, 1), "value": 1, "sd": 1}, ["either band"]),
        ({"band": (0, 1), "sd": 1}, ["either band"]),
        ({"value": 1}, ["either band"]),
        ({"band": (1, 1)}, ["low < high, given (1, 1)"]),
        ({"band": (0, math.inf)}, ["two finite numbers"]),
        ({"band": 3}, ["given 3"]),
        ({"value": math.nan, "sd": -1, "weight": 0}, ["value must be", "sd must be", "weight must be"]),
        ({"value": True, "sd": "1"}, ["value must be", "sd must be"]),
    ],
)
def test_a_target_that_cannot_be_used_says_why(told, faults):
    with pytest.raises(SpecError) as error:
        Target("x", **told)
    assert len(error.value.faults) == len(faults)
    for fault in faults:
        assert fault in str(error.value)

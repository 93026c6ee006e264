"""The calibration is calibrated: known truths rank anywhere among their own draws, and a wrong posterior is found out.

Each check fails by chance less than once in a thousand: chi-square over ten bins, for the most uneven parameter of
those tried. 200 truths give a posterior that is half as wide as it should be no chance to pass.
"""

from __future__ import annotations

import numpy as np
import pytest

import cisim
from cisim.errors import SpecError
from cisim.evidence.calibration import Prior, Target, calibrate
from cisim.evidence.calibration.sbc import expected_band, rank, ranks, uniformity
from cisim.theory.parameters import UNCERTAINTIES, record

DRAWS = 99
TRIALS = 200
FALSE_ALARM = 1e-3


def as_it_is(values, weights):
    return values


def too_narrow(values, weights):
    mean = weights @ values
    return mean + (values - mean) / 2


def changed_by(trial, change):
    """The trial whose draws are changed."""

    def changed(number):
        truth, values, weights = trial(number)
        return truth, change(values, weights), weights

    return changed


def found(trial, change=as_it_is):
    """The uniformity of ranks of truths among draws that are changed first."""
    return uniformity(ranks(changed_by(trial, change), TRIALS, DRAWS, seed=1), DRAWS)


def once(trial):
    """The trial, made once and remembered: right and wrong posteriors are changes of the same."""
    kept = {}

    def remembered(number):
        if number not in kept:
            kept[number] = trial(number)
        return kept[number]

    return remembered


# known posteriors, to test the test


def normal(number):
    """theta ~ N(0, 1), x ~ N(theta, 1): the posterior is N(x / 2, 1 / 2), sampled exactly."""
    random = np.random.default_rng([3, number])
    truth = random.standard_normal(2)
    seen = truth + random.standard_normal(2)
    values = seen / 2 + random.standard_normal((500, 2)) * 0.5**0.5
    return truth, values, np.full(500, 1 / 500)


def test_a_right_posterior_passes_and_wrong_ones_do_not():
    assert found(normal).chance > FALSE_ALARM
    assert found(normal, too_narrow).chance < 1e-9
    assert found(normal, lambda v, w: w @ v + (v - w @ v) * 2).chance < 1e-9  # too wide
    assert found(normal, lambda v, w: v + 0.5).chance < 1e-9  # biased by 0.7 sd


def test_the_test_cries_wolf_as_often_as_it_says():
    """Of 2000 sets of uniform ranks, a share of p below 5 % within 4 standard errors of 5 %, and none below 1e-6."""
    random = np.random.default_rng(2)
    p = np.array([uniformity(random.integers(0, DRAWS + 1, (TRIALS, 1)), DRAWS).chance for _ in range(2000)])
    assert abs((p < 0.05).mean() - 0.05) < 4 * (0.05 * 0.95 / 2000) ** 0.5
    assert p.min() > 1e-6


def test_weights_count_in_a_rank():
    values, weights = np.array([[0.0], [1.0]]), np.array([0.9, 0.1])
    told = np.concatenate(
        [rank(np.array([0.5]), values, weights, DRAWS, np.random.default_rng(seed)) for seed in range(400)]
    )
    assert told.mean() == pytest.approx(0.9 * DRAWS, abs=4 * (DRAWS * 0.09 / 400) ** 0.5)
    tied = rank(np.array([1.0]), np.ones((1, 1)), np.ones(1), 1000, np.random.default_rng(1))
    assert abs(int(tied[0]) - 500) < 4 * 250**0.5


def test_the_band_holds_the_whole_curve_as_often_as_it_says():
    band = expected_band(TRIALS, DRAWS, level=0.9, samples=2000)
    assert band.low.shape == (DRAWS + 1,) and (band.low < band.high)[:-1].all()
    random = np.random.default_rng(5)

    def inside(told):
        curve = np.cumsum(np.bincount(told, minlength=DRAWS + 1)) / TRIALS
        return bool(((curve >= band.low) & (curve <= band.high)).all())

    share = np.mean([inside(random.integers(0, DRAWS + 1, TRIALS)) for _ in range(2000)])
    error = (2 * 0.09 / 2000) ** 0.5  # two samples of 2000 curves; and these move in steps
    assert abs(share - 0.9) < 4 * error + 0.01
    narrow = ranks(changed_by(normal, too_narrow), TRIALS, DRAWS, seed=1)
    assert not inside(narrow[:, 0])


def test_ranks_that_cannot_be_tested_say_why():
    with pytest.raises(SpecError) as told:
        uniformity(np.full((20, 1), 120), DRAWS, bins=7)
    assert len(told.value.faults) == 3
    with pytest.raises(SpecError, match="whole numbers"):
        uniformity(np.full((200, 1), 0.5), DRAWS)


# the calibration itself

PLANE = Prior.over({"a": (-3, 3), "b": (-3, 3)})


def linear(values, seeds):
    sums = np.stack([values[:, 0] + 0.5 * values[:, 1], values[:, 1]], axis=1)
    return sums + 0.4 * np.random.default_rng(seeds).standard_normal(values.shape)


@once
def linear_trial(number):
    truth = np.random.default_rng([5, number]).uniform(-3, 3, (1, 2))
    seen = linear(truth, np.array([number]))[0]
    targets = [Target(name, value=seen[at], sd=0.4) for at, name in enumerate("xy")]
    told = calibrate(linear, PLANE, targets, draws=400, rounds=2, keep=100, seed=number)
    return truth[0], told.values, told.weights


EDGES = (-2.0, 0.2, 0.4, 0.6, 0.8, 3.0)


def spread(values, seeds):
    return values[:, :1] + 0.3 * values[:, 1:] * np.random.default_rng(seeds).standard_normal(
        (len(values), 1)
    )


@once
def band_trial(number):
    """The datum is between which edges the statistic lies, no more."""
    truth = np.random.default_rng([6, number]).uniform(0, 1, (1, 2))
    at = np.searchsorted(EDGES, spread(truth, np.array([number]))[0, 0])
    prior = Prior.over({"centre": (0, 1), "noise": (0, 1)})
    target = Target("s", band=(EDGES[at - 1], EDGES[at]))
    told = calibrate(spread, prior, [target], draws=300, rounds=9, keep=100, seed=number)
    assert told.ended == "met"
    return truth[0], told.values, told.weights


@pytest.mark.slow
@pytest.mark.parametrize("trial", [linear_trial, band_trial], ids=["values", "bands"])
def test_calibration_is_calibrated(trial):
    right, wrong = found(trial), found(trial, too_narrow)
    assert right.chance > FALSE_ALARM, right.counts
    assert wrong.chance < FALSE_ALARM and wrong.p[0] < 1e-6


NAMES = ("trust_mean", "contact_density", "attention_focus")
MEASURES = ("trust_mean", "contact_density", "monthly_density")
NOISE = (0.03, 0.05, 0.035)
"""Standard deviations of the measures over replicates, about."""


def year(values, seeds):
    """The measures after a year of isolated impact."""
    rows = np.repeat(record({}, UNCERTAINTIES), len(values))
    for at, name in enumerate(NAMES):
        rows[name] = values[:, at]
    scenario = cisim.preset("isolated-impact").model_copy(update={"months": 12})
    return cisim.simulate(scenario, seeds, parameters=rows, measures=MEASURES).values[:, 12, :]


@pytest.mark.slow
def test_calibration_of_the_compiled_model_is_calibrated():
    """Three parameters of the real model, 200 truths, 1,200 runs each."""
    prior = Prior.explored(NAMES)

    @once
    def trial(number):
        random = np.random.default_rng([8, number])
        truth = prior.values(random.standard_normal((1, 3)))
        seen = year(truth, random.integers(2**32 - 1, size=1))[0]
        targets = [Target(name, value=seen[at], sd=NOISE[at]) for at, name in enumerate(MEASURES)]
        told = calibrate(year, prior, targets, draws=400, rounds=3, keep=150, seed=number)
        return truth[0], told.values, told.weights

    right, wrong = found(trial), found(trial, too_narrow)
    assert right.chance > FALSE_ALARM, right.counts
    assert (wrong.p < FALSE_ALARM / 3).all()

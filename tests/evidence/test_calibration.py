"""Posteriors that are known: the algorithm finds them, and says what else it found."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from cisim.errors import SpecError
from cisim.evidence.calibration import Prior, Progress, Target, calibrate
from cisim.world.posterior import Posterior

KOLMOGOROV = 1.95
"""Distance of Kolmogorov and Smirnov, times the root of the size, that chance passes once in a thousand."""


def noise(seeds, width):
    return np.random.default_rng(seeds).standard_normal((len(seeds), width))


def distance(values, weights, exact):
    """The distance of Kolmogorov and Smirnov of a weighted sample (n,) from an exact distribution function."""
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    there = exact(values[order])
    return max(np.abs(reached - there).max(), np.abs(reached - weights[order] - there).max())


# s = A theta + normal noise, theta uniform: the posterior is a normal, cut off at the ends of the prior

MATRIX = np.array([[1.0, 0.5], [0.0, 1.0]])
SD = np.array([0.4, 0.3])
PLANE = Prior.over({"a": (-3, 3), "b": (-3, 3)})


def line(values, seeds):
    return values @ MATRIX.T + SD * noise(seeds, 2)


def aim(observed):
    return [Target(name, value=observed[at], sd=SD[at]) for at, name in enumerate("xy")]


def exact_moments(observed):
    """Mean and standard deviation of the posterior, each (2,), summed over a grid."""
    grid = np.linspace(-3, 3, 601)
    points = np.stack(np.meshgrid(grid, grid, indexing="ij"), axis=-1).reshape(-1, 2)
    density = norm.pdf(points @ MATRIX.T, observed, SD).prod(axis=1)
    density /= density.sum()
    mean = density @ points
    return mean, np.sqrt(density @ (points - mean) ** 2)


@pytest.mark.parametrize(
    "observed", [(0.5, -0.2), (2.0, 0.4), (4.2, 2.9)]
)  # the last at the edge of the prior
def test_a_linear_model_with_normal_noise_gives_the_known_posterior(observed):
    told = calibrate(line, PLANE, aim(observed), draws=2000, rounds=6, keep=500, seed=1)
    mean, sd = exact_moments(observed)
    found = told.weights @ told.values
    spread = np.sqrt(told.weights @ (told.values - found) ** 2)
    assert np.abs(found - mean).max() < 4 * (sd / told.effective**0.5).max()
    assert spread / sd == pytest.approx(np.ones(2), abs=4 * (0.5 / told.effective) ** 0.5 + 0.03)
    assert told.tolerance < 0.8 and told.ended == "rounds" and told.runs == 12000


def test_adjustment_takes_away_what_the_tolerance_adds():
    ratios = {}
    for adjust in (True, False):
        told = calibrate(line, PLANE, aim((1.0, 0.0)), draws=2000, rounds=2, keep=500, seed=4, adjust=adjust)
        spread = np.sqrt(told.weights @ (told.values - told.weights @ told.values) ** 2)
        ratios[adjust] = spread / exact_moments((1.0, 0.0))[1]
    assert (ratios[False] > 1.2).all()  # a disc of 1.6 sd and more adds 0.6 of the variance and more
    assert ratios[True] == pytest.approx(np.ones(2), abs=4 * (0.5 / 400) ** 0.5 + 0.03)


def test_a_band_gives_the_known_posterior_and_ends_when_it_is_met():
    """s = theta + e, both uniform: the posterior given a band is a trapezium."""
    grid = np.linspace(0, 1, 20001)
    mass = np.cumsum(
        np.interp(grid, [0.3, 0.4, 0.5, 0.6], [0, 1, 1, 0])
    )  # the ends of the band, each +- 0.05
    reached = mass / mass[-1]

    def shifted(values, seeds):
        return values + np.random.default_rng(seeds).uniform(-0.05, 0.05, values.shape)

    told = calibrate(shifted, Prior.over({"theta": (0, 1)}), [Target("s", band=(0.35, 0.55))],
                     draws=1000, rounds=9, keep=600, seed=2)  # fmt: skip
    assert told.ended == "met" and told.tolerance == 0 and len(told.steps) < 9
    far = distance(told.values[:, 0], told.weights, lambda theta: np.interp(theta, grid, reached))
    assert far * told.effective**0.5 < KOLMOGOROV
    assert abs(told.left.value - 0.2) < 4 * told.left.error and 0 < told.left.error < 0.02
    central = np.ptp(np.interp([0.05, 0.95], reached, grid))
    assert told.narrowing[0] == pytest.approx(1 - central / 0.9, abs=0.02)


def test_a_logarithmic_range_keeps_its_prior_where_no_target_speaks_of_it():
    told = calibrate(lambda v, s: v[:, :1], Prior.over({"x": (0, 1), "rate": (0.001, 1)}), [Target("x", band=(0.1, 0.2))],
                     draws=1000, rounds=4, keep=500, seed=3)  # fmt: skip
    assert told.ended == "met"
    assert (
        distance(told.values[:, 1], told.weights, lambda v: np.log10(v) / 3 + 1) * told.effective**0.5
        < KOLMOGOROV
    )
    assert abs(told.narrowing[1]) < 0.06 and told.narrowing[0] == pytest.approx(0.9, abs=0.01)


def test_two_answers_are_both_found():
    told = calibrate(lambda v, s: v**2 + 0.1 * noise(s, 1), Prior.over({"a": (-3, 3)}), [Target("square", value=4, sd=0.1)],
                     draws=1000, rounds=5, keep=400, seed=1)  # fmt: skip
    right = float(told.weights @ (told.values[:, 0] > 0))
    assert abs(right - 0.5) < 4 * (0.25 / told.effective) ** 0.5
    size = np.abs(told.values[:, 0])
    assert told.weights @ size == pytest.approx(2, abs=0.01)
    assert np.sqrt(told.weights @ (size - 2) ** 2) == pytest.approx(0.1 / 4, rel=0.2)


def test_many_parameters_of_which_few_matter():
    """Three targets on four of a hundred parameters; the share of the prior that meets them is known by counting."""

    def model(values, seeds):
        few = [values[:, 0] + values[:, 1], values[:, 1] * values[:, 2], values[:, 3] ** 2]
        return np.stack(few, axis=1) + 0.05 * noise(seeds, 3)

    targets = [
        Target("sum", band=(1.4, 1.6)),
        Target("product", band=(0.5, 0.65)),
        Target("square", band=(0.1, 0.25)),
    ]
    prior = Prior.over({f"p{at}": (0, 1) for at in range(100)})
    told = calibrate(model, prior, targets, draws=2000, rounds=10, keep=300, seed=5)
    crowd = np.random.default_rng(0).random((400_000, 4))
    seen = model(crowd, np.array([7] * len(crowd)))
    inside = np.all([target.met(seen[:, at]) for at, target in enumerate(targets)], axis=0)
    assert told.ended == "met" and told.effective > 299.999
    assert told.left.value == pytest.approx(inside.mean(), abs=4 * told.left.error + 0.1 * inside.mean())
    mean, sd = crowd[inside].mean(axis=0), crowd[inside].std(axis=0)
    assert np.abs(told.weights @ told.values[:, :4] - mean).max() < 4 * (sd / 300**0.5).max()
    untouched = told.weights @ told.values[:, 4:]
    assert np.abs(untouched - 0.5).max() < 4.5 * (1 / 12 / 300) ** 0.5
    assert told.pool.weights.max() <= 10  # a tenth of each round is the prior's


def test_targets_that_cannot_be_met_together_are_named():
    def model(values, seeds):
        return np.stack([values[:, 0], 1 - values[:, 0], values[:, 1]], axis=1)

    targets = [
        Target("one", band=(0.8, 1)),
        Target("other", band=(0.7, 0.9)),
        Target("free", band=(0.2, 0.8)),
    ]
    told = calibrate(
        model, Prior.over({"a": (0, 1), "b": (0, 1)}), targets, draws=500, rounds=2, keep=100, seed=1
    )
    assert told.ended == "rounds" and told.tolerance > 0 and told.left.value == 0
    assert told.provenance()["prior left"] == "no run meets every target at once"
    (pair,) = told.excluded
    assert (pair.one, pair.other) == ("one", "other") and min(pair.meet_one, pair.meet_other) > 50
    counts, given = told.joint
    assert counts[0, 1] == 0 and counts[0, 2] > 0 and np.array_equal(counts, counts.T)
    assert given[0, 2] == pytest.approx(0.6, abs=0.1) and given[1, 0] == 0
    assert np.diag(given).tolist() == [1, 1, 1]
    table = told.pair_table()
    assert table.height == 6 and table.filter("excluded")["target"].to_list() == ["one", "other"]


def test_a_statistic_that_is_missing_leads_away():
    def model(values, seeds):
        return np.where(values > 0.9, values, np.nan)

    told = calibrate(
        model,
        Prior.over({"a": (0, 1)}),
        [Target("a", value=0.95, sd=0.01)],
        draws=400,
        rounds=4,
        keep=100,
        seed=1,
    )
    assert (told.values > 0.9).all() and told.tolerance < 4
    nowhere = calibrate(lambda v, s: np.full((len(v), 1), np.nan), Prior.over({"a": (0, 1)}), [Target("a", value=1, sd=1)],
                        draws=100, rounds=2, keep=50, seed=1)  # fmt: skip
    assert nowhere.left.value == 0 and nowhere.target_table()["median"].to_list() == [None]
    assert abs(float(nowhere.values.mean()) - 0.5) < 4 * (1 / 12 / 100) ** 0.5


def test_equal_draws_stand_for_the_weighted_ones_and_become_a_posterior():
    names = ("openness", "convened_rate")
    told = calibrate(lambda v, s: v[:, :1], Prior.explored(names), [Target("openness", band=(0.3, 0.4))],
                     draws=500, rounds=3, keep=200, seed=1, about={"scenario": "none"})  # fmt: skip
    draws = told.sample(400, seed=2)
    assert draws.shape == (400, 2) and ((draws[:, 0] >= 0.3) & (draws[:, 0] <= 0.4)).all()
    assert np.array_equal(draws, told.sample(400, seed=2)) and not np.array_equal(
        draws, told.sample(400, seed=3)
    )
    assert draws.mean(axis=0) == pytest.approx(told.weights @ told.values, rel=0.02)
    posterior = Posterior.from_table(told.names, draws.tolist(), provenance=told.provenance())
    assert posterior.names == names and posterior.provenance["scenario"] == "none"
    assert "openness 0.3 to 0.4" in posterior.provenance["targets"]
    assert "standard error" in posterior.provenance["prior left"]
    with pytest.raises(SpecError, match="count must be"):
        told.sample(0)


def test_tables_tell_parameters_targets_and_rounds():
    told = calibrate(line, PLANE, aim((0.5, -0.2)), draws=500, rounds=3, keep=100, seed=1)
    parameters = told.parameter_table()
    assert parameters["parameter"].to_list() == ["a", "b"] and (parameters["narrowed"] > 0.5).all()
    assert (parameters["low"] < parameters["median"]).all() and (
        parameters["median"] < parameters["high"]
    ).all()
    targets = told.target_table()
    assert targets["asked"].to_list() == ["0.5 ± 0.4", "-0.2 ± 0.3"] and targets[
        "accepted_meet"
    ].to_list() == pytest.approx([1, 1])
    assert (targets["nearest"] < 0.1).all() and (targets["prior_meets"] < 0.6).all()
    rounds = told.round_table()
    assert rounds["round"].to_list() == [0, 1, 2] and rounds["runs"].sum() == told.runs
    assert rounds["tolerance"].is_sorted(descending=True) and (rounds["effective"] > 99.999).all()


def test_progress_is_told_after_every_batch():
    seen = []
    calibrate(line, PLANE, aim((0, 0)), draws=100, rounds=2, keep=50, seed=1, batch=60, watch=seen.append)
    assert seen == [
        Progress(0, 2, 60, 100),
        Progress(0, 2, 100, 100),
        Progress(1, 2, 60, 100),
        Progress(1, 2, 100, 100),
    ]


def test_every_fault_of_a_call_is_told_at_once():
    with pytest.raises(SpecError) as told:
        calibrate(
            line,
            None,
            [Target("x", band=(0, 1))] * 2,
            draws=10,
            rounds=0,
            keep=19,
            seed=-1,
            batch=0,
            budget_seconds=0,
        )
    assert len(told.value.faults) == 8
    for part in ("prior must be", "given 2 times", "keep must be", "draws must be", "rounds must be", "seed must be",
                 "batch must be", "budget_seconds must be"):  # fmt: skip
        assert part in str(told.value)
    with pytest.raises(SpecError, match="give at least one"):
        calibrate(line, PLANE, [], draws=100, rounds=1, keep=50, seed=1)
    with pytest.raises(SpecError, match="keep must be a whole number from 30 to"):  # ten for each coefficient
        calibrate(line, PLANE, aim((0, 0)), draws=100, rounds=1, keep=25, seed=1)
    with pytest.raises(SpecError, match=r"must give an array \(100, 2\).*given \(100, 1\)"):
        calibrate(lambda v, s: v[:, :1], PLANE, aim((0, 0)), draws=100, rounds=1, keep=50, seed=1)

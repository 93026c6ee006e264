"""Sensitivity against known answers: SALib's test functions, and outcomes whose chance is known."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest
from SALib.analyze import sobol as salib
from SALib.sample import morris as morris_design
from SALib.sample import sobol as sobol_design
from SALib.test_functions import Ishigami

from cisim.errors import SpecError
from cisim.insight.sensitivity import morris, sobol
from cisim.insight.sensitivity.elementary import _effects

NAMES = ["slope", "half", "nothing"]


def problem(names, low=0.0, high=1.0):
    return {"num_vars": len(names), "names": list(names), "bounds": [[low, high]] * len(names)}


def saltelli(names, base, *, second_order=False, seed=1):
    return sobol_design.sample(problem(names), base, calc_second_order=second_order, seed=seed)


def trajectories(names, count, *, levels=4, seed=1):
    return morris_design.sample(problem(names), count, num_levels=levels, seed=seed)


def noisy(unit, replicates, *, run=0.0, world=0.0, bend=0.0, seed=0):
    """slope + half / 2, with noise of each run, of each world, and a slope of `nothing` that a world draws.

    Variances: factors 1.25 / 12, of which 0.8 and 0.2; world world²; interaction run² + bend² / 12.
    """
    stream = np.random.default_rng(seed)
    mean = unit[:, [0]] + 0.5 * unit[:, [1]]
    shared = world * stream.normal(size=(1, replicates))
    bent = bend * (unit[:, [2]] - 0.5) * stream.normal(size=(1, replicates))
    return mean + shared + bent + run * stream.normal(size=(len(unit), replicates))


def truth(*, run=0.0, world=0.0, bend=0.0):
    parts = np.array([1.25 / 12, world**2, run**2 + bend**2 / 12])
    return parts / parts.sum()


KINDS = {
    "noise of its own in every run": {"run": 0.3},
    "noise that a replicate shares": {"world": 0.3},
    "a world that bends a factor": {"bend": 1.0},
    "all of them": {"run": 0.2, "world": 0.2, "bend": 0.5},
}


def test_ishigami_has_its_known_indices():
    """First order 0.3139, 0.4424, 0; total 0.5576, 0.4424, 0.2437; of 1 and 3 together 0.2437."""
    unit = saltelli("abc", 1024, second_order=True)
    told = sobol(Ishigami.evaluate((2 * unit - 1) * math.pi)[:, None], list("abc"), second_order=True)
    assert np.all(np.abs(told.first[:, 0] - [0.3139, 0.4424, 0]) <= told.first_conf[:, 0])
    assert np.all(np.abs(told.total[:, 0] - [0.5576, 0.4424, 0.2437]) <= told.total_conf[:, 0])
    pairs = told.second[[0, 0, 1], [1, 2, 2], 0]
    assert np.all(np.abs(pairs - [0, 0.2437, 0]) <= told.second_conf[[0, 0, 1], [1, 2, 2], 0])
    assert np.isnan(told.second[1, 0, 0]) and told.second_table().height == 3
    row = told.second_table().row(1, named=True)
    assert (row["factor"], row["with"], row["month"]) == ("a", "c", None)
    assert row["second"] == told.second[0, 2, 0]


@pytest.mark.parametrize("second_order", [False, True])
def test_indices_are_those_of_salib_and_confidence_as_wide(second_order):
    """Half-widths of 1,000 bootstrap samples each: their ratio has a standard error of 3.2 %."""
    unit = saltelli("abc", 256, second_order=second_order)
    outcome = Ishigami.evaluate((2 * unit - 1) * math.pi)
    told = sobol(outcome[:, None], list("abc"), second_order=second_order)
    theirs = salib.analyze(
        problem("abc"), outcome, calc_second_order=second_order, num_resamples=1000, seed=1
    )
    assert np.array_equal(told.first[:, 0], theirs["S1"]) and np.array_equal(told.total[:, 0], theirs["ST"])
    assert told.first_conf[:, 0] == pytest.approx(theirs["S1_conf"], rel=4 * 0.032)
    assert told.total_conf[:, 0] == pytest.approx(theirs["ST_conf"], rel=4 * 0.032)
    if second_order:
        assert np.array_equal(told.second[..., 0], theirs["S2"], equal_nan=True)
        assert told.second_conf[..., 0] == pytest.approx(theirs["S2_conf"], rel=4 * 0.032, nan_ok=True)


@pytest.mark.parametrize("kind", KINDS)
def test_a_known_split_is_recovered_within_its_interval(kind):
    """256 blocks of the design, 12 replicates; intervals of three standard errors."""
    amounts = KINDS[kind]
    told = sobol(noisy(saltelli(NAMES, 256), 12, **amounts), NAMES, level=0.9973)
    split, known = told.split, truth(**amounts)
    assert np.all(split.low[:, 0] <= known + 1e-12) and np.all(known - 1e-12 <= split.high[:, 0])
    assert split.shares[:, 0].sum() == pytest.approx(1)
    assert split.chance[0] == pytest.approx(split.shares[1:, 0].sum())
    assert np.all(np.abs(told.freed[:, 0] - [0.8, 0.2, 0]) <= told.freed_conf[:, 0] + 1e-12)
    assert told.note == ""


def test_intervals_of_the_split_hold_the_truth():
    """300 trials of 64 blocks and 8 replicates; the standard error of a share of 0.95 is 0.0126.

    Intervals err on the wide side where noise is drawn in every run, so there is no upper bound.
    """
    amounts = KINDS["all of them"]
    known = truth(**amounts)
    held = []
    for trial in range(300):
        outcome = noisy(saltelli(NAMES, 64, seed=trial), 8, **amounts, seed=trial)
        split = sobol(outcome, NAMES, seed=trial).split
        held.append((split.low[:, 0] <= known) & (known <= split.high[:, 0]))
    assert np.all(np.mean(held, axis=0) > 0.95 - 3 * 0.0126)


def test_few_replicates_leave_the_share_of_the_world_wide_open():
    unit = saltelli(NAMES, 128)
    few, many = (sobol(noisy(unit, count, world=0.3), NAMES).split for count in (3, 60))
    assert few.high[1, 0] - few.low[1, 0] > 0.5
    assert many.high[1, 0] - many.low[1, 0] < 0.25


def test_a_factor_without_effect_stands_at_its_floor():
    """With noise in every run SALib gives it a total; 3 standard errors of that total about the floor."""
    told = sobol(noisy(saltelli(NAMES, 512), 4, run=0.4), NAMES)
    error = told.total_conf[2, 0] / 1.96
    assert told.total[2, 0] > 0.1
    assert abs(told.total[2, 0] - told.floor[2, 0]) < 3 * error
    assert abs(told.freed[2, 0]) <= 1.5 * told.freed_conf[2, 0]
    assert np.all(told.total[:2, 0] > told.floor[:2, 0])


def test_with_common_random_numbers_a_factor_without_effect_has_no_floor():
    told = sobol(noisy(saltelli(NAMES, 64), 4, world=1.0), NAMES)
    assert told.total[2, 0] == pytest.approx(0, abs=1e-12) == told.floor[2, 0]


def test_a_category_is_a_factor_like_any_other():
    """Categories worth 0, 1 and 5 have the variance 14/3, four times a uniform number 16/12."""
    names = ["category", "number"]
    unit = saltelli(names, 1024)
    outcome = np.array([0.0, 1.0, 5.0])[(3 * unit[:, 0]).astype(int)] + 4 * unit[:, 1]
    told = sobol(outcome[:, None] + np.zeros(3), names)
    share = (14 / 3) / (14 / 3 + 16 / 12)
    for index, conf in ((told.first, told.first_conf), (told.total, told.total_conf)):
        assert abs(index[0, 0] - share) <= conf[0, 0]
    assert told.freed[0, 0] == pytest.approx(told.total[0, 0], rel=0.01)


def test_months_are_told_apart_and_a_constant_one_has_no_indices():
    unit = saltelli(NAMES, 64)
    noise = noisy(unit, 3, run=0.1)
    outcome = np.stack([np.full_like(noise, 0.1), unit[:, [2]] + 0 * noise, noise], axis=2)
    told = sobol(outcome, NAMES, months=[0, 60, 120])
    assert np.isnan(told.total[:, 0]).all() and np.isnan(told.split.shares[:, 0]).all()
    assert told.total[:, 1] == pytest.approx([0, 0, 1], abs=0.1)
    assert told.total[:, 2] == pytest.approx([0.8, 0.2, 0.1], abs=0.2)
    assert told.note == "The outcome is the same at all settings in month 0, so there are no indices."


def test_worlds_without_factors_are_all_chance():
    told = sobol(np.ones((5 * 8, 1)) * np.arange(4.0), NAMES)
    assert np.isnan(told.total).all() and "no indices" in told.note
    assert told.split.shares[:, 0] == pytest.approx([0, 1, 0])


def test_one_replicate_leaves_chance_unknown_and_two_say_little():
    unit = saltelli(NAMES, 64)
    once = sobol(noisy(unit, 1, run=0.1), NAMES)
    assert np.isfinite(once.total).all()
    for unknown in (once.freed, once.freed_conf, once.floor, once.split.shares, once.split.chance):
        assert np.isnan(unknown).all()
    assert "run replicates >= 2" in once.note
    assert "run replicates >= 3" in sobol(noisy(unit, 2, run=0.1), NAMES).note


def test_factors_that_are_lost_in_chance_have_no_total_without_it():
    outcome = np.random.default_rng(3).normal(size=(5 * 32, 4, 6))
    told = sobol(outcome, NAMES)
    lost = np.isnan(told.freed).all(axis=0)
    assert lost.sum() > 3 and np.isfinite(told.total).all()
    assert "cannot be told from chance in months" in told.note and "more" in told.note


def test_the_table_has_every_factor_and_what_is_chance():
    told = sobol(np.stack([noisy(saltelli(NAMES, 32), 4, run=0.1)] * 2, axis=2), NAMES, months=[60, 120])
    table = told.table()
    assert table.filter(kind="factor").height == 6 and table.filter(kind="chance").height == 2
    assert table.filter(kind="part of chance")["factor"].to_list() == [
        "world",
        "world",
        "interaction",
        "interaction",
    ]
    row = table.row(1, named=True)
    assert (row["factor"], row["month"], row["total"]) == ("slope", 120, told.total[0, 1])
    assert row["first_high"] - row["first"] == pytest.approx(told.first_conf[0, 1])
    assert table.filter(kind="chance")["share"].to_list() == told.split.chance.tolist()


def test_the_same_seed_gives_the_same_and_no_other_stream_is_touched():
    outcome = noisy(saltelli(NAMES, 32), 3, run=0.1)
    before = np.random.get_state()[1].copy()
    first, again, other = (sobol(outcome, NAMES, seed=seed) for seed in (0, 0, 1))
    assert np.array_equal(first.total_conf, again.total_conf)
    assert not np.array_equal(first.total_conf, other.total_conf)
    assert np.array_equal(np.random.get_state()[1], before)


def test_outcomes_without_a_value_are_refused_with_what_to_do():
    outcome = noisy(saltelli(NAMES, 8), 3)[:, :, None] + np.zeros(2)
    outcome[3, 1, 1] = math.nan
    outcome[5:7, 2, 0] = math.inf
    with pytest.raises(SpecError) as refused:
        sobol(outcome, NAMES)
    assert "3 of 240 values" in str(refused.value) and "point 3, replicate 1, month column 1" in str(
        refused.value
    )
    assert "horizon + 1" in str(refused.value)


def test_every_fault_of_the_input_is_told_at_once():
    with pytest.raises(SpecError) as refused:
        sobol(np.zeros((11, 2, 3)), ["a", "b", "a"], months=[1], level=95, seed=-1)
    told = str(refused.value)
    assert len(refused.value.faults) == 5
    for part in (
        "level",
        "given twice: a",
        "seed",
        "one whole number for each of the 3 months",
        "N x 5 points for 3 factors",
    ):
        assert part in told


@pytest.mark.parametrize(
    ("outcome", "names", "options", "message"),
    [
        (np.zeros((16, 2)), NAMES, {}, "would fit second_order=True"),
        (np.zeros((5, 2)), NAMES, {}, "N at least 2"),
        (np.zeros(10), NAMES, {}, r"outcome must be \(points, replicates\)"),
        ([["x"]], NAMES, {}, "outcome must be an array of numbers"),
        (np.zeros((10, 2)), NAMES, {"months": [1]}, "the outcome has none"),
        (np.zeros((10, 2)), "abc", {}, "names must be the factors' names"),
    ],
)
def test_what_does_not_fit_the_design_is_refused(outcome, names, options, message):
    with pytest.raises(SpecError, match=message):
        sobol(outcome, names, **options)


def test_without_salib_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.analyze", None)
    with pytest.raises(SpecError, match=r'pip install "cisim\[study\]"'):
        sobol(noisy(saltelli(NAMES, 8), 2, run=1.0), NAMES)
    with pytest.raises(SpecError, match=r'pip install "cisim\[study\]"'):
        morris(trajectories(NAMES, 4), np.zeros((16, 2)), NAMES, levels=4)


def test_elementary_effects_of_a_plane_are_its_slopes():
    unit = trajectories(NAMES, 10)
    slopes = np.array([2.0, -3.0, 0.0])
    outcome = np.stack([unit @ slopes, unit @ (2 * slopes)], axis=1)[:, None, :] + np.zeros((1, 3, 1))
    told = morris(unit, outcome, NAMES, levels=4, months=[60, 120])
    assert told.mu == pytest.approx(np.stack([slopes, 2 * slopes], axis=1))
    assert told.mu_star == pytest.approx(np.abs(told.mu))
    for nothing in (told.sigma, told.mu_star_conf, told.floor):
        assert nothing == pytest.approx(np.zeros((3, 2)), abs=1e-12)
    table = told.table()
    assert table.filter(kind="factor").height == 6 and table.filter(kind="chance").height == 2
    assert table["mu"].to_list()[:2] == pytest.approx([2, 4])


def test_effects_of_replicates_average_to_those_of_salib():
    unit = trajectories(NAMES, 20, levels=6)
    outcome = noisy(unit, 5, run=0.5) + (unit[:, [0]] * unit[:, [2]])
    told = morris(unit, outcome, NAMES, levels=6)
    effects = _effects(unit, outcome[:, :, None], 0.6).mean(axis=2)[..., 0]
    assert effects.mean(axis=0) == pytest.approx(told.mu[:, 0])
    assert np.abs(effects).mean(axis=0) == pytest.approx(told.mu_star[:, 0])
    assert effects.std(axis=0, ddof=1) == pytest.approx(told.sigma[:, 0])


@pytest.mark.parametrize("replicates", [2, 5])
def test_a_factor_without_effect_has_a_mu_star_of_about_its_floor(replicates):
    """400 trajectories: the error of mu_star is in its interval, that of the floor is smaller."""
    told = morris(unit := trajectories(NAMES, 400), noisy(unit, replicates, run=0.5), NAMES, levels=4)
    assert told.floor[2, 0] == pytest.approx(
        math.sqrt(2 / math.pi) * 0.5 * math.sqrt(2) / (2 / 3) / math.sqrt(replicates), rel=0.1
    )
    assert abs(told.mu_star[2, 0] - told.floor[2, 0]) < 2 * told.mu_star_conf[2, 0]


def test_morris_with_one_replicate_and_a_constant_outcome():
    told = morris(trajectories(NAMES, 4), np.full((16, 1), 0.1), NAMES, levels=4)
    assert np.all(told.mu_star == 0) and np.isnan(told.floor).all()
    assert "run replicates >= 2" in told.note


@pytest.mark.parametrize(
    ("change", "levels", "message"),
    [
        (lambda unit: 10 * unit, 4, "between 0 and 1"),
        (lambda unit: unit, 6, r"by 0.6, that is levels"),
        (lambda unit: unit[::-1] * np.linspace(0.5, 1, 16)[:, None], 4, "not a design of Morris"),
        (lambda unit: unit, 3, "levels must be an even whole number"),
        (lambda unit: unit[:, :2], 4, r"unit must have shape \(16, 3\)"),
        (lambda unit: [["x"]], 4, "unit must be an array of numbers"),
    ],
)
def test_what_is_no_design_of_morris_is_refused(change, levels, message):
    with pytest.raises(SpecError, match=message):
        morris(change(trajectories(NAMES, 4)), np.zeros((16, 2)), NAMES, levels=levels)


def test_trajectories_must_be_whole():
    with pytest.raises(SpecError, match="T x 4 points for 3 factors"):
        morris(np.zeros((15, 3)), np.zeros((15, 2)), NAMES, levels=4)

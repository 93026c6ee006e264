"""Designs: sizes, ranges, balance, known answers, dependence, and the same points on every call."""

from __future__ import annotations

import itertools
import math

import numpy as np
import polars as pl
import pytest
from SALib.analyze import morris as salib_morris
from SALib.analyze import sobol as salib_sobol
from SALib.sample import sobol as salib_sample

from cisim.study.designs import KINDS, Design, points, size, unit_cube
from cisim.study.designs.factors import Factor

MIXED = [
    Factor(name="gain", low=0.01, high=1, scale="log"),
    Factor(name="backbone", levels=[True, False]),
    Factor(name="staff", low=1, high=8, integer=True, when={"backbone": True}),
    Factor(name="rule", levels=["a", "b", "c", "d"]),
    Factor(name="skill", low=0, high=1, when={"staff": {"low": 5}, "rule": ["a", "b"]}),
]
"""Factors of every kind; `skill` waits for `staff`, which waits for `backbone`."""

SAMPLED = {
    "random": (Design(kind="random", points=256), 256),
    "latin-hypercube": (Design(kind="latin-hypercube", points=256), 256),
    "sobol": (Design(kind="sobol", points=256), 256),
    "saltelli": (Design(kind="saltelli", points=32), 32 * 7),
    "saltelli, second order": (Design(kind="saltelli", points=32, second_order=True), 32 * 12),
    "morris": (Design(kind="morris", trajectories=60, levels=16), 60 * 6),
}
CUBE = [Factor(name=name, low=0, high=1) for name in "abc"]


def test_every_kind_of_sampled_design_is_tried_here():
    assert {design.kind for design, _ in SAMPLED.values()} == {
        k for k in KINDS if Design.model_construct(kind=k).sampled
    }


@pytest.mark.parametrize("name", SAMPLED)
def test_a_sampled_design_has_its_size_and_stays_in_the_ranges(name):
    design, count = SAMPLED[name]
    table = points(design, MIXED)
    assert table.height == size(design, MIXED) == count
    assert table.schema == {factor.name: factor.dtype() for factor in MIXED}
    assert table["gain"].is_between(0.01, 1).all()
    assert set(table["backbone"]) == {True, False}
    assert set(table["staff"]) == {None, *range(1, 9)}
    assert set(table["rule"]) == {"a", "b", "c", "d"}
    cube = unit_cube(design, MIXED)
    assert cube.shape == (count, 5) and cube.min() >= 0 and cube.max() <= 1


@pytest.mark.parametrize("name", SAMPLED)
def test_a_factor_is_null_exactly_where_it_makes_no_sense(name):
    table = points(SAMPLED[name][0], MIXED)
    staff, skill = (
        pl.col("backbone"),
        (pl.col("staff") >= 5).fill_null(False) & pl.col("rule").is_in(["a", "b"]),
    )
    assert table.select(pl.col("staff").is_not_null() == staff).to_series().all()
    assert table.select(pl.col("skill").is_not_null() == skill).to_series().all()
    assert 0 < table["skill"].null_count() < table.height


@pytest.mark.parametrize("name", SAMPLED)
def test_the_same_seed_gives_the_same_bytes_and_0_is_a_seed(name):
    design, _ = SAMPLED[name]
    again, zero, one = (design.replace(**seed) for seed in ({}, {"seed": 0}, {"seed": 1}))
    assert (
        unit_cube(design, MIXED).tobytes()
        == unit_cube(again, MIXED).tobytes()
        == unit_cube(zero, MIXED).tobytes()
    )
    assert points(design, MIXED).equals(points(zero, MIXED))
    assert not np.array_equal(unit_cube(design, MIXED), unit_cube(one, MIXED))


@pytest.mark.parametrize("name", [name for name in SAMPLED if name != "latin-hypercube"])
def test_more_points_keep_the_first_ones(name):
    design, count = SAMPLED[name]
    key = "trajectories" if design.kind == "morris" else "points"
    larger = design.replace(**{key: 4 * getattr(design, key)})
    assert np.array_equal(unit_cube(larger, MIXED)[:count], unit_cube(design, MIXED))
    assert points(larger, MIXED)[:count].equals(points(design, MIXED))


def test_more_points_of_a_latin_hypercube_are_others():
    small, large = (unit_cube(Design(kind="latin-hypercube", points=n), CUBE) for n in (10, 20))
    assert not np.isin(small, large).any()


@pytest.mark.parametrize("kind", ["latin-hypercube", "sobol"])
def test_each_strip_of_each_factor_has_one_point(kind):
    cube = unit_cube(Design(kind=kind, points=128), MIXED)
    for column in cube.T:
        assert sorted(np.floor(column * 128)) == list(range(128))
    assert points(Design(kind=kind, points=128), MIXED)["rule"].value_counts()["count"].to_list() == [32] * 4


def test_every_quarter_by_quarter_cell_of_two_factors_has_as_many_sobol_points():
    """The first two dimensions of Sobol' points are a (0, m, 2)-net, and stay one when scrambled."""
    cells = np.floor(unit_cube(Design(kind="sobol", points=64, seed=7), CUBE)[:, :2] * 4)
    assert {
        tuple(cell): n for cell, n in zip(*np.unique(cells, axis=0, return_counts=True), strict=True)
    } == dict.fromkeys(itertools.product(range(4), repeat=2), 4)


def test_random_points_are_uniform_and_independent():
    """Mean 1/2, variance 1/12, correlation 0 of 10,000 points, each within 4 standard errors."""
    cube, n = unit_cube(Design(kind="random", points=10_000, seed=3), CUBE), 10_000
    assert np.abs(cube.mean(axis=0) - 1 / 2).max() < 4 * math.sqrt(1 / 12 / n)
    assert np.abs(cube.var(axis=0) - 1 / 12).max() < 4 * math.sqrt(1 / 180 / n)
    assert np.abs(np.corrcoef(cube.T)[np.triu_indices(3, 1)]).max() < 4 / math.sqrt(n)


@pytest.mark.parametrize("second_order", [False, True])
@pytest.mark.parametrize("factors", [1, 2, 5])
def test_saltelli_points_are_those_of_salib(factors, second_order):
    design = Design(kind="saltelli", points=16, second_order=second_order, seed=5)
    problem = {"num_vars": factors, "names": [*"abcde"[:factors]], "bounds": [[0, 1]] * factors}
    told = salib_sample.sample(
        problem, 16, calc_second_order=second_order, seed=np.random.Generator(np.random.Philox(5))
    )
    assert np.array_equal(unit_cube(design, MIXED[:1] + CUBE[: factors - 1] + MIXED[3 : factors - 1]), told)


def test_saltelli_points_give_the_known_indices_of_ishigami():
    """Ishigami and Homma (1990): sin x + 7 sin² y + 0.1 z⁴ sin x; indices in closed form, to 0.01 at N = 4096."""
    factors = [Factor(name=name, low=-math.pi, high=math.pi) for name in "xyz"]
    design = Design(kind="saltelli", points=4096, second_order=True)
    x, y, z = (points(design, factors)[name].to_numpy() for name in "xyz")
    outcome = np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)
    problem = {"num_vars": 3, "names": ["x", "y", "z"], "bounds": [[-math.pi, math.pi]] * 3}
    found = salib_sobol.analyze(problem, outcome, calc_second_order=True, num_resamples=2, seed=0)
    np.testing.assert_allclose(found["S1"], [0.3139, 0.4424, 0], atol=0.01)
    np.testing.assert_allclose(found["ST"], [0.5576, 0.4424, 0.2437], atol=0.01)
    assert found["S2"][0, 2] == pytest.approx(0.2437, abs=0.01)


@pytest.mark.parametrize("levels", [2, 4, 10])
def test_a_morris_trajectory_moves_each_factor_once_by_the_step(levels):
    cube = unit_cube(Design(kind="morris", trajectories=50, levels=levels), MIXED).reshape(50, 6, 5)
    moves, step = np.diff(cube, axis=1), levels / (2 * (levels - 1))
    np.testing.assert_allclose(np.abs(moves).sum(axis=1), step)
    np.testing.assert_allclose(np.abs(moves).sum(axis=2), step)
    assert ((np.abs(moves) > 0).sum(axis=1) == 1).all()
    assert set((cube * (levels - 1)).round(12).ravel()) == set(range(levels))


def test_morris_starts_directions_and_turns_are_equally_likely():
    """Shares over 4,000 trajectories of 3 factors, within 4 standard errors of 1/4, 1/2 and 1/3."""
    n = 4_000
    cube = unit_cube(Design(kind="morris", trajectories=n), CUBE).reshape(n, 4, 3)
    moves = np.diff(cube, axis=1)
    for shares, expected in (
        ([(cube[:, 0] == place).mean(axis=0) for place in np.arange(4) / 3], 1 / 4),
        ((moves > 0).any(axis=1).mean(axis=0), 1 / 2),
        ((moves != 0).mean(axis=0), 1 / 3),
    ):
        assert np.abs(np.asarray(shares) - expected).max() < 4 * math.sqrt(expected * (1 - expected) / n)


def test_morris_points_give_the_slopes_of_a_plane():
    cube = unit_cube(Design(kind="morris", trajectories=10), CUBE)
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    found = salib_morris.analyze(
        problem, cube, cube @ [3.0, -2.0, 0.0], num_levels=4, num_resamples=2, seed=0
    )
    np.testing.assert_allclose(found["mu"], [3, -2, 0], atol=1e-12)
    np.testing.assert_allclose(found["sigma"], 0, atol=1e-12)


def test_morris_levels_that_are_a_multiple_of_a_factors_levels_take_each_as_often():
    factor = Factor(name="x", levels=["a", "b", "c"])
    places = np.arange(6) / 5
    assert factor.from_unit(places).to_list() == ["a", "a", "b", "b", "c", "c"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_design_can_be_written_and_read(kind):
    values = {
        "points": 16,
        "trajectories": 10,
        "table": "points.csv",
        "seed": 3,
        "levels": 6,
        "second_order": True,
    }
    needed, optional = KINDS[kind]
    design = Design(kind=kind, **{key: values[key] for key in (*needed, *optional)})
    assert Design(**design.model_dump(exclude_defaults=True)) == design == design.replace()

"""Designs that cannot be: every fault with its sentence."""

from __future__ import annotations

import pytest

from cisim.errors import SpecError
from cisim.study.designs import Design, design_faults, points, size, unit_cube
from cisim.study.designs.factors import Factor

TOLD = {
    "no kind": ({}, ["kind: is missing"]),
    "unknown kind": ({"kind": "sobel"}, ["kind: given 'sobel'", "'latin-hypercube'", "Did you mean 'sobol'?"]),
    "unknown key": ({"kind": "sobol", "points": 8, "sed": 1}, ["sed: is not a known key", "Did you mean 'seed'?"]),
    "no points": ({"kind": "sobol"}, ["a sobol design needs points, for example points = 1024."]),
    "no trajectories": ({"kind": "morris"}, ["a morris design needs trajectories, for example"]),
    "no table": ({"kind": "table"}, ["a table design needs table", '"points.csv"']),
    "points of a grid": (
        {"kind": "grid", "points": 8},
        ["points does not belong to a grid design, given 8; it takes no other keys."],
    ),
    "seed of a grid": ({"kind": "grid", "seed": 0}, ["seed does not belong to a grid design, given 0"]),
    "points of Morris": (
        {"kind": "morris", "trajectories": 8, "points": 9},
        ["points does not belong to a morris design, given 9; it takes trajectories and levels and seed."],
    ),
    "second order of Sobol": (
        {"kind": "sobol", "points": 8, "second_order": False},
        ["second_order does not belong to a sobol design, given False; it takes points and seed."],
    ),
    "100 Sobol points": (
        {"kind": "sobol", "points": 100},
        ["points must be a power of two in a sobol design, given 100; nearest are 64 and 128."],
    ),
    "3 Saltelli points": ({"kind": "saltelli", "points": 3}, ["in a saltelli design, given 3; nearest are 2 and 4."]),
    "no points at all": ({"kind": "random", "points": 0}, ["points: is out of range, given 0", "1 to 16777216"]),
    "points text": ({"kind": "random", "points": "8"}, ["points: must be a whole number, given '8'"]),
    "one trajectory": ({"kind": "morris", "trajectories": 1}, ["trajectories: is out of range, given 1"]),
    "odd levels": (
        {"kind": "morris", "trajectories": 8, "levels": 5},
        ["levels must be even in a morris design, given 5; nearest are 4 and 6."],
    ),
    "seed below 0": ({"kind": "random", "points": 8, "seed": -1}, ["seed: is out of range, given -1"]),
    "second order word": ({"kind": "saltelli", "points": 8, "second_order": "yes"}, ["second_order: must be true or"]),
    "table of another kind": (
        {"kind": "table", "table": "points.xlsx"},
        ["table must be a file that ends in .csv or .parquet, given 'points.xlsx'."],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TOLD)
def test_a_fault_of_a_design_is_told_once_with_all_that_helps(case):
    told, fragments = TOLD[case]
    with pytest.raises(SpecError) as caught:
        Design(**told)
    assert len(caught.value.faults) == 1, caught.value
    assert [part for part in fragments if part not in str(caught.value)] == [], caught.value


def test_all_faults_of_a_design_are_told_at_once():
    with pytest.raises(SpecError) as caught:
        Design(kind="morris", points=8, table="a.xlsx", levels=3)
    assert len(caught.value.faults) == 5


def ends(name: str, **more: object) -> Factor:
    return Factor(**{"name": name, "low": 0, "high": 4, **more})


GRID, ZIP, ONE = (Design(kind=kind) for kind in ("grid", "zip", "one-at-a-time"))
SOBOL = Design(kind="sobol", points=8)
WORDS = Factor(name="x", levels=["u", "v"])
LAID = {
    "no factors": (GRID, [], {}, ["at least one factor"]),
    "incomplete": (SOBOL, [Factor(name="x")], {}, ["factor 'x' has neither low and high nor levels; give them."]),
    "continuous in a grid": (GRID, [ends("x")], {}, ["factor 'x' is continuous; give it steps (for example steps = 5)"]),
    "continuous in a zip": (ZIP, [ends("x"), ends("y", steps=2)], {}, ["factor 'x' is continuous"]),
    "too many whole numbers": (
        GRID,
        [ends("x", high=1_000_000, integer=True)],
        {},
        ["factor 'x' has 1,000,001 whole numbers; allowed are up to 100,000; give it steps"],
    ),
    "lengths of a zip": (
        ZIP,
        [ends("x", steps=2), ends("y", steps=3)],
        {},
        ["as many values of each factor, given 'x' 2, 'y' 3; change levels or steps."],
    ),
    "value drawn from a range": (
        SOBOL,
        [ends("x", steps=3), ends("y", when={"x": 2})],
        {},
        ["factor 'y': when asks for single values of 'x', which a sobol design draws from a range; ask for a range"],
    ),
    "too large": (
        Design(kind="saltelli", points=2**24),
        [ends("x"), ends("y")],
        {},
        ["the saltelli design has 67,108,864 points with 2 factors; allowed are up to 16,777,216."],
    ),
    "no base": (ONE, [ends("x")], {}, ["factor 'x' has no value in the base scenario"]),
    "base of nothing": (ONE, [ends("x")], {"x": None}, ["factor 'x' has no value in the base scenario"]),
    "base text": (ONE, [ends("x")], {"x": "high"}, ["factor 'x' has numbers, but in the base scenario it is 'high'."]),
    "base a truth value": (ONE, [ends("x")], {"x": True}, ["has numbers, but", "it is True."]),
    "base a number": (ONE, [WORDS], {"x": 1}, ["factor 'x' has text, but in the base scenario it is 1."]),
    "base a fraction": (ONE, [ends("x", integer=True)], {"x": 1.5}, ["has whole numbers, but", "it is 1.5."]),
    "base not finite": (ONE, [ends("x")], {"x": float("nan")}, ["it is nan."]),
}  # fmt: skip


@pytest.mark.parametrize("case", LAID)
def test_factors_that_cannot_be_laid_out_are_told_before(case):
    design, factors, base, fragments = LAID[case]
    faults = design_faults(design, factors, base)
    assert len(faults) == 1, faults
    assert [part for part in fragments if part not in faults[0]] == [], faults
    for verb in (points, size):
        with pytest.raises(SpecError) as caught:
            verb(design, factors, base)
        assert list(caught.value.faults) == faults


def test_faults_of_factors_and_of_the_design_are_told_together():
    with pytest.raises(SpecError) as caught:
        points(GRID, [ends("x", when={"y": 1}), ends("z", steps=2, when={"z": 1})])
    assert str(caught.value).startswith("Design 'grid': 3 faults")


@pytest.mark.parametrize("bound", [False, True])
def test_a_grid_that_is_too_large_is_refused_at_once(bound):
    more = {"when": {"f0": 0}} if bound else {}
    factors = [Factor(name="f0", levels=[0, 1])]
    factors += [Factor(name=f"f{at}", levels=[0, 1, 2], **more) for at in range(1, 200)]
    for verb in (points, size):
        with pytest.raises(SpecError, match="more than 16,777,216 points, which are allowed; use fewer"):
            verb(GRID, factors)


def test_a_design_that_is_not_drawn_has_no_unit_cube():
    with pytest.raises(
        SpecError, match="a grid design lies in no unit cube; those that do: random, latin-hyper"
    ):
        unit_cube(GRID, [ends("x", steps=2)])

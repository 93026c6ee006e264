"""A calibration that is stopped goes on where it was, and gives what it would have given."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from cisim.errors import SpecError, StoreError
from cisim.evidence.calibration import Prior, Target, calibrate

PRIOR = Prior.over({"a": (-3, 3), "b": (0.01, 1)})
TARGETS = [Target("x", value=0.5, sd=0.2), Target("y", band=(0.1, 0.2))]
ASKED = {"draws": 300, "rounds": 3, "keep": 100, "seed": 6, "batch": 100}


class Model:
    """Counts its calls, and stops at one of them as a kill would."""

    def __init__(self, stop_at=None):
        self.calls, self.stop_at = 0, stop_at

    def __call__(self, values, seeds):
        if self.calls == self.stop_at:
            raise KeyboardInterrupt
        self.calls += 1
        return values + 0.1 * np.random.default_rng(seeds).standard_normal(values.shape)


def ask(model, folder, **changes):
    return calibrate(model, PRIOR, TARGETS, folder=folder, **ASKED | changes)


def same(one, other):
    return (
        np.array_equal(one.values, other.values)
        and np.array_equal(one.weights, other.weights)
        and one.steps == other.steps
    )


@pytest.fixture(scope="module")
def whole():
    return ask(Model(), None)


@pytest.mark.parametrize("stop_at", [0, 1, 3, 5, 8])
def test_a_calibration_that_was_stopped_ends_as_if_it_had_not_been(stop_at, tmp_path, whole):
    first = Model(stop_at)
    with pytest.raises(KeyboardInterrupt):
        ask(first, tmp_path / "kept")
    rest = Model()
    assert same(ask(rest, tmp_path / "kept"), whole)
    assert first.calls == stop_at and rest.calls == 9 - stop_at


def test_what_is_complete_runs_no_more_and_more_rounds_go_on(tmp_path, whole):
    ask(Model(), tmp_path, rounds=2)
    nothing, one = Model(stop_at=0), Model()
    assert ask(nothing, tmp_path, rounds=2).runs == 600
    assert same(ask(one, tmp_path), whole) and one.calls == 3


def test_a_half_written_file_counts_as_none(tmp_path, whole):
    with pytest.raises(KeyboardInterrupt):
        ask(Model(4), tmp_path)
    (tmp_path / "round-01" / ".part-0001.npz.0a1b2c3d.draft").write_bytes(b"PK half")
    rest = Model()
    assert same(ask(rest, tmp_path), whole) and rest.calls == 5


def test_when_time_is_out_what_has_run_counts_and_the_rest_can_follow(tmp_path, whole):
    short = ask(Model(), tmp_path, budget_seconds=1e-9)
    assert short.ended == "time" and short.runs == 100 and len(short.steps) == 1
    assert short.effective == pytest.approx(100, rel=0.5)
    rest = Model()
    assert same(ask(rest, tmp_path), whole) and rest.calls == 8


def test_the_same_whatever_the_folder_and_other_with_another_seed(tmp_path, whole):
    assert same(ask(Model(), tmp_path), whole)
    assert not np.array_equal(ask(Model(), None, seed=7).values, whole.values)


def test_a_folder_answers_one_question(tmp_path):
    ask(Model(), tmp_path, about={"code": "a"})
    with pytest.raises(SpecError) as told:
        ask(Model(), tmp_path, about={"code": "b"}, seed=7, keep=90)
    assert len(told.value.faults) == 3
    assert 'about was {"code": "a"}, now {"code": "b"}' in str(told.value) and "seed was 6, now 7" in str(
        told.value
    )
    with pytest.raises(SpecError, match="targets was"):
        calibrate(Model(), PRIOR, TARGETS[:1], folder=tmp_path, about={"code": "a"}, **ASKED)


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("do not touch", encoding="utf-8")
    with pytest.raises(StoreError, match="something else"):
        ask(Model(), tmp_path)
    with pytest.raises(StoreError, match="is a file"):
        ask(Model(), tmp_path / "thesis.txt")
    (tmp_path / "calibration.json").write_text(json.dumps({"kind": "recipe"}), encoding="utf-8")
    with pytest.raises(StoreError, match="something else"):
        ask(Model(), tmp_path)
    (tmp_path / "calibration.json").write_text("{", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be read"):
        ask(Model(), tmp_path)
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "do not touch"


def test_a_broken_part_is_named(tmp_path):
    ask(Model(), tmp_path)
    part = tmp_path / "round-01" / "part-0002.npz"
    part.write_bytes(part.read_bytes()[:50])
    with pytest.raises(StoreError, match=r"part-0002\.npz: cannot be read"):
        ask(Model(), tmp_path)
    part.unlink()
    again = Model()
    ask(again, tmp_path)
    assert again.calls == 1
    shutil.rmtree(tmp_path / "round-02")
    ask(again, tmp_path)
    assert again.calls == 4

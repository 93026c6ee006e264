"""Own models and own rules: how they are named, what they can be given, and what identifies them."""

from __future__ import annotations

import math

import pytest

from cisim.engine.model import CoalitionModel
from cisim.errors import SpecError
from cisim.study.spec import own
from cisim.study.study import Study


class Closed(CoalitionModel):
    def __init__(self, scenario=None, *, seed=0, replicate=0, rules=None, boldness=0.5):
        super().__init__(scenario, seed=seed, replicate=replicate, rules=rules)


class Open(Closed):
    def __init__(self, scenario=None, *, patience, **more):
        super().__init__(scenario, **more)


class Same(Open):
    pass


class Locked(Open):
    def __init__(self, scenario, patience, seed, replicate):
        super().__init__(scenario, patience=patience, seed=seed, replicate=replicate)


def test_keywords_go_down_to_the_first_constructor_that_does_not_take_any():
    assert own.keywords(Closed) == {"boldness": 0.5}
    assert own.keywords(Open) == own.keywords(Same) == {"patience": None, "boldness": 0.5}
    assert own.keywords(Locked) == {"patience": None}
    assert own.keywords(CoalitionModel) == {}


@pytest.mark.parametrize("model", [CoalitionModel, Closed, Same])
def test_a_class_that_extends_the_model_is_one(model):
    assert own.model_fault(model) is None


@pytest.mark.parametrize("other", [object, int, math.exp, len, None, 3, "Closed", math, Closed.__init__])
def test_anything_else_is_no_model_and_no_rule_by_accident(other):
    assert "must name a class that extends cisim.CoalitionModel" in str(own.model_fault(other))
    assert own.rule_fault("relax", other) is not None


@pytest.mark.parametrize(
    "reference",
    ["", ":", "own.py", "own.py:", ":Name", "own.py:a b", "own.py:1a", "..:Name", "a..b:Name", "a b:Name", ".x:Name", "a/b:Name"],
)  # fmt: skip
def test_a_reference_of_another_form_is_told(reference, tmp_path):
    with pytest.raises(
        SpecError, match=r"own code is written as 'file.py:Name' or 'package.module:Name', given"
    ):
        own.locate(reference, tmp_path)


def test_a_module_is_named_as_python_names_it(tmp_path):
    assert own.locate("math:exp", tmp_path) == "math:exp"
    assert own.load("math:exp") is math.exp
    (tmp_path / "mine.py").write_text("X = 1\n", encoding="utf-8")
    assert own.load(own.locate("mine.py:X", tmp_path)) == 1
    (tmp_path / "mine.py").write_text("X = 2\n", encoding="utf-8")
    assert own.load(own.locate("mine.py:X", tmp_path)) == 2  # a changed file is another module


def test_the_line_of_an_error_in_own_code_is_told(tmp_path):
    (tmp_path / "late.py").write_text("a = 1\n\n\ndef f():\n    return a / 0\n\n\nf()\n", encoding="utf-8")
    with pytest.raises(
        SpecError,
        match=r"late.py cannot be imported: ZeroDivisionError: division by zero \(line 5 of late.py\)",
    ):
        own.load(own.locate("late.py:X", tmp_path))


def test_one_at_a_time_starts_a_keyword_at_its_default(tmp_path):
    (tmp_path / "mine.py").write_text(
        "from cisim.engine.model import CoalitionModel\n\n\nclass Mine(CoalitionModel):\n"
        "    def __init__(self, scenario=None, *, boldness=0.5, **more):\n        super().__init__(scenario, **more)\n",
        encoding="utf-8",
    )
    text = (
        'name = "a"\nengine = "mesa"\nmodel = "mine.py:Mine"\n[design]\nkind = "one-at-a-time"\n'
        '[[factor]]\nname = "model.boldness"\nlow = 0\nhigh = 1\n[[factor]]\nname = "meetings"\nlevels = [0, 4]\n'
    )
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    points = Study.read(tmp_path / "study.toml").points()
    assert points.rows() == [(0.5, 2.0), (0.0, 2.0), (1.0, 2.0), (0.5, 0.0), (0.5, 4.0)]

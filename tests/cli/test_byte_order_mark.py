"""Files that an editor on Windows saved as UTF-8 with a byte order mark are read like any other."""

from __future__ import annotations

import pytest

from cisim.decision.optimize.problem import Problem
from cisim.decision.plan import plans_in
from cisim.decision.prices import Prices
from cisim.study.study import Study
from cisim.study.template import TEMPLATE
from cisim.world.posterior import Posterior
from cisim.world.scenario import Scenario
from cisim.world.survey import SurveyMap
from cisim.world.toml import parse, text_of

PROBLEM = """
name = "p"
world = "collective-impact"
month = 24
budget = 1000000
goal = "contribution"
uncertain = "nothing"
periods = [1]
[levers]
backbone_staff = [0, 4]
"""
CASES = {
    "scenario": ('name = "own"\nmonths = 6\n', Scenario.read),
    "extending": ('name = "own"\nextends = "collective-impact"\n', Scenario.read),
    "plan": ('name = "own"\n[levers]\nbackbone_staff = 2\n', lambda path: plans_in([path])),
    "prices": ("meeting = 3.0\n", Prices.read),
    "problem": (PROBLEM, Problem.read),
    "study": (TEMPLATE.replace("NAME", "own"), Study.read),
    "map": ('backbone = "a"\n', SurveyMap.read),
    "posterior": ("potency,trust_mean\n1.0,0.5\n", lambda path: Posterior.read(path).table),
}


@pytest.mark.parametrize("kind", CASES)
def test_a_byte_order_mark_changes_nothing(tmp_path, kind):
    text, read = CASES[kind]
    path = tmp_path / ("own.csv" if kind == "posterior" else "own.toml")
    told = []
    for mark in ("", "\ufeff"):
        path.write_text(mark + text, encoding="utf-8")
        told.append(read(path))
    assert repr(told[0]) == repr(told[1])


def test_text_that_comes_from_elsewhere_may_have_the_mark(tmp_path):
    assert parse("\ufeffmonths = 6") == {"months": 6}
    assert SurveyMap.from_toml('\ufeffbackbone = "a"') == SurveyMap(backbone="a")
    (tmp_path / "a.toml").write_text("\ufeffmonths = 6", encoding="utf-8")
    assert text_of(tmp_path / "a.toml") == "months = 6"

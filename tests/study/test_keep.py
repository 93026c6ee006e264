"""What is kept of a run: known answers of every summary, and the columns in their order."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cisim.errors import SpecError
from cisim.study.running.engines import Runs, engine_for
from cisim.study.spec.file import StudyFile
from cisim.study.spec.keep import Columns, Keep, Summary, keep_faults
from cisim.study.study import Study
from cisim.theory.measures import MEASURES

COURSE = np.array(
    [
        [1.0, 0.9, 0.7, 0.8, 0.5],  # reaches 0.7 in month 2, and again in month 4
        [0.2, 0.9, 0.9, 0.9, 0.9],  # was there in month 0 only
        [1.0, 1.1, 1.2, 1.3, 0.7],  # in the last month
        [1.0, 0.1, 0.1, 0.1, 0.1],  # in the first month
    ]
)
NEVER = math.nan
KNOWN = {
    "months-to-target": ({"take": "months-to-target"}, [2, NEVER, 4, 1]),
    "months-to-target of severity": ({"take": "months-to-target", "measure": "severity"}, [2, NEVER, 4, 1]),
    "at most": ({"take": "first-month", "measure": "m", "at_most": 0.9}, [1, 1, 4, 1]),
    "at most, never": ({"take": "first-month", "measure": "m", "at_most": 0}, [NEVER] * 4),
    "at least": ({"take": "first-month", "measure": "m", "at_least": 0.9}, [1, 1, 1, NEVER]),
    "at least, exactly": ({"take": "first-month", "measure": "m", "at_least": 1.3}, [NEVER, NEVER, 3, NEVER]),
    "mean": ({"take": "mean", "measure": "m"}, [0.725, 0.9, 1.075, 0.1]),
    "least": ({"take": "least", "measure": "m"}, [0.5, 0.9, 0.7, 0.1]),
    "most": ({"take": "most", "measure": "m"}, [0.9, 0.9, 1.3, 0.1]),
    "change": ({"take": "change", "measure": "m"}, [-0.5, 0.7, -0.3, -0.9]),
}


@pytest.mark.parametrize("case", KNOWN)
def test_a_summary_of_a_known_course(case):
    told, answer = KNOWN[case]
    summary = Summary(name="x", **told)
    assert summary.faults() == []
    assert summary.of(COURSE, 0.7) == pytest.approx(np.array(answer, dtype=float), nan_ok=True)


def test_the_target_is_that_of_the_scenario():
    summary = Summary(name="x", take="months-to-target")
    assert summary.reads == "severity"
    assert summary.of(COURSE, 0.5) == pytest.approx([4, NEVER, NEVER, 1], nan_ok=True)
    assert np.isnan(summary.of(COURSE, 0.0)).all()


def test_a_month_without_a_value_reaches_nothing_and_leaves_no_mean():
    course = np.array([[1.0, np.nan, 0.5]])
    assert Summary(name="x", take="first-month", measure="m", at_most=0.5).of(course, 0) == [2]
    assert np.isnan(Summary(name="x", take="mean", measure="m").of(course, 0)).all()
    assert Summary(name="x", take="change", measure="m").of(course, 0) == [-0.5]


def test_a_run_of_one_month_has_every_summary():
    course = np.array([[1.0, 0.25]])
    answers = {"mean": 0.25, "least": 0.25, "most": 0.25, "change": -0.75}
    for take, answer in answers.items():
        assert Summary(name="x", take=take, measure="m").of(course, 0) == [answer]
    assert Summary(name="x", take="months-to-target").of(course, 0.25) == [1]


# Columns


def course_of(columns: Columns, runs: int = 3) -> np.ndarray:
    """Values that say where they are from: 100 x run + 10 x place of the measure + month."""
    run, month, measure = np.ix_(range(runs), columns.reported, range(len(columns.needs)))
    return 100.0 * run + 10 * measure + month


def test_columns_are_months_of_measures_and_then_summaries():
    summaries = (
        Summary(name="low", take="least", measure="trust_mean"),
        Summary(name="gain", take="change", measure="severity"),
        Summary(name="when", take="first-month", measure="trust_mean", at_least=112),
    )
    columns = Columns(("severity", "engagement"), (2, 4), summaries, 4)
    assert columns.names == (
        "severity@2",
        "severity@4",
        "engagement@2",
        "engagement@4",
        "low",
        "gain",
        "when",
    )
    assert columns.needs == ("severity", "engagement", "trust_mean")
    assert list(columns.reported) == [0, 1, 2, 3, 4]
    assert columns.of(course_of(columns), 0.7) == pytest.approx(
        np.array(
            [
                [2, 4, 12, 14, 21, 4, NEVER],
                [102, 104, 112, 114, 121, 4, 1],
                [202, 204, 212, 214, 221, 4, 1],
            ]
        ),
        nan_ok=True,
    )


def test_without_summaries_only_the_months_that_are_kept_are_reported():
    columns = Columns(("severity", "engagement"), (0, 3), (), 4)
    assert tuple(columns.reported) == (0, 3)
    assert columns.of(course_of(columns, 2), 0.7).tolist() == [[0, 3, 10, 13], [100, 103, 110, 113]]


def test_the_default_is_the_last_month_and_all_is_every_month_from_0(study):
    last = study(keep={}, summary=[])
    assert last.columns.names == ("severity@24", "contribution@24")
    every = study(keep={"measures": ["severity"], "months": "all"}, months=3, summary=[])
    assert every.columns.names == ("severity@0", "severity@1", "severity@2", "severity@3")
    some = study(keep={"measures": ["severity"], "months": [9, 3, 9]}, summary=[])
    assert some.columns.names == ("severity@3", "severity@9")


def test_a_target_that_is_a_factor_is_the_target_of_each_point(tmp_path):
    file = StudyFile(
        name="targets", months=12, engine="mesa", design={"kind": "grid"},
        factor=[{"name": "issue.target", "levels": [0.0, 0.99, 1.0]}],
        keep={"measures": ["severity"], "months": "all"},
        summary=[{"name": "reached", "take": "months-to-target"}],
    )  # fmt: skip
    targets = np.array([0.0, 0.99, 1.0])
    engine = engine_for(Study.of(file, tmp_path))
    outcome = engine.run(Runs(["a", "b", "c"], {"issue.target": targets}, np.zeros(3, np.int64)))
    assert outcome.failures == {}
    courses, reached = outcome.values[:, :-1], outcome.values[:, -1]
    below = courses[:, 1:] <= targets[:, None]
    first = [next(iter(np.flatnonzero(months) + 1), NEVER) for months in below]
    assert reached == pytest.approx(first, nan_ok=True)
    assert math.isnan(reached[0]) and reached[2] == 1


def test_what_nobody_knows_is_not_judged():
    keep = Keep(measures=("zzz",), months=(500,))
    assert keep_faults(keep, (), horizon=None, known=None, factors=()) == []
    assert len(keep_faults(keep, (), horizon=120, known=list(MEASURES), factors=())) == 2
    with pytest.raises(SpecError, match="names a measure twice"):
        Keep(measures=("severity", "severity"))

"""A run that fails becomes a row that says why and how to repeat it; all others are as if it were not there."""

from __future__ import annotations

import os
import subprocess
import sys

import polars as pl
import pytest

from cisim.errors import RunError, SpecError
from cisim.study.kept.replay import replay
from cisim.study.kept.results import Results
from cisim.study.running import runners
from cisim.study.running.session import run_study

POISON = '''
"""Rules that are poisoned for one value of a parameter, in the worlds that draw a large shock."""

import math


def observed(severity, z, p):
    if p.trust_gain == 0.05 and z > 2.0:
        return math.nan
    return severity * math.exp(p.observation_noise * z)


def next_drift(drift, z, p):
    if p.trust_gain == 0.04 and z > 1.6:
        raise ValueError("the shock was too large")
    return drift + p.trend / 12 + p.trend_shock * z
'''

MODEL = '''
"""A model that fails in one of 200 runs, and collects a number of its own."""

import os

from cisim.engine.model import CoalitionModel


class Fragile(CoalitionModel):
    own_measures = {"twice": lambda model: 2 * model.measure("severity")}

    def __init__(self, scenario, *, how="raise", place=0, **told):
        self.how, self.place = how, place
        super().__init__(scenario, **told)

    def step(self):
        super().step()
        if self.address == (1, 3) and self.place == 7 and self.month == 2:
            if self.how == "raise":
                raise ValueError("the coalition fell into the river")
            os._exit(9)
'''


def failing(study, tmp_path, how, places=(6, 7)):
    """A study of own models; one of them fails: place 7, replicate 3."""
    (tmp_path / "fragile.py").write_text(MODEL, encoding="utf-8")
    return study(
        engine="mesa", model="fragile.py:Fragile", months=3, replicates=5, design={"kind": "grid"},
        factor=[{"name": "model.place", "levels": list(places)}, {"name": "model.how", "levels": [how]}],
        keep={"measures": ["severity", "twice"], "months": [3]}, summary=[],
    )  # fmt: skip


def test_one_poisoned_run_in_200_is_one_failure_with_a_line_that_repeats_it(study, tmp_path):
    report = run_study(failing(study, tmp_path, "raise", range(40)), tmp_path / "out", workers=1)
    assert (report.whole, report.done, report.failed) == (200, 200, 1)
    results = Results.open(tmp_path / "out")
    assert len(results.table()) == 199
    assert (results.table()["twice@3"] == 2 * results.table()["severity@3"]).all()
    (failure,) = results.failures().iter_rows(named=True)
    assert failure["kind"] == "ValueError" and failure["month"] == 2
    assert failure["message"].startswith("the coalition fell into the river (fragile.py, line ")
    assert (failure["model.place"], failure["replicate"]) == (7, 3)
    command = failure["repeat"].split()
    assert command[0] == "cisim"
    again = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert again.returncode == 1 and "fell into the river" in again.stderr
    with pytest.raises(RunError, match="fell into the river"):
        replay(failure["run"], tmp_path / "out")
    assert replay(failure["run"].replace("-3", "-2"), tmp_path / "out").same


def test_failures_are_not_run_again_unless_asked(study, tmp_path):
    told = failing(study, tmp_path, "raise")
    run_study(told, tmp_path / "out", workers=1)
    again = run_study(told, tmp_path / "out", workers=1)
    assert (again.done, again.failed, again.failed_before) == (0, 0, 1)
    again = run_study(told, tmp_path / "out", workers=1, retry=True)
    assert (again.done, again.failed) == (1, 1)
    assert len(Results.open(tmp_path / "out").failures()) == 1


def test_a_run_that_kills_its_worker_takes_no_other_with_it(study, tmp_path):
    report = run_study(failing(study, tmp_path, "exit"), tmp_path / "out", workers=2)
    results = Results.open(tmp_path / "out")
    assert (report.done, report.failed, len(results.table())) == (10, 1, 9)
    (failure,) = results.failures().iter_rows(named=True)
    assert failure["kind"] == "WorkerDied" and (failure["model.place"], failure["replicate"]) == (7, 3)


@pytest.mark.slow  # compiles a rule set of its own
def test_own_rules_spoil_only_the_runs_that_they_spoil(study, tmp_path):
    """A measure that is no number, and an error out of compiled code: failures of those runs alone."""
    (tmp_path / "poison.py").write_text(POISON, encoding="utf-8")
    told = study(
        own_rules={"observed": "poison.py:observed", "next_drift": "poison.py:next_drift"},
        factor=[{"name": "trust_gain", "levels": [0.03, 0.04, 0.05]}],
        keep={"measures": ["severity_observed"], "months": "all"}, replicates=12, summary=[],
    )  # fmt: skip
    report = run_study(told, tmp_path / "out", workers=1)
    results = Results.open(tmp_path / "out")
    failures = results.failures()
    assert report.failed == len(failures) and len(failures) + len(results.table()) == 36
    kinds = (
        failures.group_by("trust_gain", "kind").agg(pl.len(), pl.col("message").first()).sort("trust_gain")
    )
    assert kinds["trust_gain"].to_list() == [0.04, 0.05] and kinds["len"].is_between(1, 11).all()
    assert kinds["kind"].to_list() == ["ValueError", "RunError"]
    assert kinds["message"][0].startswith("the shock was too large")
    assert "'severity_observed' is not a finite number in month" in kinds["message"][1]
    for run in failures.unique("kind")["run"]:
        with pytest.raises(RunError, match=r"shock was too large|not a finite number"):
            replay(run, tmp_path / "out")


def test_a_point_that_makes_no_sound_scenario_is_a_failure(study, tmp_path):
    base = (
        tmp_path / "small.toml"
    ).read_text() + '\n[[event]]\nkind = "hire-backbone-staff"\nmonth = 6\nfte = 1.0\n'
    (tmp_path / "hiring.toml").write_text(base)
    told = study(
        base="hiring.toml",
        factor=[{"name": "backbone_staff", "levels": [1.0, 300.0]}, {"name": "event.hire-backbone-staff.fte", "levels": [0.5, 400.0]}],
    )  # fmt: skip
    run_study(told, tmp_path / "out", workers=1)
    results = Results.open(tmp_path / "out")
    assert len(results.table()) == 12
    failures = results.failures()
    assert len(failures) == 4 and set(failures["kind"]) == {"SpecError"}
    assert failures["message"].str.contains("bring lever 'backbone_staff' to 700 in month 6").all()


def test_the_command_says_so_by_its_exit_code(study, tmp_path):
    (tmp_path / "fragile.toml").write_text(failing(study, tmp_path, "raise").file.to_toml())
    command = [
        sys.executable,
        "-m",
        "cisim",
        "study",
        "run",
        "fragile.toml",
        "--out",
        "out",
        "--workers",
        "1",
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=tmp_path, env=dict(os.environ)
    )
    assert done.returncode == 1
    assert "1 runs failed" in done.stderr and "--failures" in done.stderr
    listed = subprocess.run(
        [sys.executable, "-m", "cisim", "study", "show", "out", "--failures"],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert "fell into the river" in listed.stdout and "cisim replay" in listed.stdout


def test_a_failure_counts_only_for_what_was_to_be_kept(study, tmp_path):
    """A point that is unsound fails for every study; another study that keeps other numbers finds out for itself."""
    told = failing(study, tmp_path, "raise")
    run_study(told, tmp_path / "out", workers=1)
    early = told.replace(name="early", keep={"measures": ["severity"], "months": [1]})
    report = run_study(early, tmp_path / "out", workers=1)
    assert (report.done, report.failed) == (10, 0)  # the model fails in month 2, which nobody asks for


def test_own_code_cannot_lean_on_its_neighbours(study, tmp_path):
    (tmp_path / "neighbour.py").write_text("VALUE = 1\n")
    (tmp_path / "leaning.py").write_text(
        "import neighbour\n\n\ndef drift(x, level, z, p):\n    return neighbour.VALUE\n"
    )
    with pytest.raises(
        SpecError, match=r"it imports neighbour from the same folder; write all of it in one file"
    ):
        study(own_rules={"drift": "leaning.py:drift"})


def test_code_that_changes_while_a_study_runs_is_refused(study, tmp_path, monkeypatch):
    """Workers load own code afresh; a run of the new text must not be kept under the key of the old one."""
    told = failing(study, tmp_path, "raise", range(8))
    before = runners.own_code

    def ask_and_edit(engine):
        found = before(engine)
        (tmp_path / "fragile.py").write_text(MODEL + "\nEDITED = True\n")
        return found

    monkeypatch.setattr(runners, "own_code", ask_and_edit)
    with pytest.raises(SpecError, match="the code was changed while the study runs"):
        run_study(told, tmp_path / "out", workers=2)

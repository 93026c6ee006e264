"""`cisim run`: one table or one JSON, a folder written whole or not at all."""

from __future__ import annotations

import builtins
import json

import polars as pl
import pytest

from cisim import verbs
from cisim.errors import RunError
from cisim.insight.folder import FIGURES, MANIFEST, NO_FIGURES

FEW = ("--replicates", "3", "--months", "6")
FILES = {"scenario.toml", "ensemble.parquet", MANIFEST}


def names(folder):
    return {entry.name for entry in folder.iterdir()}


def test_the_table_shows_each_scenario_and_the_measures_with_units(cisim):
    result = cisim("run", "collective-impact", "isolated-impact", *FEW)
    assert result.exit_code == 0, result.output
    for text in (
        "Collective impact",
        "Isolated impact",
        "severity",
        "share of start",
        "target reached",
        ">6",
    ):
        assert text in result.stdout
    assert "2 scenarios, 3 replicates each" in result.stderr


def test_quiet_prints_only_the_result(cisim):
    result = cisim("run", "isolated-impact", *FEW, "--quiet", "--measures", "severity,members")
    assert result.stderr == ""
    assert "members" in result.stdout and "engagement" not in result.stdout


def test_json_is_all_of_stdout_and_agrees_with_the_verb(cisim):
    result = cisim("run", "collective-impact", *FEW, "--seed", 4, "--set", "backbone_staff=1.5", "--json")
    told = json.loads(result.stdout)
    (ensemble,) = verbs.run(
        "collective-impact", replicates=3, months=6, seed=4, settings={"backbone_staff": 1.5}
    )
    end = told["scenarios"][0]["end"]
    assert end["severity"]["median"] == sorted(ensemble["severity"][:, -1])[1]
    assert end["cost_total"]["unit"] == "FTE-months"
    assert end["months to target"]["median"] is None  # not within the run


@pytest.mark.parametrize(
    ("setting", "field", "value"),
    [
        ("agenda=0.5", "levers", 0.5),
        ("potency=2", "parameters", 2.0),
        ("influence=degroot", "rules", "degroot"),
    ],
)
def test_a_setting_reaches_the_lever_parameter_or_rule_of_its_name(setting, field, value):
    name, _, text = setting.partition("=")
    given = text if field == "rules" else float(text)
    scenario = verbs.change(verbs.preset("collective-impact"), settings={name: given})
    assert getattr(scenario, field)[name] == value


def test_levers_parameters_and_choices_share_no_name():
    from cisim.theory.parameters import LEVERS, UNCERTAINTIES
    from cisim.theory.rules import CHOICES

    assert len({*LEVERS, *UNCERTAINTIES, *CHOICES}) == len(LEVERS) + len(UNCERTAINTIES) + len(CHOICES)


def test_a_folder_holds_scenarios_data_manifests_and_figures(cisim, tmp_path):
    command = ("run", "collective-impact", "isolated-impact", *FEW, "--out", "results")
    assert cisim(*command).exit_code == 0
    out = tmp_path / "results"
    assert names(out) == {"collective-impact", "isolated-impact", *FIGURES}
    for scenario in verbs.load_all(["collective-impact", "isolated-impact"], months=6):
        place = out / scenario.name
        assert names(place) == FILES
        assert verbs.load(place / "scenario.toml") == scenario
        assert pl.read_parquet(place / "ensemble.parquet").height == 3 * 7
    manifest = json.loads((out / "collective-impact" / MANIFEST).read_text())
    assert (manifest["seed"], manifest["replicates"], manifest["months"]) == (0, 3, 6)
    assert manifest["rule_fingerprint"] and manifest["versions"]["numpy"]
    assert names(tmp_path) == {"results"}  # no draft is left


def test_the_same_command_again_replaces_its_own_output_and_keeps_the_rest(cisim, tmp_path):
    for seed in (0, 1):
        assert cisim("run", "isolated-impact", *FEW, "--seed", seed, "--out", "results").exit_code == 0
        (tmp_path / "results" / "notes.txt").write_text("mine")
    manifest = json.loads((tmp_path / "results" / "isolated-impact" / MANIFEST).read_text())
    assert manifest["seed"] == 1
    assert (tmp_path / "results" / "notes.txt").read_text() == "mine"
    assert names(tmp_path) == {"results"}


def test_earlier_scenarios_that_stay_in_a_folder_are_told(cisim, tmp_path):
    first = cisim("run", "isolated-impact", *FEW, "--out", "results")
    assert "earlier" not in first.stderr
    second = cisim("run", "collective-impact", *FEW, "--out", "results")
    assert (
        "results still holds data of earlier runs: isolated-impact; its figures show collective-impact alone."
        in second.stderr
    )
    both = cisim("run", "isolated-impact", "collective-impact", *FEW, "--out", "results")
    assert "earlier" not in both.stderr


def test_a_folder_of_somebody_else_is_left_alone(cisim, tmp_path):
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "thesis.txt").write_text("mine")
    result = cisim("run", "isolated-impact", *FEW, "--out", "results")
    assert result.exit_code == 3 and "holds something else" in result.stderr
    assert names(tmp_path / "results") == {"thesis.txt"} and names(tmp_path) == {"results"}


def test_a_scenario_folder_of_somebody_else_is_left_alone(cisim, tmp_path):
    assert cisim("run", "isolated-impact", *FEW, "--out", "results").exit_code == 0
    (tmp_path / "results" / "collective-impact").mkdir()
    result = cisim("run", "collective-impact", *FEW, "--out", "results")
    assert result.exit_code == 3 and "was not written by cisim" in result.stderr


def test_a_failure_while_writing_leaves_nothing_and_still_shows_the_answer(cisim, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    result = cisim("run", "isolated-impact", *FEW, "--out", "results", "--json")
    assert result.exit_code == 3 and "No space left" in result.stderr
    assert json.loads(result.stdout)["out"] is None
    assert names(tmp_path) == set()


def test_without_matplotlib_data_are_written_and_one_line_says_what_to_install(cisim, tmp_path, monkeypatch):
    import sys

    for module in [name for name in sys.modules if name.startswith(("matplotlib", "cisim.insight.figures"))]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.delattr("cisim.insight.figures", raising=False)
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("matplotlib"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    result = cisim("run", "isolated-impact", *FEW, "--out", "results")
    assert result.exit_code == 0, result.output
    assert NO_FIGURES in result.stderr and result.stderr.count("pip install") == 1
    assert names(tmp_path / "results") == {"isolated-impact"}


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "Interrupted"),
        (MemoryError(), 1, "not enough memory"),
        (RunError("broke", scenario="x", replicate=1, month=2, repeat="again"), 1, "Repeat it with: again"),
    ],
)
def test_a_run_that_stops_says_why_and_leaves_nothing(cisim, tmp_path, monkeypatch, error, code, said):
    def stop(*_, **__):
        raise error

    monkeypatch.setattr(verbs, "run", stop)
    result = cisim("run", "isolated-impact", *FEW, "--out", "results")
    assert result.exit_code == code
    assert said in result.stderr and "Traceback" not in result.output
    assert names(tmp_path) == set()


def test_the_first_compilation_says_so(cisim, monkeypatch):
    monkeypatch.setattr(verbs, "is_compiled", lambda scenario: False)
    assert "Compiling the model" in cisim("run", "isolated-impact", *FEW).stderr
    assert cisim("run", "isolated-impact", *FEW, "--quiet").stderr == ""

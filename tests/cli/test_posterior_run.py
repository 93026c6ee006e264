"""`cisim run --posterior`: draws of parameters for every scenario, told on the screen, in JSON and in manifests."""

from __future__ import annotations

import json

import numpy as np
import pytest

from cisim import verbs
from cisim.insight.folder import MANIFEST
from cisim.world.posterior import Posterior
from cisim.world.scenario import Scenario

DRAWS = Posterior.from_table(
    ["trust_gain", "trust_mean"], [[0.02, 0.5], [0.05, 0.6], [0.08, 0.7]], provenance={"made by": "a test"}
)
FEW = ("--months", "6", "--replicates", "5")


@pytest.fixture
def folder(tmp_path):
    DRAWS.write(tmp_path / "draws.csv")
    return tmp_path


def test_every_scenario_has_the_draws_and_says_so(cisim, folder):
    both = ("collective-impact", "isolated-impact")
    result = cisim("run", *both, *FEW, "--posterior", "draws.csv")
    assert result.exit_code == 0, result.output
    assert "Posterior: 3 draws of 2 parameters from draws.csv, all used\n" in result.stdout
    assert "only in" not in result.stdout
    few = cisim("run", *both, "--months", "6", "--replicates", "2", "--posterior", "draws.csv")
    assert "from draws.csv, the first 2 used\n" in few.stdout
    assert "Posterior" not in cisim("run", *both, *FEW).stdout


def test_json_and_the_verb_agree_and_a_setting_holds_in_place_of_draws(cisim, folder):
    told = ("--posterior", "draws.csv", "--set", "trust_mean=0.4", "--seed", 3, "--json")
    (found,) = json.loads(cisim("run", "collective-impact", *FEW, *told).stdout)["scenarios"]
    (ensemble,) = verbs.run(
        "collective-impact", replicates=5, months=6, seed=3, posterior=DRAWS, settings={"trust_mean": 0.4}
    )
    assert found["end"]["severity"]["median"] == np.median(ensemble["severity"][:, -1])
    assert found["posterior"] == DRAWS.identity() | {"origin": "draws.csv"}
    assert ensemble.scenario.posterior.free(ensemble.scenario.parameters) == ["trust_gain"]
    (plain,) = json.loads(cisim("run", "collective-impact", *FEW, "--json").stdout)["scenarios"]
    assert plain["posterior"] is None


def test_a_folder_of_results_holds_the_draws(cisim, folder):
    (folder / "own.toml").write_text('extends = "isolated-impact"\nname = "own"\nposterior = "draws.csv"\n')
    result = cisim("run", "own.toml", "collective-impact", *FEW, "--out", "results")
    assert "Posterior: 3 draws of 2 parameters from draws.csv, all used (only in own)\n" in result.stdout
    manifests = [
        json.loads((folder / "results" / name / MANIFEST).read_text())
        for name in ("own", "collective-impact")
    ]
    assert manifests[0]["posterior"]["digest"] == DRAWS.digest
    assert manifests[0]["posterior"]["provenance"] == {"made by": "a test"}
    assert manifests[1]["posterior"] is None
    (folder / "draws.csv").unlink()
    kept = Scenario.read(folder / "results" / "own" / "scenario.toml")
    assert kept.posterior == DRAWS
    again = cisim("run", "results/own/scenario.toml", *FEW, "--json")
    first = verbs.run(kept, replicates=5)[0]["members"][:, -1]
    assert json.loads(again.stdout)["scenarios"][0]["end"]["members"]["median"] == np.median(first)


def test_posterior_replaces_that_of_a_scenario(folder):
    other = Posterior.from_table(["trend"], [[0.01]])
    scenario = verbs.change(verbs.preset("collective-impact"), posterior=folder / "draws.csv")
    assert scenario.posterior == DRAWS
    assert verbs.change(scenario, posterior=other).posterior == other
    assert verbs.change(scenario, months=3).posterior == DRAWS


def test_describe_tells_the_draws(cisim, folder):
    (folder / "own.toml").write_text('extends = "isolated-impact"\nname = "own"\nposterior = "draws.csv"\n')
    told = cisim("describe", "own.toml").stdout
    assert "\nPosterior\n  3 draws of 2 parameters from draws.csv; replicate r has draw r" in told
    assert "  made by: a test\n" in told
    whole = json.loads(cisim("describe", "own.toml", "--json").stdout)
    assert whole["posterior"] == DRAWS.table() | {"origin": "draws.csv"}
    assert Scenario(**whole) == verbs.load("own.toml")


@pytest.mark.parametrize(
    ("posterior", "said"),
    [
        ("nowhere.csv", "nowhere.csv: cannot be read"),
        ("nothing", "there is no posterior of this name"),
        ("levers.csv", "column 'meetings' is a lever"),
    ],
)
def test_draws_that_cannot_be_used_are_told_with_faults_of_scenarios(cisim, folder, posterior, said):
    (folder / "levers.csv").write_text("meetings\n1\n")
    result = cisim("run", "isolated-impact", "--posterior", posterior)
    assert result.exit_code == 2 and result.stdout == ""
    assert said in result.stderr and result.stderr.count("Error") == 1
    both = cisim("run", "isolated-impac", "--posterior", posterior)
    assert "2 faults" in both.stderr and "Did you mean 'isolated-impact'?" in both.stderr


def test_a_study_reads_its_draws_from_its_file(cisim, folder):
    (folder / "study.toml").write_text(
        'name = "drawn"\nbase = "collective-impact"\nposterior = "draws.csv"\nmonths = 6\nreplicates = 3\n'
        '[design]\nkind = "grid"\n[[factor]]\nname = "meetings"\nlevels = [0, 2]\n'
    )
    assert (
        "Posterior 3 draws of 2 parameters from draws.csv\n" in cisim("study", "check", "study.toml").stdout
    )
    result = cisim("study", "run", "study.toml", "--out", "out", "--workers", 1)
    assert result.exit_code == 0, result.output
    names = cisim("study", "names", "collective-impact", "--json")
    assert {row["name"]: row["value"] for row in json.loads(names.stdout)}["trust_gain"] is not None

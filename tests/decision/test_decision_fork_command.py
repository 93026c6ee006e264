"""`cisim fork`: a scenario, a plan in a world, or a run of a study; what it prints, writes and refuses."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from cisim.cli import app
from cisim.study.kept.results import Results
from cisim.study.study import Study

SCENARIO = 'name = "small"\nmonths = 24\n[roster]\ncount = 6\n[levers]\nbackbone_staff = 2\nmeetings = 1\n'
STUDY = """
name = "few"
base = "small.toml"
replicates = 2
seed = 9
[design]
kind = "grid"
[[factor]]
name = "backbone_staff"
levels = [0, 3]
"""


@pytest.fixture
def cisim(tmp_path, monkeypatch):
    """Call the command line in a folder with a small scenario."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "small.toml").write_text(SCENARIO)
    return lambda *args: CliRunner().invoke(app, [str(arg) for arg in args])


def test_the_story_is_printed_and_written(cisim, tmp_path):
    args = ("fork", "small.toml", "--month", 8, "--change", "backbone-closes", "--seed", 4, "--out", "forked")
    result = cisim(*args)
    assert result.exit_code == 0, result.output
    assert "what if, from month 8, the backbone closes" in result.stdout
    assert "Who takes another course" in result.stdout
    assert "Written to forked." in result.stderr
    assert (tmp_path / "forked" / "story.md").read_text().startswith("# small")
    assert cisim("run", "forked/fork.toml", "--seed", 4, "--replicates", 1, "-q").exit_code == 0


def test_json_has_the_story_the_tables_and_the_worlds(cisim):
    change = ("--change", "meetings=0", "--change", "backbone_staff=0")
    result = cisim("fork", "small.toml", "--month", 8, *change, "--worlds", 3, "--json")
    told = json.loads(result.stdout)
    assert (told["month"], told["seed"], told["replicate"], told["worlds"]) == (8, 0, 0, 3)
    assert {"outcomes", "cascade", "events", "worlds"} <= set(told["tables"])
    assert all(event["differs"] != "both" for event in told["tables"]["events"])


def test_a_plan_is_tried_in_a_world(cisim, tmp_path):
    (tmp_path / "plan.toml").write_text('name = "plan"\n[levers]\nbackbone_staff = 4\n')
    args = ("--month", 8, "--change", "backbone_staff=0", "--json")
    told = json.loads(cisim("fork", "plan.toml", "--world", "small.toml", *args).stdout)
    assert told["scenario"] == "plan"


def test_a_run_of_a_study_is_forked_by_its_key(cisim, tmp_path):
    (tmp_path / "few.toml").write_text(STUDY)
    Study.read("few.toml").run("kept")
    key = Results.open("kept").points().filter(backbone_staff=3)["key"][0]
    args = ("--month", 8, "--change", "backbone-closes", "--from", "kept", "--json")
    result = cisim("fork", f"{key}-1", *args)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["seed"], told["replicate"]) == (9, 1)
    assert told["tables"]["traces"][0]["without"] == 3.0
    refused = cisim("fork", f"{key}-1", *args, "--seed", 2, "--world", "small.toml")
    assert (
        refused.exit_code == 2
        and "leave out --seed" in refused.stderr
        and "leave out --world" in refused.stderr
    )


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--month", 8, "--change", "trust_gain=0.1"), "holds for a whole run"),
        (("--month", 25, "--change", "meetings=0"), "allowed is 1 to 24"),
        (("--month", 8, "--change", "meetings=0", "--study", "few"), "--study needs --from"),
    ],
)
def test_bad_input_is_refused_before_anything_runs(cisim, args, said, tmp_path):
    result = cisim("fork", "small.toml", *args, "--out", "forked")
    assert result.exit_code == 2 and said in result.stderr
    assert not (tmp_path / "forked").exists()


def test_a_file_in_place_of_the_folder_is_refused(cisim):
    result = cisim("fork", "small.toml", "--month", 8, "--change", "meetings=0", "--out", "small.toml")
    assert result.exit_code == 3 and "is a file" in result.stderr

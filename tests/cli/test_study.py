"""The way of a researcher on the command line: write, check, run, look, compare, replay."""

from __future__ import annotations

import json

import polars as pl
import pytest

STUDY = """\
name = "tiny"
base = "small.toml"
months = 12
replicates = 3
seed = 1

[design]
kind = "grid"

[[factor]]
name = "backbone_staff"
levels = [0, 3]

[keep]
measures = ["severity", "trust_in_contacts"]
months = [6, 12]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder with a tiny study, to work in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.toml").write_text(
        'extends = "collective-impact"\nname = "small"\n[roster]\ncount = 5\n'
    )
    (tmp_path / "tiny.toml").write_text(STUDY)
    return tmp_path


def test_the_whole_way(cisim, folder):
    plan = cisim("study", "check", "tiny.toml", "--json")
    told = json.loads(plan.stdout)
    assert (
        (told["points"], told["runs"], told["left"]) == (2, 6, 6)
        and told["seconds"] > 0
        and told["bytes"] > 0
    )
    ran = cisim("study", "run", "tiny.toml", "--out", "out", "--progress", "progress.jsonl")
    assert ran.exit_code == 0 and "6 runs made" in ran.stderr
    *_, last, end = map(json.loads, (folder / "progress.jsonl").read_text().splitlines())
    assert end == {"event": "end"}
    assert last["event"] == "progress" and (last["done"], last["whole"], last["failed"]) == (6, 6, 0)
    again = json.loads(cisim("study", "run", "tiny.toml", "--out", "out", "--json").stdout)
    assert (again["done"], again["already"], again["left"]) == (0, 6, 0)
    assert "holds 6 of these runs; 0 are left" in cisim("study", "check", "tiny.toml", "--out", "out").stdout
    on_disk = sum(file.stat().st_size for file in (folder / "out").rglob("*") if file.is_file())
    assert 0.6 * on_disk < told["bytes"] < 1.5 * on_disk
    shown = cisim("study", "show", "out")
    assert "6 of 6 runs done" in shown.stdout and "trust_in_contacts@12" in shown.stdout
    assert json.loads(cisim("study", "show", "out", "--json").stdout)["done"] == 6
    assert cisim("study", "export", "out", "runs.csv").exit_code == 0
    table = pl.read_csv(folder / "runs.csv")
    compared = cisim(
        "study", "compare", "out", "--a", "backbone_staff=0", "--b", "backbone_staff=3", "--of", "severity@12"
    )
    assert "backbone_staff = 3" in compared.stdout and "difference" in compared.stdout
    row = table.row(4, named=True)
    replayed = cisim("replay", f"{row['key']}-{row['replicate']}", "--from", "out", "--scenario", "run.toml")
    assert "The same as is kept, to the last bit" in replayed.stdout
    alone = json.loads(
        cisim(
            "run", "run.toml", "--replicates", "3", "--seed", "1", "--measures", "severity", "--json"
        ).stdout
    )
    ends = table.filter(pl.col("backbone_staff") == 3)["severity@12"]
    assert alone["scenarios"][0]["end"]["severity"]["median"] == pytest.approx(ends.median(), abs=1e-12)


def test_a_new_study_file_is_not_written_over_another(cisim, folder):
    assert cisim("study", "new", "mine.toml").exit_code == 0
    assert 'name = "mine"' in (folder / "mine.toml").read_text()
    refused = cisim("study", "new", "mine.toml")
    assert refused.exit_code == 3 and "is there already" in refused.stderr
    assert cisim("study", "new", "mine.toml", "--force").exit_code == 0


def test_names_lists_what_can_vary(cisim):
    told = json.loads(cisim("study", "names", "funder-leaves", "--json").stdout)
    names = {entry["name"] for entry in told}
    assert {
        "trust_gain",
        "backbone_staff",
        "trust",
        "scenario",
        "condition.agenda",
        "event.funder-leaves.month",
    } <= names
    assert any("assumption" in entry["meaning"] for entry in told)


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["--budget", "soon"], "must be a time such as 90s, 10m or 2h, given 'soon'"),
        (["--shard", "9/8"], "must be I/N such as 3/8, with I from 1 to N, given '9/8'"),
        (["--shard", "half"], "given 'half'"),
    ],
)
def test_flags_that_cannot_be_used(cisim, folder, flags, sentence):
    done = cisim("study", "run", "tiny.toml", "--out", "out", *flags)
    assert done.exit_code == 2 and sentence in done.stderr
    assert not (folder / "out").exists()


def test_a_fresh_study_stands_beside_the_first(cisim):
    cisim("study", "run", "tiny.toml", "--out", "out")
    assert cisim("study", "run", "tiny.toml", "--out", "out", "--fresh").exit_code == 0
    several = cisim("study", "show", "out")
    assert several.exit_code == 3 and "name one of tiny, tiny-fresh" in several.stderr
    assert "6 of 6 runs done" in cisim("study", "show", "out", "--study", "tiny-fresh").stdout


def test_shards_come_together(cisim):
    for number in (1, 2):
        cisim("study", "run", "tiny.toml", "--out", f"part-{number}", "--shard", f"{number}/2")
    assert cisim("study", "merge", "part-1", "part-2", "--out", "all").exit_code == 0
    assert "6 of 6 runs done" in cisim("study", "show", "all").stdout


@pytest.mark.parametrize(
    ("command", "code", "sentence"),
    [
        (["study", "show", "nowhere"], 3, "there is no such folder"),
        (["study", "run", "tinny.toml", "--out", "out"], 2, "Did you mean 'tiny.toml'"),
        (["replay", "abcd", "--from", "out"], 2, "must be KEY-REPLICATE"),
        (["study", "discover", "out", "--where", "severity is low"], 2, "must be NUMBER <= VALUE"),
        (["study", "compare", "out", "--a", "staff", "--b", "x=1"], 2, "must be NAME=VALUE"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_a_line(cisim, command, code, sentence):
    cisim("study", "run", "tiny.toml", "--out", "out")
    done = cisim(*command)
    assert done.exit_code == code and sentence in done.stderr and "Traceback" not in done.stderr

"""`--out` of the commands on plans: a folder of somebody else is left alone, their own is used again."""

from __future__ import annotations

import pytest

WORLD = ("--world", "isolated-impact")
SMALL = ("--replicates", 3, "--months", 6)
FEW = ("--candidates", 8, "--worlds", 20)
COMMANDS = {
    "compare": ("compare", "isolated-impact", "backbone-alone", *WORLD, *SMALL),
    "robust": ("robust", "isolated-impact", "backbone-alone", *WORLD, *SMALL),
    "information": (
        "information",
        "isolated-impact",
        "backbone-alone",
        *WORLD,
        "--replicates",
        50,
        "--months",
        6,
    ),
    "optimize": ("optimize", "small-town", "--candidates", 8),
    "reach": ("reach", "isolated-impact", "--severity", 0.99, "--month", 6, "--probability", 0.1, *FEW),
    "fork": ("fork", "small.toml", "--month", 3, "--change", "meetings=1"),
}
SCENARIO = 'name = "small"\nmonths = 6\n[roster]\ncount = 4\n'


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("foreign", ["plans.csv", "trials/notes.txt", "trials", "manifest.json", "story.md"])
def test_a_folder_of_somebody_else_is_left_alone(cisim, tmp_path, command, foreign):
    (tmp_path / "small.toml").write_text(SCENARIO)
    mine = tmp_path / "mydir" / foreign
    if foreign == "trials":
        mine.mkdir(parents=True)
        mine = tmp_path / "mydir" / "thesis.txt"
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    result = cisim(*COMMANDS[command], "--out", "mydir")
    assert result.exit_code == 3 and "holds something else than answers of cisim" in result.stderr
    assert mine.read_text() == "mine" and sorted(tmp_path.rglob("*")) == before and result.stdout == ""


@pytest.mark.parametrize("command", ["compare", "fork", "reach"])
def test_the_same_command_goes_on_in_its_own_folder(cisim, tmp_path, command):
    (tmp_path / "small.toml").write_text(SCENARIO)
    (tmp_path / "told").mkdir()
    outputs = []
    for _ in range(2):
        result = cisim(*COMMANDS[command], "--out", "told", "--json")
        assert result.exit_code == 0, result.output
        outputs.append(result.stdout)
    assert outputs[0] == outputs[1]


def test_a_search_that_ended_early_goes_on(cisim, tmp_path):
    from cisim.cli.plans import checked_out

    (tmp_path / "told" / "trials").mkdir(parents=True)
    checked_out(tmp_path / "told")  # ended before its first trials were kept
    (tmp_path / "told" / "trials" / "00000.json").write_text("{}")
    (tmp_path / "told" / "notes.txt").write_text("mine")
    checked_out(tmp_path / "told")

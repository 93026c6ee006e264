"""Whatever is wrong with the input: one clear message on stderr, the exit code, and no file."""

from __future__ import annotations

import pytest

BAD = [
    ("unknown preset", ["run", "colective-impact"], 2, "Did you mean 'collective-impact'?"),
    ("unknown file", ["run", "plan.toml"], 2, "plan.toml"),
    ("folder as file", ["describe", "folder"], 2, "is a folder"),
    ("not TOML", ["run", "broken.toml"], 2, "not valid TOML"),
    ("not text", ["run", "binary.toml"], 2, "UTF-8"),
    ("unknown setting", ["run", "isolated-impact", "--set", "backbone_staf=2"], 2, "'backbone_staff'"),
    ("setting without value", ["run", "isolated-impact", "--set", "agenda"], 2, "NAME=VALUE"),
    ("setting out of range", ["run", "isolated-impact", "--set", "agenda=7"], 2, "out of range"),
    ("word for a number", ["run", "isolated-impact", "--set", "agenda=much"], 2, "must be a number"),
    ("nan", ["run", "isolated-impact", "--set", "agenda=nan"], 2, "out of range"),
    ("setting twice", ["run", "isolated-impact", "--set", "agenda=1", "--set", "agenda=0"], 2, "set twice"),
    ("unknown variant", ["run", "isolated-impact", "--set", "influence=degrot"], 2, "'degroot'"),
    ("unknown measure", ["run", "isolated-impact", "--measures", "sevrity"], 2, "'severity'"),
    ("no measure", ["run", "isolated-impact", "--measures", ","], 2, "names no measure"),
    ("no replicates", ["run", "isolated-impact", "--replicates", "0"], 2, "given 0"),
    ("too many replicates", ["run", "isolated-impact", "--replicates", "4000000000"], 2, "GB of memory"),
    ("bad seed", ["run", "isolated-impact", "--seed", "-1"], 2, "given -1"),
    ("no months", ["run", "isolated-impact", "--months", "0"], 2, "given 0"),
    ("twice the same", ["run", "isolated-impact", "isolated-impact"], 2, "'isolated-impact'"),
    ("two unknown", ["run", "isolated-impac", "agenda-alon"], 2, "2 faults"),
    ("out is a file", ["run", "isolated-impact", "--out", "broken.toml"], 3, "is a file"),
    ("out under a file", ["run", "isolated-impact", "--out", "broken.toml/x"], 3, "cannot be written"),
    ("no such parameter", ["parameters", "zzz"], 2, "'zzz'"),
    ("no such measure", ["measures", "trust_men"], 2, "'trust_mean'"),
    ("cite unknown", ["cite", "nothing-like-it"], 2, "Known:"),
    ("import nothing", ["import", "a.csv", "b.csv", "--out", "x.toml"], 2, "a.csv"),
    ("import to a folder", ["import", "a.csv", "b.csv", "--out", "folder"], 3, "is a folder"),
    ("import to nowhere", ["import", "a.csv", "b.csv", "--out", "no/x.toml"], 3, "no folder"),
    ("import over a table", ["import", "a.csv", "b.csv", "--out", "broken.toml"], 3, "not a scenario"),
    ("bad where", ["import", "a.csv", "b.csv", "--where", "x", "--out", "x.toml"], 2, "COLUMN=VALUE"),
    ("unknown command", ["rum"], 2, "rum"),
    ("unknown flag", ["run", "isolated-impact", "--sed", "1"], 2, "--sed"),
    ("missing argument", ["describe"], 2, "NAME_OR_FILE"),
]


@pytest.mark.parametrize(("args", "code", "said"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_bad_input_is_told_in_one_message(cisim, tmp_path, args, code, said):
    (tmp_path / "folder").mkdir()
    (tmp_path / "broken.toml").write_text("name = \n")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    result = cisim(*args)
    assert result.exit_code == code, result.output
    assert said in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr and result.stderr.count("Error") == 1
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_a_folder_without_permission_is_told_before_the_run(cisim, tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda *_: False)
    result = cisim("run", "isolated-impact", "--out", "results")
    assert result.exit_code == 3 and "permissions" in result.stderr

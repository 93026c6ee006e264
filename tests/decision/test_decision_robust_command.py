"""`cisim robust` and `cisim information`: what they print, write and refuse."""

from __future__ import annotations

import hashlib
import json

import pytest
from typer.testing import CliRunner

from cisim.cli import app
from cisim.errors import StoreError
from cisim.insight.answer import Answer

SCENARIO = 'name = "small"\nmonths = 24\n[roster]\ncount = 6\n[parameters]\ntrend_shock = 0.005\n'
PLANS = ("collective-impact", "isolated-impact")


@pytest.fixture
def cisim(tmp_path, monkeypatch):
    """Call the command line in a folder with a small scenario."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "small.toml").write_text(SCENARIO)
    return lambda *args: CliRunner().invoke(app, [str(arg) for arg in args])


def test_robust_prints_ranks_first_and_writes_files_that_the_manifest_names(cisim, tmp_path):
    args = (
        "robust",
        *PLANS,
        "--world",
        "small.toml",
        "--worlds",
        60,
        "--threshold",
        "severity<=1",
        "--out",
        "told",
    )
    result = cisim(*args)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("The metrics ")
    assert "Written to told" in result.stderr
    manifest = json.loads((tmp_path / "told" / "manifest.json").read_text())
    assert manifest["asked"]["thresholds"] == ["severity@24<=1"]
    for name, digest in manifest["files"].items():
        content = (tmp_path / "told" / name).read_bytes()
        assert hashlib.blake2b(content, digest_size=16).hexdigest() == digest
    assert {"ranks.csv", "ranks.png", "failing.csv", "answer.txt"} <= set(manifest["files"])
    again = cisim(*args[:-1], "again")
    assert again.stdout == result.stdout
    assert json.loads((tmp_path / "again" / "manifest.json").read_text())["files"] == manifest["files"]


def test_json_has_sentences_and_tables_and_nothing_else(cisim):
    told = json.loads(cisim("robust", *PLANS, "--world", "small.toml", "--worlds", 30, "--json").stdout)
    assert set(told) == {"sentences", "ranks", "plans", "metrics"}
    assert any("no threshold is given" in sentence for sentence in told["sentences"])


def test_information_names_what_is_worth_measuring(cisim, tmp_path):
    args = (
        "--world",
        "small.toml",
        "--worlds",
        60,
        "--of",
        "contribution",
        "--price",
        1_000_000,
        "--out",
        "told",
    )
    result = cisim("information", *PLANS, *args)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Without knowing more, ")
    assert "USD" in result.stdout and "*assumption*" in result.stdout
    assert {"information.csv", "information.svg", "manifest.json"} <= {
        f.name for f in (tmp_path / "told").iterdir()
    }


BAD = [
    (("robust", PLANS[0], "--world", "small.toml"), 2, "at least two plans"),
    (("robust", *PLANS, "--world", "small.toml", "--uncertain", "much"), 2, "given 'much'"),
    (("robust", *PLANS, "--world", "small.toml", "--threshold", "severity"), 2, "OUTCOME<=VALUE"),
    (("robust", *PLANS, "--world", "small.toml", "--month", 25), 2, "1 to 24"),
    (("robust", *PLANS, "--world", "small.toml", "--optimism", 2), 2, "optimism"),
    (("robust", *PLANS, "--world", "small.toml", "--of", "sevrity"), 2, "'severity'"),
    (("robust", *PLANS, "--world", "small.toml", "--level", 1.5), 2, "level"),
    (("robust", *PLANS, "--world", "small.toml", "--out", "small.toml"), 3, "small.toml"),
    (("information", *PLANS, "--world", "small.toml", "--worlds", 20), 2, "too few"),
    (
        ("information", *PLANS, "--world", "small.toml", "--uncertain", "nothing"),
        2,
        "nothing is left to know",
    ),
    (("information", *PLANS, "--world", "small.toml", "--price", -1), 2, "price must be"),
]


@pytest.mark.parametrize(
    ("args", "code", "said"), BAD, ids=[" ".join(map(str, case[0][3:])) or "one" for case in BAD]
)
def test_bad_input_is_told_in_one_message_before_anything_runs(
    cisim, tmp_path, monkeypatch, args, code, said
):
    monkeypatch.setattr("cisim.decision.trying.simulate", None)
    before = sorted(file.name for file in tmp_path.rglob("*"))
    result = cisim(*args)
    assert result.exit_code == code, result.output
    assert said in result.stderr and result.stdout == ""
    assert result.stderr.count("Error") == 1
    assert sorted(file.name for file in tmp_path.rglob("*")) == before


def test_an_answer_that_cannot_be_drawn_leaves_no_file(tmp_path):
    def broken():
        raise StoreError("no picture")

    with pytest.raises(StoreError):
        Answer(None, ("One.",), {}, (), broken).write(tmp_path / "told", command=["cisim"], asked={})
    assert not (tmp_path / "told").exists()


def test_a_sudden_end_while_writing_leaves_whole_files_and_no_manifest(tmp_path, monkeypatch):
    from cisim.insight import answer as on_disk

    written = []

    def write(path, content):
        if written:
            raise KeyboardInterrupt
        written.append(path)
        path.write_bytes(content)

    monkeypatch.setattr(on_disk, "write_whole", write)
    import polars as pl

    answer = Answer(None, ("One.",), {"table": pl.DataFrame({"a": [1]})}, (), dict)
    with pytest.raises(KeyboardInterrupt):
        answer.write(tmp_path, command=["cisim"], asked={})
    assert [file.name for file in tmp_path.iterdir()] == ["answer.txt"]

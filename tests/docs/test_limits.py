"""Every assumption of the declarations is listed in the document on limits, with how much it matters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cisim
from cisim.errors import SpecError
from cisim.theory.parameters import UNCERTAINTIES
from cisim.theory.sources import ASSUMPTION
from tests.docs import assumptions
from tests.docs.assumptions import COLUMNS, OUTCOMES, Index, kept, missing, table, written
from tests.docs.tables import BLOCK

TEXT = assumptions.FILE.read_text(encoding="utf-8")
LIMITS = assumptions.FILE.with_name("limits.md").read_text(encoding="utf-8")
AGAIN = (
    "Run `cisim study run experiments/all_uncertainties/study.toml --out all`, then "
    "`.venv/bin/python -m tests.docs.assumptions all` and `.venv/bin/python -m tests.docs.generate`."
)
NAMES = [name for name, entry in UNCERTAINTIES.items() if entry.basis == ASSUMPTION]


def row(name: str, total: float, runs: int = 8) -> str:
    return f"{name},{total},-0.01,{total + 0.1},0.001,{total / 2},0.0,{total},0.001,{runs}\n"


HEAD = ",".join(COLUMNS) + "\n"


def test_every_assumption_has_its_indices() -> None:
    lacking = missing(kept(TEXT)[0])
    assert not lacking, f"docs/assumptions.csv has no row for {', '.join(lacking)}. {AGAIN}"


def test_no_row_is_of_a_parameter_that_is_not_declared() -> None:
    unknown = set(kept(TEXT)[0]) - set(UNCERTAINTIES)
    assert not unknown, f"docs/assumptions.csv has rows for unknown {', '.join(sorted(unknown))}. {AGAIN}"


def test_indices_are_shares_with_their_intervals() -> None:
    told, runs = kept(TEXT)
    assert runs >= 10_000
    for indices in told.values():
        for index in indices.values():
            assert index.low <= index.total <= index.high
            assert -0.2 < index.total < 1.2  # estimates scatter about shares
            assert 0.0 <= index.floor < index.high + 0.05


def test_the_study_that_a_reader_is_told_to_run_has_as_many_runs() -> None:
    study = cisim.Study.read(assumptions.FILE.parents[1] / "experiments" / "all_uncertainties" / "study.toml")
    assert kept(TEXT)[1] == len(study.points()) * study.replicates


def test_the_document_lists_them_by_how_much_they_matter() -> None:
    told, _ = kept(TEXT)
    (block,) = (block["body"] for block in BLOCK.finditer(LIMITS) if block["name"] == "assumptions")
    listed = re.findall(r"^\| `(\w+)` \|", block, flags=re.MULTILINE)
    assert sorted(listed) == sorted(NAMES)
    largest = [max((index.total for index in told.get(name, {}).values()), default=-1.0) for name in listed]
    assert largest == sorted(largest, reverse=True)


def test_the_document_says_what_the_model_is_not_for() -> None:
    for heading in ("What it must not be used for", "What it leaves out", "What is assumed"):
        assert LIMITS.count(f"## {heading}\n") == 1
    assert "Cochrane" in LIMITS and "does not explain the mechanisms" in " ".join(LIMITS.split())


def test_an_assumption_that_was_not_run_yet_is_named_and_stands_last() -> None:
    first, second = NAMES[:2]
    told, runs = kept(HEAD + row(first, 0.2) + row(second, 0.3))
    assert runs == 8 and missing(told) == NAMES[2:]
    found = table(told, runs)
    assert [cells[0] for cells in found.rows[:3]] == [f"`{second}`", f"`{first}`", f"`{NAMES[2]}`"]
    assert found.rows[0][-2:] == ("0.300 (−0.010 to 0.400)", "0.150 (0.000 to 0.300)")
    assert found.rows[-1][-2:] == ("not run yet", "not run yet")
    assert f"{len(NAMES)} of {len(UNCERTAINTIES)} uncertainties" in found.above


def test_a_file_that_cannot_be_used_is_refused() -> None:
    with pytest.raises(SpecError, match="columns must be parameter, severity_total"):
        kept("parameter,total\n")
    with pytest.raises(SpecError, match=r"every row must rest on the same runs, given \['8', '9'\]"):
        kept(HEAD + row(NAMES[0], 0.1) + row(NAMES[1], 0.1, runs=9))


STUDY = """
name = "few"
base = "isolated-impact"
months = {months}
replicates = 2
seed = 1
every = {every}

[design]
kind = "saltelli"
points = 2

[[factor]]
name = "backbone_staff"
low = 0
high = 3

[keep]
measures = ["severity", "contribution"]
months = [{months}]
"""


def test_a_study_that_leaves_uncertainties_out_is_refused(tmp_path: Path, monkeypatch, capsys) -> None:
    cisim.Study.read_text(STUDY.format(months=1, every=[])).run(tmp_path / "runs", workers=1)
    monkeypatch.setattr(assumptions, "FILE", tmp_path / "assumptions.csv")
    assert assumptions.main([str(tmp_path / "runs")]) == 2
    assert "must vary every uncertainty; missing: " in capsys.readouterr().err
    assert assumptions.main([]) == 2 and "Name the folder" in capsys.readouterr().err
    assert not (tmp_path / "assumptions.csv").exists()


@pytest.mark.slow
def test_the_file_is_made_from_the_runs_of_a_study(tmp_path: Path, monkeypatch) -> None:
    """Too few runs to say anything, but all uncertainties, and the same indices as the answer in words."""
    cisim.Study.read_text(STUDY.format(months=120, every='["uncertainties"]')).run(tmp_path / "runs")
    monkeypatch.setattr(assumptions, "FILE", tmp_path / "assumptions.csv")
    assert assumptions.main([str(tmp_path / "runs")]) == 0
    told, runs = kept((tmp_path / "assumptions.csv").read_text(encoding="utf-8"))
    assert list(told) == list(UNCERTAINTIES) and runs == 2 * 2 * (len(UNCERTAINTIES) + 1 + 2)
    answer = cisim.insight.questions.sensitivity(cisim.Results.open(tmp_path / "runs"), "severity@120")
    at = answer.result.names.index("potency")
    assert told["potency"]["severity"].total == pytest.approx(answer.result.total[at, 0], abs=1e-6)
    assert isinstance(told["potency"][OUTCOMES[1]], Index)
    assert written(tmp_path / "runs") == (tmp_path / "assumptions.csv").read_text(encoding="utf-8")

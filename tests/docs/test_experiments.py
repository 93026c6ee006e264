"""The experiments have one shape, quote only figures that were found, and give the same figures again."""

from __future__ import annotations

import re

import numpy as np
import pytest

from cisim import Results, Study
from cisim.insight.questions import attribution
from cisim.world.posterior import Posterior
from experiments.__main__ import main
from experiments.experiment import HERE, NAMES, Experiment
from experiments.findings import POSTERIOR, Finding, Found, difference, mean, portion, ratio, read, text_of

SECTIONS = ["Question", "Expectation", "Design", "Finding", "Limits", "Run it again"]
AGAIN = ("funder_leaves", "how_much_backbone")
"""Run in full by a slow test: the two that take least; the others are run in two worlds."""

NUMBER = r"−?\d+(?:,\d{3})*(?:\.\d+)?"
QUOTED = re.compile(rf"({NUMBER}) \(({NUMBER}) to ({NUMBER})\)")
INDEX = HERE / "README.md"


def readme(name: str) -> str:
    return (HERE / name / "README.md").read_text(encoding="utf-8")


def section(text: str, name: str) -> str:
    return re.split(r"^## ", text.split(f"\n## {name}\n")[1], flags=re.MULTILINE)[0]


def quoted(text: str) -> set[tuple[str, ...]]:
    """Every `value (low to high)` of a text, as findings.csv writes it."""
    flat = re.sub(r"\s+", " ", text)
    return {tuple(end.replace("−", "-") for end in match) for match in QUOTED.findall(flat)}


def bare(text: str) -> set[str]:
    """The other numbers of a text, without those in links and code."""
    prose = re.sub(r"\]\([^)]*\)|`[^`]*`", " ", re.sub(r"\s+", " ", text))
    return set(re.findall(NUMBER, QUOTED.sub(" ", prose)))


def test_every_folder_with_findings_is_an_experiment():
    assert sorted(NAMES) == sorted(path.parent.name for path in HERE.glob("*/findings.csv"))
    assert len(NAMES) == 6


@pytest.mark.parametrize("name", NAMES)
def test_an_experiment_has_the_shape_of_the_others(name):
    text, study = readme(name), Experiment(name).study
    assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == SECTIONS
    assert text.startswith(f"# {study.file.title}\n")
    assert study.file.posterior == POSTERIOR
    assert f"{len(study.points()) * study.replicates:,} runs" in section(text, "Design")
    assert f"-m experiments {name} " in section(text, "Run it again")


@pytest.mark.parametrize("name", NAMES)
def test_its_figures_are_shown_and_its_links_lead_somewhere(name):
    text = readme(name)
    shown = set(re.findall(r"!\[[^\]]+\]\(([^)]+)\)", section(text, "Finding")))
    assert shown and shown == {path.name for path in (HERE / name).glob("*.svg")}
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (HERE / name / link).exists(), link


@pytest.mark.parametrize("name", NAMES)
def test_its_finding_quotes_only_what_was_found(name):
    rows = read(HERE / name / "findings.csv")
    finding = section(readme(name), "Finding")
    found, told = quoted(finding), " ".join(word for row in rows for word in row[:2])
    assert found and found <= {row[2:] for row in rows}, found - {row[2:] for row in rows}
    assert bare(finding) <= set(re.findall(NUMBER, told))


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_lies_in_its_interval(name):
    rows = read(HERE / name / "findings.csv")
    assert len({row[:2] for row in rows}) == len(rows)
    for row in rows:
        value, low, high = map(float, row[2:])
        assert low <= value <= high, row


def test_the_index_names_every_folder_and_quotes_only_what_was_found():
    text = INDEX.read_text(encoding="utf-8")
    folders = {
        path.name for path in HERE.iterdir() if (path / "study.toml").exists() or (path / "make.py").exists()
    }
    assert folders == set(re.findall(r"\]\((\w+)/", text))
    lines = {name: line for line in text.splitlines() for name in NAMES if line.startswith(f"| [{name}](")}
    assert sorted(lines) == sorted(NAMES)
    for name, line in lines.items():
        found = quoted(line)
        assert found and found <= {row[2:] for row in read(HERE / name / "findings.csv")}, name


def test_the_index_tells_how_many_runs_a_study_has():
    rows = re.findall(
        r"^\| \[(\w+)\].* \| ([\d,]+) \|", INDEX.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    assert {path.parent.name for path in HERE.glob("*/study.toml")} == {name for name, _ in rows}
    for name, told in rows:
        study = Study.read(HERE / name / "study.toml")
        assert told == f"{len(study.points()) * study.replicates:,}", name


def test_a_number_that_nobody_found_is_noticed():
    text = "It gains 0.12 (0.10 to\n0.14), or −0.5 (−0.7 to −0.3), with 25 partners ([see 3](study9.toml), `x4`)."
    assert quoted(text) == {("0.12", "0.10", "0.14"), ("-0.5", "-0.7", "-0.3")}
    assert bare(text) == {"25", "3"}


def test_without_a_name_all_experiments_are_listed(capsys):
    assert main([]) == 0
    told = capsys.readouterr().out
    assert all(name in told for name in NAMES) and "python -m experiments NAME" in told


def test_an_unknown_experiment_is_refused_with_the_known_ones(capsys):
    with pytest.raises(SystemExit):
        main(["backbone"])
    told = capsys.readouterr().err
    assert "backbone" in told and all(name in told for name in NAMES)


def test_an_interval_takes_distinct_draws_as_units():
    """Of 200 worlds with 146 distinct draws: what is alike within a draw counts once."""
    rows = Posterior.read(POSTERIOR).rows
    draws = np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1)
    assert len(draws) == 200 and draws.max() == 145
    alike = np.random.Generator(np.random.Philox(1)).normal(3, 1, 146)[draws]
    told = mean("m", "", alike)
    assert told.value == pytest.approx(alike.mean(), abs=1e-12)
    naive = 1.972 * alike.std(ddof=1) / 200**0.5
    wider = ((np.bincount(draws) ** 2).sum() / 200) ** 0.5
    assert wider > 1.1 and told.high - told.low == pytest.approx(2 * wider * naive, rel=0.1)
    assert told.low < told.value < told.high
    paired = difference("d", "", alike, alike + 0.5)
    assert (paired.value, paired.low, paired.high) == pytest.approx((0.5, 0.5, 0.5), abs=1e-9)


def test_a_world_that_does_not_count_leaves_no_trace():
    draw = np.random.Generator(np.random.Philox(2))
    whole = draw.normal(2, 0.1, 200)
    part = np.where(np.arange(200) < 150, 0.25 * whole, np.nan)
    told = ratio("r", "", part, whole, 2)
    assert told.row[2:] == ("0.25", "0.25", "0.25")
    assert portion("p", "", np.arange(200) < 50).value == 0.25


def test_a_figure_that_differs_is_told_with_both_values(tmp_path, monkeypatch):
    kept = [Finding("gain", "here", 0.1234, 0.1, 0.2), Finding("gain", "there", -0.0001, -0.1, 0.2)]
    folder = tmp_path / "some"
    folder.mkdir()
    (folder / "findings.csv").write_text(text_of(kept), encoding="utf-8")
    monkeypatch.setattr("experiments.experiment.HERE", tmp_path)
    some = Experiment("some")
    assert some.differences(Found(kept)) == []
    changed = Found([Finding("gain", "here", 0.1244, 0.1, 0.2), kept[1]])
    assert some.differences(changed) == [
        "gain, here: findings.csv has 0.123 (0.100 to 0.200), the runs give 0.124 (0.100 to 0.200)"
    ]
    assert "the runs give nothing" in some.differences(Found(kept[:1]))[0]
    assert kept[1].row[2] == "0.000"


@pytest.mark.slow
@pytest.mark.parametrize("name", AGAIN)
def test_an_experiment_gives_its_figures_again(name, tmp_path, capsys):
    """In full, to the printed digit."""
    assert main([name, "--check", "--out", str(tmp_path)]) == 0, capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(NAMES) - set(AGAIN)))
def test_an_experiment_runs_in_few_worlds(name, tmp_path):
    """In eight worlds: the same figures by name, and the same pictures. A share of so few may have no bounds."""
    experiment = Experiment(name, worlds=8)
    results = experiment.run(tmp_path, workers=1)
    found = experiment.found(results)
    assert [one.row[:2] for one in found.all] == [row[:2] for row in read(HERE / name / "findings.csv")]
    assert np.isfinite([one.value for one in found.all if "share" not in one.figure]).all()
    drawn = experiment.answers.figures(results, found)
    assert {f"{figure}.svg" for figure in drawn} == {path.name for path in (HERE / name).glob("*.svg")}
    if name == "five_conditions":
        _same_as_the_package(results, found)
    if name == "shared_measurement":
        _partners_are_the_same(found)


def _same_as_the_package(results: Results, found: Found) -> None:
    """Values are those of `cisim study attribution`; only the units of the intervals differ."""
    told = attribution(results, "contribution@120").result
    for at, player in enumerate(told.players):
        for figure, part in (("Shapley value", told.shapley), ("loss if taken away", told.removed)):
            assert found(figure, f"{player}, 10 years").value == pytest.approx(part.at(at, 0)[0], abs=1e-12)
    for at, pair in enumerate(told.pairs):
        here = found("interaction", f"{' and '.join(pair)}, 10 years").value
        assert here == pytest.approx(told.interaction.at(at, 0)[0], abs=1e-12)


def _partners_are_the_same(found: Found) -> None:
    """What is found by partner does not rest on the study's runs, so it is made in full here, too."""
    kept = [row for row in read(HERE / "shared_measurement" / "findings.csv") if "partner's" in row[0]]
    assert kept and kept == [one.row for one in found.all if "partner's" in one.figure]

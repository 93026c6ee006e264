"""The Bench: studies below one folder and no others; runs as points; every point leads to that very run."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cisim.app.drawing.bench import MOST_POINTS, bench_picture, no_study
from cisim.app.drawing.bench_answers import answers, fresh_of, with_answers
from cisim.app.drawing.bench_studies import bench_run, open_study, studies_in
from cisim.engine.ensemble import simulate
from cisim.errors import SpecError
from cisim.study.running.session import run_study
from cisim.study.spec.file import StudyFile
from cisim.study.study import Study

KEEP = {"measures": ["severity", "contribution"], "months": [12, 24]}
STAFF, MEASUREMENT = (
    {"name": "backbone_staff", "low": 0, "high": 6},
    {"name": "measurement", "levels": [0, 1]},
)


def made(root: Path, place: str, **told) -> None:
    root.mkdir(exist_ok=True)
    (root / "small.toml").write_text('extends = "collective-impact"\nname = "small"\n[roster]\ncount = 8\n')
    file = StudyFile(base="small.toml", months=24, seed=3, **({"replicates": 4, "keep": KEEP} | told))
    run_study(Study.of(file, root), root / place, workers=1)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("studies")
    made(
        root,
        "sweep",
        name="sweep",
        title="Staff and measurement",
        design={"kind": "sobol", "points": 16},
        factor=[STAFF, MEASUREMENT],
    )
    conditions = [{"name": f"condition.{name}"} for name in ("measurement", "backbone")]
    made(root, "deep/er/grid", name="grid", design={"kind": "grid"}, factor=conditions, replicates=8)
    made(
        root,
        "deep/er/grid",
        name="matters",
        design={"kind": "morris", "trajectories": 3},
        factor=[{"name": "trust_gain"}, {"name": "potency"}],
    )
    return root


def test_studies_are_found_below_the_folder_with_their_titles(root):
    found = studies_in(root)
    assert [(one.folder, one.title) for one in found] == [
        ("deep/er/grid:grid", "grid"), ("deep/er/grid:matters", "matters"), ("sweep:sweep", "Staff and measurement"),
    ]  # fmt: skip
    assert studies_in(None) == [] and studies_in(root / "nowhere") == []


def test_nothing_outside_the_folder_can_be_opened(root, tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link").symlink_to(root / "sweep", target_is_directory=True)
    (inside / "store").mkdir()
    (inside / "store" / "store.json").write_bytes((root / "sweep" / "store.json").read_bytes())
    (inside / "store" / "studies").symlink_to(root / "sweep" / "studies", target_is_directory=True)
    assert studies_in(inside) == []
    names = [
        "../studies/sweep:sweep",
        "link:sweep",
        "sweep:../sweep",
        f"{root / 'sweep'}:sweep",
        "",
        "x" * 9_999,
        "store:sweep",
    ]
    for asked in names:
        with pytest.raises(SpecError) as refused:
            open_study(inside, asked)
        assert str(root) not in str(refused.value).replace(asked[:100], "")
    with pytest.raises(SpecError, match="there is no study"):
        open_study(root, "../sweep:sweep")


def test_a_point_leads_to_that_very_run(root):
    results = open_study(root, "sweep:sweep")
    scatter = bench_picture(results, studies_in(root), "sweep:sweep", outcome="contribution@24")["scatter"]
    assert len(scatter["points"]) == 64
    for x, y, value, key, replicate in scatter["points"][::17]:
        run = bench_run(root, "sweep:sweep", key, replicate)
        assert run.scenario.levers["backbone_staff"] == pytest.approx(x, rel=1e-4)
        assert run.scenario.levers.get("measurement", 0.0) == y
        again = simulate(run.scenario, [run.replicate], run.seed, measures=["contribution"])
        assert float(again.values[0, 24, 0]) == pytest.approx(value, rel=1e-4)
        row = results.runs(["contribution@24"]).collect().row(by_predicate=_is(key, replicate), named=True)
        assert float(again.values[0, 24, 0]) == row["contribution@24"]


def _is(key, replicate):
    import polars as pl

    return (pl.col("key") == key) & (pl.col("replicate") == replicate)


def test_axes_that_a_study_does_not_have_are_replaced(root):
    results = open_study(root, "sweep:sweep")
    picture = bench_picture(results, [], "sweep:sweep", x="nonsense", y="backbone_staff", outcome="\0")
    scatter = picture["scatter"]
    assert (scatter["x"], scatter["y"], scatter["outcome"]) == (
        "backbone_staff",
        "measurement",
        "severity@24",
    )
    up = bench_picture(results, [], "sweep:sweep", y="severity@24")["scatter"]
    assert up["y"] == "severity@24" and all(point[1] == point[2] for point in up["points"])


def test_words_and_truths_are_places_on_an_axis(root):
    picture = bench_picture(open_study(root, "deep/er/grid:grid"), [], "deep/er/grid:grid")
    assert picture["factors"][0]["levels"] == ["no", "yes"]
    assert {point[0] for point in picture["scatter"]["points"]} == {0.0, 1.0}
    json.dumps(picture, allow_nan=False)


def test_each_question_is_answered_where_the_design_allows_and_says_why_not(root):
    grid = open_study(root, "deep/er/grid:grid")
    told = answers(grid, "contribution@24")
    assert told.sensitivity is None and told.attribution is not None
    assert [row[0] for row in told.attribution["rows"]] in (
        ["measurement", "backbone"],
        ["backbone", "measurement"],
    )
    assert " to " in str(told.attribution["rows"][0][1])
    by_name = {one["question"]: one for one in told.told}
    assert (
        not by_name["sensitivity"]["answered"]
        and "no sensitivity indices" in by_name["sensitivity"]["lines"][0]
    )
    matters = answers(open_study(root, "deep/er/grid:matters"), "severity@24")
    assert matters.sensitivity is not None and matters.attribution is None
    picture = with_answers(bench_picture(grid, [], "deep/er/grid:grid"), told)
    assert picture["settled"] and picture["attribution"] == told.attribution
    json.dumps(picture, allow_nan=False)


def test_a_study_of_many_runs_is_drawn_in_part_and_says_so(root, monkeypatch):
    monkeypatch.setattr("cisim.app.drawing.bench.MOST_POINTS", 20)
    picture = bench_picture(open_study(root, "sweep:sweep"), [], "sweep:sweep")
    assert len(picture["scatter"]["points"]) == 20
    assert picture["scatter"]["text"] == "20 of 64 runs, picked by lot."
    assert picture == bench_picture(open_study(root, "sweep:sweep"), [], "sweep:sweep")
    assert MOST_POINTS > 20


def test_a_box_is_tested_on_fresh_runs_where_there_are_some(root, tmp_path):
    made(tmp_path, "s", name="a", design={"kind": "sobol", "points": 8}, factor=[STAFF])
    assert fresh_of(tmp_path, "s:a", studies_in(tmp_path)) is None
    study = open_study(tmp_path, "s:a").study
    run_study(study.fresh(), tmp_path / "s", workers=1)
    fresh = fresh_of(tmp_path, "s:a", studies_in(tmp_path))
    assert fresh is not None and fresh.study.name == "a-fresh"


def test_runs_that_are_not_there_and_own_code_are_refused_in_words(root, tmp_path):
    with pytest.raises(SpecError, match="no point"):
        bench_run(root, "sweep:sweep", "0" * 24, 0)
    for key in ("../../x", "zz", "", "a" * 500):
        with pytest.raises(SpecError):
            bench_run(root, "sweep:sweep", key, 0)
    tmp_path.joinpath("rules.py").write_text("def relax(trust, prior, p):\n    return trust\n")
    made(
        tmp_path,
        "own",
        name="own",
        design={"kind": "grid"},
        factor=[MEASUREMENT],
        replicates=1,
        engine="mesa",
    )
    key = open_study(tmp_path, "own:own").points()["key"][0]
    with pytest.raises(SpecError, match="own code"):
        bench_run(tmp_path, "own:own", key, 0)


def test_before_a_study_is_open_the_list_is_there(root):
    picture = no_study(studies_in(root), text="Nothing is open.")
    assert picture["settled"] and picture["scatter"] is None and len(picture["studies"]) == 3
    assert np.array_equal(picture["lines"], ["Nothing is open."])

"""What a store keeps of a study is enough to make every run of it again, anywhere."""

from __future__ import annotations

import shutil

from cisim.study.kept.replay import replay
from cisim.study.kept.results import Results
from cisim.study.running.session import run_study

OTHER = """\
extends = "funder-leaves"
name = "other"
months = 48

[roster]
count = 5
"""

RULES = """
def prior_trust(reputation, propensity):
    return 0.7 * reputation + 0.3 * propensity
"""


def test_a_store_that_is_moved_still_replays_files_tables_and_conditions(study, tmp_path):
    (tmp_path / "other.toml").write_text(OTHER)
    (tmp_path / "points.csv").write_text(
        "scenario,event.funder-leaves.month,trust_gain\nsmall.toml,,0.03\nother.toml,10,0.04\nother.toml,20,0.05\n"
    )
    told = study(
        design={"kind": "table", "table": "points.csv"},
        factor=[
            {"name": "scenario", "levels": ["small.toml", "other.toml"]},
            {"name": "event.funder-leaves.month", "levels": [10, 20], "when": {"scenario": "other.toml"}},
            {"name": "trust_gain"},
        ],
        replicates=2, months=40,
    )  # fmt: skip
    run_study(told, tmp_path / "out", workers=1)
    digest = Results.open(tmp_path / "out").digest()
    shutil.move(tmp_path / "out", tmp_path / "elsewhere")
    for name in ("small.toml", "other.toml", "points.csv"):
        (tmp_path / name).unlink()
    results = Results.open(tmp_path / "elsewhere")
    assert results.digest() == digest and results.counts()["left"] == 0
    assert results.points()["scenario"].to_list() == [
        "small.toml",
        "other.toml",
        "other.toml",
    ]
    for key in results.points()["key"]:
        assert replay(f"{key}-1", tmp_path / "elsewhere").same
    assert run_study(results.study, tmp_path / "elsewhere", workers=1).done == 0


def test_two_files_of_one_name_are_kept_apart(study, tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "small.toml").write_text(
        (tmp_path / "small.toml").read_text() + "\n[levers]\nmeetings = 0.5\n"
    )
    told = study(
        design={"kind": "grid"}, factor=[{"name": "scenario", "levels": ["small.toml", "deep/small.toml"]}], replicates=1
    )  # fmt: skip
    run_study(told, tmp_path / "out", workers=1)
    results = Results.open(tmp_path / "out")
    assert results.points()["scenario"].to_list() == ["small.toml", "deep/small.toml"]
    assert results.points()["key"].n_unique() == 2
    assert all(replay(f"{key}-0", tmp_path / "out").same for key in results.points()["key"])


def test_the_mesa_engine_keeps_the_same_numbers(study, tmp_path):
    few = {
        "months": 6,
        "replicates": 2,
        "keep": {"measures": ["severity", "trust_in_contacts"], "months": [3, 6]},
    }
    for engine in ("compiled", "mesa"):
        run_study(study(engine=engine, name=engine, **few), tmp_path / "out", workers=1)
    compiled, mesa = (Results.open(tmp_path / "out", engine) for engine in ("compiled", "mesa"))
    assert not set(compiled.points()["key"]) & set(
        mesa.points()["key"]
    )  # each engine vouches for its own runs
    columns = [name for name in compiled.table().columns if name != "key"]
    assert compiled.table().select(columns).equals(mesa.table().select(columns))

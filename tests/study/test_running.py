"""However a study is run, the same runs come out, each once; what is there is never run again."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

import cisim
from cisim.errors import StoreError
from cisim.study.kept.merging import merge
from cisim.study.kept.results import Results
from cisim.study.kept.store import Store
from cisim.study.running.engines import engine_for
from cisim.study.running.plan import Shard, keyed_points
from cisim.study.running.runners import Processes
from cisim.study.running.session import run_study


def rows_on_disk(folder):
    """Rows in all parts of all tables: more than there are runs if one was kept twice."""
    return sum(len(pl.read_parquet(part)) for part in folder.glob("runs/*/*.parquet"))


@pytest.fixture
def whole(study, tmp_path):
    """The digest of the small study, run by one process without a break."""
    run_study(study(), tmp_path / "whole", workers=1)
    return Results.open(tmp_path / "whole").digest()


def test_every_run_is_what_simulate_gives_for_its_scenario(study, tmp_path):
    told = study()
    report = run_study(told, tmp_path / "out", workers=1)
    assert (report.whole, report.done, report.failed, report.left) == (48, 48, 0, 0)
    table = Results.open(tmp_path / "out").table()
    points = told.points()
    for row in table.sample(12, seed=1).iter_rows(named=True):
        scenario, _ = told.scenario_of({name: points[name] for name in points.columns}, row["point"])
        ensemble = cisim.simulate(scenario, [row["replicate"]], seed=1)
        assert row["severity@24"] == ensemble["severity"][0, 24]
        assert row["trust_in_contacts@12"] == ensemble["trust_in_contacts"][0, 12]
        assert row["mean_engagement"] == ensemble["engagement"][0, 1:].mean()


def test_worker_processes_give_the_same_bytes(study, tmp_path, whole, monkeypatch):
    monkeypatch.setattr("cisim.study.running.session.POOL_PAYS", 0.0)
    report = run_study(study(), tmp_path / "two", workers=2)
    assert report.workers == 2
    assert Results.open(tmp_path / "two").digest() == whole


def test_eight_shards_merged_give_the_same_bytes(study, tmp_path, whole):
    folders = [tmp_path / f"shard-{number}" for number in range(1, 9)]
    for number, folder in enumerate(folders, 1):
        report = run_study(study(), folder, workers=1, shard=Shard(number, 8))
        assert report.whole == report.done == 6
    merge(folders, tmp_path / "merged")
    results = Results.open(tmp_path / "merged")
    assert results.digest() == whole
    assert results.counts()["left"] == 0
    assert rows_on_disk(tmp_path / "merged") == 48
    assert merge(folders, tmp_path / "merged") == 0


def test_shards_can_share_a_folder(study, tmp_path, whole):
    for number in (3, 1, 2):
        run_study(study(), tmp_path / "out", workers=1, shard=Shard(number, 3))
    assert Results.open(tmp_path / "out").digest() == whole


def test_a_written_table_is_the_same_file_for_all(study, tmp_path, monkeypatch):
    run_study(study(), tmp_path / "one", workers=1)
    for number in (2, 1):
        run_study(study(), tmp_path / "two", workers=1, shard=Shard(number, 2))
    for ending in (".csv", ".parquet"):
        files = [tmp_path / f"{name}{ending}" for name in ("one", "two")]
        for file in files:
            Results.open(tmp_path / file.stem).write(file)
        assert files[0].read_bytes() == files[1].read_bytes()


def test_the_same_again_runs_nothing(study, tmp_path):
    run_study(study(), tmp_path / "out", workers=1)
    before = sorted((tmp_path / "out").glob("runs/*/*.parquet"))
    report = run_study(study(), tmp_path / "out", workers=1)
    assert (report.done, report.already, report.whole) == (0, 48, 48)
    assert sorted((tmp_path / "out").glob("runs/*/*.parquet")) == before


@pytest.mark.parametrize(
    ("changes", "new"),
    [
        ({"replicates": 6}, 24),
        ({"replicates": 2}, 0),
        ({"factor": [{"name": "backbone_staff", "levels": [0, 1, 2, 3]}, {"name": "trust_loss_ratio", "low": 1, "high": 4, "steps": 4}]}, 16),
        # the base has measurement 1 and the asymmetric rule, so half of these points are there already
        ({"factor": [{"name": "backbone_staff", "levels": [0, 1, 3]}, {"name": "trust_loss_ratio", "low": 1, "high": 4, "steps": 4}, {"name": "measurement", "levels": [0, 1]}]}, 48),
        ({"factor": [{"name": "backbone_staff", "levels": [0, 1, 3]}, {"name": "trust_loss_ratio", "low": 1, "high": 4, "steps": 4}, {"name": "roster.count", "levels": [6, 7]}]}, 48),
        ({"keep": {"measures": ["severity"], "months": [24]}}, 0),
        ({"keep": {"measures": ["severity"], "months": [6, 24]}}, 48),
        ({"seed": 2}, 48),
        ({"months": 25}, 48),
        ({"name": "another-name", "title": "Another", "description": "study"}, 0),
    ],
    ids=["replicates", "fewer", "levels", "factor", "structure", "columns", "month", "seed", "horizon", "name"],
)  # fmt: skip
def test_a_change_runs_only_what_is_new(study, tmp_path, changes, new):
    run_study(study(), tmp_path / "out", workers=1)
    changed = study(**changes)
    report = run_study(changed, tmp_path / "out", workers=1)
    assert report.done == new and report.already == report.whole - new
    run_study(changed, tmp_path / "apart", workers=1)
    shared = Results.open(tmp_path / "out", changed.name)
    assert shared.digest() == Results.open(tmp_path / "apart", changed.name).digest()


def test_every_month_kept_serves_any_month_asked_later(study, tmp_path):
    run_study(
        study(keep={"measures": ["severity", "trust_in_contacts"], "months": "all"}),
        tmp_path / "out",
        workers=1,
    )
    report = run_study(
        study(keep={"measures": ["trust_in_contacts"], "months": [7, 13]}), tmp_path / "out", workers=1
    )
    assert report.done == 0
    series = Results.open(tmp_path / "out").series("trust_in_contacts").collect()
    assert sorted(series["month"].unique()) == [7, 13] and len(series) == 96


def test_own_code_in_a_key_is_that_of_the_rules_in_use(study, tmp_path, monkeypatch):
    told = study()
    keys = keyed_points(told, engine_for(told).worlds)["key"]
    monkeypatch.setattr("cisim.engine.compilation._folder_text", lambda name: f"another text of {name}")
    assert set(keys) & set(keyed_points(told, engine_for(told).worlds)["key"]) == set()


def test_what_has_run_when_the_time_is_up_is_a_fair_sample(study, tmp_path, monkeypatch):
    told = study(replicates=120, factor=[{"name": "backbone_staff", "low": 0, "high": 6}],
                 design={"kind": "random", "points": 100})  # fmt: skip
    monkeypatch.setattr("cisim.study.running.session.BATCH_SECONDS", 0.05)
    report = run_study(told, tmp_path / "out", workers=1, budget=0.3)
    assert report.stopped == "budget" and 0 < report.done < report.whole == 12000
    table = Results.open(tmp_path / "out").table(["severity@24"])
    assert len(table) == report.done
    done = table.group_by("point").len()["len"]
    assert done.max() - (0 if len(done) < 100 else done.min()) <= 1  # round after round over all points
    staff = table.unique("point")["backbone_staff"]
    within = told.points()["backbone_staff"]
    assert abs(staff.mean() - within.mean()) < 4 * within.std() / len(staff) ** 0.5
    again = run_study(told, tmp_path / "out", workers=1, budget=30.0)
    assert again.already == report.done and again.left == 0


def test_one_part_of_a_study_has_one_process_at_a_time(study, tmp_path):
    from cisim.study.running.session import _only_one

    place = tmp_path / "out" / "studies" / "small-study"
    with _only_one(place, Shard(1, 2)):
        with (
            pytest.raises(StoreError, match="another process runs this study"),
            _only_one(place, Shard(1, 2)),
        ):
            pass
        with _only_one(place, Shard(2, 2)):
            pass


def test_a_sitting_is_written_down(study, tmp_path):
    run_study(study(), tmp_path / "out", workers=1, command=["cisim", "study", "run", "small.toml"])
    (session,) = Results.open(tmp_path / "out").sessions()
    assert session["command"][-1] == "small.toml" and session["seed"] == 1 and session["done"] == 48
    assert {"python", "numpy", "numba", "polars"} <= set(session["versions"])
    assert (
        set(session["code"]) == {"cisim", "hash", "commit", "dirty"} and "Philox" in session["seed_formula"]
    )
    assert session["started"] <= session["ended"] and session["machine"]


def test_progress_adds_up(study, tmp_path):
    seen = []
    run_study(study(), tmp_path / "out", workers=1, watch=seen.append)
    assert [p.done for p in seen] == sorted(p.done for p in seen) and seen[-1].done == 48
    assert seen[-1].seconds_left == 0 and all(p.rate > 0 for p in seen)


def test_merging_refuses_other_studies_of_the_same_name(study, tmp_path):
    run_study(study(), tmp_path / "a", workers=1)
    run_study(study(seed=2), tmp_path / "b", workers=1)
    with pytest.raises(StoreError, match="different studies called 'small-study'"):
        merge([tmp_path / "a", tmp_path / "b"], tmp_path / "c")
    assert not (tmp_path / "c").exists()


def test_a_folder_of_something_else_is_left_alone(study, tmp_path):
    place = tmp_path / "mine"
    place.mkdir()
    (place / "thesis.txt").write_text("years of work")
    with pytest.raises(StoreError, match="something else"):
        run_study(study(), place, workers=1)
    assert [file.name for file in place.iterdir()] == ["thesis.txt"]
    with pytest.raises(StoreError, match="holds no runs"):
        Store.open(place)


def test_processes_end_when_nobody_takes_their_results(study):
    """Workers are gone once the loop over results is left, as Ctrl-C leaves it."""
    import multiprocessing

    told = study(replicates=4)
    engine = engine_for(told)
    from cisim.study.running.plan import Todo

    points = keyed_points(told, engine.worlds)
    todo = Todo(points, 4, Shard(), pl.DataFrame(schema={"key": pl.String, "replicate": pl.UInt32}))
    results = Processes(told, 2).map(todo.batches(engine.worlds, lambda: 4))
    next(results)
    results.close()
    assert not multiprocessing.active_children()


def test_the_order_visits_every_run_once(study):
    from cisim.study.running.plan import Todo

    told = study(replicates=5)
    engine = engine_for(told)
    points = keyed_points(told, engine.worlds)
    nothing = pl.DataFrame(schema={"key": pl.String, "replicate": pl.UInt32})
    seen = [
        (key, int(replicate))
        for number in (1, 2, 3)
        for batch in Todo(points, 5, Shard(number, 3), nothing).batches(engine.worlds, lambda: 7)
        for key, replicate in zip(batch.keys, batch.replicates, strict=True)
    ]
    assert len(seen) == len(set(seen)) == 60
    assert np.unique([replicate for _, replicate in seen]).tolist() == [0, 1, 2, 3, 4]


def test_the_store_says_what_it_is(study, tmp_path):
    run_study(study(), tmp_path / "out", workers=1)
    told = json.loads((tmp_path / "out" / "store.json").read_text())
    assert told["kind"] == "cisim study store"
    (columns,) = (tmp_path / "out").glob("runs/*/columns.json")
    assert json.loads(columns.read_text()) == list(study().columns.stored)


def test_a_summary_is_known_by_what_it_is_not_by_its_name(study, tmp_path):
    run_study(
        study(summary=[{"name": "x", "take": "mean", "measure": "severity"}]), tmp_path / "out", workers=1
    )
    other = study(summary=[{"name": "x", "take": "most", "measure": "engagement"}])
    assert run_study(other, tmp_path / "out", workers=1).done == 48
    same = study(summary=[{"name": "y", "take": "most", "measure": "engagement"}])
    assert run_study(same, tmp_path / "out", workers=1).done == 0
    mean = Results.open(tmp_path / "out").array("y").mean()
    run_study(other, tmp_path / "apart", workers=1)
    assert mean == Results.open(tmp_path / "apart").array("x").mean()


def test_shards_merge_again_after_more_replicates(study, tmp_path):
    for replicates in (2, 4):
        for number in (1, 2):
            run_study(
                study(replicates=replicates), tmp_path / f"part-{number}", workers=1, shard=Shard(number, 2)
            )
        merge([tmp_path / "part-1", tmp_path / "part-2"], tmp_path / "all")
        counts = Results.open(tmp_path / "all").counts()
        assert (counts["runs"], counts["left"]) == (12 * replicates, 0)


def test_merging_refuses_runs_of_other_code(study, tmp_path, monkeypatch):
    run_study(study(), tmp_path / "a", workers=1)
    monkeypatch.setattr("cisim.engine.compilation._folder_text", lambda name: f"another text of {name}")
    monkeypatch.setattr(
        "cisim.engine.compilation.rule_fingerprint", lambda rules, width: "the same machine code"
    )
    told = study()
    points = keyed_points(told, engine_for(told).worlds)
    from cisim.study.kept.record import keep_study

    keep_study(Store.make(tmp_path / "b").folder, told, points)
    with pytest.raises(StoreError, match="run by different code"):
        merge([tmp_path / "a", tmp_path / "b"], tmp_path / "c")


def test_a_part_that_is_no_parquet_file_is_named(study, tmp_path):
    run_study(study(), tmp_path / "out", workers=1)
    (folder,) = (tmp_path / "out" / "runs").iterdir()
    (folder / "00-copied-by-hand.parquet").write_bytes(b"half a file")
    with pytest.raises(StoreError, match=r"00-copied-by-hand\.parquet: is no whole Parquet file"):
        Results.open(tmp_path / "out").counts()

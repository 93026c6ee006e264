"""A study with a posterior: each run has the draw of its replicate, factors hold in its place, and nothing is lost."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

import cisim
from cisim.errors import SpecError
from cisim.study.kept.replay import replay
from cisim.study.kept.results import Results
from cisim.study.running.engines import engine_for
from cisim.study.running.plan import Shard, keyed_points
from cisim.study.running.session import run_study
from cisim.study.study import Study
from cisim.theory.parameters import UNCERTAINTIES
from cisim.world import posterior as posteriors
from cisim.world.posterior import Posterior

NAMES = ["trust_gain", "trust_loss_ratio", "trust_mean"]
ROWS = [[0.02, 1.5, 0.5], [0.05, 2.5, 0.6], [0.08, 3.5, 0.7]]
DRAWS = Posterior.from_table(NAMES, ROWS, provenance={"made by": "a test"})
FEW = {"months": 8, "keep": {"measures": ["severity", "trust_in_contacts"], "months": [4, 8]}}
SCENARIO = 'extends = "collective-impact"\nname = "{name}"\n{top}\n[roster]\ncount = 6\n'


@pytest.fixture
def drawn(study, tmp_path):
    """Makes the small study with three draws, in eight months; with the changes asked for."""
    DRAWS.write(tmp_path / "draws.csv")
    return lambda **changes: study(**FEW | {"posterior": "draws.csv"} | changes)


def keys(told: Study) -> list[str]:
    return keyed_points(told, engine_for(told).worlds)["key"].to_list()


def run(told: Study, folder) -> Results:
    report = run_study(told, folder, workers=1)
    assert (report.failed, report.left) == (0, 0)
    return Results.open(folder, told.name)


# Runs


def test_every_run_is_what_simulate_gives_for_its_scenario(drawn, tmp_path):
    told = drawn(replicates=5)
    table = run(told, tmp_path / "out").table()
    points = told.points()
    assert len(table) == 60
    for at in range(len(points)):
        scenario, _ = told.scenario_of({name: points[name] for name in points.columns}, at)
        assert scenario.posterior == DRAWS
        assert scenario.posterior.free(scenario.parameters) == ["trust_gain", "trust_mean"]
        ensemble = cisim.simulate(scenario, 5, seed=1)
        mine = table.filter(point=at).sort("replicate")
        for month in (4, 8):
            for measure in ("severity", "trust_in_contacts"):
                assert mine[f"{measure}@{month}"].to_list() == ensemble[measure][:, month].tolist()
        assert mine["mean_engagement"].to_list() == ensemble["engagement"][:, 1:].mean(axis=1).tolist()


def test_the_draws_are_those_of_replicates(drawn, tmp_path):
    """A study in which each draw is written out as factors gives the same runs, replicate by replicate."""
    found = run(drawn(replicates=6, factor=[{"name": "meetings", "levels": [0, 2]}]), tmp_path / "out")
    lines = [",".join(["meetings", *NAMES])] + [
        ",".join(map(repr, [meetings, *row])) for meetings in (0.0, 2.0) for row in ROWS
    ]
    (tmp_path / "points.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    names = ["meetings", *NAMES]
    out = drawn(
        name="written-out", posterior=None, replicates=6, design={"kind": "table", "table": "points.csv"},
        factor=[{"name": name} for name in names],
    )  # fmt: skip
    expected = run(out, tmp_path / "out").array("trust_in_contacts@8")
    drawn_runs = found.array("trust_in_contacts@8")
    for point in range(2):
        for replicate in range(6):
            assert drawn_runs[point, replicate] == expected[3 * point + replicate % 3, replicate]
    assert len(np.unique(drawn_runs)) == 12


def test_workers_shards_and_the_mesa_engine_keep_the_same_numbers(drawn, tmp_path, monkeypatch):
    one = run(drawn(), tmp_path / "one")
    for number in (2, 1):
        run_study(drawn(), tmp_path / "shards", workers=1, shard=Shard(number, 2))
    assert Results.open(tmp_path / "shards").digest() == one.digest()
    few = {"replicates": 4, "factor": [{"name": "backbone_staff", "levels": [0, 2]}]}
    compiled, mesa = (
        run(drawn(name=name, engine=name, **few), tmp_path / name) for name in ("compiled", "mesa")
    )
    for column in compiled.columns:
        assert np.array_equal(mesa.array(column), compiled.array(column), equal_nan=True)
    monkeypatch.setattr("cisim.study.running.session.POOL_PAYS", 0.0)
    assert run_study(drawn(), tmp_path / "two", workers=2).workers == 2
    assert Results.open(tmp_path / "two").digest() == one.digest()


def test_a_factor_holds_in_place_of_the_draws_where_it_is_active(drawn, tmp_path):
    gain = {"name": "trust_gain", "levels": [0.035], "when": {"meetings": [4]}}
    told = drawn(replicates=3, factor=[{"name": "meetings", "levels": [0, 4]}, gain])
    trust = run(told, tmp_path / "out").array("trust_in_contacts@8")
    levers = [told.base.levers | {"meetings": meetings} for meetings in (0, 4)]
    inactive = told.base.replace(levers=levers[0])
    active = told.base.replace(levers=levers[1], parameters={"trust_gain": 0.035})
    for at, scenario in enumerate((inactive, active)):
        assert trust[at].tolist() == cisim.simulate(scenario, 3, 1)["trust_in_contacts"][:, 8].tolist()


# Keys


def test_a_draw_and_a_factor_of_the_same_number_have_keys_of_their_own(drawn):
    """Where a factor is inactive each replicate has its draw, so the default is another point."""
    world = engine_for(drawn()).worlds.at(())
    default = UNCERTAINTIES["trust_gain"].default
    drawn_rows, told_rows = (
        world.rows_of_points({"trust_gain": np.array([value])}, 1)[0] for value in (np.nan, default)
    )
    assert np.isnan(drawn_rows["trust_gain"][0]) and told_rows["trust_gain"][0] == default
    factors = [
        {"name": "meetings", "levels": [0, 2]},
        {"name": "trust_gain", "levels": [default], "when": {"meetings": [2]}},
    ]
    apart = drawn(factor=factors)
    explicit = drawn(factor=[factors[0], {"name": "trust_gain", "levels": [default]}])
    assert len(set(keys(apart))) == 2
    assert [a == b for a, b in zip(keys(apart), keys(explicit), strict=True)] == [False, True]


def test_a_key_is_of_every_draw_and_of_nothing_else_of_a_posterior(drawn, tmp_path):
    plain = keys(drawn())
    without = keys(drawn(posterior=None))
    assert len({*plain, *without}) == 24
    Posterior.from_table(NAMES, ROWS, provenance={"note": "renamed"}).write(tmp_path / "renamed.csv")
    assert keys(drawn(posterior="renamed.csv")) == plain
    last = [*ROWS[:2], [*ROWS[2][:2], 0.71]]
    others = [(NAMES, last), (NAMES, ROWS[:2]), (NAMES, ROWS[::-1]), (NAMES[:2], [row[:2] for row in ROWS])]
    for names, rows in others:
        Posterior.from_table(names, rows).write(tmp_path / "other.csv")
        assert not {*keys(drawn(posterior="other.csv"))} & {*plain, *without}


def test_a_study_without_posterior_has_the_keys_that_it_had(study):
    """The key is still the hash of the world's arrays and events, of parameters and of levers, as text and bytes."""
    import hashlib

    told = study()
    worlds = engine_for(told).worlds
    world, plan = worlds.at(()), worlds.at(()).blueprint
    text = hashlib.blake2b(digest_size=32)
    for part in (plan.organizations, plan.ties, plan.effects, plan.initiative, plan.issue):
        text.update(part.tobytes() + b"\0")
    text.update("\0".join([worlds.code(world), str(plan.months), *plan.ids, "[]"]).encode())
    for key, point in zip(keys(told), told.points().rows(named=True), strict=True):
        parameters, levers = plan.parameters.copy(), world.start.copy()
        parameters["trust_loss_ratio"], levers["backbone_staff"] = (
            point["trust_loss_ratio"],
            point["backbone_staff"],
        )
        whole = hashlib.blake2b(text.digest() + (1).to_bytes(8, "big"), digest_size=12)
        whole.update(parameters.tobytes() + levers.tobytes())
        assert key == whole.hexdigest()


# Which draws


def test_a_scenario_keeps_its_own_draws(drawn, tmp_path):
    own = Posterior.from_table(["trust_gain"], [[0.03], [0.04]])
    own.write(tmp_path / "own.csv")
    for name, top in (("with-own", 'posterior = "own.csv"'), ("without", "")):
        (tmp_path / f"{name}.toml").write_text(SCENARIO.format(name=name, top=top), encoding="utf-8")
    levels = ["with-own.toml", "without.toml"]
    told = drawn(factor=[{"name": "scenario", "levels": levels}, {"name": "trust_mean", "levels": [0.5]}])
    assert [told.scenarios[name].posterior for name in levels] == [own, DRAWS]
    assert "Posterior small, without: 3 draws of 3 parameters from draws.csv\n" in told.describe()
    assert "          with-own: 2 draws of 1 parameter from own.csv\n" in told.describe()
    assert "          Factors hold in place of draws: trust_mean\n" in told.describe()
    results = run(told, tmp_path / "out")
    for name in ("own.csv", "draws.csv", "with-own.toml", "without.toml", "small.toml"):
        (tmp_path / name).unlink()
    shutil.move(tmp_path / "out", tmp_path / "elsewhere")
    results = Results.open(tmp_path / "elsewhere")
    assert [results.study.scenarios[name].posterior for name in levels] == [own, DRAWS]
    assert keys(results.study) == results.points()["key"].to_list()
    assert all(replay(f"{key}-3", tmp_path / "elsewhere").same for key in results.points()["key"])
    assert run_study(results.study, tmp_path / "elsewhere", workers=1).done == 0


def test_a_study_is_told_with_its_draws(drawn):
    lines = drawn().describe().splitlines()
    at = lines.index("Base      small, 8 months")
    assert lines[at + 1 : at + 3] == [
        "Posterior 3 draws of 3 parameters from draws.csv",
        "          Factors hold in place of draws: trust_loss_ratio",
    ]
    assert "Posterior" not in drawn(posterior=None).describe()


def test_a_store_keeps_the_shipped_sample_that_was_used(drawn, tmp_path, monkeypatch):
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    DRAWS.write(shelf / "shipped.csv")
    monkeypatch.setattr(posteriors, "_SHELF", shelf)
    told = drawn(posterior="shipped", replicates=2)
    assert keys(told) == keys(drawn())
    run(told, tmp_path / "out")
    Posterior.from_table(["trend"], [[0.01]]).write(shelf / "shipped.csv")
    kept = Results.open(tmp_path / "out")
    assert kept.study.base.posterior == DRAWS
    assert replay(f"{kept.points()['key'][5]}-1", tmp_path / "out").same
    assert drawn(posterior="shipped").base.posterior != DRAWS


def test_faults_of_draws_are_told_with_those_of_the_study(drawn, tmp_path):
    (tmp_path / "bad.csv").write_text("trust_gian\n0.02\n", encoding="utf-8")
    for told, said in (
        ("bad.csv", "column 'trust_gian': unknown uncertainty. Did you mean 'trust_gain'?"),
        ("drws.csv", f"there is no file {tmp_path / 'drws.csv'}. Did you mean 'draws.csv'?"),
        ("nothing", "there is no posterior of this name, and a file needs an ending, as in 'nothing.csv'."),
    ):
        with pytest.raises(SpecError) as caught:
            drawn(posterior=told, factor=[{"name": "trust_gain", "levels": [7]}])
        draws, factor = caught.value.faults
        assert draws.startswith(f"posterior: in {told!r}, {said}")
        assert factor.startswith("factor[0].levels[0] ('trust_gain'): is out of range, given 7")


def test_one_at_a_time_starts_at_numbers_and_a_draw_is_many(drawn):
    design = {"kind": "one-at-a-time"}
    told = drawn(design=design, factor=[{"name": "meetings", "levels": [0, 4]}])
    assert told.points()["meetings"].to_list() == [2.0, 0.0, 4.0]
    with pytest.raises(SpecError, match=r"factor\[0\] \('trust_gain'\) has no value in the base scenario"):
        drawn(design=design, factor=[{"name": "trust_gain", "levels": [0.02, 0.04]}])


def test_a_study_file_with_draws_is_written_as_it_was_read(drawn, tmp_path):
    told = drawn()
    (tmp_path / "again.toml").write_text(told.file.to_toml(), encoding="utf-8")
    assert 'posterior = "draws.csv"\n' in told.file.to_toml()
    assert Study.read(tmp_path / "again.toml").file == told.file
    assert told.fresh().base.posterior == DRAWS

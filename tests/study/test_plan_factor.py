"""Plans as a factor of a study: tried in its worlds, apart from what is uncertain, and kept whole."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from cisim.errors import SpecError
from cisim.study.kept.merging import merge
from cisim.study.kept.results import Results
from cisim.study.running.plan import Shard
from cisim.study.study import Study

WORLD = 'name = "six"\nmonths = 12\n[roster]\ncount = 6\n[levers]\nbackbone_staff = 1\n'
EARLY = """\
name = "early"
levers = { backbone_staff = 3 }
[[event]]
kind = "set-lever"
month = 6
lever = "meetings"
value = 2
"""
STUDY = """\
name = "plans"
base = "six.toml"
replicates = 3
seed = 1
prices = "ours.toml"
[design]
{design}
[[factor]]
name = "plan"
levels = ["isolated-impact", "early.toml", "small"]
{factors}
[[plan]]
name = "small"
title = "A small start"
levers = {{ agenda = 0.5 }}
[[plan.event]]
kind = "set-lever"
month = 10
lever = "meetings"
value = 2
[[plan.line]]
name = "Evaluation"
amount = 1000
"""
TREND = '[[factor]]\nname = "trend"\nlow = -0.02\nhigh = 0.02\n'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "six.toml").write_text(WORLD)
    (tmp_path / "early.toml").write_text(EARLY)
    (tmp_path / "ours.toml").write_text("backbone_fte = 9000\n")
    return tmp_path


def written(folder, design='kind = "grid"', factors="", more="", text=STUDY):
    path = folder / "study.toml"
    path.write_text(text.format(design=design, factors=factors) + more)
    return path


def study_in(folder, *args, **told) -> Study:
    return Study.read(written(folder, *args, **told))


def test_levels_are_presets_files_and_plans_written_in_the_study(folder):
    study = study_in(folder)
    assert [plan.name for plan in study.plans.values()] == ["isolated-impact", "early", "small"]
    assert study.told.prices is not None and study.told.prices.backbone_fte == 9000
    worlds = [study.scenario_of(study.points(), at)[0] for at in range(3)]
    assert [world.levers.get("backbone_staff") for world in worlds] == [0, 3, 1]
    assert [len(world.event) for world in worlds] == [0, 1, 1]
    assert not worlds[0].roster.members and worlds[1].roster == study.base.roster


@pytest.mark.parametrize("kind", ["random", "latin-hypercube", "sobol"])
def test_in_a_sample_every_plan_meets_every_point(folder, kind):
    study = study_in(folder, f'kind = "{kind}"\npoints = 8', TREND)
    points = study.points()
    assert study.size() == len(points) == 24
    assert points["plan"].to_list() == list(study.plans) * 8
    each = [points.filter(pl.col("plan") == level)["trend"].to_list() for level in study.plans]
    assert each[0] == each[1] == each[2] and len(set(each[0])) == 8
    if kind != "latin-hypercube":
        more = study_in(folder, f'kind = "{kind}"\npoints = 16', TREND).points()
        assert more[:24].equals(points)


def test_a_factor_can_be_active_under_one_plan_alone(folder):
    other = '[[factor]]\nname = "trust_gain"\nwhen = { plan = "small" }\n'
    points = study_in(folder, 'kind = "random"\npoints = 5', TREND + other).points()
    active = points.filter(pl.col("trust_gain").is_not_null())
    assert len(active) == 5 and set(active["plan"]) == {"small"}


def test_elsewhere_a_plan_is_a_factor_like_any_other(folder):
    steps = TREND + "steps = 2\n"
    assert study_in(folder, 'kind = "grid"', steps).size() == 6
    assert study_in(folder, 'kind = "saltelli"\npoints = 4', TREND).size() == 16
    first = study_in(folder, 'kind = "one-at-a-time"', steps).points()
    assert first.row(0) == ("isolated-impact", 0.0) and first["plan"].n_unique() == 3


def test_what_costs_and_comparisons_need_is_kept_too(folder):
    kept = study_in(folder).columns.names
    assert {"severity@12", "contribution@12", "cost_backbone@12", "plan_reached", "plan_ended"} <= set(kept)


def test_a_folder_of_runs_keeps_plans_and_prices_and_goes_on(folder):
    study = study_in(folder, 'kind = "random"\npoints = 2', TREND)
    assert study.run(folder / "out", workers=1).done == 18
    for name in ("early.toml", "ours.toml", "six.toml", "study.toml"):
        (folder / name).unlink()
    kept = Results.open(folder / "out").study
    assert dict(kept.plans) == dict(study.plans) and kept.told == study.told
    assert kept.run(folder / "out", workers=1).done == 0
    assert kept.replace(replicates=4).run(folder / "out", workers=1).done == 6
    assert kept.fresh().plans == kept.plans


def test_shards_bring_the_same_runs(folder):
    study = study_in(folder)
    study.run(folder / "whole", workers=1)
    for part in (1, 2):
        study.run(folder / str(part), workers=1, shard=Shard(part, 2))
    merge([folder / "1", folder / "2"], folder / "merged")
    assert Results.open(folder / "merged").digest() == Results.open(folder / "whole").digest()


def test_a_run_is_known_by_what_its_plan_does_and_not_by_its_name(folder):
    def keys(text: str) -> list[str]:
        return Results.open(folder / "out").points()["key"].to_list() if study_in(folder, text=text).run(folder / "out", workers=1) else []  # fmt: skip

    before = keys(STUDY)
    assert keys(STUDY.replace('"small"', '"tiny"')) == before
    other = keys(STUDY.replace("agenda = 0.5", "agenda = 0.6"))
    assert [a == b for a, b in zip(before, other, strict=True)] == [True, True, False]


def test_both_engines_try_plans_alike(folder):
    found = []
    for engine in ("compiled", "mesa"):
        study = study_in(folder).replace(engine=engine, replicates=1)
        study.run(folder / engine, workers=1)
        found.append(Results.open(folder / engine).array(["severity@12", "cost_meetings@12"]))
    assert np.array_equal(*found)


def test_all_faults_of_plans_and_prices_are_told_at_once(folder):
    (folder / "late.toml").write_text(EARLY.replace("month = 6", "month = 40"))
    (folder / "ours.toml").write_text("backbone_fte = -1\n")
    path = written(
        folder,
        factors='[[factor]]\nname = "backbone_staff"\n[[factor]]\nname = "condition.agenda"\n',
        more='[[plan]]\nname = "unused"\n[[plan.line]]\nname = "meeting"\namount = 1\n[[summary]]\nname = "plan_ended"\ntake = "mean"\nmeasure = "alive"\n',
    )
    path.write_text(
        path.read_text().replace('"early.toml", "small"', '"late.toml", "smal", "early.toml", "no.toml"')
    )
    with pytest.raises(SpecError) as error:
        Study.read(path)
    told = "\n".join(error.value.faults)
    for part in (
        "factor[0].levels[1] ('plan'): in scenario 'six'", "month 40 is after the end",
        "factor[0].levels[2] ('plan'): there is no preset and no [[plan]] called 'smal'", "Did you mean 'small'?",
        "factor[0].levels[4] ('plan'): there is no file", "two plans are called 'early'",
        "plan[0] ('small'): is no level of factor 'plan'", "plan[1] ('unused'): is no level",
        "prices: in 'ours.toml', backbone_fte: ", "factor[1] ('backbone_staff') is for a plan to choose",
        "factor[2] ('condition.agenda') is for a plan to choose", "summary[0].name ('plan_ended'): is kept for plans already",
    ):  # fmt: skip
        assert part in told, (part, told)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('[[factor]]\nname = "plan"\n', '[[factor]]\nname = "scenario"\n', "there is no factor that tries plans"),
        ('levels = ["isolated-impact", "early.toml", "small"]', "", "needs levels: names of presets, TOML files of plans"),
        ('name = "Evaluation"', 'name = "meeting"', "budget line 'meeting' has the name of a price"),
        ("agenda = 0.5", "agenda = 5", "plan[0].levers ('small'): lever 'agenda' = 5"),
        ('prices = "ours.toml"', "prices = 3", "must be a table of prices, or a TOML file"),
        ('prices = "ours.toml"', "prices = { meting = 3 }", "meting"),
        ('kind = "grid"', 'kind = "sobol"\npoints = 4', "nothing to draw where 'plan' is the only factor"),
        ('name = "small"', 'name = "agenda-alone"', "has the name of a preset"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(folder, old, new, said):
    path = written(folder)
    text = path.read_text()
    assert old in text
    text = text.replace(old, new)
    if "agenda-alone" in new:
        text = text.replace('"small"]', '"agenda-alone"]')
    path.write_text(text)
    with pytest.raises(SpecError) as error:
        Study.read(path)
    assert said in "\n".join(error.value.faults)

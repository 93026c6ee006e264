"""Plans that a study has tried: the same figures as if they were tried anew, and intervals that know of shared luck."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from cisim.cli import app
from cisim.decision.compare import compare_plans
from cisim.decision.estimates import mean_of, quantile_of, ratio_of, share_of
from cisim.decision.kept import tried_in_study, with_costs
from cisim.decision.plan_costs import committed_in, committed_said
from cisim.decision.prices import Prices, committed
from cisim.decision.robust.choice import robust_choice
from cisim.decision.trying import outcome_of, try_plans
from cisim.decision.worlds import worlds_of
from cisim.engine.ensemble import simulate
from cisim.errors import SpecError
from cisim.insight.crossed import Crossed
from cisim.study.kept.results import Results
from cisim.study.study import Study

OUTCOMES = ("severity", "contribution", "reached", "spent", "spent_in_all")
WORLD = 'extends = "conditions-without-backbone"\nname = "six"\nmonths = 36\n[roster]\ncount = 6\n[issue]\ntarget = 0.97\n'
STUDY = """\
name = "plans"
base = "six.toml"
replicates = {replicates}
seed = 4
{top}
[design]
{design}
[[factor]]
name = "plan"
levels = ["conditions-without-backbone", "funder-leaves", "small"]
{factors}
[keep]
measures = ["severity", "engagement"]
months = [0, 24, 36]
[[plan]]
name = "small"
levers = {{ backbone_staff = 1.0 }}
[[plan.line]]
name = "Evaluation"
amount = 1000
month = 3
until = 30
"""
TWO = '[[factor]]\nname = "trend"\nlow = -0.03\nhigh = 0.03\n[[factor]]\nname = "trust"\n'


def made(folder, design='kind = "grid"', factors="", top="", replicates=6, out="out", **options) -> Results:
    (folder / "six.toml").write_text(WORLD)
    path = folder / "study.toml"
    path.write_text(STUDY.format(design=design, factors=factors, top=top, replicates=replicates))
    Study.read(path).run(folder / out, workers=1, **options)
    return Results.open(folder / out, "plans")


def test_a_study_of_plans_alone_gives_what_trying_them_gives(tmp_path):
    tried = tried_in_study(made(tmp_path, replicates=60))
    study = Study.read(tmp_path / "study.toml")
    direct = try_plans(worlds_of(study.base, 60, 4), list(study.plans.values()))
    assert (direct.path(0, "cost_total") > 0).any() and tried.worlds.crossed is None
    ended = [(ensemble["alive"][:, -1] == 0).any() for ensemble in direct.ensembles]
    assert any(ended), "no coalition ends, so the test shows less than it says"
    for outcome in OUTCOMES:
        for month in (24, 36):
            assert np.array_equal(tried.at(outcome, month), direct.at(outcome, month)), (outcome, month)
    one, other = (compare_plans(each, 36) for each in (tried, direct))
    for plan in (1, 2):
        for outcome in OUTCOMES:
            assert one.pair(plan, 0, outcome) == other.pair(plan, 0, outcome)
        assert one.gained(plan, 0) == other.gained(plan, 0)
        assert one.extra_cost_per_hundredth(plan, 0) == other.extra_cost_per_hundredth(plan, 0)


@pytest.mark.parametrize("design", ['kind = "latin-hypercube"\npoints = 5', 'kind = "grid"'])
def test_every_world_has_the_parameters_rules_and_luck_it_was_run_with(tmp_path, design):
    factors = TWO.replace("high = 0.03", "high = 0.03\nsteps = 2" if "grid" in design else "high = 0.03")
    results = made(tmp_path, design, factors, replicates=2)
    tried = tried_in_study(results, Prices(backbone_fte=1.0))
    crossed = tried.worlds.crossed
    assert crossed is not None and tried.worlds.unknown == ("trend",)
    for plan, parts in enumerate(tried.parts):
        assert sum(len(places) for places, _ in parts) == tried.worlds.replicates
        for places, kept in parts:
            again = simulate(
                kept.scenario, crossed.replicates[places].tolist(), 4, parameters=tried.worlds.rows[places]
            )
            for outcome in OUTCOMES:
                whole = outcome_of(again, tried.plans[plan], tried.prices, outcome)[:, 36]
                assert np.array_equal(whole, tried.at(outcome, 36)[places, plan]), outcome


def test_costs_stand_beside_every_run(tmp_path):
    results = made(tmp_path)
    frame = with_costs(results, results.table())
    tried = tried_in_study(results)
    assert set(frame["plan_name"]) == {plan.name for plan in tried.plans}
    for at, (level, plan) in enumerate(results.study.plans.items()):
        rows = frame.filter(frame["plan"] == level)
        assert (rows["plan_name"] == plan.name).all()
        assert np.array_equal(rows["spent@36"], tried.at("spent", 36)[:, at])
        assert np.array_equal(rows["spent_in_all@24"], tried.at("spent_in_all", 24)[:, at])


def test_prices_can_be_changed_without_a_new_run(tmp_path):
    results = made(tmp_path, top="prices = { backbone_fte = 1.0 }")
    own, dear = tried_in_study(results), tried_in_study(results, Prices(backbone_fte=1000.0))
    assert own.prices.backbone_fte == 1.0
    more = dear.at("spent", 36) - own.at("spent", 36)
    assert np.allclose(
        more, 999 * np.column_stack([own.ensembles[k]["cost_backbone"][:, 36] for k in range(3)])
    )


def test_what_a_plan_commits_is_told_before_a_run_and_never_exceeded(tmp_path):
    results = made(tmp_path)
    told, spent = committed_in(results.study), tried_in_study(results).at("spent", 36)
    for at, plan in enumerate(told):
        chosen = results.study.plans[plan.level]
        levers = chosen.on(results.study.base).plan().levers()
        assert (
            plan.total == committed(levers, chosen, Prices(), 36) == pytest.approx(sum(plan.parts.values()))
        )
        assert spent[:, at].max() <= plan.total + 1e-6
    assert told[2].parts["Evaluation"] == 28_000
    assert any("Evaluation USD 28,000" in line for line in committed_said(results.study))


def test_worlds_in_which_a_plan_has_no_run_are_left_out_and_told(tmp_path):
    from cisim.study.running.plan import Shard

    made(tmp_path, replicates=4)
    results = made(tmp_path, shard=Shard(1, 6))
    tried = tried_in_study(results)
    whole = tried_in_study(made(tmp_path, out="whole"))
    assert tried.left_out == 6 - tried.worlds.replicates > 0
    assert f"{tried.left_out} worlds more are left out" in tried.worlds.told
    kept = np.isin(whole.at("severity", 36)[:, 0], tried.at("severity", 36)[:, 0])
    assert np.array_equal(whole.at("severity", 36)[kept], tried.at("severity", 36))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"design": 'kind = "saltelli"\npoints = 4', "factors": TWO}, "as the design is saltelli; take a grid"),
        ({"design": 'kind = "random"\npoints = 3', "factors": TWO, "replicates": 1}, "write replicates = 20 or more"),
    ],
)  # fmt: skip
def test_a_study_that_cannot_tell_says_why(tmp_path, change, said):
    with pytest.raises(SpecError, match=said):
        tried_in_study(made(tmp_path, **change))


def test_what_was_not_kept_is_refused(tmp_path):
    tried = tried_in_study(made(tmp_path))
    with pytest.raises(SpecError, match="month 30 was not kept; the study keeps 0, 24, 36"):
        tried.at("severity", 30)
    assert tried.at("reached", 30).shape == (6, 3)
    with pytest.raises(SpecError, match="'practice' was not kept; write it in"):
        compare_plans(tried, 36, ["practice"])
    with pytest.raises(SpecError, match="--fresh"):
        tried.worlds.fresh()


@pytest.mark.slow
def test_intervals_of_worlds_that_share_luck_cover_as_often_as_they_say():
    chance, rounds = np.random.default_rng(3), 400
    for drawn, settings, luck in ((True, 60, 15), (False, 4, 30)):
        crossed = Crossed(np.repeat(np.arange(settings), luck), np.tile(np.arange(luck), settings), drawn)
        held = np.zeros(4)
        for _ in range(rounds):
            of = chance.normal(size=settings) if drawn else np.linspace(-1, 1, settings)
            values = (
                of[:, None] + chance.normal(size=luck) + 0.5 * chance.normal(size=(settings, luck))
            ).ravel()
            told = (
                (mean_of(values, 0.95, crossed), 0.0),
                (ratio_of(values + 6, 12 + chance.normal(size=values.size), 0.95, crossed), 0.5),
                (share_of(values > 0, 0.95, crossed), 0.5),
                (quantile_of(values, 0.5, 0.95, crossed), 0.0),
            )
            held += [figure.low <= truth <= figure.high for figure, truth in told]
        least = 0.95 - 4 * (0.95 * 0.05 / rounds) ** 0.5  # four standard errors
        assert (held / rounds >= least - 0.02).all(), (
            drawn,
            held / rounds,
        )  # shares and quantiles are of large samples


def test_without_shared_luck_nothing_changes():
    values = np.random.default_rng(1).normal(size=50)
    own = Crossed(np.zeros(50, dtype=int), np.arange(50), False)
    for told in (lambda *of: mean_of(values, 0.9, *of), lambda *of: share_of(values > 0, 0.9, *of)):
        one, other = told(), told(own)
        assert (one.low, one.high) == pytest.approx((other.low, other.high))


def test_robust_resamples_luck_and_settings(tmp_path):
    tried = tried_in_study(made(tmp_path, 'kind = "random"\npoints = 6', TWO, replicates=4))
    told = robust_choice(tried, of="severity", month=36, thresholds=(), resamples=50)
    assert told.worlds == 24 and (told.low <= told.high).all()
    crossed = tried.worlds.crossed
    assert crossed is not None
    places = crossed.resampled(np.random.default_rng(0))
    assert len(places) == 24 and len(np.unique(crossed.replicates[places])) <= 4
    for replicate in np.unique(crossed.replicates[places]):  # each luck drawn comes with all settings drawn
        at = crossed.points[places][crossed.replicates[places] == replicate]
        assert len(at) % 6 == 0


@pytest.fixture
def cisim(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *args: CliRunner().invoke(app, [str(arg) for arg in args])


@pytest.mark.slow
def test_commands_answer_from_a_folder_of_runs(cisim, tmp_path):
    made(
        tmp_path,
        'kind = "latin-hypercube"\npoints = 10',
        TWO.partition('[[factor]]\nname = "trust"')[0],
        replicates=2,
    )
    told = cisim("compare", "out", "--month", 24, "--of", "severity", "--out", "told")
    assert told.exit_code == 0, told.output
    assert "20 worlds of study 'plans'" in told.stdout and "10 settings of trend" in told.stdout
    assert json.loads((tmp_path / "told" / "manifest.json").read_text())["asked"]["worlds"] == 20
    ranked = cisim("robust", "out", "--threshold", "severity<=0.95")
    assert ranked.exit_code == 0 and "--fresh" in ranked.stderr and "satisficing" in ranked.stdout
    checked = cisim("study", "check", "study.toml", "--no-probe")
    assert "costs the initiative at most USD" in checked.stdout
    assert cisim("study", "export", "out", "runs.csv").exit_code == 0
    assert "plan_name" in (tmp_path / "runs.csv").read_text().partition("\n")[0]


@pytest.mark.slow
def test_the_worth_of_knowing_is_told_of_a_folder_of_runs(cisim, tmp_path):
    trend = TWO.partition('[[factor]]\nname = "trust"')[0]
    made(tmp_path, 'kind = "latin-hypercube"\npoints = 60', trend, replicates=2)
    worth = cisim("information", "out")
    assert worth.exit_code == 0 and "trend" in worth.stdout and "120 worlds of study" in worth.stdout


@pytest.mark.slow
def test_thresholds_are_tested_in_the_fresh_runs_of_the_study(cisim, tmp_path):
    design = 'kind = "latin-hypercube"\npoints = 40'
    results = made(tmp_path, design, TWO, replicates=2)
    results.study.fresh().run(tmp_path / "out", workers=1)
    told = cisim("robust", "out", "--threshold", "severity<=0.99", "--json")
    assert told.exit_code == 0, told.output
    assert {row["plan"] for row in json.loads(told.stdout)["failing"]} == {plan.name for plan in results.study.plans.values()}  # fmt: skip


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("compare", "nowhere"), "or one folder of runs"),
        (("robust", "collective-impact", "isolated-impact"), "or one folder of runs"),
        (("compare", "out", "--seed", 3, "--months", 4), "leave out --months: the study has told it"),
        (("compare", "out", "--month", 7, "--of", "severity"), "month 7 was not kept"),
        (("robust", "out", "--prices", "none.toml"), "none.toml"),
        (("information", "out"), "all worlds have the same parameters"),
        (("compare", "a", "b", "--world", "collective-impact", "--study", "x"), "goes with a folder of runs"),
    ],
)
def test_what_cannot_be_asked_of_a_study_is_told(cisim, tmp_path, args, said):
    made(tmp_path, replicates=2)
    result = cisim(*args)
    assert result.exit_code == 2 and said in result.stderr, result.output

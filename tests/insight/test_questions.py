"""Questions to real studies: the whole way from runs to sentences, tables and figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import scipy.stats

from cisim.errors import SpecError
from cisim.insight import questions
from cisim.insight.attribution import attribute
from cisim.insight.crossed import of_draws
from cisim.insight.discovery.asked import hits
from cisim.insight.study_summary import _row, _spread, overview
from cisim.study.kept.results import Results
from cisim.study.running.session import run_study
from cisim.study.spec.file import StudyFile
from cisim.study.study import Study
from cisim.world.posterior import Posterior

CONDITIONS = [{"name": f"condition.{name}"} for name in ("measurement", "activities", "backbone")]


def results(tmp_path: Path, **changes) -> Results:
    told = {
        "name": "asked", "months": 36, "replicates": 12, "seed": 1,
        "keep": {"measures": ["trust_in_contacts", "contribution", "backbone_reach"], "months": [12, 36]},
    } | changes  # fmt: skip
    (tmp_path / "small.toml").write_text(
        'extends = "collective-impact"\nname = "small"\n[roster]\ncount = 8\n'
        "[parameters]\nexecution_spread = 0\n"  # few worlds: their differences would hide the factors
    )
    study = Study.of(StudyFile(base="small.toml", **told), tmp_path)
    run_study(study, tmp_path / "out", workers=1)
    return Results.open(tmp_path / "out", told["name"])


def drawn(answer, tmp_path):
    """The names of all files written, none of them empty."""
    names = answer.write(tmp_path / "figures")
    assert all((tmp_path / "figures" / name).stat().st_size > 50 for name in names)
    return set(names)


def test_comparing_two_settings(tmp_path):
    told = results(tmp_path, design={"kind": "grid"}, factor=[{"name": "backbone_staff", "levels": [0, 3]}])
    answer = questions.compare(
        told, {"backbone_staff": 0.0}, {"backbone_staff": 3.0}, "trust_in_contacts", precision=0.001
    )
    values = told.array("trust_in_contacts@36")
    assert answer.result.difference[-1] == pytest.approx((values[1] - values[0]).mean())
    first, second = (values[at].mean() for at in (0, 1))
    assert (
        f"backbone_staff = 0: {first:.4g}; backbone_staff = 3: {second:.4g}; difference"
        in answer.sentences[0]
    )
    assert "backbone_staff = 3 is higher" in answer.sentences[0]
    assert "replicates are needed in all" in answer.sentences[-1]
    assert {"comparison.png", "comparison.svg", "comparison.csv"} <= drawn(answer, tmp_path)


def test_settings_that_are_not_there_are_named(tmp_path):
    told = results(
        tmp_path, design={"kind": "grid"}, replicates=2,
        factor=[{"name": "backbone_staff", "levels": [0, 3]}, {"name": "trust_gain", "levels": [0.03, 0.05]}],
    )  # fmt: skip
    with pytest.raises(SpecError, match="2 points have these values; name trust_gain too"):
        questions.compare(
            told, {"backbone_staff": 0.0}, {"backbone_staff": 3.0, "trust_gain": 0.03}, "contribution"
        )
    with pytest.raises(
        SpecError, match=r"no point with trust_gain = 0.04 among those chosen; it has 0.03, 0.05"
    ):
        questions.compare(
            told, {"backbone_staff": 0.0, "trust_gain": 0.04}, {"backbone_staff": 3.0}, "contribution"
        )
    with pytest.raises(SpecError, match="no factor 'staff'"):
        questions.compare(told, {"staff": 0.0}, {"backbone_staff": 3.0}, "contribution")
    with pytest.raises(SpecError, match="no number 'severity' was kept"):
        questions.compare(told, {"backbone_staff": 0.0}, {"backbone_staff": 3.0}, "severity")


@pytest.mark.slow  # compiles the rule variant
def test_sensitivity_of_a_real_study_over_time_and_for_a_rule_variant(tmp_path):
    told = results(
        tmp_path, design={"kind": "saltelli", "points": 32}, replicates=4,
        factor=[{"name": "trust_gain"}, {"name": "trust"}, {"name": "trend"}],
    )  # fmt: skip
    answer = questions.sensitivity(told, "trust_in_contacts")
    total = answer.result.total
    assert total.shape == (3, 2)
    assert total[0, 1] > 0.1 and total[1, 1] > 0.1  # how trust is won, and the rule of losing it
    assert total[2, 1] < 0.001  # the issue's own trend moves trust by what is seen of progress alone
    assert "Chance is" in " ".join(answer.sentences)
    assert {"sensitivity.png", "sensitivity_over_time.svg", "sensitivity.csv"} <= drawn(answer, tmp_path)


def test_screening_by_elementary_effects(tmp_path):
    told = results(
        tmp_path, design={"kind": "morris", "trajectories": 6}, replicates=2,
        factor=[{"name": "trust_gain"}, {"name": "trend"}, {"name": "meetings"}],
    )  # fmt: skip
    answer = questions.sensitivity(told, "trust_in_contacts@36")
    effects = dict(zip(told.factors, answer.result.mu_star[:, 0], strict=True))
    assert 10 * effects["trend"] < effects["trust_gain"]
    assert "sensitivity.png" in drawn(answer, tmp_path)


def test_conditions_share_the_gain(tmp_path):
    told = results(tmp_path, design={"kind": "grid"}, factor=CONDITIONS)
    answer = questions.attribution(told, "contribution")
    points = told.points()
    means = told.array("contribution@36").mean(axis=1)
    every = points.filter(pl.all_horizontal(pl.col(c["name"]) for c in CONDITIONS))["point"].item()
    none = points.filter(~pl.any_horizontal(pl.col(c["name"]) for c in CONDITIONS))["point"].item()
    shapley = answer.result.shapley.mean
    assert shapley.shape == (3, 2)
    assert shapley[:, 1].sum() == pytest.approx(means[every] - means[none])
    backbone = points.filter(
        pl.col("condition.backbone") & ~pl.col("condition.measurement") & ~pl.col("condition.activities")
    )
    alone = answer.result.alone.mean[answer.result.players.index("backbone"), 1]
    assert alone == pytest.approx(means[backbone["point"].item()] - means[none])
    assert {"attribution.png", "interactions.svg", "together.csv"} <= drawn(answer, tmp_path)
    less = questions.attribution(told, "contribution", less=True)
    assert np.allclose(less.result.shapley.mean, -shapley)


def test_shares_are_as_sure_as_the_draws_of_a_posterior_are_many(tmp_path):
    draws = np.column_stack([[0.02, 0.05, 0.08, 0.11], [0.5, 0.6, 0.7, 0.8]])
    Posterior.from_table(["trust_gain", "trust_mean"], draws.tolist(), provenance={}).write(
        tmp_path / "draws.csv"
    )
    told = results(tmp_path, design={"kind": "grid"}, factor=CONDITIONS, posterior="draws.csv")
    found = questions.attribution(told, "trust_in_contacts").result
    order = [
        sum(2**k for k, one in enumerate(CONDITIONS) if row[one["name"]]) for row in told.points().to_dicts()
    ]
    values = told.array("trust_in_contacts@36")[np.argsort(order)]
    known = attribute(values, found.players, crossed=of_draws(draws[np.arange(12) % 4]))
    assert found.shapley.low[:, 1] == pytest.approx(known.shapley.low[:, 0])
    assert (found.whole.high - found.whole.low)[1] > 1.5 * np.ptp(
        attribute(values, found.players).whole.at(0)[1:]
    )


def test_what_a_design_cannot_answer_is_said(tmp_path):
    told = results(
        tmp_path,
        design={"kind": "grid"},
        replicates=2,
        factor=[*CONDITIONS[:2], {"name": "roster.count", "levels": [8, 9]}],
    )
    with pytest.raises(SpecError, match="no sensitivity indices; lay the study out as 'saltelli'"):
        questions.sensitivity(told, "contribution")
    with pytest.raises(SpecError, match=r"it also varies roster\.count"):
        questions.attribution(told, "contribution")
    told.study.file.__dict__["replicates"] = 3  # as if more had been asked for and not yet run
    with pytest.raises(SpecError, match=r"runs are still to be made"):
        questions.attribution(Results(told.store, told.study.replace(factor=CONDITIONS[:2])), "contribution")


def test_discovery_scores_its_box_on_fresh_runs(tmp_path):
    told = results(
        tmp_path, design={"kind": "sobol", "points": 128}, replicates=8,
        factor=[{"name": "backbone_staff"}, {"name": "network.unlisted", "levels": ["drawn", "absent"]}, {"name": "trust_gain"}],
    )  # fmt: skip
    run_study(told.study.fresh(), tmp_path / "out", workers=1)
    fresh = Results.open(tmp_path / "out", "asked-fresh")
    middle = float(np.median(told.array("backbone_reach@36")))
    answer = questions.discover(told, "backbone_reach@36", lambda x: x >= middle, "it reaches them", fresh)
    chosen, scored, tree = answer.result
    assert set(chosen.box.restrictions) <= {"backbone_staff", "network.unlisted"} and chosen.box.restrictions
    assert scored.density.low > scored.base.high and scored.points == 128
    assert "fresh points" in answer.sentences[1] and len(tree.leaves) > 1
    assert {"box.png", "peeling.svg", "points.png", "score.csv"} <= drawn(answer, tmp_path)
    alone = questions.discover(told, "backbone_reach@36", lambda x: x >= middle, "it reaches them", None)
    assert "optimistic" in alone.sentences[1] and "--fresh" in alone.sentences[1]


def test_discovery_says_in_the_users_words_why_it_cannot_be_done(tmp_path):
    staff = [{"name": "backbone_staff", "levels": [0, 1, 2, 3]}]
    told = results(tmp_path, design={"kind": "grid"}, replicates=2, factor=staff)
    values = told.array("contribution@36")
    with pytest.raises(SpecError) as refused:
        questions.discover(told, "contribution@36", lambda x: x > 10, "contribution@36 > 10", None)
    assert refused.value.faults == (
        "discovery needs at least 5 points that have runs; there are 4. Add points or levels, or run more of the study.",
        f"no run has contribution@36 > 10; contribution@36 is {values.min():.4g} to {values.max():.4g}. Ask for an outcome that happens.",
    )


def test_the_first_table_of_a_study(tmp_path):
    told = results(
        tmp_path, design={"kind": "sobol", "points": 16}, replicates=3,
        factor=[{"name": "trust_gain"}, {"name": "trust_loss_ratio", "when": {"network.unlisted": "drawn"}}, {"name": "network.unlisted", "levels": ["drawn", "absent"]}],
        summary=[{"name": "months_to_target", "take": "months-to-target"}],
    )  # fmt: skip
    first = overview(told)
    table = told.table()
    row = first.overall.row(by_predicate=pl.col("number") == "trust_in_contacts@36", named=True)
    values = table["trust_in_contacts@36"]
    assert row["mean"] == pytest.approx(values.mean()) and row["median"] == pytest.approx(values.median())
    point, world = (
        table.group_by(by).agg(pl.col(values.name).mean())[values.name] for by in ("point", "replicate")
    )
    variance = max(world.var() / 3 + point.var() / 16 - values.var() / 48, world.var() / 3)
    assert row["mean_to"] - row["mean"] == pytest.approx(
        scipy.stats.t.ppf(0.975, 2) * variance**0.5, rel=1e-6
    )
    never = first.overall.row(by_predicate=pl.col("number") == "months_to_target", named=True)
    assert never["share_with_value"] == 0 and never["median"] is None
    levels = first.by_factor.filter(pl.col("factor") == "network.unlisted")
    assert levels["value"].to_list() == ["absent", "drawn"] and levels["runs"].sum() == 48
    assert set(first.by_factor["factor"]) == {"trust_gain", "trust_loss_ratio", "network.unlisted"}


@pytest.mark.slow
def test_pairing_worlds_makes_three_shipped_what_ifs_clear(tmp_path):
    """Variance of paired differences at most 0.4 times that of unpaired ones, for severity after ten years."""
    study = Study.read(Path(__file__).parents[2] / "experiments" / "what_if" / "study.toml")
    run_study(study.replace(replicates=200), tmp_path / "out")
    told = Results.open(tmp_path / "out")
    for other in ("funder-leaves", "backbone-too-small", "isolated-impact"):
        answer = questions.compare(
            told, {"scenario": "collective-impact"}, {"scenario": other}, "severity@120"
        )
        assert 1 / float(answer.result.variance_reduction) <= 0.4, other


@pytest.mark.parametrize("kind", ["sobol", "grid"])
def test_the_interval_of_a_mean_holds_the_mean_of_all_worlds(kind):
    """95 % of intervals do, where worlds matter more than settings; within four standard errors of 300 trials."""
    draw, held = np.random.Generator(np.random.Philox(5)), 0
    for _ in range(300):
        points, worlds = draw.normal(0, 0.5, (16, 1)), draw.normal(0, 1, (1, 6))
        values = points + worlds + draw.normal(0, 0.3, (16, 6))
        frame = pl.DataFrame(
            {"point": np.repeat(range(16), 6), "replicate": np.tile(range(6), 16), "y": values.ravel()}
        )
        sides = {by: _spread(frame.lazy(), ["y"], by) for by in ("point", "replicate")}
        told = {"y\0mean": values.mean(), "y\0var": frame["y"].var(), "\0runs": 96, "y\0share": 1.0}
        told |= dict.fromkeys(("y\0low", "y\0median", "y\0high"), 0.0)
        row = _row("y", told, sides, kind == "sobol")
        truth = 0.0 if kind == "sobol" else points.mean()
        held += row["mean_from"] <= truth <= row["mean_to"]
    assert held / 300 == pytest.approx(0.95, abs=4 * (0.95 * 0.05 / 300) ** 0.5)


def test_runs_that_never_got_there_count_as_late(tmp_path):
    told = results(
        tmp_path, design={"kind": "grid"}, factor=[{"name": "trust_gain", "levels": [0.02, 0.06]}],
        summary=[{"name": "warm", "take": "first-month", "measure": "trust_in_contacts", "at_least": 0.62}],
    )  # fmt: skip
    months = told.array("warm")
    assert np.isnan(months).any()
    late = np.nan_to_num(months, nan=37.0)
    answer = questions.compare(told, {"trust_gain": 0.02}, {"trust_gain": 0.06}, "warm")
    assert float(answer.result.difference) == pytest.approx((late[1] - late[0]).mean())
    assert "never got there count as month 37" in answer.sentences[-1]
    assert hits(told, "warm", lambda x: x > 20)[1].tolist() == (late > 20).mean(axis=1).tolist()


def test_what_has_no_answer_says_so(tmp_path):
    told = results(
        tmp_path, design={"kind": "grid"}, replicates=1, factor=[{"name": "backbone_staff", "levels": [0, 3]}]
    )
    answer = questions.compare(told, {"backbone_staff": 0}, {"backbone_staff": 3}, "contribution@36")
    assert answer.sentences == ("contribution@36: worlds with a value of both: 1; nothing can be compared.",)
    with pytest.raises(SpecError) as refused:
        questions.compare(told, {"backbone_stafff": 0}, {"measurment": 1}, "contribution@36")
    assert [fault.split(".")[0] for fault in refused.value.faults] == [
        "--a: no factor 'backbone_stafff'", "--b: no factor 'measurment'",
    ]  # fmt: skip
    with pytest.raises(SpecError, match="no point with backbone_staff = much"):
        questions.compare(told, {"backbone_staff": "much"}, {"backbone_staff": 3}, "contribution@36")

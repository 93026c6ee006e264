"""The Desk: plans on the same draws; what drives their difference; sentences that claim no more than the numbers."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from cisim import verbs
from cisim.app.drawing.desk import MEASURES_NEEDED, compared_of, desk_picture, parted
from cisim.app.drawing.desk_changes import changes
from cisim.app.drawing.desk_drivers import REST, condition_subsets, driver_replicates, driver_rows
from cisim.app.drawing.desk_lanes import lanes_of
from cisim.app.drawing.desk_outcomes import DESK_OUTCOMES
from cisim.app.drawing.desk_words import chance_sentence, difference_sentence
from cisim.decision.directions import better_of
from cisim.engine.ensemble import Ensemble, simulate
from cisim.errors import SpecError
from cisim.insight.attribution import attribute
from cisim.insight.comparison import compare, compare_ensembles
from cisim.insight.crossed import of_draws
from cisim.theory.measures import MEASURES
from cisim.theory.parameters import UNCERTAINTIES
from cisim.world.posterior import Posterior

MONTHS, WORLDS = 40, 12
SEVERITY, MEMBERS = (next(o for o in DESK_OUTCOMES if o.name == name) for name in ("severity", "members"))


def plan(name="collective-impact", **told):
    return verbs.preset(name).replace(months=MONTHS, **told)


def busy():
    """A plan whose events move levers, ramp them, and touch partners."""
    first = verbs.preset("collective-impact").ids[0]
    events = [
        {"kind": "funder-enters", "month": 3, "pooled_funding": 4.0, "staff": 1.0},
        {"kind": "ramp-lever", "month": 5, "lever": "meetings", "value": 0.5, "over": 7},
        {"kind": "trust-breach", "month": 9, "partner": first, "loss": 0.4},
        {"kind": "funder-leaves", "month": 20},
        {"kind": "set-lever", "month": 20, "lever": "prototyping", "value": 0.3},
    ]
    return plan(levers={"agenda": 0.5, "meetings": 2.0, "backbone_staff": 2.0}, event=events)


@pytest.fixture(scope="module")
def compared():
    pair = (plan("isolated-impact"), busy())
    return compared_of([simulate(one, WORLDS, 5, measures=MEASURES_NEEDED) for one in pair])


def test_every_combination_has_the_levers_of_the_plan_it_takes_them_from():
    a, b = plan("collective-impact"), busy()
    subsets = condition_subsets(a, b)
    assert subsets.players == (
        "agenda",
        "measurement",
        "activities",
        "communication",
        "backbone",
        "funding",
        REST,
    )
    assert subsets.scenarios[0] is a and subsets.scenarios[-1] is b
    ours, theirs = a.plan().levers(), b.plan().levers()
    for row, scenario in enumerate(subsets.scenarios):
        levers = scenario.plan().levers()
        for place, lever in (
            (0, "agenda"),
            (3, "meetings"),
            (4, "backbone_staff"),
            (5, "pooled_funding"),
            (6, "prototyping"),
        ):
            assert np.array_equal(levers[lever], (theirs if row >> place & 1 else ours)[lever])
        assert len(scenario.plan().effects()) == (row >> 6 & 1)


def test_a_combination_built_from_either_plan_gives_the_same_runs_bit_for_bit():
    a, b = plan("funder-leaves"), busy()
    there, back = condition_subsets(a, b), condition_subsets(b, a)
    last = len(there.scenarios) - 1
    for row in (1, 37, 2 ** len(there.players) - 2):
        one, other = (
            simulate(s, 3, 1, measures=["severity", "engagement"])
            for s in (there.scenarios[row], back.scenarios[last - row])
        )
        assert np.array_equal(one.values, other.values)


def test_the_parts_of_the_conditions_add_up_to_the_whole_difference():
    a, b = (
        plan(),
        plan(
            levers={
                **verbs.preset("collective-impact").levers,
                "meetings": 0.0,
                "backbone_staff": 0.0,
                "measurement": 0.0,
            }
        ),
    )
    subsets = condition_subsets(a, b)
    assert subsets.players == ("measurement", "communication", "backbone")
    runs = [simulate(one, WORLDS, 2, measures=["contribution"]) for one in subsets.scenarios]
    rows = driver_rows(subsets, runs, "contribution", MONTHS, less=False)
    whole = (runs[-1].sel("contribution", month=MONTHS) - runs[0].sel("contribution", month=MONTHS)).mean()
    assert sum(row["amount"] for row in rows) == pytest.approx(whole, abs=1e-4)
    assert sum(row["share"] for row in rows) == pytest.approx(1, abs=1e-3)
    assert all(row["amount_low"] <= row["amount"] <= row["amount_high"] for row in rows)
    assert [abs(row["amount"]) for row in rows] == sorted((abs(row["amount"]) for row in rows), reverse=True)
    assert not any(row["better"] for row in rows if row["amount"] < 0)
    both = compared_of([simulate(one, WORLDS, 2, measures=MEASURES_NEEDED) for one in (a, b)])
    told = desk_picture(both, drivers=rows, drivers_state={"state": "done"})
    assert (
        f"8 combinations of what differs, each in {WORLDS} worlds, {8 * WORLDS} runs"
        in told["drivers_state"]["text"]
    )


def test_parts_are_as_sure_as_the_draws_of_a_posterior_are_many():
    draws = np.array([[0.02, 0.5], [0.05, 0.6], [0.08, 0.7]])
    few = Posterior.from_table(["trust_gain", "trust_mean"], draws.tolist(), provenance={})
    levers = verbs.preset("collective-impact").levers
    a, one, both = (
        plan(levers={**levers, **dict.fromkeys(gone, 0.0)}).replace(posterior=few)
        for gone in ((), ("meetings",), ("meetings", "measurement"))
    )
    shared = of_draws(draws[np.arange(WORLDS) % 3])
    for b in (one, both):
        subsets = condition_subsets(a, b)
        runs = [simulate(scenario, WORLDS, 2, measures=["contribution"]) for scenario in subsets.scenarios]
        values = np.stack([run.sel("contribution", month=MONTHS) for run in runs])
        rows = {
            row["condition"]: row for row in driver_rows(subsets, runs, "contribution", MONTHS, less=False)
        }
        for place, name in enumerate(subsets.players):
            if b is one:
                known = compare(values[0], values[1], crossed=shared)
                ends = (float(known.low), float(known.high))
            else:
                ends = attribute(values, subsets.players, crossed=shared).shapley.at(place, 0)[1:]
            assert (rows[name]["amount_low"], rows[name]["amount_high"]) == pytest.approx(ends, abs=1e-5)


def test_one_condition_alone_has_the_whole_share_and_alike_plans_have_none():
    a, b = plan(), plan(levers={**verbs.preset("collective-impact").levers, "backbone_staff": 0.0})
    subsets = condition_subsets(a, b)
    runs = [simulate(one, WORLDS, 2, measures=["engagement"]) for one in subsets.scenarios]
    (row,) = driver_rows(subsets, runs, "engagement", MONTHS, less=False)
    assert (row["condition"], row["share"]) == ("backbone", 1.0)
    assert condition_subsets(a, a.replace(title="Another")).players == ()
    assert driver_rows(condition_subsets(a, a), [runs[0]], "engagement", MONTHS, less=False) == []
    with pytest.raises(SpecError, match="same months"):
        condition_subsets(a, a.replace(months=12))


def test_runs_of_one_question_stay_within_bounds():
    subsets = condition_subsets(plan("isolated-impact"), busy())
    assert driver_replicates(subsets, 1_000) * len(subsets.scenarios) <= 3_200
    assert driver_replicates(condition_subsets(plan(), plan()), 50) == 50


def test_the_difference_list_tells_what_differs_and_nothing_else():
    a, b = plan(), plan("funder-leaves")
    told = {row["what"]: row["values"] for row in changes([a, b])}
    assert set(told) == {"Funding for delivery at the start", "Funder leaves"}
    assert told["Funder leaves"][0] == "does not happen"
    assert told["Funder leaves"][1].startswith("month 36: the funder leaves")
    assert all(len(set(values)) > 1 for values in told.values())
    assert changes([a, a.replace(title="Another")]) == [] and changes([a]) == []
    other = a.replace(parameters={"trust_gain": 0.05}, rules={"trust": "symmetric"}, issue={"target": 0.5})
    rows = {row["what"]: row["values"] for row in changes([a, other])}
    assert rows["Target severity"] == ["0.7", "0.5"]
    assert rows["Assumption: trust gain"] == [
        f"{UNCERTAINTIES['trust_gain'].default:g} per contact",
        "0.05 per contact",
    ]
    assert rows["Rule of trust"] == ["asymmetric", "symmetric"]


def test_figures_are_those_of_the_comparison(compared):
    picture = desk_picture(compared, month=24)
    for row in picture["differences"]:
        if row["outcome"] == "reached":
            continue
        result = compare_ensembles(*compared.ensembles, row["outcome"])
        assert row["difference"] == pytest.approx(result.difference[24], rel=1e-3, abs=1e-9)
        assert (row["low"], row["high"]) == pytest.approx(
            (result.low[24], result.high[24]), rel=1e-3, abs=1e-9
        )
        share = result.b_lower if row["better"] == "less" else result.b_higher
        assert (row["better_low"], row["better_high"]) == pytest.approx(
            (share.low[24], share.high[24]), abs=1e-3
        )


def test_the_chance_to_reach_the_target_counts_worlds_that_got_there(compared):
    ensembles = [replace(e, scenario=e.scenario.replace(issue={"target": 0.97})) for e in compared.ensembles]
    picture = desk_picture(compared_of(ensembles), month=24)
    for ensemble, told in zip(ensembles, picture["plans"], strict=True):
        first = ensemble.months_to_target()
        assert told["reached"]["share"] == pytest.approx((first <= 24).mean(), abs=1e-3)
        path = told["reached_path"]["value"]
        assert (
            path == sorted(path)
            and told["reached"]["low"] <= told["reached"]["share"] <= told["reached"]["high"]
        )


def test_the_picture_is_plain_data_also_for_one_plan_one_world_and_any_month(compared):
    alone = Ensemble(
        compared.ensembles[0].scenario, 5, np.array([0]), compared.ensembles[0].measures,
        compared.ensembles[0].values[:1],
    )  # fmt: skip
    for plans in ([compared.ensembles[0]], [alone, alone], list(compared.ensembles) * 2):
        for month in (None, 0, 7, 9_999):
            text = json.dumps(desk_picture(compared_of(plans), month=month), allow_nan=False)
            assert "NaN" not in text
    words = [row["sentence"] for row in desk_picture(compared_of([alone, alone]))["differences"]]
    assert any("One world alone" in sentence for sentence in words)


def test_what_another_month_changes_is_small_and_the_rest_stays(compared):
    (courses, rest), (again, _) = (parted(desk_picture(compared, month=month)) for month in (7, 30))
    assert courses == again
    picture = desk_picture(compared, month=7)
    assert len(json.dumps(rest)) < 0.3 * len(json.dumps(courses))
    assert [{**plan, **more} for plan, more in zip(rest["plans"], courses["plans"], strict=True)] == picture[
        "plans"
    ]
    rows = zip(rest["differences"], courses["mean_paths"], strict=True)
    assert [{**row, "mean_path": path} for row, path in rows] == picture["differences"]
    assert {**rest, "changes": courses["changes"]}.keys() == picture.keys()


def test_units_and_directions_are_those_that_are_declared():
    for outcome in DESK_OUTCOMES:
        assert outcome.unit == MEASURES[outcome.name].unit
        assert outcome.better in ("", better_of(outcome.name))
    assert (SEVERITY.better, MEMBERS.better) == ("less", "more")


def test_no_figure_of_a_difference_stands_without_its_interval(compared):
    for row in desk_picture(compared, month=18)["differences"]:
        assert "95 % interval" in row["sentence"] or "alike" in row["sentence"]
    picture = desk_picture(compared)
    assert "tool to think with" in " ".join(picture["cautions"])


def test_sentences_say_what_the_numbers_allow():
    names = ("Plan A", "Plan B")
    told = difference_sentence(names, SEVERITY, (-0.0412, -0.0531, -0.0293), (0.88, 0.8, 0.93), 100, "")
    assert told == (
        "Plan B ends 0.04 lower in severity (95 % interval 0.03 to 0.05); it is better in 88 of 100 worlds "
        "(95 % interval 80 to 93 %)."
    )
    told = difference_sentence(names, MEMBERS, (1.2, -0.4, 2.8), (0.6, 0.5, 0.7), 50, "In month 12")
    assert told.startswith(
        "In month 12, no difference in membership can be told: Plan B less Plan A is 1 member ("
    )
    assert "better in 30 of 50 worlds" in told
    assert "alike" in difference_sentence(names, SEVERITY, (0.0, 0.0, 0.0), (0.0, 0.0, 0.1), 20, "")
    assert "run more" in difference_sentence(names, SEVERITY, (0.1, None, None), (1.0, 0.2, 1.0), 1, "")
    assert "8 fewer of 100 worlds reach the target under Plan B" in chance_sentence(
        names, (-0.08, -0.13, -0.03), 120
    )
    assert "no difference in reaching the target can be told" in chance_sentence(
        names, (0.02, -0.01, 0.05), 60
    )


def test_plans_of_other_worlds_are_refused(compared):
    other = simulate(compared.ensembles[1].scenario, WORLDS, 6, measures=MEASURES_NEEDED)
    with pytest.raises(SpecError, match="different worlds"):
        compared_of([compared.ensembles[0], other])


def test_lanes_follow_the_levers_month_by_month():
    scenario = busy()
    (lanes,) = lanes_of([scenario])
    levers = scenario.plan().levers()
    for lane in lanes:
        path = np.empty(MONTHS + 1)
        for month, value in lane["steps"]:
            path[month:] = value
        assert path == pytest.approx(levers[lane["name"]], rel=1e-5)
        assert path.max() <= lane["high"]
    assert {"agenda", "meetings", "funded", "prototyping"} <= {lane["name"] for lane in lanes}

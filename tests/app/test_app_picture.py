"""The Stage's picture says what the runs say: bands, shares, the scorecard, and axes that stay where they are."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest

from cisim import verbs
from cisim.app.drawing.axes import limits_of
from cisim.app.drawing.bands import LEVELS, path_of, quantiles, share_of
from cisim.app.drawing.outcomes import CONDITIONS, OUTCOMES, RECORDED
from cisim.app.drawing.picture import NO_HELP, limits_in, stage_picture
from cisim.app.pictures import Condition, Outcome, StagePicture
from cisim.engine.ensemble import Ensemble, simulate
from cisim.theory.measures import MEASURES
from cisim.theory.parameters import LEVERS

MONTHS = 36


def plan(name="collective-impact", **told):
    return verbs.preset(name).replace(**{"months": MONTHS} | told)


@pytest.fixture(scope="module")
def ensemble():
    return simulate(plan(), 9, 2, measures=RECORDED)


@pytest.fixture(scope="module")
def alone():
    return simulate(plan("isolated-impact"), 9, 2, measures=RECORDED)


@pytest.fixture(scope="module")
def picture(ensemble, alone):
    return stage_picture(ensemble, replicate=4, baseline=alone, serial=12, milliseconds=3.21)


def of(picture, name):
    return next(outcome for outcome in picture["outcomes"] if outcome["name"] == name)


def with_severity(paths, target=0.7):
    """An ensemble of given severities by month; the world alone stays at 1."""
    paths = np.asarray(paths, float)
    values = np.zeros((*paths.shape, len(RECORDED)))
    values[:, :, RECORDED.index("severity")] = paths
    values[:, :, RECORDED.index("severity_alone")] = 1.0
    values[:, :, RECORDED.index("contribution")] = 1.0 - paths
    scenario = plan(months=paths.shape[1] - 1, issue={"target": target})
    return Ensemble(scenario, 0, np.arange(len(paths)), RECORDED, values)


# form
def test_a_picture_is_what_the_protocol_says_and_json_without_nan(picture):
    assert StagePicture.__required_keys__ <= set(picture)
    assert set(picture) <= StagePicture.__required_keys__ | StagePicture.__optional_keys__
    assert all(set(outcome) == set(Outcome.__annotations__) for outcome in picture["outcomes"])
    assert all(set(condition) == set(Condition.__annotations__) for condition in picture["conditions"])
    assert json.loads(json.dumps(picture, allow_nan=False)) == picture
    assert (picture["serial"], picture["settled"], picture["replicates"]) == (12, True, 9)


def test_ten_years_of_fifty_runs_take_less_than_50_kilobytes():
    ensemble = simulate(plan(months=120), 50, measures=RECORDED)
    assert len(json.dumps(stage_picture(ensemble), separators=(",", ":"))) < 50_000


def test_everything_shown_is_a_declared_measure_that_is_recorded():
    for shown in OUTCOMES:
        assert shown.name in RECORDED and shown.unit == MEASURES[shown.name].unit
        assert not shown.alone or MEASURES[shown.alone].unit == shown.unit
        assert shown.tier in ("early", "system", "population", "cost")
    for condition in CONDITIONS:
        assert condition.lever in LEVERS and MEASURES[condition.measure].high == 1


# bands
def test_bands_are_the_quantiles_of_the_runs(picture, ensemble):
    for shown in OUTCOMES:
        band = of(picture, shown.name)["band"]
        known = np.quantile(ensemble[shown.name], LEVELS, axis=0)
        for row, part in zip(known, ("low", "lower", "median", "upper", "high"), strict=True):
            assert np.abs(np.array(band[part]) - row).max() <= 0.5 * 10**-shown.decimals + 1e-12


@pytest.mark.parametrize("count", [1, 2, 3, 50])
def test_quantiles_are_those_of_numpy_and_leave_out_what_is_not_known(count):
    rng = np.random.default_rng(count)
    values = rng.normal(size=(count, 7, 3))
    assert np.allclose(quantiles(values), np.quantile(values, LEVELS, axis=0), rtol=0, atol=1e-12)
    values[rng.random(values.shape) < 0.4] = np.nan
    values[:, 0, 0] = np.nan
    values[0, 1:, :] = 1.0
    values[0, 0, 1:] = 1.0
    found = quantiles(values)
    assert np.isnan(found[:, 0, 0]).all()
    known = np.nanquantile(values.reshape(count, -1)[:, 1:], LEVELS, axis=0)
    assert np.allclose(found.reshape(5, -1)[:, 1:], known, rtol=0, atol=1e-12)


def test_what_is_not_known_is_none():
    assert path_of(np.array([0.12345, np.nan]), 3) == [0.123, None]


def test_the_run_shown_the_baseline_and_the_world_alone_are_there(picture, ensemble, alone):
    severity = of(picture, "severity")
    assert severity["one"] == np.round(ensemble["severity"][4], 3).tolist()
    assert severity["baseline"]["median"] == np.round(np.median(alone["severity"], axis=0), 3).tolist()
    assert severity["alone"] == np.round(np.median(ensemble["severity_alone"], axis=0), 3).tolist()
    assert of(picture, "alignment")["alone"] is None


def test_without_a_baseline_and_with_a_run_that_is_not_in_there_is_nothing_to_draw(ensemble):
    severity = of(stage_picture(ensemble, replicate=99), "severity")
    assert severity["baseline"] is None and severity["one"] == []


# axes
def test_axes_hold_all_that_is_drawn(picture):
    for outcome in picture["outcomes"]:
        drawn = [
            *outcome["band"]["low"],
            *outcome["band"]["high"],
            *outcome["one"],
            *(outcome["alone"] or []),
        ]
        assert outcome["low"] <= min(drawn) and max(drawn) <= outcome["high"]


def test_axes_stay_while_a_lever_moves():
    limits, seen = None, []
    for agenda in (1.0, 0.8, 0.6, 0.8, 1.0):
        plan_now = plan(levers=plan().levers | {"agenda": agenda})
        shown = stage_picture(simulate(plan_now, 5, measures=RECORDED), before=limits)
        limits = limits_in(shown)
        seen.append(limits)
    for name in seen[0]:
        spans = [limits[name] for limits in seen]
        assert all(after[0] <= now[0] and after[1] >= now[1] for now, after in itertools.pairwise(spans))
        assert len(set(spans)) <= 2


@pytest.mark.parametrize(
    ("least", "most", "before", "expected"),
    [
        (0.2, 0.9, None, (0, 1)),
        (0.2, 1.05, None, (0, 1.2)),
        (-0.05, 0.9, None, (-0.2, 1)),
        (0.2, 0.9, (-0.2, 1.4), (-0.2, 1.4)),
        (0.0, 37.0, None, (0, 40)),
    ],
)
def test_axes_grow_in_steps_and_never_shrink(least, most, before, expected):
    shown = next(outcome for outcome in OUTCOMES if outcome.name == "trust_in_contacts")
    told = None if before is None else {shown.name: before}
    assert limits_of(shown, least, most, told) == pytest.approx(expected)


# shares and sentences
def test_who_reaches_the_target_and_when():
    shown = stage_picture(with_severity([[1, 0.9, 0.6], [1, 0.6, 0.9], [1, 0.9, 0.9], [1, 0.65, 0.6]]))
    reached = shown["reached"]
    assert (reached["share"], reached["count"], reached["runs"]) == (0.75, 3, 4)
    assert reached["months"] == 1  # the second of 1, 1, 2, never
    assert (reached["low"], reached["high"]) == pytest.approx((0.3006, 0.9544), abs=1e-4)  # Wilson's
    assert "3 of 4 runs" in shown["headline"] and "by month 2" in shown["headline"]
    assert "30 to 95 %" in shown["reached_text"]


def test_the_middle_run_that_does_not_get_there_has_no_month():
    reached = stage_picture(with_severity([[1, 0.6], [1, 0.9], [1, 0.9]]))["reached"]
    assert reached["months"] is None and reached["share"] == pytest.approx(1 / 3, abs=1e-4)


def test_no_help_is_a_contribution_that_is_not_worth_mentioning():
    shown = stage_picture(with_severity([[1, 1 - 0.9 * NO_HELP], [1, 1 - 1.1 * NO_HELP], [1, 1.2], [1, 0.5]]))
    assert (shown["harmed"]["count"], shown["harmed"]["worse"], shown["harmed"]["share"]) == (2, 1, 0.5)
    assert (
        "2 of 4 runs" in shown["harmed_text"] and "in 1 of these it made things worse" in shown["harmed_text"]
    )


def test_one_run_alone_is_not_told_as_more(ensemble):
    one = simulate(plan(months=24), 1, measures=RECORDED)
    shown = stage_picture(one)
    assert "This one run" in shown["headline"] and "by year 2" in shown["headline"]


def test_a_coalition_with_nothing_in_place_does_not_help(alone):
    shown = stage_picture(alone)
    assert shown["harmed"]["share"] == 1 and shown["harmed"]["low"] > 0.6


def test_shares_have_the_interval_of_wilson():
    assert share_of(np.zeros(10)) == pytest.approx((0.0, 0.0, 0.2775), abs=1e-4)
    assert share_of(np.ones(10)) == pytest.approx((1.0, 0.7225, 1.0), abs=1e-4)


# the scorecard
def test_the_scorecard_sets_what_is_placed_against_what_is_achieved(picture, ensemble):
    assert [condition["name"] for condition in picture["conditions"]] == [
        "agenda", "measurement", "coordination", "meetings", "backbone_staff",
    ]  # fmt: skip
    for condition in picture["conditions"]:
        assert condition["placed"] == [1.0] * (MONTHS + 1)  # what the preset puts in place fills the bars
        achieved = np.median(ensemble[condition["achieved_measure"]], axis=0)
        assert condition["achieved"] == np.round(achieved, 3).tolist()
        assert min(condition["achieved"]) >= 0 and max(condition["achieved"]) <= 1


def test_what_is_put_in_place_is_told_with_its_changes():
    events = [
        {"kind": "set-lever", "month": 5, "lever": "agenda", "value": 0.5},
        {"kind": "backbone-closes", "month": 7},
        {"kind": "ramp-lever", "month": 3, "lever": "meetings", "value": 5, "over": 20},
    ]
    shown = stage_picture(simulate(plan(event=events), 2, measures=RECORDED))
    texts = {condition["name"]: condition["placed_text"] for condition in shown["conditions"]}
    assert texts["agenda"] == "mature, from month 5 emerging"
    assert texts["backbone_staff"].startswith("3 full-time staff, from month 7 no staff (full bar")
    assert "after more changes, at the end 5 meetings a month" in texts["meetings"]
    placed = {condition["name"]: condition["placed"] for condition in shown["conditions"]}
    assert placed["agenda"][4:6] == [1.0, 0.5] and placed["backbone_staff"][6:8] == [1.0, 0.0]

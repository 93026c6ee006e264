"""What a factor moves: read from the shipped presets, and changed in them, kind by kind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cisim.errors import SpecError
from cisim.study.spec import targets
from cisim.theory.parameters import LEVERS, UNCERTAINTIES
from cisim.theory.rules import CHOICES
from cisim.world.library import preset_names, preset_text
from cisim.world.scenario import Scenario


def preset(name: str) -> Scenario:
    return Scenario.from_toml(preset_text(name))


def told(*events: dict[str, Any], **more: Any) -> Scenario:
    return Scenario(**{"name": "told", "months": 60, "roster": {"count": 4}, "event": list(events)} | more)


def course(scenario: Scenario, lever: str) -> list[float]:
    return scenario.plan().levers()[lever].tolist()


KINDS = {
    "trust_gain": "parameter", "backbone_staff": "lever", "trust": "rule", "scenario": "scenario",
    "condition.agenda": "condition", "event.funder-leaves": "event", "event.funder-leaves-2": "event",
    "event.funder-leaves.month": "event field", "event.trust-breach.with": "event field", "roster.count": "field",
    "issue.target": "field", "network.possible": "field", "network.seed": "field", "model.boldness": "model",
    "": None, "event": None, "event.": None, "condition": None, "condition.trust": None, "roster": None,
    "roster.sectors": None, "model": None, "model.": None, "model.a b": None, "Trust_gain": None, " trust": None,
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_a_name_says_what_kind_of_thing_it_moves(name):
    assert targets.kind_of(name) == KINDS[name]


@pytest.mark.parametrize("name", preset_names())
def test_every_option_of_a_preset_is_known_and_can_be_read_and_set_to_what_it_is(name):
    scenario = preset(name)
    options = targets.options(scenario)
    assert len(options) == len(set(options))
    assert {"trust_gain", "agenda", "trust", "scenario", "condition.backbone", "issue.target"} <= set(options)
    for option in options:
        kind = targets.kind_of(option)
        assert kind is not None and kind != "model"
        value = targets.read(scenario, option)
        if kind == "scenario":
            assert value == name
        elif kind in ("parameter", "lever", "rule"):
            changed = targets.apply(scenario, {option: value})
            assert targets.read(changed, option) == value
            assert (changed.event, changed.roster, changed.partner) == (
                scenario.event,
                scenario.roster,
                scenario.partner,
            )
        elif value is not None:
            assert targets.apply(scenario, {option: value}) == scenario, option


def test_a_parameter_and_a_lever_have_their_defaults_where_a_scenario_tells_none():
    scenario = preset("collective-impact")
    assert targets.read(scenario, "trust_gain") == UNCERTAINTIES["trust_gain"].default
    assert targets.read(scenario, "prototyping") == LEVERS["prototyping"].default
    assert targets.read(scenario, "backbone_staff") == 3.0
    changed = targets.apply(scenario, {"trust_gain": 0.07, "backbone_staff": 1, "prototyping": 0.5})
    assert changed.parameters == {"trust_gain": 0.07}
    assert changed.levers == scenario.levers | {"backbone_staff": 1.0, "prototyping": 0.5}


@pytest.mark.parametrize("choice", CHOICES)
def test_a_rule_choice_takes_each_of_its_variants(choice):
    scenario = preset("collective-impact")
    assert targets.read(scenario, choice) == next(iter(CHOICES[choice]))
    for variant in CHOICES[choice]:
        changed = targets.apply(scenario, {choice: variant})
        assert targets.read(changed, choice) == variant
        assert changed.replace(rules={}) == scenario


def test_fields_of_roster_issue_and_network_are_read_and_changed():
    scenario = preset("collective-impact")
    values = {
        "roster.count": 9, "issue.target": 0.4, "network.possible": "sparse", "network.ties_per_partner": 3,
        "network.seed": 5, "network.unlisted": "absent",
    }  # fmt: skip
    before = {name: targets.read(scenario, name) for name in values}
    assert before == {
        "roster.count": 25, "issue.target": 0.7, "network.possible": "all", "network.ties_per_partner": 20,
        "network.seed": 0, "network.unlisted": "drawn",
    }  # fmt: skip
    changed = targets.apply(scenario, values)
    assert {name: targets.read(changed, name) for name in values} == values
    assert len(changed.ids) == 10
    assert targets.apply(changed, before) == scenario
    assert (
        targets.apply(preset("wrong-agenda"), {"issue.target": 0.4}).issue.need
        == preset("wrong-agenda").issue.need
    )


def test_scenario_and_model_are_left_to_who_loads_them():
    scenario = preset("collective-impact")
    assert targets.read(scenario, "model.boldness") is None
    assert targets.apply(scenario, {"scenario": "isolated-impact", "model.boldness": 1.0}) == scenario


# Events


def test_an_event_is_there_or_is_not():
    scenario = preset("funder-leaves")
    assert targets.read(scenario, "event.funder-leaves") is True
    assert targets.apply(scenario, {"event.funder-leaves": True}) == scenario
    assert targets.apply(scenario, {"event.funder-leaves": False}).event == ()


def test_a_field_of_an_event_is_changed_and_the_others_stay():
    scenario = preset("funder-leaves")
    assert targets.read(scenario, "event.funder-leaves.month") == 36
    assert targets.read(scenario, "event.funder-leaves.staff_cut") == 0.5
    (event,) = targets.apply(
        scenario, {"event.funder-leaves.month": 60, "event.funder-leaves.staff_cut": 1}
    ).event
    assert (event.kind, event.month, event.staff_cut) == ("funder-leaves", 60, 1.0)
    (event,) = targets.apply(scenario, {"event.funder-leaves.month": 60}).event
    assert (event.month, event.staff_cut) == (60, 0.5)


def test_events_of_a_kind_are_counted_from_the_second_on():
    scenario = preset("phased-inclusion")
    labels = targets.labels(scenario)
    assert list(labels)[:2] == ["partner-joins", "partner-joins-2"]
    assert labels["partner-joins-17"].partner == "partner-25"
    assert targets.read(scenario, "event.partner-joins-2.partner") == "partner-10"
    changed = targets.apply(scenario, {"event.partner-joins-2": False, "event.partner-joins-3.month": 9})
    assert [(event.partner, event.month) for event in changed.event[:3]] == [
        ("partner-9", 7), ("partner-11", 9), ("partner-12", 7),
    ]  # fmt: skip
    assert len(changed.event) == len(scenario.event) - 1


def test_a_field_that_is_a_word_of_python_goes_by_its_name_in_the_file():
    scenario = told({"kind": "trust-breach", "month": 3, "partner": "partner-1"})
    assert "event.trust-breach.with" in targets.options(scenario)
    assert targets.read(scenario, "event.trust-breach.with") is None
    assert targets.apply(scenario, {"event.trust-breach.with": "partner-2"}).event[0].with_ == "partner-2"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "event.funder-leave",
            "scenario 'funder-leaves' has no event 'funder-leave'. Did you mean 'funder-leaves'?",
        ),
        ("event.funder-leaves-2", "no event 'funder-leaves-2'. Did you mean 'funder-leaves'?"),
        ("event.funder-leaves.mnth", "event 'funder-leaves' has no field 'mnth'. Did you mean 'month'?"),
        ("event.funder-leaves.kind", "has no field 'kind'. Known: month, staff_cut."),
    ],
)
def test_an_event_or_field_that_is_not_there_is_told_with_the_nearest(name, said):
    for ask in (lambda s: targets.read(s, name), lambda s: targets.apply(s, {name: False})):
        with pytest.raises(SpecError) as caught:
            ask(preset("funder-leaves"))
        assert said in str(caught.value)


def test_all_faults_of_the_scenario_that_comes_out_are_told():
    with pytest.raises(SpecError) as caught:
        targets.apply(
            preset("funder-leaves"), {"agenda": 3, "issue.target": 2, "event.funder-leaves.month": 500}
        )
    assert len(caught.value.faults) == 3


# Conditions: off means off, whatever events do


@pytest.mark.parametrize("condition", targets.CONDITIONS)
@pytest.mark.parametrize("name", preset_names())
def test_a_condition_that_is_off_is_never_in_place_and_nothing_else_changes(name, condition):
    scenario = preset(name)
    lever = targets.CONDITIONS[condition]
    assert targets.read(scenario, f"condition.{condition}") is True
    assert targets.apply(scenario, {f"condition.{condition}": True}) == scenario
    off = targets.apply(scenario, {f"condition.{condition}": False})
    before, after = scenario.plan().levers(), off.plan().levers()
    for other in LEVERS:
        assert np.array_equal(
            after[other], before[other] if other != lever else np.zeros(scenario.months + 1)
        ), other
    assert np.array_equal(off.plan().effects(), scenario.plan().effects())


LAUNCH = {"kind": "launch-shared-measurement", "month": 12, "level": 0.8}
DROP = {"kind": "drop-shared-measurement", "month": 24}
RAMP = {"kind": "ramp-lever", "month": 20, "lever": "measurement", "value": 1.0, "over": 12}
SET = {"kind": "set-lever", "month": 40, "lever": "measurement", "value": 0.3}
HIRE = {"kind": "hire-backbone-staff", "month": 5, "fte": 2}
CUT = {"kind": "cut-backbone-staff", "month": 9, "fte": 1}
FUNDER = {"kind": "funder-enters", "month": 9, "pooled_funding": 3, "staff": 2}
LEAVES = {"kind": "funder-leaves", "month": 30, "staff_cut": 0.5}


@pytest.mark.parametrize(
    "events",
    [[LAUNCH], [RAMP], [SET], [LAUNCH, DROP, SET], [RAMP, LAUNCH | {"month": 20}], [SET, RAMP | {"month": 40}],
     [LAUNCH | {"month": 60}], [RAMP | {"over": 200}, DROP, LAUNCH, LAUNCH]],
)  # fmt: skip
@pytest.mark.parametrize("start", [0.0, 0.6])
def test_no_event_switches_measurement_on_again(events, start):
    scenario = told(*events, levers={"measurement": start, "agenda": 1.0})
    assert any(course(scenario, "measurement"))
    off = targets.apply(scenario, {"condition.measurement": False})
    assert course(off, "measurement") == [0.0] * 61
    assert course(off, "agenda") == course(scenario, "agenda")
    assert off.event[: len(events)] == scenario.event


def test_no_event_brings_the_backbone_back_and_money_still_comes():
    scenario = told(HIRE, CUT, FUNDER, LEAVES, levers={"backbone_staff": 3})
    off = targets.apply(scenario, {"condition.backbone": False})
    assert course(off, "backbone_staff") == [0.0] * 61
    for lever in ("pooled_funding", "funded"):
        assert course(off, lever) == course(scenario, lever)
    assert [event.month for event in off.event[4:]] == [5, 9]  # cuts and shares of nothing need nothing


def test_conditions_are_off_together_and_after_all_other_changes():
    scenario = told(LAUNCH, HIRE, levers={"agenda": 1.0, "meetings": 2})
    settings = {f"condition.{condition}": False for condition in targets.CONDITIONS}
    off = targets.apply(
        scenario, settings | {"event.launch-shared-measurement.month": 30, "backbone_staff": 5}
    )
    for lever in targets.CONDITIONS.values():
        assert course(off, lever) == [0.0] * 61
    assert targets.read(off, "event.launch-shared-measurement.month") == 30
    gone = targets.apply(scenario, settings | {"event.launch-shared-measurement": False})
    assert [event.kind for event in gone.event] == ["hire-backbone-staff", "set-lever"]


def test_a_condition_that_is_off_changes_the_first_levers_of_the_blueprint():
    scenario = preset("collective-impact")
    off = targets.apply(scenario, {"condition.communication": False}).lower()
    on = scenario.lower()
    assert off.levers["meetings"].tolist() == [0.0] * 121 and on.levers["meetings"].tolist() == [2.0] * 121

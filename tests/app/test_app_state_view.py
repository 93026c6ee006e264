"""The view: what the browser is told of a session."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_actions import SENSIBLE

from cisim import verbs
from cisim.app.protocol import Control, Live, Static, View
from cisim.app.state.actions import act
from cisim.app.state.controls import CONDITIONS, declared_controls, short_reference, step_of
from cisim.app.state.history import History, start
from cisim.app.state.kinds import asks_of, completed, event_kinds
from cisim.app.state.limits import Limits
from cisim.app.state.view import live_view, static_view, view_of, whole
from cisim.theory.parameters import LEVERS, UNCERTAINTIES
from cisim.theory.sources import ASSUMPTION, SOURCES
from cisim.world.events import KINDS


def after(*actions: dict) -> History:
    history = start()
    for action in actions:
        history, notices = act(history, action)
        assert not notices, notices
    return history


def test_the_view_has_every_key_of_the_protocol_and_no_other():
    history = after({"do": "event-add", "event": {"kind": "trust-breach", "month": 3}})
    view = view_of(history)
    assert view.keys() == View.__annotations__.keys()
    assert static_view(history.limits).keys() == Static.__annotations__.keys()
    assert live_view(history).keys() == Live.__annotations__.keys()
    for control in (*view["conditions"], *view["levers"], *view["parameters"]):
        assert control.keys() == Control.__annotations__.keys()
    json.dumps(view, allow_nan=False)


def test_the_conditions_are_the_five_and_funding_in_order():
    controls = view_of(start())["conditions"]
    assert [control["name"] for control in controls] == [
        "agenda", "measurement", "coordination", "meetings", "backbone_staff", "pooled_funding"
    ]  # fmt: skip
    assert [control["label"] for control in controls] == list(CONDITIONS.values())
    assert all(control["part"] == "condition" for control in controls)


def test_every_control_says_what_is_declared():
    view = view_of(start())
    for control in (*view["levers"], *view["parameters"]):
        declared = (LEVERS | UNCERTAINTIES)[control["name"]]
        assert (control["low"], control["high"]) == (declared.low, declared.high)
        assert (control["least"], control["most"]) == (declared.least, declared.most)
        assert control["unit"] == declared.unit and control["default"] == declared.default
        assert control["meaning"] and not control["meaning"].startswith("…")
        if declared.basis == ASSUMPTION:
            assert control["basis"] == ASSUMPTION and control["reference"] == ""
        else:
            assert control["reference"] == str(SOURCES[declared.basis]) and control["basis"]


def test_a_step_of_a_slider_reaches_its_ends_and_its_default():
    for control in declared_controls().values():
        for end in (control["default"], control["high"]):
            steps = (end - control["low"]) / control["step"]
            assert steps == pytest.approx(round(steps), abs=1e-5), control["name"]
        assert 20 <= (control["high"] - control["low"]) / control["step"] + 1e-9 <= 200, control["name"]


def test_a_width_without_a_round_step_is_cut_in_a_hundred():
    assert step_of(0, 1 / 3, 1) == 0.01


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("kania2011", "Kania and Kramer 2011"),
        ("turner2012", "Turner et al. 2012"),
        ("partner", "Varda et al. 2008"),
        ("slovic1993", "Slovic 1993"),
        ("ors2018", "ORS Impact and Spark Policy Institute 2018"),
        ("ivers2012", "Ivers et al. 2012"),
    ],
)
def test_a_source_is_cited_as_in_a_text(key, told):
    assert short_reference(SOURCES[key]) == told


def test_what_differs_from_the_opened_scenario_is_marked():
    view = view_of(after(
        {"do": "lever", "name": "agenda", "value": 0.5}, {"do": "parameter", "name": "trust_gain", "value": 0.05}
    ))  # fmt: skip
    assert [control["name"] for control in view["levers"] if control["changed"]] == ["agenda"]
    assert [control["name"] for control in view["parameters"] if control["changed"]] == ["trust_gain"]
    assert not any(control["changed"] for control in view_of(start())["levers"])


def test_parameters_of_a_posterior_are_shown_as_drawn_until_they_are_told():
    view = view_of(after({"do": "posterior", "name": "shipped"}))
    assert view["posterior"] == "shipped" and view["posteriors"] == ["shipped"]
    drawn = [control for control in view["parameters"] if control["drawn"]]
    assert drawn
    for control in drawn:
        low, high = control["drawn"]
        assert low <= control["value"] <= high and not control["changed"]
    name = drawn[0]["name"]
    told = after(
        {"do": "posterior", "name": "shipped"}, {"do": "parameter", "name": name, "value": drawn[0]["low"]}
    )
    control = next(control for control in view_of(told)["parameters"] if control["name"] == name)
    assert control["drawn"] is None and control["changed"]


def test_stories_are_the_presets_with_their_texts():
    stories = view_of(start())["stories"]
    assert [story["name"] for story in stories] == verbs.presets()
    assert all(story["title"] and len(story["text"]) > 50 and "\n" not in story["text"] for story in stories)


def test_rule_choices_name_their_variants_sources_and_what_is_chosen():
    view = view_of(after({"do": "rule", "choice": "influence", "variant": "degroot"}))
    chosen = {choice["choice"]: choice["chosen"] for choice in view["rule_choices"]}
    assert chosen == {"trust": "asymmetric", "influence": "degroot", "delivery": "ces"}
    for choice in view["rule_choices"]:
        for variant in choice["variants"]:
            assert variant["text"] and variant["sources"]


def test_the_calendar_tells_each_event_in_words():
    view = view_of(after(
        {"do": "event-add", "event": {"kind": "trust-breach", "month": 30, "partner": "partner-2"}},
        {"do": "event-add", "event": {"kind": "funder-leaves", "month": 12}},
    ))  # fmt: skip
    breach, leaves = view["plans"][0]["events"]
    assert breach["values"] == {"partner": "partner-2", "with": None, "loss": 0.5}
    assert breach["text"].startswith("In month 30, Partner 2 breaks its word")
    assert (leaves["index"], leaves["month"], leaves["label"]) == (1, 12, "Funder leaves")
    assert view["plans"][0]["lines"][-2:] == [leaves["text"], breach["text"]], "in the order of months"


def test_every_kind_of_event_can_be_dropped_as_it_is_offered():
    """The values that a kind offers, and nothing else, make an event of every kind."""
    scenario = verbs.preset("collective-impact")
    for offered in event_kinds():
        assert offered["label"] and offered["text"].endswith(".")
        event = completed({"kind": offered["kind"], "month": 12}, scenario, "")
        assert scenario.replace(event=(event,)).event[0].kind == offered["kind"]
        told = {field["name"] for field in offered["fields"]}
        record = KINDS[offered["kind"]]
        assert told == set(record.keys()) - {"kind", "month"}


def test_the_range_that_a_field_offers_is_the_range_that_its_record_takes():
    scenario = verbs.preset("collective-impact")
    for kind in KINDS:
        for ask in asks_of(kind):
            if ask.type not in ("number", "whole") or ask.of:
                continue
            assert ask.least <= ask.low < ask.high <= ask.most and ask.low <= ask.value <= ask.high
            for end in (ask.low, ask.high):
                value = int(end) if ask.type == "whole" else end
                event = completed({"kind": kind, "month": 2, ask.name: value}, scenario, "")
                assert scenario.replace(event=(event,)).event


def test_fields_of_events_have_the_types_that_the_browser_needs():
    types = {
        (kind, ask.name): (ask.type, ask.optional, ask.backbone, ask.of)
        for kind in KINDS
        for ask in asks_of(kind)
    }
    assert types["trust-breach", "with"] == ("partner", True, True, "")
    assert types["partner-leaves", "partner"] == ("partner", False, False, "")
    assert types["ramp-lever", "lever"] == ("lever", False, False, "")
    assert types["ramp-lever", "value"] == ("number", False, False, "lever")
    assert types["ramp-lever", "over"] == ("whole", False, False, "")


def test_partners_are_listed_with_the_backbone_last():
    partners = view_of(after({"do": "story", "name": "statewide-coalition"}))["partners"]
    assert len(partners) == 25 and all(len(row) == 2 for row in partners)
    assert partners[-1][0] == "lead-agency"


def test_there_is_no_link_while_something_is_dragged():
    dragging = after({"do": "lever", "name": "agenda", "value": 0.5, "final": False})
    assert view_of(dragging)["link"] == ""
    assert view_of(act(dragging, {"do": "lever", "name": "agenda", "value": 0.5})[0])["link"].startswith(
        "s=1."
    )


def test_limits_are_told():
    limits = view_of(start(Limits(plans=3)))["limits"]
    assert limits["plans"] == 3 and limits["replicates"] == 200 and limits["upload_bytes"] == 2_000_000


@given(st.lists(SENSIBLE, max_size=8))
@settings(max_examples=20)
def test_both_parts_make_the_whole_view(actions):
    history = start()
    for action in actions:
        history, _ = act(history, action)
    live = live_view(history)
    view = whole(json.loads(json.dumps(static_view(history.limits))), json.loads(json.dumps(live)))
    assert view == json.loads(json.dumps(view_of(history)))
    assert len(json.dumps(live)) < len(json.dumps(view)) / 3


def test_a_slider_is_cheap():
    """An action and its live view take well under 2 ms; the bound here leaves room for a busy machine."""
    history = after({"do": "plan-add"}, {"do": "event-add", "event": {"kind": "funder-leaves", "month": 36}})
    live_view(history)
    times = []
    for value in range(50):
        began = time.perf_counter()
        history, _ = act(history, {"do": "lever", "name": "agenda", "value": value / 50, "final": False})
        live_view(history)
        times.append(time.perf_counter() - began)
    assert sorted(times)[25] < 0.01

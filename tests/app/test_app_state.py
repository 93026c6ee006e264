"""The session: what each action does, that undo takes back exactly that, and that nothing hostile gets in."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_actions import JSON, NAMES, SENSIBLE, WILD

from cisim import verbs
from cisim.app.state.actions import ANSWERED, CHANGES, OTHERS, act, with_scenario
from cisim.app.state.history import History, start
from cisim.app.state.limits import Limits
from cisim.app.state.session import PAGES, Prediction, changed, first_session, named_apart
from cisim.app.state.view import live_view, view_of
from cisim.errors import SpecError
from cisim.theory.parameters import LEVERS


def done(history: History, *actions: dict) -> History:
    """The history after actions that must all be taken."""
    for action in actions:
        history, notices = act(history, action)
        assert not [one for one in notices if one["kind"] == "error"], (action, notices)
    return history


def refused(history: History, action: object) -> list[str]:
    """The sentences with which an action is refused; it changes nothing but the notices."""
    after, notices = act(history, action)
    assert after.present is history.present and after.past == history.past, action
    assert [one["kind"] for one in notices] == ["error"], (action, notices)
    return [notices[0]["text"], *notices[0]["details"]]


def event(kind: str, month: int, **values: object) -> dict:
    return {"do": "event-add", "event": {"kind": kind, "month": month, **values}}


def lever(name: str, value: float, **more: object) -> dict:
    return {"do": "lever", "name": name, "value": value, **more}


def check(history: History) -> None:
    """What holds after any actions whatsoever."""
    now, limits = history.present, history.limits
    assert 1 <= len(now.plans) <= limits.plans and len(now.openings) == len(now.plans)
    assert 0 <= now.shown < len(now.plans)
    assert len({plan.name for plan in now.plans}) == len(now.plans)
    assert 1 <= now.replicates <= limits.replicates and 0 <= now.replicate < now.replicates
    assert now.selected in ("", *now.scenario.ids)
    assert now.page in PAGES
    assert all(plan.months <= limits.months and len(plan.event) <= limits.events for plan in now.plans)
    assert all(plan == plan.replace() for plan in now.plans), "a plan that its own checks would refuse"
    assert len(history.past) <= limits.undo_steps and len(history.notices) <= 4
    assert all(math.isfinite(value) for _, value in now.prediction.points)
    json.dumps(live_view(history), allow_nan=False, ensure_ascii=False).encode()


def test_a_lever_is_set_and_taken_back_and_set_again():
    first = start()
    history = done(first, lever("agenda", 0.5))
    assert history.present.scenario.levers["agenda"] == 0.5
    back = done(history, {"do": "undo"})
    assert back.present == first.present and back.present.scenario is first.present.scenario
    assert done(back, {"do": "redo"}).present == history.present


def test_undo_says_what_it_takes_back():
    history = done(start(), lever("agenda", 0.5), lever("meetings", 1))
    assert live_view(history)["undo_text"] == "Take back: Continuous communication 1 per month"
    view = live_view(done(history, {"do": "undo"}))
    assert view["undo_text"] == "Take back: Common agenda 0.5"
    assert view["redo_text"] == "Do again: Continuous communication 1 per month"


def test_a_drag_is_one_step_with_the_last_value():
    history = done(
        start(), *(lever("agenda", value / 20, final=False) for value in range(10)), lever("agenda", 0.5)
    )
    assert [step.text for step in history.past] == ["Common agenda 0.5"]
    assert done(history, {"do": "undo"}).present == start().present


def test_two_drags_are_two_steps_and_a_drag_of_another_lever_is_its_own():
    drag = [lever("agenda", 0.3, final=False), lever("agenda", 0.4)]
    other = [lever("meetings", 1, final=False), lever("meetings", 1.5)]
    history = done(start(), *drag, lever("agenda", 0.2, final=False), lever("agenda", 0.1), *other)
    assert len(history.past) == 3


def test_a_drag_that_ends_where_it_began_is_no_step():
    history = done(start(), lever("agenda", 0.3, final=False), lever("agenda", 1.0))
    assert history.past == () and history.present == start().present


def test_a_value_that_is_refused_within_a_drag_does_not_split_it():
    history = done(
        start(), event("funder-leaves", 30), {"do": "event-move", "index": 0, "month": 40, "final": False}
    )
    history, notices = act(history, {"do": "event-move", "index": 0, "month": 0, "final": False})
    assert notices
    history = done(history, {"do": "event-move", "index": 0, "month": 50})
    assert [step.text for step in history.past] == ["Funder leaves, month 30", "Funder leaves, month 50"]


def test_a_new_step_forgets_what_was_taken_back():
    history = done(start(), lever("agenda", 0.5), {"do": "undo"}, lever("agenda", 0.6))
    assert not history.future
    assert done(history, {"do": "redo"}).present == history.present


def test_setting_what_is_already_so_is_no_step():
    history = done(start(), lever("agenda", 1.0), {"do": "seed", "value": 0}, {"do": "plan-clear"})
    assert history.past == ()


def test_undo_leaves_the_page_alone():
    history = done(start(), lever("agenda", 0.5), {"do": "page", "name": "desk"}, {"do": "undo"})
    assert history.present.page == "desk" and history.present.scenario.levers["agenda"] == 1.0


def test_looking_at_many_partners_in_turn_is_one_step():
    looks = [{"do": "select", "id": f"partner-{number}"} for number in (1, 2, 3)]
    history = done(start(), lever("agenda", 0.5), *looks)
    assert history.present.selected == "partner-3" and len(history.past) == 2
    assert done(history, {"do": "undo"}).present.selected == ""


def test_the_past_is_bounded_by_steps():
    history = start(Limits(undo_steps=5))
    for value in range(9):
        history = done(history, {"do": "seed", "value": value + 1})
    assert len(history.past) == 5
    assert history.past[0].session.seed == 4


def test_the_past_is_bounded_by_the_memory_of_ties_that_are_not_shared():
    """178 ties take about 178 kB once, however many steps hold them; another copy takes them again."""
    history = start(Limits(undo_bytes=400_000))
    history = done(history, {"do": "story", "name": "statewide-coalition"})
    for value in range(9):
        history = done(history, lever("agenda", value / 10))
    assert len(history.past) == 10
    ties = {id(step.session.scenario.tie) for step in history.past[1:]}
    assert len(ties) == 1, "a lever must not copy the ties"
    for _ in range(4):
        history = done(
            history,
            {"do": "story", "name": "isolated-impact"},
            {"do": "story", "name": "statewide-coalition"},
        )
    assert len(history.past) < 10


def test_an_event_is_added_moved_changed_and_removed():
    history = done(start(), event("trust-breach", 30, partner="partner-3", loss=0.4))
    history = done(history, {"do": "event-move", "index": 0, "month": 60})
    (moved,) = history.present.scenario.event
    assert (moved.month, moved.partner, moved.loss) == (60, "partner-3", 0.4)
    history = done(history, {"do": "event-change", "index": 0, "event": {"loss": 0.9, "with": "partner-4"}})
    (other,) = history.present.scenario.event
    assert (other.month, other.partner, other.with_, other.loss) == (60, "partner-3", "partner-4", 0.9)
    history = done(history, {"do": "event-change", "index": 0, "event": {"kind": "funder-leaves"}})
    assert (history.present.scenario.event[0].kind, history.present.scenario.event[0].month) == (
        "funder-leaves",
        60,
    )
    assert done(history, {"do": "event-remove", "index": 0}).present.scenario.event == ()


def test_an_event_that_was_only_dropped_takes_the_selected_partner():
    history = done(
        start(), {"do": "select", "id": "partner-9"}, event("trust-breach", 12), event("merger", 20)
    )
    breach, merger = history.present.scenario.event
    assert breach.partner == "partner-9"
    assert merger.into == "partner-9" and merger.partner == "partner-1"


def test_the_backbone_is_not_put_where_only_partners_can_stand():
    history = done(
        start(), {"do": "select", "id": "backbone"}, event("partner-leaves", 12), event("leader-changes", 12)
    )
    leaves, changes = history.present.scenario.event
    assert leaves.partner == "partner-1" and changes.partner == "backbone"


def test_shortening_the_horizon_over_an_event_is_refused_with_the_plan_named():
    history = done(start(), event("funder-leaves", 100))
    assert "Collective impact" in refused(history, {"do": "months", "value": 60})[0]


def test_the_horizon_target_and_posterior_hold_in_every_plan_and_in_the_baseline():
    history = done(
        start(), {"do": "baseline"}, {"do": "plan-add"}, lever("agenda", 0),
        {"do": "months", "value": 60}, {"do": "target", "value": 0.5}, {"do": "posterior", "name": "shipped"},
    )  # fmt: skip
    now = history.present
    assert now.baseline is not None
    for scenario in (*now.plans, now.baseline):
        assert scenario.months == 60 and scenario.issue.target == 0.5
        assert scenario.posterior is not None and scenario.posterior.origin == "shipped"
    without = done(history, {"do": "posterior", "name": None}).present
    assert all(plan.posterior is None for plan in without.plans)


def test_plans_are_added_shown_titled_and_removed():
    history = done(
        start(), {"do": "plan-add"}, {"do": "plan-add"}, {"do": "plan-title", "index": 1, "title": "Plan B"}
    )
    now = history.present
    assert [plan.name for plan in now.plans] == [
        "collective-impact",
        "collective-impact-2",
        "collective-impact-3",
    ]
    assert [plan.title for plan in now.plans] == ["Collective impact", "Plan B", "Collective impact (3)"]
    assert now.shown == 2
    now = done(history, {"do": "plan-remove", "index": 0}).present
    assert now.shown == 1 and now.plans[0].title == "Plan B"
    now = done(history, {"do": "plan-show", "index": 0}, lever("agenda", 0.2, plan=1)).present
    assert now.shown == 0 and now.plans[1].levers["agenda"] == 0.2 and now.plans[0].levers["agenda"] == 1


def test_a_plan_can_be_put_back_to_what_was_opened():
    history = done(start(), lever("agenda", 0.5), event("funder-leaves", 36), {"do": "plan-clear"})
    assert history.present.scenario == verbs.preset("collective-impact")
    history = done(history, {"do": "plan-add"}, lever("agenda", 0.5), {"do": "plan-clear"})
    assert history.present.scenario.levers == verbs.preset("collective-impact").levers
    assert history.present.scenario.title == "Collective impact (2)"


def test_a_story_replaces_the_plan_and_the_expectation_but_not_the_baseline():
    history = done(
        start(), {"do": "predict", "points": [[60, 0.8]], "choice": "down", "hidden": True}, {"do": "baseline"},
        {"do": "select", "id": "partner-1"}, {"do": "story", "name": "statewide-coalition"},
    )  # fmt: skip
    now = history.present
    assert now.scenario == verbs.preset("statewide-coalition") == now.opened
    assert now.selected == "" and now.baseline == verbs.preset("collective-impact")
    assert now.prediction == Prediction(), "what was expected belongs to the story of before"
    assert act(history, {"do": "undo"})[0].present.prediction.points == ((60, 0.8),)


def test_an_expectation_belongs_to_the_plan_that_is_shown():
    expected = {"do": "predict", "points": [[60, 0.8]], "choice": "down", "hidden": True}
    history = done(start(), {"do": "plan-add"}, expected)
    told = history.present.prediction
    kept = ({"do": "story", "name": "statewide-coalition", "plan": 0}, {"do": "plan-show", "index": 1},
            {"do": "plan-remove", "index": 0}, {"do": "plan-add"}, lever("agenda", 0.5))  # fmt: skip
    over = ({"do": "plan-show", "index": 0}, {"do": "plan-remove", "index": 1})
    assert all(done(history, action).present.prediction == told for action in kept)
    assert all(done(history, action).present.prediction == Prediction() for action in over)


def test_a_prediction_is_sorted_by_month_and_survives_its_reveal():
    points = [[60, 0.8], [0, 1], [60, 0.7]]
    history = done(start(), {"do": "predict", "outcome": "trust_mean", "points": points, "hidden": True})
    assert history.present.prediction.points == ((0, 1.0), (60, 0.7))
    shown = done(history, {"do": "reveal"}).present.prediction
    assert not shown.hidden and shown.points == ((0, 1.0), (60, 0.7))


def test_a_parameter_goes_back_to_what_was_opened():
    history = done(start(), {"do": "parameter", "name": "trust_gain", "value": 0.05})
    assert history.present.scenario.parameters == {"trust_gain": 0.05}
    history = done(history, {"do": "parameter", "name": "trust_gain", "value": None})
    assert history.present.scenario == verbs.preset("collective-impact")


def test_all_parameters_go_back_in_one_step():
    history = done(start(), {"do": "plan-add"})
    for plan in (0, 1):
        for name, value in (("trust_gain", 0.05), ("potency", 2.5)):
            history = done(history, {"do": "parameter", "name": name, "value": value, "plan": plan})
    here = done(history, {"do": "parameters-clear", "plan": 1})
    assert here.present.plans[1].parameters == {}
    assert here.present.plans[0].parameters == {"trust_gain": 0.05, "potency": 2.5}
    everywhere = done(history, {"do": "parameters-clear", "everywhere": True})
    assert [plan.parameters for plan in everywhere.present.plans] == [{}, {}]
    assert len(everywhere.past) == len(history.past) + 1
    assert done(everywhere, {"do": "undo"}).present.plans == history.present.plans


def test_a_parameter_that_a_posterior_draws_can_be_fixed_at_its_default():
    history = done(start(), {"do": "posterior", "name": "shipped"})
    draws = history.present.scenario.posterior
    assert draws is not None
    name = draws.names[0]
    default = next(control for control in _parameters(history) if control["name"] == name)["default"]
    history = done(history, {"do": "parameter", "name": name, "value": default})
    assert history.present.scenario.parameters == {name: default}
    assert done(history, {"do": "parameter", "name": name, "value": None}).present.scenario.parameters == {}


def _parameters(history: History) -> list[dict]:
    return view_of(history)["parameters"]


def test_fewer_runs_keep_the_shown_one_among_them():
    history = done(start(), {"do": "replicate", "value": 40}, {"do": "replicates", "value": 10})
    assert history.present.replicate == 9


def test_a_run_of_a_study_is_shown_with_its_seed():
    scenario = verbs.preset("funder-leaves")
    now = with_scenario(start(), scenario, "Run of a study", seed=7, replicate=120).present
    assert (now.scenario, now.seed, now.replicate, now.replicates) == (scenario, 7, 120, 121)
    now = with_scenario(start(), scenario, "Run of a study", replicate=4_000).present
    assert (now.replicate, now.replicates) == (4_000, 50)


def test_the_serial_of_every_action_is_heard_also_of_one_that_is_refused():
    history, _ = act(start(), {"do": "lever", "name": "agenda", "value": "much", "serial": 7})
    assert history.serial == 7 and live_view(history)["serial"] == 7
    history, _ = act(history, {"do": "no such thing", "serial": 8})
    assert history.serial == 8
    for bad in (None, -1, 1.5, True, "9", 10**30):
        assert act(history, {"do": "undo", "serial": bad})[0].serial == 8


def test_errors_go_with_the_next_change_and_others_when_dismissed():
    history, _ = act(start(), lever("agenda", 9))
    assert len(history.notices) == 1
    assert act(history, lever("agenda", 9))[0].notices == history.notices, "the same sentence stands once"
    assert done(history, lever("agenda", 0.5)).notices == ()
    assert done(history, {"do": "dismiss", "index": 0}).notices == ()


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ({"do": "leverr"}, "Did you mean 'lever'?"),
        ({}, "no action None"),
        ([], "table of keys"),
        (None, "table of keys"),
        (lever("agendda", 0.5), "Did you mean 'agenda'?"),
        (lever("agenda", math.nan), "finite"),
        (lever("agenda", math.inf), "finite"),
        (lever("agenda", 10**400), "too large"),
        (lever("agenda", "0.5"), "must be a number"),
        (lever("agenda", True), "must be a number"),
        (lever("agenda", 1.01), "allowed is 0 to 1"),
        (lever("agenda", 0.5, plan=1), "allowed is a whole number from 0 to 0"),
        (lever("agenda", 0.5, final="no"), "final"),
        ({"do": "lever", "name": "agenda"}, "value: is missing"),
        ({"do": "lever", "name": ["agenda"], "value": 1}, "no lever"),
        ({"do": "story", "name": "funder-leavs"}, "Did you mean 'funder-leaves'?"),
        ({"do": "rule", "choice": "trust", "variant": "blind"}, "allowed: asymmetric, symmetric"),
        ({"do": "event-add", "event": {"kind": "funder-leavs", "month": 3}}, "Did you mean 'funder-leaves'?"),
        ({"do": "event-add", "event": "funder-leaves"}, "event: must be a table"),
        (event("funder-leaves", 121), "after the end"),
        (event("trust-breach", 3, partner="nobody"), "unknown organization"),
        (event("trust-breach", 3, los=1), "Did you mean 'loss'?"),
        ({"do": "event-remove", "index": 0}, "no events"),
        ({"do": "months", "value": 241}, "240"),
        ({"do": "seed", "value": 2**32}, "out of range"),
        ({"do": "replicates", "value": 201}, "200"),
        ({"do": "plan-remove"}, "only plan"),
        ({"do": "plan-title", "title": "\ud800"}, "half a character"),
        ({"do": "select", "id": "partner-99"}, "no organization"),
        ({"do": "predict", "points": [[1, math.nan]]}, "finite"),
        ({"do": "predict", "points": [[1]]}, "[month, value]"),
        ({"do": "predict", "outcome": "joy"}, "outcome"),
        ({"do": "page", "name": "attic"}, "'stage', 'desk', 'bench'"),
        ({"do": "posterior", "name": "../../etc/passwd"}, "no shipped posterior"),
        ({"do": "import-survey"}, "no survey"),
        ({"do": "lever", "name": "x" * 5_000_000, "value": 1}, "too long"),
        ({"do": "lever", "name": "agenda", "value": [[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]}, "too deep"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(action, told):
    assert told in " ".join(refused(start(), action))


def test_several_faults_are_a_list():
    told = refused(start(), event("trust-breach", 200, partner="nobody", loss=7))
    assert "faults" in told[0] and len(told) >= 4


def test_limits_hold():
    history = start(Limits(plans=2, events=2, replicates=10, months=120))
    assert history.present.replicates == 10
    history = done(history, {"do": "plan-add"}, event("funder-leaves", 3), event("funder-enters", 4))
    assert "up to 2" in refused(history, {"do": "plan-add"})[0]
    assert "up to 2" in refused(history, event("funder-leaves", 5))[0]
    assert "10" in refused(history, {"do": "replicates", "value": 11})[0]
    assert "events: 17 are more" in refused(history, {"do": "story", "name": "phased-inclusion"})[0]
    with pytest.raises(SpecError, match="months"):
        with_scenario(history, verbs.change(verbs.preset("isolated-impact"), months=600), "Run")


def test_every_action_of_the_protocol_is_known():
    told = [
        "story",
        "lever",
        "parameter",
        "parameters-clear",
        "rule",
        "event-add",
        "event-move",
        "event-change",
        "event-remove",
        "months",
        "seed",
        "replicates",
        "replicate",
        "target",
        "posterior",
        "baseline",
        "select",
        "plan-add",
        "plan-remove",
        "plan-show",
        "plan-title",
        "plan-clear",
        "predict",
        "reveal",
        "page",
        "undo",
        "redo",
        "upload",
        "import-survey",
        "open-link",
        "save-scenario",
        "save-result",
        "bench-open",
        "bench-axes",
        "bench-point",
        "partner",
        "desk",
        "dismiss",
    ]
    assert set(told) <= set(NAMES)
    assert len({*CHANGES, *OTHERS, *ANSWERED}) == len(CHANGES) + len(OTHERS) + len(ANSWERED)


def test_a_server_can_begin_with_its_own_plans():
    plans = [verbs.preset("isolated-impact"), verbs.preset("statewide-coalition")]
    history = start(Limits(), plans)
    assert history.present.plans == tuple(plans) and history.first == history.present


def test_a_change_shares_the_ties_and_is_checked_all_the_same():
    scenario = verbs.preset("statewide-coalition")
    again = changed(scenario, levers={**scenario.levers, "agenda": 0.5})
    assert again.tie is scenario.tie
    assert again == scenario.replace(levers={**scenario.levers, "agenda": 0.5})
    with pytest.raises(SpecError, match="out of range"):
        changed(scenario, levers={"agenda": 2})


def test_names_are_told_apart_also_where_they_are_long():
    long = first_session().scenario.replace(name="x" * 80)
    other = named_apart(long, (long,))
    assert other.name != long.name and named_apart(long, (long, other)).name not in (long.name, other.name)


@given(st.lists(SENSIBLE, max_size=14))
@settings(max_examples=60)
def test_whatever_is_done_can_be_taken_back_exactly(actions):
    history = start()
    for action in actions:
        before = history
        history, _ = act(history, action)
        check(history)
        if len(history.past) == len(before.past) + 1:
            back, _ = act(history, {"do": "undo"})
            assert replace(back.present, page="stage") == replace(before.present, page="stage")
            again, _ = act(back, {"do": "redo"})
            assert again.present == history.present
    for _ in range(len(history.past)):
        history, _ = act(history, {"do": "undo"})
    assert replace(history.present, page="stage") == start().present


@given(st.lists(WILD, max_size=4), JSON)
@settings(max_examples=120)
def test_no_json_whatsoever_breaks_anything(actions, anything):
    history = start()
    for action in (*actions, anything):
        history, notices = act(history, action)
        assert all(isinstance(one["text"], str) for one in notices)
    check(history)


@given(name=st.sampled_from(list(LEVERS)), value=JSON)
@settings(max_examples=60)
def test_a_lever_takes_numbers_in_its_range_and_nothing_else(name, value):
    _, notices = act(start(), lever(name, value))
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 2**63
    allowed = number and LEVERS[name].least <= value <= LEVERS[name].most
    assert bool(notices) == (not allowed)

"""A survey on the Desk: taken in for every plan, so that their comparison stays one of plans."""

from __future__ import annotations

from dataclasses import replace

from cisim.app.drawing.one_world import one_world
from cisim.app.state.actions import act
from cisim.app.state.history import History, start

ORGANIZATIONS = "id,name,sector,capacity,backbone\na,Alpha,health,2.5,0\nb,Beta,schools,1,0\nc,Gamma,health,,0\nh,Hub,lead,3,1\n"
TIES = "source,target,contact,collaboration\na,b,monthly,formal\na,h,daily,several projects\nb,h,weekly,informal\nc,h,never,none\n"
UPLOAD = {
    "do": "upload", "kind": "survey",
    "files": [{"name": "organizations.csv", "text": ORGANIZATIONS}, {"name": "ties.csv", "text": TIES}],
}  # fmt: skip


def after(*actions: dict) -> tuple[History, list]:
    history, notices = start(), []
    for action in actions:
        history, notices = act(history, action)
    return history, notices


TWO_PLANS = (
    {"do": "plan-add"},
    {"do": "lever", "name": "meetings", "value": 0.5},
    {"do": "plan-title", "index": 1, "title": "Few meetings"},
    {"do": "event-add", "event": {"kind": "funder-leaves", "month": 30}},
    {"do": "parameter", "name": "trust_gain", "value": 0.05},
    {"do": "target", "value": 0.8},
    {"do": "months", "value": 60},
)


def test_every_plan_moves_into_the_surveyed_coalition_and_stays_itself():
    history, notices = after(*TWO_PLANS, UPLOAD, {"do": "import-survey", "all": True})
    assert notices == []
    first, second = history.present.plans
    assert first.ids == second.ids == ("a", "b", "c", "h")
    assert (first.title, second.title) == ("Collective impact", "Few meetings")
    assert first.levers["meetings"] == 2.0 and second.levers["meetings"] == 0.5
    assert [event.kind for event in second.event] == ["funder-leaves"] and first.event == ()
    assert {(plan.months, plan.issue.target, plan.parameters["trust_gain"]) for plan in (first, second)} == {
        (60, 0.8, 0.05)
    }
    assert one_world(history.present.plans).plans[1].levers["meetings"] == 0.5


def test_a_plan_that_begins_without_members_does_so_in_the_surveyed_coalition_as_well():
    history, notices = after(
        {"do": "plan-add"}, {"do": "story", "name": "isolated-impact"}, {"do": "plan-show", "index": 0},
        UPLOAD, {"do": "import-survey", "all": True},
    )  # fmt: skip
    assert notices == []
    shared = one_world(history.present.plans)
    assert [plan.isolated for plan in shared.plans] == [False, True]
    assert all(not partner.member for partner in history.present.plans[1].partner)
    assert history.present.plans[1].ids == history.present.plans[0].ids == ("a", "b", "c", "h")
    assert history.present.plans[0].roster.members and not history.present.plans[1].roster.members


def test_it_is_one_step_of_undo():
    before, _ = after(*TWO_PLANS, UPLOAD)
    done, _ = act(before, {"do": "import-survey", "all": True})
    back, _ = act(done, {"do": "undo"})
    assert back.present == before.present and done.survey is None


def test_plans_keep_their_titles_and_what_they_were_opened_as_tells_whose_survey_it_is():
    before, _ = after(*TWO_PLANS, UPLOAD)
    assert before.survey is not None and before.survey.scenario is not None
    survey, titles = before.survey.scenario, [plan.title for plan in before.present.plans]
    done, _ = act(before, {"do": "import-survey", "all": True})
    assert [plan.title for plan in done.present.plans] == titles
    assert {opened.title for opened in done.present.openings} == {survey.title}
    cleared, _ = act(done, {"do": "plan-clear", "plan": 1})
    assert cleared.present.plans == done.present.plans


def test_events_that_name_organizations_of_before_are_left_out_and_told():
    event = {"kind": "trust-breach", "month": 9, "partner": "partner-2"}
    history, notices = after(*TWO_PLANS, {"do": "event-add", "event": event}, UPLOAD, {"do": "import-survey", "all": True})  # fmt: skip
    assert [event.kind for event in history.present.plans[1].event] == ["funder-leaves"]
    (told,) = notices
    assert told["kind"] == "warning" and len(told["details"]) == 1
    assert told["details"][0].startswith("Few meetings: In month 9, Partner 2 breaks its word")


def test_without_all_the_shown_plan_alone_is_the_survey():
    history, _ = after(*TWO_PLANS, UPLOAD, {"do": "import-survey"})
    assert len(history.present.plans[0].ids) > 4 and len(history.present.plans[1].ids) == 4


def test_a_survey_that_is_too_large_for_the_page_changes_nothing():
    before, _ = after(*TWO_PLANS, UPLOAD)
    small = replace(before, limits=replace(before.limits, partners=2))
    done, notices = act(small, {"do": "import-survey", "all": True})
    assert done.present == before.present and "more than this page runs" in notices[0]["text"]

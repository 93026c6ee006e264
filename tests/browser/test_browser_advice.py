"""Advice on the Desk in a real browser: each question asked, its answer seen, read as a table, and taken further."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser_server import Server
from browser_watch import Watched
from playwright.sync_api import expect
from test_browser_pages import accessible

from cisim.app.state.advice import QUESTIONS

pytestmark = pytest.mark.slow

PATIENCE = 300_000
"""Milliseconds that an answer may take on a machine that does other things as well."""
ANSWERED = "() => ['done', 'failed'].includes(document.querySelector('.cis-adv').dataset.advice)"
INPUTS = {"month": 24, "fork_month": 6, "levers": [["meetings", 0.0, 4.0], ["backbone_staff", 0.0, 4.0]]}
TWINS = {"best": "more or less money", "fork": "who takes another course"}
"""Pictures that a button turns into a table; the others stand in tables."""


def act(watched: Watched, **action: Any) -> None:
    watched.page.evaluate(
        "action => document.querySelector('.cis-app').__vue__.$children[0].send(action)", action
    )
    watched.settled()


def desk(opened: Any, size: str = "projector") -> Watched:
    """Two plans of two years, with few levers to choose."""
    watched = opened("/desk?story=collective-impact", size)
    act(watched, do="months", value=24)
    act(watched, do="plan-add")
    act(watched, do="lever", name="meetings", value=0.5, final=True)
    act(watched, do="advice", **INPUTS)
    return watched


def chosen(watched: Watched, question: str) -> None:
    watched.page.locator(f"[data-ask={question}]").click()
    expect(watched.page.locator(f".cis-adv[data-question={question}]")).to_be_visible()
    watched.settled()


def in_sight(watched: Watched) -> None:
    watched.page.evaluate("document.querySelector('.cis-adv').scrollIntoView()")
    watched.page.wait_for_timeout(300)  # until it is painted there


def asked(watched: Watched, question: str) -> None:
    """Ask, and wait for the answer."""
    chosen(watched, question)
    watched.page.locator("[data-do=ask]").click()
    watched.page.wait_for_selector("[data-do=cancel]")
    watched.page.wait_for_function(ANSWERED, timeout=PATIENCE)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_answered_with_a_picture_and_its_table(opened, question):
    watched = desk(opened)
    asked(watched, question)
    answer = watched.page.locator(".cis-advr")
    expect(answer.locator(".cis-advr-first")).to_be_visible()
    expect(answer.get_by_text("What it rests on")).to_be_visible()
    assert answer.locator("svg[role=img], table").count()
    in_sight(watched)
    watched.shot(f"advice-{question}")
    accessible(watched)
    if question in TWINS:
        watched.page.get_by_role("button", name=f"Table of {TWINS[question]}").click()
        assert answer.locator("table tbody tr").count() > 2
        accessible(watched)


def test_the_best_plan_is_put_on_the_desk_and_taken_back(opened):
    watched = desk(opened)
    asked(watched, "best")
    watched.page.locator("[data-take=best]").click()
    watched.settled()
    expect(watched.page.locator(".cis-pcol")).to_have_count(3)
    titles = watched.page.locator(".cis-pcol-title").evaluate_all("all => all.map((one) => one.value)")
    assert titles[-1].startswith("Best for USD")
    watched.page.evaluate("window.scrollTo(0, 0)")
    watched.shot("advice-on-the-desk")
    watched.page.locator("[data-do=undo]").click()
    watched.settled()
    expect(watched.page.locator(".cis-pcol")).to_have_count(2)


def test_sliders_answer_while_a_question_runs_and_it_can_be_cancelled(opened, server):
    watched = desk(opened)
    act(watched, do="advice", effort="thorough", question="best")
    watched.page.locator("[data-do=ask]").click()
    watched.page.wait_for_selector(".cis-adv-wait progress[value]", timeout=PATIENCE)
    watched.shot("advice-running")
    accessible(watched)
    assert 19 in niceness_of_children(server)  # it stands back behind everything else
    for step in range(7):  # values that nobody has run; each settles
        act(watched, do="lever", name="agenda", value=0.5 + 0.013 * step, final=True)
    expect(watched.page.locator(".cis-adv-wait")).to_be_visible()  # before the question is through
    watched.page.locator("[data-do=cancel]").click()
    expect(watched.page.locator("[data-do=ask]")).to_be_visible()
    expect(watched.page.locator(".cis-adv-wait")).to_have_count(0)


def niceness_of_children(server: Server) -> list[int]:
    """How far each process that the server has started stands back: 0 not at all, 19 most."""
    tasks = Path(f"/proc/{server.process.pid}/task").glob("*/children")
    children = [pid for told in tasks for pid in told.read_text().split()]
    return [int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[16]) for pid in children]


def test_leaving_the_desk_ends_a_question(opened):
    watched = desk(opened)
    act(watched, do="advice", effort="thorough", question="reach")
    watched.page.locator("[data-do=ask]").click()
    watched.page.wait_for_selector(".cis-adv-wait")
    pages = watched.page.get_by_role("navigation", name="Pages")
    pages.get_by_role("button", name="Stage").click()
    watched.page.wait_for_selector(".cis-stage")
    pages.get_by_role("button", name="Desk").click()
    watched.page.wait_for_selector(".cis-adv")
    expect(watched.page.locator(".cis-adv-wait")).to_have_count(0)


def test_questions_are_turned_to_and_asked_by_keyboard_and_a_fault_is_a_sentence(opened):
    watched = opened("/desk?story=collective-impact")
    watched.page.locator("[data-ask=best]").focus()
    for name in ("reach", "robust"):
        watched.page.keyboard.press("ArrowRight")
        expect(watched.page.locator(f"[data-ask={name}]")).to_be_focused()
        expect(watched.page.locator(f"[data-ask={name}]")).to_have_attribute("aria-selected", "true")
    watched.settled()
    watched.page.locator("[data-do=ask]").focus()
    watched.page.keyboard.press("Enter")
    expect(watched.page.get_by_role("alert")).to_contain_text("Give at least two plans")
    accessible(watched)


def test_a_link_restores_what_was_asked_but_not_the_answer(opened):
    watched = desk(opened)
    act(watched, do="advice", question="reach", probability=0.8, severity=0.9)
    watched.page.wait_for_function("() => window.location.search.startsWith('?s=')")
    other = opened(watched.page.url.removeprefix(watched.address))
    expect(other.page.locator(".cis-adv[data-question=reach]")).to_be_visible()
    assert other.page.locator("input[name=probability]").input_value() == "80"
    assert other.page.locator("input[name=severity]").input_value() == "0.9"
    expect(other.page.get_by_text("Nothing has been asked yet.")).to_be_visible()


@pytest.mark.parametrize("size", ["projector", "tablet"])
def test_every_form_fits_the_screen_and_is_accessible(opened, size):
    watched = desk(opened, size)
    for question in QUESTIONS:
        chosen(watched, question)
        if watched.page.locator(".cis-advl summary").count():
            watched.page.locator(".cis-advl summary").click()
        assert watched.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        in_sight(watched)
        watched.shot(f"advice-form-{question}-{size}")
        accessible(watched)


def test_answers_fit_a_tablet(opened):
    watched = desk(opened, "tablet")
    for question in ("robust", "fork"):
        asked(watched, question)
        assert watched.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        in_sight(watched)
        watched.shot(f"advice-{question}-tablet")
        accessible(watched)


def test_moving_the_month_sends_little(opened):
    watched = desk(opened)
    slider = watched.page.locator("#cis-desk-t")
    sizes: list[int] = []
    courses = watched.page.evaluate("document.querySelector('.cis-app').__vue__.desk_courses_text.length")
    slider.focus()
    for _ in range(3):
        slider.press("ArrowLeft")
        watched.settled()
        sizes.append(watched.page.evaluate("document.querySelector('.cis-app').__vue__.desk_text.length"))
    again = watched.page.evaluate("document.querySelector('.cis-app').__vue__.desk_courses_text.length")
    assert again == courses
    assert max(sizes) < 20_000 < courses
    assert watched.page.evaluate("document.querySelector('.cis-app').__vue__.desk.month") == 21


def test_a_survey_is_taken_in_for_all_plans(opened):
    watched = desk(opened)
    organizations = (
        "id,name,sector,capacity,backbone\na,Alpha,health,2,0\nb,Beta,schools,1,0\nh,Hub,lead,3,1\n"
    )
    ties = "source,target,contact\na,b,monthly\na,h,daily\nb,h,weekly\n"
    files = [{"name": "organizations.csv", "text": organizations}, {"name": "ties.csv", "text": ties}]
    watched.page.evaluate(
        "action => document.querySelector('.cis-app').__vue__.$children[0].send(action)",
        {"do": "upload", "kind": "survey", "files": files},
    )
    button = watched.page.locator("[data-do=survey-all]")
    expect(button).to_contain_text("all 2 plans")
    button.scroll_into_view_if_needed()
    watched.shot("desk-survey-for-all")
    accessible(watched)
    button.click()
    watched.settled()
    names = watched.page.evaluate(
        "document.querySelector('.cis-app').__vue__.view.partners.map((one) => one[1])"
    )
    assert names == ["Alpha", "Beta", "Hub"]
    changes = watched.page.evaluate(
        "document.querySelector('.cis-app').__vue__.desk.changes.map((one) => one.what)"
    )
    assert changes == ["Continuous communication at the start"]

"""A plan made on the page: it is drawn, taken back, kept in the address, restored elsewhere, saved and run again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from browser_watch import Watched
from playwright.sync_api import expect

pytestmark = pytest.mark.slow

START = "/?story=collective-impact"

FOCUS = """() => {
  const one = document.activeElement;
  if (one === document.body) return ['the end', true];
  const looks = () => [one, ...one.querySelectorAll('*')].map((part) => {
    const style = getComputedStyle(part);
    return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.stroke, style.strokeWidth, style.opacity,
            style.display, style.visibility, style.borderColor, style.backgroundColor].join();
  }).join('|');
  const name = one.dataset.do || one.dataset.lever || one.getAttribute('aria-label') || one.innerText || one.tagName;
  const focused = looks();
  one.blur();
  const plain = looks();
  one.focus({ focusVisible: true });
  return [name.trim(), focused !== plain];
}"""
"""What has the focus, and whether one can see that it has."""


def act(watched: Watched, **action: Any) -> None:
    """An action as the page sends it, and its picture."""
    watched.page.evaluate(
        "action => document.querySelector('.cis-app').__vue__.$children[0].send(action)", action
    )
    watched.settled()


def picture(watched: Watched) -> dict[str, Any]:
    """What the page draws."""
    told: dict[str, Any] = watched.page.evaluate("document.querySelector('.cis-app').__vue__.picture")
    return told


def drawn(watched: Watched) -> dict[str, Any]:
    """The lines that are drawn, by outcome; axes may stay as they were before."""
    kept = ("band", "one", "alone")
    return {one["name"]: {name: one[name] for name in kept} for one in picture(watched)["outcomes"]}


def slider(watched: Watched, lever: str) -> Any:
    return watched.page.locator(f"input[data-lever={lever}]")


def saved(watched: Watched, folder: Path) -> str:
    """The scenario that the page saves."""
    with watched.page.expect_download() as coming:
        watched.page.locator("[data-do=save]").click()
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path.read_text(encoding="utf-8")


def test_a_slider_changes_what_is_drawn(opened):
    watched = opened(START)
    severity = watched.page.locator(".cis-cell-severity svg").last
    before, line = drawn(watched), severity.inner_html()
    slider(watched, "measurement").focus()
    for _ in range(4):
        watched.page.keyboard.press("ArrowLeft")
    watched.settled()
    assert drawn(watched) != before
    assert severity.inner_html() != line
    assert slider(watched, "measurement").input_value() == "0.8"


def test_undo_and_redo(opened):
    watched = opened(START)
    before = drawn(watched)
    act(watched, do="lever", name="agenda", value=0.2, final=True)
    changed = drawn(watched)
    watched.page.locator("[data-do=undo]").click()
    watched.settled()
    assert drawn(watched) == before
    watched.page.keyboard.press("Control+y")
    watched.settled()
    assert drawn(watched) == changed
    assert slider(watched, "agenda").input_value() == "0.2"


def test_back_and_forward_restore_what_was_there(opened):
    watched = opened(START)
    act(watched, do="lever", name="agenda", value=0.2, final=True)
    act(watched, do="story", name="funder-leaves")  # its address is there no later than its picture
    assert "The funder leaves" in watched.page.locator("h1").inner_text()
    watched.page.go_back()
    watched.page.wait_for_function("document.querySelector('h1').innerText.includes('Collective impact')")
    expect(slider(watched, "agenda")).to_have_value("0.2")  # it follows the heading within a moment
    watched.page.go_back()
    watched.page.wait_for_function("document.querySelector('input[data-lever=agenda]').value === '1'")
    watched.page.go_forward()
    watched.page.go_forward()
    watched.page.wait_for_function("document.querySelector('h1').innerText.includes('The funder leaves')")


def test_the_link_of_a_plan_with_twenty_events_restores_it_exactly(opened, tmp_path):
    watched = opened(START)
    kinds = ("trust-breach", "leader-changes", "partner-leaves", "backbone-closes")
    for number in range(20):
        event: dict[str, Any] = {"kind": kinds[number % 4], "month": 3 + 5 * number}
        if number % 4 < 3:
            event["partner"] = f"partner-{number + 1}"
        act(watched, do="event-add", event=event)
    act(watched, do="lever", name="meetings", value=0.7, final=True)
    act(watched, do="seed", value=12)
    watched.shot("stage-twenty-events")
    text = saved(watched, tmp_path)
    assert text.count("[[event]]") == 20
    path = watched.page.url.removeprefix(watched.address)
    other = opened(path)
    assert saved(other, tmp_path) == text
    assert drawn(other) == drawn(watched)
    assert other.page.url == watched.page.url


CROSSED = """() => {
  const boxes = [...document.querySelectorAll('.cis-event')].map((one) => [
    one.querySelector('.cis-event-disc').getBoundingClientRect(), one.querySelector('.cis-event-name').getBoundingClientRect()]);
  const meet = (a, b) => a.width > 0 && b.width > 0 && a.left < b.right - 1 && b.left < a.right - 1
    && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  return boxes.flatMap(([, name], k) => boxes.filter(([disc, other], l) => l !== k && (meet(name, other) || meet(name, disc))).map(() => k));
}"""
"""Events whose name lies over the name or the disc of another one."""


@pytest.mark.parametrize(
    "months", [(40, 42, 44, 46, 48, 50, 52), (100, 103, 106, 109, 112, 115, 118), (3, 60, 61, 62, 63, 118)]
)
def test_names_of_events_that_are_close_do_not_cross(opened, months):
    watched = opened(START)
    kinds = ("trust-breach", "launch-shared-measurement", "drop-shared-measurement", "funder-leaves")
    for number, month in enumerate(months):
        act(watched, do="event-add", event={"kind": kinds[number % 4], "month": month})
    watched.page.mouse.move(640, 5)
    assert watched.page.locator(".cis-event").count() == len(months)
    assert watched.page.locator(".cis-event-name:visible").count() >= 1
    watched.shot(f"events-close-{months[0]}")
    assert watched.page.evaluate(CROSSED) == []


def test_reset_all_assumptions_is_one_step(opened):
    watched = opened(START)
    for name, value in (("trust_gain", 0.05), ("potency", 2.5), ("trust_mean", 0.4)):
        act(watched, do="parameter", name=name, value=value, final=True)
    changed = drawn(watched)
    watched.page.keyboard.press("a")
    watched.page.get_by_role("button", name="Reset all").click()
    watched.page.get_by_text("changed", exact=False).first.wait_for()
    watched.page.wait_for_function("document.querySelectorAll('.cis-drawer-changed').length === 0")
    watched.settled()
    watched.page.keyboard.press("Escape")
    watched.page.locator("[data-do=undo]").click()
    watched.settled()
    assert drawn(watched) == changed


def test_a_saved_scenario_run_by_cisim_gives_the_figures_of_the_page(opened, tmp_path):
    watched = opened("/?story=funder-leaves")
    act(watched, do="lever", name="meetings", value=1.0, final=True)
    act(watched, do="seed", value=7)
    act(watched, do="parameter", name="potency", value=2.5, final=True)
    text = saved(watched, tmp_path)
    command = text.splitlines()[0].removeprefix("# cisim ").split()
    done = subprocess.run(
        [sys.executable, "-m", "cisim", *command, "--json", "--quiet"],
        capture_output=True, text=True, cwd=tmp_path, check=True,
    )  # fmt: skip
    (run,) = json.loads(done.stdout)["scenarios"]
    compared = 0
    for outcome in picture(watched)["outcomes"]:
        if outcome["name"] in run["end"]:
            decimals = max(len(str(value).partition(".")[2]) for value in outcome["band"]["median"])
            for name in ("low", "median", "high"):
                assert outcome["band"][name][-1] == round(run["end"][outcome["name"]][name], decimals)
            compared += 1
    assert compared >= 4
    assert picture(watched)["reached"]["share"] == pytest.approx(run["end"]["target reached"]["median"] / 100)


def test_a_partner_tells_its_story(opened):
    watched = opened(START)
    act(watched, do="select", id="partner-3")
    watched.page.wait_for_selector(".cis-partner-place")
    watched.shot("stage-partner")
    assert len(watched.page.locator(".cis-partner-place").inner_text()) > 200


def test_predict_first_hides_the_outcome_until_it_is_revealed(opened):
    watched = opened(START)
    watched.page.keyboard.press("p")
    watched.page.wait_for_function("document.body.innerText.includes('The outcome is hidden')")
    watched.page.keyboard.press("Escape")
    watched.page.keyboard.press("r")
    watched.page.wait_for_function("!document.body.innerText.includes('The outcome is hidden')")


def test_play_moves_the_months_in_the_browser(opened):
    watched = opened(START)
    watched.page.keyboard.press("Home")
    watched.page.keyboard.press("Space")
    watched.page.wait_for_function(
        "Number(document.querySelector('.cis-when strong').textContent.slice(6)) > 5"
    )
    watched.page.keyboard.press("Space")
    assert watched.page.locator(".cis-stage").get_attribute("data-playing") == "false"


def test_everything_that_matters_is_reached_by_keyboard_with_a_visible_focus(opened):
    watched = opened("/")
    page = watched.page
    page.keyboard.press("Enter")  # the first story has the focus
    watched.settled()
    assert "Isolated impact" in page.locator("h1").inner_text()
    for key, lever in (("1", "agenda"), ("5", "backbone_staff")):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.dataset.lever") == lever
        page.keyboard.press("ArrowRight")
    watched.settled()
    assert slider(watched, "agenda").input_value() != "0"
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        name, visible = page.evaluate(FOCUS)
        assert visible, f"no visible focus on {name!r}"
        seen.add(name)
    assert {"Stage", "Desk", "Bench", "undo", "baseline", "predict", "assumptions", "guide", "agenda"} <= seen


def test_an_upload_that_is_broken_says_what_is_wrong(opened):
    watched = opened(START)
    act(watched, do="upload", kind="scenario", files=[{"name": "x.toml", "text": "levers = 3\n[["}])
    watched.page.wait_for_selector(".cis-notice-error")
    act(watched, do="upload", kind="survey", files=[{"name": "ties.csv", "text": "a,b\n1,2,3\n\x00,"}])
    act(watched, do="upload", kind="survey", files=[{"name": "ties.csv", "text": "x" * 3_000_000}])
    assert watched.page.locator(".cis-notice-error").count() >= 1


def test_plans_on_the_desk_and_the_result_page(opened, tmp_path):
    watched = opened("/desk")
    watched.page.get_by_role("button", name="Copy it as plan B").click()
    watched.settled()
    act(watched, do="lever", name="measurement", value=0.0, plan=1, final=True)
    watched.shot("desk-measurement-dropped")
    with watched.page.expect_download() as coming:
        watched.page.get_by_role("button", name="Result page").click()
    path = tmp_path / "result.html"
    coming.value.save_as(path)
    page = watched.page.context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert asked == [path.as_uri()]
    assert "compared" in page.locator("h1").inner_text()

"""What a person does first: predicts before the reveal, opens a file, reaches for an event, and uses a tablet."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from cisim import verbs

pytestmark = pytest.mark.slow

START = "/?story=collective-impact"
HIDDEN = "The outcome is hidden"
NOTHING_SAID = "First say what you expect"
NEXT_TO_IT = """() => {
  const hint = document.querySelector('.cis-calendar-hint-on');
  if (!hint) return false;
  const chip = document.querySelector('[data-kind=trust-breach]').getBoundingClientRect(), told = hint.getBoundingClientRect();
  const middle = (chip.left + chip.right) / 2, above = chip.top - told.bottom;
  return told.left <= middle && middle <= told.right && above >= 0 && above < 40;
}"""


def test_a_prediction_is_revealed_once_it_is_made_and_begins_anew(opened):
    watched = opened(START)
    page = watched.page
    panel, hidden = page.locator(".cis-predict"), page.get_by_text(HIDDEN).first
    page.keyboard.press("p")
    expect(panel).to_contain_text(NOTHING_SAID)
    page.keyboard.press("r")  # as the button, which cannot be pressed
    expect(page.locator("[data-do=reveal]")).to_be_disabled()
    expect(hidden).to_be_visible()
    page.get_by_role("button", name="It gets better").click()
    expect(page.locator("[data-do=reveal]")).to_be_enabled()
    page.keyboard.press("r")
    expect(hidden).to_have_count(0)
    expect(page.locator("body")).to_contain_text("What you expected")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    page.keyboard.press("p")
    expect(panel).to_contain_text(NOTHING_SAID)  # of the last group's nothing is left
    watched.well()


def test_a_file_opened_on_the_desk_joins_the_plans(opened, tmp_path: Path):
    file = tmp_path / "county.toml"
    file.write_text(verbs.preset("funder-leaves").replace(name="county", title="County").to_toml())
    watched = opened("/desk")
    page = watched.page
    button = page.get_by_role("button", name="Open a file as a new plan")
    for count in range(2, 7):
        expect(button).to_be_enabled()
        page.set_input_files("input[type=file][aria-label='Open a scenario file']", str(file))
        expect(page.locator(".cis-pcol")).to_have_count(count)
    expect(page.locator(".cis-pcol-title").nth(0)).to_have_value("Collective impact")
    expect(button).to_be_disabled()
    watched.settled()
    watched.well()


def test_the_hint_of_an_event_stands_next_to_it(opened):
    watched = opened(START)
    watched.page.locator("[data-kind=trust-breach]").hover()
    watched.page.wait_for_function(NEXT_TO_IT)
    watched.well()


def test_the_big_screen_of_a_tablet_is_as_wide_as_it_is(opened):
    watched = opened(START, size="tablet")
    watched.page.keyboard.press("f")
    panels = watched.page.locator(".cis-big .cis-panel:visible")
    expect(watched.page.locator(".cis-big")).to_have_count(1)
    watched.settled()
    boxes = [box for box in (panel.bounding_box() for panel in panels.all()) if box]
    assert len(boxes) >= 3
    for box in boxes:
        assert box["x"] >= 0 and box["width"] > 700 and box["x"] + box["width"] <= 820
    watched.shot("big-screen-tablet")
    watched.well()

"""Every page loads without a fault at each size, says what it is, and has no serious fault of accessibility.

Screenshots of each are kept for a person to look at.
"""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_server import Server
from browser_watch import Watched

from tests.app.small_study import small_study

pytestmark = pytest.mark.slow

START = "/?story=collective-impact"
PAGES = {"stage": START, "desk": "/desk", "bench": "/bench"}
SIZES = ("projector", "screen", "tablet")
SERIOUS = ("serious", "critical")


def accessible(watched: Watched) -> None:
    """Fail with every serious or critical fault that axe-core finds on the page as it is."""
    found = Axe().run(watched.page).response["violations"]
    bad = [
        f"{one['impact']}: {one['id']}, {one['help']}\n" + "\n".join(f"    {node['html'][:200]}" for node in one["nodes"][:5])
        for one in found if one["impact"] in SERIOUS
    ]  # fmt: skip
    assert not bad, "\n".join(bad)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_loads_and_is_accessible(opened, page, size):
    watched = opened(PAGES[page], size)
    assert watched.page.title().endswith("· cisim")
    assert watched.page.locator("html").get_attribute("lang") == "en"
    assert watched.page.locator("h1").count() == 1
    assert watched.page.locator("main").count() == 1
    watched.shot(f"{page}-{size}")
    accessible(watched)


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wider_than_the_screen(opened, size):
    for path in PAGES.values():
        watched = opened(path, size)
        assert watched.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
            path,
            size,
        )


def test_a_first_visit_begins_with_a_choice_of_stories(opened):
    watched = opened("/")
    watched.shot("welcome")
    accessible(watched)
    watched.page.locator("[data-story=isolated-impact]").click()
    watched.settled()
    assert "Isolated impact" in watched.page.locator("h1").inner_text()


def test_what_opens_on_the_stage_is_accessible(opened):
    watched = opened(START)
    for key, name in (
        ("a", "assumptions"),
        ("g", "guide"),
        ("?", "help"),
        ("s", "stories"),
        ("l", "share"),
        ("p", "predict"),
    ):
        watched.page.keyboard.press(key)
        watched.page.wait_for_timeout(400)
        watched.shot(f"stage-{name}")
        accessible(watched)
        watched.page.keyboard.press("Escape")
        watched.page.wait_for_timeout(200)


def test_every_picture_has_a_table_as_its_twin(opened):
    watched = opened(START)
    buttons = watched.page.get_by_role("button", name="Table of").all()
    names = [str(button.get_attribute("aria-label")) for button in buttons]
    assert len(names) >= 9  # coalition, conditions, events, and each outcome
    for number, name in enumerate(names):
        watched.page.get_by_role("button", name=name, exact=True).click()
        watched.page.locator("table:visible").first.wait_for()
        if number in (0, 3):
            watched.shot(f"table-{number}")
            accessible(watched)
        back = watched.page.get_by_role("button", name=name.replace("Table", "Picture"), exact=True)
        if back.count():
            back.click()
        watched.page.keyboard.press("Escape")
        watched.page.locator("table:visible").first.wait_for(state="detached")


def test_plans_side_by_side_are_accessible(opened):
    watched = opened("/desk")
    watched.page.get_by_role("button", name="Copy it as plan B").click()
    watched.settled()
    watched.page.wait_for_timeout(500)
    watched.shot("desk-two-plans")
    accessible(watched)


def test_a_study_on_the_bench_leads_to_its_run_on_the_stage(opened, tmp_path):
    small_study(tmp_path)
    with Server(tmp_path / "log", ["--studies", str(tmp_path)]) as served:
        watched = opened("/bench", at=served)
        watched.page.get_by_label("Study").select_option(index=1)
        watched.page.wait_for_selector(".cis-bench-scatter, .cis-bench-plot svg")
        watched.settled()
        watched.shot("bench-study")
        accessible(watched)
        watched.page.evaluate(
            "() => { const point = document.querySelector('.cis-app').__vue__.bench.scatter.points[3];"
            " document.querySelector('.cis-app').__vue__.$children[0].watch(point[3], point[4]) }"
        )
        watched.page.wait_for_selector(".cis-stage")
        watched.settled()
        watched.shot("stage-run-of-a-study")
        watched.well()
        watched.page.close()


def test_pages_lead_to_each_other(opened):
    watched = opened(START)
    for name in ("Desk", "Bench", "Stage"):
        watched.page.get_by_role("navigation", name="Pages").get_by_role("button", name=name).click()
        watched.page.wait_for_url(lambda url, name=name: ("/" + name.lower() in url) == (name != "Stage"))
        watched.settled()
        assert watched.page.title() == f"{name} · cisim"


def test_an_unknown_path_is_a_page_with_a_way_on(chromium, server):
    page = chromium.new_page()
    answer = page.goto(f"{server.address}/cellar")
    assert answer is not None and answer.status == 404
    page.get_by_role("link", name="the Desk").click()
    page.wait_for_selector("[data-settled=true]")
    page.close()

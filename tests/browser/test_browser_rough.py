"""Whatever is done to the page, or to its server, it goes on: random actions, hostile links, a server that dies."""

from __future__ import annotations

import random
import time

import pytest
from browser_watch import Watched

pytestmark = pytest.mark.slow

START = "/?story=collective-impact"

RANDOM_ACTION = """
(dice) => {
  const usable = (one) => !one.disabled && one.offsetParent !== null && !one.closest('[inert]');
  const skipped = (one) => one.type === 'file' || /download|save|file|result page|open/i.test(
    (one.dataset.do || '') + (one.getAttribute('aria-label') || '') + (one.textContent || ''));
  const all = [...document.querySelectorAll('button, input, select, summary, [role=slider], [role=button]')]
    .filter((one) => usable(one) && !skipped(one));
  if (!all.length) return 'nothing';
  const one = all[Math.floor(dice[0] * all.length)];
  one.focus();
  if (one.tagName === 'SELECT') {
    one.selectedIndex = Math.floor(dice[1] * one.options.length);
    one.dispatchEvent(new Event('change', { bubbles: true }));
  } else if (one.type === 'range' || one.type === 'number') {
    const low = Number(one.min || 0), high = Number(one.max || 1);
    one.value = low + dice[1] * (high - low);
    one.dispatchEvent(new Event('input', { bubbles: true }));
    if (dice[2] < 0.8) one.dispatchEvent(new Event('change', { bubbles: true }));
  } else one.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
  return (one.dataset.do || one.dataset.lever || one.getAttribute('aria-label') || one.textContent || one.type).trim().slice(0, 40);
}
"""


def shaken(watched: Watched, seed: int, count: int) -> list[str]:
    """What was done, one after another as fast as the browser takes it."""
    chance = random.Random(seed)
    done = []
    for number in range(count):
        dice = [chance.random() for _ in range(3)]
        done.append(watched.page.evaluate(RANDOM_ACTION, dice))
        if number % 10 == 9:
            watched.page.keyboard.press(
                chance.choice(["Escape", "Control+z", "Control+y", "Space", "ArrowRight", "b"])
            )
    return done


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_hundred_and_fifty_rapid_random_actions(opened, server, seed):
    watched = opened(START)
    done = shaken(watched, seed, 150)
    watched.page.wait_for_timeout(500)
    watched.page.keyboard.press("Escape")
    watched.settled()
    assert len(set(done)) > 20
    watched.shot(f"after-random-actions-{seed}")
    watched.well()
    assert not server.tracebacks(), server.log.read_text()[-3000:]


@pytest.mark.parametrize(
    "query",
    [
        "s=1.AAAA.00000000", "s=" + "9" * 9000, "story=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "agenda=nan&seed=inf",
        "months=99999999&replicates=-3", "%E0%80%AF=%00", "story[]=a&story[]=b", "s=2.x.y", "modelid=1&story=x",
    ],
)  # fmt: skip
def test_a_hostile_link_gives_a_page_and_a_sentence(opened, server, query):
    watched = opened(f"/?{query}")
    watched.settled()
    assert watched.page.locator("script", has_text="alert(1)").count() == 0
    assert watched.page.locator(".cis-notice").count() >= 1
    watched.well()
    assert not server.tracebacks()


def test_a_server_that_dies_is_waited_for_and_all_comes_back(opened, own_server):
    watched = opened("/?story=funder-leaves&agenda=0.5", at=own_server)
    watched.away = True
    own_server.kill()
    away = watched.page.get_by_text("The server is away.").first
    away.wait_for(timeout=20_000)
    watched.shot("server-away")
    own_server.start()
    watched.page.wait_for_function(
        "!document.body.innerText.includes('The server is away') && document.querySelector('[data-settled=true]')",
        timeout=90_000,
    )
    watched.away = False
    assert "The funder leaves" in watched.page.locator("h1").inner_text()
    assert watched.page.locator("input[data-lever=agenda]").input_value() == "0.5"
    watched.page.keyboard.press("1")
    watched.page.keyboard.press("ArrowRight")
    watched.page.wait_for_function("document.querySelector('input[data-lever=agenda]').value === '0.55'")
    watched.settled()
    watched.well()
    watched.page.close()  # its server ends first


def test_fifty_tabs_opened_and_closed_leave_memory_flat(chromium, own_server):
    """The first ten warm every cache; the next forty may add what fragments, not what is kept for each tab.

    A tab that is kept holds at least its pictures and history, 3 MB; forty of them would be over 100 MB.
    """
    sizes = []
    for number in range(50):
        context = chromium.new_context()
        watched = Watched(context.new_page(), own_server.address).open(START)
        watched.page.keyboard.press("1")
        watched.page.keyboard.press("ArrowLeft")
        watched.settled()
        watched.well()
        context.close()
        if number in (9, 49):
            time.sleep(5)  # Solara collects garbage a moment after a tab is closed
            sizes.append(own_server.megabytes())
    warm, last = sizes
    assert last - warm < 40, f"from {warm:.0f} to {last:.0f} MB"
    assert not own_server.tracebacks()


def test_two_visitors_know_nothing_of_each_other(opened):
    one, other = opened(START), opened(START)
    one.page.keyboard.press("1")
    for _ in range(5):
        one.page.keyboard.press("ArrowLeft")
    one.settled()
    assert other.page.locator("input[data-lever=agenda]").input_value() == "1"
    assert one.page.locator("input[data-lever=agenda]").input_value() == "0.75"

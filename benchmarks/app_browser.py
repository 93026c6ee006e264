"""The app in headless Chromium, as a person works with it: from a key or a click to the settled picture.

Needs Debian's chromium and the dev extra. Server, browser and this program share the machine.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Figures = dict[str, float]
Times = tuple[list[float], list[float]]

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
START = "/?story=collective-impact"
HUMAN = 0.33
RAPID = 0.07
PATIENCE = 30_000

WATCH = """
window.seen = { begun: 0, first: [], done: [] };
const looked = () => {
  const app = document.querySelector('.cis-app'), root = document.querySelector('[data-serial]');
  if (!root || Number(root.dataset.replicates) === 0) return;
  const seen = window.seen, asked = app.dataset.asked || '0';
  const answered = Number(root.dataset.serial) >= Number(asked), settled = answered && root.dataset.settled === 'true';
  if (settled && !seen.ready) seen.ready = performance.now();
  if (!seen.begun || asked === seen.before || !answered) return;
  if (!seen.told) seen.first.push(performance.now() - seen.begun);
  seen.told = true;
  if (!settled) return;
  seen.done.push(performance.now() - seen.begun);
  seen.begun = 0;
};
new MutationObserver(looked).observe(document, {
  subtree: true, childList: true, attributes: true, attributeFilter: ['data-serial', 'data-settled', 'data-replicates'],
});
const begin = (event) => {
  if (!event.target.matches || !event.target.matches('input[data-lever]')) return;
  window.seen.begun = event.timeStamp;
  window.seen.told = false;
  window.seen.before = document.querySelector('.cis-app').dataset.asked || '0';
};
window.addEventListener('keydown', begin, true);
window.addEventListener('pointerdown', begin, true);
"""
"""Notes the time from a key or a press on a slider until a first picture (few runs) and the settled one are in the page."""

IDLE = """() => !window.seen.begun
  || (document.querySelector('.cis-app').dataset.asked || '0') === window.seen.before"""
"""True once nothing is waited for; a click that moved nothing asks for nothing."""

FRAMES = """
(seconds) => new Promise((done) => {
  const times = [], end = performance.now() + 1000 * seconds;
  const step = (now) => { times.push(now); if (now < end) requestAnimationFrame(step); else done(times); };
  requestAnimationFrame(step);
})
"""


def app(repeats: int) -> Figures:
    """Milliseconds from a key or click on a slider to the settled picture (50 runs) in headless Chromium, and more."""
    from playwright.sync_api import sync_playwright

    steps = 12 * repeats
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        found = next(path for name in ("chromium", "chromium-browser") if (path := shutil.which(name)))
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        figures: Figures = {}
        with _server(Path(folder)) as address:
            figures |= _ready(browser, address, repeats)
            figures |= _sliders(browser, address + START, steps, "25 partners")
            figures |= _frames(browser, address + START, "25 partners")
            figures |= _together(browser, address + START, 4, max(4, steps // 4))
        with _server(Path(folder), _hundred(Path(folder))) as address:
            figures |= _sliders(browser, address + "/?seed=0&replicates=50", steps, "100 partners")
            figures |= _frames(browser, address + "/?seed=0&replicates=50", "100 partners")
        browser.close()
    return figures


def _hundred(folder: Path) -> str:
    """A scenario of a hundred partners."""
    import cisim
    from cisim.world.partners import Roster

    path = folder / "hundred.toml"
    scenario = cisim.preset("collective-impact").replace(name="hundred", roster=Roster(count=100))
    path.write_text(scenario.to_toml(), encoding="utf-8")
    return str(path)


@contextmanager
def _server(folder: Path, *arguments: str) -> Iterator[str]:
    """The address of a server of its own, once the model is compiled."""
    log = folder / "log"
    with log.open("w", encoding="utf-8") as lines:
        command = [sys.executable, "-m", "cisim", "app", "--no-open", "--port", "0", *arguments]
        process = subprocess.Popen(command, stdout=lines, stderr=lines, env=dict(os.environ))
    try:
        while not (told := re.search(r"cisim is at (http://[\d.:]+)/", log.read_text(encoding="utf-8"))):
            if process.poll() is not None:
                raise RuntimeError(log.read_text(encoding="utf-8"))
            time.sleep(0.1)
        while b'"compiled":true' not in urllib.request.urlopen(f"{told[1]}/health").read():
            time.sleep(0.2)
        yield told[1]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def _opened(browser: Browser, address: str) -> Page:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("window.seen && window.seen.ready", timeout=PATIENCE)
    page.wait_for_timeout(800)
    return page


def _stats(name: str, times: list[float]) -> Figures:
    figures = {f"{name}: number": float(len(times))}
    if times:
        figures |= {f"{name}: median ms": statistics.median(times), f"{name}: worst ms": max(times)}
    return figures


def _told(name: str, times: Times) -> Figures:
    return _stats(f"{name}, first picture", times[0]) | _stats(f"{name}, settled", times[1])


def _ready(browser: Browser, address: str, repeats: int) -> Figures:
    """From the address to the first settled picture, nothing cached in the browser."""
    times = []
    for _ in range(2 + repeats):
        page = _opened(browser, address + START)
        times.append(page.evaluate("window.seen.ready"))
        page.context.close()
    return _stats("page ready", times)


def _sliders(browser: Browser, address: str, steps: int, name: str) -> Figures:
    page = _opened(browser, address)
    chance = random.Random(1)
    keys = _walk(chance, steps)
    figures = _told(f"{name}, 3 keys a second", _pressed(page, "agenda", keys, HUMAN))
    figures |= _told(f"{name}, last of rapid keys", _bursts(page, steps // 3))
    figures |= _told(f"{name}, click anywhere", _jumps(page, chance, steps))
    page.context.close()
    return figures


def _walk(chance: random.Random, steps: int) -> list[str]:
    """Keys of somebody who tries a slider: some steps one way, then some back."""
    keys: list[str] = []
    way = "ArrowLeft"
    while len(keys) < steps:
        keys += [way] * chance.randint(2, 6)
        way = "ArrowRight" if way == "ArrowLeft" else "ArrowLeft"
    return keys[:steps]


def _times(page: Page, last: int = 0) -> Times:
    """(of first pictures, of settled ones) since this was asked last, or only the last so many of them."""
    page.wait_for_function(IDLE, timeout=PATIENCE)
    first, done = page.evaluate("[window.seen.first.splice(0), window.seen.done.splice(0)]")
    return first[-last:], done[-last:]


def _pressed(page: Page, lever: str, keys: list[str], pause: float) -> Times:
    page.locator(f"input[data-lever={lever}]").focus()
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(1500)
    _times(page)
    for key in keys:
        begun = time.perf_counter()
        page.keyboard.press(key)
        page.wait_for_timeout(max(0.0, 1e3 * (pause - (time.perf_counter() - begun))))
    return _times(page)


def _bursts(page: Page, count: int) -> Times:
    """The last of ten keys that come as fast as a keyboard repeats them."""
    first: list[float] = []
    done: list[float] = []
    page.locator("input[data-lever=measurement]").focus()
    for number in range(count):
        for _ in range(10):
            page.keyboard.press("ArrowLeft" if number % 2 == 0 else "ArrowRight")
            page.wait_for_timeout(1e3 * RAPID)
        told = _times(page, last=1)
        first, done = first + told[0], done + told[1]
    return first, done


def _jumps(page: Page, chance: random.Random, count: int) -> Times:
    """Clicks that nobody could foresee."""
    first: list[float] = []
    done: list[float] = []
    for _ in range(count):
        lever = chance.choice(("agenda", "measurement", "coordination", "meetings", "backbone_staff"))
        box = page.locator(f"input[data-lever={lever}]").bounding_box()
        if box is None:
            raise RuntimeError(f"no slider {lever}")
        page.mouse.click(box["x"] + chance.uniform(0.05, 0.95) * box["width"], box["y"] + box["height"] / 2)
        page.wait_for_timeout(1e3 * HUMAN)
        told = _times(page, last=1)
        first, done = first + told[0], done + told[1]
    return first, done


def _frames(browser: Browser, address: str, name: str) -> Figures:
    """Frames a second while ten years are played."""
    page = _opened(browser, address)
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    page.wait_for_timeout(300)
    times: list[float] = page.evaluate(FRAMES, 5)
    page.context.close()
    gaps = [after - before for before, after in pairwise(times)]
    return {
        f"{name}, playing: frames a second": 1e3 * len(gaps) / (times[-1] - times[0]),
        f"{name}, playing: longest frame ms": max(gaps),
    }


def _together(browser: Browser, address: str, people: int, rounds: int) -> Figures:
    """People who each move another slider three times a second, at once."""
    levers = ("agenda", "measurement", "coordination", "meetings")
    pages = [_opened(browser, address) for _ in range(people)]
    for page, lever in zip(pages, levers, strict=False):
        page.locator(f"input[data-lever={lever}]").focus()
        page.keyboard.press("ArrowLeft")
    pages[0].wait_for_timeout(1500)
    for page in pages:
        _times(page)
    chance = random.Random(2)
    for _ in range(rounds):
        for page in pages:
            page.keyboard.press(chance.choice(("ArrowLeft", "ArrowRight")))
            page.wait_for_timeout(1e3 * HUMAN / people)
    told = [_times(page) for page in pages]
    for page in pages:
        page.context.close()
    times = [value for first, _ in told for value in first], [value for _, done in told for value in done]
    return _told(f"{people} people at once", times)

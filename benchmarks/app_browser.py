"""The app in headless Chromium, as a person works with it: from a key or a click to the settled picture.

Needs Debian's chromium and the dev extra. Server, browser and this program share the machine, which should do nothing
else meanwhile.
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

from benchmarks.app_moves import (
    HUMAN,
    PATIENCE,
    WATCH,
    Times,
    bursts,
    clicks,
    first_clicks,
    pressed,
    times_of,
    walk,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Figures = dict[str, float]

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
START = "/?story=collective-impact"

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
    found: dict[str, Times] = {}
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        program = next(path for name in ("chromium", "chromium-browser") if (path := shutil.which(name)))
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        with _server(Path(folder)) as address:
            ready = _ready(browser, address, repeats)
            found |= _sliders(browser, address + START, steps, "25 partners")
            figures |= _frames(browser, address + START, "25 partners")
            found["4 people at once, 3 keys a second each"] = _together(
                browser, address + START, 4, max(4, steps // 4)
            )
        with _server(Path(folder), _hundred(Path(folder))) as address:
            found |= _sliders(browser, address + "/?seed=0&replicates=50", steps, "100 partners")
            figures |= _frames(browser, address + "/?seed=0&replicates=50", "100 partners")
        browser.close()
    print(_table(found))
    for name, times in found.items():
        figures |= _stats(f"{name}, first picture", times.first) | _stats(f"{name}, settled", times.done)
        figures[f"{name}: not settled when the next key came"] = float(times.left)
    return _stats("page ready", ready) | figures


def _table(found: dict[str, Times]) -> str:
    """A line a case: medians and worst in milliseconds."""
    head = f"{'milliseconds to the picture (50 runs)':<66}{'number':>7}{'first':>8}{'worst':>8}{'settled':>9}{'worst':>8}"
    lines = [head, "-" * len(head)]
    for name, times in found.items():
        shown = [_middle_and_worst(part) for part in (times.first, times.done)]
        told = f"{shown[0][0]:>8}{shown[0][1]:>8}{shown[1][0]:>9}{shown[1][1]:>8}"
        late = f"  {times.left} were overtaken by the next key" if times.left else ""
        lines.append(f"{name:<66}{len(times.done):>7}{told}{late}")
    return "\n".join(["", *lines])


def _middle_and_worst(times: list[float]) -> tuple[str, str]:
    return (f"{statistics.median(times):.0f}", f"{max(times):.0f}") if times else ("-", "-")


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


def _opened(browser: Browser, address: str, rest: float = 0.8) -> Page:
    """A page with its first settled picture, `rest` seconds later."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("window.seen && window.seen.ready", timeout=PATIENCE)
    page.wait_for_timeout(1e3 * rest)
    return page


def _stats(name: str, times: list[float]) -> Figures:
    figures = {f"{name}: number": float(len(times))}
    if times:
        figures |= {f"{name}: median ms": statistics.median(times), f"{name}: worst ms": max(times)}
    return figures


def _ready(browser: Browser, address: str, repeats: int) -> list[float]:
    """From the address to the first settled picture, nothing cached in the browser."""
    times = []
    for _ in range(2 + repeats):
        page = _opened(browser, address + START)
        times.append(page.evaluate("window.seen.ready"))
        page.context.close()
    return times


def _sliders(browser: Browser, address: str, steps: int, name: str) -> dict[str, Times]:
    """Every way of moving a slider; each on a page of its own, so that no way profits from the one before."""
    chance = random.Random(1)
    found: dict[str, Times] = {}
    page = _opened(browser, address)
    found[f"{name}, 3 keys a second"] = pressed(page, "agenda", walk(chance, steps))
    found[f"{name}, last of ten rapid keys"] = bursts(page, max(4, steps // 3))
    page.context.close()
    few = max(4, steps // 3)
    found[f"{name}, click anywhere: at once after opening"] = first_clicks(
        lambda: _opened(browser, address, 0.0), chance, few
    )
    for told, rest in (
        ("one after another, pointer jumps there", {"idle": HUMAN, "aimed": 0.0}),
        ("pointer 0.3 s on the place", {"idle": HUMAN, "aimed": 0.3}),
        ("pointer 1 s elsewhere on the slider", {"idle": HUMAN, "near": 1.0, "aimed": 0.0}),
        ("page idle for 5 s, pointer jumps there", {"idle": 5.0, "aimed": 0.0}),
    ):
        page = _opened(browser, address)
        found[f"{name}, click anywhere: {told}"] = clicks(page, chance, few, **rest)
        page.context.close()
    return found


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


def _together(browser: Browser, address: str, people: int, rounds: int) -> Times:
    """People who each move another slider three times a second, at once."""
    levers = ("agenda", "measurement", "coordination", "meetings")
    pages = [_opened(browser, address) for _ in range(people)]
    for page, lever in zip(pages, levers, strict=False):
        page.locator(f"input[data-lever={lever}]").focus()
        page.keyboard.press("ArrowLeft")
    pages[0].wait_for_timeout(1500)
    for page in pages:
        times_of(page)
    chance = random.Random(2)
    for _ in range(rounds):
        for page in pages:
            page.keyboard.press(chance.choice(("ArrowLeft", "ArrowRight")))
            page.wait_for_timeout(1e3 * HUMAN / people)
    told = Times()
    for page in pages:
        told.add(times_of(page))
        page.context.close()
    return told

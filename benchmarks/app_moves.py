"""Ways in which a person moves a slider of the page, each with the times until a first and a settled picture."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["WATCH", "Times", "bursts", "clicks", "first_clicks", "pressed", "times_of", "walk"]

HUMAN = 0.33
RAPID = 0.07
PATIENCE = 60_000
LEVERS = ("agenda", "measurement", "coordination", "meetings", "backbone_staff")

WATCH = """
window.seen = { begun: 0, first: [], done: [], left: 0 };
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
  const asked = document.querySelector('.cis-app').dataset.asked || '0';
  if (window.seen.begun && asked !== window.seen.before) window.seen.left += 1;
  window.seen.begun = event.timeStamp;
  window.seen.told = false;
  window.seen.before = asked;
};
window.addEventListener('keydown', begin, true);
window.addEventListener('pointerdown', begin, true);
"""
"""Notes the time from a key or a press on a slider until a first picture (few runs) and the settled one are in the page.

`left` counts pictures that were not settled when the next key came, so that nothing slow is left out unseen.
"""

IDLE = """() => !window.seen.begun
  || (document.querySelector('.cis-app').dataset.asked || '0') === window.seen.before"""
"""True once nothing is waited for; a click that moved nothing asks for nothing."""


@dataclass
class Times:
    """Milliseconds to first and to settled pictures; left: how many were overtaken by the next key before they settled."""

    first: list[float] = field(default_factory=list)
    done: list[float] = field(default_factory=list)
    left: int = 0

    def add(self, other: Times, last: int = 0) -> None:
        """Join others, or only the last so many of them."""
        self.first += other.first[-last:]
        self.done += other.done[-last:]
        self.left += 0 if last else other.left


def times_of(page: Page) -> Times:
    """What was measured on a page since this was asked last."""
    page.wait_for_function(IDLE, timeout=PATIENCE)
    first, done, left = page.evaluate(
        "[window.seen.first.splice(0), window.seen.done.splice(0), window.seen.left]"
    )
    page.evaluate("window.seen.left = 0")
    return Times(first, done, left)


def walk(chance: random.Random, steps: int) -> list[str]:
    """Keys of somebody who tries a slider: some steps one way, then some back."""
    keys: list[str] = []
    way = "ArrowLeft"
    while len(keys) < steps:
        keys += [way] * chance.randint(2, 6)
        way = "ArrowRight" if way == "ArrowLeft" else "ArrowLeft"
    return keys[:steps]


def pressed(page: Page, lever: str, keys: list[str]) -> Times:
    """Keys three times a second, on a slider that has been in hand for a moment."""
    page.locator(f"input[data-lever={lever}]").focus()
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(1500)
    times_of(page)
    for key in keys:
        begun = time.perf_counter()
        page.keyboard.press(key)
        page.wait_for_timeout(max(0.0, 1e3 * (HUMAN - (time.perf_counter() - begun))))
    return times_of(page)


def bursts(page: Page, count: int) -> Times:
    """The last of ten keys that come as fast as a keyboard repeats them."""
    told = Times()
    page.locator("input[data-lever=measurement]").focus()
    for number in range(count):
        for _ in range(10):
            page.keyboard.press("ArrowLeft" if number % 2 == 0 else "ArrowRight")
            page.wait_for_timeout(1e3 * RAPID)
        told.add(times_of(page), last=1)
    return told


def clicks(
    page: Page, chance: random.Random, count: int, *, idle: float, aimed: float, near: float = 0.0
) -> Times:
    """Clicks anywhere on any slider, seconds apart.

    idle: nothing is touched for so long before. near: then the pointer rests so long elsewhere on that slider. aimed: it
    rests so long where it will click.
    """
    told = Times()
    for _ in range(count):
        page.mouse.move(640, 5)
        page.wait_for_timeout(1e3 * idle)
        box = page.locator(f"input[data-lever={chance.choice(LEVERS)}]").bounding_box()
        if box is None:
            raise RuntimeError("a slider is not there")
        middle = box["y"] + box["height"] / 2
        if near:
            page.mouse.move(box["x"] + chance.uniform(0.05, 0.95) * box["width"], middle)
            page.wait_for_timeout(1e3 * near)
        page.mouse.move(box["x"] + chance.uniform(0.05, 0.95) * box["width"], middle)
        if aimed:
            page.wait_for_timeout(1e3 * aimed)
        page.mouse.down()
        page.mouse.up()
        told.add(times_of(page))
    return told


def first_clicks(opened: Callable[[], Page], chance: random.Random, count: int) -> Times:
    """The first click on a page that has just been opened, as soon as its picture is settled."""
    told = Times()
    for _ in range(count):
        page = opened()
        told.add(clicks(page, chance, 1, idle=0.0, aimed=0.0))
        page.context.close()
    return told

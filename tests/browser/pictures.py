"""Draw the pictures of the app that the documents show: `python tests/browser/pictures.py`.

docs/images/stage.gif is the Stage while ten years of a coalition pass; stage.png is its last moment.
"""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import TemporaryDirectory

from browser_server import Server
from browser_watch import Watched
from conftest import FLAGS, SIZES, chromium_path
from PIL import Image
from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).parents[2] / "docs" / "images"
STORY = "/?story=collective-impact"
STEP, MONTHS = 3, 120
WIDTH, COLOURS = 900, 96
FRAME, LAST = 160, 3000
"""Milliseconds that a frame stays, and the last one."""


def moments(page: Page) -> list[Image.Image]:
    """The page every third month, from the start to the end."""
    page.keyboard.press("Home")
    taken = []
    for month in range(0, MONTHS + 1, STEP):
        taken.append(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
        for _ in range(STEP if month < MONTHS else 0):
            page.keyboard.press("ArrowRight")
        page.wait_for_timeout(250)  # what moves comes to rest
    return taken


def animate(frames: list[Image.Image], path: Path) -> None:
    """Write a small animation with one palette for all frames, so that nothing flickers."""
    height = round(WIDTH * frames[0].height / frames[0].width)
    small = [frame.resize((WIDTH, height), Image.Resampling.LANCZOS) for frame in frames]
    palette = small[-1].quantize(COLOURS)
    drawn = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in small]
    times = [FRAME] * (len(drawn) - 1) + [LAST]
    drawn[0].save(path, save_all=True, append_images=drawn[1:], duration=times, loop=0, optimize=True)


def main() -> None:
    """Start the app, look at it, write the pictures."""
    with (
        TemporaryDirectory() as folder,
        Server(Path(folder) / "log") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        width, height = SIZES["projector"]
        page = browser.new_page(viewport={"width": width, "height": height})
        watched = Watched(page, server.address).open(STORY)
        frames = moments(page)
        animate(frames, IMAGES / "stage.gif")
        page.screenshot(path=IMAGES / "stage.png")
        watched.well()
        browser.close()


if __name__ == "__main__":
    main()

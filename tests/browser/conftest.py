"""A real server and a real Chromium for the paths that must be seen on a page."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser_server import Server
from browser_watch import Watched
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZES = {"projector": (1280, 720), "screen": (1920, 1080), "tablet": (820, 1180)}

Opener = Callable[..., Watched]


def chromium_path() -> str | None:
    """The system's Chromium, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    if chromium_path() is None:
        pytest.fail(
            "no Chromium for the tests of the app; install it with: apt-get install chromium", pytrace=False
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that do not stop it."""
    running = Server(tmp_path_factory.mktemp("server") / "log")
    yield running
    assert running.stop() == 0
    assert not running.tracebacks(), running.log.read_text()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server that a test may stop and start."""
    running = Server(tmp_path / "log")
    yield running
    running.stop()


@pytest.fixture
def opened(chromium: Browser, server: Server) -> Iterator[Opener]:
    """Open a page in a browser session of its own: `opened("/desk", size="tablet")`; faults fail the test."""
    pages: list[Watched] = []

    def opener(path: str = "/", size: str = "projector", at: Server = server) -> Watched:
        width, height = SIZES[size]
        context = chromium.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
        pages.append(Watched(context.new_page(), at.address))
        return pages[-1].open(path)

    yield opener
    try:
        for page in pages:
            page.well()
    finally:
        for page in pages:
            page.page.context.close()

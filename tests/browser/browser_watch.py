"""A page of the app that forgives nothing: each failed request, error and request to elsewhere is a fault."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page, Request, Response, TimeoutError

SCREENSHOTS = Path(__file__).parent / "screenshots"
PATIENCE = 20_000
"""Milliseconds that a settled picture may take where a test measures no speed."""

SETTLED = """() => {
  const app = document.querySelector('.cis-app'), root = document.querySelector('[data-serial]');
  return root && root.dataset.settled === 'true' && Number(root.dataset.serial) >= Number(app.dataset.asked || 0);
}"""
"""True once the page shows all that comes of what was done on it."""

STATE = """() => {
  const app = document.querySelector('.cis-app'), root = document.querySelector('[data-serial]');
  return JSON.stringify({ app: app && { ...app.dataset }, root: root && { ...root.dataset },
    view: app && app.__vue__ && app.__vue__.view.serial, text: document.body.innerText.slice(0, 500) });
}"""
"""What to tell of a page that does not settle."""


class Watched:
    """A page, with all that went wrong on it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.faults: list[str] = []
        self.away = False  # while True, the server is known to be away
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"error on the page: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def open(self, path: str = "/") -> Watched:
        """Go there, and wait for the first settled picture."""
        self.page.goto(self.address + path)
        self.settled()
        return self

    def settled(self) -> None:
        """Wait until the picture of the last action is whole."""
        try:
            self.page.wait_for_function(SETTLED, timeout=PATIENCE)
        except TimeoutError as error:
            told = self.page.evaluate(STATE)
            raise AssertionError("\n".join([f"no settled picture: {told}", *self.faults])) from error

    def shot(self, name: str) -> None:
        """Keep a picture for a person to look at."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def well(self) -> None:
        """Fail with all that went wrong."""
        text = "" if self.page.is_closed() else self.page.locator("body").inner_text()
        if "Traceback" in text or "Error:" in text:
            self.faults.append(f"the page shows an error: {text[:500]}")
        assert not self.faults, "\n".join(self.faults)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not self.away:
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.faults.append(f"asked elsewhere: {request.url}")

    def _failed(self, request: Request) -> None:
        leaving = "/_solara/api/close/" in request.url  # a beacon of a page that is gone already
        if not self.away and not leaving:
            self.faults.append(f"failed: {request.url} ({request.failure})")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"answered {response.status}: {response.url}")

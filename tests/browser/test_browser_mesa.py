"""The page of docs/mesa.md runs in Mesa's own SolaraViz: it is drawn, and a step moves the model on."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PATIENCE = 90.0


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where Solara serves the page of the document."""
    text = (ROOT / "docs" / "mesa.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"<!-- page -->\n```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    page = tmp_path / "coalition_page.py"
    page.write_text(code, encoding="utf-8")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    quiet = {"SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False", "SOLARA_HOME": str(tmp_path)}
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith("SOLARA_")
    }  # not the app's
    command = [
        sys.executable,
        "-m",
        "solara",
        "run",
        str(page),
        "--port",
        str(port),
        "--host",
        "127.0.0.1",
        "--no-open",
    ]
    with (tmp_path / "log").open("w") as log:
        running = subprocess.Popen(
            [*command, "--production"], cwd=tmp_path, env=plain | quiet, stdout=log, stderr=log
        )
    told = f"http://127.0.0.1:{port}"
    try:
        _wait(told, running, tmp_path / "log")
        yield told
    finally:
        running.terminate()
        running.wait(timeout=30)


def _wait(address: str, running: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert running.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(f"{address}/readyz", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise AssertionError(f"no page after {PATIENCE:.0f} s:\n{log.read_text()}")


def test_mesas_page_shows_the_coalition_and_steps(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    page.set_default_timeout(1e3 * PATIENCE)
    page.goto(address)
    expect(page.get_by_text("Step: 0")).to_be_visible(timeout=1e3 * PATIENCE)
    page.get_by_role("button", name="Step").click()
    expect(page.get_by_text("Step: 1")).to_be_visible(timeout=1e3 * PATIENCE)
    expect(page.get_by_text("Backbone staff (FTE)")).to_be_visible()
    assert "Traceback" not in page.locator("body").inner_text()
    page.close()

"""The server answers what it should and nothing else: pages, files, health; no CDN, no classes to be made, no big message."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import ipyvue
import pytest
from starlette.types import Message, Receive, Scope, Send

from cisim.app.guard import SmallMessages, only_events
from cisim.app.serve import make_asgi
from cisim.errors import SpecError


def apart(work: Coroutine[Any, Any, Any]) -> Any:
    """The result of some work in a thread and loop of its own: Playwright's tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


class Answer:
    """What an ASGI app answered."""

    def __init__(self, status: int, headers: dict[str, str], cookies: list[str], text: str) -> None:
        self.status, self.headers, self.cookies, self.text = status, headers, cookies, text


def ask(path: str, method: str = "GET", scheme: str = "http", **headers: str) -> Answer:
    """One request to the app, without a socket."""
    sent: list[Message] = []
    told = {"host": "example.org", **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope: Scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": scheme,
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1),
        "server": ("example.org", 80),
        "headers": [(name.encode(), value.encode()) for name, value in told.items()],
    }  # fmt: skip

    whole: Message = {"type": "http.request", "body": b"", "more_body": False}
    coming = [whole]

    async def receive() -> Message:
        if not coming:
            await asyncio.Event().wait()  # whoever asks stays on the line
        return coming.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    apart(make_asgi()(scope, receive, send))
    pairs = [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]
    body = b"".join(message.get("body", b"") for message in sent[1:])
    cookies = [value for name, value in pairs if name == "set-cookie"]
    return Answer(sent[0]["status"], dict(pairs), cookies, body.decode("utf-8", "replace"))


@pytest.mark.parametrize("path", ["/", "/desk", "/bench"])
def test_a_page_says_its_language_and_what_it_is(path):
    answer = ask(path)
    assert answer.status == 200
    assert '<html lang="en">' in answer.text
    assert "<title>cisim" in answer.text
    assert '<meta name="description"' in answer.text
    assert "user-scalable=no" not in answer.text  # who needs large letters may zoom


def test_a_page_speaks_of_a_server_that_is_away_in_words():
    text = ask("/").text
    for words in ("The server is back.", "This page lost its server", "Load again"):
        assert words in text
    assert '<v-overlay style="display: none"' in text  # the page says itself that the server is away
    for jargon in ("Restoring session…", "Could not restore session. Please refresh.<"):
        assert jargon not in text


def test_a_page_asks_nothing_of_other_servers():
    answer = ask("/")
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    for elsewhere in ("cdn.jsdelivr.net", "mixpanel", "solara.dev/static"):
        assert elsewhere not in answer.text


def test_an_unknown_path_gets_a_page_that_leads_on():
    answer = ask("/no/such/page")
    assert answer.status == 404
    assert "There is no such page" in answer.text
    assert 'href="/desk"' in answer.text


def test_health_says_whether_the_model_is_compiled():
    answer = ask("/health")
    assert answer.status == 200
    assert '"status":"ok"' in answer.text


def test_the_cookie_is_secure_where_the_outside_is_https():
    (plain,) = ask("/").cookies
    (secure,) = ask("/", scheme="https").cookies
    assert "SameSite=lax" in plain and "HttpOnly" in plain and "Secure" not in plain
    assert "Secure" in secure


@pytest.mark.parametrize(
    "path",
    [
        "/_solara/cdn/left-pad@1.3.0/index.js", "/_solara/cdn/requirejs@2.3.6", "/_solara/cdn/../../../etc/passwd",
        "/resourcez", "/_solara/api/evict/1", "/static/../serve.py", "/static/public/x",
    ],
)  # fmt: skip
def test_what_solara_would_fetch_remove_or_tell_is_not_there(path):
    assert ask(path).status == 404


def test_the_files_of_a_page_are_there_after_odd_requests():
    assert ask("/_solara/cdn/requirejs@2.3.6/require.js").status == 200


def test_a_closed_tab_that_nobody_knows_is_no_error():
    assert ask("/_solara/api/close/none", "POST").status in (200, 204, 400)


class Bell(ipyvue.VueTemplate):
    """A widget with one event."""

    def vue_ring(self, data: Any) -> None:
        self.rang = data


def test_a_browser_can_send_events_but_make_no_class_and_call_no_method():
    only_events()
    bell = Bell(template="<p></p>")
    made = {"create_widget": ["subprocess", "Popen"], "props": {"args": ["false"]}, "id": "1"}
    called = {"update_ref": {"functionRef": "close"}, "prop": "template", "id": bell.model_id}
    for hostile in (made, called, {"event": "_clear_event_handler"}, {"event": 3}, {}, None, "ring"):
        bell._handle_event(bell, hostile, [])
    assert not hasattr(bell, "rang")
    bell._handle_event(bell, {"event": "ring", "data": 7}, [])
    assert bell.rang == 7


def test_a_message_that_is_too_big_ends_its_websocket():
    sent: list[Message] = []
    heard: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        heard.extend([await receive(), await receive()])

    messages = iter(
        [{"type": "websocket.receive", "text": "x" * 10}, {"type": "websocket.receive", "text": "x" * 11}]
    )

    async def receive() -> Message:
        return next(messages)

    async def send(message: Message) -> None:
        sent.append(message)

    apart(SmallMessages(app, most=10)({"type": "websocket"}, receive, send))
    assert [message["type"] for message in heard] == ["websocket.receive", "websocket.disconnect"]
    assert sent[0]["type"] == "websocket.close" and sent[0]["code"] == 1009


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that something listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_that_is_taken_gives_way_and_ctrl_c_ends_cleanly(taken):
    command = [sys.executable, "-m", "cisim", "app", "--no-open", "--port", str(taken)]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert running.stderr is not None
    lines = [running.stderr.readline(), running.stderr.readline()]
    running.send_signal(signal.SIGINT)
    rest, told = running.communicate(timeout=60)
    assert lines[0].startswith(f"Port {taken} is taken; using ")
    assert lines[1].startswith("cisim is at http://127.0.0.1:")
    assert told == "Stopped.\n" and rest == ""
    assert running.returncode == 0


def test_settings_that_cannot_be_used_are_told_together(monkeypatch):
    from cisim.app.settings import Settings

    wrong = {
        "CISIM_APP_REPLICATES": "many",
        "CISIM_APP_REPLICATE": "3",
        "CISIM_APP_ROOT_PATH": "x/",
        "PATH": "y",
    }
    with pytest.raises(SpecError) as refused:
        Settings.read(wrong)
    assert len(refused.value.faults) == 3
    assert "Did you mean 'CISIM_APP_REPLICATES'?" in str(refused.value)


def test_solara_is_quiet_offline_and_in_a_temporary_folder(tmp_path):
    from cisim.app.settings import Settings, solara_environment

    told = solara_environment(Settings(), tmp_path)
    assert told["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] == "False"
    assert told["SOLARA_HOME"] == str(tmp_path)
    assert len(told["SOLARA_SESSION_SECRET_KEY"]) > 30
    assert (
        told["SOLARA_SESSION_SECRET_KEY"]
        != solara_environment(Settings(), tmp_path)["SOLARA_SESSION_SECRET_KEY"]
    )


def test_the_table_of_settings_is_the_one_of_the_code():
    from dataclasses import fields
    from pathlib import Path

    from cisim.app.settings import PREFIX, Settings

    page = (Path(__file__).parents[2] / "docs" / "hosting.md").read_text(encoding="utf-8")
    for entry in fields(Settings):
        (line,) = [line for line in page.splitlines() if f"`{PREFIX}{entry.name.upper()}` |" in line]
        default = "another one at each start" if entry.name == "secret" else entry.default or "none"
        assert line.split("|")[2].strip(" `") == str(default)


def test_without_the_extra_one_line_says_what_to_install():
    code = (
        "import importlib.util as u, sys; find = u.find_spec;"
        "u.find_spec = lambda name, *a: None if name == 'solara' else find(name, *a);"
        "sys.argv = ['cisim', 'app']; from cisim.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, env=dict(os.environ)
    )
    assert done.returncode == 2
    assert done.stderr == "Error: cisim app: needs the app extra; install it with: pip install 'cisim[app]'\n"

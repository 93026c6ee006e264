"""The app as one ASGI object, `cisim.app.serve:asgi`, and the server that `cisim app` starts.

`asgi` is made when it is first asked for: loading Solara takes a second, and it must find its settings in the
environment.
"""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import tempfile
import threading
import webbrowser
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cisim.app.settings import Settings, solara_environment
from cisim.errors import SpecError

if TYPE_CHECKING:
    import uvicorn

__all__ = ["make_asgi", "serve"]

TRIES = 20
"""Ports tried after the one that was asked for."""
GRACE = 2
"""Seconds that an open page has to end its work once the server is told to stop."""


def __getattr__(name: str) -> Any:
    if name == "asgi":
        return make_asgi()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@lru_cache(maxsize=1)
def make_asgi() -> Any:
    """The ASGI object, with the settings of the environment."""
    settings = Settings.read(os.environ)
    home = Path(tempfile.mkdtemp(prefix="cisim-app-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ.update(solara_environment(settings, home))
    from cisim.app.door import make_door

    return make_door(settings)


def serve(host: str, port: int, *, opened: bool, say: Any) -> None:
    """Serve the app until Ctrl-C; a port that is taken gives way to the next free one.

    say: called with each sentence for the person at the screen.
    """
    import uvicorn

    listener = _listen(host, port)
    free = listener.getsockname()[1]
    if port not in (0, free):
        say(f"Port {port} is taken; using {free}.")
    address = f"http://{_readable(host)}:{free}/"
    config = uvicorn.Config(
        make_asgi(), log_level="warning", loop="asyncio", timeout_graceful_shutdown=GRACE, lifespan="on"
    )
    server = uvicorn.Server(config)
    threading.Thread(target=_announce, args=(server, address, opened, say), daemon=True).start()
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()
    if not server.started:
        raise SpecError("the server could not start; the lines above say why.", source="cisim app")
    say("Stopped.")


def _announce(server: uvicorn.Server, address: str, opened: bool, say: Any) -> None:
    """Tell the address once pages are answered, and show it in the browser."""
    waiting = threading.Event()
    while not server.started:
        if waiting.wait(0.05) or server.should_exit:
            return
    say(f"cisim is at {address} (Ctrl-C ends it)")
    if opened:
        webbrowser.open(address)


def _listen(host: str, port: int) -> socket.socket:
    """A socket on this port, or on the next that is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    last: OSError | None = None
    for candidate in range(port, min(port + TRIES, 65535) + 1) if port else (0,):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(128)
        except PermissionError as error:
            listener.close()
            raise SpecError(
                f"port {candidate} needs rights that you lack; choose one above 1023.", source="--port"
            ) from error
        except OSError as error:
            listener.close()
            last = error
            if isinstance(error, socket.gaierror) or error.errno == 99:  # no such address here
                raise SpecError(
                    f"{host!r} is no address of this machine; try 127.0.0.1.", source="--host"
                ) from error
            continue
        return listener
    raise SpecError(
        f"ports {port} to {port + TRIES} are all taken; choose another with --port.", source="--port"
    ) from last


def _readable(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host

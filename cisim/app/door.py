"""The front door: every address that the server answers, and how.

Solara's own routes let a visitor make the server fetch files from a CDN, and remove folders of the cache; here they
are named one by one instead, and only files that are there are served.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from solara.server import settings as solara_settings
from solara.server import starlette as solara_starlette
from solara.server.server import COOKIE_KEY_SESSION_ID, read_root, solara_static
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import cisim
from cisim.app.guard import SmallMessages, only_events
from cisim.app.settings import Settings
from cisim.app.warmth import WARMTH

__all__ = ["make_door"]

PAGES = ("/", "/desk", "/bench")
LOST = Path(__file__).with_name("templates") / "lost.html"
YEARS = "Fri, 01 Jan 2038 00:00:00 GMT"
SOLARAS = ("kernelid", "modelid")
"""Of a query: what makes Solara's page show a widget of another tab instead of a page."""
HEADERS = {
    # nothing is asked of any other server; Vue compiles its templates in the browser, hence 'unsafe-eval'
    b"content-security-policy": b"default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    b"style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; form-action 'self'",
    b"referrer-policy": b"same-origin",  # an address holds the plans of whoever made it
    b"x-content-type-options": b"nosniff",
}


def make_door(settings: Settings) -> ASGIApp:
    """The whole app: pages, their files, their websocket, and an address that says whether the server is well."""
    only_events()
    app = Starlette(
        routes=_routes(),
        lifespan=_lifespan,
        middleware=[
            Middleware(_Headers),
            Middleware(SmallMessages, most=2 * settings.upload_bytes + 100_000),  # JSON may double a text
            Middleware(solara_starlette.SolaraGZipMiddleware, minimum_size=1000),
        ],
        exception_handlers={404: _lost},
    )
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    """Solara first: while it loads the pages it walks through all modules, and no thread may load more."""
    async with solara_starlette.lifespan(app):
        WARMTH.start()
        yield


def _routes() -> list[BaseRoute]:
    files = solara_starlette.StaticFilesOptionalAuth
    return [
        Route("/health", _health),
        *(Route(path, _page) for path in PAGES),
        Route("/jupyter/api/kernels/{id}", solara_starlette.kernels),
        WebSocketRoute("/jupyter/api/kernels/{kernel_id}/{name}", solara_starlette.kernel_connection),
        Route("/_solara/api/close/{kernel_id}", _close, methods=["POST"]),
        Mount("/_solara/cdn", app=files(directory=solara_settings.assets.proxy_cache_dir)),
        Mount("/static/assets", app=solara_starlette.StaticAssets()),
        Mount("/jupyter/nbextensions", app=solara_starlette.StaticNbFiles()),
        Mount("/static", app=files(directory=solara_static)),
    ]


def _health(request: Request) -> Response:
    """Well, and whether the first picture will have to wait for the compiler."""
    return JSONResponse({"status": "ok", "version": cisim.__version__, "compiled": WARMTH.ready.is_set()})


def _page(request: Request) -> Response:
    root = solara_settings.main.root_path or ""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in SOLARAS]
    if len(kept) < len(request.query_params.multi_items()):
        query = f"?{urlencode(kept)}" if kept else ""
        return RedirectResponse(f"{root}{request.url.path.removeprefix(root)}{query}")
    text = read_root(request.url.path.removeprefix(root), root)
    response = HTMLResponse(text, headers={"cache-control": "no-store"})
    known = request.cookies.get(COOKIE_KEY_SESSION_ID)
    response.set_cookie(
        COOKIE_KEY_SESSION_ID, known or str(uuid4()), expires=YEARS, path=root or "/", httponly=True,
        samesite="lax", secure=request.url.scheme == "https",
    )  # fmt: skip
    return response


def _close(request: Request) -> Response:
    """A tab that was closed; a page that the server never knew is closed already."""
    try:
        answer: Response = solara_starlette.close(request)
        return answer
    except KeyError:
        return Response(status_code=204)


def _lost(request: Request, error: Exception) -> Response:
    root = solara_settings.main.root_path or ""
    return HTMLResponse(LOST.read_text(encoding="utf-8").replace("{root}", root), status_code=404)


class _Headers:
    """ASGI middleware that adds the headers above to each answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS.items()]
            await send(message)

        await self.app(scope, receive, sent)

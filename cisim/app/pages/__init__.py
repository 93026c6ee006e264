"""The pages that Solara serves: one component for all three, so that a change of page keeps what is on it."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import solara

from cisim import verbs
from cisim.app.address import PATHS, TITLES
from cisim.app.guide import guide_html
from cisim.app.pages.surface import Surface, properties, register_components
from cisim.app.settings import Settings
from cisim.app.shell import Tab
from cisim.app.state.limits import Limits

__all__ = ["routes"]

log = logging.getLogger("cisim.app")

BROKEN = (
    '<main style="font: 18px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1.5rem">'
    "<h1>This page could not be shown</h1><p>The reason is in the server's log. "
    '<a href="">Load the page again</a>; what is in its address comes back.</p></main>'
)


class Screen:
    """What a tab shows and the widget that shows it; the widget comes later and may be another one."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self._widget: Any = None
        self._lock = threading.Lock()

    def show(self, changes: Mapping[str, Any]) -> None:
        """Put these properties on the page; called from several threads."""
        values = properties(changes)
        with self._lock:
            self.values.update(values)
            self._write(values)

    def attach(self, widget: Any) -> None:
        """From now on, this widget shows them."""
        with self._lock:
            self._widget = widget
            self._write(self.values)

    def _write(self, values: Mapping[str, str]) -> None:
        if self._widget is not None:
            with self._widget.hold_sync():
                for name, value in values.items():
                    setattr(self._widget, name, value)


@lru_cache(maxsize=1)
def _settings() -> Settings:
    return Settings.read(os.environ)


def _new_tab(screen: Screen, path: str, query: str) -> Tab:
    settings = _settings()
    limits = Limits(
        replicates=settings.replicates, months=settings.months, plans=settings.plans,
        upload_bytes=settings.upload_bytes,
    )  # fmt: skip
    scenarios = verbs.load_all(settings.scenario.split(os.pathsep))
    tab = Tab(
        screen.show, path=path, query=query, scenarios=scenarios, limits=limits, studies=settings.studies
    )
    screen.show(tab.first | {"guide": guide_html()})
    return tab


@solara.component
def Page() -> solara.Element:
    """Whatever happens inside, the page says a sentence and the rest of the server goes on."""
    error, _ = solara.use_exception()
    if error is not None:
        log.error("a page could not be shown", exc_info=error)
        return solara.HTML("div", unsafe_innerHTML=BROKEN)
    return _Inside()


@solara.component
def _Inside() -> solara.Element:
    router = solara.use_router()
    screen = solara.use_memo(Screen, [])

    def opened() -> Tab:
        register_components()
        return _new_tab(screen, router.path, router.search or "")

    tab = solara.use_memo(opened, [])
    first = solara.use_memo(lambda: dict(screen.values), [])
    surface = Surface.element(heard=tab.act, gone=_gone(tab), **first)

    def attached() -> Callable[[], None]:
        screen.attach(solara.get_widget(surface))
        leave: Callable[[], None] = tab.leave
        return leave

    solara.use_effect(attached, [])
    return surface


def _gone(tab: Tab) -> Callable[[Any], None]:
    def gone(data: Any) -> None:
        path = data.get("path") if isinstance(data, Mapping) else None
        if isinstance(path, str):
            tab.went(path)

    return gone


@solara.component
def Bare(children: list[solara.Element]) -> solara.Element:
    """Nothing around the page."""
    return solara.Div(children=children)


routes = [
    solara.Route(path=path.strip("/") or "/", component=Page, layout=Bare, label=TITLES[page])
    for page, path in PATHS.items()
]

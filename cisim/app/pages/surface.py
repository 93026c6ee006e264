"""The widget that all pages are drawn in, and the components it is made of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import ipyvue
from traitlets import Any as AnyTrait
from traitlets import Unicode

__all__ = ["Surface", "properties", "register_components"]

VIEWS = Path(__file__).parents[1] / "views"
SPLIT = ("picture", "desk")
WHOLE = ("address", "guide", "picture_answered", "desk_answered")
ANSWERED = ("serial", "settled")
"""What may change in a picture while all that is drawn stays; it is sent apart, so that the rest is not."""


class Surface(ipyvue.VueTemplate):  # type: ignore[misc]
    """What the browser shows, as texts of JSON; `heard` and `gone` are functions of what it sends."""

    template_file = (__file__, "root.vue")

    static_text = Unicode("{}").tag(sync=True)
    live_text = Unicode("{}").tag(sync=True)
    picture_text = Unicode("").tag(sync=True)
    picture_answered = Unicode("").tag(sync=True)
    network_text = Unicode("").tag(sync=True)
    partner_text = Unicode("").tag(sync=True)
    desk_text = Unicode("").tag(sync=True)
    desk_answered = Unicode("").tag(sync=True)
    desk_courses_text = Unicode("").tag(sync=True)
    advice_text = Unicode("").tag(sync=True)
    advice_now_text = Unicode("").tag(sync=True)
    bench_text = Unicode("").tag(sync=True)
    download_text = Unicode("").tag(sync=True)
    address = Unicode("").tag(sync=True)
    guide = Unicode("").tag(sync=True)
    heard: Any = AnyTrait()
    gone: Any = AnyTrait()

    def vue_act(self, data: Any) -> None:
        """An action of the person at the page."""
        self.heard(data)

    def vue_went(self, data: Any) -> None:
        """The address is another one: the browser's Back or Forward."""
        self.gone(data)


def properties(changes: Mapping[str, Any]) -> dict[str, str]:
    """What the tab has to show, as values of the surface."""
    told: dict[str, str] = {}
    for name, value in changes.items():
        if name in SPLIT:
            told[f"{name}_answered"] = _text({key: value[key] for key in ANSWERED})
            if "network" in value:
                told["network_text"] = _text(value["network"])
            value = {key: part for key, part in value.items() if key not in (*ANSWERED, "network")}
        told[name if name in WHOLE else f"{name}_text"] = value if isinstance(value, str) else _text(value)
    return told


def _text(value: Any) -> str:
    return "" if value is None else json.dumps(value, allow_nan=False, separators=(",", ":"))


def register_components() -> None:
    """Make every component known to the page that is being made; the big ones become pages."""
    for name, text in _components().items():
        ipyvue.register_component_from_string(name, text)


@lru_cache(maxsize=1)
def _components() -> dict[str, str]:
    found = {f"cisim-{path.stem}": path.read_text(encoding="utf-8") for path in sorted(VIEWS.glob("*.vue"))}
    return {
        f"cisim-page-{name[6:]}" if name[6:] in ("stage", "desk", "bench") else name: text
        for name, text in found.items()
    }

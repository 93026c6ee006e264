"""What may be set from outside, and how Solara is set up before it is loaded.

Every setting is an environment variable that starts with `CISIM_APP_`; docs/hosting.md tells them all.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from cisim.errors import SpecError, did_you_mean

__all__ = ["PREFIX", "Settings", "solara_environment"]

PREFIX = "CISIM_APP_"


def _setting(default: object, meaning: str, least: int = 1, most: int = 0) -> Any:
    return field(default=default, metadata={"meaning": meaning, "least": least, "most": most})


@dataclass(frozen=True)
class Settings:
    """How the app is served, and how much one visitor may ask for."""

    secret: str = _setting("", "session secret; by default another one at each start")
    root_path: str = _setting("", "path below which a proxy serves the app, such as /cisim")
    studies: str = _setting("", "folder whose study folders the Bench may open")
    scenario: str = _setting("collective-impact", "presets or scenario files to start with, split like PATH")
    replicates: int = _setting(200, "most replicates of a picture", most=5000)
    months: int = _setting(240, "most months of a plan", least=12, most=1200)
    plans: int = _setting(6, "most plans side by side", most=20)
    upload_bytes: int = _setting(2_000_000, "most bytes of uploaded files", least=10_000, most=50_000_000)
    tabs: int = _setting(20, "most tabs that one browser may have open", most=1000)
    minutes: int = _setting(15, "minutes that a tab without connection is kept", most=1440)

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Settings:
        """Settings from environment variables; SpecError names every one that cannot be used."""
        names = {f"{PREFIX}{entry.name.upper()}": entry for entry in fields(cls)}
        given = {name: text for name, text in environment.items() if name.startswith(PREFIX)}
        faults = [f"no setting {name}.{did_you_mean(name, names)}" for name in given if name not in names]
        values: dict[str, Any] = {}
        for name, text in given.items():
            if name not in names:
                continue
            entry = names[name]
            if not isinstance(entry.default, int):
                values[entry.name] = text
                continue
            least, most = entry.metadata["least"], entry.metadata["most"]
            try:
                number = int(text)
            except ValueError:
                number = -1
            if least <= number <= most:
                values[entry.name] = number
            else:
                faults.append(f"{name} is {text!r}; it is a whole number from {least} to {most}.")
        root = str(values.get("root_path", ""))
        if root and (not root.startswith("/") or root.endswith("/")):
            faults.append(f"{PREFIX}ROOT_PATH is {root!r}; it starts with / and does not end with it.")
        studies = str(values.get("studies", ""))
        if studies and not Path(studies).is_dir():
            faults.append(f"{PREFIX}STUDIES is {studies!r}, which is no folder.")
        if faults:
            raise SpecError(faults, source="Settings of the app")
        return cls(**values)


def solara_environment(settings: Settings, home: Path) -> dict[str, str]:
    """Environment variables that make Solara quiet, offline and fit for a room; set them before it is loaded.

    home: a temporary folder, since Solara writes a folder of its own.
    """
    return {
        "SOLARA_APP": "cisim.app.pages",
        "SOLARA_HOME": str(home),
        "SOLARA_MODE": "production",
        "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
        "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
        "SOLARA_THEME_SHOW_BANNER": "False",
        "SOLARA_THEME_LOADER": "cisim",
        "SOLARA_THEME_TITLE": "cisim · collective impact, simulated",
        "SOLARA_SESSION_SECRET_KEY": settings.secret or secrets.token_urlsafe(32),
        "SOLARA_SESSION_HTTP_ONLY": "True",
        "SOLARA_STATE_AUTO_REMOUNT": "True",  # the address restores all, so a new server needs no reload
        "SOLARA_KERNEL_MAX_PER_SESSION": str(settings.tabs),
        "SOLARA_KERNEL_CULL_TIMEOUT": f"{settings.minutes}m",
        "SOLARA_ROOT_PATH": settings.root_path,
    }

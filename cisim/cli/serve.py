"""`cisim app`: the pages in a browser, served from this machine."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from cisim.cli.screen import note
from cisim.errors import SpecError

__all__ = ["app_"]

NAMES = "Presets, or TOML files of scenarios, to start with: the first on the Stage, all of them on the Desk."


def app_(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME_OR_FILE]...", help=NAMES)] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The next free one if it is taken.")] = 8765,
    host: Annotated[str, typer.Option(help="0.0.0.0 lets other machines in.")] = "127.0.0.1",
    studies: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where the Bench finds study folders.")
    ] = None,
    opened: Annotated[bool, typer.Option("--open/--no-open", help="Show the page in the browser.")] = True,
) -> None:
    """Open the app: a Stage for a room, a Desk to compare plans, a Bench for studies. It needs no internet.

    Example: cisim app collective-impact my-plan.toml --studies studies
    """
    if find_spec("solara") is None or find_spec("uvicorn") is None:
        raise SpecError("needs the app extra; install it with: pip install 'cisim[app]'", source="cisim app")
    from cisim import verbs
    from cisim.app.serve import serve
    from cisim.app.settings import PREFIX

    if names:
        verbs.load_all(names)  # a name or file that cannot be used is told here, not in the browser
        os.environ[f"{PREFIX}SCENARIO"] = os.pathsep.join(
            str(Path(name).resolve()) if Path(name).suffix else name for name in names
        )
    if studies is not None:
        os.environ[f"{PREFIX}STUDIES"] = str(studies.resolve())
    serve(host, port, opened=opened, say=note)

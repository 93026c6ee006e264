"""Which code made a report: a hash of each part, so that one made by another version says which part differs."""

from __future__ import annotations

import ast
import hashlib
import platform
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import cisim

__all__ = ["PARTS", "differing", "made_by", "other_libraries"]

PARTS = {
    "theory": "what the model believes: rules, parameters, measures",
    "world": "how scenarios are read",
    "plans": "how plans and prices are read",
    "engine": "how runs are made",
    "insight": "how differences are reckoned",
    "decision": "how plans are priced and compared",
    "report": "the words, tables and pictures of reports",
}
"""Part of the code → what it decides. `report` is a room of `decision`, `plans` one of `study`, each told by itself."""
ROOMS = {("decision", "report"): "report", ("study", "plans"): "plans"}
LIBRARIES = ("numpy", "numba", "scipy", "pydantic")


HOUSE = Path(cisim.__file__).parent
WHOLE = ("theory", "world", "engine")
"""Floors of which every file counts: what runs there is chosen by name. Of the others, what reports are made with."""


@lru_cache
def made_by() -> Mapping[str, str]:
    """The version of cisim, a hash of each part of its code, and the versions of Python and libraries."""
    used = _used("cisim.decision.report.making")
    found = {"cisim": cisim.__version__}
    for part in PARTS:
        files = (
            sorted((HOUSE / part).rglob("*.py"))
            if part in WHOLE
            else sorted(f for f in used if _part(f) == part)
        )
        found[part] = _hash(files)
    return found | {"python": platform.python_version()} | _libraries() | {"machine": platform.machine()}


def _part(file: Path) -> str:
    """Which part of the code a file belongs to."""
    floor, *rooms = file.relative_to(HOUSE).parts
    return ROOMS.get((floor, rooms[0]), floor) if rooms else floor


def _used(name: str) -> set[Path]:
    """The files that a module is made of: its own and those of all modules that it imports, and so on."""
    found: set[Path] = set()
    waiting = [name]
    while waiting:
        file = _file(waiting.pop())
        if file is not None and file not in found:
            found.add(file)
            waiting += _imported(file)
    return found


def _file(name: str) -> Path | None:
    """The file of a module of cisim; None for what is no module of it."""
    inner = name.split(".")[1:] if name.startswith("cisim.") else []
    for file in (HOUSE.joinpath(*inner).with_suffix(".py"), HOUSE.joinpath(*inner, "__init__.py")):
        if inner and file.is_file():
            return file
    return None


def _imported(file: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return names


def differing(told: Mapping[str, str]) -> tuple[str, ...]:
    """The parts of the code that differ from the code at hand."""
    here = made_by()
    return tuple(part for part in PARTS if told.get(part) != here[part])


def other_libraries(told: Mapping[str, str]) -> tuple[str, ...]:
    """What else differs: versions of Python and of libraries, and the kind of machine; they may move last digits."""
    here = made_by()
    return tuple(
        f"{name} {told.get(name, 'unknown')} (here {value})"
        for name, value in here.items()
        if name not in PARTS and told.get(name) != value
    )


def _libraries() -> dict[str, str]:
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _hash(files: Iterable[Path]) -> str:
    text = hashlib.blake2b(digest_size=8)
    for file in files:
        text.update(file.relative_to(HOUSE).as_posix().encode() + file.read_bytes().replace(b"\r\n", b"\n"))
    return text.hexdigest()

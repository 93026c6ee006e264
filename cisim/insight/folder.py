"""The results of a run as a folder, written whole or not at all.

    <folder>/severity.png, severity.svg, conditions.png
    <folder>/<scenario>/scenario.toml, ensemble.parquet, run.json

A folder that cisim did not write is never touched.
"""

from __future__ import annotations

import json
import os
import platform
import secrets
import shutil
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cisim.errors import StoreError
from cisim.study.kept.record import versions

if TYPE_CHECKING:
    from cisim.engine.ensemble import Ensemble

__all__ = ["FIGURES", "MANIFEST", "NO_FIGURES", "check_target", "manifest", "refuse_foreign", "write"]

FIGURES = ("severity.png", "severity.svg", "conditions.png")
MANIFEST = "run.json"
NO_FIGURES = 'Figures need matplotlib, which is not installed: pip install "cisim[figures]"'
_MARK = "cisim run"
_PACKAGES = ("numpy", "numba", "pydantic", "polars")


def write(
    ensembles: Sequence[Ensemble], folder: Path, *, command: Sequence[str] = (), seconds: float = 0.0
) -> list[str]:
    """Write the ensembles to the folder; notes for the reader.

    Everything is written to a hidden sibling first and then moved into place. Results of the same
    scenarios that an earlier run left there are replaced.
    """
    names = [ensemble.scenario.name for ensemble in ensembles]
    check_target(folder, names)
    draft = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = folder.parent / f".{folder.name}.{secrets.token_hex(4)}"
        draft.mkdir()
        notes = _fill(draft, ensembles, command, seconds)
        notes += _earlier(folder, names, drawn=NO_FIGURES not in notes)
        _move(draft, folder)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written ({error.strerror or error}).") from error
    finally:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)
    return notes


def check_target(folder: Path, names: Sequence[str]) -> None:
    """Raise StoreError if results of the scenarios of these names cannot go to this folder."""
    refuse_foreign(folder, lambda: any(map(_is_ours, folder.iterdir())), "results of cisim")
    for name in names:
        place = folder / name
        if place.exists() and not _is_ours(place):
            raise StoreError(f"{place}: is there and was not written by cisim; name another folder.")
    parent = next(above for above in folder.absolute().parents if above.exists())
    if not parent.is_dir() or not os.access(folder if folder.is_dir() else parent, os.W_OK | os.X_OK):
        raise StoreError(f"{folder}: cannot be written in {parent}; check its kind and permissions.")


def refuse_foreign(folder: Path, ours: Callable[[], bool], what: str) -> None:
    """Raise StoreError for a file, and for a folder that holds something and is not ours; what: that ours would hold."""
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder}: is a file; name a folder that is new, empty, or {what}.")
    if folder.is_dir() and any(folder.iterdir()) and not ours():
        raise StoreError(f"{folder}: holds something else than {what}; name a new or empty folder.")


def manifest(ensemble: Ensemble, command: Sequence[str] = (), seconds: float = 0.0) -> dict[str, Any]:
    """What it takes to repeat the run, and to know whether it would give the same."""
    from cisim.engine.compilation import rule_fingerprint
    from cisim.theory.rules import default_choices, rule_set

    scenario = ensemble.scenario
    choices = default_choices() | dict(scenario.rules)
    ended = datetime.now(UTC)
    return {
        "kind": _MARK,
        "format": 1,
        "command": list(command),
        "scenario": scenario.name,
        "seed": ensemble.seed,
        "replicates": len(ensemble.replicates),
        "months": scenario.months,
        "measures": list(ensemble.measures),
        "posterior": None if scenario.posterior is None else scenario.posterior.identity(),
        "rules": choices,
        "rule_fingerprint": rule_fingerprint(rule_set(choices), len(scenario.workstreams)),
        "versions": versions(_PACKAGES),
        "platform": f"{platform.system()} {platform.machine()}",
        "started": (ended - timedelta(seconds=seconds)).isoformat(timespec="seconds"),
        "ended": ended.isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
    }


def _earlier(folder: Path, names: Sequence[str], drawn: bool) -> list[str]:
    """A note on what earlier runs left in the folder that stays as it is, while figures are of the present run alone."""
    places = sorted(folder.iterdir()) if folder.is_dir() else []
    stay = [place.name for place in places if place.name not in names and _is_ours(place)]
    if not stay:
        return []
    figures = f"; its figures show {', '.join(names)} alone" if drawn else ""
    return [f"{folder} still holds data of earlier runs: {', '.join(stay)}{figures}."]


def _fill(draft: Path, ensembles: Sequence[Ensemble], command: Sequence[str], seconds: float) -> list[str]:
    for ensemble in ensembles:
        place = draft / ensemble.scenario.name
        place.mkdir()
        (place / "scenario.toml").write_text(ensemble.scenario.to_toml(), encoding="utf-8", newline="\n")
        ensemble.to_polars().write_parquet(place / "ensemble.parquet")
        text = json.dumps(manifest(ensemble, command, seconds), indent=2)
        (place / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
    try:
        from cisim.insight import figures
    except ImportError as missing:
        if not (missing.name or "").startswith("matplotlib"):
            raise
        return [NO_FIGURES]
    severity = figures.severity_figure(ensembles)
    for name in FIGURES[:2]:
        figures.save(severity, draft / name)
    if conditions := figures.conditions_figure(ensembles):
        figures.save(conditions, draft / FIGURES[2])
    return []


def _move(draft: Path, folder: Path) -> None:
    """Put what is in the draft into place; what stood there before goes only once the new is in."""
    if not folder.exists():
        os.replace(draft, folder)
        return
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.old.") as attic:
        for name in FIGURES:  # of an earlier run, which may have drawn more of them
            if (folder / name).exists():
                os.replace(folder / name, Path(attic) / name)
        for entry in draft.iterdir():
            _swap(entry, folder / entry.name, Path(attic) / entry.name)


def _swap(new: Path, place: Path, aside: Path) -> None:
    if not place.exists():
        os.replace(new, place)
        return
    os.replace(place, aside)
    try:
        os.replace(new, place)
    except OSError:
        os.replace(aside, place)
        raise


def _is_ours(place: Path) -> bool:
    try:
        told = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and told.get("kind") == _MARK

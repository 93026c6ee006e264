"""A folder with a forecast or an evaluation, each file there whole or not at all.

ties.csv, organizations.csv, naming.toml         a forecast
scores.csv, calibration.csv, trust.csv, pairs.csv   an evaluation
forecast.md, manifest.json                       both
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cisim.engine.compilation import rule_fingerprint
from cisim.errors import StoreError
from cisim.evidence.forecast.naming import NamingModel
from cisim.evidence.forecast.simulation import Months
from cisim.study.kept.record import versions
from cisim.theory.rules import default_choices, rule_set
from cisim.world.disk import is_draft, make_folder, sweep, write_whole
from cisim.world.scenario import WORKSTREAMS
from cisim.world.toml import dump

__all__ = ["MANIFEST", "check_folder", "manifest", "naming_text", "write"]

MANIFEST = "manifest.json"
FORECAST = ("ties.csv", "organizations.csv", "naming.toml")
EVALUATION = ("scores.csv", "calibration.csv", "trust.csv", "pairs.csv")
_OURS = {*FORECAST, *EVALUATION, "forecast.md", MANIFEST}
_KIND = "cisim forecast"
_PACKAGES = ("numpy", "numba", "pydantic", "polars")


def check_folder(folder: Path) -> None:
    """Raise StoreError for what is no folder, or a folder that holds something else than a forecast."""
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder}: is a file; name a folder that is new, empty, or of an earlier forecast.")
    strange = [file.name for file in folder.glob("*") if not is_draft(file)] if folder.is_dir() else []
    if strange and not _is_ours(folder):
        raise StoreError(f"{folder}: holds something else than a forecast; name a new or empty folder.")


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files by name, the manifest first, as it marks the folder; those of an earlier forecast go. Raises StoreError."""
    check_folder(folder)
    sweep(make_folder(folder))
    for name in sorted(files, key=lambda name: name != MANIFEST):
        write_whole(folder / name, files[name].encode())
    for name in _OURS - set(files):
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"{folder / name}: cannot be removed ({error.strerror}).") from error


def manifest(
    how: Months, naming: NamingModel | None, inputs: Sequence[Path], command: Sequence[str], seconds: float
) -> str:
    """What it takes to repeat the forecast, as JSON."""
    told: dict[str, Any] = {
        "kind": _KIND,
        "format": 1,
        "command": list(command),
        "inputs": {
            str(path): hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest() for path in inputs
        },
        "months": how.months,
        "replicates": how.replicates,
        "seed": how.seed,
        "posterior": None if how.posterior is None else how.posterior.identity(),
        "rule_fingerprint": rule_fingerprint(rule_set(default_choices()), len(WORKSTREAMS)),
        "naming": None if naming is None else naming.table(),
        "versions": versions(_PACKAGES),
        "seconds": round(seconds, 3),
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def naming_text(naming: NamingModel) -> str:
    """The coefficients as TOML."""
    return dump(naming.table())


def _is_ours(folder: Path) -> bool:
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and told.get("kind") == _KIND

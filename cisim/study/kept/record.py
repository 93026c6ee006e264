"""What a store keeps of a study: what was asked, its points with their keys, and each session that ran it.

studies/<name>/study.toml       the study; its paths lead into inputs/
studies/<name>/inputs/          scenarios, plans and own code that it names, as they were; a table of points; a posterior
studies/<name>/points.parquet   point, key, and the value of each factor; a row a point
studies/<name>/sessions/*.json  what ran, when, with which code and packages, on what machine, and what came of it
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cisim
from cisim.errors import StoreError
from cisim.study.spec.loading import posterior_of
from cisim.world.disk import make_folder, write_whole
from cisim.world.library import preset_names
from cisim.world.posterior import ENDING
from cisim.world.scenario import Scenario
from cisim.world.toml import parse, text_of

if TYPE_CHECKING:
    import polars as pl

    from cisim.study.study import Study

__all__ = ["STUDIES", "Session", "keep_study", "load_study", "place_of", "versions"]

STUDIES = "studies"
SEED_FORMULA = (
    "every draw is Philox-4x32-10 of key (seed, replicate) and counter (entity, other entity, month, stream); "
    "replicate r is the same world at every point"
)
_PACKAGES = ("numpy", "numba", "polars", "pydantic", "mesa", "scipy", "SALib", "distributed")


def place_of(folder: Path, name: str) -> Path:
    """The folder of a study in a store."""
    return folder / STUDIES / name


def keep_study(folder: Path, study: Study, points: pl.DataFrame) -> None:
    """Write the study as it was written, what it names, and its points with their keys."""
    place = make_folder(place_of(folder, study.name))
    copies = _Copies(make_folder(place / "inputs"))
    for told in _scenarios(study):
        copies.file(told, study.folder / told, _complete(study.folder / told))
    if study.file.posterior and (posterior := posterior_of(study.file, study.folder)) is not None:
        draws = Path(study.file.posterior).with_suffix(ENDING)
        copies.file(study.file.posterior, draws, posterior.to_csv().encode())
    for told, text in _plans(study):
        copies.file(told, study.folder / told, text.encode())
    for reference, located in [(study.file.model, study.model), *_own_rules(study)]:
        if reference and located and (path := located.rpartition(":")[0]).endswith(".py"):
            copies.file(reference.rpartition(":")[0], Path(path))
    if study.file.design.table:
        copies.file(study.file.design.table, study.folder / study.file.design.table)
    content = io.BytesIO()
    points.write_parquet(content)
    write_whole(place / "points.parquet", content.getvalue())
    write_whole(place / "copies.json", (json.dumps(copies.names, indent=2) + "\n").encode())
    write_whole(place / "study.toml", study.file.to_toml().encode())


def load_study(folder: Path, name: str) -> Study:
    """The study as the store keeps it. Raises SpecError if it cannot be used any more, StoreError if it is broken."""
    from cisim.study.study import Study

    place = place_of(folder, name)
    try:
        copies = json.loads((place / "copies.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{place / 'copies.json'}: cannot be read ({error}).") from error
    return Study.kept(place / "study.toml", copies)


def _scenarios(study: Study) -> list[str]:
    """The scenario files that a study names."""
    levels = [
        level for factor in study.file.factor if factor.name == "scenario" for level in factor.levels or ()
    ]
    return [
        told for told in dict.fromkeys([study.file.base, *map(str, levels)]) if told not in preset_names()
    ]


def _plans(study: Study) -> list[tuple[str, str]]:
    """(path as written, complete text) of the files of plans and prices that the study names."""
    inline = {plan.name for plan in study.file.plan}
    files = [(told, plan.to_toml()) for told, plan in study.plans.items() if told not in preset_names()]
    found = [(told, text) for told, text in files if told not in inline]
    if isinstance(study.file.prices, str) and study.told.prices is not None:
        found.append((study.file.prices, study.told.prices.to_toml()))
    return found


def _complete(path: Path) -> bytes:
    """A scenario file as it is; one that names a posterior with the draws written in it."""
    if isinstance(parse(text_of(path)).get("posterior"), str):
        return Scenario.read(path).to_toml().encode()
    return path.read_bytes()


def _own_rules(study: Study) -> list[tuple[str, str]]:
    return [(study.file.own_rules[slot], located) for slot, located in study.rules.items()]


class _Copies:
    """Copies of the files that a study names. `names`: {path as written: path from the study's own file}."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[str, str] = {}

    def file(self, told: str, path: Path, content: bytes | None = None) -> None:
        """Copy a file, or this content of it, under another name where another file has its own."""
        if told in self.names:
            return
        content = path.read_bytes() if content is None else content
        digest = hashlib.blake2s(content, digest_size=4).hexdigest()
        target = self.folder / f"{path.stem}-{digest}{path.suffix}"
        if not target.exists():
            write_whole(target, content)
        self.names[told] = f"inputs/{target.name}"


class Session:
    """One sitting of a study, written down when it starts and again when it ends."""

    def __init__(self, folder: Path, study: Study, command: Sequence[str], workers: str) -> None:
        started = datetime.now(UTC)
        place = make_folder(place_of(folder, study.name) / "sessions")
        self.path = place / f"{started:%Y%m%dT%H%M%S%f}-{os.getpid()}.json"
        self.told: dict[str, Any] = {
            "kind": "cisim study session",
            "format": 1,
            "command": list(command),
            "study": study.name,
            "seed": study.seed,
            "seed_formula": SEED_FORMULA,
            "workers": workers,
            "code": code_state(),
            "versions": versions(_PACKAGES),
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
            "started": started.isoformat(timespec="seconds"),
        }
        self._write()

    def end(self, outcome: Mapping[str, Any]) -> None:
        """Write down how it ended."""
        self.told |= {"ended": datetime.now(UTC).isoformat(timespec="seconds"), **outcome}
        self._write()

    def _write(self) -> None:
        write_whole(self.path, (json.dumps(self.told, indent=2) + "\n").encode())


def code_state() -> dict[str, Any]:
    """The version of cisim and a hash of its code (default rules); commit and changes, where it runs from a repository."""
    from cisim.engine.compilation import code_fingerprint
    from cisim.theory.rules import default_choices, rule_set

    found: dict[str, Any] = {
        "cisim": cisim.__version__,
        "hash": code_fingerprint(rule_set(default_choices())),
        "commit": None,
        "dirty": None,
    }
    root = Path(cisim.__file__).parents[1]
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return found
    for key, command in (("commit", ["rev-parse", "HEAD"]), ("dirty", ["status", "--porcelain", "cisim"])):
        done = subprocess.run([git, "-C", str(root), *command], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            found[key] = done.stdout.strip() if key == "commit" else bool(done.stdout.strip())
    return found


def sessions(folder: Path, name: str) -> list[dict[str, Any]]:
    """Every session of a study, in order."""
    places = sorted((place_of(folder, name) / "sessions").glob("*.json"))
    try:
        return [json.loads(place.read_text(encoding="utf-8")) for place in places]
    except ValueError as error:
        raise StoreError(f"{places[0].parent}: holds a session that cannot be read ({error}).") from error


def versions(packages: Sequence[str]) -> dict[str, str]:
    """{name: version} of cisim, Python, and those of the packages that are installed."""
    found = {"cisim": cisim.__version__, "python": platform.python_version()}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found

"""Studies that the Bench may open: those below one folder, which is given when the app starts, and no others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cisim.errors import CisimError, SpecError, StoreError, did_you_mean

if TYPE_CHECKING:
    from cisim.study.kept.results import Results
    from cisim.world.scenario import Scenario

__all__ = ["BenchRun", "StudyEntry", "bench_run", "open_study", "studies_in"]

DEEPEST = 4
MOST = 200
SOURCE = "Bench"
NONE = "no studies: start the app with a folder of them, cisim app --studies FOLDER"


@dataclass(frozen=True)
class StudyEntry:
    """A study in a store. folder: how an action names it, `path of the store:name of the study`."""

    folder: str
    title: str
    place: Path
    study: str


@dataclass(frozen=True)
class BenchRun:
    """A run of a study for the Stage: its complete scenario, and which world it is."""

    scenario: Scenario
    seed: int
    replicate: int
    text: str


def studies_in(folder: str | os.PathLike[str] | None) -> list[StudyEntry]:
    """Every study in the stores below a folder, four folders deep; what links lead out of it is not there."""
    if folder is None or not Path(folder).is_dir():
        return []
    root = Path(folder).resolve()
    found: list[StudyEntry] = []
    for store in _stores(root):
        found += _entries(store, root)
        if len(found) >= MOST:
            break
    return found[:MOST]


def open_study(folder: str | os.PathLike[str] | None, asked: str) -> Results:
    """The results of one study of the list. Raises SpecError for any other name, StoreError for a broken store."""
    from cisim.study.kept.results import Results

    entry = _entry(folder, asked)
    try:
        return Results.open(entry.place, entry.study)
    except CisimError as error:
        raise StoreError(_without_place(str(error), entry, folder)) from None


def bench_run(folder: str | os.PathLike[str] | None, asked: str, key: str, replicate: int) -> BenchRun:
    """One run of a study, by its key, as the Stage can show it. Raises SpecError where it cannot."""
    from cisim.study.kept.replay import find

    entry = _entry(folder, asked)
    study = open_study(folder, asked).study
    if study.engine == "mesa" or study.model or study.rules:
        raise SpecError(
            "this study runs own code, which the Stage does not have; repeat the run with: cisim replay",
            source=SOURCE,
        )
    try:
        run = find(f"{key}-{replicate}", entry.place, entry.study)
        scenario = run.scenario
    except CisimError as error:
        raise SpecError(_without_place(str(error), entry, folder), source=SOURCE) from None
    told = ", ".join(f"{name} {_short(value)}" for name, value in run.settings.items())
    text = (
        f"Run {run.run} of study {study.name}: {told or 'as its base'}; replicate {run.replicate} of seed {study.seed}, "
        f"counted from 0: here it is run {run.replicate + 1}."
    )
    return BenchRun(scenario, study.seed, run.replicate, text)


def _entry(folder: str | os.PathLike[str] | None, asked: str) -> StudyEntry:
    known = {entry.folder: entry for entry in studies_in(folder)}
    if not known:
        raise SpecError(f"there are {NONE}", source=SOURCE)
    if asked not in known:
        raise SpecError(
            f"there is no study {asked[:100]!r} here.{did_you_mean(asked[:100], known)}", source=SOURCE
        )
    return known[asked]


def _stores(root: Path) -> Iterator[Path]:
    """Folders below the root that say they are stores, without following links."""
    for place, folders, files in os.walk(root, followlinks=False):
        here = Path(place)
        depth = len(here.relative_to(root).parts)
        if "store.json" in files:
            folders.clear()
            yield here
        elif depth >= DEEPEST:
            folders.clear()
        folders[:] = sorted(name for name in folders if not name.startswith("."))


def _entries(place: Path, root: Path) -> list[StudyEntry]:
    from cisim.study.kept.store import Store

    try:
        names = Store.open(place).studies()
    except StoreError:
        return []
    inside = [name for name in names if (place / "studies" / name).resolve().is_relative_to(root)]
    where = place.relative_to(root).as_posix()
    return [StudyEntry(f"{where}:{name}", _title(place, name), place, name) for name in inside]


def _title(place: Path, name: str) -> str:
    """What the study calls itself, without loading what it needs."""
    from cisim.world.toml import parse, text_of

    try:
        title = parse(text_of(place / "studies" / name / "study.toml")).get("title")
    except CisimError:
        return name
    return title if isinstance(title, str) and title else name


def _without_place(text: str, entry: StudyEntry, folder: str | os.PathLike[str] | None) -> str:
    """A message without the path of the machine."""
    root = Path(folder or ".").resolve()
    return text.replace(str(entry.place), entry.folder).replace(str(root), "").replace(str(folder), "")


def _short(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else str(value)

"""A newcomer can add a parameter, a variant, an event, a measure and a preset as CONTRIBUTING.md says.

The document is the single source: its edits are applied to a copy of the package, and the copy is run.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EDIT = re.compile(
    r"^(?:In `(?P<path>[^`]+)`, (?P<where>before|after|in place of) `(?P<anchor>[^\n]+)`|New file `(?P<new>[^`]+)`):"
    r"\n\n```\w+\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
TABLE = {
    "A parameter": {"cisim/theory/parameters.py"},
    "A rule variant": {"cisim/theory/rules/trust.py"},
    "An event": {"cisim/world/events/conditions.py"},
    "A measure": {"cisim/theory/measures/ties.py"},
    "A preset": {"cisim/world/presets/forgiving-coalition.toml"},
}
"""What one change touches, by the headings of the document."""


class Edit(NamedTuple):
    """One edit: `text` goes before, after or in place of the one line that holds `anchor`."""

    path: str
    where: str
    anchor: str
    text: str

    def apply(self, root: Path) -> None:
        file = root / self.path
        if self.where == "new":
            assert not file.exists(), f"{self.path} is there already"
            file.write_text(self.text, encoding="utf-8")
            return
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        places = [at for at, line in enumerate(lines) if self.anchor in line]
        assert len(places) == 1, f"{self.path}: {self.anchor!r} is on {len(places)} lines; it must be on one"
        first = places[0] + (self.where == "after")
        lines[first : first + (self.where == "in place of")] = [self.text]
        file.write_text("".join(lines), encoding="utf-8")


def edits(text: str) -> list[Edit]:
    """The edits that a part of the document shows, in order."""
    return [
        Edit(found["new"] or found["path"], found["where"] or "new", found["anchor"] or "", found["text"])
        for found in EDIT.finditer(text)
    ]


def sections() -> dict[str, str]:
    """The worked examples by heading, up to the colon."""
    parts = re.split(r"^### ([^:\n]+):[^\n]*\n", TEXT, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the package in which the edits are made."""
    root = tmp_path_factory.mktemp("newcomer")
    shutil.copytree(ROOT / "cisim", root / "cisim", ignore=shutil.ignore_patterns("__pycache__"))
    for edit in edits(TEXT):
        edit.apply(root)
    return root


def python(root: Path, code: str) -> dict[str, object]:
    """What a program that runs on the copy prints, as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root), "XDG_CACHE_HOME": str(root / "cache")},
        timeout=400,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_each_example_touches_what_the_table_says() -> None:
    assert {heading: {edit.path for edit in edits(text)} for heading, text in sections().items()} == TABLE


def test_nothing_else_is_touched(copy: Path) -> None:
    def texts(root: Path) -> dict[str, str]:
        files = [file for kind in ("py", "toml") for file in (root / "cisim").rglob(f"*.{kind}")]
        return {file.relative_to(root).as_posix(): file.read_text(encoding="utf-8") for file in files}

    before, after = texts(ROOT), texts(copy)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert changed == set().union(*TABLE.values())


def test_what_a_newcomer_adds_works(copy: Path) -> None:
    told = python(copy, MESA)
    assert told["here"] == str(copy)
    assert told["declared"] == ["uncertainty", "assumption"]
    assert told["unforgiving"] < told["forgiving"]  # the parameter moves a measure through the variant
    assert told["sentence"] == (
        "In month 12, members hold a retreat, with 3 meetings more in this month alone."
    )
    assert told["told"]
    assert told["meetings"] == [2, 5, 2]
    assert told["with_event"] != told["without_event"]
    assert told["reported"] == 13 and 0 < told["gap"] < 1
    assert told["listed"]


MESA = """
import json
from pathlib import Path
import cisim
from cisim.theory.parameters import UNCERTAINTIES

preset = cisim.preset("forgiving-coalition")

def last(months, **changes):
    plan = preset.replace(months=months, **changes)
    return cisim.CoalitionModel(plan, seed=1).run()

event = preset.event[0]
full = last(13)
sentence = event.sentence(preset.names)
short = {"months": 11, "event": ()}
print(json.dumps({
    "here": str(Path(cisim.__file__).parents[1]),
    "declared": [UNCERTAINTIES["forgiveness"].role, UNCERTAINTIES["forgiveness"].basis],
    "forgiving": last(parameters={"forgiveness": 1.0}, **short).measure("trust_mean"),
    "unforgiving": last(parameters={"forgiveness": 0.0}, **short).measure("trust_mean"),
    "sentence": sentence,
    "told": "hold a retreat" in " ".join(preset.describe().split()),
    "meetings": preset.lower().levers["meetings"][[11, 12, 13]].tolist(),
    "with_event": full.measure("trust_mean"),
    "without_event": last(13, event=()).measure("trust_mean"),
    "reported": len(full.datacollector.model_vars["trust_gap"]) - 1,
    "gap": full.measure("trust_gap"),
    "listed": "forgiving-coalition" in cisim.presets(),
}))
"""


@pytest.mark.slow
def test_what_a_newcomer_adds_is_in_an_ensemble(copy: Path) -> None:
    told = python(copy, COMPILED)
    assert told["gap"] == told["model"]


COMPILED = """
import json
import cisim

plan = cisim.preset("forgiving-coalition").replace(months=13)
ensemble = cisim.simulate(plan, replicates=2, seed=1)
model = cisim.CoalitionModel(plan, seed=1).run()
print(json.dumps({
    "gap": float(ensemble.sel("trust_gap", replicate=0, month=13)), "model": model.measure("trust_gap")
}))
"""


def test_the_edits_are_clean(copy: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--config", str(ROOT / "pyproject.toml"), "--no-cache", "."],
        cwd=copy,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr

"""The notebooks say what is true: each runs whole, without a warning, and its text is the only source of it.

Sentences in a notebook are backed by an `assert` beside them, so a notebook that runs is one whose text still holds.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jupytext
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
HOME = ROOT / "notebooks"
NOTEBOOKS = sorted(HOME.glob("[0-9]_*.md"))
LONGEST = 300  # seconds of one cell; far more than any takes, so that only a stuck kernel is ended


def names(path: Path) -> str:
    return path.stem


def read(path: Path) -> Any:
    """The notebook in a Markdown file, as JupyterLab opens it."""
    return jupytext.read(path, fmt="md")


def cells(book: Any) -> list[tuple[str, str]]:
    return [(cell.cell_type, cell.source) for cell in book.cells]


def outputs(book: Any) -> list[Any]:
    return [output for cell in book.cells for output in cell.get("outputs", [])]


def test_the_list_of_notebooks_is_whole() -> None:
    listed = re.findall(r"\]\((\d_\w+\.md)\)", (HOME / "README.md").read_text(encoding="utf-8"))
    assert listed == [path.name for path in NOTEBOOKS]
    assert len(NOTEBOOKS) >= 6


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names)
def test_text_and_ipynb_are_one_notebook(path: Path, tmp_path: Path) -> None:
    made = tmp_path / f"{path.stem}.ipynb"
    jupytext.write(read(path), made)
    back = jupytext.read(made)
    assert cells(back) == cells(read(path))
    back.metadata["jupytext"] = read(path).metadata["jupytext"]  # what jupytext.toml tells JupyterLab
    assert jupytext.writes(back, fmt="md") == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names)
def test_an_ipynb_beside_the_text_says_the_same(path: Path) -> None:
    beside = path.with_suffix(".ipynb")
    assert not beside.exists() or cells(jupytext.read(beside)) == cells(read(path)), (
        f"{beside.name} has other cells than {path.name}; change the text, and make the other anew or delete it"
    )


@pytest.mark.parametrize(
    "rules",
    [("check", "--ignore", "S101"), ("format", "--check", "--line-length", "95")],
    ids=["style", "form"],
)
def test_the_code_of_all_notebooks_is_tidy(rules: tuple[str, ...], tmp_path: Path) -> None:
    for path in NOTEBOOKS:
        jupytext.write(read(path), tmp_path / f"{path.stem}.ipynb")
    command = [sys.executable, "-m", "ruff", *rules, "--config", str(ROOT / "pyproject.toml"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names)
def test_links_of_a_notebook_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = [target for target in re.findall(r"\]\(([^)#\s]+)\)", text) if "://" not in target]
    assert targets
    assert [target for target in targets if not (HOME / target).exists()] == []


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=names)
def test_a_notebook_runs_without_error_or_warning(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "notebooks"
    shutil.copytree(HOME, folder, ignore=shutil.ignore_patterns("out", "*.ipynb", ".*"))
    book = read(path)
    where = {"metadata": {"path": str(folder)}}
    NotebookClient(book, timeout=LONGEST, kernel_name="python3", resources=where).execute()
    warned = [output.text for output in outputs(book) if output.get("name") == "stderr"]
    assert warned == []
    pictures = [output for output in outputs(book) if "image/png" in output.get("data", {})]
    assert len(pictures) >= 3

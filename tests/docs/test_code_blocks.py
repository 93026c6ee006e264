"""The code in the documents runs, in order, in a folder of its own for each document, and prints what it is said to.

How a block is tested is told in tests/docs/blocks.py, what is not run, and why, in tests/docs/not_run.py.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cisim.decision.optimize import Problem
from tests.docs.blocks import FILES, SHELL, Block, blocks, commands, names
from tests.docs.following import BROUGHT, Reader, bring, excuse
from tests.docs.not_run import NOT_RUN, NOT_RUN_PYTHON, SHORTENED

ALL = [(file, block) for file in FILES for block in blocks(file)]


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a reader, with what the reader brings; the present folder while the test runs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    bring(request.getfixturevalue("file"), tmp_path)
    return tmp_path


def quick(file: Path) -> list[Block]:
    """What the fast tests follow: not a slow block, nor what it prints."""
    chosen: list[Block] = []
    after_slow = False
    for block in blocks(file):
        if block.runs:
            after_slow = not block.quick
        if block.mark == "file" or (not after_slow and (block.quick or block.mark == "output")):
            chosen.append(block)
    return chosen


@pytest.mark.parametrize("file", FILES, ids=names)
def test_the_quick_code_of_a_document_runs(file: Path, folder: Path) -> None:
    reader = Reader(file, folder)
    for block in quick(file):
        reader.follow(block)


@pytest.mark.slow
@pytest.mark.parametrize(
    "file", [f for f in FILES if any(b.runs and not b.quick for b in blocks(f))], ids=names
)
def test_all_code_of_a_document_runs(file: Path, folder: Path) -> None:
    reader = Reader(file, folder)
    for block in blocks(file):
        reader.follow(block)


def test_every_reason_is_needed_by_a_command() -> None:
    typed = [line for _, block in ALL if block.language in SHELL for line in commands(block.code)]
    assert not [part for part in NOT_RUN if not any(part in f"{line} " for line in typed)]
    assert not [part for part in SHORTENED if not any(part in line for line in typed if not excuse(line))]


def test_python_that_is_shown_and_not_run_has_its_reason() -> None:
    assert {names(file) for file, block in ALL if block.language == "py"} == set(NOT_RUN_PYTHON)


def test_a_reader_is_told_how_to_name_a_file() -> None:
    for file, block in ALL:
        if block.mark == "file":
            above = "\n".join(file.read_text(encoding="utf-8").splitlines()[: block.line - 2])
            told = f"`{block.named}`" in above or block.code.startswith(f"# {block.named}\n")
            assert told, f"{names(file)}:{block.line} does not say that the file is {block.named}"


def test_a_mark_stands_where_it_means_something() -> None:
    for file, block in ALL:
        where = f"{names(file)}:{block.line}"
        assert (block.mark == "file") == bool(block.named), where
        assert block.mark != "run" or block.language in SHELL, where
        assert block.mark != "output" or block.language == "text", where


@pytest.mark.parametrize("file", FILES, ids=names)
def test_links_between_documents_lead_somewhere(file: Path) -> None:
    text = re.sub(r"```.*?^```$", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (file.parent / target).exists(), f"{names(file)} links to {target}"


def test_the_quick_problem_is_the_shipped_one_with_less_effort() -> None:
    quick_one, shipped = Problem.read(BROUGHT / "small-town-quick.toml"), Problem.read("small-town")
    assert quick_one.with_(effort=shipped.effort) == shipped

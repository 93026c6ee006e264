"""The code in the documents runs: every ```python block, in order, in a folder of its own for each file.

A comment above a block says how: `<!-- slow -->` for a block that takes long (run by `make slow`, with all
of its file), `<!-- run -->` for a ```bash block whose `cisim` commands are run, `<!-- page -->` for a page of its own,
which tests/browser opens. Blocks that show an edit
of a file ("In `path`, after `anchor`:", "New file `path`:") are tested in tests/contracts.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("docs/*.md"), ROOT / "CONTRIBUTING.md", ROOT / "README.md"])
BLOCK = re.compile(
    r"(?P<above>[^\n]*)\n+```(?P<language>python|bash)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
)
EDIT = re.compile(r"^(In|New file) `[^`]+`.*:$")


class Block(NamedTuple):
    line: int
    language: str
    code: str
    slow: bool


def blocks(file: Path) -> list[Block]:
    """The blocks of a document that are to be run."""
    text = file.read_text(encoding="utf-8")
    found = []
    for match in BLOCK.finditer(text):
        above, language = match["above"], match["language"]
        marks = set(re.findall(r"\w+", above)) if above.startswith("<!--") else set()
        if EDIT.match(above) or "page" in marks or (language == "bash" and "run" not in marks):
            continue
        line = text[: match.start("code")].count("\n") + 1
        found.append(Block(line, language, match["code"], "slow" in marks))
    return found


def names(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def run(file: Path, chosen: list[Block], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the blocks in order; Python blocks share one module, as a reader would type them."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    world: dict[str, object] = {"__name__": "__main__"}
    for block in chosen:
        if block.language == "python":
            # lines count as in the document, and rules of a reader need their source on disk
            source = folder / f"{file.stem}_{block.line}.py"
            source.write_text("\n" * (block.line - 1) + block.code, encoding="utf-8")
            exec(compile(source.read_text(encoding="utf-8"), str(source), "exec"), world)  # noqa: S102
        else:
            shell(block.code)


def shell(code: str) -> None:
    """Run `cisim ...` lines with this Python."""
    for line in code.strip().splitlines():
        command, *flags = shlex.split(line, comments=True)
        assert command == "cisim", f"only cisim commands are run: {line}"
        done = subprocess.run(
            [sys.executable, "-m", "cisim", *flags],
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            timeout=300,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("file", FILES, ids=names)
def test_the_quick_code_of_a_document_runs(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(file, [block for block in blocks(file) if not block.slow], tmp_path, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("file", [f for f in FILES if any(b.slow for b in blocks(f))], ids=names)
def test_all_code_of_a_document_runs(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(file, blocks(file), tmp_path, monkeypatch)


@pytest.mark.parametrize("file", FILES, ids=names)
def test_links_between_documents_lead_somewhere(file: Path) -> None:
    text = re.sub(r"```.*?^```$", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (file.parent / target).exists(), f"{names(file)} links to {target}"

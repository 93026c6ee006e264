"""The code blocks of a document, with the marks that say how each is tested.

A mark is a comment on the line above a block:

- none: `python`, `sh` and `bash` blocks run, the shell's in the slow tests.
- `<!-- run -->`: a shell block that is quick enough for the fast tests.
- `<!-- slow -->`: a Python block for the slow tests only.
- `<!-- file NAME -->`: the reader saves this; later blocks find it.
- `<!-- output -->`: what the block before it prints (`...` stands for anything).
- `<!-- page -->`: a page of its own, which tests/browser opens.

Blocks that show an edit of a file ("In `path`, after `anchor`:", "New file `path`:") are tested in tests/contracts.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

__all__ = ["FILES", "LANGUAGES", "ROOT", "SHELL", "Block", "blocks", "commands", "names"]

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("docs/**/*.md"), ROOT / "CONTRIBUTING.md", ROOT / "README.md"])
SHELL = ("sh", "bash")
LANGUAGES = ("", "python", "py", *SHELL, "text", "toml", "csv", "nginx")
"""`py` shows Python that cannot run here; see tests/docs/not_run.py."""
MARKS = ("run", "slow", "file", "output", "page")
BLOCK = re.compile(r"(?P<above>[^\n]*)\n+^```(?P<language>\w*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
EDIT = re.compile(r"^(In|New file) `[^`]+`.*:$")


class Block(NamedTuple):
    """A block: line of its first line of code, mark, and what the mark names (a file)."""

    line: int
    language: str
    code: str
    mark: str
    named: str
    edit: bool

    @property
    def runs(self) -> bool:
        """True if it is code that a reader runs."""
        return self.language in ("python", *SHELL) and not self.edit and self.mark != "page"

    @property
    def quick(self) -> bool:
        """True if the fast tests run it too."""
        return self.mark == "run" if self.language in SHELL else self.mark != "slow"


def blocks(file: Path) -> list[Block]:
    """All blocks of a document in order. Raises ValueError for an unknown mark or language."""
    text = file.read_text(encoding="utf-8")
    found = []
    for match in BLOCK.finditer(text):
        mark, named = _mark(file, match["above"])
        line = text[: match.start("code")].count("\n") + 1
        if match["language"] not in LANGUAGES:
            raise ValueError(
                f"{names(file)}:{line}: language {match['language']!r}; allowed: {', '.join(LANGUAGES)}"
            )
        edit = EDIT.match(match["above"]) is not None
        found.append(Block(line, match["language"], match["code"], mark, named, edit))
    return found


def commands(code: str) -> list[str]:
    """The commands of a shell block: lines that go on are joined, comments and empty lines left out."""
    joined = re.sub(r"\\\n\s*", "", code)
    lines = (re.sub(r"(^|\s)#.*$", "", line).strip() for line in joined.splitlines())
    return [line for line in lines if line]


def names(path: Path) -> str:
    """A file as a message names it."""
    return path.relative_to(ROOT).as_posix()


def _mark(file: Path, above: str) -> tuple[str, str]:
    told = re.fullmatch(r"<!-- (?P<mark>\w+)(?: (?P<named>[\w./-]+))? -->", above.strip())
    if told is None:
        return "", ""
    if told["mark"] not in MARKS:
        raise ValueError(f"{names(file)}: mark {above.strip()}; allowed: {', '.join(MARKS)}")
    return told["mark"], told["named"] or ""

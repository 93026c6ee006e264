"""Somebody who follows a document from top to bottom: saves files, types commands, reads what is printed."""

from __future__ import annotations

import doctest
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from tests.docs.blocks import ROOT, SHELL, Block, commands, names
from tests.docs.not_run import BRINGS, NOT_RUN, SHORTENED

__all__ = ["BROUGHT", "Reader", "bring", "excuse"]

BROUGHT = Path(__file__).with_name("brought")
LOOSE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def bring(file: Path, folder: Path) -> None:
    """Put what a reader of a document brings into a folder."""
    for part in ("experiments", "notebooks"):
        (folder / part).symlink_to(ROOT / part)
    for name in BRINGS.get(names(file), ()):
        brought = BROUGHT / name
        copy = shutil.copytree if brought.is_dir() else shutil.copyfile
        copy(brought, folder / name)


class Reader:
    """One reader, in a folder, with what was printed last."""

    def __init__(self, file: Path, folder: Path) -> None:
        self.file, self.folder = file, folder
        self.world: dict[str, object] = {"__name__": "__main__"}
        self.printed: str | None = None

    def follow(self, block: Block) -> None:
        """Do what a block asks for."""
        if block.mark == "file":
            (self.folder / block.named).write_text(block.code, encoding="utf-8")
        elif block.mark == "output":
            self.compare(block)
        elif block.runs:
            self.printed = self.shell(block) if block.language in SHELL else self.python(block)

    def python(self, block: Block) -> str:
        """What Python prints; blocks share one module, and lines count as in the document."""
        source = self.folder / f"{self.file.stem}_{block.line}.py"  # own rules need their source on disk
        source.write_text("\n" * (block.line - 1) + block.code, encoding="utf-8")
        printed = StringIO()
        with redirect_stdout(printed):
            exec(compile(source.read_text(encoding="utf-8"), str(source), "exec"), self.world)
        return printed.getvalue()

    def shell(self, block: Block) -> str:
        """What the commands print, each with exit code 0."""
        return "".join(self.command(line) for line in commands(block.code) if not excuse(line))

    def command(self, line: str) -> str:
        """What one command prints. `cisim` is that of this Python."""
        found = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        done = subprocess.run(
            ["bash", "-c", shortened(line)], cwd=self.folder, env=found, check=False, capture_output=True,
            text=True, timeout=600,
        )  # fmt: skip
        assert done.returncode == 0, f"{names(self.file)}: {line}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def compare(self, block: Block) -> None:
        """Fail if the block before printed something else than this one shows."""
        where = f"{names(self.file)}:{block.line}"
        assert self.printed is not None, f"{where} shows the output of nothing"
        assert doctest.OutputChecker().check_output(block.code, self.printed, LOOSE), (
            f"{where} shows\n{block.code}\nbut this is printed:\n{self.printed}"
        )


def excuse(command: str) -> str | None:
    """Why a command is not run; None for one that is."""
    return next((reason for part, reason in NOT_RUN.items() if part in f"{command} "), None)


def shortened(command: str) -> str:
    """The command with less to run."""
    for part, less in SHORTENED.items():
        command = command.replace(part, less)
    return command

"""Build the site of the documents, strictly: `python -m tests.docs.site`, which says where its first page is.

`python -m tests.docs.site serve` shows it on this machine, with a search.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.docs.staging import ROOT, stage

__all__ = ["build", "main"]

QUIET = {"NO_MKDOCS_2_WARNING": "1"}
"""Of the theme: nothing in a build but what is about the site."""


def build(folder: Path, *, serve: bool = False) -> subprocess.CompletedProcess[str]:
    """Stage into `build/docs` of a folder, and build `build/site` with the mkdocs.yml there."""
    sources = folder / "build" / "docs"
    shutil.rmtree(sources, ignore_errors=True)
    stage(sources)
    verb = ["serve"] if serve else ["build", "--strict", "--clean"]
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", *verb], cwd=folder, env={**os.environ, **QUIET}, check=False, text=True,
        stderr=None if serve else subprocess.PIPE,
    )  # fmt: skip


def main(words: Sequence[str] = ()) -> int:
    """Build the site in the project's own folder `build/`; the exit code of mkdocs."""
    done = build(ROOT, serve=list(words) == ["serve"])
    if done.returncode == 0 and not words:
        print(f"The first page is {ROOT / 'build' / 'site' / 'index.html'}")
    elif done.stderr:
        print(done.stderr, file=sys.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Write anew what documents show as output: `python -m tests.docs.outputs docs/explanation/paired.md ...`.

For a change that is meant to change results. Read what changed, and whether the text around it still holds.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.docs.blocks import FILES, blocks
from tests.docs.following import Reader, bring

__all__ = ["main", "renewed"]


def renewed(file: Path, folder: Path) -> str:
    """The document with every output as it is printed now; all of its code runs, in the present folder."""
    reader = Reader(file, folder)
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    outputs = []
    for block in blocks(file):
        if block.mark == "output":
            outputs.append((block, reader.printed or ""))
        else:
            reader.follow(block)
    for block, printed in reversed(outputs):  # from below, so that lines above keep their numbers
        first = block.line - 1
        lines[first : first + len(block.code.splitlines())] = [printed]
    return "".join(lines)


def main(words: Sequence[str]) -> int:
    """Renew the documents named, or all that show an output."""
    chosen = [Path(word).resolve() for word in words]
    for file in chosen or [f for f in FILES if any(b.mark == "output" for b in blocks(f))]:
        with tempfile.TemporaryDirectory() as place:
            os.chdir(place)
            bring(file, Path(place))
            text = renewed(file, Path(place))
            os.chdir(file.parent)
        file.write_text(text, encoding="utf-8")
        print(f"{file.name} shows what is printed now.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

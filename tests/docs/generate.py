"""Bring every table and reference of the documents in line with the code: `python -m tests.docs.generate`.

A table stands between `<!-- generated: NAME -->` and `<!-- end -->`; what is outside is never touched.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from cisim.errors import CisimError
from cisim.world.disk import write_whole
from tests.docs import (
    assumptions,
    drawn_month,
    reference_commands,
    reference_files,
    reference_python,
    reference_theory,
    tables_of_declarations,
    tables_of_rules,
)
from tests.docs.tables import Generated, Passage, Table, names, replaced, strangers

__all__ = ["DOCS", "documents", "main", "seen_from", "tables"]

TESTS = Path(__file__).parents[1]
DOCS = TESTS.parent / "docs"


@cache
def tables() -> dict[str, Generated]:
    """Every table and passage by its name. Raises SpecError for a docs/assumptions.csv that cannot be used."""
    told, runs = assumptions.kept(assumptions.FILE.read_text(encoding="utf-8"))
    return {
        **tables_of_declarations.tables(),
        **tables_of_rules.tables(),
        **drawn_month.passages(),
        **reference_theory.passages(),
        **reference_commands.passages(),
        **reference_files.passages(),
        **reference_python.passages(),
        "assumptions": assumptions.table(told, runs),
        "tests": _tests(),
    }


def documents() -> dict[Path, str]:
    """The text of every document that asks for a table."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(DOCS.rglob("*.md"))}
    return {path: text for path, text in texts.items() if names(text)}


def seen_from(path: Path, declared: Mapping[str, Generated]) -> dict[str, Generated]:
    """What is declared, with links to the code as a document in a folder of docs/ needs them."""
    up = "../" * len(path.relative_to(DOCS).parent.parts)
    return {
        name: Passage(part.text().replace("](../cisim/", f"]({up}../cisim/")) if up else part
        for name, part in declared.items()
    }


def _tests() -> Table:
    """What each file of tests says that it proves: the first paragraph of its docstring."""
    rows = []
    for path in sorted(TESTS.rglob("test_*.py")):
        says = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        rows.append((f"`{path.relative_to(TESTS.parent).as_posix()}`", says.split("\n\n")[0]))
    return Table(("tests", "what they prove"), rows)


def main() -> int:
    """Write every document whose tables changed; 2 if one asks for a table that nothing declares."""
    try:
        declared = tables()
        texts = documents()
        if unknown := [
            fault for path, text in texts.items() for fault in strangers(path.name, text, declared)
        ]:
            print(*unknown, sep="\n", file=sys.stderr)
            return 2
        for path, text in texts.items():
            if (mended := replaced(text, seen_from(path, declared))) != text:
                write_whole(path, mended.encode())
                print(f"{path.name} is brought in line.")
    except CisimError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Bring every table of the documents in line with the declarations: `python -m tests.docs.generate`.

A table stands between `<!-- generated: NAME -->` and `<!-- end -->`; what is outside is never touched.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from cisim.errors import CisimError
from cisim.world.disk import write_whole
from tests.docs import assumptions, tables_of_declarations, tables_of_rules
from tests.docs.tables import Table, names, replaced, strangers

__all__ = ["DOCS", "documents", "main", "tables"]

TESTS = Path(__file__).parents[1]
DOCS = TESTS.parent / "docs"


def tables() -> dict[str, Table]:
    """Every table by its name. Raises SpecError for a docs/assumptions.csv that cannot be used."""
    told, runs = assumptions.kept(assumptions.FILE.read_text(encoding="utf-8"))
    return {
        **tables_of_declarations.tables(),
        **tables_of_rules.tables(),
        "assumptions": assumptions.table(told, runs),
        "tests": _tests(),
    }


def documents() -> dict[Path, str]:
    """The text of every document that asks for a table."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("*.md"))}
    return {path: text for path, text in texts.items() if names(text)}


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
            if (mended := replaced(text, declared)) != text:
                write_whole(path, mended.encode())
                print(f"{path.name} is brought in line.")
    except CisimError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Tables in documents are what the code declares; where not, a fault names table, row and what mends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs import generate
from tests.docs.tables import COMMAND, Table, faults, names, replaced

DECLARED = generate.tables()
COLOURS = Table(("colour", "number"), [("`red`", "1"), ("`blue`", "2 | 3")], "Two colours.")
TEXT = "# Title\n\n<!-- generated: colours -->\n<!-- end -->\n\nAfter the table.\n"
WHOLE = replaced(TEXT, {"colours": COLOURS})


@pytest.mark.parametrize("path", generate.documents(), ids=lambda path: path.name)
def test_a_document_tells_what_is_declared(path: Path) -> None:
    declared = generate.seen_from(path, DECLARED)
    found = list(faults(path.name, path.read_text(encoding="utf-8"), declared))
    assert not found, "\n".join(found)


def test_every_table_stands_in_a_document() -> None:
    assert set(DECLARED) == {name for text in generate.documents().values() for name in names(text)}


def test_a_table_is_put_between_its_marks_and_nothing_else_moves() -> None:
    assert WHOLE == (
        "# Title\n\n<!-- generated: colours -->\nTwo colours.\n\n| colour | number |\n| --- | --- |\n"
        "| `red` | 1 |\n| `blue` | 2 \\| 3 |\n<!-- end -->\n\nAfter the table.\n"
    )
    assert replaced(WHOLE, {"colours": COLOURS}) == WHOLE
    assert not list(faults("a.md", WHOLE, {"colours": COLOURS}))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace("| 1 |", "| 7 |"), "row `red` is declared otherwise"),
        (lambda text: text.replace("| `blue` | 2 \\| 3 |\n", ""), "row `blue` is declared otherwise"),
        (lambda text: text.replace("<!-- end", "| `green` | 4 |\n<!-- end"), "row `green` is told, but not declared"),
        (lambda text: text.replace("Two colours.", "Three colours."), "row 'Two colours.' is declared otherwise"),
        (lambda text: text.replace("| --- | --- |\n| `red` | 1 |", "| `red` | 1 |\n| --- | --- |"), "another order"),
    ],
)  # fmt: skip
def test_a_fault_names_document_table_row_and_command(change, told) -> None:
    (fault,) = faults("a.md", change(WHOLE), {"colours": COLOURS})
    assert fault.startswith("a.md, table 'colours': ") and told in fault and fault.endswith(COMMAND)


def test_an_unknown_table_gets_the_nearest_known_name() -> None:
    (fault,) = faults("a.md", TEXT.replace("colours", "colour"), {"colours": COLOURS})
    assert "'colour', which nothing declares. Did you mean 'colours'?" in fault


def test_a_table_without_an_end_is_a_fault() -> None:
    (fault,) = faults("a.md", "<!-- generated: colours -->\n\n" + WHOLE, {"colours": COLOURS})
    assert "a.md opens 2 generated tables, but 1 are whole" in fault


def test_the_command_mends_every_document_and_only_those(monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.setattr(generate, "DOCS", tmp_path)
    (tmp_path / "wrong.md").write_text(
        "<!-- generated: streams -->\n| old |\n<!-- end -->\n", encoding="utf-8"
    )
    (tmp_path / "plain.md").write_text("No table.\n", encoding="utf-8")
    assert generate.main() == 0
    assert capsys.readouterr().out == "wrong.md is brought in line.\n"
    assert "| 1 | `CONTACTS` |" in (tmp_path / "wrong.md").read_text(encoding="utf-8")
    assert generate.main() == 0 and capsys.readouterr().out == ""


def test_the_command_writes_nothing_while_a_table_is_unknown(monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.setattr(generate, "DOCS", tmp_path)
    old = "<!-- generated: streams -->\n<!-- end -->\n\n<!-- generated: river -->\n<!-- end -->\n"
    (tmp_path / "wrong.md").write_text(old, encoding="utf-8")
    assert generate.main() == 2
    assert "asks for a table 'river'" in capsys.readouterr().err
    assert (tmp_path / "wrong.md").read_text(encoding="utf-8") == old

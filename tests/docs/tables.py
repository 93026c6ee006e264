"""Tables and passages in a document: what stands between `<!-- generated: NAME -->` and `<!-- end -->`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from cisim.errors import did_you_mean

__all__ = ["COMMAND", "Generated", "Passage", "Table", "faults", "names", "replaced", "strangers"]

COMMAND = ".venv/bin/python -m tests.docs.generate"
"""What mends every table."""

BLOCK = re.compile(
    r"^<!-- generated: (?P<name>[\w-]+) -->\n(?P<body>(?:(?!<!--).*\n)*?)<!-- end -->$", re.MULTILINE
)
OPENING = "<!-- generated:"
CELL = re.compile(r"(?<!\\)\|")


class Generated(Protocol):
    """What can stand between two marks."""

    def text(self) -> str:
        """Markdown with an end of line."""


class Table(NamedTuple):
    """Columns and rows of text; `above`: a sentence over them. The first cells name the row."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    above: str = ""

    def text(self) -> str:
        """The table as Markdown, with an end of line."""
        lines = [self.columns, ["---"] * len(self.columns), *self.rows]
        table = "".join("| " + " | ".join(map(_cell, line)) + " |\n" for line in lines)
        return f"{self.above}\n\n{table}" if self.above else table


class Passage(NamedTuple):
    """Markdown of any kind: headings, sentences, tables."""

    body: str

    def text(self) -> str:
        """The passage with an end of line."""
        return f"{self.body.strip()}\n"


def names(document: str) -> list[str]:
    """The tables that a document asks for, in order."""
    return [block["name"] for block in BLOCK.finditer(document)]


def replaced(document: str, tables: Mapping[str, Generated]) -> str:
    """The document with every table as it is declared; all else stays. Raises KeyError for an unknown name."""
    return BLOCK.sub(lambda block: _block(block["name"], tables[block["name"]].text()), document)


def faults(title: str, document: str, tables: Mapping[str, Generated]) -> Iterator[str]:
    """For each table that differs from its declarations: the first row that does, and what to do."""
    yield from strangers(title, document, tables)
    for block in BLOCK.finditer(document):
        name, told = block["name"], block["body"]
        if name in tables and told != (declared := tables[name].text()):
            where = _first_difference(told.splitlines(), declared.splitlines())
            yield f"{title}, table {name!r}: {where} Mend it with: {COMMAND}"


def strangers(title: str, document: str, tables: Mapping[str, Generated]) -> Iterator[str]:
    """A fault for each table that a document asks for and nothing declares, and for one that has no end."""
    if (opened := document.count(OPENING)) != (closed := len(names(document))):
        yield f"{title} opens {opened} generated tables, but {closed} are whole; end each with a line <!-- end -->."
    for name in names(document):
        if name not in tables:
            yield f"{title} asks for a table {name!r}, which nothing declares.{did_you_mean(name, tables)}"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _block(name: str, text: str) -> str:
    return f"<!-- generated: {name} -->\n{text}<!-- end -->"


def _first_difference(told: Sequence[str], declared: Sequence[str]) -> str:
    """A sentence that names the row of the first line that one text has and the other has not."""
    for line in declared:
        if line not in told:
            return f"row {_row(line)} is declared otherwise than the document tells it: {line}"
    for line in told:
        if line not in declared:
            return f"row {_row(line)} is told, but not declared: {line}"
    return "the rows are told in another order than they are declared."


def _row(line: str) -> str:
    """The name of a row: its first cell; of a line that is no row, how it begins."""
    cells = CELL.split(line)
    return cells[1].strip() if len(cells) > 2 else repr(line[:40])

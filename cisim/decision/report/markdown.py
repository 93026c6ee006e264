"""A document as Markdown: the same words and figures; pictures as tables of their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cisim.decision.report.document import (
    Block,
    Bold,
    Chart,
    Document,
    Items,
    Kept,
    Number,
    Paragraph,
    Scatter,
    Table,
    Text,
)  # fmt: skip

__all__ = ["as_markdown"]

_MARKS = re.compile(r"([\\`*_\[\]<>#|])")


def as_markdown(document: Document) -> str:
    """The whole file; the title and the lines on top are its first five lines."""
    lines = [f"# {_safe(document.title)}"]
    lines += [f"{_text(block.text)}  " for block in document.lead]
    for section in document.sections:
        lines += ["", f"## {_safe(section.title)}", ""]
        for block in section.blocks:
            lines += [*_block(block), ""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines).rstrip("\n")) + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            told = _text(block.text)
            yield f"**{told}**" if block.kind == "plan" else told
        case Items():
            yield from (f"- {_text(line)}" for line in block.lines)
        case Table():
            yield from _table(block)
        case Chart():
            yield f"{_safe(block.caption)}"
            yield ""
            yield from _table(block.table)
        case Scatter():
            yield _safe(block.caption)
        case Kept():
            yield f"### {_safe(block.title)}"
            yield ""
            yield f"~~~toml part={block.part.replace(' ', '/')}"
            yield from block.text.strip("\n").split("\n")
            yield "~~~"


def _table(table: Table) -> Iterator[str]:
    yield f"**{_safe(table.name)}**"
    yield ""
    yield f"| {' | '.join(_safe(name) for name in table.head)} |"
    yield f"| {' | '.join('---:' if at in table.right else '---' for at in range(len(table.head)))} |"
    for row in table.rows:
        yield f"| {' | '.join(_text(cell) for cell in row)} |"


def _text(text: Text | tuple[str | Number, ...]) -> str:
    told = []
    for part in text:
        if isinstance(part, Bold):
            told.append(f"**{_text(part.parts)}**")
        else:
            told.append(part.text if isinstance(part, Number) else _safe(part))
    return "".join(told).replace("\n", " ")


def _safe(text: str) -> str:
    return _MARKS.sub(r"\\\1", text).replace("\n", " ")

"""A document as one self-contained HTML file: no script, nothing outside, a line for each piece, every figure marked."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby

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
    Section,
    Table,
    Text,
)  # fmt: skip
from cisim.decision.report.svg import chart, key, scatter

__all__ = ["as_html"]

STYLE = """
@page { size: auto; margin: 14mm }
* { box-sizing: border-box }
body { font: 14px/1.45 system-ui, "Liberation Sans", sans-serif; color: #1c2730; max-width: 860px; margin: 24px auto; padding: 0 16px }
h1 { font-size: 23px; line-height: 1.2; margin: 0 0 8px } h2 { font-size: 16.5px; margin: 22px 0 6px; break-after: avoid }
p { margin: 5px 0 } .lead { font-size: 15.5px; line-height: 1.42; margin: 7px 0; padding-left: 11px; border-left: 3px solid #0072B2 }
.plan { font-weight: 700; margin: 9px 0 0; break-after: avoid } .small, figcaption, .note { color: #35404a; font-size: 12.5px }
ul { margin: 3px 0; padding-left: 18px } figure { margin: 0 0 6px; break-inside: avoid } figure > svg { width: 100%; display: block }
.figures { display: grid; grid-template-columns: 1fr 1fr; gap: 14px 20px; align-items: start }
figcaption b { display: block; color: #1c2730 } svg.key { width: 38px; height: 8px; display: inline-block }
.keys { margin: 0 0 8px; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: 2px 18px }
table { border-collapse: collapse; width: 100%; font-size: 12.5px; margin: 6px 0 } caption { text-align: left; font-weight: 700; padding: 2px 0 }
th, td { text-align: left; padding: 3px 9px 3px 0; border-bottom: 1px solid #d9dee3; vertical-align: top } thead { display: table-header-group }
tr { break-inside: avoid } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
pre { font: 11px/1.4 ui-monospace, monospace; background: #f3f5f7; padding: 6px 8px; white-space: pre-wrap; overflow-wrap: anywhere }
summary { cursor: pointer; color: #35404a; font-size: 12.5px } data { font-variant-numeric: tabular-nums }
@media (max-width: 640px) { .figures { grid-template-columns: 1fr } table { display: block; overflow-x: auto } }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 11px; line-height: 1.36 } .lead { font-size: 12.5px; margin: 5px 0 }
  h1 { font-size: 19px } h2 { font-size: 14px; margin-top: 14px } table { font-size: 10px } .small, figcaption, .note { font-size: 10px }
  details { display: none } }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def as_html(document: Document) -> str:
    """The whole file."""
    lines = [
        "<!doctype html>", '<html lang="en">', "<head>", '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(document.title)}</title>", f"<style>{STYLE}</style>", "</head>", "<body>", "<main>",
        f"<h1>{escape(document.title)}</h1>",
        *(line for block in document.lead for line in _block(block)),
        *(line for section in document.sections for line in _section(section)),
        "</main>", "</body>", "</html>",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield "<section>"
    yield f"<h2>{escape(section.title)}</h2>"
    if any(isinstance(block, Chart) for block in section.blocks):
        yield from _keys(section)
    for drawn, blocks in groupby(section.blocks, lambda block: isinstance(block, Chart | Scatter)):
        lines = (line for block in blocks for line in _block(block))
        yield from ('<div class="figures">', *lines, "</div>") if drawn else lines
    yield "</section>"


def _keys(section: Section) -> Iterator[str]:
    """Which line is which plan, once for all pictures of a section."""
    names: dict[int, str] = {}
    for block in section.blocks:
        if isinstance(block, Chart):
            names |= {course.style: course.name for course in block.courses}
    yield '<ul class="keys">'
    for style, name in sorted(names.items()):
        yield f"<li>{key(style)} {escape(name)}</li>"
    yield "</ul>"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            kind = f' class="{block.kind}"' if block.kind else ""
            yield f"<p{kind}>{_text(block.text)}</p>"
        case Items():
            yield "<ul>"
            yield from (f"<li>{_text(line)}</li>" for line in block.lines)
            yield "</ul>"
        case Table():
            yield from _table(block)
        case Chart() | Scatter():
            yield from _figure(block)
        case Kept():
            yield f"<details><summary>{escape(block.title)}</summary>"
            yield f'<pre data-part="{escape(block.part, quote=True)}">'
            yield from escape(block.text.strip("\n"), quote=False).split("\n")
            yield "</pre>"
            yield "</details>"


def _table(table: Table) -> Iterator[str]:
    kinds = [' class="n"' if at in table.right else "" for at in range(len(table.head))]
    yield "<table>"
    yield f"<caption>{escape(table.name)}</caption>"
    head = "".join(
        f'<th scope="col"{kind}>{escape(name)}</th>' for name, kind in zip(table.head, kinds, strict=True)
    )
    yield f"<thead><tr>{head}</tr></thead>"
    yield "<tbody>"
    for row in table.rows:
        cells = "".join(f"<td{kind}>{_text(cell)}</td>" for cell, kind in zip(row, kinds, strict=True))
        yield f"<tr>{cells}</tr>"
    yield "</tbody>"
    yield "</table>"


def _figure(drawn: Chart | Scatter) -> Iterator[str]:
    yield "<figure>"
    yield from chart(drawn) if isinstance(drawn, Chart) else scatter(drawn)
    yield f"<figcaption><b>{escape(drawn.name)}</b>{escape(drawn.caption)}</figcaption>"
    if isinstance(drawn, Chart):
        yield "<details><summary>In numbers</summary>"
        yield from _table(drawn.table)
        yield "</details>"
    yield "</figure>"


def _text(text: Text | tuple[str | Number, ...]) -> str:
    return "".join(_part(part) for part in text)


def _part(part: str | Number | Bold) -> str:
    if isinstance(part, Number):
        of = escape(part.of, quote=True)
        return f'<data value="{part.value:.9g}" data-of="{of}">{escape(part.text)}</data>'
    if isinstance(part, Bold):
        return f"<strong>{_text(part.parts)}</strong>"
    return escape(part, quote=False)

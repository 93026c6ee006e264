"""Pieces of the printed page as HTML text: tables, lists, numbers with their intervals. All text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from cisim.app.drawing.desk_words import decimals_for, number
from cisim.app.drawing.result_svg import COLOURS, DASHES

__all__ = ["interval", "items", "key", "page", "percent", "percent_interval", "plain", "section", "table"]

NUMBER = ' class="n"'

STYLE = """
@page { size: A4; margin: 13mm 14mm }
* { box-sizing: border-box }
body { font: 13px/1.42 system-ui, sans-serif; color: #1c2730; max-width: 820px; margin: 24px auto; padding: 0 16px }
h1 { font-size: 22px; line-height: 1.2; margin: 0 0 4px } h2 { font-size: 14.5px; margin: 16px 0 5px }
.lead { font-size: 14.5px; margin: 8px 0 } .small { color: #4a5560; font-size: 11.5px } p { margin: 4px 0 }
.plans, .charts { display: grid; gap: 12px } .plans { grid-template-columns: repeat(auto-fit, minmax(230px, 1fr)) }
.charts { grid-template-columns: repeat(3, 1fr) } figure { margin: 0; break-inside: avoid } svg { width: 100%; display: block }
figcaption { font-size: 11.5px; color: #35404a } .plan { border-top: 3px solid; padding-top: 4px; break-inside: avoid }
.plan h3 { margin: 0 0 2px; font-size: 13.5px } ul { margin: 2px 0; padding-left: 17px } svg.key { width: 38px; height: 8px; display: inline-block }
table { border-collapse: collapse; width: 100%; font-size: 12px } tr { break-inside: avoid }
th, td { text-align: left; padding: 2.5px 8px 2.5px 0; border-bottom: 1px solid #d9dee3; vertical-align: top }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
code, pre { font: 11.5px/1.4 ui-monospace, monospace; background: #f3f5f7 } pre { padding: 6px 8px; white-space: pre-wrap; overflow-wrap: anywhere }
.unsure { color: #4a5560 } section { break-inside: auto } h2 { break-after: avoid }
@media (max-width: 640px) { .charts { grid-template-columns: 1fr } }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 11.5px; line-height: 1.34 } h2 { margin-top: 11px }
  table { font-size: 10.8px } details { display: none } .small, figcaption { font-size: 10px } }
"""


def page(title: str, body: str) -> str:
    """A whole file that loads nothing: the policy in it forbids scripts and every outside reference."""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n"
        "</body>\n</html>\n"
    )


def section(heading: str, body: str) -> str:
    """A part of the page; `body` is HTML."""
    return f"<section><h2>{escape(heading)}</h2>{body}</section>"


def items(lines: Iterable[str]) -> str:
    """A list of texts."""
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Sequence[int]) -> str:
    """A table of cells that are HTML already; `numbers`: the columns that are set to the right."""
    kinds = [NUMBER if at in numbers else "" for at in range(len(head))]
    top = "".join(
        f'<th scope="col"{kind}>{escape(name)}</th>' for name, kind in zip(head, kinds, strict=True)
    )
    body = "".join(
        f"<tr>{''.join(f'<td{kind}>{cell}</td>' for cell, kind in zip(row, kinds, strict=True))}</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def key(style: int) -> str:
    """The line of a plan, as the charts draw it."""
    at = style % len(COLOURS)
    dashes = f' stroke-dasharray="{DASHES[at]}"' if DASHES[at] else ""
    return (
        f'<svg class="key" viewBox="0 0 38 8" aria-hidden="true"><path d="M0 4H38" stroke="{COLOURS[at]}" '
        f'stroke-width="3"{dashes}/></svg>'
    )


def interval(value: Any, low: Any, high: Any, *, sign: bool = False) -> str:
    """A number with the ends of its interval; words where there is none, so that no number stands alone."""
    if value is None or low is None or high is None:
        return "too few worlds"
    decimals = decimals_for(low, high, value)
    first = number(value, decimals)
    if sign and value > 0:
        first = f"+{first}"
    return f"{first} ({number(low, decimals)} to {number(high, decimals)})"


def plain(value: float | None, decimals: int) -> str:
    """A number, or a dash."""
    return "–" if value is None else number(value, decimals)


def percent(share: float | None) -> str:
    """A share in percent, or a dash."""
    return "–" if share is None else f"{100 * share:.0f} %"


def percent_interval(value: float | None, low: float | None, high: float | None) -> str:
    """A share with the ends of its interval."""
    if value is None or low is None or high is None:
        return "cannot be told"
    return f"{percent(value)} ({percent(low)} to {percent(high)})"

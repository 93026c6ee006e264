"""The page of evidence: every pattern with its figures, its verdict, a picture and a reason where it fails."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cisim.evidence.pattern import Estimate, Pattern
from cisim.evidence.pictures import picture
from cisim.evidence.validation import Verdict, as_rows
from cisim.theory.sources import SOURCES
from cisim.world.disk import make_folder, write_whole

__all__ = ["PAGE", "PICTURES", "TABLE", "text_of_page", "write_page"]

PAGE, TABLE, PICTURES = "evidence.md", "evidence.csv", "images/evidence"
_TOLD = {"holds": "holds", "fails": "**fails**", "undecided": "undecided"}
_HEAD = """# Evidence

What is known of real coalitions, and whether the model shows it. This page is written by
`cisim validate --page docs`; do not edit it. A pattern holds if every figure of it lies inside its band with its
whole 95 % interval (400 resamples of replicates). "Seen" is the same figure in real data, where there is one. A band
whose basis is *assumption* is our own reading of words such as "about", "high" or "few".

The Cochrane review of 58 coalition studies says that the evidence does not explain mechanisms: these patterns rule
out what cannot be, and do not prove what is. See [limits](limits.md) and [how well ties are forecast](forecast.md).
"""


def text_of_page(verdicts: Sequence[Verdict], worlds: str) -> str:
    """The page as Markdown; worlds: with which parameters it was run."""
    counts = {status: [v for v in verdicts if v.status == status] for status in _TOLD}
    told = ", ".join(
        f"{len(found)} {_counted(status, len(found))}" for status, found in counts.items() if found
    )
    lines = [_HEAD, f"Run with {worlds}: of {len(verdicts)} patterns {told}.\n"]
    lines += ["| # | pattern | verdict |", "|---|---|---|"]
    lines += [f"| {v.pattern.number} | {v.pattern.says} | {_TOLD[v.status]} |" for v in verdicts]
    for verdict in verdicts:
        lines += _section(verdict)
    return "\n".join(lines) + "\n"


def write_page(verdicts: Sequence[Verdict], folder: Path, worlds: str) -> None:
    """Write the page, its table and its pictures to a folder. Raises StoreError if that is impossible."""
    pictures = make_folder(folder / PICTURES)
    for verdict in verdicts:
        drawn = io.BytesIO()
        picture(verdict).savefig(drawn, dpi=110, format="png")
        write_whole(pictures / _file_of(verdict.pattern), drawn.getvalue())
    write_whole(folder / TABLE, _csv(as_rows(verdicts)).encode())
    write_whole(folder / PAGE, text_of_page(verdicts, worlds).encode())


def _section(verdict: Verdict) -> list[str]:
    pattern = verdict.pattern
    lines = [
        "",
        f"## {pattern.number}. {pattern.says}",
        "",
        f"![{pattern.name}]({PICTURES}/{_file_of(pattern)})",
        "",
    ]
    lines += [
        "| figure | model | 95 % interval | must be | basis | seen | replicates | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [_line(found) for found in verdict.estimates]
    cited = "; ".join(
        f"{SOURCES[key].authors} {SOURCES[key].year}" if key in SOURCES else key for key in pattern.sources
    )
    lines += ["", f"Source: {cited}."]
    lines += ["", f"Reading (*assumption*): {pattern.reading}"] if pattern.reading else []
    lines += ["", f"Why it fails: {pattern.reason}"] if pattern.reason and verdict.status != "holds" else []
    return lines


def _line(found: Estimate) -> str:
    figure = found.figure
    seen = "" if figure.seen is None else f"{figure.seen:.3g}"
    return (
        f"| {figure.says} | {found.value:.3f} {figure.unit} | {found.low:.3f} to {found.high:.3f} | {figure.band} "
        f"| {figure.band.basis} | {seen} | {found.replicates} | {_TOLD[found.status]} |"
    )


def _counted(status: str, count: int) -> str:
    """The verdict as a verb for so many patterns."""
    return status if count == 1 or status == "undecided" else status.removesuffix("s")


def _file_of(pattern: Pattern) -> str:
    return f"{pattern.number:02d}-{pattern.name.replace(' ', '-')}.png"


def _csv(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()

"""The page of evidence: every pattern with its figures, its verdict, a picture and a reason where it fails."""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cisim.evidence.pattern import Estimate, Pattern
from cisim.evidence.pictures import picture
from cisim.evidence.predictive import GROUP, MOST, Predictive, fitted_to, shown_by, thinned
from cisim.evidence.validation import Verdict, as_rows
from cisim.evidence.words import Evidence, how_chosen, in_one_sentence
from cisim.theory.sources import SOURCES
from cisim.world.disk import make_folder, write_whole
from cisim.world.posterior import Posterior, is_name

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
_READING = """
The green area is what is known, or what we take for known. The black dot is what the model gives with {run_with}, its
bar the 95 % interval. A small circle is one of {draws} plausible settings of numbers that nobody has measured, filled
where it fits and open where it does not; a triangle lies beyond the axis. The blue line holds 8 in 10 of the circles.
Where many circles are open, the pattern holds for certain values of those numbers only, and nobody knows whether they
are the right ones. The verdict is that of the black dot.

The settings are {draws} of the {posterior}{distinct} ([calibration](calibration.md)); every other parameter keeps its default.
Each has a group of coalitions of its own: {group}, or up to {most} where chance makes much of the spread. So a share of
coalitions is told in steps of one in {most} at best, and a rare success can be missed. What chance still adds is told by resamples within groups and taken out: circles are moved towards their mean by as much. Where
settings do not differ beyond chance, all circles stand in one place.
"""
_COLUMNS = (
    "figure", "must be", "basis", "seen", "{mark} (95 % interval)", "settings: middle (8 in 10)", "settings inside",
    "chance taken out", "",
)  # fmt: skip
_WIDTH = 120


def text_of_page(evidence: Evidence) -> str:
    """The page as Markdown."""
    verdicts = evidence.verdicts
    counts = {status: [v for v in verdicts if v.status == status] for status in _TOLD}
    told = ", ".join(
        f"{len(found)} {_counted(status, len(found))}" for status, found in counts.items() if found
    )
    lines = [_HEAD, f"Run with {evidence.worlds.run_with}: of {len(verdicts)} patterns {told}.\n"]
    lines += [f"| # | pattern | {evidence.worlds.others} that show it | verdict |", "|---|---|---|---|"]
    lines += [_overview(verdict, evidence.predicted[verdict.pattern.number]) for verdict in verdicts]
    lines += [_reading(evidence)] if verdicts else []
    for verdict in verdicts:
        lines += _section(verdict, evidence)
    return "\n".join(lines) + "\n"


def write_page(evidence: Evidence, folder: Path) -> None:
    """Write the page, its table and its pictures to a folder. Raises StoreError if that is impossible."""
    pictures = make_folder(folder / PICTURES)
    fitted = fitted_to(evidence.posterior)
    for verdict in evidence.verdicts:
        number = verdict.pattern.number
        drawn = io.BytesIO()
        canvas = picture(verdict, evidence.predicted[number], evidence.worlds, how_chosen(number, fitted))
        canvas.savefig(drawn, dpi=110, format="png")
        write_whole(pictures / _file_of(verdict.pattern), drawn.getvalue())
    write_whole(folder / TABLE, _csv(as_rows(evidence.verdicts, evidence.predicted)).encode())
    write_whole(folder / PAGE, text_of_page(evidence).encode())


def _overview(verdict: Verdict, predicted: Sequence[Predictive]) -> str:
    shown = f"{shown_by(predicted)} of {len(predicted[0].values)}"
    return f"| {verdict.pattern.number} | {verdict.pattern.says} | {shown} | {_TOLD[verdict.status]} |"


def _reading(evidence: Evidence) -> str:
    draws = len(next(iter(evidence.predicted.values()))[0].values)
    told = _READING.format(
        run_with=evidence.worlds.run_with, draws=draws, posterior=_source_of(evidence.posterior),
        distinct=_distinct(evidence.posterior, draws), group=GROUP, most=MOST,
    )  # fmt: skip
    paragraphs = (textwrap.fill(paragraph.strip(), _WIDTH) for paragraph in told.split("\n\n"))
    return "\n\n".join(["\n## How to read the pictures", *paragraphs])


def _source_of(posterior: Posterior) -> str:
    """How many draws there are to choose from, and whose they are."""
    told, name = posterior.in_words(), posterior.origin
    return f"{told.removesuffix(f' from {name}')} of the {name} posterior" if is_name(name) else told


def _distinct(posterior: Posterior, draws: int) -> str:
    """In brackets, how many of the chosen draws differ; nothing if all do."""
    count = len(np.unique(thinned(posterior, draws).rows, axis=0))
    return "" if count == draws else f" ({count} distinct; some draws come more than once)"


def _section(verdict: Verdict, evidence: Evidence) -> list[str]:
    pattern, predicted = verdict.pattern, evidence.predicted[verdict.pattern.number]
    sentence = in_one_sentence(verdict, predicted, evidence.worlds)
    chosen = how_chosen(pattern.number, fitted_to(evidence.posterior))
    columns = " | ".join(_COLUMNS).format(mark=evidence.worlds.mark)
    lines = [
        "",
        f"## {pattern.number}. {pattern.says}",
        "",
        f"![{sentence}]({PICTURES}/{_file_of(pattern)})",
        "",
        " ".join(filter(None, [sentence, chosen, _runs(verdict, predicted)])),
        "",
        f"| {columns} |",
        "|---" * len(_COLUMNS) + "|",
    ]
    lines += [_line(*both) for both in zip(verdict.estimates, predicted, strict=True)]
    cited = "; ".join(
        f"{SOURCES[key].authors} {SOURCES[key].year}" if key in SOURCES else key for key in pattern.sources
    )
    lines += ["", f"Source: {cited}."]
    lines += ["", f"Reading (*assumption*): {pattern.reading}"] if pattern.reading else []
    lines += ["", f"Why it fails: {pattern.reason}"] if pattern.reason and verdict.status != "holds" else []
    return lines


def _runs(verdict: Verdict, predicted: Sequence[Predictive]) -> str:
    runs = verdict.estimates[0].replicates
    return (
        f"Runs: {runs} coalitions, and {predicted[0].replicates} for each of the {len(predicted[0].values)}."
    )


def _line(found: Estimate, beside: Predictive) -> str:
    figure = found.figure
    seen = "" if figure.seen is None else f"{figure.seen:.3g}"
    low, middle, high = beside.spread
    unit = f" {figure.unit}" if figure.unit else ""
    return (
        f"| {figure.says} | {figure.band} | {figure.band.basis} | {seen} "
        f"| {found.value:.3f}{unit} ({found.low:.3f} to {found.high:.3f}) | {middle:.3f} ({low:.3f} to {high:.3f}) "
        f"| {_percent(beside.inside.mean())} | {_percent(beside.chance)} | {_TOLD[found.status]} |"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


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

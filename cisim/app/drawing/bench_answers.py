"""What the questions answer of a study, as sentences and tables; where one does not fit the design, why not."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.app.drawing.bench_studies import StudyEntry, open_study
from cisim.app.pictures import BenchPicture, Table
from cisim.errors import CisimError

if TYPE_CHECKING:
    import polars as pl

    from cisim.insight.answer import Answer
    from cisim.study.kept.results import Results

__all__ = ["Answers", "answers", "fresh_of", "with_answers"]

MOST_ROWS = 40
LESS_IS_BETTER = ("severity", "cost_", "months_to", "exits", "fragmentation", "agenda_error", "low_trust")

WORDS = {
    r"\bare not distinguishable from independent": "show no sign that they need or replace each other",
    r"\bnot distinguishable from independent": "with no sign that they need or replace each other",
    r"\b(\d+) complements\b": r"\1 that need each other",
    r"\b(\d+) substitutes\b": r"\1 that replace each other",
}
"""Terms of `cisim.insight.attribution`, and what they say here; in this order."""
HEADS = {
    "player": "condition",
    "shapley": "average part",
    "share": "share of the whole",
    "alone": "gain alone",
    "removed": "loss if taken away",
}
"""Columns of what each condition brings, as experiments/five_conditions/README.md calls them."""


@dataclass(frozen=True)
class Answers:
    """The tables that have an answer, and of each question its sentences."""

    sensitivity: Table | None
    attribution: Table | None
    boxes: Table | None
    told: tuple[dict[str, Any], ...]


def answers(results: Results, outcome: str, fresh: Results | None = None) -> Answers:
    """Summary, sensitivity, attribution and boxes of one number kept. It takes seconds for a large study."""
    from cisim.insight import questions

    where, happens = _where(results, outcome)
    asked: dict[str, tuple[str, str, Callable[[], Answer]]] = {
        "sensitivity": (
            "What it depends on", "sensitivity", lambda: questions.sensitivity(results, outcome),
        ),
        "attribution": (
            "What each condition brings", "attribution", lambda: questions.attribution(results, outcome),
        ),
        "boxes": (
            f"Where {where}", "box",
            lambda: questions.discover(results, outcome, happens, where, fresh),
        ),
    }  # fmt: skip
    tables: dict[str, Table | None] = {}
    told = []
    for name, (title, shown, ask) in asked.items():
        tables[name], lines, answered = _asked(ask, title, shown)
        told.append({"question": name, "title": title, "lines": lines, "answered": answered})
    return Answers(tables["sensitivity"], tables["attribution"], tables["boxes"], tuple(told))


def with_answers(picture: BenchPicture, found: Answers) -> BenchPicture:
    """The picture with its answers."""
    told: BenchPicture = {
        **picture, "settled": True, "sensitivity": found.sensitivity, "attribution": found.attribution,
        "boxes": found.boxes, "answers": list(found.told),
    }  # fmt: skip
    return told


def fresh_of(folder: Any, entry: str, studies: list[StudyEntry]) -> Results | None:
    """The same study at fresh points, run with --fresh into the same store, if it is there."""
    name = f"{entry}-fresh"
    return open_study(folder, name) if any(one.folder == name for one in studies) else None


def _asked(ask: Callable[[], Answer], title: str, shown: str) -> tuple[Table | None, list[str], bool]:
    try:
        answer = ask()
    except CisimError as error:
        faults = getattr(error, "faults", None) or (str(error),)
        return None, [f"{fault[:1].upper()}{fault[1:]}" for fault in map(str, faults)], False
    return _table(answer.tables[shown], title), [_plain(line) for line in answer.sentences], True


def _plain(sentence: str) -> str:
    """What conditions do to each other, in the words of a room."""
    for term, words in WORDS.items():
        sentence = re.sub(term, words, sentence)
    return sentence


def _where(results: Results, outcome: str) -> tuple[str, Callable[[pl.Expr], pl.Expr]]:
    """What is worth finding: the target reached, or the best quarter of all runs."""
    measure, _, month = outcome.partition("@")
    words = f"{measure.replace('_', ' ')} in month {month}" if month else outcome.replace("_", " ")
    if measure == "severity":
        target = results.study.base.issue.target
        return f"{words} is at most {target:g} (the target)", lambda value: value <= target
    values = results.array(outcome)
    known = values[np.isfinite(values)]
    if measure.startswith(LESS_IS_BETTER):
        low = float(f"{np.quantile(known, 0.25):.3g}") if len(known) else 0.0
        return f"{words} is at most {low:g} (the lowest quarter)", lambda value: value <= low
    high = float(f"{np.quantile(known, 0.75):.3g}") if len(known) else 0.0
    return f"{words} is at least {high:g} (the highest quarter)", lambda value: value >= high


def _table(frame: pl.DataFrame, caption: str) -> Table | None:
    """The rows of the last month; a number and the ends of its interval stand in one cell."""
    import polars as pl

    if "month" in frame.columns:
        last = frame.filter(pl.col("month").is_null() | (pl.col("month") == pl.col("month").max()))
        frame = last.drop("month")
    frame = _largest_first(frame)
    if "player" in frame.columns:  # its average part once: as a share, or as it is where there are no shares
        known = not frame["share"].is_nan().all()
        frame = frame.drop(
            [name for name in frame.columns if name.startswith("shapley" if known else "share")]
        )
    frame = frame.select(name for name in frame.columns if frame[name].null_count() < len(frame))
    if not len(frame) or not frame.columns:
        return None
    ends = {name: _ends(name, frame.columns) for name in frame.columns}
    inside = {end for pair in ends.values() for end in pair}
    shown = [name for name in frame.columns if name not in inside]
    rows = [
        [_cell(row[name], *(row[end] for end in ends[name])) for name in shown]
        for row in frame.head(MOST_ROWS).iter_rows(named=True)
    ]
    return Table(
        caption=caption, columns=[HEADS.get(name, name.replace("_", " ")) for name in shown], rows=rows
    )


def _largest_first(frame: pl.DataFrame) -> pl.DataFrame:
    """What matters most stands first; what is chance stands last."""
    import polars as pl

    size = next((name for name in ("total", "mu_star", "shapley") if name in frame.columns), None)
    if size is None:
        return frame
    kind = [pl.col("kind") != "factor"] if "kind" in frame.columns else []
    return frame.sort(*kind, -pl.col(size), nulls_last=True)


def _ends(name: str, columns: list[str]) -> tuple[str, ...]:
    """The columns with the ends of a column's interval."""
    pair = (f"{name}_low", f"{name}_high")
    return pair if all(end in columns for end in pair) else ()


def _cell(value: Any, low: Any = None, high: Any = None) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        told = f"{value:.3g}"
        return told if low is None or high is None else f"{told} ({low:.3g} to {high:.3g})"
    if isinstance(value, (list, tuple)):
        return " or ".join(map(str, value))
    return value

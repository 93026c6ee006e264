"""The one-screen summary of an import, in aligned lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from cisim.world.survey.coalition import ImportedCoalition
from cisim.world.survey.summary import LEVELS, Answers, Spread, Summary

__all__ = ["summary_text"]

WIDTH = 100
LABEL = 16


def summary_text(imported: ImportedCoalition) -> str:
    """Partners, density and centralization by level of contact, trust, what was missing and filled."""
    summary = imported.summary
    lines = [imported.scenario.title, *_figures(summary), "Notes"]
    for note in imported.notes:
        lines += textwrap.wrap(note, WIDTH, initial_indent="  - ", subsequent_indent="    ")
    return "\n".join(lines)


def _figures(summary: Summary) -> Iterator[str]:
    marked = f"{summary.backbone} is the backbone" if summary.backbone else "no backbone"
    yield _line("organizations", f"{summary.organizations} ({marked})")
    yield _line("contact", "".join(f"{level:>10}" for level in LEVELS))
    yield _line("  density", _row(list(summary.density.values())))
    yield _line("  centralization", _row(list(summary.centralization.values())))
    yield _line("reports", _reports(summary))
    yield _line("collaboration", _joint_work(summary))
    yield _line("trust in others", _trust(summary.trust, "organizations"))
    yield _line("trust in ties", _trust(summary.tie_trust, "reports"))
    yield _line("answers", _answers("contact", summary.contact))
    if summary.collaboration.asked:
        yield _line("", _answers("collaboration", summary.collaboration))
    if summary.silent:
        yield _line(
            "no answer from", textwrap.shorten(", ".join(summary.silent), WIDTH - LABEL - 2, placeholder=" …")
        )


def _line(label: str, text: str) -> str:
    return f"  {label:<{LABEL}}{text}".rstrip()


def _row(values: Sequence[float | None]) -> str:
    return "".join(f"{_figure(value):>10}" for value in values)


def _figure(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _reports(summary: Summary) -> str:
    if not summary.directed:
        told = (
            f"; two rows contradict each other on {summary.contradictions} pairs"
            if summary.contradictions
            else ""
        )
        return f"undirected: a row is what is so of the pair{told}"
    return (
        f"directed: density {_figure(summary.reports_density)}, "
        f"reciprocity {_figure(summary.reciprocity, 2)}, "
        f"mutual ties told alike {_figure(summary.agreement, 2)}"
    )


def _joint_work(summary: Summary) -> str:
    if not summary.collaboration.asked:
        return "not asked"
    levels = ", ".join(f"{name} {count}" for name, count in summary.levels.items())
    return f"{levels} pairs; Spearman with contact {_figure(summary.spearman, 2)}"


def _trust(spread: Spread, whose: str) -> str:
    if not spread.asked:
        return "not asked"
    figures = f"mean {_figure(spread.mean, 2)}, SD {_figure(spread.sd, 2)} (0 to 1); "
    return f"{figures}{spread.answered} of {spread.asked} {whose} answered"


def _answers(what: str, answers: Answers) -> str:
    left = f", {answers.left} left to the model" if answers.left else ""
    return f"{what}: {answers.answered} of {answers.asked} pairs answered, {answers.filled} filled{left}"

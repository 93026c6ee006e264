"""A report of a question: the same question and code give the same text, letter by letter."""

from __future__ import annotations

from typing import Literal

from cisim.decision.report.answer import lead, title_of
from cisim.decision.report.buying import buying
from cisim.decision.report.changing import changing
from cisim.decision.report.document import Document, Paragraph, Section
from cisim.decision.report.findings import Findings, Progress, find
from cisim.decision.report.grounds import assumed, evidence, limits, plans, question, sources
from cisim.decision.report.html import as_html
from cisim.decision.report.keys import body_of, kept, run_key
from cisim.decision.report.markdown import as_markdown
from cisim.decision.report.outcomes import differences, outcomes, pictures
from cisim.decision.report.question import Question

__all__ = ["Form", "document_of", "make_report", "text_of_findings"]

Form = Literal["html", "md"]


def make_report(
    asked: Question, form: Form = "html", *, threads: int | None = None, progress: Progress | None = None
) -> str:
    """Run what a question asks and tell it. Raises SpecError, or RunError for a run that is not finite."""
    return text_of_findings(find(asked, threads=threads, progress=progress), form)


def text_of_findings(found: Findings, form: Form = "html") -> str:
    """The report of runs that were made, as text."""
    write = as_html if form == "html" else as_markdown
    bare = write(document_of(found))
    return write(document_of(found, body_of(bare)))


def document_of(found: Findings, body: str = "") -> Document:
    """The report apart from its form; body: the fingerprint of its text without keys."""
    sections = (
        question(found), plans(found), pictures(found), outcomes(found), differences(found), *buying(found), changing(found),
        evidence(found), assumed(found), limits(), sources(found), _keys(found, body),
    )  # fmt: skip
    return Document(title_of(found), lead(found), sections)


def _keys(found: Findings, body: str) -> Section:
    words = (
        "Every figure above follows from the texts below and the code that they name. `cisim verify FILE` runs it all again "
        f"and compares every figure, every point of every picture and every word. Run key {run_key(found.question)}; seed "
        f"{found.question.seed}, {found.question.replicates:,} worlds; world r is replicate r of that seed, the same under "
        "each plan."
    )
    return Section("How to check every number", (Paragraph((words,)), *kept(found.question, body)))

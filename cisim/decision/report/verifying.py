"""Whether a report is what its keys give: every run is made again, and every figure, picture and word is compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from cisim.decision.report.altered import Alteration, alterations, marks
from cisim.decision.report.findings import Progress
from cisim.decision.report.keys import altered_parts, body_of, body_told, code_of, keys_of, without_keys
from cisim.decision.report.making import Form, make_report
from cisim.decision.report.origin import PARTS, differing, other_libraries
from cisim.decision.report.question import Question
from cisim.errors import SpecError

__all__ = ["Status", "Verdict", "form_of", "verify"]

Status = Literal["unaltered", "words changed", "altered", "other version"]
Remake = Callable[[Question, Form], str]


@dataclass(frozen=True)
class Verdict:
    """What a check found. figures: how many marked figures were recomputed; lines: pieces that were compared.

    parts: of the code, where another version made the report. edited: whether the text is another than the one made;
    equal: of another version, how many marked figures come out the same here. libraries: versions that differ.
    """

    status: Status
    alterations: tuple[Alteration, ...] = ()
    figures: int = 0
    lines: int = 0
    parts: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    edited: bool = False
    equal: int = 0
    unread: str = ""

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was found, in words."""
        return tuple(_told(self))


def verify(
    text: str, *, threads: int | None = None, progress: Progress | None = None, remake: Remake | None = None
) -> Verdict:
    """Check the text of a report. remake: makes a report anew, in place of running (for tests and for caches).

    Keys that do not match their fingerprints are told without a run, since no figure follows from them. Raises
    SpecError for a text that is no report.
    """
    make = remake or (lambda asked, form: make_report(asked, form, threads=threads, progress=progress))
    keys = keys_of(text)
    if parts := _broken(text, keys):
        return Verdict("altered", tuple(_part(part) for part in parts))
    told = code_of(keys)
    other = differing(told)
    edited = body_of(text) != body_told(keys)
    libraries = other_libraries(told)
    try:
        expected = make(Question.of_parts(keys), form_of(text))
    except SpecError as error:
        if not other:
            raise
        return Verdict("other version", parts=other, libraries=libraries, edited=edited, unread=str(error))
    if other:
        figures = {mark.of: mark for mark in marks(expected)}
        given = {mark.of: mark for mark in marks(text)}
        equal = sum(given.get(of) == mark for of, mark in figures.items())
        return Verdict(
            "other version", figures=len(given), parts=other, libraries=libraries, edited=edited, equal=equal
        )
    found = tuple(alterations(without_keys(expected), without_keys(text)))
    if edited and not found:
        found = (Alteration("key", "the text", body_told(keys), body_of(text)),)
    return Verdict(
        _status(found),
        found,
        len(marks(expected)),
        len(expected.splitlines()),
        libraries=libraries,
        edited=edited,
    )


def form_of(text: str) -> Form:
    """Whether a report is HTML or Markdown."""
    return "html" if text.lstrip().lower().startswith("<!doctype html") else "md"


def _status(found: tuple[Alteration, ...]) -> Status:
    if not found:
        return "unaltered"
    return "words changed" if all(each.kind == "words" for each in found) else "altered"


def _broken(text: str, keys: dict[str, str]) -> list[str]:
    try:
        return altered_parts(text, keys)
    except SpecError:
        return ["key"]


def _part(part: str) -> Alteration:
    where = part if part in ("key", "run key") else f"the embedded text “{part}”"
    return Alteration("key", where, "", "")


def _told(verdict: Verdict) -> list[str]:
    if verdict.status == "unaltered":
        what = f"{verdict.figures:,} marked figures" if verdict.figures else "every number"
        return [f"Unaltered: {what} and all {verdict.lines:,} lines are what the keys give."]
    if verdict.status == "other version":
        return _of_other_version(verdict)
    numbers = [each for each in verdict.alterations if each.kind != "words"]
    words = [each for each in verdict.alterations if each.kind == "words"]
    lines = (
        [f"Altered: {len(numbers)} numbers, points or marks are not what the keys give."] if numbers else []
    )
    lines += [f"  {each.kind}: {each}" for each in numbers]
    if words:
        lines.append(
            "Words changed: the text is not the one that was made"
            + ("." if numbers else "; every number and picture is what the keys give.")
        )
        lines += [f"  {each}" for each in words]
    return lines + _of_libraries(verdict)


def _of_other_version(verdict: Verdict) -> list[str]:
    lines = ["Made by another version of the code, so it cannot be verified here. These parts differ:"]
    lines += [f"  {part}: {PARTS[part]}" for part in verdict.parts]
    lines.append(
        "The text has been changed since it was made." if verdict.edited
        else "The text matches the fingerprint that was made with it."
    )  # fmt: skip
    if verdict.unread:
        lines.append(f"This version cannot make it again: {verdict.unread}")
    elif verdict.figures:
        lines.append(f"This version gives {verdict.equal:,} of its {verdict.figures:,} marked figures alike.")
    return lines + _of_libraries(verdict)


def _of_libraries(verdict: Verdict) -> list[str]:
    if not verdict.libraries:
        return []
    return [f"Made with {', '.join(verdict.libraries)}; other libraries can move last digits."]

"""A document apart from its form: sections of paragraphs, lists, tables, pictures and texts to keep.

A number that runs gave is a `Number`: it says what it is of, so that whoever checks the document can find it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Block", "Bold", "Chart", "Course", "Document", "Items", "Kept", "Number", "Paragraph", "Point",
           "Scatter", "Section", "Table", "Text", "flat"]  # fmt: skip


@dataclass(frozen=True)
class Number:
    """A figure: what it is of (unique in a document), its value, and how it is shown."""

    of: str
    value: float
    text: str


@dataclass(frozen=True)
class Bold:
    """What is set in bold."""

    parts: tuple[str | Number, ...]


Text = tuple[str | Number | Bold, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; kind "lead" for the lines on top, "small" for notes."""

    text: Text
    kind: str = ""


@dataclass(frozen=True)
class Items:
    """A list."""

    lines: tuple[Text, ...]


@dataclass(frozen=True)
class Table:
    """A table; `right`: the columns that are set to the right. name: in words, for a reader who does not see it."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    right: tuple[int, ...] = ()


@dataclass(frozen=True)
class Course:
    """A line over months with the ends of its band; style: colour and dashes."""

    name: str
    middle: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    style: int


@dataclass(frozen=True)
class Chart:
    """Courses over months on one axis, and the same in numbers, year by year.

    level: a horizontal line with a word; month: marked by a vertical one. Values are drawn in percent.
    """

    name: str
    caption: str
    courses: tuple[Course, ...]
    limits: tuple[float, float]
    month: int
    table: Table
    level: tuple[float, str] | None = None


@dataclass(frozen=True)
class Point:
    """A plan in two figures, each with the ends of its interval: (low, value, high)."""

    name: str
    across: tuple[float, float, float]
    up: tuple[float, float, float]
    style: int


@dataclass(frozen=True)
class Scatter:
    """Plans as crosses: the figure across, the figure up (in percent)."""

    name: str
    caption: str
    points: tuple[Point, ...]
    across: str
    up: str


@dataclass(frozen=True)
class Kept:
    """A text that is kept in the document word for word, such as a scenario; part: its key."""

    part: str
    title: str
    text: str


Block = Paragraph | Items | Table | Chart | Scatter | Kept


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A title, the lines on top, and sections."""

    title: str
    lead: tuple[Paragraph, ...]
    sections: tuple[Section, ...]


def flat(text: Text) -> str:
    """The words and figures of a text without their form."""
    told = []
    for part in text:
        if isinstance(part, Bold):
            told.append(flat(part.parts))
        else:
            told.append(part.text if isinstance(part, Number) else part)
    return "".join(told)

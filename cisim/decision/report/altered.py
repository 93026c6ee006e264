"""Where a report differs from what it should be: numbers, pictures, layout and words, each named.

Both texts have a line for each piece, so lines are matched first and then compared figure by figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape
from typing import Literal, NamedTuple

__all__ = ["Alteration", "Kind", "alterations", "marks"]

Kind = Literal["key", "number", "picture", "layout", "words"]
_MARK = re.compile(r'<data value="([^"]*)" data-of="([^"]*)">([^<]*)</data>')
_NUMBER = re.compile(r"[+−-]?\d[\d.,]*")
_OF = re.compile(r'data-of="([^"]*)"')
_TAG = re.compile(r"<[^>]*>")
_HEADING = re.compile(r"^(?:<h[12]>(?P<html>.*)</h[12]>|#{1,2} (?P<md>.*))$")
_DRAWN = ("<svg", "<path", "<text", "<polygon", "<polyline", "<g ", "<circle", "</svg")
LONGEST = 90


@dataclass(frozen=True)
class Alteration:
    """One thing that differs: what kind, where, what the report shows, what it should show."""

    kind: Kind
    where: str
    shown: str
    expected: str

    def __str__(self) -> str:
        if self.kind == "key":
            return f"{self.where} does not match its fingerprint"
        return f"{self.where}: shows {_short(self.shown)}, recomputed {_short(self.expected)}"


class Mark(NamedTuple):
    """A figure as it stands in a report: value and text, of what."""

    of: str
    value: str
    text: str


def marks(text: str) -> list[Mark]:
    """Every marked figure of an HTML report, in order."""
    return [Mark(unescape(of), value, unescape(shown)) for value, of, shown in _MARK.findall(text)]


def alterations(expected: str, given: str) -> list[Alteration]:
    """All that differs in `given`, in the order of `expected`; empty where both are the same."""
    should, stands = expected.splitlines(), given.splitlines()
    places = _places(should)
    found: list[Alteration] = []
    for kind, a, b, c, d in SequenceMatcher(None, should, stands, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        whole = min(b - a, d - c)
        for at in range(whole):
            found += _line(should[a + at], stands[c + at], places[a + at])
        found += [_gone(should[at], places[at]) for at in range(a + whole, b)]
        found += [_added(stands[at], places[min(a, len(places) - 1)]) for at in range(c + whole, d)]
    return found


def _places(lines: list[str]) -> list[str]:
    """Where each line stands: under which heading, or in which picture."""
    places, heading, picture = [], "the beginning", ""
    for line in lines:
        if match := _HEADING.match(line):
            heading = _words(match["html"] or match["md"] or "")
        if line.startswith("<svg") and (of := _OF.search(line)):
            picture = unescape(of[1])
        places.append(picture or heading)
        if line.startswith("</svg"):
            picture = ""
    return places


def _line(should: str, stands: str, place: str) -> Iterator[Alteration]:
    """What differs between two lines that stand in one place."""
    if should.startswith(_DRAWN):
        of = _OF.search(should)
        yield Alteration("picture", unescape(of[1]) if of else place, *_around(stands, should))
        return
    first, second = marks(should), marks(stands)
    if len(first) == len(second):
        yield from (_mark(*pair) for pair in zip(first, second, strict=True) if pair[0] != pair[1])
    elif first or second:
        yield Alteration("number", place, f"{len(second)} marked figures", f"{len(first)} marked figures")
    yield from _rest(_MARK.sub("\0", should), _MARK.sub("\0", stands), place)


def _mark(should: Mark, stands: Mark) -> Alteration:
    if should.of != stands.of:
        return Alteration("number", should.of, f"the name “{stands.of}”", f"the name “{should.of}”")
    if should.text != stands.text:
        return Alteration("number", should.of, stands.text, should.text)
    return Alteration("number", f"{should.of} (value in the mark)", stands.value, should.value)


def _rest(should: str, stands: str, place: str) -> Iterator[Alteration]:
    """What differs apart from marked figures: numbers, then words, then the form."""
    if should == stands:
        return
    words, said = _words(should), _words(stands)
    if words == said:
        yield Alteration("layout", place, *_around(stands, should))
        return
    if _NUMBER.findall(words) != _NUMBER.findall(said):
        yield Alteration("number", place, *_around(said, words))
    if _NUMBER.sub("0", words) != _NUMBER.sub("0", said):
        yield Alteration("words", place, *_around(said, words))


def _gone(should: str, place: str) -> Alteration:
    words = _words(should)
    kind: Kind = "picture" if should.startswith(_DRAWN) else _kind(words)
    return Alteration(kind, place, "nothing", words or should)


def _added(stands: str, place: str) -> Alteration:
    words = _words(stands)
    return Alteration(_kind(words), place, words or stands, "nothing here")


def _kind(words: str) -> Kind:
    if _NUMBER.search(words):
        return "number"
    return "words" if words.strip() else "layout"


def _words(line: str) -> str:
    return unescape(_TAG.sub("", line)).replace("\0", "…")


def _around(stands: str, should: str) -> tuple[str, str]:
    """The parts of two texts around their first difference."""
    at = next(
        (place for place, (a, b) in enumerate(zip(stands, should, strict=False)) if a != b),
        min(len(stands), len(should)),
    )
    start = max(0, at - LONGEST // 2)
    lead = "… " if start else ""
    return tuple(f"“{lead}{_short(text[start:])}”" for text in (stands, should))  # type: ignore[return-value]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 2]} …"

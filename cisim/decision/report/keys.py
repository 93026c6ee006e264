"""The keys of a report: texts from which its numbers follow, each with a fingerprint, kept in the report and read back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

from cisim.decision.report.document import Kept
from cisim.decision.report.origin import made_by
from cisim.decision.report.question import Question, digest_of
from cisim.errors import SpecError
from cisim.world.toml import dump, parse

__all__ = [
    "BODY",
    "KEY",
    "altered_parts",
    "body_of",
    "body_told",
    "code_of",
    "kept",
    "keys_of",
    "run_key",
    "run_key_of",
    "without_keys",
]  # fmt: skip

KEY = "key"
"""The part that tells which code made the report, and the fingerprint of every other part."""
BODY = "text"
"""The name of the fingerprint of all that is no key."""
_HTML = re.compile(
    r'^<pre data-part="(?P<part>[^"\n]*)">\n(?P<text>.*?)\n?^</pre>$', re.MULTILINE | re.DOTALL
)
_MARKDOWN = re.compile(r"^~~~toml part=(?P<part>\S+)\n(?P<text>.*?)\n?^~~~$", re.MULTILINE | re.DOTALL)
RUN_KEY = re.compile(r"Run key ([0-9a-zA-Z]{16})\b")
_TITLES = {
    "question": "The question", "world": "The world, as a scenario file", "prices": "The prices",
    "search": "What the search found",
    KEY: "Fingerprints, and the code that made this report",
}  # fmt: skip


def kept(question: Question, body: str = "") -> list[Kept]:
    """Every part of a question as a text to keep, and the part `KEY`; body: the fingerprint of the rest."""
    parts = question.parts()
    prints = {part: digest_of(text) for part, text in parts.items()}
    told = dump({"code": dict(made_by()), "fingerprint": prints | {BODY: body}})
    return [
        Kept(part, _TITLES.get(part, f"The plan “{part.removeprefix('plan ')}”"), text)
        for part, text in (parts | {KEY: told}).items()
    ]


def run_key(question: Question) -> str:
    """A short name of all that a report follows from: the question and the code that made it."""
    told = next(part for part in kept(question) if part.part == KEY)
    return run_key_of({KEY: told.text})


def run_key_of(keys: Mapping[str, str]) -> str:
    """The same of the keys of a report; the fingerprint of its text does not count."""
    lines = [line for line in keys[KEY].splitlines() if not line.startswith(f"{BODY} =")]
    return digest_of("\n".join(lines))


def keys_of(text: str) -> dict[str, str]:
    """Every part that a report keeps. Raises SpecError for a text that keeps none."""
    found = {unescape(match["part"]): unescape(match["text"]) for match in _HTML.finditer(text)}
    found = found or {match["part"].replace("/", " "): match["text"] for match in _MARKDOWN.finditer(text)}
    if KEY not in found:
        raise SpecError("this is no report of cisim, or it has lost its keys.", source="Report")
    return found


def without_keys(text: str) -> str:
    """The text of a report with its keys taken out."""
    return _MARKDOWN.sub("", _HTML.sub("", text))


def body_of(text: str) -> str:
    """The fingerprint of all that is no key."""
    return digest_of(without_keys(text))


def code_of(keys: Mapping[str, str]) -> dict[str, str]:
    """Which code made the report. Raises SpecError if that cannot be read."""
    return {str(name): str(value) for name, value in _table(keys, "code").items()}


def altered_parts(text: str, keys: Mapping[str, str]) -> list[str]:
    """The parts that do not match their fingerprints, that have none, or that are gone; the run key if it is another."""
    told = _table(keys, "fingerprint")
    parts = [part for part in keys if part != KEY]
    gone = [part for part in told if part not in (*parts, BODY)]
    altered = gone + [part for part in parts if told.get(part) != digest_of(keys[part])]
    if not altered and RUN_KEY.findall(without_keys(text)) != [run_key_of(keys)]:
        altered.append("run key")
    return altered


def body_told(keys: Mapping[str, str]) -> str:
    """The fingerprint of the rest of the text, as the report tells it."""
    return str(_table(keys, "fingerprint").get(BODY, ""))


def _table(keys: Mapping[str, str], name: str) -> dict[str, object]:
    values = parse(keys[KEY]).get(name)
    if not isinstance(values, dict):
        raise SpecError(f"its keys tell no {name}.", source="Report")
    return values

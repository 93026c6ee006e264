"""The TRACE document has all eight elements, each of which leads to its evidence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
TRACE = (DOCS / "trace.md").read_text(encoding="utf-8")
ELEMENTS = {
    "Problem formulation": "limits.md",
    "Model description": "odd.md",
    "Data evaluation": "odd.md#10-sources",
    "Conceptual model evaluation": "limits.md#formulas",
    "Implementation verification": "tests/verification/",
    "Model output verification": "evidence.md",
    "Model analysis": "limits.md#numbers",
    "Model output corroboration": "forecast.md",
}
"""Each element of TRACE (Grimm et al. 2014) with what it must lead to."""
PARTS = re.split(r"^## \d (.+)$", TRACE, flags=re.MULTILINE)[1:]


def test_the_elements_stand_in_their_order() -> None:
    assert PARTS[::2] == list(ELEMENTS)


@pytest.mark.parametrize("element", ELEMENTS)
def test_an_element_asks_its_question_and_leads_to_the_evidence(element: str) -> None:
    text = PARTS[PARTS.index(element) + 1].strip()
    assert re.match(r"\*[^*]+\?\*\n\n\S", text)
    assert ELEMENTS[element] in text


def test_every_file_of_tests_says_what_it_proves() -> None:
    rows = re.findall(r"^\| `tests/[\w/]+\.py` \|(.*)\|$", TRACE, flags=re.MULTILINE)
    assert len(rows) > 50 and all(len(row.split()) > 3 for row in rows)


def slugs(text: str) -> set[str]:
    """The anchors of a document's headings, as web pages of repositories make them."""
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", ["odd.md", "trace.md", "limits.md", "rules.md"])
def test_links_to_sections_lead_to_a_heading(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    for file, section in re.findall(r"\]\(([\w.]*)#([\w-]+)\)", text):
        target = (DOCS / (file or name)).read_text(encoding="utf-8")
        assert section in slugs(target), f"{name} links to {file}#{section}"

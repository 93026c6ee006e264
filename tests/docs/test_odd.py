"""The ODD document has every element of ODD and ODD+D, and tells every mechanism; its numbers stand in tables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cisim.theory.month import MONTH
from cisim.theory.rules import MECHANISMS, SLOTS
from tests.docs.tables import BLOCK, names

DOCS = Path(__file__).parents[2] / "docs"
ODD = (DOCS / "odd.md").read_text(encoding="utf-8")
PROSE = BLOCK.sub("", ODD)
ELEMENTS = (
    "Purpose and patterns", "Entities, state variables and scales", "Process overview and scheduling",
    "Design concepts", "Initialization", "Input data", "Submodels",
)  # fmt: skip
CONCEPTS = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing",
    "Interaction", "Stochasticity", "Collectives", "Observation",
)  # fmt: skip
DECISIONS = (
    "Theoretical and empirical background", "Individual decision-making", "Learning", "Individual sensing",
    "Individual prediction", "Interaction", "Collectives", "Heterogeneity", "Stochasticity", "Observation",
    "Implementation",
)  # fmt: skip
"""Design concepts of ODD+D, in its order, and its question on implementation."""


def part(number: int) -> str:
    """The text of a section."""
    return ODD.split(f"\n## {number} ")[1].split("\n## ")[0]


def test_the_elements_stand_in_the_order_of_the_protocol() -> None:
    assert re.findall(r"^## \d+ (.+)$", ODD, flags=re.MULTILINE)[: len(ELEMENTS)] == list(ELEMENTS)


def test_all_design_concepts_are_told_in_order() -> None:
    assert re.findall(r"^\*\*([\w ]+)\.\*\*", part(4), flags=re.MULTILINE) == list(CONCEPTS)


def test_all_questions_on_human_decisions_are_answered() -> None:
    told = re.split(r"^\*\*([\w -]+)\.\*\*$", part(8), flags=re.MULTILINE)[1:]
    assert told[::2] == list(DECISIONS)
    for topic, answers in zip(told[::2], told[1::2], strict=True):
        found = re.findall(r"^- \*[^*]+\?\* \w", answers, flags=re.MULTILINE)
        assert found and len(found) == answers.count("\n- "), topic


def test_the_phases_are_told_in_their_order() -> None:
    told = re.findall(r"^\| \d+ `(\w+)` \|", part(3), flags=re.MULTILINE)
    assert told == [phase.name for phase in MONTH]


def test_the_picture_of_the_month_has_every_phase_in_order() -> None:
    picture = part(3).split("```text\n")[1].split("```")[0]
    assert re.findall(r"(\d+) (\w+)", picture) == [
        (str(at), one.name) for at, one in enumerate(MONTH, start=1)
    ]
    assert len({len(line) for line in picture.splitlines()}) == 1  # its frame closes


@pytest.mark.parametrize("module", MECHANISMS, ids=lambda module: module.__name__.rsplit(".", 1)[-1])
def test_every_mechanism_is_told(module) -> None:
    name = module.__name__.rsplit(".", 1)[-1]
    assert names(part(5) if name == "origin" else part(7)).count(f"rules-{name}") == 1


def test_state_variables_parameters_levers_streams_events_and_measures_are_told_where_odd_asks() -> None:
    where = {
        "organizations": 2, "ties": 2, "initiative": 2, "issue": 2, "levers": 2, "scales": 2, "month": 3, "month-drawn": 3,
        "streams": 4, "measures": 4, "events": 6, "choices": 7, "parameters": 7, "effects": 7, "sources": 10,
    }  # fmt: skip
    for table, number in where.items():
        assert table in names(part(number)), f"table {table!r} belongs in section {number}"


def test_every_slot_is_called_in_a_phase_or_at_the_start() -> None:
    called = set(re.findall(r"`(\w+)`", part(3) + part(5)))
    assert set(SLOTS) <= called


def test_names_in_the_text_on_submodels_are_declared() -> None:
    """A name that no table of the document has is a remnant of what was there before."""
    tables = "".join(block["body"] for block in BLOCK.finditer(ODD))
    declared = {word for code in re.findall(r"`([^`\n]+)`", tables) for word in re.findall(r"\w+", code)}
    told = set(re.findall(r"`(\w+)`", BLOCK.sub("", part(5) + part(7))))
    assert len(told) > 30 and told <= declared | {"effect"}, told - declared


def test_numbers_stand_in_tables() -> None:
    """No decimal number in the text around tables: it would not follow the declarations."""
    text = re.sub(r"^#+ .*$|\]\([^)]*\)|\[[\d.]+\]|doi:\S+|Philox-\S+", "", PROSE, flags=re.MULTILINE)
    assert re.findall(r"\d*\.\d+", text) == []

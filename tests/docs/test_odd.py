"""The ODD document tells every phase, every rule slot, every choice and every effect."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cisim.theory.month import MONTH
from cisim.theory.rules import CHOICES, SLOTS
from cisim.theory.rules.events import EFFECTS

DOCS = Path(__file__).parents[2] / "docs"
ODD = (DOCS / "odd.md").read_text(encoding="utf-8")
CONCEPTS = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing",
    "Interaction", "Stochasticity", "Collectives", "Observation",
)  # fmt: skip


def test_the_phases_are_told_in_their_order() -> None:
    told = re.findall(r"^\| `(\w+)` \|", ODD.split("## 3 ")[1].split("## 4 ")[0], flags=re.MULTILINE)
    assert told == [phase.name for phase in MONTH]


@pytest.mark.parametrize("slot", sorted(SLOTS))
def test_every_slot_is_told(slot: str) -> None:
    rules = ODD.split("## 5 ")[1].split("## 6 ")[0] + ODD.split("## 7 ")[1].split("## 8 ")[0]
    assert f"`{slot}`" in rules


def test_no_slot_is_told_that_does_not_exist() -> None:
    section = ODD.split("### 7.2 ")[1].split("## 8 ")[0]
    first = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    told = {name for cell in first for name in re.findall(r"`(\w+)`", cell)}
    assert told <= set(SLOTS) | set(CHOICES)


@pytest.mark.parametrize("choice", sorted(CHOICES))
def test_every_choice_is_told(choice: str) -> None:
    assert f"(choice `{choice}`)" in ODD


@pytest.mark.parametrize("effect", sorted(EFFECTS))
def test_every_effect_of_events_is_told(effect: str) -> None:
    assert re.search(rf"^\|[^|]*\b{effect}\b[^|]*\|", ODD, flags=re.MULTILINE)


@pytest.mark.parametrize("concept", CONCEPTS)
def test_every_design_concept_is_told(concept: str) -> None:
    assert ODD.count(f"**{concept}.**") == 1

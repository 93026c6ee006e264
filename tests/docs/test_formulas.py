"""The formula that a document tells for a rule gives what the rule gives."""

from __future__ import annotations

import inspect
import math
import re
from types import SimpleNamespace

import numpy as np
import pytest

from cisim.theory.parameters import UNCERTAINTIES
from cisim.theory.rules import CHOICES, MECHANISMS, SLOTS
from tests.docs.formulas import SIGNS, arguments, called, formula, meaning

RULES = {rule.__qualname__: rule for module in MECHANISMS for rule in module.RULES.values()} | {
    rule.__qualname__: rule
    for variants in CHOICES.values()
    for slots in variants.values()
    for rule in slots.values()
}
TOLD = {name: rule for name, rule in RULES.items() if formula(rule)}
STEPS = {"apply_effect", "assign_roles", "contacts_in_month", "kept_contacts"}
"""Rules with loops, which have no formula."""
COUNTS = {"kept", "broken"}
"""Arguments that are whole numbers."""


def evaluated(text: str, world: dict[str, object]) -> float:
    """What a formula as the document tells it comes to, read by nothing but its own text."""
    for written, sign in (*SIGNS, ("-", "−")):
        text = text.replace(sign, written)
    cases, _, parts = text.partition(" with ")
    for part in re.split(r", (?=\w+ = )", parts) if parts else []:
        name, _, value = part.partition(" = ")
        world[name] = eval(value, world)
    for case in cases.split("; "):
        value, _, condition = case.partition(" if ") if " else " not in case else (case, "", "")
        if not condition or eval(condition, world):
            return float(eval(value, world))
    raise AssertionError(f"no case of {text} holds")


def test_only_rules_with_loops_have_no_formula() -> None:
    assert set(RULES) - set(TOLD) == STEPS


@pytest.mark.parametrize("name", TOLD)
def test_a_formula_gives_what_the_rule_gives(name: str) -> None:
    """Two hundred draws of all arguments, small and large, and parameters, so that every case comes; rounding only."""
    rule, rng = TOLD[name], np.random.default_rng(1)
    text, wanted = formula(rule), inspect.signature(rule).parameters
    functions = {part.__name__: part for part in called(rule)}
    for _ in range(200):
        numbers = {key: rng.uniform(one.low, one.high) for key, one in UNCERTAINTIES.items()}
        given = {
            argument: int(rng.integers(0, 9))
            if argument in COUNTS
            else float(rng.uniform(0.01, rng.choice([1.5, 20.0])))
            for argument in wanted
            if argument != "p"
        }
        world = {**vars(math), "min": min, "max": max, "abs": abs, **functions, **numbers, **given}
        passed = given | ({"p": SimpleNamespace(**numbers)} if "p" in wanted else {})
        assert evaluated(text, world) == pytest.approx(rule(**passed), rel=1e-12)


def test_what_a_formula_looks_like() -> None:
    told = formula(SLOTS["next_contact"])
    assert told.startswith(
        "0 if target == 0 and moved < tie_cost else moved with target = wanted if wanted ≥ tie_cost"
    )
    assert formula(SLOTS["exit_chance"]).startswith("0 if tenure < grace; monthly(2 · exit_rate · logistic(")
    assert formula(SLOTS["kept_contacts"]) == ""
    assert arguments(SLOTS["relax"]) == "trust, prior, silence"
    assert meaning(SLOTS["root"]).endswith(".")

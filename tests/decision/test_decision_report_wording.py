"""No claim is stronger than its interval and the page of evidence allow; no figure stands without an interval."""

from __future__ import annotations

import csv
import math
import re
from pathlib import Path

import pytest

from cisim.decision.estimates import Estimate
from cisim.decision.report.document import flat
from cisim.decision.report.numbers import COUNT, PERCENT, figure, money
from cisim.decision.report.standing import CONCERNS, PATTERNS, concerned, differing_levers, grade_of
from cisim.decision.report.wording import (
    ADVICE,
    BACKING,
    CLAIMS,
    GRADES,
    NEVER_SAID,
    STRENGTHS,
    advice,
    strength_of,
)
from cisim.evidence.matter import MATTER_MOST, MATTER_RUNS
from cisim.theory.parameters import LEVERS
from cisim.world.presets import load

DOCS = Path(__file__).parents[2] / "docs"
ORDER = (
    "On cost alone, take",
    "Do not decide this by the model. It would put first",
    "Lean towards",
    "Prefer",
    "Choose",
)
"""From the weakest advice to the strongest."""


def share(low: float) -> Estimate:
    return Estimate((1 + low) / 2, low, 1.0, 400)


def test_every_strength_and_grade_has_its_words():
    assert set(ADVICE) == {(strength, grade) for strength in STRENGTHS for grade in GRADES}
    assert set(ADVICE.values()) == set(ORDER)
    assert set(CLAIMS) == set(STRENGTHS) and set(BACKING) == set(GRADES)


@pytest.mark.parametrize("grade", GRADES)
def test_a_weaker_difference_never_carries_stronger_advice(grade):
    ranks = [ORDER.index(advice(strength, grade)) for strength in STRENGTHS]
    assert ranks == sorted(ranks, reverse=True) or grade == "against"


@pytest.mark.parametrize("strength", ["reliably", "mostly", "on average"])
def test_weaker_evidence_never_carries_stronger_advice(strength):
    ranks = [ORDER.index(advice(strength, grade)) for grade in GRADES]
    assert ranks == sorted(ranks, reverse=True)


def test_words_of_certainty_are_in_no_table():
    told = " ".join([*ADVICE.values(), *CLAIMS.values(), *BACKING.values()]).lower()
    assert not [word for word in NEVER_SAID if word in told]


@pytest.mark.parametrize(
    ("better", "better_in", "expected"),
    [
        ((0.02, 0.05), 0.95, "reliably"),
        ((0.02, 0.05), 0.70, "mostly"),
        ((0.02, 0.05), 0.50, "on average"),
        ((-0.02, 0.05), 0.95, "unclear"),
        ((-0.05, -0.02), 0.01, "unclear"),
        ((0.001, 0.004), 0.99, "alike"),
        ((-0.004, 0.004), 0.40, "alike"),
        ((-math.inf, math.inf), 0.99, "unclear"),
    ],
)
def test_strength_follows_the_interval_the_share_of_worlds_and_what_matters(better, better_in, expected):
    low, high = better
    middle = (low + high) / 2 if math.isfinite(low) else 0.1
    assert strength_of(Estimate(middle, low, high, 400), share(better_in), 0.01) == expected


def test_the_patterns_are_those_of_the_page_of_evidence():
    page = (DOCS / "evidence.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (.+?) \| (\d+) of (\d+) \| \**(\w+)\** \|$", page, re.MULTILINE)
    stands = {int(n): (says, verdict, int(shown), int(of)) for n, says, shown, of, verdict in rows}
    told = {each.number: (each.says, each.verdict, each.shown, each.settings) for each in PATTERNS}
    assert told == {number: stands[number] for number in told}, (
        "docs/evidence.md has changed: bring PATTERNS of cisim/decision/report/standing.py into line, and read what "
        "reports may say then."
    )


def test_what_matters_most_is_that_of_the_table_of_assumptions():
    rows = csv.DictReader((DOCS / "assumptions.csv").read_text(encoding="utf-8").splitlines())
    stands = {row["parameter"]: row for row in rows}
    for name, value, low, high in MATTER_MOST:
        ends = [float(stands[name][f"contribution_total{end}"]) for end in ("", "_low", "_high")]
        assert (value, low, high) == pytest.approx(ends, abs=6e-4), (
            "bring MATTER_MOST of cisim/evidence/matter.py into line"
        )
        assert int(stands[name]["runs"]) == MATTER_RUNS
    largest = sorted(stands, key=lambda name: -float(stands[name]["contribution_total"]))
    assert [name for name, *_ in MATTER_MOST] == largest[: len(MATTER_MOST)]


def test_the_weakest_pattern_that_concerns_a_lever_decides_the_grade():
    assert set(CONCERNS) - set(LEVERS) == {"membership"}
    assert grade_of(["membership", "backbone_staff"]) == "against"
    assert grade_of(["backbone_staff"]) == "partly"
    assert grade_of(["prototyping"]) == grade_of([]) == "not backed"
    assert {16, 19} <= {pattern.number for pattern in concerned(["measurement"])}


def test_levers_that_differ_are_found_in_any_month():
    whole, later = load("collective-impact"), load("funder-leaves")
    assert differing_levers(whole, whole) == ()
    assert "funded" in differing_levers(whole, later)
    assert "membership" in differing_levers(whole, load("phased-inclusion"))


@pytest.mark.parametrize(
    ("told", "unit", "expected"),
    [
        (Estimate(0.0412, 0.0371, 0.0453, 9), PERCENT, "4.1 % (3.7 to 4.5 %)"),
        (Estimate(-0.0412, -0.0453, -0.0371, 9), PERCENT, "−4.1 % (−4.5 to −3.7 %)"),
        (Estimate(0.0, 0.0, 0.0, 9), PERCENT, "0 % (in every world)"),
        (Estimate(1_668_000.0, 1_648_000.0, 1_688_000.0, 9), money("USD", 2e6), "1.67 million USD (1.65 to 1.69 million USD)"),
        (Estimate(0.5, -math.inf, math.inf, 1), COUNT, "cannot be told"),
        (Estimate(math.nan, math.nan, math.nan, 0), COUNT, "cannot be told"),
        (Estimate(-0.0004, -0.0512, 0.0504, 9), PERCENT, "0 % (−5 to 5 %)"),
    ],
)  # fmt: skip
def test_a_figure_is_shown_with_its_interval_and_no_digit_that_chance_decides(told, unit, expected):
    assert flat(figure("x", told, unit)) == expected

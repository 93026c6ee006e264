"""describe() tells the whole plan in words before it runs."""

from __future__ import annotations

import pytest

from cisim.world import presets
from cisim.world.describe import level_word
from cisim.world.scenario import Scenario


def section(plan: Scenario, heading: str) -> str:
    """One section as running text."""
    text = plan.describe()
    begin = text.index(f"\n{heading}\n") + len(heading) + 2
    return " ".join(text[begin : text.find("\n\n", begin)].split())


@pytest.mark.parametrize(
    ("level", "word"),
    [
        (0, "absent"),
        (0.2, "between absent and emerging"),
        (0.5, "emerging"),
        (0.7, "between emerging and mature"),
        (1, "mature"),
    ],
)
def test_levels_in_the_words_of_the_field(level: float, word: str) -> None:
    assert level_word(level) == word


def test_who_takes_part_what_is_given_and_what_is_drawn() -> None:
    plan = Scenario(
        name="a",
        roster={"count": 4, "sectors": ["government", "nonprofit"], "members": False},
        partner=[{"id": "x", "name": "North County", "capacity": 3, "member": True, "sector": "government"}],
    )
    who = section(plan, "Who")
    assert "5 partners (1 listed, 4 generated): 3 government, 2 nonprofit." in who
    assert "1 partner is a member at the start; 4 of the others may join if invited." in who
    assert "Among them: North County." in who
    assert "Given: capacity of 1." in who
    assert "Otherwise drawn for each replicate: capacity," in who


def test_levers_are_told_in_words() -> None:
    levers = section(presets.load("social-innovation-lab"), "Levers at the start")
    assert "common agenda process 0.2 between absent and emerging" in levers
    assert "prototyping 1 mature" in levers
    assert "backbone staff 1.5 full-time equivalents" in levers
    assert "Backbone time: agenda 25%" in levers


def test_parameters_and_rules_that_differ_are_told_with_their_basis() -> None:
    plan = Scenario(
        name="a",
        parameters={"trend": 0.02, "trust_mean": 0.7, "openness": 0.3},
        rules={"trust": "symmetric", "delivery": "ces"},
    )
    parameters = section(plan, "Parameters that differ from the default")
    assert "trend = 0.02 per year instead of 0" in parameters
    assert "[assumption]" in parameters
    assert "[default from berardo2010]" in parameters
    assert "openness" not in parameters
    assert section(plan, "Rules that differ from the default") == "trust: symmetric instead of asymmetric"


def test_the_calendar_names_every_month_in_which_something_happens() -> None:
    plan = Scenario(
        name="a",
        months=60,
        event=[
            {"kind": "funder-leaves", "month": 36},
            {"kind": "ramp-lever", "month": 13, "lever": "agenda", "value": 1, "over": 12},
        ],
    )
    calendar = section(plan, "What happens")
    places = [
        calendar.index(part)
        for part in (
            "month 1 year 1, month 1 The initiative starts",
            "month 13 year 2, month 1 Lever agenda (common agenda process) starts",
            "reaches 1 in month 24.",
            "month 36 year 3, month 12 The funder leaves",
            "month 60 year 5, month 12 The run ends.",
        )
    ]
    assert places == sorted(places)


def test_the_network_and_the_issue_are_told() -> None:
    plan = presets.load("statewide-coalition")
    network = section(plan, "Network")
    assert "Every pair of partners can be in contact: 276 pairs." in network
    assert "24 of them with the backbone" in network
    assert "Pairs that are not listed start without contact" in network
    wrong = section(presets.load("wrong-agenda"), "Issue")
    assert "prevention 36%" in wrong
    assert "Target: severity 0.7, 30% below the start." in wrong
    sparse = Scenario(name="a", network={"possible": "sparse", "ties_per_partner": 4, "seed": 7})
    assert "about 4 a partner, made from seed 7" in section(sparse, "Network")


@pytest.mark.parametrize("name", presets.names())
def test_it_fits_a_terminal(name: str) -> None:
    assert max(map(len, presets.load(name).describe().splitlines())) <= 80

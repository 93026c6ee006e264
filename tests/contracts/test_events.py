"""Every event explains itself in one sentence, goes to TOML and back, and changes something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
import pytest

import cisim
from cisim.errors import SpecError
from cisim.world.events import KINDS, Event, Names, PartnerId
from cisim.world.events.event import Event as Base
from cisim.world.scenario import Scenario
from cisim.world.schedule import Plan

MONTH = 7
FIELDS = {
    "fte": 1.5,
    "pooled_funding": 4,
    "lever": "meetings",
    "value": 3,
    "over": 6,
    "partner": "partner-1",
    "into": "partner-2",
    "size": 0.3,
}
START = {
    "agenda": 0.5,
    "measurement": 0.5,
    "meetings": 1,
    "backbone_staff": 3,
    "pooled_funding": 2,
}


def told(kind: str) -> dict[str, object]:
    """The least that an event of this kind needs."""
    needed = [
        name for name, field in KINDS[kind].model_fields.items() if field.is_required() and name != "month"
    ]
    return {"kind": kind, "month": MONTH, **{name: FIELDS[name] for name in needed}}


def scenario(*events: dict[str, object]) -> Scenario:
    return Scenario(name="a", months=24, roster={"count": 6}, levers=START, event=events)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_event_says_in_one_sentence_what_happens_and_when(kind: str) -> None:
    plan = scenario(told(kind))
    sentence = plan.event[0].sentence(plan.names)
    assert sentence.startswith(f"In month {MONTH}, ")
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0
    assert "{" not in sentence
    for name in ("partner", "into"):
        if name in told(kind):
            assert FIELDS[name] in sentence
    assert sentence.removeprefix(f"In month {MONTH}, ")[1:] in " ".join(plan.describe().split())


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_event_goes_to_toml_and_back(kind: str) -> None:
    plan = scenario(told(kind))
    again = Scenario.from_toml(plan.to_toml())
    assert again == plan
    assert type(again.event[0]) is KINDS[kind]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_event_changes_a_lever_or_has_an_effect_from_its_month_on(kind: str) -> None:
    before, after = scenario().lower(), scenario(told(kind)).lower()
    changed = np.flatnonzero(before.levers != after.levers)
    assert changed.size or after.effects.size
    assert not changed.size or changed[0] == MONTH
    assert not after.effects.size or set(after.effects["month"]) == {MONTH}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_event_has_a_docstring_and_a_kind_that_is_its_name(kind: str) -> None:
    record = KINDS[kind]
    assert record.__doc__ and record.__doc__ != Base.__doc__
    assert "".join(part.capitalize() for part in kind.split("-")) == record.__name__


@pytest.fixture
def town_hall() -> Iterator[type[Event]]:
    class TownHall(Event):
        """A partner invites everybody."""

        kind: Literal["town-hall"] = "town-hall"
        host: PartnerId

        def what(self, names: Names) -> str:
            return f"{names[self.host]} invites everybody"

        def lower(self, plan: Plan) -> None:
            plan.effect(self.month, "engagement", a=self.host, x=1.0)

    yield TownHall
    del KINDS["town-hall"]


def test_a_new_event_is_one_record(town_hall: type[Event]) -> None:
    plan = scenario({"kind": "town-hall", "month": 3, "host": "partner-2"})
    assert isinstance(plan.event[0], town_hall)
    assert Scenario.from_toml(plan.to_toml()) == plan
    assert "partner-2 invites everybody." in plan.describe()
    assert plan.lower().effects["a"].tolist() == [1]
    with pytest.raises(SpecError, match="host: unknown organization 'partner-9'"):
        scenario({"kind": "town-hall", "month": 3, "host": "partner-9"})


def test_events_that_name_a_time_or_size_say_it() -> None:
    plan = scenario(
        {"kind": "ramp-lever", "month": 7, "lever": "agenda", "value": 1, "over": 6},
        {"kind": "trust-breach", "month": 8, "partner": "partner-1", "with": "partner-2", "loss": 0.25},
        {"kind": "trust-breach", "month": 9, "partner": "backbone"},
        {"kind": "issue-shock", "month": 10, "size": -0.2},
        {"kind": "funder-enters", "month": 11, "pooled_funding": 4, "staff": 1},
    )
    ramp, breach, by_one, shock, funder = (event.sentence(plan.names) for event in plan.event)
    assert "from" not in ramp and "reaches 1 in month 12" in ramp
    assert (
        breach
        == "In month 8, partner-1 and partner-2 break with each other, and trust between them falls by 25%."
    )
    assert by_one == "In month 9, Backbone breaks its word, and everybody's trust in it falls by 50%."
    assert "better: log severity -0.2" in shock
    assert "4 FTE more for delivery and 1 FTE more backbone staff" in funder


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_event_changes_a_run_from_its_month_on_and_not_before(kind: str) -> None:
    outside = {"partner": [{"id": "partner-1", "member": False}]} if kind == "partner-joins" else {}
    without = Scenario(name="a", months=24, roster={"count": 6}, levers=START, **outside)
    happened = without.replace(event=(told(kind),))
    before, after = (cisim.simulate(plan, 8, seed=3).values for plan in (without, happened))
    assert np.array_equal(before[:, :MONTH], after[:, :MONTH], equal_nan=True)
    assert not np.array_equal(before[:, MONTH:], after[:, MONTH:], equal_nan=True)

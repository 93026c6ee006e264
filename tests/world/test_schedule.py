"""Changes apply in the order of months, and each holds from its month to the end."""

from __future__ import annotations

import numpy as np
import pytest

from cisim.theory.parameters import LEVERS, LeverRow
from cisim.theory.rules.events import EFFECTS
from cisim.world.scenario import Scenario
from cisim.world.schedule import Plan


def plan(months: int = 6, **levers: float) -> Plan:
    return Plan(months, levers, {"a": 0, "b": 1})


def values(of: Plan, lever: str) -> list[float]:
    return [float(value) for value in of.levers()[lever]]


def test_month_0_holds_the_start_and_every_lever_has_its_default() -> None:
    table = plan(meetings=2).levers()
    assert table.dtype == LeverRow
    assert table.shape == (7,)
    for name, declared in LEVERS.items():
        assert set(table[name].tolist()) == {2.0 if name == "meetings" else declared.default}


def test_a_lever_is_set_scaled_and_added_from_its_month_on() -> None:
    p = plan(backbone_staff=2)
    p.set_lever(1, "meetings", 3)
    p.scale_lever(3, "backbone_staff", 0.5)
    p.add_lever(5, "backbone_staff", 4)
    assert values(p, "meetings") == [0, 3, 3, 3, 3, 3, 3]
    assert values(p, "backbone_staff") == [2, 2, 2, 1, 1, 5, 5]


def test_months_decide_the_order_and_within_a_month_the_order_given() -> None:
    p = plan()
    p.add_lever(4, "meetings", 1)
    p.set_lever(2, "meetings", 10)
    p.scale_lever(4, "meetings", 2)
    assert values(p, "meetings") == [0, 0, 10, 10, 22, 22, 22]


def test_a_cut_never_goes_below_none() -> None:
    p = plan(backbone_staff=1)
    p.add_lever(2, "backbone_staff", -3)
    p.add_lever(4, "backbone_staff", 2)
    assert values(p, "backbone_staff") == [1, 1, 0, 0, 2, 2, 2]


def test_a_ramp_reaches_its_value_in_its_last_month() -> None:
    p = plan(agenda=1)
    p.ramp_lever(2, "agenda", 0, 4)
    assert values(p, "agenda") == [1, 1, 0.75, 0.5, 0.25, 0, 0]
    p.set_lever(4, "agenda", 0.9)
    assert values(p, "agenda") == [1, 1, 0.75, 0.5, 0.9, 0.9, 0.9]


def test_a_ramp_of_one_month_sets_and_one_past_the_end_is_cut() -> None:
    p = plan(months=3)
    p.ramp_lever(1, "agenda", 0.3, 1)
    p.ramp_lever(2, "coordination", 1, 10)
    assert values(p, "agenda") == [0, 0.3, 0.3, 0.3]
    assert values(p, "coordination") == [0, 0, 0.1, 0.2]


def test_what_lies_after_the_end_does_not_happen() -> None:
    p = plan(months=3)
    p.set_lever(4, "agenda", 1)
    p.effect(4, "issue_shock", x=1)
    assert values(p, "agenda") == [0, 0, 0, 0]
    assert p.effects().size == 0


def test_effects_are_sorted_by_month_and_name_rows() -> None:
    p = plan()
    p.effect(5, "trust_between", a="b", b="a", x=0.5)
    p.effect(2, "issue_shock", x=0.1)
    p.effect(5, "membership", a="a", x=1)
    assert p.effects().tolist() == [
        (2, EFFECTS["issue_shock"], -1, -1, 0.1),
        (5, EFFECTS["trust_between"], 1, 0, 0.5),
        (5, EFFECTS["membership"], 0, -1, 1.0),
    ]


@pytest.mark.parametrize(
    ("event", "lever", "expected"),
    [
        ({"kind": "hire-backbone-staff", "fte": 1.5}, "backbone_staff", 4.5),
        ({"kind": "cut-backbone-staff", "fte": 1}, "backbone_staff", 2),
        ({"kind": "cut-backbone-staff", "fte": 9}, "backbone_staff", 0),
        ({"kind": "backbone-closes"}, "backbone_staff", 0),
        ({"kind": "funder-enters", "pooled_funding": 4, "staff": 1}, "backbone_staff", 4),
        ({"kind": "funder-enters", "pooled_funding": 4}, "pooled_funding", 6),
        ({"kind": "funder-enters", "pooled_funding": 4}, "funded", 1),
        ({"kind": "funder-leaves"}, "backbone_staff", 1.5),
        ({"kind": "funder-leaves", "staff_cut": 1}, "backbone_staff", 0),
        ({"kind": "funder-leaves"}, "pooled_funding", 0),
        ({"kind": "funder-leaves"}, "funded", 0),
        ({"kind": "launch-shared-measurement"}, "measurement", 1),
        ({"kind": "launch-shared-measurement", "level": 0.5}, "measurement", 0.5),
        ({"kind": "drop-shared-measurement"}, "measurement", 0),
        ({"kind": "set-lever", "lever": "invitations", "value": 2}, "invitations", 2),
        ({"kind": "ramp-lever", "lever": "meetings", "value": 6, "over": 2}, "meetings", 6),
    ],
)
def test_events_move_their_levers(event: dict[str, object], lever: str, expected: float) -> None:
    levers = {"backbone_staff": 3, "pooled_funding": 2, "measurement": 0.25, "funded": 0.5}
    table = Scenario(name="a", months=9, levers=levers, event=[event | {"month": 4}]).lower().levers
    assert table[lever][3] == levers.get(lever, 0)
    assert table[lever][5] == expected


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"kind": "partner-joins", "partner": "y"}, ("membership", 1, -1, 1.0)),
        ({"kind": "partner-leaves", "partner": "y"}, ("membership", 1, -1, 0.0)),
        ({"kind": "leader-changes", "partner": "backbone"}, ("representative", 3, -1, 0.5)),
        ({"kind": "trust-breach", "partner": "y", "loss": 0.2}, ("trust_in", 1, -1, 0.2)),
        ({"kind": "trust-breach", "partner": "y", "with": "x"}, ("trust_between", 1, 0, 0.5)),
        ({"kind": "policy-window", "size": 2}, ("policy_window", -1, -1, 2.0)),
        ({"kind": "issue-shock", "size": -0.1}, ("issue_shock", -1, -1, -0.1)),
        ({"kind": "merger", "into": "z", "partner": "x"}, ("merge", 2, 0, 0.0)),
        ({"kind": "backbone-moves"}, ("backbone_moves", -1, -1, 0.5)),
    ],
)
def test_events_have_their_effects(event: dict[str, object], expected: tuple[str, int, int, float]) -> None:
    partners = [{"id": "x"}, {"id": "y"}, {"id": "z"}]
    effects = Scenario(name="a", partner=partners, event=[event | {"month": 4}]).lower().effects
    name, a, b, x = expected
    assert effects.tolist() == [(4, EFFECTS[name], a, b, x)]
    assert np.array_equal(effects["month"], [4])

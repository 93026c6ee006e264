"""Plans, prices and worlds: what is told is what is tried, every fault is told, money is counted right."""

from __future__ import annotations

import numpy as np
import pytest

from cisim.decision.plan import BudgetLine, Plan, plan_of, plans_in
from cisim.decision.prices import DECLARED, PAID, Prices, committed, spent, spent_by_line
from cisim.decision.trying import try_plans
from cisim.decision.worlds import worlds_of
from cisim.errors import SpecError
from cisim.theory.parameters import LEVERS, UNCERTAINTIES
from cisim.world.presets import load
from cisim.world.scenario import Scenario

MONTHS = 18


def world(**told) -> Scenario:
    base = load("collective-impact").replace(months=MONTHS, roster={"count": 6})
    return base.replace(**told) if told else base


def staffed(**told) -> Plan:
    event = {"kind": "set-lever", "month": 7, "lever": "backbone_staff", "value": 1.0}
    return Plan(
        **({"name": "staffed", "levers": {"backbone_staff": 2.0, "meetings": 3.0}, "event": (event,)} | told)
    )


def test_a_plan_read_from_what_it_wrote_is_equal(tmp_path):
    plan = staffed(
        title="Staff", line=({"name": "rent", "amount": 900.0, "month": 2, "until": 5},), isolated=True
    )
    plan.write(tmp_path / "plan.toml")
    assert Plan.read(tmp_path / "plan.toml") == plan
    assert Plan.from_toml(plan.to_toml()) == plan


def test_every_fault_of_a_plan_is_told_at_once():
    with pytest.raises(SpecError) as caught:
        Plan(name="No!", levers={"bakbone_staff": 1, "meetings": -1}, line=({"name": "x", "amount": -1},))
    told = str(caught.value)
    for part in ("cannot be used as a name", "Did you mean 'backbone_staff'", "meetings", "amount"):
        assert part in told, part


def test_a_line_that_ends_before_it_starts_is_refused():
    with pytest.raises(SpecError, match="pays nothing"):
        BudgetLine(name="rent", amount=1.0, month=5, until=4)


def test_a_line_with_the_name_of_a_price_is_refused_before_anything_runs():
    plan = staffed(line=({"name": "meeting", "amount": 1.0},))
    with pytest.raises(SpecError, match="has the name of a price"):
        try_plans(worlds_of(world(), 2, 0), [plan])


def test_a_plan_keeps_the_world_and_changes_its_levers_and_adds_its_events():
    base = world(event=({"kind": "backbone-closes", "month": 12},))
    tried = staffed().on(base)
    assert tried.levers["backbone_staff"] == 2.0 and tried.levers["agenda"] == base.levers["agenda"]
    assert [event.kind for event in tried.event] == ["backbone-closes", "set-lever"]
    assert (tried.roster, tried.issue, tried.parameters) == (base.roster, base.issue, base.parameters)


def test_the_plan_of_a_scenario_brings_the_scenario_back_in_its_own_world():
    base = world()
    again = plan_of(base).on(base)
    assert again.plan().levers().tolist() == base.plan().levers().tolist()
    assert again.event == base.event and again.roster == base.roster


def test_an_isolated_plan_has_no_members_and_that_of_isolated_impact_is_one():
    plan = plans_in(["isolated-impact"])[0]
    assert plan.isolated and not plan.on(world()).roster.members


def test_the_same_plan_twice_gets_a_name_of_its_own_and_two_plans_of_one_name_are_refused():
    first, again = plans_in([staffed(), staffed()])
    assert (first.name, again.name) == ("staffed", "staffed-2") and first.event == again.event
    with pytest.raises(SpecError, match="two plans are called 'staffed'"):
        plans_in([staffed(), staffed(levers={"meetings": 1.0})])


def test_faults_of_several_plans_are_told_together(tmp_path):
    (tmp_path / "bad.toml").write_text('name = "bad"\nlevers = { meeting = 1 }\n', encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        plans_in([tmp_path / "bad.toml", tmp_path / "none.toml"])
    assert "meeting" in str(caught.value) and "none.toml" in str(caught.value)


def test_every_lever_with_a_price_is_priced_once_and_prices_are_read_back(tmp_path):
    assert set(PAID.values()) <= set(LEVERS) and len(set(PAID.values())) == len(PAID)
    assert {name for name, price in DECLARED.items() if price.payer == "initiative"} == set(PAID)
    prices = Prices(backbone_fte=8_000.0, currency="EUR")
    (tmp_path / "prices.toml").write_text(prices.to_toml(), encoding="utf-8")
    assert Prices.read(tmp_path / "prices.toml") == prices


def test_money_is_what_a_hand_calculation_gives_while_the_coalition_lives():
    plan = staffed(line=({"name": "rent", "amount": 100.0, "month": 3, "until": 4},))
    only = Prices(agenda_process=0.0, measurement_system=0.0)
    tried = try_plans(worlds_of(world(parameters={"dissolution_rate": 0.03}), 4, 3), [plan], prices=only)
    alive = tried.ensembles[0]["alive"]
    assert (alive == 1).all(), "funded coalitions with this seed live on"
    expected = np.zeros(MONTHS + 1)
    for month in range(1, MONTHS + 1):
        staff = 2.0 if month < 7 else 1.0
        expected[month] = (
            expected[month - 1] + 7_500 * staff + 400 * 3.0 + (100.0 if month in (3, 4) else 0.0)
        )
    assert np.allclose(tried.path(0, "spent"), expected, rtol=1e-12)
    levers = tried.ensembles[0].scenario.plan().levers()
    assert committed(levers, plan, only, MONTHS) == pytest.approx(expected[-1], rel=1e-12)


def test_money_adds_up_by_line_and_partners_time_comes_on_top():
    tried = try_plans(worlds_of(world(), 3, 0), [staffed()])
    ensemble, plan, prices = tried.ensembles[0], tried.plans[0], tried.prices
    lines = spent_by_line(ensemble, plan, prices)
    assert np.allclose(sum(lines.values()), spent(ensemble, plan, prices, "all"))
    assert (tried.path(0, "spent_in_all")[:, -1] > tried.path(0, "spent")[:, -1]).all()
    assert all((np.diff(path, axis=1) >= 0).all() and (path[:, 0] == 0).all() for path in lines.values())


def test_nothing_is_paid_after_the_coalition_has_dissolved_and_no_world_spends_more_than_is_committed():
    shaky = world(months=60, parameters={"dissolution_rate": 1.0})
    unpaid = staffed(levers={"backbone_staff": 2.0, "funded": 0.0}, line=({"name": "rent", "amount": 50.0},))
    tried = try_plans(worlds_of(shaky, 30, 1), [unpaid])
    alive = tried.ensembles[0]["alive"]
    ended = alive[:, -1] == 0
    assert ended.any()
    for name, paid in spent_by_line(tried.ensembles[0], tried.plans[0], tried.prices).items():
        if name in DECLARED and DECLARED[name].payer == "partners":
            continue  # partners go on meeting each other
        after = np.diff(paid, axis=1) * (alive[:, :-1] == 0)
        assert np.abs(after).max() < 1e-9
    most = committed(tried.ensembles[0].scenario.plan().levers(), tried.plans[0], tried.prices, 60)
    assert (tried.path(0, "spent")[:, -1] <= most + 1e-6).all()


def test_worlds_are_the_same_whatever_part_of_them_is_run():
    worlds = worlds_of(world(), 6, 5, uncertain="posterior")
    whole = try_plans(worlds, [staffed()]).path(0, "severity")
    part = try_plans(worlds.part(2, 3), [staffed()]).path(0, "severity")
    first = try_plans(worlds.part(0, 2), [staffed()]).path(0, "severity")
    assert np.array_equal(whole[2:5], part) and np.array_equal(whole[:2], first)


@pytest.mark.parametrize("uncertain", ["posterior", "ranges"])
def test_fresh_worlds_have_other_parameters_and_other_draws(uncertain):
    worlds = worlds_of(world(), 5, 5, uncertain=uncertain)
    fresh = worlds.fresh()
    assert fresh.seed != worlds.seed and fresh.unknown == worlds.unknown
    name = worlds.unknown[0]
    assert not np.isin(fresh.values(name), worlds.values(name)).any()


def test_values_are_those_that_the_runs_have():
    worlds = worlds_of(world(), 4, 5, uncertain="ranges", unknown=["potency"])
    declared = UNCERTAINTIES["potency"]
    assert ((worlds.values("potency") >= declared.low) & (worlds.values("potency") <= declared.high)).all()
    assert np.array_equal(worlds.values("trend"), np.full(4, UNCERTAINTIES["trend"].default))


@pytest.mark.parametrize(
    ("told", "part"),
    [
        ({"uncertain": "all"}, "uncertain must be one of nothing, posterior, ranges"),
        ({"uncertain": "ranges", "unknown": ["potensy"]}, "Did you mean 'potency'"),
        ({"first": 2**32}, "replicates"),
    ],
)
def test_worlds_that_cannot_be_are_refused(told, part):
    with pytest.raises(SpecError, match=part):
        worlds_of(world(), 4, 0, **told)


def test_a_mistyped_preset_is_answered_with_the_nearest():
    with pytest.raises(SpecError) as told:
        plans_in(["colective-impact", "gone.toml"])
    assert told.value.faults[0].endswith(
        "no preset and no file of this name. Did you mean 'collective-impact'?"
    )
    assert told.value.faults[1].startswith("gone.toml: cannot be read")

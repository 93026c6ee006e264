"""Scenarios with the same seed live in the same world, until an effect of a change makes them differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cisim
from cisim.theory.rules.events import EFFECT, EFFECTS
from cisim.world.blueprint import Blueprint
from cisim.world.scenario import Scenario

MONTHS, SEED = 18, 12
LEVERS = {
    "agenda": 1, "measurement": 1, "coordination": 0.7, "meetings": 2, "backbone_staff": 2, "invitations": 1,
    "prototyping": 0.3, "pooled_funding": 2,
}  # fmt: skip


def mature(**told) -> Scenario:
    return Scenario(
        **{"name": "same-world", "months": MONTHS, "levers": LEVERS, "roster": {"count": 8}} | told
    )


def run(scenario: Scenario, replicates: int = 2) -> cisim.Ensemble:
    return cisim.simulate(scenario, replicates, SEED, keep_history=range(replicates))


def unequal(left: np.ndarray, right: np.ndarray) -> Iterator[str]:
    """Names of fields that differ in any bit."""
    for name in left.dtype.names:
        if not np.array_equal(left[name], right[name]):
            yield name


# One more partner who meets nobody


class WithIdle(Scenario):
    """A scenario in which the listed partner called Idle has no staff at all."""

    def lower(self) -> Blueprint:
        plan = super().lower()
        rows = plan.organizations.copy()
        rows["capacity"][plan.ids.index("Idle")] = 0.0
        return replace(plan, organizations=rows)


PEOPLE = ("Ash", "Birch", "Cedar", "Elm", "Fir")
IDLE = {"id": "Idle", "member": False, "may_join": False, "relational_capacity": 0}


UNMET = {"possible": "sparse", "ties_per_partner": 0}
LABELS = {"i", "j", "sector"}
"""Numbers of rows and of sectors, which only name."""


def idle_pair(at: int, network: dict, **more) -> tuple[Scenario, Scenario]:
    """The same coalition without, and with, somebody who meets nobody at this place of the list."""
    known = [
        {"between": ("Ash", "Birch"), "contact": 4}, {"between": ("Birch", "Cedar"), "contact": 1},
        {"between": ("Cedar", "Elm")}, {"between": ("Ash", "Fir"), "contact": 2},
    ]  # fmt: skip
    partners = [{"id": name, "sector": "nonprofit" if name < "C" else "business"} for name in PEOPLE]
    told = {"name": "idle", "months": MONTHS, "levers": LEVERS, "network": network, "tie": known} | more
    return (
        Scenario(partner=partners, **told),
        WithIdle(partner=[*partners[:at], IDLE, *partners[at:]], **told),
    )


@pytest.mark.parametrize("at", [0, 2, 5])
@pytest.mark.parametrize(
    "network",
    [{"possible": "sparse", "ties_per_partner": 0}, {"unlisted": "absent"}],
    ids=["sparse", "absent"],
)
def test_a_partner_that_meets_nobody_changes_nobodys_history(network, at):
    fewer, more = (run(scenario) for scenario in idle_pair(at, network))
    for replicate in range(2):
        left, right = fewer.history(replicate), more.history(replicate)
        keep = [row for row, name in enumerate(right.ids) if name != "Idle"]
        assert [right.ids[row] for row in keep] == list(left.ids)
        here = ~np.isin(right.ties["i"][0], [at]) & ~np.isin(right.ties["j"][0], [at])
        differ = set(unequal(left.organizations, right.organizations[:, keep])) - LABELS
        differ |= set(unequal(left.ties, right.ties[:, here])) - LABELS
        assert not differ
    for name in ("severity", "severity_observed", "effective_work", "agenda_error", "cost_total", "members"):
        assert np.array_equal(fewer[name], more[name]), name


def test_a_partner_that_meets_nobody_is_only_heard_of_by_reputation():
    """Where nobody falls back on reputation, one whom nobody could meet changes no other number."""
    deaf = {"trust_relaxation": 0.0, "representative_turnover": 0.0}
    fewer, more = (run(scenario) for scenario in idle_pair(2, UNMET, parameters=deaf))
    left, right = fewer.history(0), more.history(0)
    keep = [row for row, name in enumerate(right.ids) if name != "Idle"]
    here = (right.ties["i"][0] != 2) & (right.ties["j"][0] != 2)
    differ = set(unequal(left.organizations, right.organizations[:, keep]))
    differ |= set(unequal(left.ties, right.ties[:, here]))
    assert differ - LABELS <= {"reputation", "holders"}


# Events that change nothing

NOTHING = [
    {"kind": "set-lever", "lever": "agenda", "value": 1.0},
    {"kind": "ramp-lever", "lever": "agenda", "value": 1.0, "over": 5},
    {"kind": "hire-backbone-staff", "fte": 0},
    {"kind": "cut-backbone-staff", "fte": 0},
    {"kind": "funder-enters", "pooled_funding": 0},
    {"kind": "launch-shared-measurement", "level": 1},
    {"kind": "trust-breach", "partner": "partner-1", "loss": 0},
    {"kind": "trust-breach", "partner": "partner-1", "with": "partner-2", "loss": 0},
    {"kind": "leader-changes", "partner": "partner-3", "loss": 0},
    {"kind": "backbone-moves", "loss": 0},
    {"kind": "policy-window", "size": 0},
    {"kind": "issue-shock", "size": 0},
    {"kind": "partner-joins", "partner": "partner-1"},  # it is a member already
]


@pytest.mark.parametrize("event", NOTHING, ids=lambda event: event["kind"])
def test_an_event_that_changes_nothing_changes_no_bit(event):
    plain, eventful = run(mature()), run(mature(event=[event | {"month": 3}]))
    assert np.array_equal(plain.values, eventful.values, equal_nan=True)
    for replicate in range(2):
        left, right = plain.history(replicate), eventful.history(replicate)
        assert not list(unequal(left.organizations, right.organizations))
        assert not list(unequal(left.ties, right.ties))


class WithSameStaff(Scenario):
    """A scenario with an effect that multiplies the staff of its first partner by one."""

    def lower(self) -> Blueprint:
        plan = super().lower()
        effect = np.array([(5, EFFECTS["capacity"], 0, -1, 1.0)], dtype=EFFECT)
        return replace(plan, effects=effect)


def test_staff_times_one_changes_no_bit():
    told = {"name": "same-world", "months": MONTHS, "levers": LEVERS, "roster": {"count": 8}}
    plain, eventful = run(mature()), run(WithSameStaff(**told))
    assert np.array_equal(plain.values, eventful.values, equal_nan=True)


# Shared draws


@settings(max_examples=12)
@given(st.integers(0, 2**32 - 1), st.sampled_from([2, 9, 17]))
def test_plans_that_differ_later_are_the_same_before(seed, month):
    changes = [
        {"kind": "backbone-closes", "month": month},
        {"kind": "trust-breach", "partner": "partner-2", "month": month, "loss": 0.9},
        {"kind": "partner-leaves", "partner": "partner-5", "month": month},
        {"kind": "issue-shock", "size": 1.0, "month": month},
    ]
    plain = cisim.simulate(mature(), 2, seed)
    changed = cisim.simulate(mature(event=changes), 2, seed)
    assert np.array_equal(plain.values[:, :month], changed.values[:, :month], equal_nan=True)
    assert not np.array_equal(plain.values[:, month], changed.values[:, month], equal_nan=True)


def test_a_longer_horizon_only_adds_months():
    short, long = run(mature()), run(mature(months=MONTHS + 7))
    assert np.array_equal(short.values, long.values[:, : MONTHS + 1], equal_nan=True)


def test_isolated_and_collective_impact_live_in_the_same_world():
    together = mature()
    alone = mature(levers={}, roster={"count": 8, "members": False})
    ours, theirs = run(together, 3), run(alone, 3)
    assert np.array_equal(ours["severity_alone"], theirs["severity_alone"])  # the same drift, for one
    for replicate in range(3):
        left, right = ours.history(replicate).organizations, theirs.history(replicate).organizations
        for name in ("capacity", "mission", "relational_capacity", "propensity", "practice_alone", "popularity",
                     "new_representative", "framing_origin", "engagement_alone"):  # fmt: skip
            assert np.array_equal(left[name][:, :-1], right[name][:, :-1]), name
        first, second = ours.history(replicate).ties[0], theirs.history(replicate).ties[0]
        assert not list(unequal(first, second))  # contact, trust and joint work start alike
        model = [cisim.CoalitionModel(s, seed=SEED, replicate=replicate) for s in (together, alone)]
        assert np.array_equal(model[0].issue_row.need, model[1].issue_row.need)
        for _ in range(6):
            for walker in model:
                walker.step()
            assert model[0].issue_row.drift == model[1].issue_row.drift


def test_the_same_partner_is_the_same_in_another_company():
    """What is drawn for a partner depends on its id alone, not on its place or on who else is there."""
    partners = [{"id": name} for name in PEOPLE]
    told = {"name": "company", "months": 1}
    first = run(Scenario(partner=partners, **told)).history(1)
    second = run(Scenario(partner=[{"id": "New"}, *partners[2:], {"id": "Late"}], **told)).history(1)
    for name in ("Cedar", "Elm", "Fir"):
        left, right = (h.organizations[0][h.ids.index(name)] for h in (first, second))
        for field in ("address", "capacity", "mission", "propensity", "popularity", "practice"):
            assert np.array_equal(left[field], right[field]), field


def test_replicates_and_seeds_are_worlds_of_their_own():
    first = run(mature(), 3)
    starts = [first.history(r).organizations["capacity"][0, :-1] for r in range(3)]
    starts.append(
        cisim.simulate(mature(), 1, SEED + 1, keep_history=[0]).history(0).organizations["capacity"][0, :-1]
    )
    for a in range(4):
        for b in range(a):
            assert not np.isin(starts[a], starts[b]).any()

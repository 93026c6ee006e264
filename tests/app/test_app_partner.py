"""A partner's story is true: its reasons, chances and promises are those by which the engine moved."""

from __future__ import annotations

import json

import numpy as np
import pytest

from cisim import verbs
from cisim.app.drawing.moment import moment_of
from cisim.app.drawing.outcomes import RECORDED
from cisim.app.drawing.partner import partner_story
from cisim.app.drawing.promises import promises_in, promises_of_year
from cisim.app.drawing.reasons import (
    benefit_of,
    benefit_reasons,
    engagement_goal_of,
    engagement_reasons,
    exit_chances,
)
from cisim.app.pictures import PartnerStory
from cisim.engine.ensemble import simulate
from cisim.engine.model import CoalitionModel
from cisim.errors import SpecError
from cisim.world.posterior import Posterior
from cisim.world.scenario import Scenario

MONTHS = 40
SEED = 5


def told(name="collective-impact", **changes) -> Scenario:
    return verbs.preset(name).replace(**{"months": MONTHS} | changes)


def run(scenario, replicate=3):
    return simulate(scenario, [0, replicate], SEED, measures=RECORDED, keep_history=[replicate])


@pytest.fixture(scope="module")
def ensemble():
    draws = Posterior.from_table(["trust_mean", "exit_rate"], [[0.5, 0.2], [0.7, 0.1], [0.65, 0.25]])
    return run(told(posterior=draws))


@pytest.fixture(scope="module")
def history(ensemble):
    return ensemble.history(3)


def stayed(history, month, row):
    """True if an organization was a member when the month weighed engagement, and no event touched it."""
    rows = history.organizations
    return bool(
        rows["member"][month, row]
        and rows["member"][month - 1, row]
        and not rows["joined_this_month"][month, row]
    )


# engagement and membership
def test_goal_and_benefit_are_those_by_which_the_engine_moved_every_member_bit_for_bit(ensemble, history):
    checked = 0
    for month in range(1, MONTHS + 1):
        moment = moment_of(ensemble, 3, month)
        for row in range(len(history.ids) - 1):
            if stayed(history, month, row):
                before, now = history.organizations[month - 1, row], history.organizations[month, row]
                goal, benefit = engagement_goal_of(moment, row), benefit_of(moment, row)
                engaged = moment.rules.next_engagement(float(before["engagement"]), goal, moment.p)
                balance = moment.rules.next_balance(float(before["balance"]), benefit, moment.p)
                assert (engaged, balance) == (float(now["engagement"]), float(now["balance"]))
                checked += 1
    assert checked > 800


def test_those_outside_go_back_to_their_own_engagement():
    ensemble = run(told("isolated-impact", months=12), 0)
    moment = moment_of(ensemble, 0, 12)
    assert engagement_goal_of(moment, 2) == moment.rules.engagement_alone(moment.p)
    assert engagement_reasons(moment, 2) == []


def test_reasons_of_belonging_add_up_to_the_benefit(ensemble):
    moment = moment_of(ensemble, 3, 30)
    for row in np.flatnonzero(moment.rows["member"][:-1]).tolist():
        reasons = benefit_reasons(moment, row)
        whole = sum(reason.size for reason in reasons) - float(moment.p.benefit_expected)
        assert whole == pytest.approx(benefit_of(moment, row), abs=1e-12)
        assert [abs(reason.size) for reason in reasons] == sorted(
            (abs(r.size) for r in reasons), reverse=True
        )


def test_reasons_of_engagement_have_the_sign_of_what_they_are(ensemble):
    moment = moment_of(ensemble, 3, 30)
    for row in np.flatnonzero(moment.rows["member"][:-1]).tolist():
        sizes = {reason.name: reason.size for reason in engagement_reasons(moment, row)}
        assert sizes["load"] <= 0 <= sizes["wins"] and sizes["progress"] >= 0
        assert (sizes["trust"] >= 0) == (moment.rows["contact_trust"][row] >= moment.p.trust_mean)


def test_the_chance_to_leave_is_the_models(ensemble):
    moment = moment_of(ensemble, 3, 30)
    row = int(np.flatnonzero((moment.rows["member"][:-1] == 1) & (moment.rows["tenure"][:-1] > 20))[0])
    soon, year = exit_chances(moment, row)
    balance = moment.rules.next_balance(float(moment.rows["balance"][row]), benefit_of(moment, row), moment.p)
    assert soon == moment.rules.exit_chance(balance, int(moment.rows["tenure"][row]), moment.p)
    assert soon < year < 12.5 * soon or soon == year == 0
    young = moment_of(ensemble, 3, 2)
    assert exit_chances(young, row)[0] == 0


# promises
def test_promises_move_trust_as_the_engine_did_bit_for_bit(ensemble, history):
    rows, ties, checked = history.organizations, history.ties, 0
    moment = moment_of(ensemble, 3, 1)
    rules, p = moment.rules, moment.p
    for month in (1, 7, 19, 33, 40):
        for at in range(0, ties.shape[1], 3):
            tie, before = ties[month, at], ties[month - 1, at]
            i, j = int(tie["i"]), int(tie["j"])
            if rows["new_representative"][month, [i, j]].any() or tie["contact"] == 0:
                continue
            found = promises_in(history, at, month, (SEED, 3), rules, p)
            for side, (own, other) in enumerate(((i, j), (j, i))):
                trust = float(before["trust"][side])
                if found.contacts:
                    trust = rules.trust(trust, found.kept[side], found.broken(side), p)
                prior = rules.prior_trust(
                    float(rows["reputation"][month, other]), float(rows["propensity"][month - 1, own])
                )
                trust = rules.relax(trust, prior, float(tie["silence"]), p)
                assert trust == float(tie["trust"][side]), (month, at, side)
                checked += 1
    assert checked > 300


def test_a_year_of_promises_is_the_sum_of_its_months(ensemble, history):
    moment = moment_of(ensemble, 3, 20)
    where, rules, p = (SEED, 3), moment.rules, moment.p
    year = promises_of_year(history, 4, 20, where, rules, p)
    months = [promises_in(history, 4, month, where, rules, p) for month in range(9, 21)]
    assert year.contacts == sum(month.contacts for month in months)
    assert year.kept[0] + year.broken(0) == year.kept[1] + year.broken(1) == year.contacts
    assert promises_of_year(history, 4, 0, where, rules, p).contacts == 0


# the story
def test_a_story_is_what_the_protocol_says_and_json(ensemble):
    story = partner_story(ensemble, 3, "partner-3", 30)
    assert set(story) == PartnerStory.__required_keys__ | PartnerStory.__optional_keys__
    assert json.loads(json.dumps(story, allow_nan=False)) == story
    assert all(len(path) == MONTHS + 1 for path in story["paths"].values())
    assert all(one["month"] <= 30 for one in story["history"])


def test_ties_are_those_of_the_state_strongest_first(ensemble, history):
    story = partner_story(ensemble, 3, "partner-3", 30)
    contact = [tie["contact"] for tie in story["ties"]]
    assert contact == sorted(contact, reverse=True) and contact[0] > 0
    rows = {key: at for at, key in enumerate(history.ids)}
    for told_of in story["ties"]:
        low, high = sorted((rows["partner-3"], rows[told_of["id"]]))
        (at,) = np.flatnonzero((history.ties["i"][30] == low) & (history.ties["j"][30] == high))
        tie = history.ties[30, at]
        side = 0 if rows["partner-3"] == low else 1
        assert told_of["trust"] == round(float(tie["trust"][side]), 3)
        assert told_of["trusted"] == round(float(tie["trust"][1 - side]), 3)
        assert told_of["kept"] + told_of["broken"] == told_of["contacts"]
        assert told_of["why"]


@pytest.mark.parametrize("name", verbs.presets())
def test_every_organization_of_every_preset_has_a_story_at_any_time(name):
    scenario = verbs.preset(name)
    scenario = scenario.replace(months=30, event=[event for event in scenario.event if event.month <= 30])
    ensemble = run(scenario, 0)
    for at, key in enumerate(scenario.ids):
        story = partner_story(ensemble, 0, key, (0, 1, 15, 30, 999)[at % 5])
        text = " ".join([*story["lines"], *story["next"], *(tie["why"] for tie in story["ties"])])
        assert story["lines"] and "nan" not in text and "None" not in text and "  " not in text


def test_words_are_right_in_what_they_say():
    events = [
        {"kind": "partner-leaves", "month": 3, "partner": "partner-1"},
        {"kind": "merger", "month": 4, "into": "partner-3", "partner": "partner-2"},
        {"kind": "leader-changes", "month": 9, "partner": "partner-4"},
        {"kind": "backbone-closes", "month": 10},
    ]
    ensemble = run(told(months=12, event=events, levers=told().levers | {"invitations": 0}), 0)
    left = partner_story(ensemble, 0, "partner-1", 5)
    assert "was a member and is none any more" in left["lines"][0]
    assert left["history"][0] == {"month": 3, "text": "Partner 1 leaves the initiative.", "kind": "event"}
    assert any("nobody is invited" in line for line in left["next"])
    merged = partner_story(ensemble, 0, "partner-2", 5)
    assert "does not exist any more" in merged["lines"][0] and merged["next"] == [] and merged["ties"] == []
    planned = partner_story(ensemble, 0, "partner-4", 5)["next"]
    assert any(line.startswith("Planned for month 9: Partner 4 gets a new leader") for line in planned)
    assert any("is new and will not think of leaving for 4 more months" in line for line in planned)
    assert "no staff" in partner_story(ensemble, 0, "backbone", 12)["lines"][0]
    assert "3 full-time staff" in partner_story(ensemble, 0, "backbone", 5)["lines"][0]


def test_a_chance_to_join_is_told_where_somebody_may_be_invited():
    partners = [{"id": f"partner-{number}", "member": number > 2} for number in range(1, 9)]
    scenario = told(months=24, partner=partners, roster={"count": 8})
    ensemble = run(scenario, 0)
    for month in range(24):
        outside = np.flatnonzero(ensemble.history(0).organizations["member"][month, :-1] == 0)
        if len(outside):
            story = partner_story(ensemble, 0, scenario.ids[int(outside[0])], month)
            assert any(line.startswith("Chance that it joins next month") for line in story["next"])
            return
    raise AssertionError("everybody was a member all the time")


def test_what_a_story_needs_is_asked_for(ensemble):
    with pytest.raises(SpecError, match="no partner 'nobody'"):
        partner_story(ensemble, 3, "nobody", 3)
    with pytest.raises(SpecError, match="history of replicate 0 was not kept"):
        partner_story(ensemble, 0, "partner-1", 3)
    bare = simulate(told(months=2), 1, measures=["severity"], keep_history=[0])
    with pytest.raises(SpecError, match="severity_observed"):
        partner_story(bare, 0, "partner-1", 1)


def test_the_mesa_model_tells_the_same_partner():
    """The other engine, which knows nothing of stories, has the same engagement, trust and work."""
    scenario = told(months=6, roster={"count": 6})
    ensemble = simulate(scenario, 1, SEED, measures=RECORDED, keep_history=[0])
    model = CoalitionModel(scenario, seed=SEED).run()
    story = partner_story(ensemble, 0, "partner-2", 6)
    partner = next(agent for agent in model.agents if agent.name == "partner-2")
    assert story["paths"]["engagement"][-1] == round(float(partner.engagement), 3)
    assert story["paths"]["trust"][-1] == round(float(partner.contact_trust), 3)
    strongest = max(partner.bonds, key=lambda bond: bond.tie.contact)
    assert story["ties"][0]["id"] == strongest.other.name
    assert story["ties"][0]["trust"] == round(strongest.trust, 3)

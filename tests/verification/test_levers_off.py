"""With every lever at 0 and no backbone, nothing that belongs to a condition changes anything."""

from __future__ import annotations

import numpy as np
import pytest

import cisim
from cisim.theory.parameters import UNCERTAINTIES
from cisim.world.scenario import Scenario

MONTHS, REPLICATES = 36, 3

# Parameters that only act through a lever, the backbone, or (second list) through being a member.
OF_CONDITIONS = (
    "convened_rate", "working_group_share", "broker_rate", "backbone_pull", "contacts_per_fte",
    "backbone_skill", "kept_by_help", "facilitation_rate", "unaided_agenda", "evidence_rate",
    "evidence_noise", "realignment_rate", "unaided_coordination", "adoption_rate", "unaided_adoption",
    "adoption_decay", "discovery_rate", "reinforcement_most", "reinforcement_half", "meeting_cost",
    "reporting_cost", "prototyping_cost", "join_reluctance",
)  # fmt: skip
OF_MEMBERSHIP = (
    "engagement_by_progress", "engagement_by_trust", "engagement_by_agreement", "engagement_by_wins",
    "engagement_by_load", "visibility_base", "wins_scale", "exit_rate", "exit_by_balance",
    "benefit_expected", "grace", "balance_rate", "fewest_members", "dissolution_rate",
)  # fmt: skip


def alone(members: bool) -> Scenario:
    return Scenario(name="alone", months=MONTHS, roster={"count": 8, "members": members})


def run(scenario: Scenario) -> cisim.Ensemble:
    return cisim.simulate(scenario, REPLICATES, seed=5, keep_history=range(REPLICATES))


@pytest.fixture(scope="module", params=[False, True], ids=["isolated", "members"])
def told(request):
    scenario = alone(request.param)
    return scenario, run(scenario)


def test_no_condition_is_achieved(told):
    _, ensemble = told
    for name in (
        "indicator_coverage", "coordination_reached", "reinforcement", "backbone_support", "backbone_reach",
        "backbone_betweenness", "fragmentation", "cost_backbone", "cost_meetings", "cost_reporting",
        "cost_pooled", "joins",
    ):  # fmt: skip
        assert (ensemble[name] == 0.0).all(), name


def test_nobody_is_helped_reports_or_coordinates(told):
    _, ensemble = told
    for replicate in range(REPLICATES):
        history = ensemble.history(replicate)
        for name in (
            "help_agenda", "help_activities", "help_measurement", "help_communication", "adoption",
            "coordination", "reinforcement",
        ):  # fmt: skip
            assert (history.organizations[name] == 0.0).all(), name
        with_backbone = history.ties["j"][0] == len(history.ids) - 1
        assert (history.ties["contact"][:, with_backbone] == 0.0).all()
        assert np.array_equal(
            history.organizations["portfolio"][-1, :-1], history.organizations["mission"][0, :-1]
        )


def test_in_isolation_nobody_is_a_member_and_no_agenda_emerges():
    ensemble = run(alone(False))
    assert (ensemble["members"] == 0).all() and (ensemble["agenda_consensus"] == 0).all()
    for replicate in range(REPLICATES):
        agenda = ensemble.history(replicate).organizations["framing"][:, -1]  # the backbone carries it
        assert (agenda == agenda[0]).all()


@pytest.mark.parametrize("end", ["low", "high"])
def test_what_belongs_to_conditions_changes_no_bit(told, end):
    scenario, ensemble = told
    isolated = not scenario.roster.members
    names = OF_CONDITIONS + (OF_MEMBERSHIP if isolated else ())
    changed = run(scenario.replace(parameters={name: getattr(UNCERTAINTIES[name], end) for name in names}))
    assert np.array_equal(changed.values, ensemble.values, equal_nan=True)
    for replicate in range(REPLICATES):
        ours, theirs = ensemble.history(replicate), changed.history(replicate)
        for field in ours.organizations.dtype.names:
            assert np.array_equal(ours.organizations[field], theirs.organizations[field]), field
        for field in ours.ties.dtype.names:
            assert np.array_equal(ours.ties[field], theirs.ties[field]), field


def test_the_world_without_the_coalition_is_its_own():
    """Severity in the other world is the same bits whatever the coalition does."""
    ci = Scenario(
        name="all", months=MONTHS, roster={"count": 8},
        levers={"agenda": 1, "measurement": 1, "coordination": 1, "meetings": 2, "backbone_staff": 3},
    )  # fmt: skip
    assert np.array_equal(run(ci)["severity_alone"], run(alone(False))["severity_alone"])


def test_without_drift_or_experience_the_status_quo_stays():
    still = {"trend": 0.0, "trend_shock": 0.0, "experience_rate": 0.0}
    ensemble = run(alone(False).replace(parameters=still))
    assert np.abs(ensemble["severity_alone"] - 1.0).max() < 1e-12  # rounding

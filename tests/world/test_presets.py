"""Every preset loads, explains itself, cites its reasons, and is what its name says."""

from __future__ import annotations

import re

import numpy as np
import pytest

from cisim.errors import SpecError
from cisim.theory.parameters import LEVERS
from cisim.theory.sources import SOURCES
from cisim.world import presets
from cisim.world.scenario import Scenario

CONDITIONS = ("agenda", "measurement", "coordination", "meetings", "prototyping")


@pytest.mark.parametrize("name", presets.names())
def test_a_preset_tells_a_trainer_what_to_expect_and_why(name: str) -> None:
    plan = presets.load(name)
    assert plan.name == name
    assert plan.title
    assert 2 <= len(re.findall(r"[.!?](?:\s|$)", plan.description)) <= 4
    assert "xpect" in plan.description or "ompare" in plan.description
    assert plan.sources
    assert all(citation.key in SOURCES and len(citation.reason) > 20 for citation in plan.sources)


@pytest.mark.parametrize("name", presets.names())
def test_a_preset_round_trips_lowers_and_describes_itself(name: str) -> None:
    plan = presets.load(name)
    assert Scenario.from_toml(plan.to_toml()) == plan
    assert len(plan.lower().organizations) == len(plan.ids)
    assert plan.title in plan.describe()


def test_the_catalogue_holds_every_preset() -> None:
    assert tuple(presets.catalogue()) == presets.names()
    assert {
        "isolated-impact", "agenda-alone", "measurement-alone", "activities-alone", "communication-alone",
        "backbone-alone", "conditions-without-backbone", "collective-impact", "social-innovation-lab",
        "backbone-too-small", "wrong-agenda", "funder-leaves", "phased-inclusion", "statewide-coalition",
    } <= set(presets.names())  # fmt: skip


def test_an_unknown_preset_gives_the_nearest_known_one() -> None:
    with pytest.raises(SpecError, match=r"no preset 'colective-impact'\. Did you mean 'collective-impact'"):
        presets.load("colective-impact")
    with pytest.raises(SpecError, match=r"no preset '\.\./x'"):
        presets.load("../x")


def start(name: str) -> dict[str, float]:
    row = presets.load(name).lower().levers[0]
    return {lever: float(row[lever]) for lever in LEVERS}


def test_isolated_impact_does_nothing_together() -> None:
    assert start("isolated-impact") == {name: lever.default for name, lever in LEVERS.items()}
    assert presets.load("isolated-impact").lower().organizations["member"].sum() == 0


@pytest.mark.parametrize(
    ("name", "lever", "focus"),
    [
        ("agenda-alone", "agenda", "focus_agenda"),
        ("measurement-alone", "measurement", "focus_measurement"),
        ("activities-alone", "coordination", "focus_activities"),
        ("communication-alone", "meetings", "focus_communication"),
    ],
)
def test_one_condition_alone_has_one_condition_and_a_backbone(name: str, lever: str, focus: str) -> None:
    levers = start(name)
    assert [condition for condition in CONDITIONS if levers[condition]] == [lever]
    assert levers["backbone_staff"] == 3
    assert levers[focus] == 0.7
    assert sum(levers[f"focus_{f}"] for f in ("agenda", "activities", "measurement", "communication")) == (
        pytest.approx(1)
    )


def test_backbone_alone_and_conditions_without_it_are_complements() -> None:
    alone, without, full = (
        start("backbone-alone"),
        start("conditions-without-backbone"),
        start("collective-impact"),
    )
    assert [c for c in CONDITIONS if alone[c]] == []
    assert without["backbone_staff"] == 0
    assert alone["backbone_staff"] == full["backbone_staff"] == 3
    assert all(without[c] == full[c] for c in CONDITIONS)


def test_what_extends_collective_impact_differs_only_where_it_says() -> None:
    full, small = start("collective-impact"), start("backbone-too-small")
    assert {name for name in full if full[name] != small[name]} == {"backbone_staff"}
    assert len(presets.load("backbone-too-small").ids) == 46


def test_the_wrong_agenda_is_wrong_and_shared() -> None:
    lowered = presets.load("wrong-agenda").lower()
    framing = lowered.organizations["framing"][:-1]
    apart = 0.5 * np.abs(framing - framing.mean(axis=0)).sum(axis=1)
    wrong = 0.5 * np.abs(framing.mean(axis=0) - lowered.issue["need"][0]).sum()
    assert apart.max() < 0.12
    assert wrong > 0.45
    assert lowered.levers["measurement"][[1, 47, 48]].tolist() == [0, 0, 1]


def test_the_funder_leaves_in_month_36() -> None:
    levers = presets.load("funder-leaves").lower().levers
    assert levers["funded"][[35, 36]].tolist() == [1, 0]
    assert levers["backbone_staff"][[35, 36]].tolist() == [3, 1.5]


def test_phased_inclusion_lets_everybody_in_by_and_by() -> None:
    lowered = presets.load("phased-inclusion").lower()
    members = set(np.flatnonzero(lowered.organizations["member"]).tolist())
    assert len(members) == 8
    assert members | set(lowered.effects["a"].tolist()) == set(range(25))
    assert lowered.levers["invitations"].max() == 0


STATEWIDE = {"any": (1 / 12, 0.583, 0.453), "monthly": (1, 0.313, 0.701), "weekly": (4, 0.093, 0.261)}


@pytest.mark.parametrize("level", STATEWIDE)
def test_the_statewide_coalition_has_the_figures_of_a_real_one(level: str) -> None:
    least, density, centralization = STATEWIDE[level]
    ties = presets.load("statewide-coalition").lower().ties
    meets = ties["contact"] >= least
    degree = np.bincount(ties["i"][meets], minlength=25) + np.bincount(ties["j"][meets], minlength=25)
    assert len(ties) == 300
    assert meets.mean() == pytest.approx(density, abs=0.03)
    assert (degree.max() - degree).sum() / (24 * 23) == pytest.approx(centralization, abs=0.03)
    assert degree.argmax() == 24
    assert degree[24] >= {"any": 24, "monthly": 22, "weekly": 1}[level]


def test_in_the_statewide_coalition_contact_and_joint_work_go_together_but_are_not_the_same() -> None:
    ties = presets.load("statewide-coalition").lower().ties
    contact, joint = ties["contact"], ties["collaboration"]
    active = contact > 0
    assert _spearman(contact, joint) == pytest.approx(0.69, abs=0.08)
    assert _spearman(contact[active], joint[active]) == pytest.approx(0.43, abs=0.1)
    assert {round(float(x), 3) for x in contact} == {0, 0.333, 1, 4.167, 20.833}
    assert {round(float(x), 3) for x in joint} == {0, 0.333, 0.667, 1}


def _spearman(x: np.ndarray, y: np.ndarray) -> float:
    def ranks(values: np.ndarray) -> np.ndarray:
        _, place, times = np.unique(values, return_inverse=True, return_counts=True)
        return (np.cumsum(times) - (times - 1) / 2)[place]

    return float(np.corrcoef(ranks(x), ranks(y))[0, 1])

"""A scenario lowered: rows, pairs, what is given, and what each replicate draws."""

from __future__ import annotations

import hashlib
import math

import numpy as np
import pytest

from cisim.theory.parameters import UNCERTAINTIES
from cisim.theory.rules import default_choices
from cisim.theory.state import ORGANIZATION, TIE, row_type
from cisim.world import blueprint as module
from cisim.world.blueprint import addresses
from cisim.world.scenario import Scenario

OPEN = [field.name for field in ORGANIZATION if field.given]


def small(**more: object) -> Scenario:
    return Scenario(name="a", **{"roster": {"count": 3}, **more})


def test_what_nobody_tells_is_nan_and_the_rest_is_a_number() -> None:
    rows = small().lower().organizations
    assert rows.dtype == row_type(ORGANIZATION, 5)
    for field in ORGANIZATION:
        open_in_partners = np.isnan(rows[field.name][:-1]).all()
        assert open_in_partners == field.given, field.name
        if not field.given:
            assert not np.isnan(rows[field.name]).any(), field.name


def test_the_backbone_is_the_last_row() -> None:
    backbone = small().lower().organizations[-1]
    expected = {"is_backbone": 1, "present": 1, "member": 0, "may_join": 0, "capacity": 0, "engagement": 1}
    assert {name: backbone[name] for name in expected} == expected
    for profile in ("mission", "framing", "portfolio"):
        assert backbone[profile].tolist() == [0.2] * 5


def test_what_a_partner_tells_of_itself_stands_in_its_row() -> None:
    told = {"id": "partner-2", "capacity": 4, "relational_capacity": 9, "engagement": 0.5, "practice": 0.3}
    more = {"trust": 0.7, "mission": [1, 1, 0, 0, 2], "member": False, "may_join": False, "sector": "arts"}
    lowered = small(partner=[told | more]).lower()
    row = lowered.organizations[1]
    for name in ("capacity", "relational_capacity", "engagement", "practice"):
        assert row[name] == told[name]
    assert row["propensity"] == 0.7
    assert (row["member"], row["may_join"]) == (0, 0)
    assert lowered.sectors[row["sector"]] == "arts"
    assert math.fsum(row["mission"]) == pytest.approx(1, abs=1e-15)
    assert row["mission"] == pytest.approx([0.25, 0.25, 1e-4, 1e-4, 0.5], rel=1e-3)
    assert np.isnan(row["framing"]).all()
    assert lowered.organizations["member"].tolist() == [1, 0, 1, 0]


def test_a_partner_that_does_not_say_it_follows_the_roster() -> None:
    roster = {"count": 2, "members": False, "may_join": False}
    rows = small(roster=roster, partner=[{"id": "partner-1", "capacity": 2}, {"id": "x", "member": True}])
    lowered = rows.lower().organizations
    assert lowered["member"].tolist() == [0, 0, 1, 0]
    assert lowered["may_join"].tolist() == [0, 0, 0, 0]


def test_generated_partners_cycle_through_the_sectors() -> None:
    lowered = Scenario(name="a", roster={"count": 5, "sectors": ["x", "y"]}).lower()
    assert [lowered.sectors[number] for number in lowered.organizations["sector"]] == [*"xyxyx", ""]


def test_the_address_of_draws_depends_on_the_id_alone() -> None:
    first = dict(zip(small().ids, small().lower().organizations["address"].tolist(), strict=True))
    more = small(roster={"count": 9}, partner=[{"id": "new"}])
    later = dict(zip(more.ids, more.lower().organizations["address"].tolist(), strict=True))
    assert all(later[name] == address for name, address in first.items())
    digest = hashlib.blake2s(b"partner-1", digest_size=4).digest()
    assert first["partner-1"] == int.from_bytes(digest, "big")


def test_no_two_organizations_share_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    found = addresses(f"partner-{n}" for n in range(1, 20_001))
    assert len(set(found)) == 20_000
    monkeypatch.setattr(module, "_hash", lambda name, salt: (len(name) + salt) % 7)
    assert addresses(["a", "b", "c", "dd"]) == [1, 2, 3, 4]


def test_every_pair_is_possible_once_in_order() -> None:
    ties = small().lower().ties
    assert ties.dtype == row_type(TIE, 5)
    pairs = list(zip(ties["i"].tolist(), ties["j"].tolist(), strict=True))
    assert pairs == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]


def test_ties_with_the_backbone_start_at_nothing_and_others_are_drawn() -> None:
    ties = small().lower().ties
    with_backbone = ties["j"] == 3
    for field in ("contact", "collaboration"):
        assert (ties[field][with_backbone] == 0).all()
        assert np.isnan(ties[field][~with_backbone]).all()
    assert np.isnan(ties["trust"]).all()


def test_unlisted_pairs_of_a_survey_are_absent() -> None:
    tie = {"between": ["partner-1", "partner-3"], "contact": 2}
    ties = small(network={"unlisted": "absent"}, tie=[tie]).lower().ties
    assert ties["contact"].tolist() == [0, 2, 0, 0, 0, 0]
    assert np.isnan(ties["collaboration"]).tolist() == [False, True, False, False, False, False]
    assert np.isnan(ties["trust"]).all()


def test_a_listed_tie_holds_in_either_order() -> None:
    tie = {"contact": 2, "collaboration": 0.5}
    one = small(tie=[{"between": ["partner-1", "partner-3"], "trust": [0.1, 0.9], **tie}]).lower().ties
    two = small(tie=[{"between": ["partner-3", "partner-1"], "trust": [0.9, 0.1], **tie}]).lower().ties
    assert one[1]["trust"].tolist() == [0.1, 0.9]
    for field in one.dtype.names:
        assert np.array_equal(one[field], two[field], equal_nan=True)


def test_one_side_of_trust_can_be_left_open() -> None:
    tie = {"between": ["backbone", "partner-1"], "trust": ["drawn", 0.9]}
    row = small(tie=[tie]).lower().ties[2]
    assert (row["i"], row["j"]) == (0, 3)
    assert row["trust"][0] == 0.9
    assert np.isnan(row["trust"][1])
    assert (row["contact"], row["collaboration"]) == (0, 0)


def test_only_partners_of_one_known_sector_share_it() -> None:
    partners = [{"id": "a", "sector": "x"}, {"id": "b", "sector": "x"}, {"id": "c"}, {"id": "d"}]
    plan = Scenario(name="a", partner=partners, backbone={"sector": "x"})
    ties = plan.lower().ties
    same = [(int(t["i"]), int(t["j"])) for t in ties if t["same_sector"] == 1]
    assert same == [(0, 1)]


def test_the_index_of_ties_names_every_tie_of_every_organization() -> None:
    lowered = small(network={"possible": "sparse", "ties_per_partner": 2}, roster={"count": 9}).lower()
    for row in range(10):
        own = lowered.incident[lowered.starts[row] : lowered.starts[row + 1]]
        expected = np.flatnonzero((lowered.ties["i"] == row) | (lowered.ties["j"] == row))
        assert own.tolist() == expected.tolist()


def test_initiative_issue_parameters_and_choices() -> None:
    plan = small(
        issue={"need": [1, 0, 1, 1, 1], "target": 0.4},
        parameters={"trend": 0.02},
        rules={"trust": "symmetric"},
    )
    lowered = plan.lower()
    assert lowered.initiative["alive"].tolist() == [1]
    assert lowered.initiative["agenda"].tolist() == [[0.2] * 5]
    assert lowered.initiative["factors"].tolist() == [[1] * 5]
    assert lowered.issue["target"].tolist() == [0.4]
    assert lowered.issue["need"][0] == pytest.approx([0.25, 1e-4, 0.25, 0.25, 0.25], rel=1e-3)
    assert lowered.parameters["trend"].tolist() == [0.02]
    assert lowered.parameters["openness"].tolist() == [UNCERTAINTIES["openness"].default]
    assert lowered.choices == default_choices() | {"trust": "symmetric"}
    assert np.isnan(small().lower().issue["need"]).all()


def test_one_more_partner_changes_nothing_of_the_others() -> None:
    before, after = small().lower(), small(partner=[{"id": "new"}]).lower()
    for field in ORGANIZATION:
        same = np.array_equal(
            before.organizations[field.name][:3], after.organizations[field.name][:3], equal_nan=True
        )
        assert same, field.name

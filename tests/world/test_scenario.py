"""A scenario is one checked, frozen input that goes to TOML and back unchanged."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from cisim.errors import SpecError, StoreError
from cisim.world.partners import Partner
from cisim.world.scenario import Scenario


def test_only_what_differs_is_written() -> None:
    assert Scenario(name="a").to_toml() == 'format = 1\nname = "a"\n'
    text = Scenario(name="a", levers={"agenda": 1}, roster={"count": 12}).to_toml()
    assert text == 'format = 1\nname = "a"\n\n[roster]\ncount = 12\n\n[levers]\nagenda = 1.0\n'


def test_a_roster_is_25_partners_unless_partners_are_listed() -> None:
    assert len(Scenario(name="a").ids) == 26
    listed = Scenario(name="a", partner=[Partner(id="x"), Partner(id="y")])
    assert listed.ids == ("x", "y", "backbone")
    assert len(listed.replace(roster={"count": 25}).ids) == 28


def test_a_listed_partner_takes_the_place_of_a_generated_one() -> None:
    plan = Scenario(
        name="a", roster={"count": 3}, partner=[{"id": "partner-2", "name": "North"}, {"id": "x"}]
    )
    assert plan.ids == ("partner-1", "partner-2", "partner-3", "x", "backbone")
    assert plan.names["partner-2"] == "North"
    assert plan.names["partner-3"] == "partner-3"


def test_replace_checks_again_and_leaves_the_first_alone() -> None:
    plan = Scenario(name="a")
    assert plan.replace(months=12).months == 12
    assert plan.months == 120
    with pytest.raises(SpecError, match="months: is out of range, given 0"):
        plan.replace(months=0)
    with pytest.raises(SpecError, match="Did you mean 'months'"):
        plan.replace(month=3)


def test_a_scenario_cannot_be_changed_and_can_be_pickled() -> None:
    plan = Scenario(name="a", event=[{"kind": "trust-breach", "month": 2, "partner": "partner-1"}])
    with pytest.raises(ValueError, match="frozen"):
        plan.months = 3  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(plan)) == plan


def test_numpy_numbers_are_numbers() -> None:
    plan = Scenario(
        name="a",
        months=np.int64(12),
        issue={"need": np.ones(5), "target": np.float64(0.5)},
        levers={"meetings": np.int64(2)},
    )
    assert plan == Scenario(
        name="a", months=12, issue={"need": [0.2] * 5, "target": 0.5}, levers={"meetings": 2}
    )
    with pytest.raises(SpecError, match=r"issue.need: has 3 numbers, but there are 5 workstreams"):
        Scenario(name="a", issue={"need": np.ones(3)})


def test_profiles_are_kept_as_shares() -> None:
    plan = Scenario(name="a", workstreams=["x", "y"], issue={"need": [3, 1]})
    assert plan.issue.need == (0.75, 0.25)


def test_a_file_that_extends_a_preset_merges_tables_and_appends_lists() -> None:
    text = (
        'extends = "funder-leaves"\nname = "mine"\n[levers]\nmeetings = 4\n'
        '[[event]]\nkind = "backbone-closes"\nmonth = 60\n'
    )
    plan = Scenario.from_toml(text)
    assert plan.name == "mine"
    assert plan.title == ""
    assert plan.levers["meetings"] == 4
    assert plan.levers["pooled_funding"] == 5
    assert [event.kind for event in plan.event] == ["funder-leaves", "backbone-closes"]
    assert Scenario.from_toml(plan.to_toml()) == plan


def test_write_and_read(tmp_path: Path) -> None:
    plan = Scenario(name="a", description="Zwölf Gemeinden\n\n“and one more”")
    plan.write(tmp_path / "a.toml")
    plan.replace(months=12).write(tmp_path / "a.toml")
    assert Scenario.read(tmp_path / "a.toml") == plan.replace(months=12)
    assert os.listdir(tmp_path) == ["a.toml"]


def test_write_leaves_no_part_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Scenario(name="a")
    plan.write(tmp_path / "a.toml")
    before = (tmp_path / "a.toml").read_bytes()

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(StoreError, match="No space left"):
        plan.replace(months=12).write(tmp_path / "a.toml")
    with pytest.raises(StoreError, match="No space left"):
        plan.write(tmp_path / "b.toml")
    assert os.listdir(tmp_path) == ["a.toml"]
    assert (tmp_path / "a.toml").read_bytes() == before


def test_a_place_that_cannot_be_written_or_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        Scenario(name="a").write(tmp_path / "nowhere" / "a.toml")
    with pytest.raises(SpecError, match="cannot be read"):
        Scenario.read(tmp_path / "nowhere.toml")
    (tmp_path / "bad.toml").write_bytes(b"name = '\xff'")
    with pytest.raises(SpecError, match="UTF-8"):
        Scenario.read(tmp_path / "bad.toml")
    (tmp_path / "bad.toml").write_text("months = 0")
    with pytest.raises(SpecError, match=r"bad\.toml: 2 faults"):
        Scenario.read(tmp_path / "bad.toml")

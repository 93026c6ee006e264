"""Known figures of three real surveys, and the column maps they are read with.

The data stand beside the checkout and stay out of it; where they are not there, nothing is collected
and the synthetic surveys cover the same code.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cisim.world.scenario import Scenario
from cisim.world.survey import SurveyMap, import_survey, summary_text

HERE = Path(__file__).parent
MAPS = HERE / "survey_maps"
DATA = HERE.parents[1].parent / "shared" / "data"

SURVEYS = {
    "indiana": ("indiana_tobacco", "ties.csv", [{}]),
    "estuaries": ("estuaries", "dyads.csv", [{"estuary": number} for number in "13579"]),
    "emon": (
        "emon",
        "ties.csv",
        [{"network": name} for name in (
            "Cheyenne", "HurrFrederic", "LakePomona", "MtSi", "MtStHelens", "Texas", "Wichita"
        )],
    ),
}  # fmt: skip
NETWORKS = [
    pytest.param(which, where, id="-".join([which, *where.values()]))
    for which, (folder, _, networks) in SURVEYS.items()
    for where in networks
    if (DATA / folder).is_dir()
]
ONCE = [None] if DATA.is_dir() else []


def read(which: str, where: dict[str, str] | None = None, *flags: str):
    folder, ties, networks = SURVEYS[which]
    where = networks[0] if where is None else where
    survey_map = SurveyMap.read(MAPS / f"{which}.toml").with_flags(
        [*(f"where.{column}={value}" for column, value in where.items()), *flags]
    )
    return import_survey(DATA / folder / "organizations.csv", DATA / folder / ties, survey_map, name=which)


@pytest.mark.parametrize("path", sorted(MAPS.glob("*.toml")), ids=lambda path: path.stem)
def test_a_map_reads_back_as_written(path):
    survey_map = SurveyMap.read(path)
    assert SurveyMap.from_toml(survey_map.to_toml()) == survey_map


@pytest.mark.parametrize(("which", "where"), NETWORKS)
def test_every_network_becomes_a_scenario_without_gaps_in_contact(which, where):
    imported = read(which, where)
    assert Scenario.from_toml(imported.scenario.to_toml()) == imported.scenario
    assert imported.summary.contact.left == 0
    assert all(tie.contact is not None for tie in imported.scenario.tie)
    assert len(summary_text(imported).splitlines()) <= 30


@pytest.mark.parametrize("_", ONCE)
def test_indiana_has_its_published_shape(_):
    imported = read("indiana")
    summary = imported.summary
    assert summary.organizations == 25 and len(imported.scenario.partner) == 24
    assert imported.scenario.backbone.id == "1"
    assert summary.density == pytest.approx({"any": 0.583, "monthly": 0.313, "weekly": 0.093}, abs=5e-4)
    assert summary.centralization == pytest.approx(
        {"any": 0.453, "monthly": 0.701, "weekly": 0.261}, abs=5e-4
    )
    assert summary.spearman == pytest.approx(0.69, abs=5e-3)
    reached = [tie for tie in imported.scenario.tie if "1" in tie.between and tie.contact]
    assert len(reached) == 24


@pytest.mark.parametrize("_", ONCE)
def test_indiana_is_the_same_when_its_columns_are_guessed(_):
    folder = DATA / "indiana_tobacco"
    guessed = import_survey(folder / "organizations.csv", folder / "ties.csv", name="indiana")
    assert guessed.scenario.tie == read("indiana").scenario.tie
    assert guessed.scenario.backbone.id == "1"


@pytest.mark.parametrize("_", ONCE)
def test_estuaries_have_their_trust_and_density(_):
    """Trust is 6.0 of 10 in the mean; few partners are named, so reports are sparse: 5 to 10 %."""
    summaries = [read("estuaries", where).summary for where in SURVEYS["estuaries"][2]]
    answered = sum(summary.trust.answered for summary in summaries)
    assert answered == sum(summary.organizations for summary in summaries) == 104
    mean = sum(summary.trust.mean * summary.trust.answered for summary in summaries) / answered
    assert mean == pytest.approx(0.60, abs=0.01)
    assert all(0.05 <= summary.reports_density <= 0.10 for summary in summaries)


@pytest.mark.parametrize("_", ONCE)
def test_estuaries_second_wave_keeps_who_did_not_answer_as_missing(_):
    imported = read("estuaries", {"estuary": "1"}, "ties.contact=tie_2001", "organizations.trust=trust_2001")
    summary = imported.summary
    assert len(summary.silent) == 10 and summary.trust.answered == 10
    assert summary.contact.filled == 10 * 9 / 2
    assert sum(partner.trust is None for partner in imported.scenario.partner) == 9
    assert any("drawn with seed 0" in note for note in imported.notes)


@pytest.mark.parametrize("_", ONCE)
def test_two_reports_of_an_emergency_tie_agree_39_to_77_percent_of_the_time(_):
    agreement = [read("emon", where).summary.agreement for where in SURVEYS["emon"][2]]
    assert min(agreement) == pytest.approx(0.39, abs=0.005) and max(agreement) == pytest.approx(
        0.77, abs=0.005
    )


@pytest.mark.parametrize("_", ONCE)
def test_emergency_organizations_that_report_nothing_did_not_answer(_):
    silent = {where["network"]: len(read("emon", where).summary.silent) for where in SURVEYS["emon"][2]}
    assert silent == {
        "Cheyenne": 1, "HurrFrederic": 4, "LakePomona": 0, "MtSi": 5, "MtStHelens": 12,
        "Texas": 1, "Wichita": 3,
    }  # fmt: skip

"""What two sides say of a tie: agreement worked out by hand, what is refused, and the emergency networks."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from cisim.cli.agreement import agreement
from cisim.cli.screen import answering
from cisim.errors import DataError
from cisim.evidence.agreement import compare_reports
from cisim.world.survey import SurveyMap

EMON = Path(__file__).parents[3] / "shared" / "data" / "emon"
REAL = [EMON] if EMON.is_dir() else []

HEADER = "network,source,target,frequency\n"
SOUTH = """\
south,a,b,monthly
south,b,a,monthly
south,a,c,daily
south,c,a,daily
south,a,d,monthly
south,d,a,weekly
south,b,c,weekly
south,a,e,daily
"""
"""Levels of a-b, a-c, a-d: (1, 1), (3, 3), (1, 2). b-c is told by b alone, b-d, c-d by nobody. e did not answer."""
NORTH = "north,x,y,weekly\nnorth,y,x,weekly\n"


@pytest.fixture
def cisim():
    app = typer.Typer()
    app.command()(answering(agreement))
    return lambda *args: CliRunner().invoke(app, [*map(str, args)])


def write(folder: Path, text: str, name: str = "ties.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_agreement_is_what_it_is_by_hand(tmp_path):
    """In both orders 1 1 3 3 1 2 with 1 1 3 3 2 1: mean 11/6, variance 29/36, covariance 23/36; 1 in 3 expected alike."""
    (south,) = compare_reports(write(tmp_path, HEADER + SOUTH)).networks
    assert (south.network, south.organizations, south.answered) == ("south", 5, 4)
    assert (south.either, south.both) == (4, 3)
    assert south.same == pytest.approx(2 / 3)
    expected = (3 / 6) ** 2 + (1 / 6) ** 2 + (2 / 6) ** 2
    assert south.beyond_chance == pytest.approx((2 / 3 - expected) / (1 - expected))
    assert south.correlation == pytest.approx(23 / 29)
    assert south.ceiling == pytest.approx((23 / 29) ** 0.5)
    sides = np.array([[1, 1], [3, 3], [1, 2], [2, 0], [0, 0], [0, 0]])
    both = np.concatenate([sides, sides[:, ::-1]])
    assert south.correlation_with_none == pytest.approx(np.corrcoef(both.T)[0, 1])


def test_the_correlation_is_weighted_kappa_with_squared_distances(tmp_path):
    pairs = np.array([(1, 1), (3, 3), (1, 2)])
    told = np.concatenate([pairs, pairs[:, ::-1]])
    seen = ((told[:, 0] - told[:, 1]) ** 2).mean()
    by_chance = np.subtract.outer(told[:, 0], told[:, 1]) ** 2
    (south,) = compare_reports(write(tmp_path, HEADER + SOUTH)).networks
    assert south.correlation == pytest.approx(1 - seen / by_chance.mean())


def test_several_networks_share_their_levels_and_stand_together_at_the_end(tmp_path):
    write(tmp_path, HEADER + SOUTH + NORTH)
    found = compare_reports(tmp_path)
    assert [one.network for one in found.networks] == ["south", "north", "all"]
    north, whole = found.networks[1:]
    assert (north.both, north.same, north.beyond_chance, north.correlation) == (1, 1.0, None, None)
    assert (whole.organizations, whole.answered, whole.both) == (7, 6, 4)
    assert whole.same == pytest.approx(3 / 4)
    assert found.whole is whole


def test_an_answer_against_all_others_leaves_no_ceiling(tmp_path):
    rows = "source,target,contact\na,b,monthly\nb,a,daily\na,c,daily\nc,a,monthly\n"
    (one,) = compare_reports(write(tmp_path, rows)).networks
    assert (one.network, one.same, one.correlation, one.ceiling) == ("ties", 0.0, pytest.approx(-1.0), 0.0)


def test_names_alone_tell_who_names_back_and_no_level(tmp_path):
    (one,) = compare_reports(write(tmp_path, "source,target\na,b\nb,a\na,c\nc,b\n")).networks
    assert (one.either, one.both, one.same, one.correlation) == (3, 1, None, None)
    assert one.correlation_with_none is not None


def test_a_matrix_and_a_map_are_read_as_an_import_reads_them(tmp_path):
    matrix = write(tmp_path, "org;a;b;c\na;;4;1\nb;3;;0\nc;1;0;\n", "matrix.csv")
    (one,) = compare_reports(matrix).networks
    assert (one.either, one.both, one.same) == (2, 2, 0.5)
    ties = write(
        tmp_path, "source,target,contact,joint\na,b,0,formal\nb,a,0,formal\na,c,1,none\nc,a,1,formal\n"
    )
    told = SurveyMap().with_flags(["ties.contact=joint", 'ties.scale={"none" = 0, "formal" = 1}'])
    (one,) = compare_reports(ties, told).networks
    assert (one.either, one.both) == (2, 1)


def test_every_fault_is_told_at_once_with_row_and_column(tmp_path):
    rows = [
        "south,a,b,monthly", "south,b,a,sometimes", "south,a,a,weekly", "south,a,b,daily", "south,,b,daily", ",a,c,daily"
    ]  # fmt: skip
    path = write(tmp_path, HEADER + "\n".join(rows) + "\n")
    with pytest.raises(DataError) as told:
        compare_reports(path)
    for part in (
        "row 3, column 'frequency': 'sometimes' is not an answer of the scale 'frequency'",
        "row 4, column 'frequency': a tie of an organization with itself",
        "row 5: the pair 'a' to 'b' stands in row 2 already",
        "row 6, column 'source': the id is empty",
        "row 7, column 'network': is empty; each row needs it",
    ):
        assert part in str(told.value)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("source,target,contact\na,b,weekly\nb,c,daily\n", "no pair is listed in both orders"),
        ("source,to_whom,contact\na,b,weekly\n", "no column is known to hold 'target'"),
        ("source,target,answer\na,b,weekly\n", "no column is known to hold 'contact'; left are 'answer'"),
        ("", "the file is empty"),
    ],
)
def test_what_cannot_be_compared_is_refused(tmp_path, text, part):
    with pytest.raises(DataError, match=part):
        compare_reports(write(tmp_path, text))
    with pytest.raises(DataError, match="there is no such file"):
        compare_reports(tmp_path / "nobody.csv")


def test_the_command_says_what_follows_for_a_fit(tmp_path, cisim):
    write(tmp_path, HEADER + SOUTH + NORTH)
    told = cisim(tmp_path, "--quiet")
    assert told.exit_code == 0
    assert "Of 5 pairs in contact as either side says, both say so of 4 (80%)." in told.output
    assert "75% of these are told on the same level." in told.output
    rows = json.loads(cisim(tmp_path, "--json", "--quiet").stdout)
    assert [row["network"] for row in rows] == ["south", "north", "all"]
    assert rows[0]["ceiling"] == pytest.approx((23 / 29) ** 0.5)
    named = cisim(write(tmp_path, "source,target\na,b\nb,a\n", "named.csv"))
    assert "There are no two levels to compare." in named.stdout
    assert cisim(tmp_path / "nobody.csv").exit_code == 2


@pytest.mark.parametrize("data", REAL)
def test_emergency_networks_are_what_the_page_of_the_forecast_says(data):
    """docs/forecast.md repeats these figures: cisim agreement ../shared/data/emon."""
    found = compare_reports(data)
    shares = {one.network: round(one.same, 2) for one in found.networks}
    assert shares == {
        "Cheyenne": 0.58, "HurrFrederic": 0.58, "LakePomona": 0.43, "MtSi": 0.77, "MtStHelens": 0.39,
        "Texas": 0.51, "Wichita": 0.71, "all": 0.55,
    }  # fmt: skip
    assert (found.whole.either, found.whole.both) == (539, 244)
    assert found.whole.correlation == pytest.approx(0.21, abs=0.005)
    assert found.whole.ceiling == pytest.approx(0.46, abs=0.005)

"""The two files of a forecast: what is read, what is left open, what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from forecast_partnerships import partnership, write

from cisim.errors import DataError
from cisim.evidence.forecast import read_partnerships

DYADS = "source,target,tie\na,b,1\nb,a,0\na,c,0\nc,a,1\nb,c,\nc,b,0\n"


def faults_of(path, organizations=None):
    with pytest.raises(DataError) as told:
        read_partnerships(path, organizations)
    return str(told.value)


def test_partnerships_read_back_as_written(tmp_path):
    told = [partnership("north"), partnership("south", size=7, seed=1)]
    told[0].named[3] = np.nan
    told[1].trust[2] = np.nan
    found = read_partnerships(write(tmp_path / "data", *told))
    assert [one.name for one in found] == ["north", "south"]
    for one, before in zip(found, told, strict=True):
        assert one.ids == before.ids and one.sectors == before.sectors
        for field in ("named", "named_later", "trust", "trust_later"):
            np.testing.assert_array_equal(getattr(one, field), getattr(before, field))
    assert found[0].notes == ("1 of 12 organizations did not say whom they work with.",)
    assert found[1].notes == ("1 of 7 organizations did not answer on trust; theirs is drawn.",)


def test_one_file_without_partnership_organizations_or_wave_2_is_enough(tmp_path):
    path = tmp_path / "harbour.csv"
    path.write_text(DYADS)
    (one,) = read_partnerships(path)
    assert (one.name, one.ids, one.sectors) == ("harbour", ("a", "b", "c"), ("", "", ""))
    assert one.names.sum() == 2 and one.asked.sum() == 5
    assert np.isnan(one.trust).all() and not one.in_both_waves.any()


def test_empty_columns_of_wave_2_are_no_wave_2(tmp_path):
    path = tmp_path / "dyads.csv"
    path.write_text(DYADS.replace("tie\n", "tie_2003,tie_1999\n").replace(",1\n", ",,1\n").replace(",0\n", ",,0\n").replace("b,c,\n", "b,c,,\n"))  # fmt: skip
    (one,) = read_partnerships(path)
    assert one.names.sum() == 2 and np.isnan(one.named_later).all()


def test_a_list_of_named_ties_alone_says_who_was_not_named(tmp_path):
    path = tmp_path / "named.csv"
    path.write_text("source,target,tie\na,b,1\nb,c,1\n")
    (one,) = read_partnerships(path)
    np.testing.assert_array_equal(one.named, [[np.nan, 1, 0], [0, np.nan, 1], [np.nan] * 3])
    assert one.notes[0].startswith("Only named ties are listed")


def test_organizations_of_several_partnerships_stand_apart_though_ids_repeat(tmp_path):
    told = [partnership("one", seed=1), partnership("two", seed=2)]
    same = [type(one)(**{**one.__dict__, "ids": tuple(map(str, range(one.size)))}) for one in told]
    found = read_partnerships(write(tmp_path / "data", *same))
    for one, before in zip(found, same, strict=True):
        np.testing.assert_array_equal(one.named, before.named)
        np.testing.assert_array_equal(one.trust, before.trust)


def test_every_fault_of_both_files_is_told_at_once(tmp_path):
    dyads, organizations = tmp_path / "dyads.csv", tmp_path / "organizations.csv"
    dyads.write_text("source,target,tie_1\na,b,2\na,b,1\nb,b,0\n,c,1\n")
    organizations.write_text("id,trust_1\na,11\na,5\nb,much\n")
    told = faults_of(tmp_path)
    for part in (
        "dyads.csv, row 2, column 'tie_1': '2' is no answer; allowed: 1 named, 0 not named",
        "the pair 'a' to 'b' is there already",
        "'b' names itself",
        "row 5, column 'source': is empty",
        "'11' is no answer on trust; allowed: 0 to 10",
        "the organization 'a' is there already",
        "'much' is no answer on trust",
    ):
        assert part in told


@pytest.mark.parametrize(
    ("dyads", "organizations", "part"),
    [
        ("source,to,tie\na,b,1\n", None, "there is no column 'target'. Columns: source, tie, to"),
        ("source,target,named\na,b,1\n", None, "there is no column of ties, such as tie_1999"),
        (DYADS, "name\na\n", "there is no column 'id'"),
        (DYADS, "id\nx\ny\n", "no organization is one of those in dyads.csv"),
        (DYADS, "id,estuary\na,1\nb,2\n", "has several partnerships"),
        (DYADS.replace("1\n", "0\n"), None, "names no tie at wave 1"),
        ("source,target,tie\na,b,1\nb,a,0\n", None, "has 2 organizations; allowed is 3 to 200"),
        ("source,target,tie\na,b,1\nb,a,1\na,c,1\nc,a,1\nb,c,1\nc,b,1\n", None, "names every tie"),
    ],
)
def test_what_cannot_be_forecast_is_refused(tmp_path, dyads, organizations, part):
    (tmp_path / "dyads.csv").write_text(dyads)
    if organizations is not None:
        (tmp_path / "organizations.csv").write_text(organizations)
    assert part in faults_of(tmp_path)


def test_a_missing_file_is_named(tmp_path):
    assert "there is no such file" in faults_of(tmp_path)
    path = tmp_path / "dyads.csv"
    path.write_text(DYADS)
    assert "there is no such file" in faults_of(path, tmp_path / "nobody.csv")

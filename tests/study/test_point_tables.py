"""Tables of points: read as they are meant, or every fault told with its row and column."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from cisim.errors import DataError, SpecError
from cisim.study.designs import Design, points, size
from cisim.study.designs.factors import Factor

FACTORS = [
    Factor(name="gain", low=0, high=1),
    Factor(name="backbone", levels=[True, False]),
    Factor(name="staff", low=1, high=8, integer=True, when={"backbone": True}),
    Factor(name="rule", levels=["loyal", "open"]),
    Factor(name="meetings", levels=[0, 1.5, 3], when={"staff": {"low": 2}}),
]
HEAD = "gain,backbone,staff,rule,meetings\n"
TEXT = HEAD + "0.5,true,3,loyal,1.5\n1,FALSE,,open,\n1e-3,True,1.0,open,\n"
ROWS = [(0.5, True, 3, "loyal", 1.5), (1.0, False, None, "open", None), (0.001, True, 1, "open", None)]


def read(path: Path, factors: list[Factor] = FACTORS) -> pl.DataFrame:
    return points(Design(kind="table", table=path.name), factors, table=path)


def faults(path: Path, factors: list[Factor] = FACTORS) -> list[str]:
    with pytest.raises(DataError) as caught:
        read(path, factors)
    assert str(caught.value).startswith(str(path))
    return [str(fault) for fault in caught.value.faults]


@pytest.fixture
def written(tmp_path):
    def write(text: str) -> Path:
        path = tmp_path / "points.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_csv_file_is_read_with_the_types_of_the_factors(written):
    path = written(TEXT)
    table = read(path)
    assert table.rows() == ROWS
    assert table.schema == {factor.name: factor.dtype() for factor in FACTORS}
    assert size(Design(kind="table", table=str(path)), FACTORS) == 3


def test_columns_may_stand_in_any_order_and_semicolons_and_decimal_commas_are_read(written):
    path = written("rule;gain;meetings;staff;backbone\nloyal;0,5;1,5;3;true\n\nopen;1;;;false\n")
    assert read(path).rows() == ROWS[:2]


def test_a_parquet_file_is_read_like_a_csv_file(tmp_path):
    table = pl.DataFrame(ROWS, schema={f.name: f.dtype() for f in FACTORS}, orient="row")
    for name, variant in {
        "same.parquet": table,
        "others.parquet": table.with_columns(
            pl.col("gain").cast(pl.Float32),
            pl.col("staff").cast(pl.Float64),
            pl.col("rule").cast(pl.Categorical),
        ).reverse(),
    }.items():
        variant.write_parquet(tmp_path / name)
        found = read(tmp_path / name)
        assert found.schema == table.schema
        assert (found if name == "same.parquet" else found.reverse()).drop("gain").equals(table.drop("gain"))
    assert read(tmp_path / "same.parquet").equals(table)


def test_a_column_of_nothing_is_a_column_of_empty_cells(tmp_path):
    path = tmp_path / "points.parquet"
    pl.DataFrame({"backbone": [False], "staff": [None]}).write_parquet(path)
    table = read(path, FACTORS[1:3])
    assert table.rows() == [(False, None)]
    assert table.schema == {"backbone": pl.Boolean, "staff": pl.Int64}


CELLS = {
    "text": ("x,true,3,loyal,1.5", "row 2, column 'gain': must be a number, given 'x'; allowed: 0 to 1."),
    "digits with marks": ("1_0,true,3,loyal,1.5", "row 2, column 'gain': must be a number, given '1_0'"),
    "nan": ("nan,true,3,loyal,1.5", "row 2, column 'gain': must be a number, given 'nan'; allowed: 0 to 1."),
    "above": ("1.1,true,3,loyal,1.5", "row 2, column 'gain': is out of range, given '1.1'; allowed: 0 to 1."),
    "fraction": ("1,true,3.5,loyal,1.5", "column 'staff': must be a whole number, given '3.5'; allowed: whole numbers"),
    "whole but outside": ("1,true,9,loyal,1.5", "column 'staff': is out of range, given '9'; allowed: whole numbers from 1 to 8."),
    "truth": ("1,yes,3,loyal,1.5", "column 'backbone': must be true or false, given 'yes'; allowed: True, False."),
    "word": ("1,true,3,loial,1.5", "given 'loial'; allowed: 'loyal', 'open'. Did you mean 'loyal'?"),
    "no level": ("1,true,3,loyal,2", "column 'meetings': is none of the levels, given '2'; allowed: 0.0, 1.5, 3.0."),
    "empty": (",true,3,loyal,1.5", "row 2, column 'gain': the cell is empty; allowed: 0 to 1."),
    "empty though active": ("1,true,3,loyal,", "column 'meetings': the cell is empty; allowed: 0.0, 1.5, 3.0."),
    "idle": ("1,false,3,loyal,", "column 'staff': given '3', where 'backbone' makes the factor inactive; leave"),
    "idle by a chain": ("1,false,,loyal,1.5", "column 'meetings': given '1.5', where 'staff' makes the factor inactive"),
}  # fmt: skip


@pytest.mark.parametrize("case", CELLS)
def test_a_wrong_cell_is_told_once_with_its_place(case, written):
    row, sentence = CELLS[case]
    found = faults(written(f"{HEAD}{row}\n"))
    assert len(found) == 1 and sentence in found[0], found


def test_every_fault_is_told_row_by_row(written):
    text = (
        HEAD
        + "2,true,3,loyal,1.5\n0.5,maybe,99,none,7\n,false,,open,\n0.5,true,3,loyal,1.5\n2,true,1,loyal,\n"
    )
    assert [fault.split(":")[0] for fault in faults(written(text))] == [
        "row 2, column 'gain'",  # and row 6
        "row 3, column 'backbone'",
        "row 3, column 'staff'",  # wrong whatever `backbone` is
        "row 3, column 'rule'",
        "row 3, column 'meetings'",
        "row 4, column 'gain'",
    ]


def test_the_same_fault_of_many_rows_is_told_once_with_the_rows(written):
    (found,) = faults(written(HEAD + "2,false,,open,\n" * 9))
    assert found.endswith("allowed: 0 to 1. (also in rows 3, 4, 5, 6, 7 and 3 more)")


def test_rows_that_are_the_same_point_are_named(written):
    same = "1,FALSE,,open,\n"
    found = faults(written(TEXT + same + "1.0,false,,open,\n" + "0.50,true,3,loyal,1.5\n"))
    assert [fault.split(": ")[-1] for fault in found] == [
        "rows 2, 7 are the same point; name each point once.",
        "rows 3, 5, 6 are the same point; name each point once.",
    ]


def test_a_lever_in_a_table_may_be_whatever_it_may_be_in_a_grid(tmp_path, study):
    file = tmp_path / "points.csv"
    file.write_text("backbone_staff\n0\n9\n100\n")
    design, factor = {"kind": "table", "table": str(file)}, [{"name": "backbone_staff"}]
    assert study(design=design, factor=factor).points()["backbone_staff"].to_list() == [0, 9, 100]
    file.write_text("backbone_staff\n501\n")
    with pytest.raises(SpecError, match=r"is out of range, given '501'; allowed: 0 to 500"):
        study(design=design, factor=factor)


def test_unknown_and_missing_columns_are_told_with_their_cells(written):
    found = faults(written("gian,backbone,rule,meetings\n1,true,other,1.5\n"))
    assert [fault.split(";")[0] for fault in found] == [
        "column 'gian': this column is no factor",
        "column 'gain': there is no such column, but a factor. Did you mean 'gian'?",
        "column 'staff': there is no such column, but a factor.",
        "row 2, column 'rule': is none of the levels, given 'other'",
    ]


def test_a_column_without_a_name_is_told(written):
    assert faults(written(",gain\n1,0.5\n"), FACTORS[:1]) == [
        "row 1: column 1 has no name; name its factor, or take the column out."
    ]


def test_a_parquet_column_of_another_type_is_one_fault(tmp_path):
    path = tmp_path / "points.parquet"
    columns = {"gain": ["0.5"] * 3, "backbone": [1, 0, 1], "rule": [1, 2, 3], "staff": [True] * 3}
    pl.DataFrame(columns | {"meetings": [date(2026, 1, 1)] * 3}).write_parquet(path)
    assert faults(path) == [
        "column 'gain': each cell must be a number, given String.",
        "column 'backbone': each cell must be true or false, given Int64.",
        "column 'staff': each cell must be a whole number, given Boolean.",
        "column 'rule': each cell must be text, given Int64.",
        "column 'meetings': each cell must be a number, given Date.",
    ]


def test_rows_of_a_parquet_file_are_counted_like_those_of_a_csv_file(tmp_path):
    path = tmp_path / "points.parquet"
    pl.DataFrame({"gain": [0.5, float("nan"), None]}).write_parquet(path)
    assert [fault[:22] for fault in faults(path, FACTORS[:1])] == [
        "row 3, column 'gain': ",
        "row 4, column 'gain': ",
    ]


@pytest.mark.parametrize("name", ["points.csv", "points.parquet"])
def test_a_file_that_cannot_be_read_is_told(name, tmp_path):
    path = tmp_path / name
    assert "there is no such file." in faults(path)[0]
    path.write_bytes(b"PK\x03\x04 no table")
    assert len(faults(path)) == 1
    path.unlink()
    path.mkdir()
    assert len(faults(path)) == 1


def test_a_table_without_rows_is_told(written, tmp_path):
    assert "no row below" in faults(written(HEAD))[0]
    pl.DataFrame({"gain": []}, schema={"gain": pl.Float64}).write_parquet(tmp_path / "points.parquet")
    assert "no rows" in faults(tmp_path / "points.parquet")[0]

"""Malformed surveys: each gives one error that names file, row, column, value and what is allowed."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cisim.errors import CisimError, DataError, SpecError
from cisim.world.survey import SurveyMap, import_survey

GOOD = "id,name,lead\na,Alpha,1\nb,Beta,0\nc,Gamma,0\n"
TIES = "source,target,contact\na,b,weekly\nb,c,never\n"
TRUST = "[organizations]\ntrust = 'lead'\ntrust_scale = [0, 1]\n"
O, T = "organizations.csv", "ties.csv"


def case(name, organizations, ties, *expected, text=""):
    return pytest.param(organizations, ties, text, expected, id=name)


MALFORMED = [
    # the files themselves
    case("missing file", None, TIES, O, "there is no such file"),
    case("folder", "folder", TIES, O, "folder, not a CSV file"),
    case("empty file", GOOD, "", T, "is empty", "header row"),
    case("blank lines only", GOOD, "\n \n,,\n", T, "is empty"),
    case("header only", GOOD, "source,target,contact\n", T, "row 1", "no row below"),
    case("missing header", GOOD, "a,b,weekly\nb,c,never\n", T, "'source'", "header row is missing"),
    case("workbook", b"PK\x03\x04rest", TIES, O, "Excel workbook", "save"),
    case("UTF-16 without mark", GOOD, TIES.encode("utf-16-le"), T, "NUL", "UTF-8"),
    case("undecodable", GOOD.encode() + b"d,\x81,0\n", TIES, O, "row 5", "0x81", "allowed is UTF-8"),
    case("broken UTF-16", b"\xff\xfea\x00\x00\xd8", TIES, O, "cannot be decoded"),
    case("open quote", GOOD, TIES + 'a,"c,1\n', T, "row 4", "quotes"),
    case("text after quote", GOOD, TIES + 'a,"c"x,1\n', T, "row 4", "quotes"),
    case("short row", GOOD, TIES + "a,c\n", T, "row 4", "2 values", "3 columns"),
    case("long row", GOOD, TIES + "a,c,weekly,more\n", T, "row 4", "4 values", "double quotes"),
    case("mixed separators", GOOD, TIES + "a;c;weekly\n", T, "row 4", "1 values", "separated by commas"),
    case("unknown separator", GOOD, TIES.replace(",", "|"), T, "'source|target|contact'"),
    case("duplicate header", GOOD, "source,target,contact,contact\na,b,1,1\n", T, "2 columns 'contact'"),
    # columns
    case(
        "unknown column",
        GOOD,
        TIES,
        T,
        "ties.contact",
        "'contcat'",
        "Did you mean 'contact'?",
        text="ties.contact = 'contcat'",
    ),
    case("unknown filter column", GOOD, TIES, O, "where", "'net'", text="where.net = 'x'"),
    case(
        "filter finds nothing",
        GOOD,
        TIES,
        O,
        "column 'name'",
        "'Delta'",
        "'Alpha'",
        text="where.name = 'Delta'",
    ),
    case(
        "contact under another name",
        GOOD,
        TIES.replace("contact", "tie_1999"),
        T,
        "'contact'",
        "'tie_1999'",
        'ties.contact = ""',
    ),
    # organizations
    case("duplicate id", GOOD + "b,Twin,0\n", TIES, O, "row 5", "column 'id'", "'b' stands in row 3 already"),
    case("ids equal as numbers", "id\n1\n1.0\n2\n", "source,target,contact\n1,2,1\n", O, "row 3", "'1'"),
    case("empty id", GOOD + ",Nobody,0\n", TIES, O, "row 5", "id is empty"),
    case("long id", GOOD + "x" * 101 + ",Long,0\n", TIES, O, "row 5", "101 characters", "100"),
    case("one organization", "id\na\n", "source,target,contact\na,a,0\n", O, "2 to 5000", "given 1"),
    case(
        "two backbones", GOOD.replace("Beta,0", "Beta,1"), TIES, O, "2 organizations are marked", "'a'", "'b'"
    ),
    case(
        "no backbone with that mark",
        GOOD,
        TIES,
        O,
        "'lead'",
        "'yes'",
        "values are '0', '1'",
        text="[organizations]\nbackbone = 'lead'\nbackbone_value = 'yes'",
    ),
    case("unknown backbone", GOOD, TIES, O, "'d' is not among", text="backbone = 'd'"),
    case(
        "trust off its scale",
        GOOD.replace("Beta,0", "Beta,7"),
        TIES,
        O,
        "row 3",
        "column 'lead'",
        "'7'",
        "allowed is 0 to 1",
        text=TRUST,
    ),
    case(
        "trust not a number",
        GOOD.replace("Beta,0", "Beta,NaN"),
        TIES,
        O,
        "'NaN' is not a number",
        "`missing`",
        text=TRUST,
    ),
    case(
        "negative capacity",
        "id,capacity\na,-1\nb,2\n",
        "source,target,contact\na,b,1\n",
        O,
        "row 2",
        "'-1'",
        "more than 0",
    ),
    case(
        "decimal comma among commas",
        'id,capacity\na,"1,5"\nb,2\n',
        "source,target,contact\na,b,1\n",
        O,
        "'1,5' is not a number",
        "decimal point",
    ),
    case(
        "huge capacity",
        "id,capacity\na,1e308\nb,2\n",
        "source,target,contact\na,b,1\n",
        O,
        "'1e308'",
        "10000",
    ),
    case("overflowing number", "id,capacity\na,1e999\nb,2\n", "source,target,contact\na,b,1\n", O, "'1e999'"),
    # ties
    case(
        "unknown id",
        GOOD,
        TIES + "a,d,weekly\n",
        T,
        "row 4",
        "column 'target'",
        "'d' is no organization",
        "Known: a, b, c",
    ),
    case(
        "misspelt id",
        "id\nnorth\nsouth\n",
        "source,target,contact\nnorth,suoth,1\n",
        T,
        "Did you mean 'south'?",
    ),
    case("empty end", GOOD, TIES + ",c,weekly\n", T, "row 4", "column 'source'", "empty"),
    case("self-tie", GOOD, TIES + "c,c,weekly\n", T, "row 4", "with itself", "'weekly'"),
    case("pair listed twice", GOOD, TIES + "a,b,daily\n", T, "row 4", "'a' to 'b' stands in row 2 already"),
    case(
        "unknown answer",
        GOOD,
        TIES + "a,c,weakly\n",
        T,
        "row 4",
        "column 'contact'",
        "'weakly'",
        "Did you mean 'weekly'?",
        "allowed: never, yearly",
    ),
    case(
        "answer off a given scale",
        GOOD,
        TIES,
        T,
        "'weekly'",
        "allowed: often, rarely",
        text="ties.scale = {often = 4, rarely = 0.1}",
    ),
    case("negative contact", GOOD, "source,target,contact\na,b,3\na,c,-2\n", T, "row 3", "'-2'", "0 to 1000"),
    case(
        "huge contact", GOOD, "source,target,contact\na,b,3\na,c,1e300\n", T, "row 3", "'1e300'", "0 to 1000"
    ),
    case("NaN contact", GOOD, "source,target,contact\na,b,3\na,c,nan\n", T, "'nan' is not a number"),
    case("infinite contact", GOOD, "source,target,contact\na,b,3\na,c,inf\n", T, "'inf' is not a number"),
    case("thousands mark", GOOD, 'source,target,contact\na,b,3\na,c,"1,000.5"\n', T, "thousands"),
    case("nothing answered", GOOD, "source,target,contact\na,b,\nb,c,NA\n", T, "no contact is answered"),
    case(
        "contradiction",
        GOOD,
        TIES + "b,a,monthly\n",
        T,
        "row 4",
        "contradict",
        "(row 2)",
        "mean, max or first",
        text="reciprocal = 'error'\ndirected = false",
    ),
    case(
        "contradiction by omission",
        GOOD,
        TIES,
        T,
        "contradict",
        "(not listed)",
        text="reciprocal = 'error'\ndirected = true",
    ),
    case(
        "collaboration off its table",
        GOOD,
        "source,target,contact,work\na,b,1,7\n",
        T,
        "'7'",
        "allowed: 0, 1",
        text="ties.collaboration = 'work'\nties.collaboration_scale = {0 = 0, 1 = 1}",
    ),
    case(
        "trust in ties off its scale",
        GOOD,
        "source,target,contact,t\na,b,1,6\n",
        T,
        "row 2",
        "'6'",
        "1 to 5",
        text="ties.trust = 't'\nties.trust_scale = [1, 5]",
    ),
    # matrices
    case("column without row", GOOD, "x,a,b,c\na,0,1,0\nb,1,0,0\n", T, "column 'c'", "not square"),
    case("row without column", GOOD, "x,a,b\na,0,1\nb,1,0\nc,0,0\n", T, "row 4", "'c'", "not square"),
    case("labels not matching", GOOD, "x,a,b,z\na,0,1,0\nb,1,0,0\nz,0,0,0\n", T, "'z' is no organization"),
    case("column twice", GOOD, "x,a,1,1.0\na,0,1,0\n1,1,0,0\n", T, "'1' and '1.0' are one organization"),
    case("row twice", GOOD, "x,a,b,c\na,0,1,0\nb,1,0,0\nb,0,0,0\nc,0,0,0\n", T, "two rows 'b'"),
    case(
        "self-tie in a matrix",
        GOOD,
        "x,a,b,c\na,1,1,0\nb,1,0,0\nc,0,0,0\n",
        T,
        "row 2",
        "column 'a'",
        "itself",
    ),
    case(
        "unknown answer in a matrix",
        GOOD,
        "x,a,b,c\na,0,1,?\nb,1,0,0\nc,0,0,0\n",
        T,
        "row 2",
        "column 'c'",
        "'?'",
    ),
]


def run(tmp_path: Path, organizations, ties, text: str):
    files = tmp_path / O, tmp_path / T
    for path, content in zip(files, (organizations, ties), strict=True):
        if content == "folder":
            path.mkdir()
        elif content is not None:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return import_survey(*files, SurveyMap.from_toml(text), name="made-up")


def test_the_survey_that_the_cases_break_is_sound(tmp_path):
    assert len(run(tmp_path, GOOD, TIES, "").scenario.tie) == 1


@pytest.mark.parametrize(("organizations", "ties", "text", "expected"), MALFORMED)
def test_a_malformed_survey_gives_one_clear_error(tmp_path, organizations, ties, text, expected):
    with pytest.raises(DataError) as caught:
        run(tmp_path, organizations, ties, text)
    for fragment in expected:
        assert fragment in str(caught.value)


def test_all_faults_of_both_files_come_at_once(tmp_path):
    with pytest.raises(DataError) as caught:
        run(tmp_path, GOOD + "a,Again,0\n", TIES + "a,d,weekly\nc,a,wekly\n", "")
    error = caught.value
    assert len(error.faults) == 3 and O in error.path and T in error.path
    lines = str(error).splitlines()
    assert lines[1].startswith(f"  - {O}, row 5, column 'id':")
    assert lines[2].startswith(f"  - {T}, row 4, column 'target':")
    assert lines[3].startswith(f"  - {T}, row 5, column 'contact':")


def test_a_fault_of_many_rows_is_told_once(tmp_path):
    ids = [f"o{number}" for number in range(12)]
    ties = "source,target,contact\n" + "".join(f"o0,{ident},wekly\n" for ident in ids[1:]) + "o1,o2,weekly\n"
    with pytest.raises(DataError) as caught:
        run(tmp_path, "id\n" + "\n".join(ids), ties, "ties.scale = 'frequency'")
    (fault,) = caught.value.faults
    assert fault.row == 2 and "also in rows 3, 4, 5, 6, 7 and 5 more" in fault.problem


def test_a_name_that_cannot_name_a_scenario_is_refused(tmp_path):
    run(tmp_path, GOOD, TIES, "")
    with pytest.raises(SpecError, match="small letters"):
        import_survey(tmp_path / O, tmp_path / T, name="Not a slug")


MAPS = [
    ("ties = 3", ["ties"]),
    ("layot = 'pairs'", ["layot", "Did you mean 'layout'?"]),
    ("[ties]\nsorce = 'x'", ["ties.sorce", "Did you mean 'source'?"]),
    ("layout = 'pears'", ["'pears'", "'pairs', 'matrix'"]),
    ("directed = 'maybe'", ["directed", "true or false"]),
    ("missing = 3", ["missing", "list"]),
    ("where = 'x'", ["where", "table"]),
    ("ties.scale = 'frequenzy'", ["'frequenzy'", "Did you mean 'frequency'?"]),
    ("ties.scale = {weekly = -1}", ["'weekly'", "-1", "0 to 1000"]),
    ("ties.scale = {}", ["scale", "table"]),
    ("ties.collaboration_scale = {a = 2, b = 'x'}", ["'a'", "'b'", "0 to 1"]),
    ("ties.named = inf", ["ties.named", "finite"]),
    ("ties.trust = 't'", ["trust_scale = ["]),
    ("[organizations]\ntrust = 't'\ntrust_scale = [1, 1]", ["two different ends"]),
    ("[organizations]\ntrust = 't'\ntrust_scale = [0, nan]", ["two numbers"]),
    ("layout = 'matrix'\nties.source = 'x'", ["a matrix holds contact alone"]),
    ("backbone = 'a'\norganizations.backbone = 'lead'", ["keep one"]),
    ("a = = 3", ["not TOML", "line 1"]),
    ("self = 1", ["self"]),
]


@pytest.mark.parametrize(("text", "expected"), MAPS)
def test_a_malformed_map_gives_one_clear_error(text, expected):
    with pytest.raises(SpecError) as caught:
        SurveyMap.from_toml(text)
    for fragment in expected:
        assert fragment in str(caught.value)


def test_a_map_reads_back_as_written_and_takes_flags(tmp_path):
    plain = SurveyMap.from_toml(
        "directed = true\nwhere = {wave = 2}\nties.scale = {'a b' = 1.5}\nties.contact = 'c'"
    )
    assert SurveyMap.from_toml(plain.to_toml()) == plain and plain.where == {"wave": "2"}
    path = tmp_path / "map.toml"
    path.write_text(plain.to_toml())
    assert SurveyMap.read(path) == plain
    flagged = plain.with_flags(
        ["ties.scale=named", "organizations.trust=t", "organizations.trust_scale=[0, 10]"]
    )
    assert flagged.ties.scale == "named" and flagged.organizations.trust_scale == (0, 10) and flagged.directed
    with pytest.raises(SpecError, match="key=value"):
        plain.with_flags(["directed"])
    with pytest.raises(SpecError, match=r"nothing\.toml"):
        SurveyMap.read(tmp_path / "nothing.toml")


CELLS = st.sampled_from(
    ["a", "b", "c", "", "NA", "1", "0", "weekly", "id", "source", "target", "contact", "2,5", '"']
)
FILES = st.lists(st.lists(CELLS, max_size=4), max_size=6).flatmap(
    lambda rows: st.sampled_from([",", ";", "\t"]).map(lambda sign: "\n".join(map(sign.join, rows)).encode())
)


@given(
    st.one_of(FILES, st.binary(max_size=60), st.just(GOOD.encode())), st.one_of(FILES, st.binary(max_size=60))
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_two_files_are_read_or_refused_on_purpose(tmp_path, organizations, ties):
    with contextlib.suppress(CisimError):
        run(tmp_path, organizations, ties, "")

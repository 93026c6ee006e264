"""A survey: shown with what was guessed, corrected, then taken in; its files lie nowhere afterwards."""

from __future__ import annotations

import base64
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cisim import verbs
from cisim.app.state.actions import act
from cisim.app.state.files import Upload
from cisim.app.state.history import History, start
from cisim.app.state.limits import Limits
from cisim.app.state.survey import survey_of
from cisim.app.state.view import live_view
from cisim.errors import SpecError
from cisim.world.survey import export_survey, import_survey

ORGANIZATIONS = "id,name,sector,capacity,backbone\na,Alpha,health,2.5,0\nb,Beta,schools,1,0\nc,Gamma,health,,0\nh,Hub,lead,3,1\n"
TIES = "source,target,contact,collaboration\na,b,monthly,formal\na,h,daily,several projects\nb,h,weekly,informal\nc,h,never,none\n"
FILES = [{"name": "organizations.csv", "text": ORGANIZATIONS}, {"name": "ties.csv", "text": TIES}]


def uploaded(files: object, **more: object) -> tuple[History, list]:
    return act(start(), {"do": "upload", "kind": "survey", "files": files, **more})


def shown(history: History) -> dict:
    survey = live_view(history)["survey"]
    assert survey is not None
    json.dumps(survey, allow_nan=False)
    return survey


def test_a_survey_is_shown_before_it_is_taken_in():
    history, notices = uploaded(FILES)
    assert [one["kind"] for one in notices] == ["info"]
    assert history.present == start().present and history.past == ()
    survey = shown(history)
    assert survey["ready"] and "organizations" in survey["summary"] and survey["faults"] == []
    assert survey["map"]["organizations"]["id"] == "id" and survey["map"]["ties"]["contact"] == "contact"
    assert survey["columns"]["ties"] == ["source", "target", "contact", "collaboration"]
    assert any("guessed" in note for note in survey["notes"])
    history, notices = act(history, {"do": "import-survey"})
    assert [partner.id for partner in history.present.scenario.partner] == ["a", "b", "c"]
    assert history.present.scenario.backbone.id == "h" and history.present.opened == history.present.scenario
    assert live_view(history)["survey"] is None
    assert act(history, {"do": "undo"})[0].present == start().present


def test_it_is_the_scenario_that_the_command_line_makes(tmp_path):
    for file in FILES:
        (tmp_path / file["name"]).write_text(file["text"], encoding="utf-8")
    made = import_survey(tmp_path / "organizations.csv", tmp_path / "ties.csv", name="organizations").scenario
    history, _ = uploaded(FILES)
    assert history.survey is not None and history.survey.scenario == made


def test_the_order_of_the_files_does_not_matter_and_roles_can_be_told():
    swapped = shown(uploaded(FILES[::-1])[0])
    assert swapped["ready"] and swapped["columns"]["organizations"][0] == "id"
    told = [{**FILES[1], "role": "ties"}, {**FILES[0], "role": "organizations"}]
    assert shown(uploaded(told)[0])["ready"]


def test_ties_alone_are_enough():
    history, _ = uploaded(FILES[1:])
    assert shown(history)["ready"]
    history, _ = act(history, {"do": "import-survey"})
    assert {partner.id for partner in history.present.scenario.partner} == {"a", "b", "c", "h"}


def test_a_matrix_alone_is_enough():
    matrix = "who,a,b,c\na,0,3,0\nb,3,0,1\nc,0,1,0\n"
    history, _ = uploaded([{"name": "matrix.csv", "text": matrix}])
    assert shown(history)["ready"], shown(history)["faults"]
    assert len(act(history, {"do": "import-survey"})[0].present.scenario.tie) == 2


def test_faults_name_file_row_and_column_and_never_a_folder():
    ties = TIES.replace("monthly", "mnthly").replace("c,h", "zz,h")
    history, notices = uploaded([FILES[0], {"name": "ties.csv", "text": ties}])
    survey = shown(history)
    assert not survey["ready"] and survey["columns"]["ties"], "columns are there to choose from"
    assert survey["map"]["ties"]["source"] == "source"
    assert {(fault["file"], fault["row"]) for fault in survey["faults"]} >= {("ties.csv", 2), ("ties.csv", 5)}
    assert notices[0]["details"] and tempfile.gettempdir() not in json.dumps([survey, notices])
    _, refused = act(history, {"do": "import-survey"})
    assert "no survey to take in" in refused[0]["text"]


def test_a_map_can_be_corrected_without_sending_the_files_again():
    odd = [{"name": "who.csv", "text": ORGANIZATIONS.replace("id,", "kennung,", 1)},
           {"name": "ties.csv", "text": TIES.replace("contact", "wie_oft")}]  # fmt: skip
    history, notices = uploaded(odd)
    assert notices[0]["kind"] == "error" and not shown(history)["ready"]
    corrected = {"organizations": {"id": "kennung"}, "ties": {"contact": "wie_oft"}}
    history, notices = act(history, {"do": "upload", "kind": "survey", "map": corrected})
    assert notices[0]["kind"] == "info" and shown(history)["ready"]
    history, notices = act(history, {"do": "upload", "kind": "survey", "map": shown(history)["map"]})
    assert shown(history)["ready"], "the map that is shown is a map that can be sent"


def test_notices_of_a_survey_go_when_it_is_read_and_when_a_newer_one_comes():
    bad = [FILES[0], {"name": "ties.csv", "text": TIES.replace("monthly", "mnthly")}]
    worse = [FILES[0], {"name": "ties.csv", "text": TIES.replace("monthly", "mnthly").replace("c,h", "zz,h")}]
    history, _ = uploaded(bad)
    history, newer = act(history, {"do": "upload", "kind": "survey", "files": worse})
    assert list(history.notices) == newer, "the faults of the files of before are no longer true"
    history, _ = act(history, {"do": "upload", "kind": "survey", "files": FILES * 2})
    assert [one["kind"] for one in history.notices] == ["error", "error"], "it was not taken in"
    history, read = act(history, {"do": "upload", "kind": "survey", "files": FILES})
    assert list(history.notices) == read and read[0]["kind"] == "info"
    history, faulty = act(history, {"do": "upload", "kind": "survey", "files": bad})
    assert list(history.notices) == faulty and faulty[0]["kind"] == "error"
    history, _ = act(history, {"do": "upload", "kind": "survey", "files": FILES})
    history, taken = act(history, {"do": "import-survey"})
    assert not taken and not history.notices


def test_a_map_in_toml_is_a_map():
    survey = survey_of(
        tuple(Upload(file["name"], file["text"].encode()) for file in FILES), "unlisted = 'missing'", Limits()
    )
    assert survey.survey_map["unlisted"] == "missing"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"tis": {}}, "Did you mean 'ties'?"),
        ({"ties": {"contact": 7, "named": "much"}}, "must be a number"),
        ({"ties": {"named": 10**400}}, "too large"),
        ("unlisted = ", "not valid TOML"),
        ([], "must be a table"),
        (7, "must be a table"),
    ],
)
def test_a_faulty_map_is_refused(told, said):
    history, notices = uploaded(FILES, map=told)
    assert history.survey is None and said in json.dumps(notices)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04\x14\x00", "Excel workbook"),
        (b"%PDF-1.7", "PDF"),
        (bytes(range(256)) * 4, "cannot be decoded"),
        (b"a\0b", "NUL"),
        (b"", "empty"),
        (b"id\n", "no row below it"),
        (b'id,name\n"a', "cannot be split"),
    ],
)
def test_what_is_no_table_is_said(data, said):
    junk = {"name": "organizations.csv", "base64": base64.b64encode(data).decode()}
    history, notices = uploaded([junk, FILES[1]])
    assert notices[0]["kind"] == "error" and said in json.dumps(notices)
    assert not shown(history)["ready"]


def test_what_would_take_long_is_refused_before_it_is_read():
    rows = "".join(f"o{number},Organization\n" for number in range(2_001))
    history, notices = uploaded([{"name": "o.csv", "text": "id,name\n" + rows}, FILES[1]])
    assert "2,001 rows are more" in json.dumps(notices) and not shown(history)["ready"]
    rows = "".join(f"o{number},o{number + 1},3\n" for number in range(300))
    history, notices = uploaded([{"name": "t.csv", "text": "source,target,contact\n" + rows}])
    assert "partners: 301 are more" in json.dumps(notices) or "partners: 300 are more" in json.dumps(notices)


def test_a_coalition_survives_its_own_export(tmp_path):
    export_survey(verbs.preset("statewide-coalition"), tmp_path / "o.csv", tmp_path / "t.csv")
    files = [
        {"name": name, "text": (tmp_path / name).read_text(encoding="utf-8")} for name in ("o.csv", "t.csv")
    ]
    history, notices = uploaded(files)
    assert notices[0]["kind"] == "info", notices
    assert len(act(history, {"do": "import-survey"})[0].present.scenario.ids) == 25


def test_nothing_stays_in_the_temporary_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    uploaded(FILES)
    uploaded([{"name": "junk.csv", "text": "a"}])
    with pytest.raises(SpecError):
        survey_of((), None, Limits())
    assert list(tmp_path.iterdir()) == []


def test_the_files_are_written_below_the_temporary_folder_alone(monkeypatch, tmp_path):
    written: list[Path] = []
    original = Path.write_bytes

    def write(path: Path, data: bytes) -> int:
        written.append(path)
        return original(path, data)

    monkeypatch.setattr(Path, "write_bytes", write)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    uploaded([{**FILES[0], "name": "../../../o.csv"}, {**FILES[1], "name": "/etc/ties.csv"}])
    assert [path.name for path in written] == ["o.csv", "ties.csv"]
    assert all(path.parent.parent == tmp_path for path in written)


CELLS = st.sampled_from(
    [
        "a",
        "b",
        "c",
        "h",
        "id",
        "source",
        "target",
        "contact",
        "1",
        "monthly",
        "",
        '"',
        "\n",
        "x" * 50,
        "ü",
        "-1",
        "9" * 400,
    ]
)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=5).map(
    lambda rows: "\n".join(map(",".join, rows))
)


@given(
    TABLES | st.text(max_size=60),
    TABLES,
    st.none()
    | st.dictionaries(
        st.sampled_from(["ties", "layout", "where"]),
        st.dictionaries(st.sampled_from(["source", "contact", "trust"]), CELLS, max_size=2) | CELLS,
        max_size=2,
    ),
)
@settings(max_examples=100)
def test_no_table_breaks_it(one, other, told):
    files = [
        {"name": "o.csv", "text": "".join(c for c in one if not "\ud800" <= c <= "\udfff")},
        {"name": "t.csv", "text": other},
    ]
    for chosen in (files, files[1:]):
        history, notices = uploaded(chosen, map=told)
        assert notices
        if history.survey is not None:
            shown(history)

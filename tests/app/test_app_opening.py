"""Scenario files in and out: what is saved runs to the same figures, and an upload reads no other file."""

from __future__ import annotations

import base64
import json
import shlex

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from cisim import verbs
from cisim.app.state.actions import act
from cisim.app.state.files import Upload, uploads
from cisim.app.state.history import History, start
from cisim.app.state.limits import Limits
from cisim.app.state.opening import file_name, opened, scenario_text
from cisim.cli import app
from cisim.engine.ensemble import simulate
from cisim.errors import SpecError
from cisim.world.scenario import Scenario

LIMITS = Limits()


def after(*actions: dict) -> History:
    history = start()
    for action in actions:
        history, notices = act(history, action)
        assert not notices, (action, notices)
    return history


def faults_of(text: str | bytes, limits: Limits = LIMITS) -> tuple[str, ...]:
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(SpecError) as caught:
        opened(Upload("mine.toml", data), limits)
    assert caught.value.source == "mine.toml"
    return caught.value.faults


CHANGED = (
    {"do": "lever", "name": "agenda", "value": 0.1 + 0.2},
    {"do": "parameter", "name": "trust_gain", "value": 1 / 30},
    {
        "do": "event-add",
        "event": {"kind": "trust-breach", "month": 6, "partner": "partner-3", "with": "backbone"},
    },
    {"do": "posterior", "name": "shipped"},
    {"do": "months", "value": 24},
    {"do": "seed", "value": 11},
    {"do": "replicates", "value": 6},
)


def test_a_saved_scenario_is_the_plan_that_is_shown():
    now = after(*CHANGED).present
    again = Scenario.from_toml(scenario_text(now))
    assert again == now.scenario and again.posterior == now.scenario.posterior


def test_any_plan_can_be_saved():
    now = after({"do": "plan-add"}, {"do": "lever", "name": "agenda", "value": 0.5}).present
    for plan, scenario in enumerate(now.plans):
        assert Scenario.from_toml(scenario_text(now, plan)) == scenario
        assert file_name(now, plan) == f"{scenario.name}.toml"


def test_the_command_on_top_of_a_saved_scenario_gives_the_figures_of_the_page_bit_for_bit(
    tmp_path, monkeypatch
):
    now = after(*CHANGED).present
    text = scenario_text(now)
    (tmp_path / file_name(now)).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    command = shlex.split(text.splitlines()[0].removeprefix("# "))
    assert command[:2] == ["cisim", "run"]
    result = CliRunner().invoke(app, [*command[1:], "--json", "--quiet"])
    assert result.exit_code == 0, result.output
    page = simulate(now.scenario, now.replicates, now.seed)
    (told,) = json.loads(result.stdout)["scenarios"]
    severity = told["end"]["severity"]
    assert severity["median"] == float(np.quantile(page["severity"][:, -1], 0.5))
    (file,) = verbs.run(file_name(now), replicates=now.replicates, seed=now.seed)
    assert np.array_equal(file.values, page.values, equal_nan=True)


def test_an_uploaded_scenario_becomes_the_plan_and_can_be_taken_back():
    text = verbs.preset("funder-leaves").replace(name="county-2030", title="County").to_toml()
    history = after(
        {"do": "upload", "kind": "scenario", "files": [{"name": "C:\\plans\\county.toml", "text": text}]}
    )
    assert history.present.scenario.name == "county-2030" and history.past[0].text == "File: county.toml"
    assert history.present.opened == history.present.scenario
    assert act(history, {"do": "undo"})[0].present == start().present


def test_an_upload_may_extend_a_preset_and_name_a_shipped_posterior():
    text = 'extends = "collective-impact"\nname = "mine"\nposterior = "shipped"\n'
    scenario = opened(Upload("mine.toml", text.encode()), LIMITS)
    assert scenario.posterior is not None and scenario.levers["agenda"] == 1


@pytest.mark.parametrize(
    "told",
    [
        "draws.csv",
        "/etc/passwd",
        "../../secret.csv",
        "..",
        ".",
        "~/draws.csv",
        "C:\\draws.csv",
        "other",
        "",
        "a/b",
    ],
)
def test_an_upload_reads_no_other_file(told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "draws.csv").write_text("trust_gain\n0.03\n", encoding="utf-8")
    (fault,) = faults_of(f"name = 'x'\nposterior = {json.dumps(told)}\n")
    assert fault.startswith("posterior: given") and "cannot read other files" in fault


def test_an_upload_with_the_draws_in_a_table_is_taken():
    text = (
        "name = 'x'\n[posterior]\nnames = ['trust_gain']\nrows = [[0.03], [0.04]]\norigin = '/etc/passwd'\n"
    )
    scenario = opened(Upload("mine.toml", text.encode()), LIMITS)
    assert scenario.posterior is not None and len(scenario.posterior) == 2


def test_every_fault_of_an_upload_is_a_line():
    text = "name = 'x'\n[levers]\nagenda = 3\nmeetngs = 1\n[[event]]\nkind = 'funder-leavs'\nmonth = 3\n"
    history, notices = act(
        start(), {"do": "upload", "kind": "scenario", "files": [{"name": "x.toml", "text": text}]}
    )
    assert history.present == start().present
    (told,) = notices
    assert told["kind"] == "error" and len(told["details"]) == 3
    assert any("Did you mean 'meetings'?" in line for line in told["details"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = ", "not valid TOML"),
        ("", "name: is missing"),
        (b"\xff\xfe\x00junk", "not text in UTF-8"),
        (b"PK\x03\x04\x00\x00", "not text"),
        ("\ufffd" * 50, "not text"),
        ("name = 'x'\nmonths = 600\n", "up to 240"),
        ("name = 'x'\n[roster]\ncount = 500\n", "partners: 500"),
        ("name = 'x'\n[levers]\nagenda = " + "9" * 400 + "\n", "too large"),
        ("name = 'x'\n[levers]\nagenda = 1e999\n", "out of range"),
        ("name = 'x'\n[levers]\nagenda = nan\n", "out of range"),
        ("name = 'x'\nx = " + "[" * 50 + "]" * 50 + "\n", "too deep"),
        ("name = 'x'\nx = " + "[" * 50_000, "not valid TOML"),
        ("name = '../../x'\n", "cannot be used as a name"),
    ],
)
def test_what_is_no_scenario_is_refused_in_words(text, told):
    assert told in " ".join(faults_of(text))


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (None, "must be a list"),
        ([], "is empty"),
        ([1], "must be a file"),
        ([{"name": "x.toml"}], "has no text"),
        ([{"name": "x.toml", "text": "\ud800"}], "not text in UTF-8"),
        ([{"name": "x.toml", "base64": "??"}], "did not arrive whole"),
        ([{"name": "x.toml", "text": "#" * 2_000_001}], "allowed are up to 2,000,000 bytes"),
        ([{"name": "x.toml", "text": "", "size": 3_000_000}], "3,000,000 bytes are too many"),
        ([{"name": "x.toml", "text": ""}] * 2, "up to 1"),
    ],
)
def test_files_that_are_none_are_refused(files, told):
    history, notices = act(start(), {"do": "upload", "kind": "scenario", "files": files})
    assert told in notices[0]["text"] and history.present == start().present


@given(
    st.text(max_size=300)
    | st.just("/" * 300)
    | st.sampled_from(["..", "../../x", "a/../b", "CON", "é" * 200, "x\0y"])
)
@settings(max_examples=80)
def test_a_name_of_a_file_is_only_a_name(name):
    first, second = uploads([{"name": name, "text": "a"}, {"name": name.upper(), "text": "b"}], 100)
    for file in (first, second):
        assert file.name and file.name not in (".", "..") and not set("/\\\0\n") & set(file.name)
        assert len(file.name.encode()) <= 170
    assert first.name.casefold() != second.name.casefold()


def test_bytes_arrive_as_base64():
    coded = base64.b64encode("name = 'ümlaut'".encode("latin-1")).decode()
    assert uploads([{"name": "x", "base64": coded}], 100)[0].data == b"name = '\xfcmlaut'"


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
@settings(max_examples=80)
def test_no_bytes_break_it(data):
    try:
        opened(Upload("mine.toml", data), LIMITS)
    except SpecError as error:
        assert error.faults

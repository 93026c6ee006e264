"""The commands that list and tell; the help; `python -m cisim`; a light start."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from cisim import verbs
from cisim.cli.citations import SOURCES_BESIDE_RULES, bibliography
from cisim.theory.measures import MEASURES
from cisim.theory.parameters import LEVERS, UNCERTAINTIES
from cisim.theory.rules import CHOICES, SOURCES_OF_MECHANISM, SOURCES_OF_VARIANT
from cisim.theory.sources import SOURCES

COMMANDS = (
    "run", "describe", "presets", "parameters", "measures", "cite", "import", "study", "replay", "challenge", "forecast",
    "agreement", "validate", "calibrate", "compare", "prices", "fork", "optimize", "reach", "robust", "information",
    "report", "verify", "app",
)  # fmt: skip
OF_STUDIES = (
    "new", "names", "check", "run", "show", "merge", "export", "slurm", "compare", "sensitivity", "attribution", "discover",
)  # fmt: skip

ORGANIZATIONS = (
    "id,name,sector,group\na,Alpha,health,1\nb,Beta,schools,1\nc,Gamma,health,1\nd,Delta,health,2\n"
)
TIES = "source,target,contact,collaboration\na,b,monthly,formal\na,c,daily,informal\nb,c,never,none\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_what_the_command_does_and_shows_an_example(cisim, command):
    result = cisim(command, "--help")
    assert result.exit_code == 0
    assert f"Example: cisim {command}" in result.stdout


@pytest.mark.parametrize("command", OF_STUDIES)
def test_help_of_a_study_command_shows_an_example(cisim, command):
    result = cisim("study", command, "--help")
    assert result.exit_code == 0
    assert f"Example: cisim study {command}" in result.stdout


def test_the_commands_are_those_of_the_help(cisim):
    told = cisim("--help").stdout
    assert all(command in told for command in COMMANDS)
    assert cisim("--version").stdout.startswith("cisim ")


def test_presets_are_listed_with_what_to_expect(cisim):
    told = json.loads(cisim("presets", "--json").stdout)
    assert [entry["name"] for entry in told] == verbs.presets()
    assert all(entry["title"] and entry["description"] for entry in told)
    assert "Expect" in cisim("presets").stdout


def test_describe_tells_a_preset_and_a_file_alike(cisim, tmp_path):
    verbs.preset("funder-leaves").write(tmp_path / "mine.toml")
    assert cisim("describe", "mine.toml").stdout == cisim("describe", "funder-leaves").stdout
    told = json.loads(cisim("describe", "funder-leaves", "--json").stdout)
    assert told["name"] == "funder-leaves" and told["event"]


def test_parameters_are_all_there_with_their_basis(cisim):
    told = {entry["name"]: entry for entry in json.loads(cisim("parameters", "--json").stdout)}
    assert set(told) == {*LEVERS, *UNCERTAINTIES}
    assert told["trust_mean"]["basis"] == "berardo2010"
    levers = json.loads(cisim("parameters", "--json", "--role", "lever").stdout)
    assert {entry["name"] for entry in levers} == set(LEVERS)
    found = json.loads(cisim("parameters", "backbone", "--json").stdout)
    assert 0 < len(found) < len(told)
    assert "influence = friedkin-johnsen" in cisim("parameters").stderr


def test_measures_are_all_there(cisim):
    assert {entry["name"] for entry in json.loads(cisim("measures", "--json").stdout)} == set(MEASURES)
    assert "severity" in cisim("measures").stdout


@pytest.mark.parametrize(
    ("command", "rows"), [("parameters", [*LEVERS, *UNCERTAINTIES]), ("measures", [*MEASURES])]
)
def test_a_markdown_table_has_a_row_each(cisim, command, rows):
    lines = cisim(command, "--markdown").stdout.splitlines()
    assert [line.split(" | ")[0].removeprefix("| ") for line in lines[2:]] == rows
    cells = {line.replace("\\|", "").count("|") for line in lines}
    assert len(cells) == 1


@pytest.mark.parametrize("name", verbs.presets())
def test_every_preset_can_be_cited(name):
    found = bibliography(verbs.preset(name))
    assert set(found.reasons) <= set(SOURCES)
    assert all(reasons for reasons in found.reasons.values())
    assert not set(found.own) & set(found.assumptions)


def test_sources_follow_the_rules_in_use(cisim):
    scenario = verbs.change(verbs.preset("isolated-impact"), settings={"influence": "degroot"})
    assert "degroot1974" in bibliography(scenario).reasons
    assert "friedkin1990" not in bibliography(scenario).reasons
    assert "friedkin1990" in bibliography(verbs.preset("isolated-impact")).reasons


def test_the_list_of_sources_names_only_what_there_is():
    keys = [
        key
        for table in (SOURCES_OF_MECHANISM, SOURCES_OF_VARIANT, SOURCES_BESIDE_RULES)
        for row in table.values()
        for key in row
    ]
    assert set(keys) <= set(SOURCES)
    assert all(variant in CHOICES[choice] for choice, variant in SOURCES_OF_VARIANT)


def test_cite_prints_reasons_assumptions_and_bibtex(cisim):
    told = cisim("cite", "collective-impact").stdout
    assert "    - " in told and "default that is an assumption" in told and "contacts_per_fte" in told
    assert cisim("cite", "collective-impact", "--bibtex").stdout.startswith("@article{kania2011,")
    assert json.loads(cisim("cite", "collective-impact", "--json").stdout)["assumptions"]


@pytest.fixture
def survey(tmp_path):
    (tmp_path / "organizations.csv").write_text(ORGANIZATIONS)
    (tmp_path / "ties.csv").write_text(TIES)
    return ("import", "organizations.csv", "ties.csv", "--where", "group=1", "--backbone", "a")


def test_import_writes_a_scenario_that_runs(cisim, survey):
    result = cisim(*survey, "--out", "Our County.toml")
    assert result.exit_code == 0, result.output
    assert "Alpha is the backbone" in result.stdout and "Written to" in result.stderr
    scenario = verbs.load("Our County.toml")
    assert (scenario.name, len(scenario.partner), scenario.backbone.id) == ("our-county", 2, "a")
    again = cisim(*survey, "--out", "Our County.toml", "--json")
    assert json.loads(again.stdout)["name"] == "our-county"


def test_import_replaces_an_edited_scenario_only_with_force(cisim, survey, tmp_path):
    assert cisim(*survey, "--out", "mine.toml").exit_code == 0
    written = (tmp_path / "mine.toml").read_text()
    edited = written + "# my own notes\n"
    (tmp_path / "mine.toml").write_text(edited)
    result = cisim(*survey, "--out", "mine.toml")
    assert result.exit_code == 3 and "--force" in result.stderr and result.stdout == ""
    assert (tmp_path / "mine.toml").read_text() == edited
    assert cisim(*survey, "--out", "mine.toml", "--force").exit_code == 0
    assert (tmp_path / "mine.toml").read_text() == written


def test_prices_replace_an_edited_file_only_with_force(cisim, tmp_path):
    for _ in range(2):  # the same again changes nothing
        assert cisim("prices", "--out", "prices.toml").exit_code == 0
    written = (tmp_path / "prices.toml").read_text()
    edited = written.replace("USD", "EUR")
    (tmp_path / "prices.toml").write_text(edited)
    result = cisim("prices", "--out", "prices.toml")
    assert result.exit_code == 3 and "--force" in result.stderr and result.stdout == ""
    assert (tmp_path / "prices.toml").read_text() == edited
    assert cisim("prices", "--out", "prices.toml", "--force").exit_code == 0
    assert (tmp_path / "prices.toml").read_text() == written


def test_import_never_overwrites_what_it_reads(cisim, survey, tmp_path):
    result = cisim(*survey, "--out", "ties.csv")
    assert result.exit_code == 3 and (tmp_path / "ties.csv").read_text() == TIES


def started(*args, code="import sys; from cisim.cli import main; main()"):
    return subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, check=False)


def test_python_m_cisim_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "cisim", "presets", "--json"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and json.loads(done.stdout)


def test_a_bad_name_in_a_process_of_its_own_gives_one_line():
    done = started("run", "nobody")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("Error: 'nobody'") and len(done.stderr.splitlines()) == 1


def test_help_starts_without_heavy_libraries():
    code = (
        "import sys\nfrom cisim.cli import app\n"
        "try: app(['--help'])\nexcept SystemExit: pass\n"
        "print([m for m in ('numpy', 'pydantic', 'numba', 'mesa', 'polars', 'matplotlib') if m in sys.modules])"
    )
    assert started(code=code).stdout.splitlines()[-1] == "[]"


def test_a_run_imports_no_mesa_no_polars_and_no_matplotlib():
    code = (
        "import sys\nfrom cisim.cli import app\n"
        "try: app(['run', 'isolated-impact', '--replicates', '1', '--months', '2'])\nexcept SystemExit: pass\n"
        "print([m for m in ('mesa', 'polars', 'matplotlib') if m in sys.modules])"
    )
    done = started(code=code)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_a_reader_that_has_seen_enough_is_no_error():
    done = subprocess.run(
        f"{sys.executable} -m cisim parameters --markdown | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == "" and done.stdout.startswith("| name")

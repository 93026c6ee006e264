"""The study file that `cisim study new` writes is sound, and so is each alternative that its comments name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cisim.cli import app
from cisim.study.designs import KINDS
from cisim.study.spec import targets
from cisim.study.spec.file import StudyFile
from cisim.study.spec.keep import TAKES
from cisim.study.study import Study
from cisim.study.template import TEMPLATE
from cisim.theory.measures import MEASURES
from cisim.theory.parameters import UNCERTAINTIES
from cisim.world.toml import parse

TEXT = TEMPLATE.replace("NAME", "sweep")
COMMENTED = re.compile(r"^# (\w+) = ([^#\n]+)", re.MULTILINE)
DESIGN = re.compile(r"\[design\]\n(?:(?!\n# ---).)*", re.DOTALL)

OWN_MODEL = """\
from cisim.engine.model import CoalitionModel


class MyCoalition(CoalitionModel):
    pass
"""


@pytest.fixture
def read(tmp_path):
    (tmp_path / "my_model.py").write_text(OWN_MODEL, encoding="utf-8")
    (tmp_path / "my_rules.py").write_text(
        "def relax(trust, prior, silence, p):\n    return trust\n", encoding="utf-8"
    )
    (tmp_path / "draws.csv").write_text("trust_gain\n0.03\n0.05\n", encoding="utf-8")

    def read(text: str) -> Study:
        (tmp_path / "sweep.toml").write_text(text, encoding="utf-8")
        return Study.read(tmp_path / "sweep.toml")

    read.folder = tmp_path
    return read


def uncommented(*keys: str) -> str:
    """The template with these keys in place of their comments; a key that is there already gives way."""
    text = TEXT
    for key in keys:
        assert re.search(rf"^# {key} = ", text, re.MULTILINE), key
        text = re.sub(rf"^# {key} = ", f"{key} = ", text, count=1, flags=re.MULTILINE)
    return text


def test_the_template_is_a_study_of_64_points_in_ten_worlds(read):
    found = read(TEXT)
    assert (found.name, found.size(), found.replicates, found.months) == ("sweep", 64, 10, 120)
    assert found.factor_names == ["backbone_staff", "measurement", "trust", "trust_loss_ratio"]
    points = found.points()
    assert points["trust_loss_ratio"].is_null().to_list() == (points["trust"] == "symmetric").to_list()
    assert found.describe().startswith("Backbone staff and shared measurement (sweep)\n")


def test_what_the_template_says_is_kept_when_it_is_written_again():
    file = StudyFile(**parse(TEXT))
    assert StudyFile(**parse(file.to_toml())) == file


def test_the_command_writes_it_under_the_name_of_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(app, ["study", "new", "My Sweep_2.toml"]).exit_code == 0
    found = Study.read(tmp_path / "My Sweep_2.toml")
    assert found.name == "my-sweep-2"
    assert Path("My Sweep_2.toml").read_text(encoding="utf-8") == TEMPLATE.replace("NAME", "my-sweep-2")


def test_every_key_that_a_comment_names_is_tried_here():
    keys = {key for key, _ in COMMENTED.findall(TEXT)}
    assert keys == {
        "posterior",
        "prices",
        "months",
        "engine",
        "model",
        "own_rules",
        "every",
        "kind",
        "integer",
        "scale",
        "steps",
    }


@pytest.mark.parametrize(
    "keys", [("posterior",), ("months",), ("engine",), ("engine", "model"), ("own_rules",), ("every",), ("integer",), ("scale",), ("steps",)]
)  # fmt: skip
def test_a_key_in_place_of_its_comment_is_sound(keys, read):
    found, plain = read(uncommented(*keys)), read(TEXT)
    assert found.file != plain.file
    assert found.size() == plain.size()
    if "every" in keys:
        assert len(found.factors) > 40 and found.factor_names[:4] == plain.factor_names


def test_both_groups_are_sound(read):
    text = uncommented("every").replace('["uncertainties"]', '["uncertainties", "levers"]')
    assert len(read(text).factors) > 55


def design(kind: str) -> str:
    """The template with another design, with the numbers that its comment names."""
    line = re.search(rf'^# (kind = "{kind}")\s*#? ?(.*)$', TEXT, re.MULTILINE)
    assert line is not None
    numbers = re.findall(r'(\w+ = (?:\d+|"[^"]*"))', line[2])
    return DESIGN.sub("\n".join(["[design]", line[1], *numbers, ""]), TEXT, count=1)


def test_every_kind_of_design_is_named():
    assert set(re.findall(r'kind = "([\w-]+)"', TEXT)) == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "points"),
    [("latin-hypercube", 100), ("random", 100), ("saltelli", 1024 * 6), ("morris", 20 * 5)],
)
def test_a_sampled_design_is_sound_with_the_numbers_of_its_comment(kind, points, read):
    assert read(design(kind)).size() == points


def test_one_at_a_time_starts_at_the_base(read):
    points = read(design("one-at-a-time")).points()
    assert points.row(0) == (3.0, 1.0, "asymmetric", UNCERTAINTIES["trust_loss_ratio"].default)
    assert len(points) == 1 + 2 + 2 + 1 + 2


def test_a_grid_takes_steps_and_levels(read):
    text = design("grid").replace("high = 6\n", "high = 6\nsteps = 3\n").replace("# steps = 5", "steps = 5")
    assert read(text).size() == 3 * 3 * (5 + 1)


def test_a_zip_takes_as_many_of_each(read):
    text = design("zip").replace("high = 6\n", "high = 6\nsteps = 2\n").replace("# steps = 5", "steps = 2")
    assert read(text.replace("[0, 0.5, 1]", "[0, 1]")).size() == 2


def test_a_table_has_a_column_for_each_factor(read):
    rows = "backbone_staff,measurement,trust,trust_loss_ratio\n0,0.5,asymmetric,2\n6,1,symmetric,\n"
    (read.folder / "points.csv").write_text(rows, encoding="utf-8")
    assert read(design("table")).points().rows() == [
        (0.0, 0.5, "asymmetric", 2.0),
        (6.0, 1.0, "symmetric", None),
    ]


def test_plans_and_prices_stand_in_place_of_levers(read):
    (read.folder / "prices.toml").write_text("meeting = 300\n", encoding="utf-8")
    text = uncommented("prices")
    for old, new in (('name = "backbone_staff"', 'name = "plan"'), ("low = 0\nhigh = 6", 'levels = ["isolated-impact", "backbone-alone"]'), ('name = "measurement"', 'name = "trend"'), ("[0, 0.5, 1]", "[-0.02, 0, 0.02]")):  # fmt: skip
        assert old in text
        text = text.replace(old, new)
    found = read(text)
    assert found.size() == 128 and found.told.prices.meeting == 300


def test_every_name_that_a_comment_gives_can_be_varied(read):
    told = TEXT[TEXT.index("# Other factors:") : TEXT.index("# --- what is kept")]
    names = re.findall(r'"([\w.-]+)"', told)
    assert len(names) == 6
    assert [name for name in names if targets.kind_of(name) is None] == []


def test_every_take_and_measure_that_it_names_is_there(read):
    takes = re.search(r'take = "([\w-]+)"\s+# also: (.*)', TEXT)
    assert takes is not None
    assert {takes[1], *re.sub(r"\(.*?\)", "", takes[2]).replace(" ", "").split(",")} == set(TAKES)
    found = read(TEXT.replace("[36, 60, 120]", '"all"'))
    assert len(found.columns.names) == 3 * 121 + 2
    assert set(found.columns.needs) <= set(MEASURES)

"""Every mistake in a study file gives one message: the place, what is wrong, given, allowed, and what to do."""

from __future__ import annotations

import random
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from mistakes_beside import BESIDE
from mistakes_meant import MEANT
from mistakes_written import WRITTEN
from study_texts import MESA, RANDOM, STAFF, factor, own, study, write_all
from typer.testing import CliRunner

from cisim.cli import app
from cisim.errors import DataError, SpecError, StoreError
from cisim.study.study import Study
from cisim.study.template import TEMPLATE
from cisim.world.toml import dump, parse

JARGON = (
    "pydantic",
    "validation error",
    "type=",
    "Traceback",
    "Input should",
    "object at 0x",
    "NoneType",
    "given None",
)


CASES = WRITTEN | MEANT | BESIDE


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("mistakes")
    write_all(place)
    return place


def refusal(folder: Path, text: str) -> SpecError:
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        Study.read(path)
    assert str(caught.value).startswith(f"{path}: ")
    return caught.value


@pytest.mark.parametrize("case", CASES)
def test_one_mistake_is_told_once_with_all_that_helps(case, folder):
    text, fragments = CASES[case]
    error = refusal(folder, text)
    assert len(error.faults) == 1, error
    (fault,) = error.faults
    assert fault.startswith(fragments[0]), error
    assert [part for part in fragments if part not in fault] == [], error
    assert [word for word in JARGON if word in fault] == [], error


def test_there_are_enough_kinds_of_mistake():
    assert len(CASES) >= 50
    assert len({text for text, _ in CASES.values()}) == len(CASES)


def test_what_all_mistakes_are_made_from_is_sound(folder):
    (folder / "study.toml").write_text(study(), encoding="utf-8")
    assert Study.read(folder / "study.toml").size() == 4


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("studi.toml", ["there is no file", "studi.toml", "Did you mean 'study.toml'?"]),
        ("no/where.toml", ["there is no file", "Check the path"]),
        (".", ["is a folder", "name the file in it"]),
        ("latin.toml", ["latin.toml: not a text file in UTF-8", "save it as UTF-8"]),
    ],
)
def test_a_file_that_cannot_be_read_is_told(name, parts, tmp_path):
    (tmp_path / "study.toml").write_text(study(), encoding="utf-8")
    (tmp_path / "latin.toml").write_bytes('name = "a"\ntitle = "Café"'.encode("latin-1"))
    with pytest.raises(SpecError) as caught:
        Study.read(tmp_path / name)
    assert [part for part in parts if part not in str(caught.value)] == [], caught.value


def test_a_module_that_is_a_file_beside_the_study_is_told_how_to_name(tmp_path):
    (tmp_path / "nearby.py").write_text("", encoding="utf-8")
    error = refusal(tmp_path, own('engine = "mesa"', 'model = "nearby:Bold"'))
    assert error.faults == ("model: there is no module 'nearby'. Did you mean 'nearby.py:Bold'?",)
    error = refusal(tmp_path, own('engine = "mesa"', 'model = "nowhere.at_all:Bold"'))
    assert "nowhere.at_all cannot be imported: ModuleNotFoundError" in error.faults[0]


TOGETHER = """\
title = 3
replicats = 3
months = 0
base = "broken.toml"
own_rules = { relx = "own.py:one", relax = "own.py:one" }
[design]
kind = "sobol"
points = 100
[[factor]]
name = "trust_gian"
low = 5
high = 3
[[factor]]
name = "agenda"
levels = [0, 3]
[[factor]]
name = "trust"
levels = ["symetric"]
when = { agendo = 1 }
[keep]
measures = ["severty"]
[[summary]]
name = "x"
take = "men"
[[summary]]
name = "y"
take = "mean"
"""


def test_all_faults_of_a_file_and_of_what_it_names_are_told_at_once(folder):
    (folder / "broken.toml").write_text(
        'name = "broken"\n[levers]\nagneda = 1\nmeetings = -1\n', encoding="utf-8"
    )
    error = refusal(folder, TOGETHER)
    starts = [
        "name: is missing", "title: must be text", "months: is out of range", "design: points must be a power",
        "factor[0] ('trust_gian') goes from 5 to 3", "summary[0].take ('x'): given 'men'", "replicats: is not",
        "base: in 'broken.toml', levers: unknown lever 'agneda'", "base: in 'broken.toml', levers: lever 'meetings'",
        "own_rules.relx: there is no such slot", "own_rules.relax: 'own.py:one' takes 1",
        "factor[0] ('trust_gian'): there is nothing of this name", "factor[1].levels[1] ('agenda'): is out of range",
        "factor[2].levels[0] ('trust'): given 'symetric'", "summary[1] ('y') takes mean of no measure",
        "keep.measures: there is no measure 'severty'",
    ]  # fmt: skip
    missing = [start for start in starts if not any(fault.startswith(start) for fault in error.faults)]
    assert missing == [], error
    assert "there is nothing of this name to vary. Did you mean 'trust_gain'?" in str(error)
    assert len(error.faults) == len(starts), error
    assert str(error).splitlines()[0].endswith(f"{len(starts)} faults")


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (study(factor("event.funder-leaves"), top='bse = "funder-leaves"'), "bse: is not a known key"),
        (study(factor("event.funder-leaves"), top="base = 3"), "base: must be text"),
        (study(factor("event.funder-leaves"), top='base = "x.toml"'), "base: there is no file"),
        (f'name = "a"\n[design]\n{RANDOM}\n[[factors]]\nname = "agenda"', "factors: is not a known key"),
        (own('months = "240"') + "[keep]\nmonths = [240]", "months: must be a whole number"),
        (study(factor("model.boldness", "levels = [1]"), top='engine = "mesa"\nmodel = 3'), "model: must be text"),
        (study(factor("model.boldness", "levels = [1]"), top='engine = "mesa"\nmodel = "x.py:Y"'), "model: there is no"),
        (study(top=MESA.replace("mesa", "mesaa"), rest='[keep]\nmeasures = ["courage"]'), "engine: given 'mesaa'"),
        (study(factor("agenda", "low = 0") + factor("trust", "when = { agenda = 1 }")), "factor[0] ('agenda') has low"),
        (study(STAFF + factor("agenda", "levels = [0, 3]", "when = { backbone_staff = { low = 1 } }")), "factor[1].levels[1]"),
        (study(factor("scenario", 'levels = ["x.toml"]') + factor("event.funder-leaves")), "factor[0].levels"),
        (study(factor("agenda", "levels = [0, 3]"), design='kind = "grid"'), "factor[0].levels[1] ('agenda')"),
    ],
)  # fmt: skip
def test_what_rests_on_a_mistake_is_not_judged(text, start, folder):
    error = refusal(folder, text)
    assert len(error.faults) == 1 and error.faults[0].startswith(start), error


def test_a_factor_without_levels_in_a_grid_is_told_beside_wrong_factors(tmp_path):
    text = """
name = "three"
base = "collective-impact"
[design]
kind = "grid"
[[factor]]
name = "backbone_stafff"
levels = [0, 3]
[[factor]]
name = "backbone_staff"
levels = [0, 3000]
[[factor]]
name = "trust_gain"
"""
    with pytest.raises(SpecError) as caught:
        Study.read_text(text)
    assert [fault.split(" (")[0] for fault in caught.value.faults] == [
        "factor[0]", "factor[1].levels[1]", "factor[2]",
    ]  # fmt: skip


def test_a_value_that_is_sound_beside_some_values_of_others_is_left_to_the_points(folder):
    """499.5 and a hire of 1, as in the base, are too many; but a hire of 0.5 is not."""
    fte = "event.hire-backbone-staff.fte"
    factors = factor("backbone_staff", "levels = [1, 499.5]") + factor(fte, "levels = [0.5, 400]")
    (folder / "study.toml").write_text(study(factors, top='base = "hires.toml"'), encoding="utf-8")
    assert Study.read(folder / "study.toml").size() == 4
    error = refusal(folder, study(factors.replace("[0.5, 400]", "[0.6, 400]"), top='base = "hires.toml"'))
    assert [fault[:38] for fault in error.faults] == ["factor[0].levels[1] ('backbone_staff')"]


def test_all_cells_and_columns_of_a_table_are_told_at_once(folder):
    (folder / "many.csv").write_text("backbone_stff,agenda\n1,2\n1,x\n", encoding="utf-8")
    factors = STAFF + factor("agenda", "low = 0", "high = 1")
    error = refusal(folder, study(factors, design='kind = "table"\ntable = "many.csv"'))
    assert [fault.split(": ", 1)[1][:34] for fault in error.faults] == [
        "column 'backbone_stff': this colum",
        "column 'backbone_staff': there is ",
        "row 2, column 'agenda': is out of ",
        "row 3, column 'agenda': must be a ",
    ]


@pytest.mark.parametrize(
    "case",
    ["not TOML", "misspelt lever", "no base file", "own code that stops", "wrong cell", "low above high"],
)
def test_the_command_line_says_the_same_and_ends_with_2(case, folder):
    error = refusal(folder, CASES[case][0])
    said = CliRunner().invoke(app, ["study", "check", str(folder / "study.toml")])
    assert said.exit_code == 2
    assert said.stderr == f"Error: {error}\n" and said.stdout == ""


def test_the_command_line_tells_many_faults_and_a_missing_file(folder):
    refusal(folder, TOGETHER)
    said = CliRunner().invoke(app, ["study", "check", str(folder / "study.toml")])
    assert said.exit_code == 2 and "faults\n  - " in said.stderr and "Traceback" not in said.output
    said = CliRunner().invoke(app, ["study", "check", str(folder / "studi.toml")])
    assert said.exit_code == 2 and "Did you mean 'study.toml'?" in said.stderr


# A file that was changed at random is a study, or is refused in words

WORDS = (
    "", "x", "all", "sobol", "grid", "zip", "morris", "table", "mean", "agenda", "trust", "severity", "scenario",
    "condition.agenda", "event.funder-leaves", "event.funder-leaves.month", "model.x", "roster.count", "mesa",
    "funder-leaves", "isolated-impact", "own.py:Bold", "half.toml", "points.csv", "self", "a\nb", "\0",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    *WORDS, 0, 1, -1, 2, 7, 64, 2**40, 10**30, 0.5, -0.5, 1e308, float("nan"), float("inf"), True, False, [], {},
    [0, 1], ["a"], [True, False], [1, "a"], [[1]], [{}], {"low": 1}, {"low": 2, "high": 1}, {"self": 1},
    {"agenda": {"low": 0}}, {"trust": "symmetric"}, {"relax": "own.py:one"}, ["severity"], "2030", 24, 1200,
)  # fmt: skip


def places(values: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every value in a table."""
    steps = (
        values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else ()
    )
    for step, value in steps:
        yield (*path, step)
        yield from places(value, (*path, step))


def changed(draw: random.Random, values: dict[str, Any]) -> dict[str, Any]:
    """The values with one place deleted, replaced, renamed, or with one more key."""
    *way, last = draw.choice(list(places(values)))
    inside: Any = values
    for step in way:
        inside = inside[step]
    match draw.choice(["delete", "replace", "replace", "rename", "add"]):
        case "delete":
            del inside[last]
        case "replace":
            inside[last] = deepcopy(draw.choice(VALUES))
        case "rename" if isinstance(inside, dict):
            inside[draw.choice(WORDS)] = inside.pop(last)
        case _ if isinstance(inside, dict):
            keys = (
                "base",
                "months",
                "engine",
                "model",
                "own_rules",
                "every",
                "levels",
                "low",
                "steps",
                "when",
                "scale",
            )
            inside[draw.choice(keys)] = deepcopy(draw.choice(VALUES))
        case _:
            inside.append(deepcopy(draw.choice(VALUES)))
    return values


@pytest.mark.parametrize("part", range(6))
def test_a_study_changed_at_random_is_sound_or_refused_in_words(part, folder):
    draw, path, refused = random.Random(part), folder / f"random-{part}.toml", 0
    for _ in range(50):
        values = parse(TEMPLATE.replace("NAME", "random"))
        for _ in range(draw.choice([1, 1, 2, 3])):
            values = changed(draw, values)
        path.write_text(dump(values), encoding="utf-8")
        refused += not is_sound(path)
    assert 10 < refused < 50


def test_a_text_changed_at_random_is_sound_or_refused_in_words(folder):
    draw, path = random.Random(7), folder / "random.toml"
    for _ in range(100):
        text = TEMPLATE.replace("NAME", "random")
        at = draw.randrange(len(text))
        path.write_text(
            text[:at] + draw.choice(['"', "[", "=", "\n", "7", ""]) + text[at + draw.randrange(9) :]
        )
        is_sound(path)


def is_sound(path: Path) -> bool:
    try:
        found = Study.read(path)
    except (SpecError, DataError, StoreError) as error:
        assert not any(word in str(error) for word in JARGON), error
        assert len(set(error.faults)) == len(error.faults)
        return False
    assert found.size() >= 1 and found.describe()
    return True

"""Version, licence and requirements are told in several formats, from one truth: pyproject.toml and `__version__`."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

import cisim

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
CODEMETA = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("told", [CITATION, CODEMETA], ids=["citation", "codemeta"])
def test_version_and_licence_are_those_of_the_package(told):
    assert told["version"] == cisim.__version__
    assert told["license"].removeprefix("https://spdx.org/licenses/") == PROJECT["license"]


def test_both_tell_the_same_date():
    assert str(CITATION["date-released"]) == CODEMETA["datePublished"]


def test_codemeta_repeats_the_project():
    assert CODEMETA["description"] == PROJECT["description"]
    assert CODEMETA["keywords"] == PROJECT["keywords"]
    assert CODEMETA["softwareRequirements"] == [
        re.split(r"[<>=~]", one)[0] for one in PROJECT["dependencies"]
    ]


def test_every_requirement_has_a_lower_and_an_upper_bound_or_one_version():
    listed = [
        *PROJECT["dependencies"],
        *(one for extra in PROJECT["optional-dependencies"].values() for one in extra if "cisim[" not in one),
    ]
    loose = [one for one in listed if not re.search(r"==|>=.*<", one)]
    assert loose == ["dask[distributed]>=2024.8"]  # named by year and month: no number tells of a break

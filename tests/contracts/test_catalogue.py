"""Every preset loads, explains itself, runs, and cites works that are known."""

from __future__ import annotations

import numpy as np
import pytest

import cisim
from cisim.theory.sources import SOURCES
from cisim.world.presets import load, names
from cisim.world.scenario import Scenario

PRESETS = names()


def test_the_presets_that_people_look_for_are_there():
    assert {"isolated-impact", "collective-impact", "social-innovation-lab"} <= set(PRESETS)
    assert list(cisim.presets()) == list(PRESETS) == sorted(PRESETS)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_tells_what_it_is_and_on_what_it_rests(name):
    scenario = load(name)
    assert scenario.name == name and scenario.title
    assert len(scenario.description.split()) > 20
    assert scenario.sources
    for citation in scenario.sources:
        assert citation.key in SOURCES and citation.reason.endswith(".")
    words = scenario.describe()
    assert scenario.title in words and len(words.splitlines()) > 5


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_what_its_file_says(name):
    scenario = load(name)
    assert Scenario.from_toml(scenario.to_toml()) == scenario


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_runs(name):
    scenario = load(name)
    ensemble = cisim.simulate(scenario, 2, seed=1)
    assert ensemble.values.shape[:2] == (2, scenario.months + 1)
    assert np.isfinite(ensemble["severity"]).all()


@pytest.mark.slow
@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_the_same_in_both_engines(name):
    scenario = load(name)
    if len(scenario.ids) > 200:
        scenario = scenario.replace(months=min(scenario.months, 12))
    compiled = cisim.simulate(scenario, [1], seed=2)
    model = cisim.CoalitionModel(scenario, seed=2, replicate=1)
    while model.month < scenario.months and (len(scenario.ids) < 200 or model.month < 3):
        model.step()
    for measure, told in model.datacollector.model_vars.items():
        assert np.array_equal(told, compiled[measure][0, : len(told)], equal_nan=True), measure


def test_an_unknown_preset_is_refused_with_the_nearest_name():
    with pytest.raises(cisim.SpecError, match="Did you mean 'collective-impact'"):
        cisim.preset("colective-impact")

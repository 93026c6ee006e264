"""Kernels kept on disk are used for the rules they were compiled with, whoever compiled them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import cisim

RUN = """
import sys, cisim
from cisim.world.scenario import Scenario
levers = {"agenda": 1, "meetings": 2, "backbone_staff": 2, "coordination": 1}
for variant in sys.argv[1:]:
    rules = dict(choice.split("=") for choice in variant.split(","))
    told = Scenario(name="kept", months=24, roster={"count": 6}, levers=levers, rules=rules)
    compiled = cisim.simulate(told, [0], seed=1)
    model = cisim.CoalitionModel(told, seed=1).run()
    for name in ("trust_mean", "agenda_consensus", "severity"):
        assert compiled.sel(name, month=24, replicate=0) == model.measure(name), (variant, name)
"""
VARIANTS = ("influence=friedkin-johnsen,delivery=ces", "influence=bounded-confidence,delivery=minimum")


def start(folder: Path, *variants: str) -> subprocess.Popen[str]:
    """A process of its own that runs these variants in turn, with its kernels in a folder."""
    world = {"PYTHONPATH": str(Path(cisim.__file__).parents[1]), "XDG_CACHE_HOME": str(folder)}
    command = [sys.executable, "-c", RUN, *variants]
    return subprocess.Popen(command, env=os.environ | world, stderr=subprocess.PIPE, text=True)


@pytest.mark.slow  # compiles two kernels
def test_kernels_that_two_processes_compiled_do_not_mix_in_a_third(tmp_path):
    """Each process numbers its compiled functions from one, so two kernels may hold the same names."""
    for process in [start(tmp_path, variant) for variant in VARIANTS]:
        _, faults = process.communicate()
        assert process.returncode == 0, faults
    for order in (VARIANTS, VARIANTS[::-1]):
        loading = start(tmp_path, *order)
        _, faults = loading.communicate()
        assert loading.returncode == 0, faults

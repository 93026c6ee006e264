"""What is measured. Each function takes the repeats to make and returns figures by name, with units."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

import cisim
from benchmarks.app_browser import app
from benchmarks.app_server import app_server
from benchmarks.floor import floor_seconds
from benchmarks.studies import overhead
from cisim.engine.model import CoalitionModel
from cisim.world.network import Network
from cisim.world.partners import Roster

Figures = dict[str, float]
DEFAULT = "collective-impact"


def speed(repeats: int) -> Figures:
    """The default scenario (25 partners, 120 months, every measure), the Mesa engine and the floor.

    All three alternate within one loop, so that a noisy machine disturbs them alike; best of each.
    """
    scenario = cisim.preset(DEFAULT)
    blueprint = scenario.lower()
    pairs, months = len(blueprint.ties), blueprint.months
    cisim.simulate(scenario, 2)
    one, two, floor = [], [], []
    for _ in range(repeats):
        one.append(_seconds(lambda: cisim.simulate(scenario, 100, threads=1)) / 100)
        two.append(_seconds(lambda: cisim.simulate(scenario, 200, threads=2)) / 200)
        floor.append(floor_seconds(len(blueprint.organizations), months, len(blueprint.workstreams), 50))
    mesa = min(_seconds(lambda: CoalitionModel(scenario, seed=1).run()) for _ in range(2))
    return {
        "runs per second, 1 core": 1 / min(one),
        "runs per second, 2 cores": 1 / min(two),
        "gain of the second core, times": min(one) / min(two),
        "milliseconds a run, 1 core": 1e3 * min(one),
        "nanoseconds a pair and month": 1e9 * min(one) / pairs / months,
        "floor: nanoseconds a pair and month": 1e9 * min(floor) / pairs / months,
        "compiled over floor, times (at most 3)": min(one) / min(floor),
        "Mesa engine: seconds a run": mesa,
        "Mesa over compiled, times (at least 200)": mesa / min(one),
    }


def dense(repeats: int) -> Figures:
    """Cost against the number of partners, every pair a possible tie."""
    figures = {}
    cisim.simulate(cisim.preset(DEFAULT), 1)  # load the kernel
    for count in (10, 25, 50, 100, 200):
        scenario = cisim.preset(DEFAULT).replace(roster=Roster(count=count))
        pairs = len(scenario.lower().ties)
        runs = max(1, 20_000 // pairs)
        best = min(
            _seconds(lambda s=scenario, r=runs: cisim.simulate(s, r, threads=1)) for _ in range(repeats)
        )
        figures[f"{count} partners: milliseconds a run"] = 1e3 * best / runs
        figures[f"{count} partners: nanoseconds a pair and month"] = (
            1e9 * best / runs / pairs / scenario.months
        )
    return figures


def sparse(repeats: int) -> Figures:
    """Cost against the number of possible ties, 120 months, one core, every measure.

    Ten times the ties of 10,000 organizations with 20 each in two ways: more ties for each organization, and from a
    tenth of the organizations, whose state still fits the caches that are close to the processor.
    """
    figures, cost, size = {}, {}, {}
    cisim.simulate(cisim.preset(DEFAULT), 1)  # load the kernel
    for key in ((1_000, 20), (10_000, 20), (10_000, 220)):
        network = Network(possible="sparse", ties_per_partner=key[1])
        scenario = cisim.preset(DEFAULT).replace(roster=Roster(count=key[0]), network=network)
        size[key] = len(scenario.lower().ties)
        runs = max(1, repeats - 1) if key[1] == 20 else 1
        cost[key] = min(_seconds(lambda s=scenario: cisim.simulate(s, 1, threads=1)) for _ in range(runs))
        name = f"{key[0]:,} organizations × {key[1]}"
        figures[f"{name}: possible ties"] = size[key]
        figures[f"{name}: seconds a run"] = cost[key]
        figures[f"{name}: nanoseconds a tie and month"] = 1e9 * cost[key] / size[key] / scenario.months
    for name, large, small in (
        ("ten times the ties of each", (10_000, 220), (10_000, 20)),
        ("ten times the organizations", (10_000, 20), (1_000, 20)),
    ):
        figures[f"{name}: ties, times"] = size[large] / size[small]
        figures[f"{name}: cost, times (at most 12)"] = cost[large] / cost[small]
    return figures


def memory(repeats: int) -> Figures:
    """Memory of the results, and of a process that holds them."""
    ensemble = cisim.simulate(cisim.preset(DEFAULT), 1000)
    code = (
        "import resource, cisim; cisim.simulate(cisim.preset('collective-impact'), {});"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    small, large = (int(_python(code.format(count))) / 1024 for count in (1, 5000))
    return {
        "results: kilobytes a run, every measure and month": ensemble.values.nbytes / 1000 / 1024,
        "process with 1 run: peak megabytes": small,
        "process with 5,000 runs: peak megabytes": large,
    }


def start(repeats: int) -> Figures:
    """Import, and the command line from start to result with a cached kernel."""
    run = [sys.executable, "-m", "cisim", "run", DEFAULT, "--replicates", "1", "--quiet"]
    _finish(run)
    loaded = _python(
        "import cisim, sys; print(sum(m in sys.modules for m in ('mesa', 'numba', 'solara', 'matplotlib')))"
    )
    bare = min(_seconds(lambda: _python("pass")) for _ in range(repeats + 2))
    with_import = min(_seconds(lambda: _python("import cisim")) for _ in range(repeats + 2))
    return {
        "import cisim: seconds (below 0.3)": with_import - bare,
        "heavy libraries that it loads (0)": int(loaded),
        "cisim --help: seconds": min(_seconds(lambda: _finish([*run[:3], "--help"])) for _ in range(repeats)),
        "cached cisim run, 1 replicate: seconds (below 1.5)": min(
            _seconds(lambda: _finish(run)) for _ in range(repeats)
        ),
    }


MEASUREMENTS: dict[str, Callable[[int], Figures]] = {
    "speed": speed,
    "dense": dense,
    "sparse": sparse,
    "memory": memory,
    "start": start,
    "overhead": overhead,
    "app-server": app_server,
    "app": app,
}


def machine() -> dict[str, str | int]:
    """What the figures were measured on."""
    import platform

    import numba

    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "cisim": cisim.__version__,
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count() or 1,
    }


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _python(code: str) -> str:
    return _finish([sys.executable, "-c", code])


def _finish(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout

"""What a study costs beyond its runs: a model that costs nothing, run and kept by cisim and by other tools.

cisim writes every run to disk as it goes (durable, resumable); the others hold results in memory and lose them with
the process, so the comparison favours them.
"""

from __future__ import annotations

import contextlib
import io
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from cisim.study.kept.results import Results
from cisim.study.running.engines import Outcome, Runs
from cisim.study.running.session import run_study
from cisim.study.spec.file import StudyFile
from cisim.study.study import Study

__all__ = ["overhead"]

Figures = dict[str, float]
POINTS, REPLICATES = 4096, 25
FACTORS = ("backbone_staff", "measurement", "meetings", "trust_loss_ratio")


class Nothing:
    """An engine whose runs cost nothing; its numbers are of the kind that cannot be compressed."""

    def __init__(self, columns: int) -> None:
        self.numbers = np.random.Generator(np.random.Philox(0)).random((8192, columns))
        self.calls = 0

    def __repr__(self) -> str:
        return "nothing"

    def run(self, runs: Runs) -> Outcome:
        """Some numbers for each run."""
        self.calls += 1
        return Outcome(self.numbers[: len(runs)] * self.calls)


def overhead(repeats: int) -> Figures:
    """Microseconds a run around a model that costs nothing: cisim durable, other tools in memory."""
    study = Study.of(
        StudyFile(
            name="nothing", replicates=REPLICATES, design={"kind": "sobol", "points": POINTS},
            factor=[{"name": name} for name in FACTORS],
            keep={"measures": ["severity", "contribution", "trust_in_contacts"], "months": [36, 60, 120]},
        )
    )  # fmt: skip
    runs = POINTS * REPLICATES
    ways: dict[str, Callable[[], int]] = {
        "cisim study, durable": lambda: _cisim(study),
        "mesa.batch_run": _mesa,
        "EMA Workbench perform_experiments": _ema,
        "SALib evaluate": _salib,
    }
    best: dict[str, float] = {}
    figures: Figures = {}
    for _ in range(repeats):
        for name, way in ways.items():
            begin = time.perf_counter()
            try:
                count = way()
            except ImportError:
                continue
            best[name] = min(best.get(name, float("inf")), (time.perf_counter() - begin) / count)
    for name, seconds in best.items():
        figures[f"{name}: microseconds a run"] = 1e6 * seconds
    figures |= _again(study, runs)
    return figures


def _cisim(study: Study) -> int:
    with tempfile.TemporaryDirectory() as folder:
        report = run_study(study, Path(folder) / "out", engine=Nothing(len(study.columns.names)))
    return report.done


def _again(study: Study, runs: int) -> Figures:
    """Resuming a complete study, and reading it."""
    with tempfile.TemporaryDirectory() as folder:
        out, engine = Path(folder) / "out", Nothing(len(study.columns.names))
        run_study(study, out, engine=engine)
        begin = time.perf_counter()
        run_study(study, out, engine=engine)
        resumed = time.perf_counter() - begin
        results = Results.open(out)
        begin = time.perf_counter()
        results.runs().select("severity@120").mean().collect(engine="streaming")
        read = time.perf_counter() - begin
        return {
            "resume with nothing left: microseconds a run": 1e6 * resumed / runs,
            "read one column of all runs: microseconds a run": 1e6 * read / runs,
            "bytes on disk a run": results.store.size() / runs,
        }


def _mesa() -> int:
    import mesa

    class Model(mesa.Model):
        def __init__(self, a: float = 0.0, rng: Any = None, seed: Any = None) -> None:
            super().__init__(rng=rng)
            self.datacollector = mesa.DataCollector(model_reporters={"severity": lambda model: 0.0})
            self.running = False
            self.datacollector.collect(self)

        def step(self) -> None:
            self.running = False

    count = 2_000
    mesa.batch_run(
        Model,
        {"a": list(range(count))},
        number_processes=1,
        iterations=1,
        max_steps=0,
        display_progress=False,
    )
    return count


def _ema() -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about its optional parts
        from ema_workbench import Model, RealParameter, ScalarOutcome, perform_experiments

    model = Model("nothing", function=lambda **told: {f"y{at}": 0.0 for at in range(9)})
    model.uncertainties = [RealParameter(name, 0, 1) for name in FACTORS]
    model.outcomes = [ScalarOutcome(f"y{at}") for at in range(9)]
    count = 2_000
    with contextlib.redirect_stderr(io.StringIO()):  # its progress bar
        perform_experiments(model, scenarios=count)
    return count


def _salib() -> int:
    from SALib import ProblemSpec

    problem = ProblemSpec({"names": list(FACTORS), "bounds": [[0, 1]] * len(FACTORS), "outputs": ["y"]})
    problem.sample_sobol(POINTS, calc_second_order=False)
    problem.evaluate(lambda X: np.array([_salib_run(row) for row in X]))
    return len(problem.samples)


def _salib_run(row: np.ndarray) -> float:
    """One run, as SALib's users write it: a point in, a number out."""
    return 0.0

"""A study small enough to be run for a test: two factors, eight partners, two years."""

from __future__ import annotations

from pathlib import Path

from cisim.study.running.session import run_study
from cisim.study.spec.file import StudyFile
from cisim.study.study import Study

__all__ = ["small_study"]


def small_study(root: Path) -> str:
    """Run it below `root`; gives the name by which the Bench opens it."""
    (root / "small.toml").write_text('extends = "collective-impact"\nname = "small"\n[roster]\ncount = 8\n')
    file = StudyFile(
        base="small.toml", months=24, seed=3, name="sweep", title="Staff and measurement", replicates=4,
        keep={"measures": ["severity", "contribution"], "months": [12, 24]},
        design={"kind": "sobol", "points": 16},
        factor=[
            {"name": "backbone_staff", "low": 0, "high": 6}, {"name": "measurement", "levels": [0, 1]},
        ],
    )  # fmt: skip
    run_study(Study.of(file, root), root / "sweep", workers=1)
    return "sweep:sweep"

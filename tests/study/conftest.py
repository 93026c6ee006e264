"""Small studies that tests run: short, few partners, and quick to write down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cisim.study.spec.file import StudyFile
from cisim.study.study import Study

BASE = """\
extends = "collective-impact"
name = "small"

[roster]
count = 6
"""

SMALL: dict[str, Any] = {
    "name": "small-study",
    "base": "small.toml",
    "months": 24,
    "replicates": 4,
    "seed": 1,
    "design": {"kind": "grid"},
    "factor": [
        {"name": "backbone_staff", "levels": [0, 1, 3]},
        {"name": "trust_loss_ratio", "low": 1, "high": 4, "steps": 4},
    ],
    "keep": {"measures": ["severity", "trust_in_contacts"], "months": [12, 24]},
    "summary": [{"name": "mean_engagement", "take": "mean", "measure": "engagement"}],
}


@pytest.fixture
def study(tmp_path: Path) -> Callable[..., Study]:
    """Makes a small study: 12 points, 4 replicates, 24 months; with the changes asked for."""
    (tmp_path / "small.toml").write_text(BASE, encoding="utf-8")

    def make(**changes: Any) -> Study:
        return Study.of(StudyFile(**(SMALL | changes)), tmp_path)

    return make

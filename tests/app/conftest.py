"""Solara reads its settings when it is first loaded; tests load it in any order, so they are set before."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cisim.app.settings import Settings, solara_environment

if TYPE_CHECKING:
    from cisim.app.drawing.studio import Studio

HOME = tempfile.TemporaryDirectory(prefix="cisim-tests-")
os.environ.update(solara_environment(Settings(), Path(HOME.name)))


@pytest.fixture(scope="module")
def studio() -> Iterator[Studio]:
    """One for the tabs of a file, on one thread."""
    from cisim.app.drawing.studio import Studio

    made = Studio(threads=1)
    yield made
    made.close()

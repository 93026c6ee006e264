"""Solara reads its settings when it is first loaded; tests load it in any order, so they are set before."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from cisim.app.settings import Settings, solara_environment

HOME = tempfile.TemporaryDirectory(prefix="cisim-tests-")
os.environ.update(solara_environment(Settings(), Path(HOME.name)))

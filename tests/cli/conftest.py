from __future__ import annotations

import pytest
from typer.testing import CliRunner

from cisim.cli import app


@pytest.fixture
def cisim(tmp_path, monkeypatch):
    """Call the command line in an empty folder: `cisim("presets", "--json")`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *args: CliRunner().invoke(app, [str(arg) for arg in args])

"""The public names exist, say what they are, and cost nothing until they are used."""

from __future__ import annotations

import inspect
import os
import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import cisim

PUBLIC = {
    "LEVERS", "MEASURES", "UNCERTAINTIES", "CisimError", "CoalitionModel", "DataError", "Ensemble", "RunError",
    "Scenario", "SpecError", "StoreError", "__version__", "import_survey", "load", "preset", "presets", "simulate",
}  # fmt: skip
"""What the world may rely on. Take a name out only with a line in the changelog."""

HEAVY = (
    "mesa", "numba", "llvmlite", "solara", "matplotlib", "polars", "pandas", "scipy", "numpy", "pydantic",
    "tomlkit", "typer", "rich",
)  # fmt: skip


def test_public_names_are_all_there():
    assert set(cisim.__all__) >= PUBLIC
    assert set(cisim.__all__) <= set(dir(cisim))


@pytest.mark.parametrize("name", sorted(cisim.__all__))
def test_every_public_name_can_be_had_and_is_documented(name):
    value = getattr(cisim, name)
    if inspect.isclass(value) or inspect.isfunction(value):
        assert value.__doc__ and value.__doc__.strip()[0].isupper()


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        cisim.simulat  # noqa: B018


def modules_after(code: str) -> set[str]:
    """The modules that a fresh interpreter holds after this code."""
    source = f"{code}\nimport sys\nprint(chr(10).join(sys.modules))"
    environment = os.environ | {"PYTHONPATH": str(Path(cisim.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True, env=environment
    )
    return set(done.stdout.split())


def test_importing_cisim_loads_nothing_heavy():
    loaded = modules_after("import cisim")
    assert not loaded & set(HEAVY)
    new = loaded - modules_after("")
    # Counted in place of timed: some small modules of the standard library are a few milliseconds.
    assert len(new) < 60, sorted(new)
    assert {name for name in new if name.startswith("cisim")} == {"cisim"}


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import cisim; cisim.Scenario", ("mesa", "numba", "polars", "pandas", "matplotlib", "scipy")),
        ("import cisim; cisim.preset('collective-impact').describe()", ("mesa", "numba", "polars", "matplotlib")),
        ("import cisim; cisim.LEVERS, cisim.MEASURES", ("mesa", "numba", "polars", "pandas", "matplotlib")),
        ("import cisim; cisim.simulate", ("mesa", "matplotlib", "pandas", "polars")),
        ("import cisim; cisim.CoalitionModel", ("numba", "matplotlib", "polars")),
    ],
)  # fmt: skip
def test_a_name_loads_only_what_it_needs(code, absent):
    assert not modules_after(code) & set(absent)


STARTS = "cisim.__main__"
"""Loading this one runs the command line."""


def modules() -> list[str]:
    return sorted(
        found.name for found in pkgutil.walk_packages(cisim.__path__, "cisim.") if found.name != STARTS
    )


@pytest.mark.parametrize("name", modules())
def test_every_module_can_be_loaded_and_says_what_is_true(name):
    module = import_module(name)
    assert module.__doc__ and module.__doc__.strip()
    for public in getattr(module, "__all__", ()):
        assert hasattr(module, public), f"{name} has no {public}"

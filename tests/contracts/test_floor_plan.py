"""The house stands on its floors: files import downwards only, and heavy libraries stay on theirs."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import cisim

HOUSE = Path(cisim.__file__).parent
FLOORS = (
    "errors", "theory", "world", "engine", "study", "insight", "evidence", "decision", "verbs", "app", "cli", "__main__"
)  # fmt: skip
"""From the ground up. `verbs`, `app`, `cli` and `python -m cisim` are the top; of these, each may use those before it."""

HEAVY = {
    "mesa": {"engine"},
    "numba": {"engine"},
    "polars": {"world", "engine", "study", "insight", "evidence", "decision", "verbs", "app"},
    "pandas": {"engine", "study", "insight", "app"},
    "scipy": {"study", "insight", "evidence", "decision", "app"},
    "pyarrow": {"study"},
    "dask": {"study"},
    "distributed": {"study"},
    "SALib": {"study", "insight"},
    "sklearn": {"insight"},
    "dask_jobqueue": {"study"},
    "optuna": {"study"},
    "cmaes": {"decision"},
    "matplotlib": {"insight", "evidence", "decision", "cli", "app"},
    "solara": {"app"},
    "ipyvue": {"app"},
    "traitlets": {"app"},
    "starlette": {"app"},
    "uvicorn": {"app"},
    "markdown_it": {"app"},
    "typer": {"cli"},
    "rich": {"cli"},
    "tomlkit": {"world", "study"},
}
LIGHT = {"numpy", "pydantic", "pydantic_core", "platformdirs", "cisim", *sys.stdlib_module_names}
ALLOWED_ON_THE_GROUND = {"numpy", "pydantic"}

FILES = sorted(path.relative_to(HOUSE) for path in HOUSE.rglob("*.py"))


def name_of(file: Path) -> str:
    parts = ["cisim", *file.with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(file) for file in FILES}


def floor(name: str) -> str:
    """The floor of a module; "" for cisim itself."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


def for_types_only(tree: ast.AST) -> set[ast.AST]:
    """What stands under `if TYPE_CHECKING:`, which never runs."""
    return {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for part in node.body
        for inner in ast.walk(part)
    }


def imports(file: Path, *, at_start_only: bool = False) -> set[str]:
    """Modules that a file imports: all of them, or those that loading the file loads."""
    tree = ast.parse((HOUSE / file).read_text(encoding="utf-8"))
    skipped = for_types_only(tree)
    if at_start_only:
        functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
        skipped |= {part for node in ast.walk(tree) if isinstance(node, functions) for part in ast.walk(node)}
    found = set()
    for node in set(ast.walk(tree)) - skipped:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in NAMES else str(node.module))
    return found


@pytest.mark.parametrize("file", FILES, ids=str)
def test_files_import_their_own_floor_and_those_below(file):
    here = floor(name_of(file))
    if not here:
        return  # the front door loads names when they are asked for
    assert here in FLOORS, f"{here} is on no floor"
    above = FLOORS[FLOORS.index(here) + 1 :]
    wrong = sorted(name for name in imports(file) if name.split(".")[0] == "cisim" and floor(name) in above)
    assert not wrong


@pytest.mark.parametrize("file", FILES, ids=str)
def test_heavy_libraries_stay_on_their_floors(file):
    here = floor(name_of(file))
    libraries = {name.split(".")[0] for name in imports(file)} - {"__future__"}
    for library in sorted(libraries - LIGHT):
        assert library in HEAVY, f"{library} is a new dependency: say on which floors it may be used"
        assert here in HEAVY[library], f"{file} uses {library}"
    if here in ("errors", "theory"):
        assert libraries - ALLOWED_ON_THE_GROUND <= {"cisim", *sys.stdlib_module_names}


def test_errors_import_nothing_of_the_house():
    assert not {name for name in imports(Path("errors.py")) if name.startswith("cisim")}


def test_modules_import_each_other_in_no_circle():
    """Loading any module loads others in an order: nothing is asked of a module that is half loaded."""
    links = {name_of(file): imports(file, at_start_only=True) & NAMES for file in FILES}
    done: set[str] = set()
    while len(done) < len(links):
        ready = {
            name for name, needs in links.items() if name not in done and needs <= done | {name, "cisim"}
        }
        # a package and its own rooms may name each other: the package's file collects them
        ready |= {
            name
            for name, needs in links.items()
            if name not in done and all(need in done or name.startswith(f"{need}.") for need in needs)
        }
        assert ready, f"in a circle: {sorted(set(links) - done)}"
        done |= ready


def test_only_one_file_knows_numba_and_two_know_mesa():
    users = {library: {str(f) for f in FILES if library in imports(f)} for library in ("numba", "mesa")}
    assert users["numba"] == {"engine/compilation.py"}
    assert users["mesa"] == {"engine/organizations.py", "engine/model.py"}

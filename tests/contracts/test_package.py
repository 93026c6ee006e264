"""What pip installs is the whole of cisim, and the core of it runs from an empty environment.

`python -m tests.contracts.test_package` also tries every extra, each in an environment of its own; it takes minutes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import cisim

ROOT = Path(__file__).parents[2]
FIGURES = ["run", "isolated-impact", "--replicates", "2", "--months", "3", "--out", "out"]
EXTRAS = {
    "figures": ["-m", "cisim", *FIGURES],
    "study": ["-c", "import SALib, sklearn, matplotlib, cisim.insight.sensitivity, cisim.insight.discovery"],
    "cluster": ["-c", "import distributed, dask_jobqueue, cisim.study.running.cluster"],
    "decide": ["-c", "import cmaes, matplotlib, cisim.decision.optimize"],
    "app": ["-c", "import cisim.app.pages, cisim.app.door"],
    "solaraviz": ["-c", "import altair, matplotlib; from mesa.visualization import SolaraViz"],
    "docs": ["-m", "mkdocs", "--version"],
    "notebooks": ["-c", "import jupytext, nbclient, ipykernel, matplotlib, sklearn"],
}
"""For each extra, arguments of Python that need what it promises."""
WITHOUT = {
    ("app", "--no-open"): "cisim[app]",
    ("optimize", "small-town", "--out", "best"): "cisim[decide]",
    tuple(FIGURES): "cisim[figures]",
}
"""Commands that need an extra, and the name they must tell where only the core is installed."""


def tracked(*where: str) -> set[str]:
    """Files of the project under version control, or all that are there where git is not."""
    told = subprocess.run(
        ["git", "ls-files", "--", *where], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(told.stdout.splitlines())


def build(folder: Path) -> tuple[Path, Path]:
    """The wheel and the source distribution, made from this checkout; the wheel is made from the latter."""
    command = [sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl")), next(folder.glob("*.tar.gz"))


class Environment:
    """An empty environment with the wheel in it, and an empty folder and home to work from."""

    def __init__(self, folder: Path, wheel: Path, extra: str = "") -> None:
        self.folder = folder / "work"
        self.folder.mkdir(parents=True)
        venv.create(folder / "env", with_pip=True)
        self.python = folder / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"
        asked = f"{wheel}[{extra}]" if extra else str(wheel)
        done = self.run("-m", "pip", "install", "--quiet", "--disable-pip-version-check", asked)
        assert done.returncode == 0, done.stdout + done.stderr

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Python with these arguments, in the empty folder."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        return subprocess.run(
            [self.python, *arguments],
            check=False,
            cwd=self.folder,
            env=clean,
            capture_output=True,
            text=True,
            timeout=600,
        )


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return build(tmp_path_factory.mktemp("dist"))


@pytest.mark.slow
def test_wheel_and_source_hold_every_file(built):
    wheel, source = built
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("cisim/")}
    assert inside == tracked("cisim")
    with tarfile.open(source) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    hidden = {name for name in tracked() if name.startswith(".ci/")}
    assert held - {"PKG-INFO"} == tracked() - hidden


@pytest.mark.slow
def test_the_core_runs_in_an_empty_environment_and_names_what_is_missing(built, tmp_path):
    core = Environment(tmp_path, built[0])
    version = core.run("-m", "cisim", "--version")
    assert cisim.__version__ in version.stdout, version.stderr
    for arguments, extra in WITHOUT.items():
        told = core.run("-m", "cisim", *arguments)
        assert extra in told.stdout + told.stderr, f"cisim {' '.join(arguments)}: {told.stdout}{told.stderr}"
        assert "Traceback" not in told.stderr


def every_extra() -> None:
    """Try each extra; prints a line for each and ends with an error if one fails."""
    failed = []
    with TemporaryDirectory() as folder:
        wheel, _ = build(Path(folder) / "dist")
        for extra, arguments in EXTRAS.items():
            done = Environment(Path(folder) / extra, wheel, extra).run(*arguments)
            print(f"{extra:10} {'works' if done.returncode == 0 else done.stderr}", flush=True)
            failed += [extra] * (done.returncode != 0)
    sys.exit(f"extras that do not work: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    every_extra()

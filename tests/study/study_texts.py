"""Study files in pieces: a sound one, with one thing changed; and the files that they name."""

from __future__ import annotations

from pathlib import Path

STAFF = '[[factor]]\nname = "backbone_staff"\nlow = 0\nhigh = 6\n'
RANDOM = 'kind = "random"\npoints = 4'
MESA = 'engine = "mesa"\nmodel = "own.py:Bold"'
FUNDER = 'base = "funder-leaves"'
MONTH = "event.funder-leaves.month"
WHOLE = "low = 12\nhigh = 24\ninteger = true"


def study(factors: str = STAFF, *, top: str = "", design: str = RANDOM, rest: str = "") -> str:
    return f'name = "a"\n{top}\n[design]\n{design}\n{factors}\n{rest}'


def factor(name: str, *lines: str) -> str:
    return "\n".join(["[[factor]]", f'name = "{name}"', *lines, ""])


def keep(*lines: str) -> str:
    return study(rest="\n".join(["[keep]", *lines]))


def summary(*lines: str) -> str:
    return study(rest="\n".join(["[[summary]]", *lines]))


def own(*lines: str) -> str:
    return study(top="\n".join(lines))


def table(name: str, *factors: str) -> str:
    return study("\n".join(factors) or STAFF, design=f'kind = "table"\ntable = "{name}"')


FILES = {
    "half.toml": 'extends = "collective-impact"\nname = "half"\nmonths = 60\n',
    "unnamed.toml": 'extends = "collective-impact"\n',
    "hires.toml": 'name = "hires"\n[[event]]\nkind = "hire-backbone-staff"\nmonth = 7\nfte = 100\n',
    "own.py": """\
from cisim.engine.model import CoalitionModel

NUMBER = 3


class Bold(CoalitionModel):
    def __init__(self, scenario=None, *, boldness=0.5, **more):
        super().__init__(scenario, **more)
        self.datacollector.model_reporters["courage"] = lambda model: boldness


class Needy(CoalitionModel):
    def __init__(self, scenario=None, *, boldness, **more):
        super().__init__(scenario, **more)


class Broken(CoalitionModel):
    def __init__(self, scenario=None, **more):
        self.share = 1 / 0


class Other:
    pass


def one(trust):
    return trust


def four(trust, kept, broken, p):
    return trust
""",
    "syntax.py": "def (:\n",
    "stops.py": "import sys\nsys.exit(3)\n",
    "points.csv": "backbone_staff,extra\n1,2\n",
    "cells.csv": "backbone_staff\n1\nx\n",
    "high.csv": "backbone_staff\n99\n",
}


def write_all(folder: Path) -> None:
    """The files that the mistakes name."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name in ("folder.toml", "folder.csv"):
        (folder / name).mkdir()
    (folder / "binary.toml").write_bytes(b"\xff\xfe\x00")

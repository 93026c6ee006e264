"""The code that a process runs: compared between the process that writes runs and those that make them."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import cisim

if TYPE_CHECKING:
    from cisim.study.running.engines import Compiled, MesaEngine

__all__ = ["code_of_cisim", "own_code"]

FLOORS = ("theory", "world", "engine", "study")
"""The folders of cisim whose code can move what is kept of a run."""


@lru_cache
def code_of_cisim() -> str:
    """A short hash of the code that results rest on, as it was when this process first asked."""
    texts = hashlib.blake2b(cisim.__version__.encode(), digest_size=12)
    for floor in FLOORS:
        for file in sorted((Path(cisim.__file__).parent / floor).rglob("*.py")):
            texts.update(file.read_bytes())
    return texts.hexdigest()


def own_code(engine: Compiled | MesaEngine) -> str:
    """What identifies the code that the engine runs on the base scenario, own code included."""
    base = engine.worlds.at((None,) * len(engine.worlds.structure))
    return engine.worlds.code(base)

"""Compile the kernel with a rule set, once; keep it on disk for the next start.

The kernel and the rules are plain functions. `compiled` makes a compiled twin of a function in which every
name that stands for a plain function stands for its compiled twin, and `rules` for the rule set at hand.
The cache folder is named by the text of every rule, measure and kernel function in use, and by the
constants that own rules look up, so that an edit does not meet a stale kernel.
"""

from __future__ import annotations

import hashlib
import inspect
import platform
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

import numba
import numpy as np
import platformdirs
from numba import njit

import cisim
from cisim.engine import kernel
from cisim.engine.binding import bind, global_names
from cisim.theory.measures import MEASURES
from cisim.theory.parameters import LEVERS, UNCERTAINTIES

__all__ = ["code_fingerprint", "compile_kernel", "is_cached", "rule_fingerprint"]

config: Any = numba.config
config.DISABLE_INTEL_SVML = True  # libm everywhere: the same bits as interpreted code


def compile_kernel(rules: SimpleNamespace, workstreams: int) -> Callable[..., None]:
    """`kernel.run_replicates`, compiled with this rule set (and kept on disk)."""
    return _kernel(rule_fingerprint(rules, workstreams), _Shared(rules))


def is_cached(rules: SimpleNamespace, workstreams: int) -> bool:
    """True if a compiled kernel for this rule set and number of workstreams lies on disk."""
    folder = _folder(rule_fingerprint(rules, workstreams))
    return folder.is_dir() and any(folder.rglob("*.nbc"))


def rule_fingerprint(rules: SimpleNamespace, workstreams: int) -> str:
    """A short hash of all code that a compiled run with this rule set rests on, and of what compiles it."""
    tools = [platform.machine(), platform.python_version(), numba.__version__, np.__version__]
    return _hash([str(workstreams), *tools, *_texts(rules, ("theory", "engine"))])


def code_fingerprint(rules: SimpleNamespace) -> str:
    """A short hash of all code of cisim, and of own rules, that can move a result; the same on every machine."""
    return _hash(_texts(rules, ("theory", "world", "engine")))


def _texts(rules: SimpleNamespace, folders: Iterable[str]) -> list[str]:
    texts = [_folder_text(name) for name in folders]
    for slot, rule in sorted(vars(rules).items()):
        ours = getattr(rule, "__module__", "").startswith("cisim.")  # its text is in the folders' already
        texts.append(f"{slot}={rule.__module__}.{rule.__name__}" if ours else f"{slot}={_text(rule)}")
    return texts


def _hash(texts: Iterable[str]) -> str:
    return hashlib.blake2s("\0".join(texts).encode(), digest_size=12).hexdigest()


class _Shared:
    """A rule set that the cache below can hold: equal to every other one."""

    def __init__(self, rules: SimpleNamespace) -> None:
        self.rules = rules

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shared)


@lru_cache(maxsize=64)
def _kernel(fingerprint: str, shared: _Shared) -> Callable[..., None]:
    twins: dict[FunctionType, Any] = {}
    bound = ModuleType("rules")
    names: dict[str, Any] = {"rules": bound}
    wrap = partial(_compiled, fingerprint)
    for slot, rule in vars(shared.rules).items():
        setattr(bound, slot, bind(rule, names, wrap, twins))
    measure_all = _measure_all({name: entry.function for name, entry in MEASURES.items()})
    names["measure_all"] = bind(measure_all, names, wrap, twins)
    before = config.CACHE_DIR
    config.CACHE_DIR = str(_folder(fingerprint))
    try:
        return bind(kernel.run_replicates, names, wrap, twins)
    finally:
        config.CACHE_DIR = before


def _compiled(fingerprint: str, plain: FunctionType) -> Any:
    # numba names machine code by the function's name and a count that starts anew in each process; kernels of
    # other rule sets, compiled elsewhere and loaded into this process, must not share names
    plain.__qualname__ = f"{plain.__qualname__}_{fingerprint}"
    return njit(nogil=True, error_model="numpy", cache=plain.__name__ == kernel.run_replicates.__name__)(
        plain
    )


def _measure_all(functions: dict[str, Callable[..., float]]) -> FunctionType:
    """A function that writes each wanted measure to its column: one line a measure."""
    lines = ["def measure_all(s, p, columns, out):"]
    for at, name in enumerate(functions):
        lines += [f"    if columns[{at}] >= 0:", f"        out[columns[{at}]] = {name}(s, p)"]
    world: dict[str, Any] = dict(functions)
    exec("\n".join(lines), world)
    return world["measure_all"]


def _folder(fingerprint: str) -> Path:
    return Path(platformdirs.user_cache_dir("cisim")) / "kernels" / fingerprint


@lru_cache
def _folder_text(name: str) -> str:
    folder = Path(cisim.__file__).parent / name
    files = sorted(path for path in folder.rglob("*.py"))
    declared = ",".join([*UNCERTAINTIES, *LEVERS, *MEASURES])
    return declared + "".join(path.read_text(encoding="utf-8") for path in files)


def _text(rule: Any) -> str:
    """The source of a function with what it closes over and what it calls by name."""
    if not isinstance(rule, FunctionType):
        return repr(rule)
    try:
        text = inspect.getsource(rule)
    except (OSError, TypeError):
        text = rule.__code__.co_code.hex() + repr(rule.__code__.co_consts)
    cells = [cell.cell_contents for cell in rule.__closure__ or ()]
    named = [rule.__globals__.get(name) for name in global_names(rule)]
    called = [_text(f) for f in named if isinstance(f, FunctionType) and f is not rule]
    for module in [value for value in named if isinstance(value, ModuleType)]:
        read = [getattr(module, name) for name in rule.__code__.co_names if hasattr(module, name)]
        cells += [value for value in read if not callable(value)]
    values = [repr(v) for v in [*cells, *named] if not isinstance(v, (FunctionType, ModuleType, type))]
    return "\n".join([rule.__module__, text, repr(rule.__defaults__), *values, *called])

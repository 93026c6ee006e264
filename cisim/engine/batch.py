"""Runs of one world in one call of the kernel; they may differ in replicate, parameters and levers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from cisim.errors import SpecError
from cisim.theory.measures import MEASURES
from cisim.theory.rules import default_choices, rule_set
from cisim.world.blueprint import Blueprint

__all__ = ["Histories", "kernel_for", "run_batch", "uncompiled"]

Array = np.ndarray[Any, Any]
Rule = Callable[..., Any]


class Histories:
    """Room for the whole history of some replicates: (kept, months + 1, rows) of organizations and ties."""

    def __init__(self, blueprint: Blueprint, kept: int) -> None:
        shape = (kept, blueprint.months + 1)
        self.organizations = np.empty((*shape, len(blueprint.organizations)), blueprint.organizations.dtype)
        self.ties = np.empty((*shape, len(blueprint.ties)), blueprint.ties.dtype)


def kernel_for(blueprint: Blueprint, rules: Mapping[str, Rule] | None = None) -> Rule:
    """The compiled kernel for the rules that this blueprint chooses; `rules`: own functions by slot."""
    from cisim.engine.compilation import compile_kernel

    slots: SimpleNamespace = rule_set(default_choices() | blueprint.choices, rules)
    return compile_kernel(slots, len(blueprint.workstreams))


def run_batch(
    kernel: Rule,
    blueprint: Blueprint,
    seed: int,
    replicates: Array,
    out: Array,
    *,
    measures: Sequence[str],
    months: Sequence[int] | None = None,
    parameters: Array | None = None,
    levers: Array | None = None,
    kept: Array | None = None,
    histories: Histories | None = None,
) -> None:
    """Run each replicate and write `out` (replicates, months, measures).

    months: those to report, ascending (default: 0 to the horizon); nothing after the last is computed.
    parameters: 1 or R rows, levers: (blueprint.months + 1, 1 or R), in place of the blueprint's, of whose P rows
    of parameters replicate r has row r % P. kept (R): position in the histories, or -1.
    """
    wanted = range(blueprint.months + 1) if months is None else months
    slots = np.full(wanted[-1] + 1, -1, np.int64)
    slots[list(wanted)] = np.arange(len(wanted))
    columns = np.array([measures.index(m) if m in measures else -1 for m in MEASURES], np.int64)
    schedule = blueprint.levers[:, None] if levers is None else levers
    if parameters is None:
        parameters = blueprint.parameters[replicates % len(blueprint.parameters)]
    rooms = histories or Histories(blueprint, 0)
    kernel(
        seed, replicates,
        _records(blueprint.organizations), _records(blueprint.ties), blueprint.incident, blueprint.starts,
        _records(schedule[: len(slots)]), _records(blueprint.effects), _records(blueprint.initiative),
        _records(blueprint.issue), _records(parameters),
        columns, slots, out, np.full(len(replicates), -1, np.int64) if kept is None else kept,
        _records(rooms.organizations), _records(rooms.ties),
    )  # fmt: skip


def uncompiled(own: Iterable[str], error: Exception) -> SpecError:
    """The error to raise where own rules, named by slot, cannot be compiled."""
    reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
    return SpecError(
        f"cannot be compiled: {', '.join(own)}. A rule works on plain numbers, with `math` and loops; "
        f"no strings, dicts, NumPy reductions or calls of uncompiled code. The compiler says: {reason[:600]}",
        source="Own rules",
    )


def _records(array: Array) -> Any:
    return array.view(np.recarray)

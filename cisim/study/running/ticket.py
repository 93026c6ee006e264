"""A study on its way to the workers of a cluster, and what a worker makes of it.

A ticket travels to each worker once. A worker with other code refuses it, as results are kept by the code they rest
on. Else it makes its engine, compiles what no process on its machine has compiled yet, and takes batches.
"""

from __future__ import annotations

import pickle
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

import cisim
from cisim.errors import SpecError
from cisim.study.running.code import code_of_cisim, own_code
from cisim.study.running.engines import Compiled, MesaEngine, Outcome, Runs, engine_for, timed
from cisim.study.spec import targets

if TYPE_CHECKING:
    from cisim.study.study import Study

__all__ = ["Refusal", "Ticket", "hand_over", "make", "ticket_for"]

HELD = 4
"""Engines that a thread of a worker holds, so that several studies can share a cluster."""

Engine = Compiled | MesaEngine


@dataclass(frozen=True)
class Ticket:
    """A study on its way to a worker: pickled, with what identifies the code it is for, and its rule sets."""

    token: str
    code: str
    own: str
    study: bytes
    rule_sets: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Refusal:
    """Why a worker will not make runs."""

    why: str


def ticket_for(study: Study) -> Ticket:
    """The ticket of a study, for workers whose code is as it is here."""
    names = [name for name in study.factor_names if targets.kind_of(name) in ("rule", "scenario")]
    sets = study.points().select(names).unique(maintain_order=True).rows(named=True) if names else [{}]
    own = own_code(engine_for(study))
    return Ticket(secrets.token_hex(8), code_of_cisim(), own, pickle.dumps(study), tuple(sets))


_mine = threading.local()
_turn = threading.Lock()


def hand_over(ticket: Ticket) -> Ticket:
    """The ticket, as something that the cluster holds, sends to who needs it, and makes again if it is lost."""
    return ticket


def make(ticket: Ticket, batch: Runs) -> Outcome | Refusal:
    """A batch by this thread's engine; Python models, which may share what is global, one after another."""
    engine = _engine_of(ticket)
    if isinstance(engine, Refusal):
        return engine
    with nullcontext() if isinstance(engine, Compiled) else _turn:
        return timed(engine, batch)


def _engine_of(ticket: Ticket) -> Engine | Refusal:
    """The engine of this thread for the study, made when it is first asked for."""
    held: dict[str, Engine] = _mine.__dict__.setdefault("engines", {})
    if ticket.token not in held:
        with _turn:
            engine = _prepared(ticket)
        if isinstance(engine, Refusal):
            return engine
        while len(held) >= HELD:
            del held[next(iter(held))]
        held[ticket.token] = engine
    return held[ticket.token]


def _prepared(ticket: Ticket) -> Engine | Refusal:
    from distributed import get_worker

    worker = f"worker {get_worker().address}"
    if code_of_cisim() != ticket.code:
        return Refusal(f"{worker} has another cisim (version {cisim.__version__} there)")
    try:
        engine = engine_for(pickle.loads(ticket.study))
    except SpecError as error:
        return Refusal(f"{worker} cannot load the study: {error}")
    if own_code(engine) != ticket.own:
        return Refusal(f"{worker} has other own code than this machine")
    if isinstance(engine, Compiled):
        for settings in ticket.rule_sets:
            _warm(engine, settings)
    return engine


def _warm(engine: Compiled, settings: Mapping[str, Any]) -> None:
    """Compile, or load what was compiled; of all processes that share a cache folder only one compiles."""
    if not engine.is_warm(settings):
        with _one_at_a_time():
            if not engine.is_warm(settings):
                engine.warm(settings)
    engine.warm(settings)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Wait until no other process is here; where the disk knows no locks, go on."""
    folder = Path(platformdirs.user_cache_dir("cisim"))
    with ExitStack() as opened:
        with suppress(ImportError, OSError):
            import fcntl

            folder.mkdir(parents=True, exist_ok=True)
            file = opened.enter_context(open(folder / ".compiling", "w"))
            fcntl.flock(file, fcntl.LOCK_EX)
        yield

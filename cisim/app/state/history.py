"""What was, what is, and what was taken back: undo and redo for every change of a session.

A drag is one step, however many values it passes through. The page that is looked at is no part of undo, since
the browser's own Back does that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from cisim.app.protocol import Notice
from cisim.app.state.limits import Limits
from cisim.app.state.session import Session, first_session
from cisim.app.state.survey import Survey
from cisim.world.scenario import Scenario

__all__ = ["History", "Step", "redo", "remembered", "start", "told", "undo"]

_MOST_NOTICES = 4
_TIE_BYTES = 1_000  # memory that a checked tie takes, about


@dataclass(frozen=True)
class Step:
    """A session beside the present one, and the change between it and the next one, in words."""

    session: Session
    text: str


@dataclass(frozen=True)
class History:
    """The present session, the steps before and after it, and what does not belong to undo.

    drag: the drag that is under way, "" if none. serial: number of the last action that was taken in. survey: the
    last survey that was uploaded, before it is accepted. first: what a new visitor sees.
    """

    present: Session
    first: Session
    past: tuple[Step, ...] = ()
    future: tuple[Step, ...] = ()
    drag: str = ""
    serial: int = 0
    notices: tuple[Notice, ...] = ()
    survey: Survey | None = None
    limits: Limits = field(default_factory=Limits)


def start(limits: Limits | None = None, scenarios: Sequence[Scenario] = ()) -> History:
    """The history of a visitor who has done nothing yet; `scenarios`: the plans to begin with."""
    limits = limits or Limits()
    session = first_session(limits, scenarios)
    return History(session, session, limits=limits)


def remembered(
    history: History, session: Session, text: str, *, drag: str = "", final: bool = True
) -> History:
    """The history with another present. `drag`: name of the drag that the change belongs to, over once `final`."""
    if drag and drag == history.drag:
        return _dragged(history, session, text, final)
    if session == history.present:
        return replace(history, drag="")
    past = _bounded((*history.past, Step(history.present, text)), history.limits)
    return replace(history, present=session, past=past, future=(), drag="" if final else drag)


def _dragged(history: History, session: Session, text: str, final: bool) -> History:
    """One step for the whole drag, and none if it ends where it began."""
    *before, step = history.past
    if session == step.session:
        return replace(history, present=session, past=tuple(before), drag="")
    past = (*before, replace(step, text=text))
    return replace(history, present=session, past=past, drag="" if final else history.drag)


def undo(history: History) -> History:
    """The session before the last change."""
    if not history.past:
        return history
    *past, step = history.past
    future = (Step(history.present, step.text), *history.future)
    return replace(
        history, present=_here(step.session, history), past=tuple(past), future=future, drag=""
    )  # fmt: skip


def redo(history: History) -> History:
    """The session that undo took back."""
    if not history.future:
        return history
    step, *future = history.future
    past = (*history.past, Step(history.present, step.text))
    return replace(history, present=_here(step.session, history), past=past, future=tuple(future), drag="")


def told(history: History, notices: Sequence[Notice], *, done: bool) -> History:
    """The history with new notices; where something was done, errors of before are no longer news."""
    old = [one for one in history.notices if one not in notices and not (done and one["kind"] == "error")]
    return replace(history, notices=tuple([*old, *notices][-_MOST_NOTICES:]))


def _here(session: Session, history: History) -> Session:
    return replace(session, page=history.present.page)


def _bounded(steps: tuple[Step, ...], limits: Limits) -> tuple[Step, ...]:
    """The last steps, as many as their number and memory allow; what sessions share counts once."""
    kept = len(steps)
    seen: set[int] = set()
    weight = 0
    for step in reversed(steps):
        weight += sum(_weights(step.session, seen))
        if weight > limits.undo_bytes or len(steps) - kept == limits.undo_steps:
            break
        kept -= 1
    return steps[kept:]


def _weights(session: Session, seen: set[int]) -> Iterable[int]:
    for scenario in session.scenarios():
        if scenario.tie and id(scenario.tie) not in seen:
            seen.add(id(scenario.tie))
            yield _TIE_BYTES * len(scenario.tie)
        if scenario.posterior is not None and id(scenario.posterior) not in seen:
            seen.add(id(scenario.posterior))
            yield scenario.posterior.rows.nbytes

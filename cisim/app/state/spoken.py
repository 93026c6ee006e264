"""Links that people write themselves: `story=funder-leaves&seed=3&agenda=0.5`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from cisim.app.state.limits import Limits
from cisim.app.state.plan_actions import set_lever, set_parameter
from cisim.app.state.readings import Action, known
from cisim.app.state.session import PAGES, Session
from cisim.app.state.session_actions import (
    open_story,
    set_months,
    set_posterior,
    set_replicates,
    set_seed,
    set_target,
)
from cisim.errors import SpecError, did_you_mean
from cisim.theory.parameters import LEVERS, UNCERTAINTIES

__all__ = ["spoken"]

Change = Callable[[Session, Action, Limits], tuple[Session, str]]

_NAMED: dict[str, Change] = {"story": open_story, "posterior": set_posterior}
_NUMBERED: dict[str, Change] = {
    "months": set_months, "target": set_target, "seed": set_seed, "replicates": set_replicates
}  # fmt: skip
_DECLARED: dict[str, Change] = {
    **dict.fromkeys(LEVERS, set_lever), **dict.fromkeys(UNCERTAINTIES, set_parameter)
}  # fmt: skip


def spoken(told: Mapping[str, str], limits: Limits, first: Session) -> Session:
    """The first session with what is told, the story first. Raises SpecError with every fault at once."""
    session, faults = first, list[str]()
    for name in sorted(told, key=lambda name: name != "story"):
        try:
            if name == "page":
                session = replace(session, page=known(told, name, PAGES))
            else:
                session = _changed(session, name, told[name], limits)
        except SpecError as error:
            faults += [f"{name[:60]}={told[name][:60]}: {fault}" for fault in error.faults]
    if faults:
        raise SpecError(faults)
    return session


def _changed(session: Session, name: str, text: str, limits: Limits) -> Session:
    if name in _NAMED:
        return _NAMED[name](session, {"name": text}, limits)[0]
    change = _NUMBERED.get(name) or _DECLARED.get(name)
    if change is None:
        names = ("page", *_NAMED, *_NUMBERED, *_DECLARED)
        near = did_you_mean(name, names)
        raise SpecError(f"there is nothing called {name[:60]!r}.{near if near.startswith(' Did') else ''}")
    action: dict[str, Any] = {"name": name, "value": _number(text)}
    return change(session, action, limits)[0]


def _number(text: str) -> float | str:
    """The number in a text, or the text as it is, which the check then refuses by name."""
    try:
        return float(text)
    except ValueError:
        return text

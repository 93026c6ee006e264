"""A session as JSON, and back: what plans were opened as, how they differ from it, and the rest where it is not usual."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from cisim import verbs
from cisim.app.state.advice import plain
from cisim.app.state.coding import applied, differences, scenario_of, values_of
from cisim.app.state.kept import Kept
from cisim.app.state.limits import Limits
from cisim.app.state.readings import known, listed, whole_number
from cisim.app.state.session import PAGES, Session, beyond
from cisim.app.state.session_actions import (
    advise,
    bench_axes,
    desk,
    open_bench,
    predict,
    select,
    set_replicates,
    set_seed,
)
from cisim.errors import SpecError
from cisim.world.fields import short
from cisim.world.scenario import Scenario

__all__ = ["packed", "unpacked"]

_KEYS = (
    "openings", "plans", "baseline", "shown", "seed", "replicates", "replicate", "selected", "page", "prediction",
    "desk", "bench", "advice",
)  # fmt: skip


def packed(session: Session) -> str:
    """The session as JSON, in ASCII."""
    openings = list({id(scenario): scenario for scenario in session.openings}.values())
    at = {id(scenario): index for index, scenario in enumerate(openings)}
    plans = zip(session.plans, session.openings, strict=True)
    rest: dict[str, Any] = {
        "plans": [[at[id(opened)], differences(plan, opened)] for plan, opened in plans],
        **_baseline(session, openings),
        **_usual_left_out(session),
    }
    texts = ",".join(_opening(scenario) for scenario in openings)
    return f'{{"openings":[{texts}],{_json(rest)[1:]}'


def _baseline(session: Session, openings: list[Scenario]) -> dict[str, Any]:
    """The baseline by its difference from the opening that is nearest."""
    if session.baseline is None:
        return {}
    far = [_fields_apart(session.baseline, opened) for opened in openings]
    at = far.index(min(far))
    return {"baseline": [at, differences(session.baseline, openings[at])]}


def _fields_apart(one: Scenario, other: Scenario) -> int:
    """How many fields differ; partners and ties count more, since they take much room."""
    weights = dict.fromkeys(Scenario.model_fields, 1) | {"partner": 20, "tie": 20}
    return sum(weight for name, weight in weights.items() if getattr(one, name) != getattr(other, name))


def _usual_left_out(session: Session) -> dict[str, Any]:
    usual = Session(plans=(), openings=())
    values = {name: getattr(session, name) for name in _KEYS[3:]}
    told = {name: value for name, value in values.items() if value != getattr(usual, name)}
    return {
        name: plain(value)
        if name == "advice"
        else asdict(value)
        if name in ("prediction", "desk", "bench")
        else value
        for name, value in told.items()
    }


def _text_of_opening(scenario: Scenario) -> str:
    preset = scenario.name in verbs.presets() and verbs.preset(scenario.name) == scenario
    return _json(scenario.name if preset else values_of(scenario))


_opening = Kept(_text_of_opening, 64)


def _json(values: object) -> str:
    return json.dumps(values, separators=(",", ":"), allow_nan=False)


def unpacked(values: Mapping[str, Any], limits: Limits) -> Session:
    """The session in plain values that come from anywhere. Raises SpecError for what cannot be."""
    if unknown := [name for name in values if name not in _KEYS]:
        raise SpecError([f"{short(name)} is not a known key." for name in unknown])
    openings = [_opened(told, limits) for told in listed(values, "openings", limits.plans)]
    plans = [_plan("plans", told, openings) for told in listed(values, "plans", limits.plans)]
    if not plans:
        raise SpecError("plans: is empty; one plan is needed.")
    if faults := [fault for _, plan in plans for fault in beyond(plan, limits)]:
        raise SpecError(list(dict.fromkeys(faults)))
    session = Session(plans=tuple(plan for _, plan in plans), openings=tuple(openings[at] for at, _ in plans))
    if "baseline" in values:
        session = replace(session, baseline=_plan("baseline", values["baseline"], openings)[1])
    return _rest(session, values, limits)


def _opened(told: object, limits: Limits) -> Scenario:
    if isinstance(told, str):
        return verbs.preset(told)
    if not isinstance(told, Mapping):
        raise SpecError(f"openings: must be a name or a table, given {short(told)}.")
    scenario = scenario_of(told)
    if faults := beyond(scenario, limits):
        raise SpecError(faults)
    return scenario


def _plan(name: str, told: object, openings: list[Scenario]) -> tuple[int, Scenario]:
    """(which opening, the plan) of [opening, differences]."""
    if not isinstance(told, (list, tuple)) or len(told) != 2 or not isinstance(told[1], Mapping):
        raise SpecError(f"{name}: must be [number, differences], given {short(told)}.")
    at = whole_number({name: told[0]}, name, 0, len(openings) - 1)
    return at, applied(told[1], openings[at])


def _rest(session: Session, values: Mapping[str, Any], limits: Limits) -> Session:
    """Everything but plans, read by the actions that set it, so that the same checks hold."""
    if "shown" in values:
        session = replace(session, shown=whole_number(values, "shown", 0, len(session.plans) - 1))
    if "replicate" in values:  # of a study, it can be another one than those that are run
        session = replace(session, replicate=whole_number(values, "replicate", 0, 2**32 - 1))
    if "page" in values:
        session = replace(session, page=known(values, "page", PAGES))
    for name, change, key in (
        ("seed", set_seed, "value"), ("replicates", set_replicates, "value"), 
        ("selected", select, "id"),
    ):  # fmt: skip
        if name in values:
            session = change(session, {key: values[name]}, limits)[0]
    for name, changes in (
        ("prediction", (predict,)), ("desk", (desk,)), ("bench", (open_bench, bench_axes)), ("advice", (advise,)),
    ):  # fmt: skip
        told = values.get(name, {})
        if not isinstance(told, Mapping):
            raise SpecError(f"{name}: must be a table, given {short(told)}.")
        for change in changes if told else ():
            session = change(session, told, limits)[0]
    return session

"""A scenario as few plain values: what differs from another scenario, or all of it where none is near.

values = differences(scenario, preset)     # {"levers": {"agenda": 0.5}}
again = applied(values, preset)            # equal to scenario
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cisim.app.state.session import changed, shipped_names, shipped_posterior
from cisim.errors import SpecError
from cisim.world.fields import short
from cisim.world.posterior import Posterior
from cisim.world.record import Record
from cisim.world.scenario import Scenario

__all__ = ["applied", "differences", "scenario_of", "values_of"]

_BY_KEY = ("levers", "parameters", "rules")


def differences(scenario: Scenario, base: Scenario) -> dict[str, Any]:
    """The values of every field that differs from those of `base`; of levers, parameters and rules key by key."""
    found: dict[str, Any] = {}
    for name in Scenario.model_fields:
        told, known = getattr(scenario, name), getattr(base, name)
        if told is known or told == known:
            continue
        found[name] = _between(told, known) if name in _BY_KEY else _plain(told)
    return found


def applied(values: Mapping[str, Any], base: Scenario) -> Scenario:
    """The scenario that differs from `base` by these values. Raises SpecError for what cannot be."""
    told = {
        name: _merged(getattr(base, name), value) if name in _BY_KEY else value
        for name, value in values.items()
    }
    if unknown := [name for name in told if name not in Scenario.model_fields]:
        raise SpecError([f"{name} is not a known key." for name in unknown])
    _resolve(told)
    if not told:
        return base
    alike = not {"partner", "roster", "backbone", "tie", "workstreams", "network"} & told.keys()
    return changed(base, **told) if alike else base.replace(**told)


def values_of(scenario: Scenario) -> dict[str, Any]:
    """All of a scenario as plain values."""
    fields = Scenario.model_fields.items()
    values = {name: getattr(scenario, name) for name, _ in fields}
    usual = {name: field.get_default(call_default_factory=True) for name, field in fields if name != "roster"}
    return {name: _plain(value) for name, value in values.items() if name == "roster" or value != usual[name]}


def scenario_of(values: Mapping[str, Any]) -> Scenario:
    """The scenario with these values. Raises SpecError for what cannot be."""
    told = dict(values)
    _resolve(told)
    return Scenario(**told)


def _resolve(told: dict[str, Any]) -> None:
    """Put the draws in place of the name of a shipped posterior; nothing else is ever read."""
    name = told.get("posterior")
    if name is None:
        return
    if isinstance(name, str) and name in shipped_names():
        told["posterior"] = shipped_posterior(name)
    elif not isinstance(name, Mapping):
        raise SpecError(f"posterior: there is no shipped posterior {short(name)}.")


def _between(told: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """New and other values by key; None for a key that is gone."""
    here = {key: value for key, value in told.items() if key not in known or known[key] != value}
    return here | {key: None for key in known if key not in told}


def _merged(known: Mapping[str, Any], value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    both = {**known, **value}
    return {key: one for key, one in both.items() if one is not None}


def _plain(value: object) -> Any:
    if isinstance(value, Posterior):
        same = value.origin in shipped_names() and shipped_posterior(value.origin) == value
        return value.origin if same else value.table()
    if isinstance(value, Record):
        return value.model_dump(mode="json", by_alias=True, exclude_defaults=True) | _kind(value)
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    return dict(value) if isinstance(value, Mapping) else value


def _kind(record: Record) -> dict[str, Any]:
    kind = getattr(record, "kind", None)
    return {} if kind is None else {"kind": kind}

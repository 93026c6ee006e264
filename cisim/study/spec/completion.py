"""Factors as written: what is wrong with each, and the declared range, variants or truth values where none are told."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from cisim.errors import SpecError, nearest
from cisim.study.designs.factors import Factor
from cisim.study.designs.levels import Level, family, listed
from cisim.study.spec import targets
from cisim.theory.parameters import Parameter
from cisim.theory.rules import CHOICES
from cisim.world.fields import short, within
from cisim.world.scenario import Scenario

__all__ = ["completed", "faults_of", "overlaps", "unknown"]

MOST_TRIED, MOST_SCENARIOS = 50, 20
"""Levels of a factor that are tried before a study starts, and scenarios on which they are."""
_TRIED = ("lever", "event", "event field", "field")
"""Kinds of factor whose values a scenario can refuse for what else it holds."""
_NAMED = {
    "scenario": "names of presets, or TOML files of scenarios",
    "plan": "names of presets, TOML files of plans or scenarios, or names of a [[plan]] in this file",
}
"""Kinds of factor whose levels name something, and what."""
_OF_RANGES = {"low": None, "high": None, "steps": None, "integer": False, "scale": "linear"}
"""Keys that belong to a range of numbers, and what they are where they are not told."""

Scenarios = Mapping[str, Scenario]


def unknown(name: str, scenarios: Scenarios) -> str | None:
    """Why nothing can be varied under this name, with the nearest one; None if something can."""
    if targets.kind_of(name) is not None:
        return None
    known = {option for scenario in (None, *scenarios.values()) for option in targets.options(scenario)}
    hint = nearest(name, known) or " List the names: cisim study names SCENARIO"
    return f"factor {name!r}: there is nothing of this name to vary.{hint}"


def completed(factor: Factor, *, one_by_one: bool = False) -> Factor:
    """The factor with its declared range, all variants, or false and true, if it tells neither range nor levels.

    one_by_one: its values are told one by one, in a table, so that a number may be whatever the equations allow.
    """
    kind = targets.kind_of(factor.name)
    if kind in targets.NUMBERS:
        declared = targets.NUMBERS[kind][factor.name]
        if one_by_one:
            with suppress(SpecError):  # a log scale that starts at 0
                return factor.complete(declared.least, declared.most)
        return factor.complete(declared.low, declared.high)
    allowed = _choices(factor.name)
    return factor.replace(levels=allowed) if factor.incomplete and allowed else factor


def faults_of(factor: Factor, scenarios: Scenarios, others: Sequence[Factor] = ()) -> list[str]:
    """What is wrong with one factor of a known name.

    scenarios: those in which it can be active; others: further factors, beside which a value may be sound.
    """
    kind = targets.kind_of(factor.name)
    if kind in targets.NUMBERS:
        found = list(_number_faults(factor, targets.NUMBERS[kind][factor.name]))
    elif allowed := _choices(factor.name):
        found = list(_choice_faults(factor, allowed))
    elif kind in _NAMED and not (factor.levels and family(factor.levels[0]) == "text"):
        found = [f" needs levels: {_NAMED[kind]}."]
    elif kind == "model" and factor.incomplete:
        found = [" needs low and high, or levels."]
    else:
        found = []
    found = found or list(_unsound(factor, scenarios, others))
    return [f"factor {factor.name!r}{fault}" for fault in dict.fromkeys(found)]


def overlaps(factors: Sequence[Factor], told: Collection[str]) -> list[str]:
    """Factors that another one makes void, and that do not say so; `told`: names that have a [[factor]]."""
    named = {factor.name: factor for factor in factors}
    needs = [(lever, f"condition.{condition}") for condition, lever in targets.CONDITIONS.items()]
    needs += [(name, targets.event_of(name)) for name in named if targets.kind_of(name) == "event field"]
    chosen = [name for name in named if "plan" in named and targets.kind_of(name) in ("lever", "condition")]
    return [
        f"factor {name!r} is for a plan to choose; write it in the plans, or take factor 'plan' out."
        for name in chosen
    ] + [
        f"factor {name!r} has no effect where {need!r} is false; "
        f'{"write in it" if name in told else "give it a [[factor]] with"}: when = {{ "{need}" = true }}'
        for name, need in needs
        if name in named
        and need in named
        and False in (named[need].levels or (False,))
        and named[name].when.get(need) != (True,)
    ]


def _choices(name: str) -> tuple[Level, ...]:
    """All that a rule, a condition or an event can be; nothing for other kinds of factor."""
    kind = targets.kind_of(name)
    if kind == "rule":
        return tuple(CHOICES[name])
    return (False, True) if kind in ("condition", "event") else ()


def _number_faults(factor: Factor, declared: Parameter) -> Iterator[str]:
    """Values that the equations do not allow, and a declared range that does not suit the factor."""
    told: list[tuple[str, Any]] = [(".low:", factor.low), (".high:", factor.high)]
    if factor.levels is not None:
        if family(factor.levels[0]) != "numbers":
            least, most = declared.least, declared.most
            yield f".levels: must be numbers, given {listed(factor.levels)}; allowed is {least:g} to {most:g}."
            return
        told = [(f".levels[{at}]:", level) for at, level in enumerate(factor.levels)]
    check: Any = within(declared.least, declared.most, declared.unit, drawn=True).func
    for place, value in told:
        try:
            check(_plain(value))
        except SpecError as error:
            yield f"{place} {error.faults[0]}"
    if factor.incomplete:
        try:
            factor.complete(declared.low, declared.high)
        except SpecError:
            key = "integer = true" if factor.integer else 'scale = "log"'
            ends = f"{declared.low:g} to {declared.high:g}"
            yield f" has the declared range {ends}, which does not suit {key}; give low and high."


def _choice_faults(factor: Factor, allowed: Sequence[Level]) -> Iterator[str]:
    """Keys of a range, and levels that are no choice."""
    words = "true, false" if allowed[0] is False else listed(allowed)
    if keys := [key for key, default in _OF_RANGES.items() if getattr(factor, key) != default]:
        yield f" takes {words}; leave out {' and '.join(keys)}."
    levels = factor.levels or ()
    if levels and family(levels[0]) != family(allowed[0]):
        yield f".levels: given {listed(levels)}; allowed: {words}."
        return
    for at, level in enumerate(levels):
        if level not in allowed:
            near = nearest(str(level), map(str, allowed))
            yield f".levels[{at}]: given {short(level)}; allowed: {words}.{near}"


def _unsound(factor: Factor, scenarios: Scenarios, others: Sequence[Factor]) -> Iterator[str]:
    """Why a scenario has no such thing, or never allows these values."""
    kind = targets.kind_of(factor.name)
    if kind not in _TRIED:
        return
    present, missing = _present(factor.name, scenarios)
    if present and missing:
        told = ", ".join(f'"{key}"' for key in present)
        missing = [f"{missing[0]} Write in the factor: when = {{ scenario = [{told}] }}"]
    yield from (f": {fault}" for fault in missing)
    for at, (key, value) in enumerate(present.items()):
        if "field" in kind and (fault := _misfit(factor, value)):
            yield fault
        elif at < MOST_SCENARIOS and (kind != "lever" or factor.name in scenarios[key].plan().moved()):
            yield from _refused(completed(factor), scenarios[key], others)


def _present(name: str, scenarios: Scenarios) -> tuple[dict[str, Any], list[str]]:
    """({key of a scenario: the value that it has}, why the others have none)."""
    found: dict[str, Any] = {}
    missing: list[str] = []
    for key, scenario in scenarios.items():
        try:
            found[key] = targets.read(scenario, name)
        except SpecError as error:
            missing += error.faults
    return found, missing


def _misfit(factor: Factor, present: Any) -> str | None:
    """Why a factor suits no value such as the present one."""
    levels, word = factor.levels, isinstance(present, str)
    if factor.incomplete:
        return f" needs {'' if word else 'low and high, or '}levels."
    if word:
        return None if levels else f" is text, now {present!r}; give it levels, not low and high."
    if type(present) is int:
        if levels is None:
            return None if factor.integer else " takes whole numbers only; write in it: integer = true"
        if any(type(level) is not int for level in levels):
            return f".levels: must be whole numbers, given {listed(levels)}; for example 5, not 5.0 or '5'."
    return None


def _refused(factor: Factor, scenario: Scenario, others: Sequence[Factor]) -> Iterator[str]:
    """What a scenario says to values of a factor that are unsound alone and beside any values of others."""
    for place, value in _values(factor):
        settings = {factor.name: value}
        try:
            targets.apply(scenario, settings)
        except SpecError as error:
            if not _sound_beside(settings, scenario, [one for one in others if one.name != factor.name]):
                yield from (f"{place}: with {short(value)}, {fault}" for fault in error.faults)


def _sound_beside(settings: dict[str, Any], scenario: Scenario, others: Sequence[Factor]) -> bool:
    """True if some values of other factors make a sound scenario of these settings: then points decide."""
    draw = random.Random(0)
    choices = {
        one.name: [value for _, value in _values(one)]
        for one in others
        if targets.kind_of(one.name) in _TRIED
    }
    for _ in range(MOST_TRIED if choices else 0):
        beside = {name: draw.choice(values) for name, values in choices.items() if values}
        with suppress(SpecError):
            targets.apply(scenario, beside | settings)
            return True
    return False


def _values(factor: Factor) -> list[tuple[str, Any]]:
    """(place in the factor, value) of its levels, or of both ends of its range."""
    if factor.levels is not None:
        return [(f".levels[{at}]", level) for at, level in enumerate(factor.levels[:MOST_TRIED])]
    ends = ((".low", factor.low), (".high", factor.high))
    return [(place, _plain(end)) for place, end in ends if end is not None]


def _plain(value: Any) -> Any:
    """A whole number without a fraction of zero, as a person writes it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value

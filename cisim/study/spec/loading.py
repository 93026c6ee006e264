"""From what is written to what it names: scenarios, own code, factors. Every fault is told at once.

What rests on a faulty part is not judged, so that one mistake is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from cisim.errors import DataError, SpecError, did_you_mean, nearest
from cisim.study import designs
from cisim.study.designs.factors import Factor, factor_faults
from cisim.study.plans.levels import PLAN, PlansTold, plans_told
from cisim.study.spec import own, targets
from cisim.study.spec.completion import completed, faults_of, overlaps, unknown
from cisim.study.spec.file import Place, StudyFile, file_fault, files_beside
from cisim.study.spec.keep import keep_faults
from cisim.study.spec.reading import Reading
from cisim.theory.measures import MEASURES
from cisim.theory.parameters import LEVERS, UNCERTAINTIES
from cisim.theory.rules import CHOICES, SLOTS
from cisim.world.library import preset_names, preset_text
from cisim.world.posterior import Posterior, is_name
from cisim.world.scenario import Scenario

__all__ = ["Loaded", "base_values", "load", "posterior_of", "table_of"]

Scenarios = Mapping[str, Scenario]


MOST_RUNS = 200_000_000
"""Runs of a study: the list of what is left to do fits in memory."""


@dataclass(frozen=True)
class Loaded:
    """What a study names: its scenarios by key, its factors, complete, where its own code lies, its plans."""

    scenarios: Scenarios
    factors: tuple[Factor, ...]
    model: str | None
    rules: Mapping[str, str]
    told: PlansTold = field(default_factory=PlansTold)


def load(reading: Reading, folder: Place, source: str) -> Loaded:
    """All that a study names; its paths start in `folder`. Raises SpecError with every fault at once."""
    posterior, wrong_draws = _draws(reading.file, folder)
    scenarios, faults = _scenarios(reading, folder, posterior)
    model, rules, wrong_code = _own_code(reading, folder)
    factors, wrong_factors = _factors(reading, scenarios, model)
    told, wrong_plans = plans_told(reading.file, folder, scenarios, whole=reading.whole("plan", "factor"))
    loaded = Loaded(scenarios, factors, model, rules, told)
    faults = [*reading.faults, *wrong_draws, *faults, *wrong_code, *wrong_factors, *wrong_plans]
    measures, wrong_model = _measures(reading, loaded, sound=not wrong_code and not wrong_factors)
    base = scenarios.get("")
    horizon = base.months if base is not None and reading.whole("months") else None
    names = [factor.name for factor in factors]
    kept, summaries = reading.file.keep, reading.file.summary
    faults += [*wrong_model, *keep_faults(kept, summaries, horizon=horizon, known=measures, factors=names)]
    if base is not None and not wrong_factors and reading.whole("design", "factor", "every"):
        faults += _design_faults(reading.file, loaded, folder)
    elif reading.whole("design"):
        faults += _listless(reading.file, factors)
    if faults:
        raise SpecError(list(dict.fromkeys(map(reading.placed, faults))), source=source)
    return loaded


def base_values(file: StudyFile, loaded: Loaded) -> dict[str, Any]:
    """{factor: its value in the base scenario}, for the one design that starts there."""
    if file.design.kind != "one-at-a-time":
        return {}
    keywords = own.keywords(own.load(loaded.model)) if loaded.model else {}
    found: dict[str, Any] = {f"model.{keyword}": value for keyword, value in keywords.items()}
    for name in (factor.name for factor in loaded.factors if factor.name not in found):
        with suppress(SpecError):  # an event that only another scenario has
            found[name] = targets.read(loaded.scenarios[""], name)
    first = {PLAN: next(iter(loaded.told.plans))} if loaded.told.plans else {}
    return found | {"scenario": file.base} | first


def posterior_of(file: StudyFile, folder: Place) -> Posterior | None:
    """The posterior that a study names, in its folder or shipped, or as a store keeps it."""
    told = file.posterior
    if told is None:
        return None
    path = folder / told
    if is_name(told) and told not in folder.copies:
        return Posterior.read(told)
    if fault := file_fault(path):
        raise SpecError(fault, source="Study")
    return Posterior.read(path)


def _draws(file: StudyFile, folder: Place) -> tuple[Posterior | None, list[str]]:
    try:
        return posterior_of(file, folder), []
    except SpecError as error:
        return None, [f"posterior: in {file.posterior!r}, {fault}" for fault in error.faults]


def _scenarios(reading: Reading, folder: Place, posterior: Posterior | None) -> tuple[Scenarios, list[str]]:
    """({"" for the base, or a level of `scenario`: the scenario, with the study's horizon and draws}, faults)."""
    file = reading.file
    told = [factor.levels or () for factor in file.factor if factor.name == "scenario"]
    levels = [str(level) for level in chain(*told)]
    if levels and file.design.kind == "one-at-a-time":
        levels.insert(0, file.base)  # where it starts
    base = [file.base] if reading.whole("base") else []
    found: dict[str, Scenario] = {}
    faults: list[str] = []
    for name in dict.fromkeys([*base, *levels]):
        try:
            scenario = _scenario(name, folder)
            found[name] = _of_study(scenario, file, posterior)
        except SpecError as error:
            place = "base" if name in base else "factor 'scenario'.levels"
            start = f"{place}: " if error.source == "Study" else f"{place}: in {name!r}, "
            faults += [start + fault for fault in error.faults]
    horizons = {scenario.months: name for name, scenario in found.items()}
    if len(horizons) > 1 and reading.whole("months"):
        each = ", ".join(f"{months} ({name!r})" for months, name in sorted(horizons.items()))
        faults.append(f"months: scenarios have different horizons, {each}; write months for the whole study.")
    named = {level: found[level] for level in levels if level in found}
    return ({"": found[file.base]} if base and file.base in found else {}) | named, faults


def _of_study(scenario: Scenario, file: StudyFile, posterior: Posterior | None) -> Scenario:
    """The scenario with the study's horizon, and with its draws if it has none of its own."""
    changes: dict[str, Any] = {} if file.months is None else {"months": file.months}
    if posterior is not None and scenario.posterior is None:
        changes["posterior"] = posterior
    return scenario.replace(**changes) if changes else scenario


def _scenario(told: str, folder: Place) -> Scenario:
    """The preset of this name, or the scenario in this file."""
    if told in preset_names():
        return Scenario.from_toml(preset_text(told))
    path = folder / told
    if told.endswith(".toml"):
        if fault := file_fault(path):
            raise SpecError(fault, source="Study")
        return Scenario.read(path)
    hint = nearest(told, [*preset_names(), *files_beside(path, ".toml")])
    raise SpecError(
        f"there is no preset {told!r}, and a file must end in .toml.{hint or ' List presets: cisim presets'}",
        source="Study",
    )


def _own_code(reading: Reading, folder: Place) -> tuple[str | None, dict[str, str], list[str]]:
    """(own model, own rules by slot, both located, faults)."""
    file, faults = reading.file, []
    if file.model is not None and file.engine != "mesa" and reading.whole("engine"):
        faults.append('model: an own model is a Mesa model; write engine = "mesa" too.')
    model = None if file.model is None else _located("model", file.model, folder, own.model_fault, faults)
    rules = {}
    for slot, reference in file.own_rules.items():
        if slot not in SLOTS:
            faults.append(f"own_rules.{slot}: there is no such slot.{did_you_mean(slot, SLOTS)}")
            continue
        place = _located(f"own_rules.{slot}", reference, folder, partial(own.rule_fault, slot), faults)
        if place is not None:
            rules[slot] = place
    return model, rules, faults


def _located(
    key: str, reference: str, folder: Place, check: Callable[[Any], str | None], faults: list[str]
) -> str | None:
    """Where own code lies that can be loaded and used; None, with a fault, if there is no such thing."""
    try:
        place = own.locate(reference, folder)
        fault = check(own.load(place))
    except SpecError as error:
        faults += [f"{key}: {fault}" for fault in error.faults]
        return None
    if fault is not None:
        faults.append(f"{key}: {reference!r} {fault}")
        return None
    return place


def _factors(
    reading: Reading, scenarios: Scenarios, model: str | None
) -> tuple[tuple[Factor, ...], list[str]]:
    """(all factors, complete where nothing is wrong with them, faults)."""
    file = reading.file
    names = list(dict.fromkeys(name for name in reading.names["factor"] if name))
    faults = [fault for name in names if (fault := unknown(name, scenarios))]
    found = []
    played = {key: scenario for key, scenario in scenarios.items() if key or "scenario" not in names}
    told = [*file.factor, *_of_groups(file, names)]
    for factor in told:
        wrong = _own_faults(factor, reading, model) or faults_of(factor, _active(factor, played), told)
        wrong += _replaced(factor, file.own_rules)
        faults += wrong
        found.append(factor if wrong else completed(factor, one_by_one=file.design.kind == "table"))
    if reading.whole("factor", "every"):
        if not found:
            faults.append('a study needs at least one [[factor]], or every = ["uncertainties"].')
        faults += [*factor_faults(found), *overlaps(found, names)]
    return tuple(found), faults


def _of_groups(file: StudyFile, told: Sequence[str]) -> list[Factor]:
    """A factor for every declared number of the groups asked for that has none of its own."""
    declared = {"uncertainties": UNCERTAINTIES, "levers": LEVERS}
    return [Factor(name=name) for group in file.every for name in declared[group] if name not in told]


def _own_faults(factor: Factor, reading: Reading, model: str | None) -> list[str]:
    """Why an own model has no such keyword."""
    if targets.kind_of(factor.name) != "model" or not reading.whole("model", "engine"):
        return []
    start, name = f"factor {factor.name!r}", factor.name.removeprefix("model.")
    if reading.file.model is None:
        example = 'model = "my_model.py:MyCoalition" and engine = "mesa"'
        return [f"{start} is a keyword of an own model, and there is none; add {example}."]
    if model is None or name in (known := own.keywords(own.load(model))):
        return []
    if name in own.GIVEN:
        return [f"{start}: a study gives {name!r} to its model by itself; take the factor out."]
    near = did_you_mean(factor.name, [f"model.{keyword}" for keyword in known])
    return [f"{start}: {reading.file.model!r} takes no keyword {name!r}.{near or ' It takes none.'}"]


def _replaced(factor: Factor, own_rules: Collection[str]) -> list[str]:
    """Why a rule choice moves nothing: own rules stand in all the slots that its variants fill."""
    variants = CHOICES.get(factor.name, {}).values()
    slots = sorted({slot for variant in variants for slot in variant})
    if not slots or not set(slots) <= set(own_rules):
        return []
    told = " and ".join(f"own_rules.{slot}" for slot in slots)
    return [f"factor {factor.name!r} has no effect beside {told}; take one of them out."]


def _active(factor: Factor, scenarios: Scenarios) -> Scenarios:
    """The scenarios in which a factor can be active."""
    told = factor.when.get("scenario")
    return {key: one for key, one in scenarios.items() if not isinstance(told, tuple) or key in told}


def _measures(reading: Reading, loaded: Loaded, *, sound: bool) -> tuple[list[str] | None, list[str]]:
    """(the measures that runs report, what is wrong with the model); None where nobody can tell."""
    if reading.file.model is None:
        return list(MEASURES) if reading.whole("model") else None, []
    if loaded.model is None or "" not in loaded.scenarios or not sound:
        return None, []
    keywords = {
        factor.name.removeprefix("model."): factor.levels[0] if factor.levels else factor.low
        for factor in loaded.factors
        if factor.name.startswith("model.") and not factor.when
    }
    try:
        rules = own.load_all(loaded.rules)
        return own.reporters(own.load(loaded.model), loaded.scenarios[""], rules, keywords), []
    except SpecError as error:
        return None, [f"model: {fault}" for fault in error.faults]


def table_of(file: StudyFile, folder: Place) -> Path | None:
    """Where the table of points lies, for the one design that has one."""
    return None if file.design.table is None else folder / file.design.table


def _listless(file: StudyFile, factors: Sequence[Factor]) -> list[str]:
    """Ranges that cannot stand in a grid, where other factors are wrong so that nothing can be laid out."""
    if file.design.kind not in ("grid", "zip") or file.every:
        return []
    return [fault for factor in factors if not factor.incomplete and (fault := factor.grid_fault())]


def _design_faults(file: StudyFile, loaded: Loaded, folder: Place) -> list[str]:
    """Why these factors cannot be laid out."""
    table, kind = file.design.table, file.design.kind
    if table is not None and (fault := file_fault(folder / table)):
        return [f"design.table: {fault}"]
    if file.every and kind in ("grid", "zip"):
        needs = f"a {kind} design needs levels or steps; take a sampled one, such as sobol"
        return [f"design: every gives ranges, and {needs}."]
    try:
        size = designs.size(
            file.design, loaded.factors, base_values(file, loaded), table=table_of(file, folder)
        )
        if size * file.replicates > MOST_RUNS:
            return [
                f"replicates: {size:,} points × {file.replicates:,} are {size * file.replicates:,} runs; allowed are {MOST_RUNS:,}."
            ]
    except DataError as error:
        return [f"design.table ({table!r}): {fault}" for fault in error.faults]
    except SpecError as error:
        return [fault if fault.startswith("factor ") else f"design: {fault}" for fault in error.faults]
    return []

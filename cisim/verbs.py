"""What a person does with cisim: load a scenario, change it, run it, keep what came out.

    from cisim import verbs
    full, alone = verbs.run("collective-impact", "isolated-impact", replicates=100, seed=1)
    full["severity"]

The command line calls these verbs and adds only what is seen on a screen.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cisim.errors import SpecError, did_you_mean

if TYPE_CHECKING:
    from cisim.engine.ensemble import Ensemble
    from cisim.world.posterior import Posterior
    from cisim.world.scenario import Scenario

__all__ = [
    "change",
    "check_run",
    "compile_rules",
    "is_compiled",
    "load",
    "load_all",
    "preset",
    "presets",
    "run",
    "save",
]

NameOrPath = str | os.PathLike[str]
Progress = Callable[[str, int, int], None]
"""Called with (scenario name, replicates done, replicates in all)."""


def presets() -> list[str]:
    """The names of the scenarios that come with cisim."""
    from cisim.world.library import preset_names

    return list(preset_names())


def preset(name: str) -> Scenario:
    """The preset of this name. Raises SpecError with the nearest known name."""
    from cisim.world.presets import load

    return load(name)


def load(name_or_path: NameOrPath) -> Scenario:
    """The preset of this name, or else the scenario in this TOML file."""
    from cisim.world.library import file_of
    from cisim.world.scenario import Scenario

    given = os.fspath(name_or_path)
    if given in presets():
        return preset(given)
    return Scenario.read(file_of(given))


def load_all(
    scenarios: Iterable[NameOrPath | Scenario],
    *,
    months: int | None = None,
    settings: Mapping[str, float | str] | None = None,
    posterior: NameOrPath | Posterior | None = None,
) -> tuple[Scenario, ...]:
    """Scenarios by name, file or as they are, each with the same changes; every fault of all at once."""
    found: list[Scenario] = []
    faults: list[SpecError] = []
    draws = None
    try:
        draws = _draws(posterior)
    except SpecError as error:
        faults.append(error)
    for given in scenarios:
        try:
            scenario = load(given) if isinstance(given, (str, os.PathLike)) else given
            found.append(change(scenario, months=months, settings=settings, posterior=draws))
        except SpecError as error:
            faults.append(error)
    if len(faults) == 1:
        raise faults[0]
    if faults:
        told = [f"{error.source or 'scenario'}: {fault}" for error in faults for fault in error.faults]
        raise SpecError(list(dict.fromkeys(told)), source="Scenarios")
    _refuse_namesakes(found)
    return tuple(found)


def change(
    scenario: Scenario,
    *,
    months: int | None = None,
    settings: Mapping[str, float | str] | None = None,
    posterior: NameOrPath | Posterior | None = None,
) -> Scenario:
    """This scenario with another horizon, and other values of levers, parameters and rule choices.

    settings: {name: value}; a name is that of a lever, of a parameter, or of a rule choice. posterior: draws of
    parameters, a CSV file of them or the name of a shipped sample; what the scenario and `settings` say of a
    parameter holds in its place.
    """
    from cisim.theory.parameters import LEVERS, UNCERTAINTIES
    from cisim.theory.rules import CHOICES

    tables: dict[str, Mapping[str, object]] = {
        "levers": LEVERS, "parameters": UNCERTAINTIES, "rules": CHOICES
    }  # fmt: skip
    changes: dict[str, object] = {} if months is None else {"months": months}
    if (draws := _draws(posterior)) is not None:
        changes["posterior"] = draws
    faults = []
    for name, value in (settings or {}).items():
        field = next((field for field, known in tables.items() if name in known), None)
        if field is None:
            known_names = [*LEVERS, *UNCERTAINTIES, *CHOICES]
            near = did_you_mean(name, known_names)
            near = near if near.startswith(" Did") else " List them with: cisim parameters"
            faults.append(f"no lever, parameter or rule choice is called {name!r}.{near}")
            continue
        changes[field] = {**changes.get(field, getattr(scenario, field)), name: value}  # type: ignore[dict-item]
    if faults:
        raise SpecError(faults, source="Settings")
    return scenario.replace(**changes) if changes else scenario


def run(
    *scenarios: NameOrPath | Scenario,
    replicates: int = 200,
    seed: int = 0,
    months: int | None = None,
    settings: Mapping[str, float | str] | None = None,
    posterior: NameOrPath | Posterior | None = None,
    measures: Iterable[str] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> list[Ensemble]:
    """One ensemble a scenario, all on the same seed: replicate r of each lives in the same world.

    posterior: draws of parameters for every scenario (see `change`); replicate r of each has the same one.
    Raises SpecError for what cannot be used, RunError for a run that does not stay finite.
    """
    from cisim.engine.ensemble import simulate
    from cisim.world.fields import listed

    wanted = None if measures is None else listed(measures, "measures")
    loaded = load_all(scenarios, months=months, settings=settings, posterior=posterior)
    check_run(loaded, replicates, seed, measures=wanted)
    ensembles = []
    for scenario in loaded:
        ensemble = simulate(
            scenario, replicates, seed, measures=wanted, threads=threads,
            progress=None if progress is None else _for_scenario(progress, scenario.name),
        )  # fmt: skip
        ensembles.append(ensemble)
    return ensembles


def check_run(
    scenarios: Sequence[Scenario], replicates: int, seed: int, *, measures: Sequence[str] | None = None
) -> None:
    """Raise SpecError for a seed or a number of replicates that cannot be run on this machine."""
    from cisim.engine.streams import check_address
    from cisim.theory.measures import MEASURES

    check_address(seed, replicates)
    columns = len(MEASURES if measures is None else measures)
    size = (
        sum(8.0 * replicates * (scenario.months + 1) * columns for scenario in scenarios) + 8.0 * replicates
    )
    room = 0.5 * _memory()
    if size > room:
        raise SpecError(
            f"{replicates} replicates take about {size / 1e9:,.1f} GB of memory for their measures; "
            f"{room / 1e9:,.1f} GB can be used. Ask for fewer replicates or measures.",
            source="Run",
        )


def is_compiled(scenario: Scenario) -> bool:
    """True if the kernel for the rules of this scenario lies on disk, compiled."""
    from cisim.engine.compilation import is_cached
    from cisim.theory.rules import default_choices, rule_set

    slots = rule_set(default_choices() | dict(scenario.rules))
    return is_cached(slots, len(scenario.workstreams))


def compile_rules(scenario: Scenario) -> None:
    """Compile the kernel for the rules of this scenario, and keep it for the next start."""
    from cisim.engine.ensemble import simulate

    simulate(scenario, replicates=1, measures=["severity"])


def save(
    ensembles: Sequence[Ensemble], folder: NameOrPath, *, command: Sequence[str] = (), seconds: float = 0.0
) -> list[str]:
    """Write scenarios, data, manifests and figures to a folder, whole or not at all.

    Gives notes for the reader, such as what is missing for figures. Raises StoreError if the folder
    cannot be written, or holds something else than results of cisim.
    """
    from cisim.insight.folder import write

    return write(ensembles, Path(folder), command=command, seconds=seconds)


def _draws(posterior: NameOrPath | Posterior | None) -> Posterior | None:
    if not isinstance(posterior, (str, os.PathLike)):
        return posterior
    from cisim.world.posterior import Posterior

    return Posterior.read(posterior)


def _memory() -> float:
    """Bytes of memory of this machine; infinite where it does not say."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):
        return float("inf")


def _for_scenario(progress: Progress, name: str) -> Callable[[int, int], None]:
    return lambda done, whole: progress(name, done, whole)


def _refuse_namesakes(scenarios: Sequence[Scenario]) -> None:
    names = [scenario.name for scenario in scenarios]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        called = ", ".join(map(repr, twice))
        raise SpecError(f"more than one is called {called}; give each a name of its own.", source="Scenarios")

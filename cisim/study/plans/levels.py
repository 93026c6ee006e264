"""The levels of a study's factor `plan`: presets, files of plans or scenarios, plans written in the study file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cisim.errors import SpecError, nearest
from cisim.study.designs.layout import EACH
from cisim.study.plans.plan import Plan, called_twice, plan_at
from cisim.study.plans.prices import COSTS, Prices, line_faults
from cisim.study.spec.file import Place, StudyFile, file_fault, files_beside
from cisim.study.spec.keep import Summary
from cisim.world.library import preset_names
from cisim.world.scenario import Scenario

__all__ = ["COURSE", "MEASURES_KEPT", "PLAN", "PlansTold", "plans_told"]

PLAN = EACH
"""The name of the factor."""
MEASURES_KEPT = ("severity", "contribution", *COSTS)
"""Kept beside what a study asks for where it tries plans: what their costs and comparisons are reckoned from."""
COURSE = (
    Summary(name="plan_reached", take="months-to-target"),
    Summary(name="plan_ended", take="first-month", measure="alive", at_most=0),
)
"""Kept too: the month in which the target is first reached, and the one in which the coalition ends."""


@dataclass(frozen=True)
class PlansTold:
    """{level of the factor: its plan}, and the prices that the study tells, if any."""

    plans: Mapping[str, Plan] = field(default_factory=dict)
    prices: Prices | None = None


def plans_told(
    file: StudyFile, folder: Place, scenarios: Mapping[str, Scenario], *, whole: bool
) -> tuple[PlansTold, list[str]]:
    """The plans and prices of a study, each plan tried in each of its scenarios; and all that is wrong with them.

    whole: every [[plan]] could be read.
    """
    levels = [str(level) for factor in file.factor if factor.name == PLAN for level in factor.levels or ()]
    plans: dict[str, Plan] = {}
    faults = [] if levels else list(_without_factor(file))
    for at, level in enumerate(levels):
        place = f"factor {PLAN!r}.levels[{at}]: "
        try:
            plans[level] = _plan(level, file, folder, whole=whole)
        except SpecError as error:
            faults += (
                [] if not error.faults else [f"{place}{_source(error)}{fault}" for fault in error.faults]
            )
            continue
        faults += [place + fault for fault in _plan_faults(plans[level], scenarios)]
    faults += [*called_twice(tuple(plans.values())), *_unused(file, levels), *_taken(file, levels)]
    prices, wrong = _prices(file, folder)
    return PlansTold(plans, prices), [*dict.fromkeys(faults), *wrong]


def _plan(level: str, file: StudyFile, folder: Place, *, whole: bool) -> Plan:
    """Raises SpecError, without a fault where the plan may be one that could not be read."""
    for plan in file.plan:
        if plan.name == level:
            return plan
    if level in preset_names():
        return plan_at(level)
    path = folder / level
    if level.endswith(".toml"):
        if fault := file_fault(path):
            raise SpecError(fault)
        return plan_at(path)
    known = [*(plan.name for plan in file.plan), *preset_names(), *files_beside(path, ".toml")]
    if not whole and not nearest(level, known):
        raise SpecError([])
    hint = nearest(level, known) or " List presets: cisim presets"
    raise SpecError(
        f"there is no preset and no [[plan]] called {level!r}, and a file must end in .toml.{hint}"
    )


def _source(error: SpecError) -> str:
    return f"in {error.source!r}, " if error.source else ""


def _plan_faults(plan: Plan, scenarios: Mapping[str, Scenario]) -> Iterator[str]:
    """Why it cannot be paid or tried."""
    yield from line_faults(plan)
    for scenario in {scenario.name: scenario for scenario in scenarios.values()}.values():
        try:
            plan.on(scenario)
        except SpecError as error:
            yield from (f"in scenario {scenario.name!r}, {fault}" for fault in error.faults)


def _without_factor(file: StudyFile) -> Iterator[str]:
    if any(factor.name == PLAN for factor in file.factor):
        return  # it has no levels, which is told of the factor
    for key, told in (("[[plan]]", file.plan), ("prices", file.prices)):
        if told:
            yield f'{key}: there is no factor that tries plans; add a [[factor]] with name = "{PLAN}" and levels.'


def _unused(file: StudyFile, levels: list[str]) -> Iterator[str]:
    for plan in file.plan if levels else ():
        if plan.name not in levels:
            yield f"plan {plan.name!r}: is no level of factor {PLAN!r}, so it is never tried; add it there."
        elif plan.name in preset_names():
            yield f"plan {plan.name!r}: has the name of a preset; give it another."
    names = [plan.name for plan in file.plan]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield f"plan {name!r} is there {names.count(name)} times; name each once."


def _taken(file: StudyFile, levels: list[str]) -> Iterator[str]:
    taken = {summary.name for summary in COURSE}
    for summary in file.summary if levels else ():
        if summary.name in taken:
            yield f"summary {summary.name!r}.name: is kept for plans already; choose another."


def _prices(file: StudyFile, folder: Place) -> tuple[Prices | None, list[str]]:
    if not isinstance(file.prices, str):
        return file.prices, []
    path = folder / file.prices
    if fault := file_fault(path):
        return None, [f"prices: {fault}"]
    try:
        return Prices.read(path), []
    except SpecError as error:
        return None, [f"prices: in {file.prices!r}, {fault}" for fault in error.faults]

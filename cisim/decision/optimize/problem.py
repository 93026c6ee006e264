"""A problem: which levers may take which levels, in which periods, for what money, to what end, in which world."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from cisim.decision.plan import MOST, Plan
from cisim.decision.prices import Prices
from cisim.decision.worlds import Worlds, worlds_of
from cisim.errors import SpecError, did_you_mean, nearest
from cisim.theory.parameters import LEVERS
from cisim.world.fields import one_of, scalar, short, slug, text, whole, within
from cisim.world.library import extended, file_of
from cisim.world.record import Record
from cisim.world.scenario import Scenario
from cisim.world.toml import dump, parse, text_of

__all__ = ["GOALS", "Effort", "Problem", "problem_names"]

Goal = Literal["reached", "contribution", "worst-tenth"]
GOALS: dict[str, str] = {
    "reached": "the probability of reaching the target",
    "contribution": "the expected contribution",
    "worst-tenth": "the contribution in the worst tenth of worlds",
}
"""What can be made as large as possible, in words."""
_SHELF = files("cisim.decision.optimize") / "problems"


class Effort(Record):
    """How much is run. candidates: plans tried in the search, each in `worlds` worlds; finalists: plans tried in more
    worlds, half of them left each time, up to `final_worlds`; fresh: worlds for the figures that are reported."""

    candidates: Annotated[int, whole(8, 100_000, "plans")] = 600
    worlds: Annotated[int, whole(2, 10_000, "worlds")] = 16
    finalists: Annotated[int, whole(2, 1_000, "plans")] = 24
    final_worlds: Annotated[int, whole(2, 100_000, "worlds")] = 256
    fresh: Annotated[int, whole(20, 100_000, "worlds")] = 600


def _ranges(value: object) -> object:
    if not isinstance(value, Mapping) or not value:
        raise SpecError(f"must be a table of levers, each with [lowest, highest], given {short(value)}.")
    faults = [fault for name, ends in value.items() for fault in _range_faults(str(name), ends)]
    if faults:
        raise SpecError(faults)
    return {name: (float(value[name][0]), float(value[name][1])) for name in LEVERS if name in value}


def _range_faults(name: str, ends: Any) -> list[str]:
    if name not in LEVERS:
        return [f"there is no lever {name!r}.{did_you_mean(name, LEVERS)}"]
    if not isinstance(ends, (list, tuple)) or len(ends) != 2:
        return [f"{name} must be [lowest, highest], given {short(ends)}."]
    if found := [fault for end in ends if (fault := LEVERS[name].fault(scalar(end)))]:
        return found
    return (
        [] if ends[0] < ends[1] else [f"{name}: the lowest must be below the highest, given {short(ends)}."]
    )


def _periods(value: object) -> object:
    months = list(value) if isinstance(value, (list, tuple)) else []
    if (
        months
        and all(type(month) is int for month in months)
        and months[0] == 1
        and months == sorted(set(months))
    ):
        return tuple(months)
    raise SpecError(
        f"must be the first months of the periods, from 1 upwards, such as [1, 16, 31, 46]; given {short(value)}."
    )


def _as_scenario(value: object) -> object:
    return _world(value) if isinstance(value, Mapping) else value


def _world(told: Mapping[str, Any]) -> Scenario:
    values, faults = extended(told)
    try:
        return Scenario(**{"name": "world", **values})
    except SpecError as error:
        raise SpecError([*faults, *error.faults]) from None


class Problem(Record):
    """A budget to be laid out. Raises SpecError with every fault at once.

    world: a scenario, also told as a preset's name, a file, or a table of a scenario's values (with `extends`).
    start: levers, events and budget lines that hold whatever is chosen, as a plan. levers: {name: (lowest, highest)}.
    periods: the months in which levels may change. budget: money of the initiative by the end of `month`.
    """

    format: Annotated[Literal[1], whole(1, 1, "(the only format so far)")] = 1
    name: Annotated[str, slug()]
    title: Annotated[str, text(0, 200)] = ""
    description: Annotated[str, text(0, line=False)] = ""
    goal: Annotated[Goal, one_of(*GOALS)]
    month: Annotated[int, whole(2, 1_200, "months")]
    budget: Annotated[float, within(0, MOST, "of money")]
    periods: Annotated[tuple[int, ...], BeforeValidator(_periods)]
    uncertain: Annotated[Literal["nothing", "posterior", "ranges"], one_of("nothing", "posterior", "ranges")]
    seed: Annotated[int, whole(0, 2**32 - 1)] = 0
    world: Annotated[Scenario, BeforeValidator(_as_scenario)]
    levers: Annotated[dict[str, tuple[float, float]], BeforeValidator(_ranges)]
    start: Plan = Field(default_factory=lambda: Plan(name="start"))
    prices: Prices = Prices()
    effort: Effort = Effort()

    @model_validator(mode="after")
    def _fits(self) -> Problem:
        faults = []
        if late := [month for month in self.periods if month > self.month]:
            faults.append(f"periods start after month {self.month}: {late}.")
        if self.world.months < self.month:
            faults.append(f"the world ends in month {self.world.months}, before month {self.month}.")
        if faults:
            raise SpecError(faults)
        return self

    @classmethod
    def read(cls, name_or_path: str | os.PathLike[str]) -> Problem:
        """The shipped problem of this name, or the one in a TOML file; paths in it are relative to the file.

        Raises SpecError; where no file can be meant, with the nearest shipped problem and the names of all.
        """
        if str(name_or_path) in problem_names():
            told = (_SHELF / f"{name_or_path}.toml").read_text(encoding="utf-8")
            return cls.from_toml(told, source=str(name_or_path))
        path = _problem_file(str(name_or_path))
        return cls.from_toml(text_of(path), source=str(path), folder=path.parent)

    @classmethod
    def from_toml(cls, told: str, source: str | None = None, folder: Path | None = None) -> Problem:
        """The problem in a TOML text; folder: where the paths in it start. Raises SpecError with every fault."""
        values = parse(told)
        faults: list[str] = []
        for key, load, stand_in in (("world", _scenario_at, _any_world), ("start", _plan_at, _any_start)):
            if isinstance(given := values.get(key), str):
                try:
                    values[key] = load(given, folder or Path())
                except SpecError as error:
                    faults += [f"{key} {short(given)}: {fault}" for fault in error.faults]
                    values[key] = stand_in()  # so that the rest is judged all the same
        try:
            problem = cls(**values)
        except SpecError as error:
            raise SpecError([*faults, *error.faults], source=source or error.source) from None
        if faults:
            raise SpecError(faults, source=source)
        return problem

    def to_toml(self) -> str:
        """TOML text of the whole problem, with its world in it: what a folder of results keeps."""
        values = self.model_dump(exclude={"world", "start"}, exclude_defaults=True)
        told = {
            "format": self.format,
            **values,
            "world": parse(self.world.to_toml()),
            "start": parse(self.start.to_toml()),
        }
        return dump({name: told[name] for name in Problem.model_fields if name in told})

    def with_(self, **changes: Any) -> Problem:
        """This problem with other values, checked like any other."""
        return Problem(**{name: getattr(self, name) for name in Problem.model_fields} | changes)

    def worlds(self) -> Worlds:
        """The worlds of the search, as many as a candidate is tried in, up to the month of the budget."""
        until = self.world.replace(
            months=self.month, event=tuple(event for event in self.world.event if event.month <= self.month)
        )
        return worlds_of(until, self.effort.worlds, self.seed, uncertain=self.uncertain)


def problem_names() -> tuple[str, ...]:
    """The names of the problems that come along, sorted."""
    return tuple(sorted(file.name[:-5] for file in _SHELF.iterdir() if file.name.endswith(".toml")))


def _scenario_at(given: str, folder: Path) -> Scenario:
    from cisim.world.library import preset_names
    from cisim.world.presets import load

    return load(given) if given in preset_names() else Scenario.read(_beside(given, folder))


def _plan_at(given: str, folder: Path) -> Plan:
    from cisim.decision.plan import plans_in
    from cisim.world.library import preset_names

    return plans_in([given if given in preset_names() else _beside(given, folder)])[0]


def _beside(given: str, folder: Path) -> Path:
    """The path that a problem file in this folder means. Raises SpecError, with the nearest preset, if it can be none."""
    path = folder / given
    return file_of(str(path)) if path.exists() else folder / file_of(given)


def _any_world() -> Scenario:
    """A world as long as may be, which no month is beyond."""
    from cisim.world.presets import load

    return load("isolated-impact").replace(months=1_200)


def _any_start() -> Plan:
    return Plan(name="start")


def _problem_file(given: str) -> Path:
    path = Path(given)
    come_along = f"These come along: {', '.join(problem_names())}."
    if path.is_dir():
        raise SpecError(f"is a folder; name the TOML file of a problem in it. {come_along}", source=given)
    if path.suffix or path.exists() or path.name != given:
        return path
    near = nearest(given, problem_names())
    raise SpecError(f"there is no problem and no file of this name.{near} {come_along}", source=repr(given))

"""A plan: what a coalition chooses over time, apart from the world in which it is tried."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from cisim.errors import SpecError
from cisim.theory.parameters import LEVERS
from cisim.world.disk import write_whole
from cisim.world.events import AnyEvent
from cisim.world.fields import numbers, slug, text, truth, whole, within
from cisim.world.library import file_of, preset_names
from cisim.world.record import Record
from cisim.world.scenario import Scenario
from cisim.world.toml import dump, parse, text_of

__all__ = ["MOST", "BudgetLine", "Plan", "called_twice", "plan_at", "plan_of", "plans_in"]

MOST = 1e12  # units of money; more than any coalition has


class BudgetLine(Record):
    """Money that the plan spends on something that the model does not know, from one month to another."""

    name: Annotated[str, text(1, 200)]
    amount: Annotated[float, within(0, MOST, "a month")]
    month: Annotated[int, whole(1, 1_200)] = 1
    until: Annotated[int, whole(1, 1_200)] = 1_200

    @model_validator(mode="after")
    def _in_order(self) -> BudgetLine:
        if self.until < self.month:
            raise SpecError(
                f"pays nothing: it ends in month {self.until}, before it starts in month {self.month}."
            )
        return self


class Plan(Record):
    """Levers at the start, events, and budget lines. A lever that is not told stays as the world has it.

    isolated: nobody is a member at the start, whoever is one in the world; what isolated impact means. Tried in a
    world by `on`: the same people, network, issue, uncertainties and events of the world, with the plan's levers in
    place of the world's and the plan's events after the world's. Raises SpecError with every fault at once.
    """

    format: Annotated[Literal[1], whole(1, 1, "(the only format so far)")] = 1
    name: Annotated[str, slug()]
    title: Annotated[str, text(0, 200)] = ""
    description: Annotated[str, text(0, line=False)] = ""
    isolated: Annotated[bool, truth()] = False
    levers: Annotated[dict[str, float], numbers(LEVERS)] = Field(default_factory=dict)
    event: tuple[AnyEvent, ...] = ()
    line: tuple[BudgetLine, ...] = ()

    @property
    def called(self) -> str:
        """What a person calls it: its title, or its name."""
        return self.title or self.name

    def on(self, world: Scenario) -> Scenario:
        """The world with this plan in it. Raises SpecError if they do not fit (an unknown partner, a late event)."""
        changes: dict[str, Any] = {
            "levers": {**world.levers, **self.levers},
            "event": (*world.event, *self.event),
        }
        if self.isolated:
            changes["roster"] = world.roster.model_copy(update={"members": False})
            changes["partner"] = tuple(each.model_copy(update={"member": False}) for each in world.partner)
        try:
            return world.replace(name=self.name, title=self.title, description=self.description, **changes)
        except SpecError as error:
            raise SpecError(error.faults, source=f"Plan {self.name!r} in world {world.name!r}") from None

    @classmethod
    def from_toml(cls, told: str, source: str | None = None) -> Plan:
        """The plan in a TOML text."""
        try:
            return cls(**parse(told))
        except SpecError as error:
            raise SpecError(error.faults, source=source or error.source) from None

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Plan:
        """The plan in a TOML file."""
        return cls.from_toml(text_of(path), source=str(path))

    def to_toml(self) -> str:
        """TOML text with what differs from the defaults; reading it gives an equal plan."""
        values = self.model_dump(by_alias=True, exclude_defaults=True, exclude={"event"})
        told: dict[str, Any] = {"format": self.format, **values}
        if self.event:
            told["event"] = [
                {"kind": event.kind, **event.model_dump(by_alias=True, exclude_defaults=True)}
                for event in self.event
            ]
        return dump({name: told[name] for name in Plan.model_fields if told.get(name) not in (None, {}, ())})

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the TOML file whole or not at all. Raises StoreError if that is impossible."""
        write_whole(Path(path), self.to_toml().encode())


def plan_of(scenario: Scenario) -> Plan:
    """What a scenario does, as a plan: every lever (told or at its default) and all its events."""
    levers = {name: float(scenario.levers.get(name, declared.default)) for name, declared in LEVERS.items()}
    return Plan(
        name=scenario.name,
        title=scenario.title,
        description=scenario.description,
        isolated=not scenario.roster.members and not any(partner.member for partner in scenario.partner),
        levers=levers,
        event=scenario.event,
    )


def plans_in(told: Sequence[str | os.PathLike[str] | Plan | Scenario]) -> tuple[Plan, ...]:
    """Plans by the name of a preset, the file of a plan or scenario, or as they are; every fault at once.

    A file with a table that only scenarios have (`roster`, `issue`, …) is read as a scenario, of which the plan is
    taken. The same plan given again gets a name of its own ("…-2"); two different plans of one name are refused.
    """
    found: list[Plan] = []
    faults: list[str] = []
    for given in told:
        try:
            found.append(plan_at(given))
        except SpecError as error:
            faults += [f"{error.source or given}: {fault}" for fault in error.faults]
    named = _told_apart(found)
    if faults := [*faults, *called_twice(named)]:
        raise SpecError(faults, source="Plans")
    return named


def called_twice(plans: Sequence[Plan]) -> list[str]:
    """One sentence for every name that more than one plan has."""
    names = [plan.name for plan in plans]
    return [
        f"two plans are called {name!r}; give each a name of its own."
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]


def _told_apart(plans: Sequence[Plan]) -> tuple[Plan, ...]:
    """The plans, of which one that was given before has a number after its name and title."""
    told: list[Plan] = []
    for at, plan in enumerate(plans):
        again = sum(plan == before for before in plans[:at]) + 1
        title = f"{plan.title} ({again})" if plan.title else ""
        own = {"name": f"{plan.name}-{again}", "title": title}
        told.append(plan if again == 1 else plan.model_copy(update=own))
    return tuple(told)


def plan_at(given: str | os.PathLike[str] | Plan | Scenario) -> Plan:
    """One plan, told in any of the ways of `plans_in`."""
    if isinstance(given, Plan):
        return given
    if isinstance(given, Scenario):
        return plan_of(given)
    if str(given) in preset_names():
        from cisim.world.presets import load

        return plan_of(load(str(given)))
    path = file_of(os.fspath(given))
    if _is_scenario(parse(text_of(path))):
        return plan_of(Scenario.read(path))
    return Plan.from_toml(text_of(path), source=str(given))


def _is_scenario(values: Mapping[str, Any]) -> bool:
    return "extends" in values or bool(
        (Scenario.model_fields.keys() - Plan.model_fields.keys()) & values.keys()
    )

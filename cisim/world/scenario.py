"""A scenario: one complete input, in code or as a TOML file.

Everything that is not told has a declared default or is drawn for each replicate; `describe()` says
which before anything runs.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, InstanceOf, PlainSerializer, ValidationError

from cisim.errors import SpecError, did_you_mean
from cisim.theory.parameters import LEVERS, UNCERTAINTIES
from cisim.theory.sources import SOURCES
from cisim.world.disk import write_whole
from cisim.world.events import AnyEvent
from cisim.world.fields import numbers, short, slug, text, whole
from cisim.world.library import extended
from cisim.world.network import Network, Tie
from cisim.world.partners import BackbonePartner, Issue, Partner, Roster
from cisim.world.posterior import Posterior, beside, posterior_of
from cisim.world.record import Record, sentences
from cisim.world.relations import default_roster, partner_ids, plain, relation_faults
from cisim.world.schedule import Plan
from cisim.world.toml import dump, parse, text_of

if TYPE_CHECKING:
    from cisim.world.blueprint import Blueprint

__all__ = ["WORKSTREAMS", "Citation", "Scenario", "check_scenario"]

WORKSTREAMS = ("prevention", "early support", "direct services", "livelihoods", "policy")
"""The default workstreams. Assumption: any issue needs names of its own."""


def _cited(value: object) -> object:
    if isinstance(value, str) and value in SOURCES:
        return value
    raise SpecError(f"unknown source, given {short(value)}.{did_you_mean(str(value), SOURCES)}")


def _named_workstreams(value: object) -> object:
    if not isinstance(value, (list, tuple)) or not 2 <= len(value) <= 12:
        raise SpecError(f"must be a list of 2 to 12 names, given {short(value)}.")
    if len({str(name).strip() for name in value}) < len(value):
        raise SpecError(f"names a workstream twice, given {short(value)}; name each once.")
    return value


def _chosen_rules(value: object) -> object:
    from cisim.theory.rules import rule_faults

    if not isinstance(value, Mapping):
        raise SpecError(f"must be a table of rule choices and variants, given {short(value)}.")
    if faults := rule_faults({str(choice): variant for choice, variant in value.items()}):
        raise SpecError(faults)
    return dict(sorted(value.items()))


class Citation(Record):
    """A cited work and why it is cited."""

    key: Annotated[str, BeforeValidator(_cited)]
    reason: Annotated[str, text(1, 1_000)]


def _as_table(posterior: Posterior | None) -> dict[str, Any] | None:
    return None if posterior is None else posterior.table()


class Scenario(Record):
    """One complete input of the model.

    posterior: draws of parameters, also told as a CSV file, the name of a shipped sample, or a table; what
    `parameters` says holds in its place. Raises SpecError with every fault at once: the place in the file, what
    was given, what is allowed.
    """

    format: Annotated[Literal[1], whole(1, 1, "(the only format so far)")] = 1
    name: Annotated[str, slug()]
    title: Annotated[str, text(0, 200)] = ""
    description: Annotated[str, text(0, line=False)] = ""
    months: Annotated[int, whole(1, 1_200, "months")] = 120
    workstreams: Annotated[tuple[Annotated[str, text(1, 100)], ...], BeforeValidator(_named_workstreams)] = (
        WORKSTREAMS
    )
    sources: tuple[Citation, ...] = ()
    issue: Issue = Issue()
    roster: Roster = Roster()
    backbone: BackbonePartner = BackbonePartner()
    network: Network = Network()
    levers: Annotated[dict[str, float], numbers(LEVERS)] = Field(default_factory=dict)
    parameters: Annotated[dict[str, float], numbers(UNCERTAINTIES)] = Field(default_factory=dict)
    posterior: Annotated[
        InstanceOf[Posterior] | None, BeforeValidator(posterior_of), PlainSerializer(_as_table)
    ] = None
    rules: Annotated[dict[str, str], BeforeValidator(_chosen_rules)] = Field(default_factory=dict)
    partner: tuple[Partner, ...] = ()
    tie: tuple[Tie, ...] = ()
    event: tuple[AnyEvent, ...] = ()

    def __init__(self, /, **told: Any) -> None:
        values = plain(told)
        if values.get("roster") is None:
            values["roster"] = plain(default_roster(bool(values.get("partner"))))
        faults = relation_faults(values, months=_months(values), workstreams=len(_workstreams(values)))
        try:
            self.__pydantic_validator__.validate_python(values, self_instance=self)
        except ValidationError as error:
            faults = [*sentences(error, Scenario, values), *faults]
        if faults := faults or self.plan().faults():
            raise SpecError(faults, source=f"Scenario {values.get('name', '')!r}")

    @classmethod
    def from_toml(cls, text: str, source: str | None = None, folder: Path | None = None) -> Scenario:
        """The scenario in a TOML text, which may extend a preset; `source` is how messages call it.

        folder: where the path of a posterior starts (default: the present folder).
        """
        faults: list[str] = []
        try:
            values, faults = extended(parse(text))
            if "posterior" in values:
                values["posterior"] = beside(values["posterior"], folder or Path())
            scenario = cls(**values)
        except SpecError as error:
            raise SpecError([*faults, *error.faults], source=source or error.source) from None
        if faults:
            raise SpecError(faults, source=source)
        return scenario

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Scenario:
        """The scenario in a TOML file; the path of a posterior in it is relative to the file."""
        return cls.from_toml(text_of(path), source=str(path), folder=Path(path).parent)

    @property
    def ids(self) -> tuple[str, ...]:
        """The id of every organization in the order of rows; the backbone is last."""
        listed = [partner.id for partner in self.partner]
        return (*partner_ids(self.roster.count, listed), self.backbone.id)

    @property
    def names(self) -> dict[str, str]:
        """The name of every organization by its id; the id itself where no name is told."""
        told = {partner.id: partner.name for partner in self.partner} | {self.backbone.id: self.backbone.name}
        return {name: told.get(name) or name for name in self.ids}

    def replace(self, **changes: Any) -> Scenario:
        """This scenario with other values for the fields named; checked like any other."""
        return Scenario(**{name: getattr(self, name) for name in Scenario.model_fields} | changes)

    def plan(self) -> Plan:
        """What the events do, month by month."""
        plan = Plan(self.months, self.levers, {name: row for row, name in enumerate(self.ids)})
        for event in self.event:
            event.lower(plan)
        return plan

    def lower(self) -> Blueprint:
        """The scenario as arrays, ready for an engine."""
        from cisim.world.blueprint import lower

        return lower(self)

    def describe(self) -> str:
        """The whole plan in words, before it runs."""
        from cisim.world.describe import describe

        return describe(self)

    def to_toml(self) -> str:
        """TOML text with what differs from the defaults; reading it gives an equal scenario."""
        values = self.model_dump(by_alias=True, exclude_defaults=True, exclude={"roster", "event"})
        values = {"format": self.format, **values}
        if self.roster != default_roster(bool(self.partner)):
            values["roster"] = {"count": self.roster.count, **self.roster.model_dump(exclude_defaults=True)}
        if self.event:
            values["event"] = [
                {"kind": event.kind, **event.model_dump(by_alias=True, exclude_defaults=True)}
                for event in self.event
            ]
        ordered = [name for name in Scenario.model_fields if values.get(name) not in (None, {}, ())]
        return dump({name: values[name] for name in ordered})

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the TOML file whole or not at all. Raises StoreError if that is impossible."""
        write_whole(Path(path), self.to_toml().encode())


def check_scenario(given: object, taker: str) -> None:
    """Raise SpecError for what is no scenario, such as the name of one; taker: what was called with it."""
    if not isinstance(given, Scenario):
        raise SpecError(
            f"{taker} takes a Scenario, given {short(given)}. Load one with cisim.preset(name) or cisim.load(path)."
        )


def _months(values: Mapping[str, Any]) -> int:
    given = values.get("months")
    if isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= 1_200:
        return given
    return 120 if given is None else 1_200


def _workstreams(values: Mapping[str, Any]) -> tuple[Any, ...]:
    given = values.get("workstreams")
    return tuple(given) if isinstance(given, (list, tuple)) and given else WORKSTREAMS

"""An event: a frozen record with a month that explains itself and lowers itself into a plan."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import SerializeAsAny
from pydantic.functional_validators import BeforeValidator

from cisim.errors import SpecError, did_you_mean
from cisim.world.fields import short, text, whole
from cisim.world.record import Record
from cisim.world.schedule import Plan

__all__ = ["KINDS", "AnyEvent", "Event", "Names", "OrganizationId", "PartnerId", "Refers", "percent"]

Names = Mapping[str, str]
"""The name of each organization by its id."""

KINDS: dict[str, type[Event]] = {}
"""Every known event by its kind."""


class Refers:
    """Marks a value that must be the id of a partner (or, too, of the backbone)."""

    def __init__(self, *, backbone: bool) -> None:
        self.backbone = backbone


PartnerId = Annotated[str, text(1, 100), Refers(backbone=False)]
OrganizationId = Annotated[str, text(1, 100), Refers(backbone=True)]


class Event(Record, ABC):
    """Something that happens in a month. `what` says it in words, `lower` in changes and effects.

    A subclass with a `kind` of its own is all that a new event takes: scenario files, the check of ids,
    describe() and every time axis then know it.
    """

    kind: str
    month: Annotated[int, whole(1, 1_200)]

    references: ClassVar[dict[str, Refers]] = {}
    """The values that name organizations, as written in a file."""

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        cls.references = {
            field.serialization_alias or name: mark
            for name, field in cls.model_fields.items()
            for mark in field.metadata
            if isinstance(mark, Refers)
        }
        if isinstance(kind := cls.model_fields["kind"].default, str):
            KINDS[kind] = cls

    @classmethod
    def record_for(cls, told: object) -> type[Record]:
        """The kind of event that `told` describes."""
        kind = told.get("kind") if isinstance(told, Mapping) else None
        return KINDS.get(kind, cls) if isinstance(kind, str) else cls

    @abstractmethod
    def what(self, names: Names) -> str:
        """What happens, as a clause that can follow 'In month 12, '; without a period."""

    @abstractmethod
    def lower(self, plan: Plan) -> None:
        """Write the event into the plan."""

    def sentence(self, names: Names) -> str:
        """What happens and when, in one sentence."""
        return f"In month {self.month}, {self.what(names)}."


def percent(share: float) -> str:
    """A share as a reader says it."""
    return f"{100 * share:.3g}%"


def _of_its_kind(told: object) -> object:
    """The event that `told` describes, by its `kind`."""
    if isinstance(told, Event):
        return told
    if not isinstance(told, Mapping):
        raise SpecError(f"must be a table of keys and values, given {short(told)}.")
    kind = told.get("kind")
    if not isinstance(kind, str):
        given = f"given kind = {short(kind)}" if "kind" in told else "given no kind"
        raise SpecError(f"needs a kind, {given}; allowed: {', '.join(KINDS)}.")
    if kind not in KINDS:
        raise SpecError(f"unknown kind of event, given {kind!r}.{did_you_mean(kind, KINDS)}")
    return KINDS[kind].model_validate(dict(told))


AnyEvent = Annotated[SerializeAsAny[Event], BeforeValidator(_of_its_kind)]
"""Any known kind of event."""

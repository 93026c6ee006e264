"""Events of partners, of trust, and of the world around the coalition."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field, model_validator

from cisim.errors import SpecError
from cisim.world.events.event import Event, Names, OrganizationId, PartnerId, Refers, percent
from cisim.world.fields import text, within
from cisim.world.schedule import Plan

__all__ = [
    "BackboneMoves",
    "IssueShock",
    "LeaderChanges",
    "Merger",
    "PartnerJoins",
    "PartnerLeaves",
    "PolicyWindow",
    "TrustBreach",
]

Share = Annotated[float, within(0, 1)]


class PartnerJoins(Event):
    """A partner becomes a member, invited or not."""

    kind: Literal["partner-joins"] = "partner-joins"
    partner: PartnerId

    def what(self, names: Names) -> str:
        return f"{names[self.partner]} joins the initiative"

    def lower(self, plan: Plan) -> None:
        plan.effect(self.month, "membership", a=self.partner, x=1.0)


class PartnerLeaves(Event):
    """A partner ends its membership."""

    kind: Literal["partner-leaves"] = "partner-leaves"
    partner: PartnerId

    def what(self, names: Names) -> str:
        return f"{names[self.partner]} leaves the initiative"

    def lower(self, plan: Plan) -> None:
        plan.effect(self.month, "membership", a=self.partner, x=0.0)


class LeaderChanges(Event):
    """An organization has a new leader; what was personal in trust and contact is lost in part."""

    kind: Literal["leader-changes"] = "leader-changes"
    partner: OrganizationId
    loss: Share = 0.5

    def what(self, names: Names) -> str:
        return (
            f"{names[self.partner]} gets a new leader and loses {percent(self.loss)} of the contact with "
            "others and of their personal trust in it"
        )

    def lower(self, plan: Plan) -> None:
        plan.effect(self.month, "representative", a=self.partner, x=self.loss)


class TrustBreach(Event):
    """A promise is broken: between two organizations, or by one before everybody."""

    kind: Literal["trust-breach"] = "trust-breach"
    partner: OrganizationId
    with_: Annotated[str | None, text(1, 100, optional=True), Refers(backbone=True)] = Field(
        default=None, validation_alias=AliasChoices("with", "with_"), serialization_alias="with"
    )
    loss: Share = 0.5

    @model_validator(mode="after")
    def _two(self) -> Any:
        if self.partner == self.with_:
            raise SpecError(f"partner and with are both {self.partner!r}; name two, or leave out with.")
        return self

    def what(self, names: Names) -> str:
        lost = percent(self.loss)
        if self.with_ is None:
            return f"{names[self.partner]} breaks its word, and everybody's trust in it falls by {lost}"
        both = f"{names[self.partner]} and {names[self.with_]}"
        return f"{both} break with each other, and trust between them falls by {lost}"

    def lower(self, plan: Plan) -> None:
        if self.with_ is None:
            plan.effect(self.month, "trust_in", a=self.partner, x=self.loss)
        else:
            plan.effect(self.month, "trust_between", a=self.partner, b=self.with_, x=self.loss)


class Merger(Event):
    """One partner becomes part of another: staff, membership and ties pass over."""

    kind: Literal["merger"] = "merger"
    into: PartnerId
    partner: PartnerId

    @model_validator(mode="after")
    def _two(self) -> Any:
        if self.partner == self.into:
            raise SpecError(f"partner and into are both {self.partner!r}; name two partners.")
        return self

    def what(self, names: Names) -> str:
        into = names[self.into]
        return f"{names[self.partner]} becomes part of {into}, which takes over its staff and ties"

    def lower(self, plan: Plan) -> None:
        plan.effect(self.month, "merge", a=self.into, b=self.partner)


class BackboneMoves(Event):
    """The backbone moves to another host; part of the trust in it and contact with it is lost."""

    kind: Literal["backbone-moves"] = "backbone-moves"
    loss: Share = 0.5

    def what(self, names: Names) -> str:
        lost = percent(self.loss)
        return f"the backbone moves to another host and loses {lost} of its contact and of trust in it"

    def lower(self, plan: Plan) -> None:
        plan.effect(self.month, "backbone_moves", x=self.loss)


class PolicyWindow(Event):
    """For once, what is being done changes policy at once, in proportion to effective work."""

    kind: Literal["policy-window"] = "policy-window"
    size: Annotated[float, within(0, 100, "(system change per unit of effective work)")]

    def what(self, names: Names) -> str:
        return f"a policy window turns effective work into system change at once, {self.size:g} per unit"

    def lower(self, plan: Plan) -> None:
        plan.effect(self.month, "policy_window", x=self.size)


class IssueShock(Event):
    """Something outside makes the problem worse or better, with or without the coalition."""

    kind: Literal["issue-shock"] = "issue-shock"
    size: Annotated[float, within(-5, 5, "(change of log severity; 0.1 is about 10 % worse)")]

    def what(self, names: Names) -> str:
        way = "worse" if self.size >= 0 else "better"
        size = f"log severity {self.size:+g}, with or without the coalition"
        return f"a shock from outside makes the problem {way}: {size}"

    def lower(self, plan: Plan) -> None:
        plan.effect(self.month, "issue_shock", x=self.size)

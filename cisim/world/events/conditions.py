"""Events that change what the coalition does: staff, funding, measurement, any lever."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator

from cisim.errors import SpecError, did_you_mean
from cisim.theory.parameters import LEVERS
from cisim.world.events.event import Event, Names, percent
from cisim.world.fields import short, whole, within
from cisim.world.schedule import Plan

__all__ = [
    "BackboneCloses",
    "CutBackboneStaff",
    "DropSharedMeasurement",
    "FunderEnters",
    "FunderLeaves",
    "HireBackboneStaff",
    "LaunchSharedMeasurement",
    "RampLever",
    "SetLever",
]

Share = Annotated[float, within(0, 1)]
Staff = Annotated[float, within(0, 500, "FTE")]


class HireBackboneStaff(Event):
    """More staff for the backbone."""

    kind: Literal["hire-backbone-staff"] = "hire-backbone-staff"
    fte: Staff

    def what(self, names: Names) -> str:
        return f"the backbone hires {self.fte:g} FTE more staff"

    def lower(self, plan: Plan) -> None:
        plan.add_lever(self.month, "backbone_staff", self.fte)


class CutBackboneStaff(Event):
    """Less staff for the backbone; never below none."""

    kind: Literal["cut-backbone-staff"] = "cut-backbone-staff"
    fte: Staff

    def what(self, names: Names) -> str:
        return f"the backbone loses {self.fte:g} FTE of its staff, or all of it if it has less"

    def lower(self, plan: Plan) -> None:
        plan.add_lever(self.month, "backbone_staff", -self.fte)


class BackboneCloses(Event):
    """The backbone ends its work."""

    kind: Literal["backbone-closes"] = "backbone-closes"

    def what(self, names: Names) -> str:
        return "the backbone closes: its staff goes to 0"

    def lower(self, plan: Plan) -> None:
        plan.set_lever(self.month, "backbone_staff", 0.0)


class FunderEnters(Event):
    """Core funding is secure, and delivery and staff are paid in addition."""

    kind: Literal["funder-enters"] = "funder-enters"
    pooled_funding: Annotated[float, within(0, 10_000, "FTE of delivery")]
    staff: Staff = 0.0

    def what(self, names: Names) -> str:
        staff = f" and {self.staff:g} FTE more backbone staff" if self.staff else ""
        delivery = f"{self.pooled_funding:g} FTE more for delivery"
        return f"a funder enters: core funding is secure, with {delivery}{staff}"

    def lower(self, plan: Plan) -> None:
        plan.set_lever(self.month, "funded", 1.0)
        plan.add_lever(self.month, "pooled_funding", self.pooled_funding)
        plan.add_lever(self.month, "backbone_staff", self.staff)


class FunderLeaves(Event):
    """Core and pooled funding end; part of the backbone's staff goes."""

    kind: Literal["funder-leaves"] = "funder-leaves"
    staff_cut: Share = 0.5

    def what(self, names: Names) -> str:
        return (
            "the funder leaves: core funding and pooled delivery funding end, and the backbone loses "
            f"{percent(self.staff_cut)} of its staff"
        )

    def lower(self, plan: Plan) -> None:
        plan.set_lever(self.month, "funded", 0.0)
        plan.set_lever(self.month, "pooled_funding", 0.0)
        plan.scale_lever(self.month, "backbone_staff", 1.0 - self.staff_cut)


class LaunchSharedMeasurement(Event):
    """A shared measurement system starts."""

    kind: Literal["launch-shared-measurement"] = "launch-shared-measurement"
    level: Share = 1.0

    def what(self, names: Names) -> str:
        return f"shared measurement is launched at level {self.level:g}"

    def lower(self, plan: Plan) -> None:
        plan.set_lever(self.month, "measurement", self.level)


class DropSharedMeasurement(Event):
    """The shared measurement system ends."""

    kind: Literal["drop-shared-measurement"] = "drop-shared-measurement"

    def what(self, names: Names) -> str:
        return "shared measurement is dropped"

    def lower(self, plan: Plan) -> None:
        plan.set_lever(self.month, "measurement", 0.0)


def _known_lever(value: object) -> object:
    if isinstance(value, str) and value in LEVERS:
        return value
    near = did_you_mean(value if isinstance(value, str) else "", LEVERS)
    raise SpecError(f"unknown lever, given {short(value)}.{near}")


class LeverEvent(Event):
    """A lever and a value that it can take."""

    lever: Annotated[str, BeforeValidator(_known_lever)]
    value: Annotated[float, within(-1e9, 1e9)]

    @model_validator(mode="after")
    def _in_range(self) -> Any:
        if fault := LEVERS[self.lever].fault(self.value):
            raise SpecError(fault)
        return self

    def _lever(self) -> str:
        meaning = LEVERS[self.lever].meaning.split(":")[0].split(" (")[0]
        return f"lever {self.lever} ({meaning})"

    def _aim(self) -> str:
        unit = LEVERS[self.lever].unit
        return f"{self.value:g}" if unit in ("level", "share") else f"{self.value:g} {unit}"


class SetLever(LeverEvent):
    """A lever takes a value from this month on."""

    kind: Literal["set-lever"] = "set-lever"

    def what(self, names: Names) -> str:
        return f"{self._lever()} is set to {self._aim()}"

    def lower(self, plan: Plan) -> None:
        plan.set_lever(self.month, self.lever, self.value)


class RampLever(LeverEvent):
    """A lever moves in equal steps and reaches a value in the last of `over` months."""

    kind: Literal["ramp-lever"] = "ramp-lever"
    over: Annotated[int, whole(1, 1_200, "months")]

    def what(self, names: Names) -> str:
        last = self.month + self.over - 1
        return f"{self._lever()} starts to move in equal steps and reaches {self._aim()} in month {last}"

    def lower(self, plan: Plan) -> None:
        plan.ramp_lever(self.month, self.lever, self.value, self.over)
